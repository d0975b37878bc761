// Whatever the schema and the value: messages or a refusal, in bounded time.
import fc from "fast-check";
import { RE2JS } from "re2js";
import { expect, test } from "vitest";
import type { SchemaOptions } from "./index.ts";
import {
  compileSchema,
  JsonSchemaError,
  plainInstances,
  unsupportedKeywords,
  validationErrorString,
  ValidationLimitError,
} from "./index.ts";

const options: SchemaOptions = {
  values: plainInstances,
  compilePattern: (source) => {
    const compiled = RE2JS.compile(source);
    return (text) => compiled.matcher(text).find();
  },
  resolve: (url) =>
    url.endsWith("/a") ? { $ref: "b#/c", c: { items: { $ref: "a" } } } : url.endsWith("/b") ? { c: {} } : undefined,
};

const names = ["a", "__proto__", "constructor", "", "/", "~", "%", "10"];

const reference = fc.constantFrom(
  "#",
  "#/properties/a",
  "#/items",
  "#/definitions/__proto__",
  "#/x",
  "https://h/a",
  "b#",
  "%",
  "#%",
  "a:",
);

function schemaOf(depth: number): fc.Arbitrary<unknown> {
  const inner = depth === 0 ? fc.oneof(fc.constant({}), fc.record({ $ref: reference })) : schemaOf(depth - 1);
  const map = fc.dictionary(fc.constantFrom(...names), inner, { maxKeys: 3 });
  const list = fc.array(inner, { minLength: 1, maxLength: 3 });
  const keywords = {
    type: fc.constantFrom("string", "integer", "number", "object", "array", "null", "boolean", "any"),
    enum: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }),
    minimum: fc.double(),
    maximum: fc.integer(),
    exclusiveMinimum: fc.boolean(),
    multipleOf: fc.oneof(fc.double({ min: 0 }), fc.integer({ min: 0, max: 3 })),
    minLength: fc.integer({ min: -1, max: 3 }),
    pattern: fc.constantFrom("a", "^.*$", "(a+)+$", "(", "[", "\\d", "(?=a)"),
    format: fc.constantFrom(
      "date-time",
      "email",
      "hostname",
      "ipv4",
      "ipv6",
      "uri",
      "regex",
      "uuid",
      "base64",
      "int32",
      "mac",
    ),
    items: fc.oneof(inner, list),
    additionalItems: fc.oneof(fc.boolean(), inner),
    uniqueItems: fc.boolean(),
    properties: map,
    patternProperties: fc.dictionary(fc.constantFrom("a", "^1", "("), inner, { maxKeys: 2 }),
    additionalProperties: fc.oneof(fc.boolean(), inner),
    required: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }),
    dependencies: fc.dictionary(fc.constantFrom(...names), fc.oneof(inner, fc.array(fc.constantFrom(...names))), {
      maxKeys: 2,
    }),
    allOf: list,
    anyOf: list,
    oneOf: list,
    not: inner,
    definitions: map,
    $ref: reference,
    id: fc.constantFrom("https://h/a", "#a", "x", "%", "urn:a"),
  };
  // A few keywords at a time.
  const one = fc.constantFrom(...(Object.keys(keywords) as (keyof typeof keywords)[])).chain((name) => {
    return (keywords[name] as fc.Arbitrary<unknown>).map((value) => ({ [name]: value }));
  });
  return fc.array(one, { minLength: 1, maxLength: 3 }).map((parts) => Object.assign({}, ...parts) as unknown);
}

function outcomeOf(made: unknown, value: unknown): string {
  unsupportedKeywords(made);
  try {
    return validationErrorString(compileSchema(made, options).validate(value));
  } catch (error) {
    if (error instanceof JsonSchemaError || error instanceof ValidationLimitError) return `[${error.message}]`;
    throw error;
  }
}

test("no schema crashes or hangs", () => {
  fc.assert(
    fc.property(
      fc.oneof({ weight: 9, arbitrary: schemaOf(3) }, fc.jsonValue()),
      fc.jsonValue({ maxDepth: 4 }),
      (made, value) => {
        const begin = performance.now();
        expect(outcomeOf(made, value)).toMatch(/^\[.*\]$/s);
        expect(performance.now() - begin).toBeLessThan(2_000);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("long texts are checked in linear time", () => {
  for (const format of [
    "date-time",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "regex",
    "uuid",
    "base64",
    "mac",
    "json-pointer",
    "sha1",
  ]) {
    for (const piece of [
      "a",
      ".",
      ":",
      "::",
      "@",
      "a@",
      "<",
      "(",
      "()",
      "%",
      "%4",
      "/",
      "//",
      "[",
      "]",
      "~",
      "-",
      "\\",
      '"',
      "1",
      "é",
      " ",
      "a.",
      "0:",
      ",",
      ";",
      "a:;",
    ]) {
      const begin = performance.now();
      expect(outcomeOf({ format }, piece.repeat(100_000))).toMatch(/^\[/);
      expect(performance.now() - begin, `${format} of ${piece}`).toBeLessThan(1_000);
    }
  }
});
