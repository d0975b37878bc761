// Reads a body that comes in chunks, strictly (RFC 9112, section 7.1): what could be read in two ways is not read at all.
import { FORBIDDEN_IN_VALUE, isToken } from "./fields.ts";

/** Who takes what stands in the chunks. */
export interface ChunkSink {
  /** Bytes of the body, from `start` to before `end`: they may be overwritten after the call. */
  data(buffer: Buffer, start: number, end: number): void;
}

/** Around chunks and behind them. */
type FramingPlace = "size" | "extension" | "size's end" | "chunk's end" | "chunk's last byte" | "trailer" | "trailer's end";

const CR = 13;
const LF = 10;
const TAB = 9;
/** More digits than a length that a number can tell has. */
const SIZE_DIGITS = 13;

/** Fields that would tell where the message ends, or whose it is, when it is too late for that (RFC 9110, section 6.5.1). */
const NOT_IN_TRAILERS = new Set(["content-length", "transfer-encoding", "host"]);

export class ChunkReader {
  readonly #overheadBytes: number;
  readonly #allowsBlanks: boolean;
  readonly #fault: (reason: string) => Error;
  #place: FramingPlace | "chunk" | "over" = "size";
  #left = 0;
  #digits = 0;
  /** Bytes of extensions that no bytes of the body make up for, then those of the trailer. */
  #overhead = 0;
  /** The line of the trailer that has begun. */
  #line = "";
  /** Of the trailer, as far as it has come: names and values in turn. */
  readonly trailers: string[] = [];

  /**
   * @param overheadBytes by so much extensions may outweigh the body so far (RFC 9112, section 7.1.1, wants them bounded in
   *   all, not chunk by chunk), and so much a trailer may take
   * @param allowsBlanks spaces and tabs behind a chunk's size are bad, but read (RFC 9112, section 7.1.1)
   * @param fault makes what is thrown
   */
  constructor(overheadBytes: number, allowsBlanks: boolean, fault: (reason: string) => Error) {
    this.#overheadBytes = overheadBytes;
    this.#allowsBlanks = allowsBlanks;
    this.#fault = fault;
  }

  /** Whether the last byte of the trailer has been read. */
  get isOver(): boolean {
    return this.#place === "over";
  }

  /**
   * Reads on, up to the end of the body or of a piece of it that went to the sink.
   * @returns how far it has come
   */
  read(buffer: Buffer, start: number, end: number, sink: ChunkSink): number {
    let at = start;
    while (at < end && this.#place !== "over") {
      if (this.#place === "chunk") return this.#readChunk(buffer, at, end, sink);
      this.#readFraming(this.#place, buffer[at++] as number);
    }
    return at;
  }

  #readChunk(buffer: Buffer, at: number, end: number, sink: ChunkSink): number {
    const until = Math.min(end, at + this.#left);
    this.#left -= until - at;
    if (this.#overhead > 0) this.#overhead = Math.max(0, this.#overhead - (until - at));
    if (this.#left === 0) this.#place = "chunk's end";
    sink.data(buffer, at, until);
    return until;
  }

  #readFraming(place: FramingPlace, byte: number): void {
    switch (place) {
      case "size":
        this.#readSize(byte);
        break;
      case "extension":
        if (byte === CR) this.#place = "size's end";
        else {
          this.#assertText(byte);
          this.#countOverhead();
        }
        break;
      case "size's end":
        this.#assertByte(byte, LF);
        this.#place = this.#left > 0 ? "chunk" : "trailer";
        if (this.#left === 0) this.#overhead = 0;
        break;
      case "chunk's end":
        this.#assertByte(byte, CR);
        this.#place = "chunk's last byte";
        break;
      case "chunk's last byte":
        this.#assertByte(byte, LF);
        this.#place = "size";
        this.#digits = 0;
        break;
      case "trailer":
        this.#countOverhead();
        if (byte === CR) this.#place = "trailer's end";
        else this.#line += String.fromCharCode(byte);
        break;
      case "trailer's end":
        this.#assertByte(byte, LF);
        this.#endLine();
        break;
    }
  }

  #readSize(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      if (++this.#digits > SIZE_DIGITS) throw this.#fault("a chunk is too large");
      this.#left = this.#left * 16 + digit;
      return;
    }
    if (this.#digits === 0) throw this.#fault("a chunk has no size");
    if (byte === CR) this.#place = "size's end";
    else if (byte === 0x3b || (this.#allowsBlanks && (byte === 0x20 || byte === TAB))) this.#place = "extension";
    else throw this.#fault("a chunk's size is no number");
  }

  #countOverhead(): void {
    if (++this.#overhead > this.#overheadBytes) throw this.#fault(`what stands around a chunk has more than ${this.#overheadBytes} bytes`);
  }

  #endLine(): void {
    const line = this.#line;
    if (line === "") {
      this.#place = "over";
      return;
    }
    const colon = line.indexOf(":");
    if (colon < 0 || !isToken(line.slice(0, colon))) throw this.#fault("a trailer that is no header");
    if (NOT_IN_TRAILERS.has(line.slice(0, colon).toLowerCase())) throw this.#fault("a trailer that frames the message");
    if (FORBIDDEN_IN_VALUE.test(line)) throw this.#fault("a control character among chunks");
    this.trailers.push(line.slice(0, colon), withoutBlanks(line.slice(colon + 1)));
    this.#line = "";
    this.#place = "trailer";
  }

  #assertByte(byte: number, expected: number): void {
    if (byte !== expected) throw this.#fault("a chunk does not end where it should");
  }

  #assertText(byte: number): void {
    if ((byte < 0x20 && byte !== TAB) || byte === 0x7f) throw this.#fault("a control character among chunks");
  }
}

/** A value without the spaces and tabs around it: no others are blanks (RFC 9110, section 5.6.3). */
function withoutBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

const isBlank = (code: number): boolean => code === 0x20 || code === TAB;

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
