// Whatever a template says, the engine answers with text or with one of its two errors, and soon.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { context, createGenerator } from "../../test/differential/velocity/generate.ts";
import { createPatternEngine } from "../pattern/index.ts";
import type { Value } from "./index.ts";
import { parseTemplate, TemplateRuntimeError, TemplateSyntaxError, toValue, utilObject } from "./index.ts";

const patterns = createPatternEngine();

function outcome(template: string): "text" | "syntax" | "runtime" {
  const values = new Map<string, Value>([["util", utilObject]]);
  for (const [name, value] of Object.entries(context)) values.set(name, toValue(value));
  try {
    expect(typeof parseTemplate(template, { patterns, limits: { steps: 100_000 } }).render(values)).toBe("string");
    return "text";
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return "syntax";
    if (error instanceof TemplateRuntimeError) return "runtime";
    throw error;
  }
}

describe("any template", () => {
  it("of the language's pieces is rendered or refused", () => {
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const generator = createGenerator(seed);
        outcomes.add(outcome(generator.structured()));
        outcomes.add(outcome(generator.soup()));
      }),
      { numRuns: 1500 },
    );
    expect(outcomes).toEqual(new Set(["text", "syntax", "runtime"]));
  });

  it("of any characters is rendered or refused", () => {
    const signs = fc.constantFrom(..."$#{}()[].!\\\"'*|,:=+-/%<>&ae1 \n@_".split(""), "$a", "#if(", "#end", "#set(", "#[[", "]]#");
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 60 }), (parts) => {
        expect(["text", "syntax", "runtime"]).toContain(outcome(parts.join("")));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ["$", 100_000],
    ["#", 100_000],
    ["\\", 100_000],
    ["${", 100_000],
    ["#if(", 70_000],
    ["#if($a)", 40_000],
    ["#[[", 90_000],
    ["#*", 100_000],
    ["#* *#", 60_000],
    ["$a.b", 70_000],
    ["[", 100_000],
    ["#set($a=[", 30_000],
    ["#set($a=", 30_000],
    ["#foo(", 50_000],
    ["$a.get(", 40_000],
    ["$a[", 100_000],
    ["$a[$a[[", 40_000],
    ['#set($a = "', 25_000],
    ['"', 100_000],
    ["#macro(m)", 30_000],
    ["#define($a)", 25_000],
    ["##\n", 100_000],
    ["$!", 100_000],
    ["\\#if", 60_000],
    ["#{else}", 40_000],
    ["${a|", 70_000],
    ["(", 100_000],
  ])("of %j over and over is rendered or refused", (piece, count) => {
    for (const prefix of ["", "#set($x = ", "$a.get(", "#foo("]) {
      expect(["text", "syntax", "runtime"]).toContain(outcome(`${prefix}${piece.repeat(count)} `));
    }
  });
});
