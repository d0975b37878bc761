// Finds the parts of a head, of a request or of a response, byte by byte and in one go, and refuses what a lenient reading could
// take for something else (RFC 9112, sections 2 to 5): bare CR and LF, folded lines, blanks before the colon, controls.
import { nameIn } from "./fields.ts";
import { UnreadableRequest } from "./unreadable.ts";

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;

/** Which bytes may stand where; those that may have a 1. */
function bytesThat(may: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (may(byte) ? 1 : 0));
}

const IN_NAME = bytesThat((byte) => /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(byte)));
const IN_VALUE = bytesThat((byte) => byte === TAB || (byte >= 0x20 && byte !== 0x7f));

/** What tells heads of requests from those of responses. */
export interface HeadKind {
  /** Which bytes its first line may have: those have a 1. */
  readonly inFirstLine: Uint8Array;
  /** What it begins with. */
  readonly beginning: string;
  /** Makes what is thrown for bytes that are no such head. */
  fault(reason: string): Error;
  /** Makes what is thrown for a head that is too long. */
  tooLong(reason: string): Error;
}

/** A request line has nothing but visible ASCII and spaces. */
export const REQUEST_HEAD: HeadKind = {
  inFirstLine: bytesThat((byte) => byte >= 0x20 && byte <= 0x7e),
  beginning: "",
  fault: (reason) => new UnreadableRequest(reason),
  tooLong: (reason) => new UnreadableRequest(reason, 431),
};

/** A reason may have what values have. @param fault makes what is thrown */
export const responseHead = (fault: (reason: string) => Error): HeadKind => ({ inFirstLine: IN_VALUE, beginning: "HTTP/1.", fault, tooLong: fault });

/** Numbers that the place of a header takes: where its name begins and ends, and its value without the blanks around it. */
const MARKS = 4;
/** The shortest header has a name of one character, a colon, and the end of its line. */
const SHORTEST_HEADER = 4;

/** More of the head has to come. */
export const INCOMPLETE = -1;

export class HeadScanner {
  /** Of the latest head: where its parts are, counted from its first byte. */
  readonly #marks: Int32Array;
  readonly #kind: HeadKind;
  readonly #inFirstLine: Uint8Array;
  /** Bytes that a head may have. */
  readonly limit: number;
  #count = 0;
  #lineEnd = 0;

  constructor(limit: number, kind: HeadKind) {
    this.limit = limit;
    this.#kind = kind;
    this.#inFirstLine = kind.inFirstLine;
    this.#marks = new Int32Array(Math.ceil(limit / SHORTEST_HEADER + 1) * MARKS);
  }

  /**
   * Looks through the head that begins at `start`, as far as it has come.
   * @returns where what follows the head begins, or {@link INCOMPLETE}
   * @throws {Error} of the {@link HeadKind}
   */
  scan(bytes: Uint8Array, start: number, end: number): number {
    const until = Math.min(end, start + this.limit);
    const behind = this.#scan(bytes, start, until);
    if (behind === INCOMPLETE && end - start >= this.limit) throw this.#kind.tooLong(`a head of more than ${this.limit} bytes`);
    return behind;
  }

  #scan(bytes: Uint8Array, start: number, end: number): number {
    const inFirstLine = this.#inFirstLine;
    let at = start;
    while (at < end && inFirstLine[bytes[at] as number] === 1) at++;
    this.#lineEnd = at - start;
    this.#checkBeginning(bytes, start, end);
    if (!this.#isLineEnd(bytes, at, end)) return INCOMPLETE;
    at += 2;
    let count = 0;
    for (;;) {
      if (at >= end) return INCOMPLETE;
      if (bytes[at] === CR) {
        if (!this.#isLineEnd(bytes, at, end)) return INCOMPLETE;
        this.#count = count;
        return at + 2;
      }
      const nameStart = at;
      while (at < end && IN_NAME[bytes[at] as number] === 1) at++;
      const nameEnd = at;
      if (at === end) return INCOMPLETE;
      if (bytes[at] !== COLON || nameEnd === nameStart) throw this.#kind.fault("a line that is no header");
      at++;
      while (at < end && isBlank(bytes[at] as number)) at++;
      const valueStart = at;
      while (at < end && IN_VALUE[bytes[at] as number] === 1) at++;
      if (!this.#isLineEnd(bytes, at, end)) return INCOMPLETE;
      let valueEnd = at;
      while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1] as number)) valueEnd--;
      this.#mark(count, nameStart - start, nameEnd - start, valueStart - start, valueEnd - start);
      count++;
      at += 2;
    }
  }

  /** As far as it has come, whatever the line says: one that ends too early is refused at once. */
  #checkBeginning(bytes: Uint8Array, start: number, end: number): void {
    const { beginning } = this.#kind;
    for (let i = 0; i < beginning.length && start + i < end; i++) {
      if (bytes[start + i] !== beginning.charCodeAt(i)) throw this.#kind.fault(`what does not begin with ${beginning}`);
    }
  }

  /** Whether a line ends there; false when it may yet. */
  #isLineEnd(bytes: Uint8Array, at: number, end: number): boolean {
    if (at >= end) return false;
    if (bytes[at] !== CR) throw this.#kind.fault("a character that may not stand there");
    if (at + 1 >= end) return false;
    if (bytes[at + 1] !== LF) throw this.#kind.fault("a carriage return without a line feed");
    return true;
  }

  #mark(header: number, nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void {
    const marks = this.#marks;
    const at = header * MARKS;
    marks[at] = nameStart;
    marks[at + 1] = nameEnd;
    marks[at + 2] = valueStart;
    marks[at + 3] = valueEnd;
  }

  /** The first line of the head that was found last. @param text that head, one character a byte */
  firstLine(text: string): string {
    return text.slice(0, this.#lineEnd);
  }

  /** Its headers, names and values in turn. */
  headers(text: string): string[] {
    const marks = this.#marks;
    const headers: string[] = [];
    for (let i = 0; i < this.#count * MARKS; i += MARKS) {
      const name = nameIn(text, marks[i] as number, marks[i + 1] as number) as string;
      headers.push(name, text.slice(marks[i + 2], marks[i + 3]));
    }
    return headers;
  }
}

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB;
