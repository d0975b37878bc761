// Reads responses off a connection, strictly (RFC 9112): what could be read in two ways is not read at all.
import type { HeaderList } from "../../ports/http-server.ts";
import { readResponseHead } from "./response-head.ts";
import { InvalidResponse } from "./failures.ts";

/** Who takes a response, part by part. */
export interface ResponseParts {
  /** The head of the final response; `length` is that of the body where it is announced. */
  begin(status: number, headers: HeaderList, length: number | undefined): void;
  /** Bytes of the body, from `start` to before `end`: they are overwritten after the call. */
  data(buffer: Buffer, start: number, end: number): void;
  /** The last byte has come. */
  end(): void;
}

/** Where in a response the reader is. */
type Place =
  /** Between responses: nothing may come. */
  | "idle"
  /** Whoever had a response coming has given it up. */
  | "stopped"
  | "head"
  | "sized body"
  | "body to the end"
  | "chunk"
  | FramingPlace;

/** Around chunks and behind them. */
type FramingPlace =
  | "chunk size"
  | "chunk extension"
  | "chunk size's end"
  | "chunk's end"
  | "chunk's last byte"
  | "trailer"
  | "trailer's end";

const NONE = Buffer.alloc(0);
const HEAD_END = Buffer.from("\r\n\r\n");
const CR = 13;
const LF = 10;
const TAB = 9;
/** More digits than a length that a number can tell has. */
const SIZE_DIGITS = 13;

export class ResponseReader {
  readonly #headerBytes: number;
  #parts: ResponseParts | undefined;
  #isHead = false;
  #place: Place = "idle";
  /** The beginning of a head that has not come whole, and how much of it there is. */
  #pending: Buffer = NONE;
  #pendingSize = 0;
  /** Bytes of heads, or of what stands around a chunk, since they were last bounded. */
  #overhead = 0;
  /** Bytes that are missing of the body or the chunk. */
  #left = 0;
  #digits = 0;
  /** A line of the trailer has begun. */
  #inLine = false;
  /** Whether the connection may carry another request once the response is over. */
  isReusable = false;
  /** For how long the server said it keeps the connection, in milliseconds. */
  keptMs: number | undefined;

  /** @param headerBytes the most that heads, the size of a chunk or a trailer may take */
  constructor(headerBytes: number) {
    this.#headerBytes = headerBytes;
  }

  /** A request has gone out: its response is what comes next. */
  expect(parts: ResponseParts, isHead: boolean): void {
    this.#parts = parts;
    this.#isHead = isHead;
    this.#place = "head";
    this.#overhead = 0;
    this.isReusable = false;
  }

  /** Nothing is handed on any more. */
  stop(): void {
    this.#place = "stopped";
    this.#parts = undefined;
    this.isReusable = false;
  }

