// Hostile documents: whatever stands in them, they are read to their end, or refused, and nothing is thrown.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { checkOpenApi } from "./check-open-api.ts";

const FOLDER = join(import.meta.dirname, "../../../test/golden/openapi/import");
const SAMPLES = readdirSync(FOLDER)
  .filter((file) => file.includes(".in."))
  .map((file) => parse(readFileSync(join(FOLDER, file), "utf8"), { merge: true }) as Record<string, unknown>);

/** Values that are wrong nearly everywhere. */
const odd = fc.oneof(
  fc.constantFrom(null, true, -1, 1.5, 1e308, "", "__proto__", "constructor", "#", "#/", "#/paths", "{", "${AWS::Region}", "method.request.path.x", [], {}, [[]], [null]),
  fc.constantFrom({ $ref: "#" }, { $ref: "#/definitions" }, { $ref: "#/paths/~1a" }, { $ref: "%" }, { $ref: "#/%" }, { $ref: 1 }, { __proto__: null }),
  fc.jsonValue({ maxDepth: 3 }),
);

interface Change {
  /** Which of the values of the document is replaced: modulo their number. */
  readonly at: number;
  readonly value: unknown;
  /** A name to put the value under instead, when it is an object that is there. */
  readonly name: string | undefined;
}

const change: fc.Arbitrary<Change> = fc.record({ at: fc.nat(10_000), value: odd, name: fc.option(fc.constantFrom("$ref", "__proto__", "allOf", "type", "200", "x"), { nil: undefined }) });

/** A copy with some of its values replaced. */
function changed(document: unknown, changes: readonly Change[]): unknown {
  const copy = structuredClone(document);
  const places: [object, string][] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      places.push([value, key]);
      walk(inner);
    }
  };
  walk(copy);
  for (const { at, value, name } of changes) {
    const [parent, key] = places[at % places.length] as [object, string];
    const target: unknown = (parent as Record<string, unknown>)[key];
    const into = name !== undefined && typeof target === "object" && target !== null && !Array.isArray(target) ? ([target, name] as const) : ([parent, key] as const);
    Object.defineProperty(into[0], into[1], { value: structuredClone(value), enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

/** Every problem has a severity, words and a place. */
function check(text: string | Uint8Array): void {
  for (const problem of checkOpenApi(typeof text === "string" ? Buffer.from(text) : text)) {
    expect(["error", "warning", "note"]).toContain(problem.severity);
    expect(problem.message).not.toBe("");
    expect(problem.line).toBeGreaterThan(0);
    expect(problem.column).toBeGreaterThan(0);
  }
}

describe("checkOpenApi never throws", () => {
  const sample = fc.constantFrom(...SAMPLES);
  const changes = fc.array(change, { minLength: 1, maxLength: 8 });

  it("for samples with other values in them, as JSON", () => {
    expect(() => fc.assert(fc.property(sample, changes, (document, some) => check(JSON.stringify(changed(document, some)))), { numRuns: 400 })).not.toThrow();
  });

  it("for samples with other values in them, as YAML", () => {
    expect(() => fc.assert(fc.property(sample, changes, (document, some) => check(stringify(changed(document, some)))), { numRuns: 80 })).not.toThrow();
  });

  it("for samples that are cut or have other characters in them", () => {
    const cuts = fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), text: fc.constantFrom("", "\n", "\t", "*a", "&a ", "<<: ", "- ", "? ", "!!binary ", "{", "]", '"', "\u0000", "\ud800", "|", ">-\n") }), { minLength: 1, maxLength: 5 });
    const property = fc.property(sample, fc.boolean(), cuts, (document, isYaml, some) => {
      let text = isYaml ? stringify(document) : JSON.stringify(document);
      for (const { at, text: inserted } of some) {
        const offset = Math.floor(at * text.length);
        text = text.slice(0, offset) + inserted + text.slice(offset + (inserted === "" ? 50 : 1));
      }
      check(text);
    });
    expect(() => fc.assert(property, { numRuns: 150 })).not.toThrow();
  });

  it("for bytes", () => {
    expect(() => fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => check(bytes)), { numRuns: 300 })).not.toThrow();
  });
});
