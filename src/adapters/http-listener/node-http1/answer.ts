// The way of an answer onto the wire: a buffered one in a single write, a stream no faster than its reader.
import { validateHeaderName, validateHeaderValue } from "node:http";
import type { ServerResponse } from "node:http";
import type { HeaderList, HttpResponse } from "../../../ports/http-server.ts";
import type { Log } from "../../../ports/log.ts";
import { announcedLength, asBuffer, cancel, checkStatus, end, isStream, neverHasBody, pump } from "../answer-parts.ts";
import type { ListenerLimits } from "../limits.ts";
import type { Http1Exchange } from "./exchange.ts";

/** Up to this size a body goes out as part of the head's own string: one write of one piece. */
const JOINED_BYTES = 16 * 1024;

/** Sends an answer. One that HTTP does not allow (status, header characters) becomes a 500, its reason in the log. */
export function answer(exchange: Http1Exchange, ready: HttpResponse, log: Log, limits: ListenerLimits): void {
  const { response } = exchange;
  if (exchange.isGone) {
    cancel(ready.body);
    return;
  }
  try {
    checkStatus(ready.status);
    if (isStream(ready.body)) stream(exchange, ready, ready.body, log, limits);
    else whole(exchange, ready, ready.body);
  } catch (error) {
    log.error("an answer cannot be sent", error, exchange.logFields());
    cancel(ready.body);
    answerFailure(response, 500, "Internal server error");
  }
  exchange.discardBody();
  watchReader(response, limits);
}

/** A small JSON answer of the listener's own; a connection whose answer has already begun is cut instead. */
export function answerFailure(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify({ message });
  response.statusMessage = "";
  response.writeHead(status, ["Content-Type", "application/json", "Content-Length", String(body.length)]);
  response.end(response.req.method === "HEAD" ? undefined : body, "latin1");
}

function whole(exchange: Http1Exchange, ready: HttpResponse, body: Uint8Array | string): void {
  const { response } = exchange;
  if (neverHasBody(ready.status)) {
    headWithoutBody(response, ready);
    response.end();
    return;
  }
  // One character a byte is exact in Latin-1, as the head is written; UTF-8 text with more in it goes out as bytes.
  const bytes = typeof body === "string" ? plainText(body) : asBuffer(body);
  const headers = ownHeaders(ready.headers);
  if (exchange.method === "HEAD") {
    headers.push("Content-Length", announcedLength(ready.headers) ?? String(bytes.length));
    response.writeHead(ready.status, headers);
    response.end();
    return;
  }
  headers.push("Content-Length", String(bytes.length));
  response.writeHead(ready.status, headers);
  if (typeof bytes !== "string" && bytes.length <= JOINED_BYTES) response.end(bytes.toString("latin1"), "latin1");
  else response.end(bytes, "latin1");
}

/** Checked before node is told the status: once it knows that no body follows, a 500 could not have one either. */
function headWithoutBody(response: ServerResponse, ready: HttpResponse): void {
  const headers = ownHeaders(ready.headers);
  for (let i = 0; i < headers.length; i += 2) {
    validateHeaderName(headers[i] as string);
    validateHeaderValue(headers[i] as string, headers[i + 1] as string);
  }
  response.writeHead(ready.status, headers);
}

/** The text itself when it is ASCII, otherwise its bytes in UTF-8. */
function plainText(text: string): string | Buffer {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text);
}

/** The handler's headers without those that are the listener's own: framing, connection and date. */
function ownHeaders(headers: HeaderList): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (!isListenersOwn(name)) kept.push(name, headers[i + 1] as string);
  }
  return kept;
}

function isListenersOwn(name: string): boolean {
  switch (name.length) {
    case 4:
      return name.toLowerCase() === "date";
    case 7:
      // No trailer fields follow an answer, and node refuses the announcement of them.
      return name.toLowerCase() === "trailer";
    case 10:
      return /^(?:connection|keep-alive)$/i.test(name);
    case 14:
      return name.toLowerCase() === "content-length";
    case 17:
      return name.toLowerCase() === "transfer-encoding";
    default:
      return false;
  }
}

function stream(
  exchange: Http1Exchange,
  ready: HttpResponse,
  body: AsyncIterable<Uint8Array>,
  log: Log,
  limits: ListenerLimits,
): void {
  const { response } = exchange;
  if (neverHasBody(ready.status)) headWithoutBody(response, ready);
  else response.writeHead(ready.status, ownHeaders(ready.headers));
  if (neverHasBody(ready.status) || exchange.method === "HEAD") {
    response.end();
    cancel(body);
    return;
  }
  response.flushHeaders();
  const chunks = body[Symbol.asyncIterator]();
  exchange.onGone = () => end(chunks);
  pump(response, chunks, () => watchReader(response, limits)).catch((error: unknown) => {
    // The status line is out: all that is left is to let the client see that the answer is not whole.
    if (!exchange.isGone) log.error("an answer broke off", error, exchange.logFields());
    response.destroy();
    end(chunks);
  });
}

/** A client that takes nothing of what waits for it loses its connection. node:http resets this with the next request. */
function watchReader(response: ServerResponse, limits: ListenerLimits): void {
  const { socket } = response;
  if (socket === null || socket.writableLength === 0) return;
  socket.setTimeout(limits.stalledReaderMs);
  const settled = (): void => {
    response.off("drain", settled).off("finish", settled);
    if (response.socket !== null) socket.setTimeout(0);
  };
  response.on("drain", settled).on("finish", settled);
}
