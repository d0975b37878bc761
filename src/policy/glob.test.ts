import { expect, test } from "vitest";
import { globMatcher, wildcardParts } from "./glob.ts";

const matches = (pattern: string, text: string): boolean => globMatcher(wildcardParts(pattern))(text);

test.each([
  ["", "", true],
  ["", "a", false],
  ["*", "", true],
  ["**", "abc", true],
  ["?", "", false],
  ["?", "é", true],
  ["a*", "a", true],
  ["*a", "ba", true],
  ["*a", "ab", false],
  ["a*a", "a", false],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["*ab*ba*", "aba", false],
  ["*a?c*", "xxabcxx", true],
  ["*a?c*", "xxac", false],
  ["*?*", "", false],
  ["?*?", "a", false],
  ["a.c", "abc", false],
  ["[a]", "[a]", true],
  // What differs far from the end of a piece.
  ["a-0123456789*", "a-0123456789x", true],
  ["a-0123456789*", "b-0123456789x", false],
  ["a-0123456789*c", "b-0123456789c", false],
  ["c*a-0123456789", "cb-0123456789", false],
  ["c*a-0123456789", "c-a-0123456789", true],
])("%s and %s: %s", (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test("patterns of more than 32 and 64 characters, whose states take several words", () => {
  for (const length of [30, 31, 32, 33, 63, 64, 65, 200]) {
    const text = "ab".repeat(length).slice(0, length);
    expect(matches(`*${text}?*`, `ba${text}c--`)).toBe(true);
    expect(matches(`*${text}?*`, `ba${text}`)).toBe(false);
    expect(matches(`*?${text}?*x`, `b${text}cx`)).toBe(true);
  }
});

// What takes the square of the length, or worse, elsewhere: each is over in milliseconds, and would not end in a test's time otherwise.
test.each([
  ["*a".repeat(1000), "a".repeat(999) + "b".repeat(100_000), false],
  [`${"*a".repeat(1000)}*`, "a".repeat(100_000), true],
  [`*${"a".repeat(2000)}?b`, "a".repeat(100_000), false],
  ["*?".repeat(1000), "a".repeat(20_000), true],
  [`${"*a?".repeat(500)}b`, "a".repeat(20_000), false],
])("is not slow (%#)", (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});
