// One request on one connection whose response is handed on while it arrives, no faster than it is read.
import type { Dispatcher } from "undici";
import { UpstreamError } from "../../ports/http-client.ts";
import type { UpstreamRequest, UpstreamStream } from "../../ports/http-client.ts";
import { decoded } from "./exchange.ts";
import type { AttemptOutcome, Exchange } from "./exchange.ts";
import { explain } from "./failures.ts";
import type { Connection } from "./pool.ts";

/** So much may wait to be read before the connection is told to stop, in bytes. */
const WAITING_BYTES = 64 * 1024;

type Result = IteratorResult<Uint8Array, undefined>;
const END: Result = { done: true, value: undefined };

/** Somebody who waits for the next chunk. */
interface Reader {
  resolve(result: Result): void;
  reject(error: UpstreamError): void;
}

export class StreamingAttempt implements Exchange, AsyncIterator<Uint8Array, undefined> {
  readonly #request: Pick<UpstreamRequest, "origin">;
  readonly #connection: Connection;
  readonly #outcome: AttemptOutcome<UpstreamStream>;
  readonly #chunks: Buffer[] = [];
  #waitingBytes = 0;
  #reader: Reader | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #isReused = false;
  #hasReceived = false;
  /** The last byte has come, or none will come any more. */
  #isSettled = false;
  #error: UpstreamError | undefined;

  constructor(request: Pick<UpstreamRequest, "origin">, connection: Connection, outcome: AttemptOutcome<UpstreamStream>) {
    this.#request = request;
    this.#connection = connection;
    this.#outcome = outcome;
  }

  cancel(error: UpstreamError): void {
    if (this.#isSettled) return;
    this.#fail(error);
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
    const headers = decoded(controller.rawHeaders as Buffer[]);
    this.#outcome.begun({ status, headers, body: { [Symbol.asyncIterator]: () => this } });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isSettled) return;
    if (this.#reader !== undefined) {
      this.#answerReader().resolve({ done: false, value: chunk });
      return;
    }
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes >= WAITING_BYTES) controller.pause();
  }

  onResponseEnd(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    if (this.#reader !== undefined) this.#answerReader().resolve(END);
    this.#outcome.done();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#isSettled) return;
    const { failure, message, isClosed } = explain(error, this.#request.origin, this.#connection.stage);
    const isStale = isClosed && this.#isReused && !this.#hasReceived;
    const explained = new UpstreamError(failure, message, { cause: error });
    this.#fail(explained);
    this.#outcome.failed(explained, isStale);
  }

  /** What has come is still handed out, the error after it. */
  next(): Promise<Result> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#waitingBytes -= chunk.length;
      if (this.#chunks.length === 0 && this.#controller?.paused === true) this.#controller.resume();
      return Promise.resolve({ done: false, value: chunk });
    }
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#isSettled) return Promise.resolve(END);
    return new Promise((resolve, reject) => (this.#reader = { resolve, reject }));
  }

  return(): Promise<Result> {
    this.cancel(new UpstreamError("aborted", `${this.#request.origin}: the response was not read to its end`));
    this.#chunks.length = 0;
    this.#error = undefined;
    return Promise.resolve(END);
  }

  #fail(error: UpstreamError): void {
    this.#isSettled = true;
    this.#error = error;
    if (this.#reader !== undefined) this.#answerReader().reject(error);
  }

  #answerReader(): Reader {
    const reader = this.#reader as Reader;
    this.#reader = undefined;
    return reader;
  }
}
