// The WebSockets of a listener: how they begin, one look at all of them now and then, and how they end together.
import type { Clock } from "../../../ports/clock.ts";
import type { HttpRequest } from "../../../ports/http-server.ts";
import type { Log } from "../../../ports/log.ts";
import type { AcceptedHandshake, WebSocketHandler } from "../../../ports/websocket.ts";
import type { Transport } from "../transport.ts";
import { Connection } from "./connection.ts";
import type { ConnectionContext } from "./connection.ts";
import { acceptance, asksWebSocket } from "./handshake.ts";
import { DEFAULT_WEBSOCKET_LIMITS } from "./limits.ts";
import type { WebSocketLimits } from "./limits.ts";

export interface WebSocketOptions {
  readonly handler: WebSocketHandler;
  readonly clock: Clock;
  readonly limits?: Partial<WebSocketLimits>;
}

/** How often idle time, lifetime and slowness are looked at, in milliseconds: a timer of each connection's own would cost more. */
const CHECK_MS = 1_000;

export class WebSockets implements ConnectionContext {
  readonly handler: WebSocketHandler;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: WebSocketLimits;
  readonly #open = new Set<Connection>();
  #owing = 0;
  #isDraining = false;
  #isCut = false;
  #isChecking = false;
  #settled: (() => void) | undefined;

  constructor({ handler, clock, limits }: WebSocketOptions, log: Log) {
    this.handler = handler;
    this.clock = clock;
    this.log = log;
    this.limits = { ...DEFAULT_WEBSOCKET_LIMITS, ...limits };
  }

  /** Whether a request for an upgrade is a handshake that the handler wants. */
  isHandshake(request: Pick<HttpRequest, "target" | "headers">): boolean {
    try {
      return asksWebSocket(request.headers) && this.handler.isFor(request);
    } catch (error) {
      this.log.error("a handshake was not recognized", error);
      return false;
    }
  }

  /**
   * Answers an accepted handshake and opens its connection.
   * @param early what came behind the handshake
   * @throws when the answer cannot be sent: the socket is as it was, and the connection was opened closed.
   */
  accept(transport: Transport, remoteAddress: string, key: string, accepted: AcceptedHandshake, early: Buffer): void {
    const connection = new Connection(transport, remoteAddress, this);
    const { socket } = transport;
    try {
      const head = acceptance(key, accepted, this.clock.now());
      if (!socket.destroyed) socket.write(head, "latin1");
    } catch (error) {
      connection.abandon();
      connection.start(accepted.opened(connection), early);
      throw error;
    }
    this.#open.add(connection);
    this.#checkLater();
    try {
      connection.start(accepted.opened(connection), early);
    } catch (error) {
      this.log.error("a WebSocket was not taken", error, { remoteAddress });
      connection.terminate();
      this.gone(connection);
    }
    if (this.#isDraining) connection.leave();
  }

  #checkLater(): void {
    if (this.#isChecking) return;
    this.#isChecking = true;
    this.clock.after(CHECK_MS, () => {
      this.#isChecking = false;
      const now = this.clock.now();
      for (const connection of this.#open) connection.check(now);
      if (this.#open.size > 0) this.#checkLater();
    });
  }

  gone(connection: Connection): void {
    this.#open.delete(connection);
    this.#settle();
  }

  waitFor(work: Promise<void>): void {
    this.#owing++;
    void work.then(() => {
      this.#owing--;
      this.#settle();
    });
  }

  /** Closes all with 1001, those that open from now on too. */
  drain(): void {
    this.#isDraining = true;
    for (const connection of this.#open) connection.leave();
  }

  /** Resolves when none is left and their owners have done with them, or all have been cut. */
  async settled(): Promise<void> {
    if (this.#isSettled()) return;
    await new Promise<void>((resolve) => (this.#settled = resolve));
  }

  cut(): void {
    this.#isCut = true;
    for (const connection of this.#open) connection.terminate();
    this.#settle();
  }

  #isSettled(): boolean {
    return this.#isCut || (this.#open.size === 0 && this.#owing === 0);
  }

  #settle(): void {
    if (this.#settled !== undefined && this.#isSettled()) this.#settled();
  }
}
