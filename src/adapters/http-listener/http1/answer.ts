// The way of an answer onto the wire: a buffered one in a single write, a stream no faster than its reader.
import type { Socket } from "node:net";
import type { HeaderList, HttpResponse } from "../../../ports/http-server.ts";
import { announcedLength, asBuffer, checkStatus, neverHasBody } from "../answer-parts.ts";
import { answerHead, dateLine } from "./answer-head.ts";

/** Up to this size a body goes out as part of the head's own string: one write of one piece. */
const JOINED_BYTES = 16 * 1024;

/** How an answer is to be framed. */
export interface Framing {
  readonly isHead: boolean;
  /** `Connection` and what belongs to it, each with the end of its line. */
  readonly connection: string;
}

/** What is written of an answer at once: one piece, or two. */
export interface Written {
  /** One character a byte. */
  readonly text: string;
  readonly bytes: Buffer | undefined;
}

/**
 * A buffered answer as it goes out.
 * @throws {TypeError | RangeError} for a status or a header that HTTP does not allow
 */
export function written(status: number, headers: HeaderList, body: Uint8Array | string, { isHead, connection }: Framing): Written {
  checkStatus(status);
  const head = answerHead(status, headers);
  if (neverHasBody(status)) return { text: `${head}${dateLine()}${connection}\r\n`, bytes: undefined };
  // One character a byte is exact in Latin-1, as the head is written; UTF-8 text with more in it goes out as bytes.
  const bytes = typeof body === "string" ? plainText(body) : asBuffer(body);
  const length = isHead ? (announcedLength(headers) ?? bytes.length) : bytes.length;
  const text = `${head}Content-Length: ${length}\r\n${dateLine()}${connection}\r\n`;
  if (isHead || bytes.length === 0) return { text, bytes: undefined };
  if (typeof bytes === "string") return { text: text + bytes, bytes: undefined };
  if (bytes.length <= JOINED_BYTES) return { text: text + bytes.toString("latin1"), bytes: undefined };
  return { text, bytes };
}

/** The text itself when it is ASCII, otherwise its bytes in UTF-8. */
function plainText(text: string): string | Buffer {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text);
}

/** The head of an answer that is streamed. @param isChunked the client reads chunks @throws as {@link written} */
export function streamedHead({ status, headers }: HttpResponse, isChunked: boolean, connection: string): string {
  checkStatus(status);
  const framing = isChunked && !neverHasBody(status) ? "Transfer-Encoding: chunked\r\n" : "";
  return `${answerHead(status, headers)}${dateLine()}${connection}${framing}\r\n`;
}

/** A socket to which chunks are written, framed or, to a client that cannot read that, as they are. */
export class ChunkedSink {
  readonly #socket: Socket;
  readonly #isFramed: boolean;
  readonly #onEnd: () => void;

  /** @param onEnd is called when all has been written */
  constructor(socket: Socket, isFramed: boolean, onEnd: () => void) {
    this.#socket = socket;
    this.#isFramed = isFramed;
    this.#onEnd = onEnd;
  }

  get destroyed(): boolean {
    return this.#socket.destroyed;
  }

  write(chunk: Uint8Array): boolean {
    const socket = this.#socket;
    if (!this.#isFramed) return socket.write(chunk);
    socket.cork();
    socket.write(`${chunk.length.toString(16)}\r\n`, "latin1");
    socket.write(chunk);
    const hasRoom = socket.write("\r\n", "latin1");
    socket.uncork();
    return hasRoom;
  }

  end(): void {
    if (this.#isFramed) this.#socket.write("0\r\n\r\n", "latin1");
    this.#onEnd();
  }

  on(event: "drain" | "close", listener: () => void): this {
    this.#socket.on(event, listener);
    return this;
  }

  off(event: "drain" | "close", listener: () => void): this {
    this.#socket.off(event, listener);
    return this;
  }
}
