// The head of a request to the Runtime API: request line, headers, and how the body is framed (RFC 9112, sections 3 to 6).
// What could be read in two ways is not read at all.
import type { HeaderList } from "../../ports/http-server.ts";
import { isToken, nameKinds } from "../http1-syntax/index.ts";

export interface RequestHead {
  readonly method: string;
  /** In origin form: of an absolute target the path and query are left. */
  readonly target: string;
  /** Names and values as they came, a character a byte. */
  readonly headers: HeaderList;
  /** The body's length in bytes, or how its end is told. */
  readonly body: number | "chunked";
  /** Whether the connection stays open after the answer. */
  readonly isKept: boolean;
  /** Whether the client waits to be told to go on before it sends the body. */
  readonly awaitsContinue: boolean;
}

/** Bytes that are no request, or too many of them. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
  /** Of the answer. */
  readonly status: 400 | 417 | 431;

  constructor(reason: string, status: BadRequest["status"] = 400) {
    super(reason);
    this.status = status;
  }
}

const FRAMING = ["host", "content-length", "transfer-encoding", "connection", "expect"] as const;
const kindOf = nameKinds(new Map(FRAMING.map((name) => [name, name])));

/** The headers that frame the message; the values of Connection with a comma behind each. */
type Framing = { [Name in (typeof FRAMING)[number]]: string | undefined };

/** What no value may hold, looked for in all of them at once (RFC 9110, section 5.5), but for the ends of lines. */
const FORBIDDEN_IN_HEAD = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n/;
const FORBIDDEN_IN_TARGET = /[^\x21-\x7e\x80-\xff]/;
const CLOSE = /(?:^|,)[\t ]*close[\t ]*,/i;
const KEEP_ALIVE = /(?:^|,)[\t ]*keep-alive[\t ]*,/i;

/**
 * @param text the head, one character a byte, without the empty line at its end
 * @throws {BadRequest}
 */
export function readRequestHead(text: string): RequestHead {
  if (FORBIDDEN_IN_HEAD.test(text)) throw new BadRequest("a character that may not stand there");
  const lineEnd = text.indexOf("\r\n");
  const methodEnd = text.indexOf(" ");
  const targetEnd = text.lastIndexOf(" ", lineEnd);
  const method = text.slice(0, Math.max(0, methodEnd));
  const target = text.slice(methodEnd + 1, targetEnd);
  if (targetEnd > lineEnd || !isToken(method) || target === "" || FORBIDDEN_IN_TARGET.test(target)) throw new BadRequest("no request line");
  const protocol = text.slice(targetEnd + 1, lineEnd);
  if (protocol !== "HTTP/1.1" && protocol !== "HTTP/1.0") throw new BadRequest("a protocol other than HTTP/1.0 and HTTP/1.1");
  const isHttp11 = protocol === "HTTP/1.1";
  const headers: string[] = [];
  const framing = readHeaders(text, lineEnd + 2, headers);
  const { connection = "", expect, host } = framing;
  if (isHttp11 && host === undefined) throw new BadRequest("no Host header");
  const body = bodyOf(framing, isHttp11);
  // HTTP/1.0 has no expectations (RFC 9110, section 10.1.1).
  const expects = isHttp11 && expect !== undefined;
  if (expects && expect.toLowerCase() !== "100-continue") throw new BadRequest("an expectation that cannot be met", 417);
  return {
    method,
    target: target.startsWith("/") ? target : originForm(target),
    headers,
    body,
    isKept: connection === "" ? isHttp11 : isHttp11 ? !CLOSE.test(connection) : KEEP_ALIVE.test(connection),
    awaitsContinue: expects && body !== 0,
  };
}

/** Reads the headers from `at` on into a list. Gives those that frame the message. */
function readHeaders(text: string, at: number, headers: string[]): Framing {
  const framing: Framing = { host: undefined, "content-length": undefined, "transfer-encoding": undefined, connection: undefined, expect: undefined };
  while (at < text.length) {
    const end = text.indexOf("\r\n", at);
    const colon = text.indexOf(":", at);
    if (colon < 0 || colon > end) throw new BadRequest("a line that is no header");
    const name = text.slice(at, colon);
    const value = withoutBlanks(text, colon + 1, end);
    const kind = kindOf(name);
    if (kind === undefined) throw new BadRequest("a line that is no header");
    if (kind === "connection") framing.connection = `${framing.connection ?? ""}${value},`;
    else if (kind !== "plain") {
      if (framing[kind] !== undefined) throw new BadRequest(`more than one ${name} header`);
      framing[kind] = value;
    }
    headers.push(name, value);
    at = end + 2;
  }
  return framing;
}

/** A value without the spaces and tabs around it. */
function withoutBlanks(text: string, start: number, end: number): string {
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/** RFC 9112, section 6.3, refusing where it lets a recipient choose. */
function bodyOf({ "content-length": length, "transfer-encoding": coding }: Framing, isHttp11: boolean): RequestHead["body"] {
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw new BadRequest("a Content-Length that is no number");
  if (coding === undefined) return length === undefined ? 0 : Number(length);
  if (length !== undefined) throw new BadRequest("both Content-Length and Transfer-Encoding");
  if (coding.toLowerCase() !== "chunked") throw new BadRequest("a transfer coding other than chunked");
  if (!isHttp11) throw new BadRequest("Transfer-Encoding before HTTP/1.1");
  return "chunked";
}

/** Of `http://host/path` the path (RFC 9112, section 3.2.2). */
function originForm(target: string): string {
  const path = /^https?:\/\/[^/?#]+(.*)$/i.exec(target)?.[1];
  if (path === undefined) throw new BadRequest("a request target that is neither a path nor an http URL");
  return path.startsWith("/") ? path : `/${path}`;
}
