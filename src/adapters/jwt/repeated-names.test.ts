// Which JSON texts say something twice.
import { describe, expect, it } from "vitest";
import { hasRepeatedNames } from "./repeated-names.ts";

describe("names that stand twice", () => {
  it.each(['{"a":1,"a":2}', '{"a":{"b":1},"a":2}', '[{"a":1,"b":[],"a":2}]', '{"a\\n":1,"a\\u000a":2}', '{"":1,"":2}', '{"a" :1, "a"\n:2}'])("%s", (json) => {
    expect(hasRepeatedNames(json)).toBe(true);
  });

  it.each(["{}", '{"a":"a","b":"a"}', '{"a":{"a":{"a":1}}}', '[{"a":1},{"a":2}]', '{"a":"\\"a\\":1","b":"}{"}', '{"a":["a","a"],"b":":"}', '"a"'])("not in %s", (json) => {
    expect(hasRepeatedNames(json)).toBe(false);
  });
});
