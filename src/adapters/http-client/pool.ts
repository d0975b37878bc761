// The connections to one origin. The one used last is used first, so that those not needed grow old and close.
import { UpstreamError } from "../../ports/http-client.ts";
import { Connection } from "./connection.ts";
import type { Route } from "./route.ts";

export interface PoolOptions {
  /** For messages and the `Host` header: `example.com:8080`. */
  readonly host: string;
  readonly route: Route;
  readonly connections: number;
  readonly queue: number;
  readonly keepAliveMs: number;
}

/** Somebody who waits for a connection. */
export interface Taker {
  take(connection: Connection): void;
}

/** A server's own time for idle connections is cut by so much: what is on its way must not meet its end. */
const MARGIN_MS = 500;

export class Pool {
  readonly host: string;
  readonly #options: PoolOptions;
  readonly #onEmpty: () => void;
  readonly #idle: Connection[] = [];
  readonly #busy = new Set<Connection>();
  readonly #waiting = new Set<Taker>();
  #reaper: NodeJS.Timeout | undefined;
  #closed: (() => void) | undefined;

  constructor(options: PoolOptions, onEmpty: () => void) {
    this.host = options.host;
    this.#options = options;
    this.#onEmpty = onEmpty;
  }

  /**
   * Hands over a connection, at once when one is idle or may be made, otherwise when one is given back.
   * @param isFresh the connection must be new: those kept from before may all be dead. Whoever asks for one has had one, whose
   * place is about to be free, and is not turned away.
   * @throws {UpstreamError} when too many wait already
   */
  acquire(taker: Taker, isFresh: boolean): void {
    if (isFresh) this.#idle.shift()?.destroy();
    const connection = (isFresh ? undefined : this.#kept()) ?? this.#make();
    if (connection !== undefined) {
      this.#hand(connection, taker);
      return;
    }
    if (!isFresh && this.#waiting.size >= this.#options.queue) {
      throw new UpstreamError("connect", `${this.host}: ${this.#waiting.size} requests wait for a connection already`);
    }
    this.#waiting.add(taker);
  }

  /** Takes a wish back. */
  withdraw(taker: Taker): void {
    this.#waiting.delete(taker);
  }

  /** Takes a connection back after its request. */
  release(connection: Connection): void {
    connection.free();
    // Over TLS, a write is only told to have ended a turn after it has: a quick answer is there before.
    if (connection.isSending) setImmediate(() => this.#takeBack(connection));
    else this.#takeBack(connection);
  }

  #takeBack(connection: Connection): void {
    // It may have ended meanwhile.
    if (!this.#busy.delete(connection)) return;
    if (!connection.isReusable) {
      connection.destroy();
      this.#afterLoss();
      return;
    }
    const next = this.#nextWaiting();
    if (next !== undefined) this.#hand(connection, next);
    else if (this.#closed === undefined) this.#keep(connection);
    else {
      connection.destroy();
      this.#afterLoss();
    }
  }

  /** Waits for the requests under way, then ends the connections. */
  close(): Promise<void> {
    for (const connection of this.#idle.splice(0)) connection.destroy();
    return new Promise((resolve) => {
      this.#closed = resolve;
      this.#afterLoss();
    });
  }

  #kept(): Connection | undefined {
    const now = performance.now();
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (connection.isOpen && connection.idleUntil > now) return connection;
      connection.destroy();
    }
    return undefined;
  }

  #make(): Connection | undefined {
    if (this.#busy.size + this.#idle.length >= this.#options.connections) return undefined;
    return new Connection(this.#options.route, (gone) => this.#gone(gone));
  }

  #hand(connection: Connection, taker: Taker): void {
    this.#busy.add(connection);
    taker.take(connection);
  }

  #keep(connection: Connection): void {
    const { keepAliveMs } = this.#options;
    const kept = connection.keptMs === undefined ? keepAliveMs : Math.min(keepAliveMs, connection.keptMs - MARGIN_MS);
    connection.idleUntil = performance.now() + kept;
    this.#idle.push(connection);
    this.#reaper ??= setTimeout(() => this.#reap(), keepAliveMs).unref();
  }

  #reap(): void {
    this.#reaper = undefined;
    const now = performance.now();
    const old = this.#idle.filter((connection) => connection.idleUntil <= now);
    for (const connection of old) connection.destroy();
    if (this.#idle.length === 0) return;
    const first = Math.min(...this.#idle.map((connection) => connection.idleUntil));
    this.#reaper = setTimeout(() => this.#reap(), Math.max(1, Math.ceil(first - now))).unref();
  }

  #nextWaiting(): Taker | undefined {
    const [next] = this.#waiting;
    if (next !== undefined) this.#waiting.delete(next);
    return next;
  }

  /** A connection has ended, by its age, by the server or by us. */
  #gone(connection: Connection): void {
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    else if (!this.#busy.delete(connection)) return;
    this.#afterLoss();
  }

  /** There is room for another connection: for whoever waits, or for nobody any more. */
  #afterLoss(): void {
    if (this.#waiting.size > 0) {
      const fresh = this.#make();
      const next = fresh && this.#nextWaiting();
      if (fresh !== undefined && next !== undefined) this.#hand(fresh, next);
    } else this.endIfEmpty();
  }

  /** Ends the pool when nobody waits and there are no connections: those that lead to many origins must not add up. */
  endIfEmpty(): void {
    if (this.#waiting.size > 0 || this.#idle.length > 0 || this.#busy.size > 0) return;
    clearTimeout(this.#reaper);
    this.#reaper = undefined;
    this.#closed?.();
    this.#onEmpty();
  }
}
