// Hands a response on while it arrives, no faster than it is read.
import { UpstreamError } from "../../ports/http-client.ts";
import type { UpstreamStream } from "../../ports/http-client.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import type { Receiver } from "./exchange.ts";

/** So much may wait to be read before the connection is told to stop, in bytes. */
const WAITING_BYTES = 64 * 1024;

type Result = IteratorResult<Uint8Array, undefined>;
const END: Result = { done: true, value: undefined };

/** Somebody who waits for the next chunk. */
interface Reader {
  resolve(result: Result): void;
  reject(error: UpstreamError): void;
}

/** What a stream does to the exchange that feeds it. */
export interface Flow {
  pause(): void;
  resume(): void;
  cancel(error: UpstreamError): void;
}

export class StreamedResponse implements Receiver, AsyncIterator<Uint8Array, undefined> {
  readonly #flow: Flow;
  readonly #resolve: (response: UpstreamStream) => void;
  readonly #reject: (error: UpstreamError) => void;
  readonly #chunks: Buffer[] = [];
  #waitingBytes = 0;
  #isPaused = false;
  #reader: Reader | undefined;
  #isOver = false;
  #error: UpstreamError | undefined;

  constructor(flow: Flow, resolve: (response: UpstreamStream) => void, reject: (error: UpstreamError) => void) {
    this.#flow = flow;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(status: number, headers: HeaderList): void {
    this.#resolve({ status, headers, body: { [Symbol.asyncIterator]: () => this } });
  }

  data(buffer: Buffer, start: number, end: number): void {
    const chunk = Buffer.from(buffer.subarray(start, end));
    if (this.#reader !== undefined) {
      this.#takeReader().resolve({ done: false, value: chunk });
      return;
    }
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes < WAITING_BYTES || this.#isPaused) return;
    this.#isPaused = true;
    this.#flow.pause();
  }

  end(): void {
    this.#isOver = true;
    if (this.#reader !== undefined) this.#takeReader().resolve(END);
  }

  /** Before the head this is the answer to the request; afterwards, of whoever reads. */
  failed(error: UpstreamError): void {
    this.#isOver = true;
    this.#error = error;
    this.#reject(error);
    if (this.#reader !== undefined) this.#takeReader().reject(error);
  }

  /** What has come is still handed out, the error after it. */
  next(): Promise<Result> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#waitingBytes -= chunk.length;
      if (this.#chunks.length === 0 && this.#isPaused) {
        this.#isPaused = false;
        this.#flow.resume();
      }
      return Promise.resolve({ done: false, value: chunk });
    }
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#isOver) return Promise.resolve(END);
    return new Promise((resolve, reject) => (this.#reader = { resolve, reject }));
  }

  return(): Promise<Result> {
    this.#flow.cancel(new UpstreamError("aborted", "The response was not read to its end"));
    this.#chunks.length = 0;
    this.#error = undefined;
    this.#isOver = true;
    return Promise.resolve(END);
  }

  #takeReader(): Reader {
    const reader = this.#reader as Reader;
    this.#reader = undefined;
    return reader;
  }
}
