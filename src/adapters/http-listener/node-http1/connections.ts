// The connections that speak HTTP/1.1: node:http parses, this refuses what could be read in two ways, bounds and closes.
import { once } from "node:events";
import { ServerResponse } from "node:http";
import type { IncomingMessage, Server, ServerOptions } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { HttpHandler, HttpResponse } from "../../../ports/http-server.ts";
import type { Log } from "../../../ports/log.ts";
import type { ListenerLimits } from "../limits.ts";
import type { WebSockets } from "../websocket/connections.ts";
import { answer, answerFailure } from "./answer.ts";
import { Http1Exchange } from "./exchange.ts";
import { decideHandshake } from "./handshake.ts";
import { readHead } from "./head.ts";

/** Knows its exchange, so that one function hears of the end of every answer, and none is made for each. */
export class Http1Response<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  exchange: Http1Exchange | undefined = undefined;
}

export type Http1Options = ServerOptions<typeof IncomingMessage, typeof Http1Response>;
export type Http1Server = Server<typeof IncomingMessage, typeof Http1Response>;

function ended(this: Http1Response): void {
  const { exchange } = this;
  if (exchange === undefined) return;
  exchange.over();
  const { siblings } = exchange;
  // Answers end in their order, so that it is the first but for connections that are cut.
  if (siblings[0] === exchange) siblings.shift();
  else siblings.splice(siblings.indexOf(exchange), 1);
}

/** What is known of an open connection. */
interface Connection {
  /** More than one when the client pipelines. */
  readonly underWay: Http1Exchange[];
  /** A refusal has been written: whatever still comes is not looked at. */
  isRefused: boolean;
  /** The request under way is the last one that is read. */
  isLast: boolean;
}

/** The open connections and the exchanges under way on each. */
export class Http1Connections {
  readonly #handler: HttpHandler;
  readonly #log: Log;
  readonly #limits: ListenerLimits;
  readonly #webSockets: WebSockets | undefined;
  readonly #open = new Map<Socket, Connection>();
  #draining = false;
  readonly #onReady = (exchange: Http1Exchange, ready: HttpResponse): void => this.#write(exchange, ready);

  constructor(handler: HttpHandler, log: Log, limits: ListenerLimits, webSockets?: WebSockets) {
    this.#handler = handler;
    this.#log = log;
    this.#limits = limits;
    this.#webSockets = webSockets;
  }

  opened(socket: Socket): void {
    const connection: Connection = { underWay: [], isRefused: false, isLast: false };
    this.#open.set(socket, connection);
    // Read once, it stays known after the connection has closed.
    void socket.remoteAddress;
    socket.once("close", () => {
      this.#open.delete(socket);
      for (const exchange of connection.underWay) exchange.clientGone();
    });
  }

