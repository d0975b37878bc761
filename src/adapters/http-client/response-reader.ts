// Reads responses off a connection, strictly (RFC 9112): what could be read in two ways is not read at all.
import type { HeaderList } from "../../ports/http-server.ts";
import { ChunkReader, HeadReader, type HeadScanner } from "../http1-syntax/index.ts";
import { InvalidResponse } from "./failures.ts";
import { readResponseHead } from "./response-head.ts";

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
  | "chunks"
  | "body to the end";

const invalid = (reason: string): Error => new InvalidResponse(reason);

export class ResponseReader {
  readonly #scanner: HeadScanner;
  readonly #heads: HeadReader;
  #parts: ResponseParts | undefined;
  #isHead = false;
  #place: Place = "idle";
  /** Bytes of the heads so far, interim ones too. */
  #overhead = 0;
  /** Bytes that are missing of the body. */
  #left = 0;
  #chunks: ChunkReader | undefined;
  /** Whether the connection may carry another request once the response is over. */
  isReusable = false;
  /** For how long the server said it keeps the connection, in milliseconds. */
  keptMs: number | undefined;

  /** @param scanner its limit is also the most that heads together, the size of a chunk or a trailer may take */
  constructor(scanner: HeadScanner) {
    this.#scanner = scanner;
    this.#heads = new HeadReader(scanner);
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
          at = this.#readSized(buffer, at, size);
          break;
        case "chunks":
          at = this.#readChunks(buffer, at, size);
          break;
        case "body to the end":
          this.#parts?.data(buffer, at, size);
          return;
        case "idle":
          throw new InvalidResponse("bytes that belong to no response");
        case "stopped":
          return;
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
    const text = this.#heads.readText(buffer, at, size);
    if (text !== undefined) return this.#takeHead(text, this.#heads.behind, size);
    this.#bound(this.#heads.size);
    return size;
  }

  #takeHead(text: string, next: number, size: number): number {
    this.#overhead += text.length;
    this.#bound(0);
    const head = readResponseHead(text, this.#scanner, this.#isHead);
    // Interim responses (RFC 9110, section 15.2) are not the answer.
    if (head.status < 200) return next;
    const { status, headers, body } = head;
    // Servers that send HEAD a body all the same would have it read as the answer to the next request.
    this.isReusable = head.isKept && !this.#isHead;
    this.keptMs = head.keptMs;
    this.#place = body === "chunked" ? "chunks" : body === "to the end" ? "body to the end" : "sized body";
    this.#left = typeof body === "number" ? body : 0;
    if (body === "chunked") this.#chunks = new ChunkReader(this.#scanner.limit, true, invalid);
    this.#parts?.begin(status, headers, typeof body === "number" ? body : undefined);
    if (body === 0 && this.#place === "sized body") this.#end(next === size);
    return next;
  }

  #readSized(buffer: Buffer, at: number, size: number): number {
    const end = Math.min(size, at + this.#left);
    this.#left -= end - at;
    this.#parts?.data(buffer, at, end);
    // Unless somebody has stopped the reader meanwhile.
    if (this.#left === 0 && this.#place === "sized body") this.#end(end === size);
    return end;
  }

  #readChunks(buffer: Buffer, at: number, size: number): number {
    const chunks = this.#chunks as ChunkReader;
    const end = chunks.read(buffer, at, size, this.#parts as ResponseParts);
    if (chunks.isOver && this.#place === "chunks") this.#end(end === size);
    return end;
  }

  /** @param pending bytes of a head that has not come whole */
  #bound(pending: number): void {
    const { limit } = this.#scanner;
    if (this.#overhead + pending > limit) throw new InvalidResponse(`heads of more than ${limit} bytes`);
  }

  #end(isLast: boolean): void {
    const parts = this.#parts;
    this.#place = "idle";
    // What follows the response is not the answer to anything that will be asked.
    if (!isLast) this.isReusable = false;
    parts?.end();
  }
}
