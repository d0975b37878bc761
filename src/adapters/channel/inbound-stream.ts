// Bytes that follow an answer, for one reader. It asks for more once it has taken what came.
const END = { done: true, value: undefined } as const;

type Result = IteratorResult<Uint8Array, undefined>;

/** Somebody who waits for the next bytes. */
interface Reader {
  resolve(result: Result): void;
  reject(error: Error): void;
}

/** What a stream tells the side that sends. */
export interface Sending {
  more(): void;
  cancel(): void;
}

export class InboundStream implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined> {
  readonly #sending: Sending;
  readonly #chunks: Uint8Array[] = [];
  readonly #ended = Promise.withResolvers<unknown>();
  #reader: Reader | undefined;
  #isOver = false;
  #error: Error | undefined;

  constructor(sending: Sending) {
    this.#sending = sending;
    // Whoever does not ask for it is told by the bytes that they broke off.
    this.#ended.promise.catch(() => undefined);
  }

  /** What the sender said after the last byte. */
  get trailer(): Promise<unknown> {
    return this.#ended.promise;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  push(bytes: Uint8Array): void {
    if (this.#reader === undefined) this.#chunks.push(bytes);
    else {
      this.#takeReader().resolve({ done: false, value: bytes });
      this.#sending.more();
    }
  }

  end(trailer: unknown): void {
    this.#isOver = true;
    this.#ended.resolve(trailer);
    if (this.#reader !== undefined) this.#takeReader().resolve(END);
  }

  fail(error: Error): void {
    this.#isOver = true;
    this.#error = error;
    this.#ended.reject(error);
    if (this.#reader !== undefined) this.#takeReader().reject(error);
  }

  /** What has come is handed out first, then how it ended. */
  next(): Promise<Result> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      if (this.#chunks.length === 0 && !this.#isOver) this.#sending.more();
      return Promise.resolve({ done: false, value: chunk });
    }
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#isOver) return Promise.resolve(END);
    return new Promise((resolve, reject) => (this.#reader = { resolve, reject }));
  }

  return(): Promise<Result> {
    if (!this.#isOver) this.#sending.cancel();
    this.#isOver = true;
    this.#ended.reject(new Error("the bytes were not read to their end"));
    this.#chunks.length = 0;
    this.#error = undefined;
    return Promise.resolve(END);
  }

  #takeReader(): Reader {
    const reader = this.#reader as Reader;
    this.#reader = undefined;
    return reader;
  }
}
