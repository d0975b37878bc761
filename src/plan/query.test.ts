import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allValues, formatQuery, isCanonicalQuery, lastValue, parseQuery } from "./query.ts";

describe("a query string", () => {
  it.each<[string, readonly string[]]>([
    ["", []],
    ["a=1&b=2", ["a", "1", "b", "2"]],
    ["a=1&a=2", ["a", "1", "a", "2"]],
    ["a", ["a", ""]],
    ["a=", ["a", ""]],
    ["=a", ["", "a"]],
    ["&&a=1&", ["a", "1"]],
    ["a=b=c", ["a", "b=c"]],
    ["a=x+y%20z", ["a", "x y z"]],
    ["%61%3D=%26", ["a=", "&"]],
    ["a=%C3%BC", ["a", "ü"]],
    ["a=%", ["a", "%"]],
    ["a=%zz+%41", ["a", "%zz A"]],
    ["a=%ff", ["a", "\u{fffd}"]],
  ])("%j is read as %j", (raw, expected) => {
    expect(parseQuery(raw)).toEqual(expected);
  });

  it("is split at semicolons, as the important notes on REST APIs say", () => {
    expect(parseQuery("a=1;b=2")).toEqual(["a", "1", "b", "2"]);
  });

  it("is written so that it is read the same again, whatever it holds", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string())), (pairs) => {
        const list = pairs.flat();
        expect(parseQuery(formatQuery(list))).toEqual(list);
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (raw) => {
        expect(parseQuery(formatQuery(parseQuery(raw))).length).toBe(parseQuery(raw).length);
      }),
    );
  });

  it("is passed on as it is only when writing it anew would change nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "=", "&", "%", "4", "1", "+", ";", "~") }), (raw) => {
        if (isCanonicalQuery(raw)) expect(formatQuery(parseQuery(raw))).toBe(raw);
      }),
    );
    expect(isCanonicalQuery("a=1&b=")).toBe(true);
  });

  it("gives the last value, or all of them", () => {
    const list = parseQuery("a=1&b=2&a=3");
    expect([lastValue(list, "a"), lastValue(list, "A")]).toEqual(["3", undefined]);
    expect([allValues(list, "a"), allValues(list, "c")]).toEqual([["1", "3"], undefined]);
  });
});