  /** Hands a request on and its answer back: in one go when the handler answers at once. */
  request(message: IncomingMessage, response: Http1Response, expectsContinue: boolean): void {
    const { socket } = message;
    const connection = this.#open.get(socket);
    if (connection === undefined || connection.isRefused || connection.isLast) return;
    if (this.#draining) response.shouldKeepAlive = false;
    const head = readHead(message);
    if (typeof head === "string") {
      this.#log.debug("refused a request", { reason: head, remoteAddress: socket.remoteAddress });
      connection.isRefused = true;
      response.shouldKeepAlive = false;
      answerFailure(response, 400, "Bad Request");
      return;
    }
    if (head.asksUpgrade) {
      // Node drops what came together with a request for an upgrade that is not granted: what comes later may begin anywhere.
      connection.isLast = true;
      response.shouldKeepAlive = false;
    }
    const exchange = new Http1Exchange(message, response, head, expectsContinue, connection.underWay, this.#limits, this.#onReady);
    connection.underWay.push(exchange);
    response.exchange = exchange;
    response.on("close", ended);
    try {
      const answered = this.#handler(exchange);
      if (answered instanceof Promise) {
        answered.then(
          (ready) => exchange.answer(ready),
          (error: unknown) => this.#failed(exchange, error),
        );
      } else exchange.answer(answered);
    } catch (error) {
      this.#failed(exchange, error);
    }
  }

  /** Whether a request for an upgrade begins a WebSocket. One that has answers before it under way does not. */
  isHandshake(message: IncomingMessage): boolean {
    const connection = this.#open.get(message.socket);
    if (this.#webSockets === undefined || connection === undefined) return false;
    if (message.method !== "GET" || message.httpVersion !== "1.1") return false;
    if (connection.isRefused || connection.isLast || connection.underWay.length > 0) return false;
    const head = readHead(message);
    return typeof head !== "string" && !head.hasBody && this.#webSockets.isHandshake(head);
  }

  /** Has a handshake decided of. Node's parser has let go of its socket; `early` came behind it. */
  handshake(message: IncomingMessage, early: Buffer): void {
    const { socket } = message;
    const connection = this.#open.get(socket);
    const head = readHead(message);
    if (this.#webSockets === undefined || connection === undefined || typeof head === "string") return;
    const exchange = new Http1Exchange(message, new Http1Response(message), head, false, connection.underWay, this.#limits, this.#onReady);
    connection.underWay.push(exchange);
    decideHandshake(exchange, socket, early, this.#webSockets, {
      answer: (response) => exchange.answer(response),
      fail: (error) => this.#failed(exchange, error),
      release: () => {
        connection.underWay.pop();
        this.#open.delete(socket);
      },
    });
  }

  #write(exchange: Http1Exchange, ready: HttpResponse): void {
    if (this.#draining) exchange.response.shouldKeepAlive = false;
    answer(exchange, ready, this.#log, this.#limits);
  }

  #failed(exchange: Http1Exchange, error: unknown): void {
    if (exchange.isGone) return;
    this.#log.error("a request was not answered", error, exchange.logFields());
    answerFailure(exchange.response, 500, "Internal server error");
  }

  /** Bytes that are no request, or too many of them, or too slow. */
  unreadable(error: NodeJS.ErrnoException, socket: Socket): void {
    const connection = this.#open.get(socket);
    if (connection === undefined || connection.isRefused) return;
    const { underWay } = connection;
    connection.isRefused = true;
    // What follows a request that was to be the last one (Connection: close) is not read, and takes nothing from its answer.
    if (error.code === "HPE_CLOSED_CONNECTION" && underWay.length > 0) return;
    const status = CLIENT_ERRORS[error.code ?? ""] ?? 400;
    const mayAnswer = underWay.every((exchange) => exchange.isWaitingForItsBody());
    this.#log.debug("refused a connection's bytes", { code: error.code, remoteAddress: socket.remoteAddress });
    for (const exchange of underWay) exchange.clientGone();
    if (mayAnswer && error.code !== "ECONNRESET") refuse(socket, status);
    else socket.destroy();
  }

  /** From now on every answer is its connection's last; idle connections end at once. Resolves when none is left. */
  async drain(): Promise<void> {
    this.#draining = true;
    const closed = Array.from(this.#open.keys(), (socket) => once(socket, "close"));
    this.#webSockets?.drain();
    for (const [socket, { underWay }] of this.#open) {
      if (underWay.length === 0) socket.destroy();
      for (const exchange of underWay) exchange.response.shouldKeepAlive = false;
    }
    await Promise.allSettled(closed);
    await this.#webSockets?.settled();
  }

  cut(): void {
    for (const socket of this.#open.keys()) socket.destroy();
    this.#webSockets?.cut();
  }
}

const CLIENT_ERRORS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Payload Too Large",
  431: "Request Header Fields Too Large",
};

/** Answers where there is no request to answer through, and ends the connection. */
export function refuse(socket: Duplex, status: number): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ message: REASONS[status] });
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
