// The connections that speak HTTP/1.1, with a parser of our own: one look at all of them now and then, and how they end together.
import { once } from "node:events";
import type { Socket } from "node:net";
import type { HttpHandler } from "../../../ports/http-server.ts";
import type { Log } from "../../../ports/log.ts";
import { HeadScanner, REQUEST_HEAD } from "../../http1-syntax/index.ts";
import type { ListenerLimits } from "../limits.ts";
import { transportOf } from "../transport.ts";
import type { WebSockets } from "../websocket/connections.ts";
import { Http1Connection } from "./connection.ts";
import type { ConnectionContext } from "./connection-context.ts";

// Taken when this is loaded: the clocks of tests stand still.
const later = setImmediate;

export class Http1Connections implements ConnectionContext {
  readonly handler: HttpHandler;
  readonly log: Log;
  readonly limits: ListenerLimits;
  readonly webSockets: WebSockets | undefined;
  readonly scanner: HeadScanner;
  readonly keepAliveLines: string;
  readonly lookEveryMs: number;
  now = 0;
  isDraining = false;
  #lookedAt = performance.now();
  readonly #open = new Set<Http1Connection>();
  readonly #looking: NodeJS.Timeout;

  constructor(handler: HttpHandler, log: Log, limits: ListenerLimits, webSockets?: WebSockets) {
    this.handler = handler;
    this.log = log;
    this.limits = limits;
    this.webSockets = webSockets;
    this.scanner = new HeadScanner(limits.headerBytes, REQUEST_HEAD);
    this.keepAliveLines = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(limits.keepAliveTimeoutMs / 1000)}\r\n`;
    const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, stalledReaderMs } = limits;
    // A timer of each connection's own would cost more.
    this.lookEveryMs = Math.min(1_000, Math.min(headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, stalledReaderMs) / 4);
    this.#looking = setInterval(() => this.#look(), this.lookEveryMs).unref();
  }

  /** Speaks HTTP/1.1 on a connection. */
  opened(socket: Socket): void {
    this.#open.add(new Http1Connection(transportOf(socket), this));
  }

  gone(connection: Http1Connection): void {
    this.#open.delete(connection);
  }

  #look(): void {
    const lookedAt = performance.now();
    // While the process stood still nothing was read: that is not held against the clients.
    this.now += Math.min(lookedAt - this.#lookedAt, 2 * this.lookEveryMs);
    this.#lookedAt = lookedAt;
    for (const connection of this.#open) connection.check();
  }

  /** From now on every answer is its connection's last; idle connections end at once. Resolves when none is left. */
  async drain(): Promise<void> {
    this.isDraining = true;
    this.webSockets?.drain();
    // What has arrived by now is read, and answered.
    await new Promise<void>((resolve) => later(() => later(resolve)));
    const closed = Array.from(this.#open, ({ socket }) => once(socket, "close"));
    for (const connection of this.#open) connection.leave();
    await Promise.allSettled(closed);
    await this.webSockets?.settled();
    clearInterval(this.#looking);
  }

  cut(): void {
    for (const connection of this.#open) connection.cut();
    this.webSockets?.cut();
  }
}
