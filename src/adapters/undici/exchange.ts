// One request on one connection: undici's events in, the response or the reason for its absence out.
import type { Dispatcher } from "undici";
import { UpstreamError } from "../../ports/http-client.ts";
import type { UpstreamRequest, UpstreamResponse } from "../../ports/http-client.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import { explain } from "./failures.ts";
import type { Connection } from "./pool.ts";

const EMPTY = Buffer.alloc(0);

/** A request on a connection, and the only way to end it early. */
export interface Exchange extends Dispatcher.DispatchHandler {
  /** Gives up: the connection ends, since the rest of the response may still come on it. */
  cancel(error: UpstreamError): void;
}

/** What becomes of an attempt. `begun` comes once or not at all, then exactly one of the others, once. */
export interface AttemptOutcome<Response> {
  /** There is a response to hand out. */
  begun(response: Response): void;
  /** The connection is free. */
  done(): void;
  /** `isStale`: a connection kept from before was closed under the request, and nothing of a response came. */
  failed(error: UpstreamError, isStale: boolean): void;
}

/** Collects a whole response. */
export class Attempt implements Exchange {
  readonly #request: UpstreamRequest;
  readonly #connection: Connection;
  readonly #outcome: AttemptOutcome<UpstreamResponse>;
  #controller: Dispatcher.DispatchController | undefined;
  #isSettled = false;
  #isReused = false;
  #hasReceived = false;
  #status = 0;
  #headers: HeaderList = [];
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(request: UpstreamRequest, connection: Connection, outcome: AttemptOutcome<UpstreamResponse>) {
    this.#request = request;
    this.#connection = connection;
    this.#outcome = outcome;
  }

  cancel(error: UpstreamError): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#chunks = [];
    if (this.#controller === undefined) this.#connection.destroy();
    else this.#controller.abort(error);
    this.#outcome.failed(error, false);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#isReused = this.#connection.used > 0;
    this.#connection.used++;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    this.#hasReceived = true;
    // Interim responses (RFC 9110, section 15.2) are not the answer.
    if (status < 200) return;
    this.#status = status;
    this.#headers = decoded(controller.rawHeaders as Buffer[]);
    if (this.#request.method !== "HEAD" && announcedLength(this.#headers) > this.#request.responseLimit) this.#tooLarge();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#request.responseLimit) this.#tooLarge();
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const [first = EMPTY, second] = this.#chunks;
    const body = second === undefined ? first : Buffer.concat(this.#chunks, this.#size);
    this.#outcome.begun({ status: this.#status, headers: this.#headers, body });
    this.#outcome.done();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#isSettled) return;
    const { failure, message, isClosed } = explain(error, this.#request.origin, this.#connection.stage);
    const isStale = isClosed && this.#isReused && !this.#hasReceived;
    this.#isSettled = true;
    this.#chunks = [];
    this.#outcome.failed(new UpstreamError(failure, message, { cause: error }), isStale);
  }

  #tooLarge(): void {
    this.cancel(new UpstreamError("tooLarge", `The response has more than ${this.#request.responseLimit} bytes`));
  }
}

/** Names and values as they came, a character a byte. */
export function decoded(raw: readonly Buffer[]): HeaderList {
  const headers: string[] = [];
  for (let i = 0; i < raw.length; i++) headers.push((raw[i] as Buffer).toString("latin1"));
  return headers;
}

function announcedLength(headers: HeaderList): number {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.length === 14 && name.toLowerCase() === "content-length") return Number(headers[i + 1]);
  }
  return 0;
}
