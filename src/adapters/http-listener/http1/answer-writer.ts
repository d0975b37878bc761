// The way of an answer onto the wire: a buffered one in a single write, a stream no faster than its reader.
import type { Socket } from "node:net";
import type { HttpResponse } from "../../../ports/http-server.ts";
import type { Loan } from "../../../ports/loan.ts";
import type { Log } from "../../../ports/log.ts";
import { end, isStream, neverHasBody, pump } from "../answer-parts.ts";
import type { ListenerLimits } from "../limits.ts";
import { writeProgress } from "../transport.ts";
import { NOT_ANSWERED, streamedHead, written } from "./answer.ts";
import type { Written } from "./answer.ts";
import { ChunkedSink } from "./chunked-sink.ts";
import type { Http1Exchange } from "./exchange.ts";

/** What the writers of a listener have in common. */
export interface WritingContext {
  readonly log: Log;
  readonly limits: ListenerLimits;
  /** `Connection` and `Keep-Alive` of an answer that is not its connection's last. */
  readonly keepAliveLines: string;
  /** The time, in milliseconds, as of the latest look at all connections. */
  readonly now: number;
  /** How often they are looked at, in milliseconds. */
  readonly lookEveryMs: number;
}

const CLOSE_LINE = "Connection: close\r\n";

export class AnswerWriter {
  readonly #socket: Socket;
  readonly #context: WritingContext;
  readonly #onFlushed: () => void;
  /** Whether the client is watched for taking nothing. */
  #isWatched = false;
  /** How far it had come when it was looked at last, and since when it has not come further. */
  #progress = 0;
  #stalledSince = 0;
  /** Whether more of an answer may come, nobody knows when. */
  isStreaming = false;

  /** @param onFlushed is called when the system has all of an answer */
  constructor(socket: Socket, context: WritingContext, onFlushed: () => void) {
    this.#socket = socket;
    this.#context = context;
    this.#onFlushed = onFlushed;
  }

  /**
   * Writes an answer. One that HTTP does not allow (status, header characters) becomes a 500, its reason in the log.
   * @param isLast no other answer follows on the connection
   */
  write(exchange: Http1Exchange, ready: HttpResponse, isLast: boolean): void {
    const connection = isLast ? CLOSE_LINE : this.#context.keepAliveLines;
    const isHead = exchange.method === "HEAD";
    const { body } = ready;
    let answer: Written;
    let chunks: AsyncIterator<Uint8Array> | undefined;
    try {
      if (isStream(body)) {
        chunks = body[Symbol.asyncIterator]();
        answer = { text: streamedHead(ready, exchange.readsChunks, connection), bytes: undefined };
      } else answer = written(ready.status, ready.headers, body, isHead, connection);
    } catch (error) {
      this.#context.log.error("an answer cannot be sent", error, exchange.logFields());
      if (chunks !== undefined) end(chunks);
      this.#send(written(NOT_ANSWERED.status, NOT_ANSWERED.headers, NOT_ANSWERED.body, isHead, connection));
      return;
    }
    if (chunks === undefined) this.#send(answer, ready.loan);
    else if (isHead || neverHasBody(ready.status)) {
      end(chunks);
      this.#send(answer);
    } else this.#stream(exchange, chunks, answer.text);
  }

  #send({ text, bytes }: Written, loan?: Loan): void {
    const socket = this.#socket;
    const joined = bytes && loan?.behind?.(text, bytes);
    if (bytes === undefined) socket.write(text, "latin1");
    else if (joined !== undefined) socket.write(joined);
    else {
      socket.cork();
      socket.write(text, "latin1");
      socket.write(bytes);
      socket.uncork();
    }
    this.#sent();
  }

  #stream(exchange: Http1Exchange, chunks: AsyncIterator<Uint8Array>, head: string): void {
    const socket = this.#socket;
    this.isStreaming = true;
    socket.write(head, "latin1");
    exchange.onGone = () => end(chunks);
    const sink = new ChunkedSink(socket, exchange.readsChunks, () => this.#sent());
    pump(sink, chunks, () => this.#watch()).catch((error: unknown) => {
      // The status line is out: all that is left is to let the client see that the answer is not whole.
      if (!exchange.isGone) this.#context.log.error("an answer broke off", error, exchange.logFields());
      socket.destroy();
      end(chunks);
    });
  }

  /** All of an answer has been written. */
  #sent(): void {
    this.isStreaming = false;
    if (this.#socket.writableLength === 0) {
      this.#flushed();
      return;
    }
    this.#watch();
    // An empty write is over when all before it are.
    this.#socket.write("", "latin1", () => {
      if (!this.#socket.destroyed) this.#flushed();
    });
  }

  #flushed(): void {
    this.#isWatched = false;
    this.#onFlushed();
  }

  #watch(): void {
    if (this.#isWatched || this.#socket.writableLength === 0) return;
    this.#isWatched = true;
    this.#progress = writeProgress(this.#socket);
    this.#stalledSince = this.#context.now;
  }

  /** Whether the client has taken nothing of what waits for it for too long, by the time of the context. */
  isStalled(): boolean {
    if (!this.#isWatched) return false;
    const { limits, lookEveryMs, now } = this.#context;
    const progress = writeProgress(this.#socket);
    if (progress !== this.#progress || this.#socket.writableLength === 0) {
      this.#progress = progress;
      this.#stalledSince = now;
    }
    return now - this.#stalledSince - lookEveryMs >= limits.stalledReaderMs;
  }
}
