// Bodies as JSON values whose numbers are told apart by how they are written: `1.0` is no integer for API Gateway.
import { type InstanceValues, plainInstances } from "../jsonschema/index.ts";

/** A number that JavaScript has no other form for: a whole one with a fraction or an exponent, or one with many digits. */
class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may be such a number, or a whole number that JavaScript does not hold; strings may look like it too. */
const SUSPICIOUS = /\d\.\d*0(?!\d)|\d[eE]|\d{16}/;

/** Values within each other. Millions of them, in a body of 10 MB, would take JSON.parse seconds. */
const MAX_DEPTH = 1000;

/** @throws {SyntaxError} for what is no JSON, or too deep */
export function parseJsonBody(body: Buffer): unknown {
  if (body.length > MAX_DEPTH && isDeeper(body, MAX_DEPTH)) throw new SyntaxError(`JSON of more than ${MAX_DEPTH} levels`);
  const text = body.toString("utf8");
  // Asking for each number takes five times as long, and few bodies need it.
  return SUSPICIOUS.test(text) ? JSON.parse(text, asWritten) : JSON.parse(text);
}

function asWritten(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || source === undefined || String(value) === source) return value;
  return /^-?\d+$/.test(source) ? BigInt(source) : new WrittenNumber(source);
}

const [QUOTE, BACKSLASH, OPENS_LIST, CLOSES_LIST, OPENS_OBJECT, CLOSES_OBJECT] = [...Buffer.from('"\\[]{}')];

/** Whether brackets and braces outside of strings stand deeper within each other. */
function isDeeper(body: Buffer, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === QUOTE) at = endOfString(body, at + 1);
    else if (byte === OPENS_LIST || byte === OPENS_OBJECT) depth++;
    else if (byte === CLOSES_LIST || byte === CLOSES_OBJECT) depth--;
    if (depth > limit) return true;
  }
  return false;
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
