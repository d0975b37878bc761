// Texts with wildcards: `*` is any characters or none, `?` is one. No pattern makes a match slow: what can be found by searching from
// left to right is; the rest runs through all its states at once, 32 of them in a step.
import { PolicySyntaxError } from "./errors.ts";

/**
 * One unit of a pattern: a wildcard, or text that stands for itself. A wildcard `within` a segment of an ARN stands for no colon.
 */
export type PatternPart =
  | { readonly type: "star"; readonly within?: boolean }
  | { readonly type: "any"; readonly within?: boolean }
  | { readonly type: "text"; readonly text: string };

/** Tells whether a text has a pattern's form. */
export type Matcher = (text: string) => boolean;

/** The parts of a pattern in which every `*` and `?` is a wildcard. */
export function wildcardParts(pattern: string): readonly PatternPart[] {
  return pattern
    .split(/([*?])/)
    .filter((each) => each !== "")
    .map((each) => (each === "*" ? { type: "star" } : each === "?" ? { type: "any" } : { type: "text", text: each }));
}

/** As many as an ARN has in IAM. */
const LONGEST = 2048;

/**
 * The parts of a policy's text, which are not too many for `globMatcher`.
 * @throws {PolicySyntaxError} if a text with wildcards has more than 2,048 characters
 */
export function bounded<Part extends { readonly type: string; readonly text?: string }>(parts: readonly Part[]): readonly Part[] {
  const length = parts.reduce((sum, { text = "" }) => sum + text.length, parts.length);
  if (length > LONGEST && parts.some(({ type }) => type === "star" || type === "any")) {
    throw new PolicySyntaxError(`Texts with wildcards have at most ${LONGEST} characters.`);
  }
  return parts;
}

/** Compiles a pattern. */
export function globMatcher(parts: readonly PatternPart[]): Matcher {
  if (parts.some((part) => part.type !== "text" && part.within === true)) return stateMatcher(parts);
  const pieces = piecesOf(parts);
  const first = pieces.shift() as Piece;
  const last = pieces.pop();
  if (last === undefined) return exactMatcher(first);
  if (pieces.length === 0 && last.text === "") {
    if (first.text === "") return () => true;
    if (first.any === undefined) return (text) => holdsAt(first.text, text, 0);
  }
  return pieces.some(({ any }) => any !== undefined) ? stateMatcher(parts) : searchMatcher(first, pieces, last);
}

/** What stands between two stars: its text, and the places in it where a `?` stands for any character. */
interface Piece {
  readonly text: string;
  readonly any: ReadonlySet<number> | undefined;
}

/** The first piece, those between stars that are not empty, and the last one, if there is a star. */
function piecesOf(parts: readonly PatternPart[]): Piece[] {
  const pieces: Piece[] = [];
  let text = "";
  let any = new Set<number>();
  const end = (): void => {
    pieces.push({ text, any: any.size > 0 ? any : undefined });
    text = "";
    any = new Set();
  };
  for (const part of parts) {
    if (part.type === "text") text += part.text;
    else if (part.type === "star") end();
    else {
      any.add(text.length);
      text += "?";
    }
  }
  end();
  return pieces.filter((piece, index) => piece.text !== "" || index === 0 || index === pieces.length - 1);
}

function exactMatcher(piece: Piece): Matcher {
  const expected = piece.text;
  if (piece.any === undefined) return (text) => text === expected;
  return (text) => text.length === expected.length && fitsAt(piece, text, 0);
}

/** Between two stars the first place where a piece is found is as good as any other. */
function searchMatcher(first: Piece, between: readonly Piece[], last: Piece): Matcher {
  const least = between.reduce((sum, { text }) => sum + text.length, first.text.length + last.text.length);
  return (text) => {
    const end = text.length - last.text.length;
    if (text.length < least || !fitsAt(first, text, 0) || !fitsAt(last, text, end)) return false;
    let from = first.text.length;
    for (const piece of between) {
      const place = text.indexOf(piece.text, from);
      if (place < 0) return false;
      from = place + piece.text.length;
    }
    return from <= end;
  };
}

/** ARNs begin alike: what differs is sooner found near the end. */
function holdsAt(expected: string, text: string, place: number): boolean {
  const last = Math.max(0, expected.length - 8);
  for (let index = expected.length - 1; index >= last; index--) {
    if (expected.charCodeAt(index) !== text.charCodeAt(place + index)) return false;
  }
  return text.startsWith(expected, place);
}

function fitsAt({ text: expected, any }: Piece, text: string, place: number): boolean {
  if (any === undefined) return holdsAt(expected, text, place);
  for (let index = 0; index < expected.length; index++) {
    if (expected.charCodeAt(index) !== text.charCodeAt(place + index) && !any.has(index)) return false;
  }
  return true;
}

const COLON = 58;

/** Which characters are taken by which states: a bit for each state. */
interface States {
  readonly count: number;
  /** By character: the states that go on to the next one with it. */
  readonly steps: ReadonlyMap<number, Int32Array>;
  readonly otherSteps: Int32Array;
  /** The states that stay with a character, because a star stands there. */
  readonly stays: Int32Array;
  readonly staysWithColon: Int32Array;
}

/** State n means that n characters and `?` of the pattern have been matched; all states are followed at once, as bits. */
function stateMatcher(parts: readonly PatternPart[]): Matcher {
  const { count, steps, otherSteps, stays, staysWithColon } = statesOf(parts);
  return (text) => {
    const states = new Int32Array(stays.length);
    states[0] = 1;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      const step = steps.get(code) ?? otherSteps;
      const stay = code === COLON ? staysWithColon : stays;
      let carried = 0;
      let alive = 0;
      for (let word = 0; word < states.length; word++) {
        const here = states[word] as number;
        const moving = here & (step[word] as number);
        const now = (moving << 1) | carried | (here & (stay[word] as number));
        carried = moving >>> 31;
        states[word] = now;
        alive |= now;
      }
      if (alive === 0) return false;
    }
    return isSet(states, count);
  };
}

function statesOf(parts: readonly PatternPart[]): States {
  const count = parts.reduce((sum, part) => sum + (part.type === "text" ? part.text.length : part.type === "any" ? 1 : 0), 0);
  const bits = (): Int32Array => new Int32Array((count >> 5) + 1);
  const [colonSteps, otherSteps, stays, staysWithColon] = [bits(), bits(), bits(), bits()];
  const steps = new Map([[COLON, colonSteps]]);
  const any: number[] = [];
  let state = 0;
  for (const part of parts) {
    if (part.type === "star") {
      set(stays, state);
      if (part.within !== true) set(staysWithColon, state);
    } else if (part.type === "any") {
      any.push(state);
      set(otherSteps, state);
      if (part.within !== true) set(colonSteps, state);
      state++;
    } else {
      for (let index = 0; index < part.text.length; index++) {
        const code = part.text.charCodeAt(index);
        const taken = steps.get(code) ?? bits();
        steps.set(code, taken);
        set(taken, state++);
      }
    }
  }
  for (const [code, taken] of steps) if (code !== COLON) for (const each of any) set(taken, each);
  return { count, steps, otherSteps, stays, staysWithColon };
}

function set(bits: Int32Array, index: number): void {
  bits[index >> 5] = (bits[index >> 5] as number) | (1 << (index & 31));
}

const isSet = (bits: Int32Array, index: number): boolean => (((bits[index >> 5] as number) >>> (index & 31)) & 1) === 1;
