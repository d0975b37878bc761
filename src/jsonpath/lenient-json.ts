// JSON literals in filters and arguments, as loosely as Jayway's library reads them: single quotes, texts without
// quotes and commas too many or too few between elements are let pass.
import type { JsonValues } from "./values.ts";

/** What is written cannot be read even so. */
export class LenientJsonError extends Error {}

const MAX_DEPTH = 200;
const number = /^-?\d+(\.\d*)?([eE][-+]?\d+)?$/;
const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

export function readLenientJson(text: string, values: JsonValues): unknown {
  return new Reader(text, values).value("", 0);
}

class Reader {
  private readonly text: string;
  private readonly values: JsonValues;
  private position = 0;

  constructor(text: string, values: JsonValues) {
    this.text = text;
    this.values = values;
  }

  private next(): string {
    return this.text.charAt(this.position);
  }

  private skip(characters: RegExp): void {
    while (this.next() !== "" && characters.test(this.next())) this.position += 1;
  }

  /** A value that ends before one of `stops`, where it has no quotes. */
  value(stops: string, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new LenientJsonError("too deep");
    this.skip(/\s/);
    switch (this.next()) {
      case "{":
        return this.object(depth);
      case "[":
        return this.array(depth);
      case "'":
      case '"':
        return this.quoted();
      default:
        return this.plain(stops);
    }
  }

  private array(depth: number): unknown {
    const elements: unknown[] = [];
    this.position += 1;
    for (;;) {
      this.skip(/[\s,]/);
      if (this.next() === "]") break;
      if (this.next() === "" || this.next() === "}" || this.next() === ":")
        throw new LenientJsonError("an array is not closed");
      elements.push(this.value(",]", depth + 1));
    }
    this.position += 1;
    return this.values.array(elements);
  }

  private object(depth: number): unknown {
    const members = new Map<string, unknown>();
    this.position += 1;
    for (;;) {
      this.skip(/[\s,]/);
      if (this.next() === "}") break;
      const quoted = this.next() === "'" || this.next() === '"';
      const name = quoted ? this.quoted() : this.until(":}");
      this.skip(/\s/);
      if (this.next() !== ":") throw new LenientJsonError("a colon is missing");
      this.position += 1;
      members.set(name, this.value(",}", depth + 1));
      this.skip(/\s/);
      if (this.next() !== "," && this.next() !== "}") throw new LenientJsonError("a comma is missing");
    }
    this.position += 1;
    return this.values.object(members);
  }

  private until(stops: string): string {
    const begin = this.position;
    while (this.next() !== "" && !stops.includes(this.next())) this.position += 1;
    return this.text.slice(begin, this.position).trim();
  }

  private plain(stops: string): unknown {
    const text = this.until(stops);
    if (text === "true" || text === "false") return text === "true";
    if (text === "null") return null;
    return number.test(text) ? this.values.number(text) : text;
  }

  private quoted(): string {
    const quote = this.next();
    let text = "";
    for (this.position += 1; this.next() !== quote; this.position += 1) {
      if (this.next() === "") throw new LenientJsonError("a text is not closed");
      text += this.next() === "\\" ? this.escaped() : this.next();
    }
    this.position += 1;
    return text;
  }

  private escaped(): string {
    this.position += 1;
    if (this.next() !== "u") return escapes[this.next()] ?? this.next();
    const digits = this.text.slice(this.position + 1, this.position + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new LenientJsonError("\\u needs four hexadecimal digits");
    this.position += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
}
