// JSON texts. Values come from the platform's own parser; where they stand is looked for only when somebody asks.
import type { ParsedText } from "./document.ts";
import { lineStarts, positionOf } from "./lines.ts";
import { joined, pointerTokens } from "./pointer.ts";
import type { Position } from "./problem.ts";
import { DocumentError, invalidInput } from "./problem.ts";

/**
 * Numbers that might print otherwise than they are written: 1.0, 1e3, and those with more digits than a double keeps. Those in
 * texts are none (`"openapi": "3.0.1"`): to look at every value's source takes ten times as long.
 */
const UNUSUAL_NUMBER = /[:,[\s]-?\d+(?:\.\d*0(?!\d)|(?:\.\d+)?[eE])|\d{16}/;

/** @throws {DocumentError} */
export function parseJsonText(text: string): ParsedText {
  const sources = new WeakMap<object, Map<string, string>>();
  function keepSource(this: object, key: string, value: unknown, context?: { readonly source?: string }): unknown {
    if (typeof value !== "number" || context?.source === undefined || context.source === String(value)) return value;
    if (!sources.has(this)) sources.set(this, new Map());
    sources.get(this)?.set(key, context.source);
    return value;
  }
  return {
    root: parse(text, UNUSUAL_NUMBER.test(text) ? keepSource : undefined),
    positions: (pointers) => locate(text, pointers),
    sources,
    notes: [],
  };
}

function parse(text: string, reviver: ((this: object, key: string, value: unknown) => unknown) | undefined): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch (error) {
    // A reviver that runs out of stack has met a document that is nested beyond all bounds.
    if (error instanceof RangeError) throw new DocumentError(invalidInput("the document is nested too deeply"));
    if (!(error instanceof SyntaxError)) throw error;
    const [, at] = / at position (\d+)/.exec(error.message) ?? [];
    const offset = at === undefined ? text.length : Number(at);
    const detail = error.message.replace(/,? ?"[^]*" is not valid JSON$/, "").replace(/ in JSON at position.*$/s, "");
    throw new DocumentError(invalidInput(detail), positionOf(lineStarts(text), offset));
  }
}

/** A part of the text that somebody asks for, or that leads to one. */
interface Wanted {
  readonly pointer: string;
  readonly inner: Map<string, Wanted>;
}

/** Finds all pointers in one walk through a text that is known to be JSON. */
function locate(text: string, pointers: readonly string[]): ReadonlyMap<string, Position> {
  const root: Wanted = { pointer: "", inner: new Map() };
  for (const pointer of pointers) {
    let node = root;
    for (const token of pointerTokens(pointer)) {
      const inner: Wanted = node.inner.get(token) ?? { pointer: joined(node.pointer, token), inner: new Map() };
      node.inner.set(token, inner);
      node = inner;
    }
  }
  const starts = lineStarts(text);
  const found = new Map<string, Position>();
  const scan = new Scan(text);
  const note = (wanted: Wanted, offset: number) => found.set(wanted.pointer, positionOf(starts, offset));
  scan.space();
  note(root, scan.at);
  walk(scan, root, note);
  return found;
}

function walk(scan: Scan, wanted: Wanted, note: (wanted: Wanted, offset: number) => void): void {
  if (wanted.inner.size === 0) return scan.value();
  if (scan.peek() === "{") {
    scan.members((name, offset) => {
      const inner = wanted.inner.get(name);
      if (inner === undefined) return scan.value();
      note(inner, offset);
      walk(scan, inner, note);
    });
  } else if (scan.peek() === "[") {
    scan.elements((index) => {
      const inner = wanted.inner.get(String(index));
      if (inner === undefined) return scan.value();
      note(inner, scan.at);
      walk(scan, inner, note);
    });
  } else scan.value();
}

/** Goes through a JSON text without making values of it. */
class Scan {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  peek(): string | undefined {
    return this.#text[this.at];
  }

  space(): void {
    while (" \t\r\n\uFEFF".includes(this.#text[this.at] ?? "x")) this.at++;
  }

  /** Skips a value, however deep. */
  value(): void {
    let depth = 0;
    do {
      this.space();
      const first = this.peek();
      if (first === '"') this.string();
      else if (first === "{" || first === "[") {
        depth++;
        this.at++;
      } else if (first === "}" || first === "]") {
        depth--;
        this.at++;
      } else if (first === undefined) return;
      else if (first === "," || first === ":") this.at++;
      else this.#word();
    } while (depth > 0);
  }

  /** Calls for each member with its name and where that stands; the call has to go over the value. */
  members(each: (name: string, offset: number) => void): void {
    this.#list("}", () => {
      const offset = this.at;
      const name = this.string();
      this.space();
      this.at++;
      this.space();
      each(name, offset);
    });
  }

  elements(each: (index: number) => void): void {
    let index = 0;
    this.#list("]", () => each(index++));
  }

  string(): string {
    const start = this.at++;
    while (this.at < this.#text.length && this.#text[this.at] !== '"') this.at += this.#text[this.at] === "\\" ? 2 : 1;
    this.at++;
    return JSON.parse(this.#text.slice(start, this.at)) as string;
  }

  #list(end: string, item: () => void): void {
    this.at++;
    this.space();
    while (this.at < this.#text.length && this.peek() !== end) {
      item();
      this.space();
      if (this.peek() === ",") this.at++;
      this.space();
    }
    this.at++;
  }

  #word(): void {
    while (this.at < this.#text.length && !/[\s,:[\]{}"]/.test(this.#text[this.at] as string)) this.at++;
  }
}
