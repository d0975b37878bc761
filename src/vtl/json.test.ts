import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson, TemplateRuntimeError, toJson, toValue } from "./index.ts";
import { Meter } from "./values/index.ts";
import { defaultLimits } from "./template.ts";

const again = (text: string): string => toJson(parseJson(text), new Meter(defaultLimits));

describe("JSON", () => {
  it.each([
    '{"b":1,"10":2,"9":3,"a":4,"__proto__":5}',
    "[1,-1,2147483648,9007199254740993,123456789012345678901234567890]",
    "[1.5,-0.25,1.0E10,0.001]",
    "3.14159265358979323846",
    '["a\\"b\\\\c\\n\\u0001é"]',
    "{}",
    "[]",
    "null",
    '[true,false,null,[[]],{"a":{}}]',
  ])("%s is the same again", (text) => {
    expect(again(text)).toBe(text);
  });

  it.each([
    [' { "a" : [ 1 , 2 ] } ', '{"a":[1,2]}'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ["1e3", "1000.0"],
    ["1.10", "1.1"],
    ["-0", "0"],
    ['"\\u00e9\\/"', '"é/"'],
    ["1.00000000000000000e999999999", "null"],
  ])("%s becomes %s", (text, expected) => {
    expect(again(text)).toBe(expected);
  });

  it.each([
    ["", "Not JSON: unexpected the end at character 1"],
    ["{", "Not JSON: unexpected the end at character 2"],
    ['{"a" 1}', 'Not JSON: unexpected "1" at character 6'],
    ["[1,]", 'Not JSON: unexpected "]" at character 4'],
    ["{'a':1}", 'Not JSON: unexpected "\'" at character 2'],
    ["01", 'Not JSON: unexpected "1" at character 2'],
    ["nul", 'Not JSON: unexpected "n" at character 1'],
    ['"a\nb"', 'Not JSON: unexpected "\\"" at character 1'],
    ["1 2", 'Not JSON: unexpected "2" at character 3'],
    ["[".repeat(201), "JSON of more than 200 levels"],
  ])("%j is none", (text, message) => {
    expect(() => parseJson(text)).toThrow(new TemplateRuntimeError(message));
  });

  it("is read as JavaScript reads it, whatever it says", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (data) => {
        const plain = JSON.parse(JSON.stringify(data)) as unknown;
        expect(JSON.parse(again(JSON.stringify(data)))).toEqual(JSON.parse(toJson(toValue(plain), new Meter(defaultLimits))));
      }),
    );
  });

  it("is refused where JavaScript refuses it", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."{}[]\",:0123456789.-+eEtruefalsn \\u/".split("")) }), (text) => {
        const accepts = (read: (text: string) => unknown): boolean => {
          try {
            read(text);
            return true;
          } catch {
            return false;
          }
        };
        expect(accepts(parseJson)).toBe(accepts(JSON.parse));
      }),
      { numRuns: 2000 },
    );
  });
});
