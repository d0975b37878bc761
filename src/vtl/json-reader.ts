// Reads JSON character by character, and leaves to its caller what values are made of.

/** What is read becomes values of type T. Texts, true, false and null are JavaScript's own. */
export interface JsonMaker<T> {
  /** Objects and arrays within each other that are let pass. */
  readonly maxDepth: number;
  /** An object without members, which are set one by one. */
  object(): T & { set(name: string, value: T | JsonScalar): unknown };
  array(items: (T | JsonScalar)[]): T;
  /** A number as it is written; `whole` where it has neither a fraction nor an exponent. */
  number(text: string, whole: boolean): T | JsonScalar;
  /** What to throw for a text that is no JSON, with the place where it is none. */
  wrong(text: string, at: number): Error;
  tooDeep(): Error;
}

export type JsonScalar = string | number | boolean | null;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const UPPER_E = 0x45;
const BACKSLASH = 0x5c;
const LIST = 0x5b;
const LIST_END = 0x5d;
const LOWER_E = 0x65;
const OBJECT = 0x7b;
const OBJECT_END = 0x7d;

/** The value of a JSON text (RFC 8259). @throws what the maker says */
export function readJson<T>(text: string, maker: JsonMaker<T>): T | JsonScalar {
  return new Reader(text, maker).whole();
}

class Reader<T> {
  private readonly text: string;
  private readonly maker: JsonMaker<T>;
  private at = 0;
  private depth = 0;

  constructor(text: string, maker: JsonMaker<T>) {
    this.text = text;
    this.maker = maker;
  }

  whole(): T | JsonScalar {
    const found = this.value();
    if (!Number.isNaN(this.next())) throw this.wrong();
    return found;
  }

  private wrong(): Error {
    return this.maker.wrong(this.text, this.at);
  }

  /** The code of the next character that is no space; NaN at the end. */
  private next(): number {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== SPACE && code !== LINE_FEED && code !== RETURN && code !== TAB) return code;
      this.at += 1;
    }
  }

  private value(): T | JsonScalar {
    switch (this.next()) {
      case OBJECT:
        return this.nested(OBJECT_END);
      case LIST:
        return this.nested(LIST_END);
      case QUOTE:
        return this.string();
      case 0x74:
        return this.word("true", true);
      case 0x66:
        return this.word("false", false);
      case 0x6e:
        return this.word("null", null);
      default:
        return this.number();
    }
  }

  private nested(end: number): T {
    this.depth += 1;
    if (this.depth > this.maker.maxDepth) throw this.maker.tooDeep();
    this.at += 1;
    const made = end === LIST_END ? this.array() : this.object();
    this.depth -= 1;
    return made;
  }

  private object(): T {
    const object = this.maker.object();
    if (this.ends(OBJECT_END)) return object;
    do {
      if (this.next() !== QUOTE) throw this.wrong();
      const name = this.string();
      if (this.next() !== COLON) throw this.wrong();
      this.at += 1;
      object.set(name, this.value());
    } while (this.goesOn(OBJECT_END));
    return object;
  }

  private array(): T {
    const items: (T | JsonScalar)[] = [];
    if (!this.ends(LIST_END)) do items.push(this.value()); while (this.goesOn(LIST_END));
    return this.maker.array(items);
  }

  private ends(end: number): boolean {
    if (this.next() !== end) return false;
    this.at += 1;
    return true;
  }

  private goesOn(end: number): boolean {
    if (this.ends(end)) return false;
    if (this.next() !== COMMA) throw this.wrong();
    this.at += 1;
    return true;
  }

  private word<W>(expected: string, value: W): W {
    if (!this.text.startsWith(expected, this.at)) throw this.wrong();
    this.at += expected.length;
    return value;
  }

  private string(): string {
    const { text } = this;
    const start = this.at;
    let escaped = false;
    for (let at = start + 1; ; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        return escaped ? this.unescaped(start) : text.slice(start + 1, at);
      }
      if (code === BACKSLASH) {
        escaped = true;
        at += 1;
      }
      // Control characters, and the end.
      if (!(code >= SPACE)) throw this.wrong();
    }
  }

  /** JSON.parse knows the escapes, and refuses what is none. */
  private unescaped(start: number): string {
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string;
    } catch {
      this.at = start;
      throw this.wrong();
    }
  }

  private number(): T | JsonScalar {
    const { text } = this;
    const start = this.at;
    let at = start + (text.charCodeAt(start) === MINUS ? 1 : 0);
    const digits = this.digits(at);
    // No other digit follows a zero that comes first.
    at = text.charCodeAt(at) === ZERO ? at + 1 : digits;
    if (digits === start || text.charCodeAt(at - 1) === MINUS) throw this.wrong();
    let whole = true;
    if (text.charCodeAt(at) === POINT && this.digits(at + 1) > at + 1) {
      whole = false;
      at = this.digits(at + 1);
    }
    const mark = text.charCodeAt(at);
    if (mark === LOWER_E || mark === UPPER_E) {
      const sign = text.charCodeAt(at + 1);
      const exponent = at + (sign === PLUS || sign === MINUS ? 2 : 1);
      const end = this.digits(exponent);
      if (end > exponent) {
        whole = false;
        at = end;
      }
    }
    this.at = at;
    return this.maker.number(text.slice(start, at), whole);
  }

  /** Where the digits end that begin at a place. */
  private digits(from: number): number {
    let at = from;
    for (;;) {
      const code = this.text.charCodeAt(at);
      if (!(code >= ZERO && code <= NINE)) return at;
      at += 1;
    }
  }
}
