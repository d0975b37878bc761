import fc from "fast-check";
import { expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { printJson } from "./print-json.ts";
import { printYaml } from "./print-yaml.ts";
import type { JsonObject } from "./source.ts";

const DOCUMENT = {
  schemes: ["https"],
  responses: {},
  list: [{ name: "a", in: "query" }, { "1_a": [] }, [1, [true]], []],
  default: null,
  "200": { description: 'a "quoted" \\ text\n' },
  "x-y": -1.5,
};

test("JSON is laid out as Jackson does", () => {
  expect(printJson(DOCUMENT)).toBe(
    [
      "{",
      '  "200" : {',
      '    "description" : "a \\"quoted\\" \\\\ text\\n"',
      "  },",
      '  "schemes" : [ "https" ],',
      '  "responses" : { },',
      '  "list" : [ {',
      '    "name" : "a",',
      '    "in" : "query"',
      "  }, {",
      '    "1_a" : [ ]',
      "  }, [ 1, [ true ] ], [ ] ],",
      '  "default" : null,',
      '  "x-y" : -1.5',
      "}",
    ].join("\n"),
  );
});

test("YAML is laid out as SnakeYAML does: texts in double quotes, lists not indented", () => {
  expect(printYaml(DOCUMENT)).toBe(
    [
      "---",
      '"200":',
      '  description: "a \\"quoted\\" \\\\ text\\n"',
      "schemes:",
      '- "https"',
      "responses: {}",
      "list:",
      '- name: "a"',
      '  in: "query"',
      '- "1_a": []',
      "- - 1",
      "  - - true",
      "- []",
      "default: null",
      "x-y: -1.5",
      "",
    ].join("\n"),
  );
});

test.each([
  ["/{proxy+}", "/{proxy+}"],
  ["application/json", "application/json"],
  ["x-amazon-apigateway-any-method", "x-amazon-apigateway-any-method"],
  ["*/*", "'*/*'"],
  ["a: b", "'a: b'"],
  ["it's", "'it''s'"],
  ["4\\d{2}", '"4\\\\d{2}"'],
  ["yes", '"yes"'],
  ["null", '"null"'],
  ["", '""'],
  ["é", '"é"'],
])("the name %j is written %s", (name, written) => {
  expect(printYaml({ [name]: 1 })).toBe(`---\n${written}: 1\n`);
});

test("long texts are broken before spaces and after escapes", () => {
  const text = `${"word ".repeat(16)}\n${"x".repeat(100)}\n  indented`;
  expect(printYaml({ a: { text } })).toBe(
    [
      "---",
      "a:",
      `  text: "${"word ".repeat(14)}word\\`,
      `    \\ word \\n${"x".repeat(100)}\\n\\`,
      '    \\  indented"',
      "",
    ].join("\n"),
  );
});

test("both read back as the same document, whatever it is", { timeout: 60_000 }, () => {
  // Names that JavaScript would take for a prototype are no member of anything that is written.
  const name = fc.oneof(fc.string(), fc.constantFrom("y", "0x1", "1e3", "~", "- a", "? b", "#c", "%d", "a #b", "a:", "<<", "=", ".5", "2001-01-01")).filter((each) => each !== "__proto__");
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 120 }), fc.stringMatching(/^[ \n\t"\\a-c]{0,200}$/)).map((each) => each.toWellFormed());
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof({ maxDepth: 2 }, text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie("value"), { maxLength: 3 }), fc.dictionary(name, tie("value"), { maxKeys: 4, noNullPrototype: true })),
  }));
  fc.assert(
    fc.property(fc.dictionary(name, value, { minKeys: 1, noNullPrototype: true }), (document) => {
      expect(JSON.parse(printJson(document as JsonObject))).toEqual(document);
      expect(parseYaml(printYaml(document as JsonObject), { version: "1.1", merge: false })).toEqual(document);
      expect(parseYaml(printYaml(document as JsonObject))).toEqual(document);
    }),
    { numRuns: 60 },
  );
});
