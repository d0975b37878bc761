import { expect, it } from "vitest";
import { compilePattern } from "./index.ts";
import { sizeOf } from "./size.ts";

it.each([
  ["abc", 3],
  ["a{1000}", 1000],
  ["(?:ab){10}c", 61],
  ["[a-z\\]]{3}\\{5\\}", 6],
  ["(a{2,5}){2,}b", 15],
  ["\\p{Lu}{4}\\x{41}{2}", 6],
])("%s has about so many instructions", (pattern, size) => {
  expect(sizeOf(pattern)).toBe(size);
});

it.each(["a{1000}".repeat(11), "((?:abc){30}){200}", "[a-z]{1000}x".repeat(50)])("%s is refused before it is compiled", (pattern) => {
  expect(() => compilePattern(pattern)).toThrow("A pattern that is too large when its repetitions are written out near index 0");
});

it("is no hindrance for patterns of thousands of instructions", () => {
  expect(compilePattern("(?:[a-z]{100}-){8}[0-9]{900}x{1000}").matches(`${`${"a".repeat(100)}-`.repeat(8)}${"1".repeat(900)}${"x".repeat(1000)}`)).toBe(true);
});
