// The way of an answer onto a stream of HTTP/2.
import type { ServerHttp2Stream } from "node:http2";
import { validateHeaderValue } from "node:http";
import type { HeaderList, HttpResponse } from "../../../ports/http-server.ts";
import type { Log } from "../../../ports/log.ts";
import { announcedLength, asBuffer, cancel, checkStatus, end, isStream, neverHasBody, pump } from "../answer-parts.ts";
import type { Http2Exchange } from "./exchange.ts";

/** A larger body is handed over in pieces of this size, so that a connection holds one piece of each answer. */
const PIECE_BYTES = 64 * 1024;

/** Fields that a message of HTTP/2 must not have (RFC 9113, section 8.2.2), and those that are the listener's own. */
const LEFT_OUT = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
  "http2-settings",
  "content-length",
  "date",
  "trailer",
]);

/**
 * Sends an answer. One that HTTP/2 does not allow (status, header characters) becomes a 500, its reason in the log.
 * `waits` is called whenever all that is missing is that the client reads.
 */
export function answer(exchange: Http2Exchange, ready: HttpResponse, log: Log, waits: () => void): void {
  const { stream } = exchange;
  if (isOver(exchange)) {
    cancel(ready.body);
    return;
  }
  try {
    checkStatus(ready.status);
    if (isStream(ready.body)) streamed(exchange, ready, ready.body, log, waits);
    else whole(exchange, ready, ready.body, waits);
  } catch (error) {
    log.error("an answer cannot be sent", error, exchange.logFields());
    cancel(ready.body);
    answerFailure(stream, 500, "Internal server error");
  }
  exchange.discardBody();
}

/** A small JSON answer of the listener's own; a stream whose answer has already begun is reset instead. */
export function answerFailure(stream: ServerHttp2Stream, status: number, message: string): void {
  if (stream.closed || stream.destroyed) return;
  if (stream.headersSent) {
    breakOff(stream, message);
    return;
  }
  const body = JSON.stringify({ message });
  // Node has ended the stream of a HEAD request before anybody could write to it.
  const isHead = stream.writableEnded;
  const fields = [":status", String(status), "content-type", "application/json", "content-length", String(body.length)];
  stream.respond(fields, { endStream: isHead });
  if (!isHead) stream.end(body);
}

/**
 * Resets a stream whose answer is not whole. Its `close` would not do: whatever the code, that ends the writing first, and
 * the client would take what it has for the whole answer.
 */
export function breakOff(stream: ServerHttp2Stream, reason: string): void {
  stream.destroy(new Error(reason));
}

function isOver({ stream, isGone }: Http2Exchange): boolean {
  return isGone || stream.closed || stream.destroyed;
}

function whole(exchange: Http2Exchange, ready: HttpResponse, body: Uint8Array | string, waits: () => void): void {
  const { stream } = exchange;
  const headers = fieldsOf(ready);
  if (hasNoBody(ready.status)) {
    stream.respond(headers, { endStream: true });
    return;
  }
  const bytes = typeof body === "string" ? Buffer.from(body) : asBuffer(body);
  const isHead = exchange.method === "HEAD";
  headers.push("content-length", (isHead ? announcedLength(ready.headers) : undefined) ?? String(bytes.length));
  const isBare = isHead || bytes.length === 0;
  stream.respond(headers, { endStream: isBare });
  if (isBare) return;
  waits();
  if (bytes.length <= PIECE_BYTES) stream.end(bytes);
  else pump(stream, pieces(bytes), waits).catch((error: unknown) => breakOff(stream, String(error)));
}

async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

/** 205 is with them: node sends it without a body (RFC 9110, section 15.3.6). */
function hasNoBody(status: number): boolean {
  return status === 205 || neverHasBody(status);
}

function streamed(
  exchange: Http2Exchange,
  ready: HttpResponse,
  body: AsyncIterable<Uint8Array>,
  log: Log,
  waits: () => void,
): void {
  const { stream } = exchange;
  const isBare = hasNoBody(ready.status) || exchange.method === "HEAD";
  stream.respond(fieldsOf(ready), { endStream: isBare });
  if (isBare) {
    cancel(body);
    return;
  }
  const chunks = body[Symbol.asyncIterator]();
  exchange.onGone = () => end(chunks);
  pump(stream, chunks, waits).catch((error: unknown) => {
    // The status is out: all that is left is to let the client see that the answer is not whole.
    if (!exchange.isGone) log.error("an answer broke off", error, exchange.logFields());
    breakOff(stream, "the answer broke off");
    end(chunks);
  });
}

/** Status and headers as node takes them; it writes names in lower case and refuses those that are none. */
function fieldsOf({ status, headers }: { status: number; headers: HeaderList }): string[] {
  const fields = [":status", String(status)];
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    if (LEFT_OUT.has(name)) continue;
    if (name === "" || name.startsWith(":")) throw new TypeError(`${JSON.stringify(name)} is no name of a header`);
    const value = headers[i + 1] as string;
    validateHeaderValue(name, value);
    // A value must not begin or end with blanks there (section 8.2.1); on HTTP/1.1 its reader takes them off.
    fields.push(name, value.replace(/^[ \t]+|[ \t]+$/g, ""));
  }
  return fields;
}
