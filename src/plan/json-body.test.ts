import { describe, expect, it } from "vitest";
import { bodyValues, parseJsonBody } from "./json-body.ts";

const parse = (text: string): unknown => parseJsonBody(Buffer.from(text));

describe("a number in a body", () => {
  it.each([
    ["1", "integer", "1"],
    ["-0", "integer", "0"],
    ["1.5", "decimal", "1.5"],
    ["1.0", "decimal", "1.0"],
    ["10.00", "decimal", "10.00"],
    ["1e2", "decimal", "1e2"],
    ["1E-2", "decimal", "1E-2"],
    ["9007199254740993", "integer", "9007199254740993"],
    ["-12345678901234567890", "integer", "-12345678901234567890"],
    ["0.12345678901234567890", "decimal", "0.12345678901234567890"],
  ])("%s is of the kind %s and has the text %s", (text, kind, shown) => {
    for (const value of [parse(text), (parse(`{"a":[${text}]}`) as { a: unknown[] }).a[0]]) {
      expect([bodyValues.kind(value), bodyValues.numberText(value)]).toEqual([kind, shown]);
    }
  });
});

it("reads other values as they are", () => {
  const text = '{"a":[1,"1.0",true,null,{"__proto__":2}],"b":"0000000000000000"}';
  expect(parse(text)).toEqual(JSON.parse(text));
});

it.each(["", "{", "{'a':1}", "[1,]", "01", "1 2"])("refuses %j", (text) => {
  expect(() => parse(text)).toThrow(SyntaxError);
});

it("refuses more than 1,000 levels at once, however many there are", () => {
  const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  expect(Array.isArray(parse(nested(1000)))).toBe(true);
  expect(() => parse(nested(1001))).toThrow("JSON of more than 1000 levels");
  expect(() => parse('{"a":'.repeat(1_000_000))).toThrow("JSON of more than 1000 levels");
  const inStrings = JSON.stringify(["[".repeat(2000), '"[\\"'.repeat(2000), ...Array.from({ length: 2000 }, () => ({}))]);
  expect(parse(inStrings)).toEqual(JSON.parse(inStrings));
});
