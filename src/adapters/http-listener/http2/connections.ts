// The connections that speak HTTP/2: nghttp2 parses, this bounds what a client may have under way, and closes.
import { constants, performServerHandshake } from "node:http2";
import type { ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import type { TLSSocket } from "node:tls";
import type { HttpHandler, HttpResponse } from "../../../ports/http-server.ts";
import type { Log } from "../../../ports/log.ts";
import type { ListenerLimits } from "../limits.ts";
import { answer, answerFailure, breakOff } from "./answer.ts";
import { Http2Exchange } from "./exchange.ts";
import { readHead } from "./head.ts";

/** What a client may send before it is told that there is room: of one body, and of all bodies of its connection. */
const STREAM_WINDOW_BYTES = 256 * 1024;
const CONNECTION_WINDOW_BYTES = 1024 * 1024;

/** Pings and settings that a client may send between two looks at its connection. */
const CONTROL_FRAMES = 1_000;

/** Streams that a client may reset, at once and in a second (as nghttp2's own bucket counts them). */
const RESETS = { burst: 200, perSecond: 20 };

interface Connection {
  readonly session: ServerHttp2Session;
  readonly socket: TLSSocket;
  readonly open: Set<Http2Exchange>;
  /** Handlers at work, those for streams that are gone included. */
  running: number;
  /** When its last exchange ended, on the process's clock, in milliseconds. */
  idleSince: number;
  controlFrames: number;
}

/** The open connections and the exchanges under way on each. */
export class Http2Connections {
  readonly #handler: HttpHandler;
  readonly #log: Log;
  readonly #limits: ListenerLimits;
  readonly #open = new Set<Connection>();
  readonly #sweeping: NodeJS.Timeout;

  constructor(handler: HttpHandler, log: Log, limits: ListenerLimits) {
    this.#handler = handler;
    this.#log = log;
    this.#limits = limits;
    const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, stalledReaderMs } = limits;
    const every = Math.min(5_000, headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, stalledReaderMs);
    this.#sweeping = setInterval(() => this.#sweep(), every).unref();
  }

  /** Speaks HTTP/2 on a connection on which it was agreed. */
  opened(socket: TLSSocket): void {
    const session = performServerHandshake(socket, {
      // More than fit into the limit, however short: bytes alone are to bound them. Past twice the limit, as HTTP/2 counts,
      // the stream is reset; up to there the answer is 431.
      maxHeaderListPairs: this.#limits.headerBytes,
      strictSingleValueFields: false,
      streamResetBurst: RESETS.burst,
      streamResetRate: RESETS.perSecond,
      settings: {
        maxConcurrentStreams: this.#limits.concurrentStreams,
        maxHeaderListSize: 2 * this.#limits.headerBytes,
        initialWindowSize: STREAM_WINDOW_BYTES,
      },
    });
    const connection: Connection = { session, socket, open: new Set(), running: 0, idleSince: performance.now(), controlFrames: 0 };
    this.#open.add(connection);
    session.once("connect", () => session.setLocalWindowSize(CONNECTION_WINDOW_BYTES));
    session.on("error", (error: NodeJS.ErrnoException) => {
      this.#log.debug("a connection failed", { code: error.code, remoteAddress: socket.remoteAddress });
    });
    session.on("stream", (stream, _headers, flags, fields: string[]) => this.#request(connection, stream, flags, fields));
    const controlled = (): void => this.#controlled(connection);
    session.on("ping", controlled).on("remoteSettings", controlled);
    session.once("close", () => {
      this.#open.delete(connection);
      for (const exchange of connection.open) exchange.leave();
    });
  }

  #controlled(connection: Connection): void {
    if (++connection.controlFrames > CONTROL_FRAMES) this.#calm(connection, "more pings and settings than requests need");
  }

  #calm({ session, socket }: Connection, reason: string): void {
    this.#log.debug("refused a connection's bytes", { reason, remoteAddress: socket.remoteAddress });
    session.destroy(new Error(reason), constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  #request(connection: Connection, stream: ServerHttp2Stream, flags: number, fields: readonly string[]): void {
    // What is wrong with a stream closes it, and that is all there is to do about it.
    stream.on("error", (error: NodeJS.ErrnoException) => this.#log.debug("a stream failed", { code: error.code }));
    if (stream.destroyed || stream.closed) return;
    const { concurrentStreams } = this.#limits;
    if (connection.open.size >= concurrentStreams || connection.running >= 2 * concurrentStreams) {
      // Streams may come before nghttp2 knows its settings. Those that were reset free their place, the work on them does not.
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return;
    }
    const head = readHead(fields, (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0, this.#limits.headerBytes);
    if ("reason" in head) {
      this.#log.debug("refused a request", { reason: head.reason, remoteAddress: connection.socket.remoteAddress });
      answerFailure(stream, head.status, REASONS[head.status] as string);
      stream.close();
      return;
    }
    const exchange = new Http2Exchange(stream, connection.socket, head, performance.now(), this.#limits);
    connection.open.add(exchange);
    stream.once("close", () => {
      connection.open.delete(exchange);
      connection.idleSince = performance.now();
      if (!isAnswered(stream)) exchange.leave();
    });
    this.#handle(connection, exchange);
  }

  #handle(connection: Connection, exchange: Http2Exchange): void {
    connection.running++;
    const send = (ready: HttpResponse): void => {
      connection.running--;
      answer(exchange, ready, this.#log, () => (exchange.waitingSince = performance.now()));
    };
    const failed = (error: unknown): void => {
      connection.running--;
      if (exchange.isGone) return;
      this.#log.error("a request was not answered", error, exchange.logFields());
      answerFailure(exchange.stream, 500, "Internal server error");
    };
    let answered: HttpResponse | Promise<HttpResponse>;
    try {
      answered = this.#handler(exchange);
    } catch (error) {
      failed(error);
      return;
    }
    if (answered instanceof Promise) answered.then(send, failed);
    else send(answered);
  }

  /** Looks for what takes too long. */
  #sweep(): void {
    const now = performance.now();
    for (const connection of this.#open) {
      const { session, open } = connection;
      connection.controlFrames = 0;
      for (const exchange of open) this.#bound(exchange, now);
      if (open.size > 0 || now - connection.idleSince < this.#limits.keepAliveTimeoutMs) continue;
      // One that still has not ended since the last look does not even take its farewell.
      if (session.closed) connection.socket.destroy();
      else session.close();
    }
  }

  #bound(exchange: Http2Exchange, now: number): void {
    const { stream, waitingSince, since } = exchange;
    const { stalledReaderMs, requestTimeoutMs } = this.#limits;
    if (waitingSince !== undefined && now - waitingSince > stalledReaderMs && isWaiting(stream)) {
      breakOff(stream, "the client does not read its answer");
    } else if (now - since > requestTimeoutMs && !exchange.isWhole) {
      if (stream.headersSent) breakOff(stream, "the request does not arrive");
      else {
        answerFailure(stream, 408, "Request Timeout");
        exchange.leave();
        stream.close();
      }
    }
  }

  /** From now on no stream is begun; connections end with their last answer. Resolves when none is left. */
  async drain(): Promise<void> {
    const closed = Array.from(this.#open, ({ session }) => new Promise<void>((resolve) => session.once("close", resolve)));
    for (const { session } of this.#open) session.close();
    await Promise.all(closed);
    clearInterval(this.#sweeping);
  }

  cut(): void {
    for (const { session, socket } of this.#open) {
      session.destroy(new Error("the listener has closed"), constants.NGHTTP2_INTERNAL_ERROR);
      // A session that was closing waits for its client to close.
      socket.destroy();
    }
  }
}

/** Whether bytes of an answer wait for the client to read. */
function isWaiting(stream: ServerHttp2Stream): boolean {
  return stream.writableNeedDrain || (stream.writableEnded && !stream.writableFinished);
}

/** Whether a stream that is closed had its whole answer. */
function isAnswered(stream: ServerHttp2Stream): boolean {
  return stream.headersSent && stream.writableFinished && stream.rstCode === constants.NGHTTP2_NO_ERROR;
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  405: "Method Not Allowed",
  431: "Request Header Fields Too Large",
};
