// The head of a response: status line, headers, and how the body is framed (RFC 9112, sections 4 to 6).
import type { HeaderList } from "../../ports/http-server.ts";
import { InvalidResponse } from "./failures.ts";
import { type HeadScanner, responseHead } from "../http1-syntax/index.ts";
import { headerKind } from "./header-names.ts";

/** For the scanner that finds it. */
export const RESPONSE_HEAD = responseHead((reason) => new InvalidResponse(reason));

export interface ResponseHead {
  readonly status: number;
  /** Names and values as they came, a character a byte. */
  readonly headers: HeaderList;
  /** The body's length in bytes, or how its end is told. */
  readonly body: number | "chunked" | "to the end";
  /** Whether the connection stays open after the body. */
  readonly isKept: boolean;
  /** For how long the server said it keeps the connection, in milliseconds. */
  readonly keptMs: number | undefined;
}

/** Framing as the headers tell it. */
interface Framing {
  length: string | undefined;
  coding: string | undefined;
  connection: string;
  keepAlive: string | undefined;
}

/**
 * @param text the head that the scanner found last, one character a byte
 * @param isAnswerToHead the method was HEAD: no body follows whatever the headers say
 * @throws {InvalidResponse}
 */
export function readResponseHead(text: string, scanner: HeadScanner, isAnswerToHead: boolean): ResponseHead {
  const isHttp11 = readVersion(text);
  const status = readStatus(text);
  const headers = scanner.headers(text);
  const framing: Framing = { length: undefined, coding: undefined, connection: "", keepAlive: undefined };
  for (let i = 0; i < headers.length; i += 2) {
    const kind = headerKind(headers[i] as string);
    if (kind !== undefined && kind !== "plain") note(framing, kind, headers[i + 1] as string);
  }
  if (status === 101) throw new InvalidResponse("an upgrade that nobody asked for");
  const hasBody = !isAnswerToHead && status >= 200 && status !== 204 && status !== 304;
  const body = bodyOf(framing, isHttp11, hasBody);
  const isKept = body !== "to the end" && (isHttp11 ? !CLOSE.test(framing.connection) : KEEP_ALIVE.test(framing.connection));
  return { status, headers, body, isKept, keptMs: keptMs(framing.keepAlive) };
}

const CLOSE = /(?:^|,)\s*close\s*,/i;
const KEEP_ALIVE = /(?:^|,)\s*keep-alive\s*,/i;

/** `HTTP/1.1 200 OK`: any minor version is one that HTTP/1.1 understands, but 0 keeps no connections of its own accord. */
function readVersion(text: string): boolean {
  const minor = text.charCodeAt(7);
  if (!text.startsWith("HTTP/1.") || (minor !== 0x30 && minor !== 0x31) || text.charCodeAt(8) !== 0x20) {
    throw new InvalidResponse("no status line of HTTP/1");
  }
  return minor === 0x31;
}

function readStatus(text: string): number {
  const hundreds = text.charCodeAt(9) - 0x30;
  const tens = text.charCodeAt(10) - 0x30;
  const ones = text.charCodeAt(11) - 0x30;
  const isStatus = hundreds >= 1 && hundreds <= 9 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
  const next = text.charCodeAt(12);
  if (!isStatus || (next !== 0x20 && next !== 0x0d)) throw new InvalidResponse("a status that is none");
  return hundreds * 100 + tens * 10 + ones;
}

function note(framing: Framing, kind: string, value: string): void {
  switch (kind) {
    case "content-length":
      if (framing.length !== undefined) throw new InvalidResponse("more than one Content-Length");
      framing.length = value;
      break;
    case "transfer-encoding":
      if (framing.coding !== undefined) throw new InvalidResponse("more than one Transfer-Encoding");
      framing.coding = value;
      break;
    case "connection":
      framing.connection += `${value},`;
      break;
    case "keep-alive":
      framing.keepAlive = value;
      break;
  }
}

/** RFC 9112, section 6.3, refusing where it lets a recipient choose. */
function bodyOf({ length, coding }: Framing, isHttp11: boolean, hasBody: boolean): ResponseHead["body"] {
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new InvalidResponse("a Content-Length that is no number");
  if (coding !== undefined) {
    if (length !== undefined) throw new InvalidResponse("both Content-Length and Transfer-Encoding");
    if (!isHttp11) throw new InvalidResponse("Transfer-Encoding before HTTP/1.1");
    if (coding.toLowerCase() !== "chunked") throw new InvalidResponse("a transfer coding other than chunked");
  }
  if (!hasBody) return 0;
  if (coding !== undefined) return "chunked";
  return length === undefined ? "to the end" : Number(length);
}

/** `timeout=5, max=100` */
function keptMs(keepAlive: string | undefined): number | undefined {
  const seconds = keepAlive === undefined ? undefined : /\btimeout=(\d{1,9})\b/i.exec(keepAlive)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
