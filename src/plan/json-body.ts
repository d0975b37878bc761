// Bodies as JSON values whose numbers are told apart by how they are written: `1.0` is no integer for API Gateway.
import { type InstanceValues, plainInstances } from "../jsonschema/index.ts";
import type { JsonMaker, JsonScalar } from "../vtl/index.ts";
import { readJson } from "../vtl/index.ts";

/** A number that JavaScript has no other form for: a whole one with a fraction or an exponent, or one with many digits. */
class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Values within each other. Millions of them, in a body of 10 MB, would take JSON.parse seconds. */
const MAX_DEPTH = 1000;

/** Longer whole numbers may be such that JavaScript does not hold. */
const SAFE_DIGITS = 15;

const tooDeep = (): SyntaxError => new SyntaxError(`JSON of more than ${MAX_DEPTH} levels`);

/** @throws {SyntaxError} for what is no JSON, or too deep */
export function parseJsonBody(body: Buffer): unknown {
  const { depth, isPlain } = survey(body);
  if (depth > MAX_DEPTH) throw tooDeep();
  const text = body.toString("utf8");
  // V8's own takes a fraction of the time, but does not tell how numbers are written.
  return isPlain ? JSON.parse(text) : readJson(text, maker);
}

type Made = object | bigint;

const maker: JsonMaker<Made> = {
  maxDepth: MAX_DEPTH,
  object: () => new Map(),
  array: (items) => items,
  number: asWritten,
  wrong: (_text, at) => new SyntaxError(`Not JSON at character ${at + 1}`),
  tooDeep,
};

function asWritten(text: string, whole: boolean): Made | JsonScalar {
  const value = Number(text);
  if (whole && text.length <= SAFE_DIGITS) return value;
  if (String(value) === text) return value;
  return whole ? BigInt(text) : new WrittenNumber(text);
}

const [QUOTE, BACKSLASH, OPENS_LIST, CLOSES_LIST, OPENS_OBJECT, CLOSES_OBJECT] = [...Buffer.from('"\\[]{}')];
const [POINT, LOWER_E, UPPER_E, ZERO, NINE] = [...Buffer.from(".eE09")];

interface Survey {
  readonly depth: number;
  /** Whether JavaScript's numbers are all the same as they are written. */
  readonly isPlain: boolean;
}

/** Looks at what is outside of strings: how deep brackets and braces stand in each other, and for numbers of note. */
function survey(body: Buffer): Survey {
  let depth = 0;
  let deepest = 0;
  let isPlain = true;
  let digits = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] as number;
    if (byte >= (ZERO as number) && byte <= (NINE as number)) {
      digits++;
      if (digits > SAFE_DIGITS) isPlain = false;
      continue;
    }
    // After a digit: `true`, `false` and names have none before their letters.
    if (digits > 0 && (byte === LOWER_E || byte === UPPER_E)) isPlain = false;
    if (byte === POINT) isPlain &&= isShortFraction(body, at, digits);
    digits = 0;
    if (byte === QUOTE) at = endOfString(body, at + 1);
    else if (byte === OPENS_LIST || byte === OPENS_OBJECT) deepest = Math.max(deepest, ++depth);
    else if (byte === CLOSES_LIST || byte === CLOSES_OBJECT) depth--;
    if (deepest > MAX_DEPTH) break;
  }
  return { depth: deepest, isPlain };
}

/** Whether a fraction is one that a double prints as it is written: few digits, the last of them no zero. */
function isShortFraction(body: Buffer, point: number, before: number): boolean {
  let end = point + 1;
  while ((body[end] as number) >= (ZERO as number) && (body[end] as number) <= (NINE as number)) end++;
  // 0.000001 is the last that is printed without an exponent.
  return before + end - point - 1 <= SAFE_DIGITS && body[end - 1] !== ZERO && (before > 1 || end - point <= 7);
}

/** Where a string that goes on at `from` has its closing quote. */
function endOfString(body: Buffer, from: number): number {
  for (let at = from; at < body.length; at++) {
    if (body[at] === QUOTE) return at;
    if (body[at] === BACKSLASH) at++;
  }
  return body.length;
}

/** How {@link parseJsonBody}'s values are read. */
export const bodyValues: InstanceValues = {
  ...plainInstances,
  kind: (value) => (value instanceof WrittenNumber ? "decimal" : plainInstances.kind(value)),
  numberText: (number) => (number instanceof WrittenNumber ? number.text : plainInstances.numberText(number)),
};
