// String's methods with regular expressions. A pattern without metacharacters, the usual case, needs no engine.
import type { Meter } from "../values/index.ts";
import { ListValue } from "../values/index.ts";
import type { Match, MethodScope, Pattern, PatternEngine } from "./overload.ts";
import { javaException } from "./overload.ts";

const literal = /^[^\\^$.|?*+()[\]{}]*$/;
/** A single metacharacter with its backslash, as in `split("\\.")`. */
const escaped = /^\\[\\^$.|?*+()[\]{}"'/,:;#@!%&=~<>-]$/;

/** The text that a pattern stands for, when it stands for just one. */
function literalText(pattern: string): string | undefined {
  if (literal.test(pattern)) return pattern;
  return escaped.test(pattern) ? pattern[1] : undefined;
}

/** What compiling takes for each instruction. */
const COMPILING_STEPS = 90;

function compile(pattern: string, { patterns, meter }: MethodScope): Pattern {
  const isNew = !patterns.has(pattern);
  // Also what is refused has been read.
  if (isNew) meter.step(COMPILING_STEPS + pattern.length * 8);
  const compiled = compileIn(patterns, pattern);
  if (isNew) meter.step(COMPILING_STEPS * compiled.size);
  return compiled;
}

function compileIn(patterns: PatternEngine, pattern: string): Pattern {
  try {
    return patterns.compile(pattern);
  } catch (error) {
    throw javaException("java.util.regex.PatternSyntaxException", error instanceof Error ? error.message : String(error));
  }
}

const noNames: ReadonlyMap<string, number> = new Map();

function findLiteral(text: string, searched: string, limit: number): Match[] {
  const found: Match[] = [];
  for (let at = text.indexOf(searched); at !== -1 && found.length < limit; ) {
    found.push({ start: at, end: at + searched.length, groups: [searched], names: noNames });
    if (searched === "" && at === text.length) break;
    at = text.indexOf(searched, searched === "" ? at + 1 : at + searched.length);
  }
  return found;
}

/** Some instructions for each character: a step is worth about five of them. */
function patternWork(text: string, { size }: Pattern): number {
  return 1 + Math.ceil((text.length * size) / 5);
}

/** What it takes to find a match, and to make a text for each of its groups. */
const MATCH_STEPS = 12;
const GROUP_STEPS = 6;

/** No more matches are looked for than there are steps for. */
const affordable = (limit: number, { left }: Meter, steps: number): number => Math.min(limit, Math.ceil(left / steps) + 1);

function findAll(text: string, pattern: string, limit: number, scope: MethodScope): readonly Match[] {
  scope.meter.expectLength(text.length + pattern.length);
  const searched = literalText(pattern);
  if (searched !== undefined) {
    const found = findLiteral(text, searched, affordable(limit, scope.meter, 2));
    scope.meter.step(found.length * 2);
    return found;
  }
  const compiled = compile(pattern, scope);
  scope.meter.step(patternWork(text, compiled));
  const found = compiled.findAll(text, affordable(limit, scope.meter, MATCH_STEPS + GROUP_STEPS));
  scope.meter.step(found.length * (MATCH_STEPS + GROUP_STEPS * (found[0]?.groups.length ?? 0)));
  return found;
}

export function matchesPattern(text: string, pattern: string, scope: MethodScope): boolean {
  scope.meter.expectLength(text.length + pattern.length);
  const searched = literalText(pattern);
  if (searched !== undefined) return text === searched;
  const compiled = compile(pattern, scope);
  scope.meter.step(patternWork(text, compiled));
  return compiled.matches(text);
}

type Piece = string | ((match: Match) => string);

function group(number: number): Piece {
  return (match) => {
    if (number >= match.groups.length) {
      throw javaException("java.lang.IndexOutOfBoundsException", `No group ${number}`);
    }
    return match.groups[number] ?? "";
  };
}

function namedGroup(name: string): Piece {
  return (match) => {
    const number = match.names.get(name);
    if (number === undefined) {
      throw javaException("java.lang.IllegalArgumentException", `No group with name {${name}}`);
    }
    return match.groups[number] ?? "";
  };
}

/** Java's replacements: `$1` and `${name}` are groups, a backslash takes the next character as it is. */
function parseReplacement(replacement: string, groups: number): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < replacement.length) {
    const char = replacement[at] ?? "";
    if (char === "\\") {
      const next = replacement[at + 1];
      if (next === undefined) {
        throw javaException("java.lang.IllegalArgumentException", "character to be escaped is missing");
      }
      pieces.push(next);
      at += 2;
    } else if (char === "$") {
      const named = /^\$\{([a-zA-Z][a-zA-Z0-9]*)\}/.exec(replacement.slice(at));
      const numbered = /^\$([0-9]+)/.exec(replacement.slice(at));
      if (named?.[1] !== undefined) {
        pieces.push(namedGroup(named[1]));
        at += named[0].length;
      } else if (numbered?.[1] !== undefined) {
        // As many digits as still name a group, and at least one.
        let digits = 1;
        while (digits < numbered[1].length && Number(numbered[1].slice(0, digits + 1)) < groups) digits += 1;
        pieces.push(group(Number(numbered[1].slice(0, digits))));
        at += 1 + digits;
      } else throw javaException("java.lang.IllegalArgumentException", "Illegal group reference");
    } else {
      pieces.push(char);
      at += 1;
    }
  }
  return pieces;
}

export function replaceMatches(
  text: string,
  pattern: string,
  replacement: string | null,
  limit: number,
  scope: MethodScope,
): string {
  const found = findAll(text, pattern, limit, scope);
  const [first] = found;
  if (first === undefined) return text;
  // Without a match, Java does not look at the replacement.
  if (replacement === null) throw javaException("java.lang.NullPointerException", "the replacement is null");
  const pieces = /[\\$]/.test(replacement) ? parseReplacement(replacement, first.groups.length) : [replacement];
  let result = "";
  let from = 0;
  for (const match of found) {
    result += text.slice(from, match.start);
    for (const piece of pieces) result += typeof piece === "string" ? piece : piece(match);
    from = match.end;
    scope.meter.step(pieces.length);
    scope.meter.checkLength(result.length);
  }
  return scope.meter.text(result + text.slice(from));
}

/** String.split: no empty text before a match of nothing at the beginning; without a limit, none at the end. */
export function splitText(text: string, pattern: string, limit: number, scope: MethodScope): ListValue {
  const found = findAll(text, pattern, Infinity, scope);
  const parts: string[] = [];
  let from = 0;
  let matched = false;
  for (const { start, end } of found) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (end === 0) continue;
    matched = true;
    parts.push(text.slice(from, start));
    from = end;
  }
  if (!matched) return new ListValue([text], true);
  parts.push(text.slice(from));
  if (limit === 0) while (parts.at(-1) === "") parts.pop();
  scope.meter.step(parts.length);
  return new ListValue(parts, true);
}
