// A request on its way: one clock for the whole of it, and one more try where that cannot be noticed.
import { UpstreamError } from "../../ports/http-client.ts";
import type { UpstreamRequest } from "../../ports/http-client.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import { IDEMPOTENT } from "../upstream/index.ts";
import type { Connection, Sender } from "./connection.ts";
import type { Deadlines, Timed } from "./deadlines.ts";
import { explain, isClosed } from "./failures.ts";
import type { Pool, Taker } from "./pool.ts";
import { requestHead } from "./request-head.ts";

export type Sendable = Omit<UpstreamRequest, "responseLimit">;

/** Who gets the response. */
export interface Receiver {
  begin(status: number, headers: HeaderList, length: number | undefined): void;
  data(buffer: Buffer, start: number, end: number): void;
  end(): void;
  /** Instead of the rest of it. Comes once, and not after `end`. */
  failed(error: UpstreamError): void;
}

export class Exchange implements Sender, Taker, Timed {
  readonly head: string;
  readonly body: Uint8Array | undefined;
  readonly isHead: boolean;
  readonly #request: Sendable;
  readonly #pool: Pool;
  readonly #receiver: Receiver;
  readonly #deadlines: Deadlines;
  /** Of {@link Timed}. */
  dueAt = 0;
  previous: Timed | undefined;
  next: Timed | undefined;
  #onAbort: (() => void) | undefined;
  #connection: Connection | undefined;
  #isReused = false;
  #isRetry = false;
  #isOver = false;

  /** @throws {UpstreamError} when the request cannot be sent */
  constructor(request: Sendable, pool: Pool, deadlines: Deadlines, receiverOf: (exchange: Exchange) => Receiver) {
    this.head = requestHead(request, pool.host);
    this.body = request.body;
    this.isHead = request.method === "HEAD";
    this.#request = request;
    this.#pool = pool;
    this.#deadlines = deadlines;
    this.#receiver = receiverOf(this);
  }

  /** @throws {UpstreamError} when it has been given up, and when too many wait already */
  start(): void {
    const { signal, timeoutMs } = this.#request;
    if (signal?.aborted === true) throw new UpstreamError("aborted", "The request was given up");
    this.#pool.acquire(this, false);
    this.#deadlines.add(this, timeoutMs);
    if (signal === undefined) return;
    this.#onAbort = () => this.cancel(new UpstreamError("aborted", "The request was given up"));
    signal.addEventListener("abort", this.#onAbort);
  }

  /** A connection for the request. */
  take(connection: Connection): void {
    this.#connection = connection;
    this.#isReused = connection.used > 0;
    connection.send(this);
  }

  begin(status: number, headers: HeaderList, length: number | undefined): void {
    this.#receiver.begin(status, headers, length);
  }

  data(buffer: Buffer, start: number, end: number): void {
    this.#receiver.data(buffer, start, end);
  }

  end(): void {
    if (!this.#settle()) return;
    const connection = this.#connection as Connection;
    this.#receiver.end();
    this.#pool.release(connection);
  }

  broken(error: Error): void {
    if (this.#isOver) return;
    const connection = this.#connection as Connection;
    if (this.#isReused && !this.#isRetry && this.#mayRepeat(connection, error)) this.#retry();
    else this.#fail(explain(error, this.#request.origin, connection.stage));
  }

  /** Gives up: the connection ends, since the rest of the response may still come on it. */
  cancel(error: UpstreamError): void {
    if (this.#isOver) return;
    this.#fail(error);
    if (this.#connection === undefined) this.#pool.withdraw(this);
    else this.#connection.destroy();
  }

  /** Of {@link Timed}. */
  expired(): void {
    const { origin, timeoutMs } = this.#request;
    this.cancel(new UpstreamError("timeout", `${origin}: no whole response within ${timeoutMs} ms`));
  }

  pause(): void {
    if (!this.#isOver) this.#connection?.pause();
  }

  resume(): void {
    if (!this.#isOver) this.#connection?.resume();
  }

  /** What has not been sent, and what was sent too late and does no more when it is done twice. */
  #mayRepeat(connection: Connection, error: Error): boolean {
    if (connection.isUnsent) return true;
    return !connection.hasAnswered && isClosed(error) && IDEMPOTENT.has(this.#request.method);
  }

  #retry(): void {
    this.#isRetry = true;
    this.#connection = undefined;
    try {
      this.#pool.acquire(this, true);
    } catch (error) {
      this.#fail(error as UpstreamError);
    }
  }

  #fail(error: UpstreamError): void {
    if (this.#settle()) this.#receiver.failed(error);
  }

  #settle(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#deadlines.remove(this, this.#request.timeoutMs);
    if (this.#onAbort !== undefined) this.#request.signal?.removeEventListener("abort", this.#onAbort);
    return true;
  }
}
