import fc from "fast-check";
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
    const list = bodyValues.member(parse(`{"a":[${text}]}`), "a");
    for (const value of [parse(text), bodyValues.element(list, 0)]) {
      expect([bodyValues.kind(value), bodyValues.numberText(value)]).toEqual([kind, shown]);
    }
  });
});

it("reads other values as they are", () => {
  const text = '{"a":[1,"1.0",true,null,{"__proto__":2}],"b":"0000000000000000"}';
  expect(parse(text)).toEqual(JSON.parse(text));
});

it("tells numbers apart in 8 MB of them, and reads what stands beside them as it is", () => {
  const beside = [1, -0.5, 1e-7, 123456789012345, "1.0", "a\n\u00e9", true, false, null, [], {}];
  const text = `[${"1.0,".repeat(2_000_000)}${JSON.stringify(beside)}]`;
  const list = parse(text) as unknown[];
  expect(list.length).toBe(2_000_001);
  expect(list.slice(0, -1).every((one) => bodyValues.numberText(one) === "1.0")).toBe(true);
  expect((list.at(-1) as unknown[]).map((one) => (bodyValues.kind(one) === "decimal" ? bodyValues.numberText(one) : one))).toEqual(
    [1, "-0.5", "1e-7", 123456789012345, "1.0", "a\n\u00e9", true, false, null, [], new Map()],
  );
});

it("reads any JSON as JSON.parse does", () => {
  const plain = (value: unknown): unknown => {
    if (value instanceof Map) return Object.fromEntries([...(value as Map<string, unknown>)].map(([name, one]) => [name, plain(one)]));
    if (Array.isArray(value)) return value.map(plain);
    return ["integer", "decimal"].includes(bodyValues.kind(value)) ? Number(bodyValues.numberText(value)) + 0 : value;
  };
  fc.assert(
    fc.property(fc.json(), fc.constantFrom("1", "1.0"), (text, beside) => {
      const body = `[${text},${beside}]`;
      expect(plain(parse(body))).toEqual(plain(JSON.parse(body)));
    }),
    { numRuns: 500 },
  );
});

it.each(["", "{", "[1.0,", "[1.0,]", "{\"a\":1.0,}", "[1.0 1]", "[1.0,01]", "[1.0,.5]", "[1.0,5.]", "[1.0,1e]", "[1.0,-]", "[1.0,+1]", "[1.0,\"\\x\"]", "[1.0,\"\n\"]", "[1.0,tru]", "1.0 1", "{'a':1}", "[1,]", "01", "1 2"])("refuses %j", (text) => {
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
