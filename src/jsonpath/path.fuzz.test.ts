// Whatever the path and the document: an outcome or a syntax error, in bounded time.
import fc from "fast-check";
import { RE2JS } from "re2js";
import { expect, test } from "vitest";
import { compilePath, JsonPathSyntaxError, plainValues } from "./index.ts";

const options = {
  values: plainValues,
  compileRegex: (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    return (text: string) => compiled.matches(text);
  },
};

const pieces = [
  ..."$@.*[](){}'\"\\/,:?!<>=~&|-+ 0123456789abiu".split(""),
  "..",
  "[*]",
  "[?(@",
  ")]",
  "&&",
  "||",
  "==",
  "=~",
  " in ",
  " size ",
];
const names = [
  "__proto__",
  "constructor",
  "a",
  "b",
  ".sum()",
  ".length(",
  '.concat("',
  "/a.*/",
  "null",
  "true",
  "[0]",
  "[-1:]",
];

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...pieces, ...names), maxLength: 40 }).map((rest) => `$${rest}`),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...pieces, ...names), maxLength: 30 }).map((rest) => `$.a[?(@.b ${rest})]`),
);

function outcomeOf(path: string, document: unknown): string {
  try {
    const outcome = compilePath(path, options).evaluate(document);
    return outcome.found ? "found" : outcome.reason;
  } catch (error) {
    if (error instanceof JsonPathSyntaxError) return "syntax";
    throw error;
  }
}

test("no path crashes or hangs", () => {
  fc.assert(
    fc.property(text, fc.jsonValue({ maxDepth: 5 }), (path, document) => {
      const begin = performance.now();
      expect(outcomeOf(path, document)).toMatch(/^(found|missing|failed|limit|syntax)$/);
      expect(performance.now() - begin).toBeLessThan(2_000);
    }),
    { numRuns: 3_000 },
  );
});

test("repetition of anything that opens or nests stays cheap", () => {
  const document = { a: Array.from({ length: 50 }, (_, at) => ({ a: [at], b: { a: at } })) };
  for (const piece of [...pieces, ...names, "..a", "..*", "[?(@.a)]", "[?(!@.a)]", "$.sum(", "(@.a&&", "['a',"]) {
    for (const times of [1, 3, 10, 100, 1_000, 10_000]) {
      const begin = performance.now();
      expect(outcomeOf(`$${piece.repeat(times)}`, document)).toMatch(/^(found|missing|failed|limit|syntax)$/);
      expect(performance.now() - begin).toBeLessThan(3_000);
    }
  }
});
