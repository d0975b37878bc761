// The head of a response: status line, headers, and how the body is framed (RFC 9112, sections 4 to 6).
import type { HeaderList } from "../../ports/http-server.ts";
import { InvalidResponse } from "./failures.ts";
import { FORBIDDEN_IN_VALUE, nameIn } from "../http1-syntax/index.ts";
import { headerKind } from "./header-names.ts";

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
 * @param text the head, one character a byte, its empty line left out
 * @param isAnswerToHead the method was HEAD: no body follows whatever the headers say
 * @throws {InvalidResponse}
 */
export function readResponseHead(text: string, isAnswerToHead: boolean): ResponseHead {
  const isHttp11 = readVersion(text);
  const status = readStatus(text);
  const headers: string[] = [];
  const framing: Framing = { length: undefined, coding: undefined, connection: "", keepAlive: undefined };
  const hasForbidden = FORBIDDEN_IN_HEAD.test(text);
  let at = text.indexOf("\r\n") + 2;
  while (at < text.length) {
    const end = text.indexOf("\r\n", at);
    const colon = text.indexOf(":", at);
    if (colon < 0 || colon > end) throw new InvalidResponse("a header without a colon");
    const name = nameIn(text, at, colon);
    const value = trimmed(text, colon + 1, end);
    const kind = name && headerKind(name);
    if (name === undefined || kind === undefined) throw new InvalidResponse("a header's name has characters that names cannot have");
    if (hasForbidden && FORBIDDEN_IN_VALUE.test(value)) throw new InvalidResponse(`the header ${name} has a character that headers cannot have`);
    if (kind !== "plain") note(framing, kind, value);
    headers.push(name, value);
    at = end + 2;
  }
  if (status === 101) throw new InvalidResponse("an upgrade that nobody asked for");
  const hasBody = !isAnswerToHead && status >= 200 && status !== 204 && status !== 304;
  const body = bodyOf(framing, isHttp11, hasBody);
  const isKept = body !== "to the end" && (isHttp11 ? !CLOSE.test(framing.connection) : KEEP_ALIVE.test(framing.connection));
  return { status, headers, body, isKept, keptMs: keptMs(framing.keepAlive) };
}

/**
 * What no value may hold, looked for in all of them at once: {@link FORBIDDEN_IN_VALUE}, but for the ends of lines. A head that has
 * none of it has no value with any of it.
 */
const FORBIDDEN_IN_HEAD = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n/;

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
  const lineEnd = text.indexOf("\r\n");
  const hundreds = text.charCodeAt(9) - 0x30;
  const tens = text.charCodeAt(10) - 0x30;
  const ones = text.charCodeAt(11) - 0x30;
  const isStatus = hundreds >= 1 && hundreds <= 9 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
  const isAlone = lineEnd === 12 || text.charCodeAt(12) === 0x20;
  if (!isStatus || !isAlone || FORBIDDEN_IN_VALUE.test(text.slice(12, lineEnd))) throw new InvalidResponse("a status that is none");
  return hundreds * 100 + tens * 10 + ones;
}

/** A value without the spaces and tabs around it. */
function trimmed(text: string, start: number, end: number): string {
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

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