  /** Takes the first `size` bytes of a buffer. @throws {InvalidResponse} */
  read(buffer: Buffer, size: number): void {
    let at = 0;
    while (at < size) {
      switch (this.#place) {
        case "head":
          at = this.#readHead(buffer, at, size);
          break;
        case "sized body":
        case "chunk":
          at = this.#readSized(buffer, at, size);
          break;
        case "body to the end":
          this.#parts?.data(buffer, at, size);
          return;
        case "idle":
          throw new InvalidResponse("bytes that belong to no response");
        case "stopped":
          return;
        default:
          if (this.#readFraming(this.#place, buffer[at++] as number)) this.#end(at === size);
      }
    }
  }

  /** The connection has ended. Gives whether that was the end of the response, too. */
  readEnd(): boolean {
    if (this.#place !== "body to the end") return false;
    this.#end(false);
    return true;
  }

  #readHead(buffer: Buffer, at: number, size: number): number {
    if (this.#pendingSize === 0) {
      const found = buffer.indexOf(HEAD_END, at);
      // What lies past `size` is left from earlier reads.
      if (found >= 0 && found + 4 <= size) return this.#takeHead(buffer.toString("latin1", at, found + 2), found + 4, size);
    }
    const before = this.#pendingSize;
    this.#keep(buffer, at, size);
    const found = this.#pending.indexOf(HEAD_END, Math.max(0, before - 3));
    if (found < 0 || found + 4 > this.#pendingSize) {
      if (!"HTTP/1.".startsWith(this.#pending.toString("latin1", 0, Math.min(this.#pendingSize, 7)))) throw new InvalidResponse("no status line");
      this.#bound(this.#pendingSize);
      return size;
    }
    const text = this.#pending.toString("latin1", 0, found + 2);
    this.#pendingSize = 0;
    // Heads are seldom cut: an idle connection holds nothing for the next one that is.
    this.#pending = NONE;
    return this.#takeHead(text, at + found + 4 - before, size);
  }

  #keep(buffer: Buffer, at: number, size: number): void {
    const needed = this.#pendingSize + size - at;
    if (this.#pending.length < needed) {
      const larger = Buffer.allocUnsafeSlow(Math.max(1024, 2 * needed));
      this.#pending.copy(larger, 0, 0, this.#pendingSize);
      this.#pending = larger;
    }
    buffer.copy(this.#pending, this.#pendingSize, at, size);
    this.#pendingSize = needed;
  }

  #takeHead(text: string, next: number, size: number): number {
    this.#overhead += text.length;
    this.#bound(0);
    const head = readResponseHead(text, this.#isHead);
    // Interim responses (RFC 9110, section 15.2) are not the answer.
    if (head.status < 200) return next;
    const { status, headers, body } = head;
    // Servers that send HEAD a body all the same would have it read as the answer to the next request.
    this.isReusable = head.isKept && !this.#isHead;
    this.keptMs = head.keptMs;
    this.#place = body === "chunked" ? "chunk size" : body === "to the end" ? "body to the end" : "sized body";
    this.#left = typeof body === "number" ? body : 0;
    this.#startChunk();
    this.#parts?.begin(status, headers, typeof body === "number" ? body : undefined);
    if (body === 0 && this.#place === "sized body") this.#end(next === size);
    return next;
  }

  #readSized(buffer: Buffer, at: number, size: number): number {
    const end = Math.min(size, at + this.#left);
    this.#left -= end - at;
    const isChunk = this.#place === "chunk";
    this.#parts?.data(buffer, at, end);
    if (this.#left > 0) return end;
    if (isChunk) this.#moveTo("chunk", "chunk's end");
    else if (this.#place === "sized body") this.#end(end === size);
    return end;
  }

  /** Unless somebody has stopped the reader meanwhile. */
  #moveTo(from: Place, to: Place): void {
    if (this.#place === from) this.#place = to;
  }

  #startChunk(): void {
    this.#digits = 0;
    this.#overhead = 0;
    this.#inLine = false;
  }

  /** What stands around chunks (RFC 9112, section 7.1): sizes, extensions, ends of lines, trailers. Gives whether it was the last of it. */
  #readFraming(place: FramingPlace, byte: number): boolean {
    this.#overhead++;
    this.#bound(0);
    switch (place) {
      case "chunk size":
        this.#readSize(byte);
        break;
      case "chunk extension":
        if (byte === CR) this.#place = "chunk size's end";
        else assertText(byte);
        break;
      case "chunk size's end":
        assertByte(byte, LF);
        this.#place = this.#left > 0 ? "chunk" : "trailer";
        break;
      case "chunk's end":
        assertByte(byte, CR);
        this.#place = "chunk's last byte";
        break;
      case "chunk's last byte":
        assertByte(byte, LF);
        this.#place = "chunk size";
        this.#startChunk();
        break;
      case "trailer":
        if (byte === CR) this.#place = "trailer's end";
        else assertText(byte);
        this.#inLine = byte !== CR || this.#inLine;
        break;
      case "trailer's end":
        assertByte(byte, LF);
        if (!this.#inLine) return true;
        this.#place = "trailer";
        this.#inLine = false;
        break;
    }
    return false;
  }

  #readSize(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      if (++this.#digits > SIZE_DIGITS) throw new InvalidResponse("a chunk is too large");
      this.#left = this.#left * 16 + digit;
      return;
    }
    if (this.#digits === 0) throw new InvalidResponse("a chunk has no size");
    if (byte === CR) this.#place = "chunk size's end";
    // Spaces before an extension are bad, but read (RFC 9112, section 7.1.1).
    else if (byte === 0x3b || byte === 0x20 || byte === TAB) this.#place = "chunk extension";
    else throw new InvalidResponse("a chunk's size is no number");
  }

  #bound(pending: number): void {
    if (this.#overhead + pending > this.#headerBytes) throw new InvalidResponse(`the head has more than ${this.#headerBytes} bytes`);
  }

  #end(isLast: boolean): void {
    const parts = this.#parts;
    this.#place = "idle";
    // What follows the response is not the answer to anything that will be asked.
    if (!isLast) this.isReusable = false;
    parts?.end();
  }
}

function assertByte(byte: number, expected: number): void {
  if (byte !== expected) throw new InvalidResponse("a chunk does not end where it should");
}

function assertText(byte: number): void {
  if ((byte < 0x20 && byte !== TAB) || byte === 0x7f) throw new InvalidResponse("a control character among chunks");
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
