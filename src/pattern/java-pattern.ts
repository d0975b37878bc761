// Compiled patterns, and an engine that keeps those that are used again.
import type { RE2JS as Compiled } from "re2js";
import { RE2JS } from "re2js";
import { sizeOf } from "./size.ts";
import { PatternError, translate } from "./translate.ts";

export { PatternError } from "./translate.ts";

/** Longer patterns are refused: compiling takes time, and matching takes it for every character. */
const MAX_LENGTH = 10_000;

/** Instructions: compiling one takes microseconds. */
const MAX_SIZE = 10_000;

/** A match: where it begins and ends, and the texts of its groups, of the whole first; undefined where one took no part. */
export interface JavaMatch {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
  /** The numbers of the groups that have names. */
  readonly names: ReadonlyMap<string, number>;
}

export interface JavaPattern {
  /** Instructions of the compiled pattern: the work for one character is at most in proportion to it. */
  readonly size: number;
  /** Whether the whole text matches, as Java's `matches` has it. */
  matches(text: string): boolean;
  /** The matches from the left, at most so many. */
  findAll(text: string, limit: number): readonly JavaMatch[];
}

function matchesIn(compiled: Compiled, names: ReadonlyMap<string, number>, text: string, limit: number): JavaMatch[] {
  const matcher = compiled.matcher(text);
  const count = matcher.groupCount() + 1;
  const found: JavaMatch[] = [];
  while (found.length < limit && matcher.find()) {
    const groups = Array.from({ length: count }, (_, number) => matcher.group(number) ?? undefined);
    found.push({ start: matcher.start(), end: matcher.end(), groups, names });
  }
  return found;
}

/**
 * Compiles a pattern of java.util.regex.
 * Java's `$` before a line end at the text's end, and its case-insensitivity for ASCII alone, are RE2's: `$` is the end
 * of the text, and upper and lower case are Unicode's.
 * @throws PatternError when it is wrong, or needs look-around, back-references or another thing that is not linear
 */
export function compilePattern(pattern: string): JavaPattern {
  if (pattern.length > MAX_LENGTH) throw new PatternError(`A pattern of more than ${MAX_LENGTH} characters`, MAX_LENGTH);
  const translated = translate(pattern);
  if (sizeOf(translated) > MAX_SIZE) throw new PatternError("A pattern that is too large when its repetitions are written out", 0);
  let compiled: Compiled;
  try {
    compiled = RE2JS.compile(translated);
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : String(error), 0);
  }
  const names = new Map(Object.entries(compiled.namedGroups()));
  return {
    size: compiled.programSize(),
    matches: (text) => compiled.matches(text),
    findAll: (text, limit) => matchesIn(compiled, names, text, limit),
  };
}

/**
 * Whether a pattern matches anywhere in a text, as JSON schemas have it (draft-fge-json-schema-validation-00, 3.3).
 * @throws PatternError
 */
export function compileSearch(pattern: string): Search {
  const compiled = compilePattern(pattern);
  return Object.assign((text: string) => compiled.findAll(text, 1).length > 0, { size: compiled.size });
}

export interface Search {
  (text: string): boolean;
  /** As {@link JavaPattern.size}. */
  readonly size: number;
}

export interface PatternEngine {
  /** Whether a pattern is kept, compiled. */
  has(pattern: string): boolean;
  /** @throws PatternError */
  compile(pattern: string): JavaPattern;
}

/** An engine that keeps so many of the patterns that were last used, compiled. */
export function createPatternEngine(kept = 200): PatternEngine {
  const patterns = new Map<string, JavaPattern>();
  return {
    has: (pattern) => patterns.has(pattern),
    compile: (pattern) => {
      const known = patterns.get(pattern);
      const compiled = known ?? compilePattern(pattern);
      patterns.delete(pattern);
      patterns.set(pattern, compiled);
      const [oldest] = patterns.keys();
      if (patterns.size > kept && oldest !== undefined) patterns.delete(oldest);
      return compiled;
    },
  };
}
