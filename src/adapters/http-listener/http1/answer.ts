// Answers as they go out.
import type { HeaderList, HttpResponse } from "../../../ports/http-server.ts";
import { announcedLength, asBuffer, checkStatus, neverHasBody } from "../answer-parts.ts";
import { answerHead, dateLine } from "./answer-head.ts";

/** Up to this size a body goes out as part of the head's own string: one write of one piece. */
const JOINED_BYTES = 16 * 1024;

/** In place of an answer that there is not. */
export const NOT_ANSWERED = {
  status: 500,
  headers: ["Content-Type", "application/json"],
  body: '{"message":"Internal server error"}',
} as const satisfies HttpResponse;

/** What is written of an answer at once: one piece, or two. */
export interface Written {
  /** One character a byte. */
  readonly text: string;
  readonly bytes: Buffer | undefined;
}

/**
 * A buffered answer as it goes out.
 * @param isHead it answers HEAD: it has no body, but tells its length
 * @param connection `Connection` and what belongs to it, each with the end of its line
 * @throws {TypeError | RangeError} for a status or a header that HTTP does not allow
 */
export function written(status: number, headers: HeaderList, body: Uint8Array | string, isHead: boolean, connection: string): Written {
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
