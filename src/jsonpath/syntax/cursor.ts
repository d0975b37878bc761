// A place in the text of a path or of a part of it. Only spaces count as blank, as in Jayway's library.
import { JsonPathSyntaxError } from "../errors.ts";

/** Filters, arguments and parentheses within each other. */
const MAX_NESTING = 100;

export class Cursor {
  readonly text: string;
  position = 0;
  /** The last character that belongs to this part. */
  last: number;
  /** Where this part begins in the whole path. */
  readonly offset: number;
  private nesting: number;

  constructor(text: string, offset = 0, nesting = 0) {
    this.text = text;
    this.last = text.length - 1;
    this.offset = offset;
    this.nesting = nesting;
  }

  /** A part of this text, whose errors name their place in the whole path. */
  part(text: string, begin: number): Cursor {
    const part = new Cursor(text, this.offset + begin, this.nesting);
    part.enter();
    return part;
  }

  enter(): void {
    this.nesting += 1;
    if (this.nesting > MAX_NESTING) this.fail(`more than ${MAX_NESTING} levels`);
  }

  leave(): void {
    this.nesting -= 1;
  }

  fail(reason: string, position: number = this.position): never {
    throw new JsonPathSyntaxError(reason, Math.max(0, this.offset + Math.min(position, this.text.length)));
  }

  at(index: number): string {
    return this.text[index] ?? this.fail("the path ends too early", index);
  }

  get current(): string {
    return this.at(this.position);
  }

  inside(index: number = this.position): boolean {
    return index >= 0 && index <= this.last;
  }

  /** At the last character or past it. */
  get atTail(): boolean {
    return this.position >= this.last;
  }

  skipBlanks(): this {
    while (this.position < this.last && this.current === " ") this.position += 1;
    return this;
  }

  trim(): this {
    this.skipBlanks();
    while (this.position < this.last && this.at(this.last) === " ") this.last -= 1;
    return this;
  }

  private nextSignificantIndex(start: number): number {
    let index = start + 1;
    while (this.inside(index) && this.at(index) === " ") index += 1;
    return index;
  }

  /** The next character after `start` that is no blank; a blank when there is none. */
  nextSignificant(start: number = this.position): string {
    const index = this.nextSignificantIndex(start);
    return this.inside(index) ? this.at(index) : " ";
  }

  /** Where the next character after `start` that is no blank stands, when it is `character`; else -1. */
  indexOfNextSignificant(character: string, start: number = this.position): number {
    const index = this.nextSignificantIndex(start);
    return this.at(index) === character ? index : -1;
  }

  /** The last character before the position that is no blank; a blank when there is none. */
  previousSignificantIndex(): number {
    let index = this.position - 1;
    while (this.inside(index) && this.at(index) === " ") index -= 1;
    return this.inside(index) ? index : -1;
  }

  indexOf(character: string, start: number): number {
    const index = this.text.indexOf(character, start);
    return this.inside(index) ? index : -1;
  }

  /** Where `character` stands next after `start`, not counting those after a backslash. */
  indexOfUnescaped(character: string, start: number = this.position): number {
    for (let index = start + 1; this.inside(index); index += 1) {
      if (this.at(index) === "\\") index += 1;
      else if (this.at(index) === character) return index;
    }
    return -1;
  }

  /** Where the bracket that opens at `start` is closed; -1 when it is not. Brackets in quotes do not count. */
  indexOfClosing(start: number, open: string, close: string, skipPatterns: boolean): number {
    let depth = 1;
    for (let index = start + 1; this.inside(index); index += 1) {
      for (const quote of skipPatterns ? ["quote", "/"] : ["quote"]) {
        const character = this.at(index);
        if (quote === "/" ? character !== "/" : character !== "'" && character !== '"') continue;
        const end = this.indexOfUnescaped(character, index);
        if (end === -1) this.fail(`${character} is not closed`, index);
        index = end + 1;
      }
      const character = this.at(index);
      if (character === open) depth += 1;
      if (character === close) depth -= 1;
      if (depth === 0) return index;
    }
    return -1;
  }

  /** Takes `text` when it comes next, blanks aside. */
  take(text: string): boolean {
    this.skipBlanks();
    if (!this.inside(this.position + text.length - 1) || !this.text.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  /** Takes the character that has to come next, blanks aside. */
  expect(character: string): void {
    if (this.skipBlanks().current !== character) this.fail(`"${character}" is expected`);
    this.position += 1;
  }
}

const escapes: Readonly<Record<string, string>> = { r: "\r", f: "\f", t: "\t", n: "\n", b: "\b" };

/** Resolves backslash escapes; undefined when a \u has no four hexadecimal digits. What ends in the middle of one loses it. */
export function unescape(text: string): string | undefined {
  if (!text.includes("\\")) return text;
  let plain = "";
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character !== "\\") {
      plain += character;
      continue;
    }
    index += 1;
    const escaped = text.charAt(index);
    if (escaped === "") return `${plain}\\`;
    if (escaped !== "u") {
      plain += escapes[escaped] ?? escaped;
      continue;
    }
    const digits = text.slice(index + 1, index + 5);
    if (digits.length < 4) return plain;
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) return undefined;
    plain += String.fromCharCode(Number.parseInt(digits, 16));
    index += 4;
  }
  return plain;
}
