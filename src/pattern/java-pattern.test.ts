import { describe, expect, it } from "vitest";
import { compilePattern, createPatternEngine, PatternError } from "./index.ts";

const wholeMatches: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  ["a.c", "abc", true],
  ["a", "ab", false],
  [".*Invalid.*", "x Invalid y", true],
  ["\\d{3}-\\w+", "123-ab_9", true],
  ["\\s*", " \t\n\u000b\f\r", true],
  ["\\S+", "ab", true],
  ["\\h+", "\u00a0 \u3000", true],
  ["\\H", "a", true],
  ["\\v", "\u2028", true],
  ["\\R", "\r\n", true],
  ["[\\s\\d]+", " 1\u000b2", true],
  ["\\p{Alpha}+", "aZ", true],
  ["\\p{Alpha}", "\u00e9", false],
  ["\\P{Digit}", "a", true],
  ["[\\p{Punct}x]+", "!]~x", true],
  ["\\p{L}+", "\u00e9a", true],
  ["\\p{IsGreek}", "\u03b1", true],
  ["\\pL\\p{Lu}", "aB", true],
  ["\\u0041\\x42\\x{43}\\0104\\e\\cA", "ABCD\u001b\u0001", true],
  ["\\uD83D\\uDE00", "\u{1f600}", true],
  [".", "\u{1f600}", true],
  ["\\Qa.b\\E.", "a.bc", true],
  ["\\Q.*", ".*", true],
  ["(?i)ABC", "abc", true],
  ["(?u)(?i:A)b(?-i)", "ab", true],
  ["(?<name>a)b", "ab", true],
  ["[]a]+", "]a", true],
  ["[^]a]+", "b", true],
  ["a}", "a}", true],
  ["\\_\\-\\/\\\"", '_-/"', true],
];

// A dot stops at more line ends in Java than in RE2, so `.*Error.*` does not match a message of several lines.
const lineEnds: readonly (readonly [pattern: string, text: string, matches: boolean])[] = [
  [".", "\n", false],
  [".", "\r", false],
  [".", "\u0085", false],
  [".", "\u2028", false],
  ["(?s).", "\r", true],
  ["(?s:.)(.)", "\r\r", false],
  ["((?s).).", "\nx", true],
  ["((?s).).", "\n\n", false],
  ["(\\n|.)+", "a\nb", true],
];

describe("a Java pattern", () => {
  it.each([...wholeMatches, ...lineEnds])(
    "%j on %j: %s",
    (pattern, text, expected) => {
      expect(compilePattern(pattern).matches(text)).toBe(expected);
    },
  );

  it.each([
    ["(?=a)", "Look-ahead is not supported near index 0"],
    ["a(?!b)", "Look-ahead is not supported near index 1"],
    ["(?<=a)", "Look-behind is not supported near index 0"],
    ["(?<!a)", "Look-behind is not supported near index 0"],
    ["(?>a)", "An atomic group is not supported near index 0"],
    ["(a)\\1", "A back-reference is not supported near index 3"],
    ["(?<n>a)\\k<n>", "A back-reference is not supported near index 7"],
    ["a*+", "A possessive quantifier is not supported near index 1"],
    ["[a-z&&[^b]]", "An intersection of character classes is not supported near index 4"],
    ["[a[b]]", "A character class within another is not supported near index 2"],
    ["a\\Z", "The end but for a line end (\\Z) is not supported near index 1"],
    ["(?x)a", "The flag x is not supported near index 0"],
    ["\\p{javaLowerCase}", "The character property javaLowerCase is not supported near index 0"],
    ["\\y", "Illegal/unsupported escape sequence near index 1"],
    ["a{", "Illegal repetition near index 1"],
    ["[a", "Unclosed character class near index 0"],
    ["(?q)", "The flag q is not supported near index 0"],
  ])("%j is refused", (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(new PatternError(message.replace(/ near index \d+$/, ""), Number(/\d+$/.exec(message)?.[0])));
  });

  it("is refused where RE2 finds it wrong, and when it is too large", () => {
    for (const pattern of ["(", ")", "*a", "a{2,1}", "(a{1000}){1000}", "a".repeat(10_001)]) {
      expect(() => compilePattern(pattern), pattern).toThrow(PatternError);
    }
  });

  it("finds matches and their groups, empty ones too", () => {
    const found = compilePattern("(?<x>a)|(b)|").findAll("ab\u{1f600}", 10);
    expect(found.map(({ start, end, groups }) => [start, end, ...groups])).toEqual([
      [0, 1, "a", "a", undefined],
      [1, 2, "b", undefined, "b"],
      [2, 2, "", undefined, undefined],
      [4, 4, "", undefined, undefined],
    ]);
    expect(found[0]?.names.get("x")).toBe(1);
    expect(compilePattern("a").findAll("aaa", 2)).toHaveLength(2);
  });

  it("takes linear time for what backtracks without end elsewhere", () => {
    expect(compilePattern("(a+)+b").matches("a".repeat(50_000))).toBe(false);
  });
});

describe("a pattern engine", () => {
  it("keeps the patterns that were used last", () => {
    const engine = createPatternEngine(2);
    const a = engine.compile("a");
    engine.compile("b");
    expect(engine.compile("a")).toBe(a);
    engine.compile("c");
    expect(engine.compile("a")).toBe(a);
    engine.compile("d");
    engine.compile("e");
    expect(engine.compile("a")).not.toBe(a);
  });
});
