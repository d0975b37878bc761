// The connections that speak HTTP/1.1 over node:http: it parses, this refuses what could be read in two ways, bounds and closes.
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerOptions } from "node:http";
import type { Socket } from "node:net";
import type { HttpHandler, HttpResponse } from "../../../ports/http-server.ts";
import type { Log } from "../../../ports/log.ts";
import { checkFields } from "../../http1-syntax/index.ts";
import type { ListenerLimits } from "../limits.ts";
import { refuse } from "../refusal.ts";
import { transportOf } from "../transport.ts";
import type { WebSockets } from "../websocket/connections.ts";
import { decideHandshake } from "../websocket/decide-handshake.ts";
import { answer, answerFailure } from "./answer.ts";
import { Http1Exchange, Http1Response } from "./exchange.ts";

type Http1Server = Server<typeof IncomingMessage, typeof Http1Response>;

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
export class NodeHttp1Connections {
  readonly #handler: HttpHandler;
  readonly #log: Log;
  readonly #limits: ListenerLimits;
  readonly #webSockets: WebSockets | undefined;
  readonly #server: Http1Server;
  readonly #open = new Map<Socket, Connection>();
  #draining = false;
  readonly #onReady = (exchange: Http1Exchange, ready: HttpResponse): void => this.#write(exchange, ready);

  constructor(handler: HttpHandler, log: Log, limits: ListenerLimits, webSockets?: WebSockets) {
    this.#handler = handler;
    this.#log = log;
    this.#limits = limits;
    this.#webSockets = webSockets;
    this.#server = createServer(this.#options());
    this.#serve();
    // Its own looks at slow clients begin with this: it does not listen itself.
    this.#server.emit("listening");
  }

  #options(): ServerOptions<typeof IncomingMessage, typeof Http1Response> {
    const { headerBytes, headersTimeoutMs, keepAliveTimeoutMs, requestTimeoutMs } = this.#limits;
    return {
      ServerResponse: Http1Response,
      maxHeaderSize: headerBytes,
      insecureHTTPParser: false,
      // Checked in readHead, with the rest of the framing: node's own check parses every header into an object.
      requireHostHeader: false,
      headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: Math.min(5_000, headersTimeoutMs),
      // A request without a body needs none of the events of a stream: about a tenth of what an answer costs.
      optimizeEmptyRequests: true,
      shouldUpgradeCallback: (message) => this.#isHandshake(message),
    };
  }

  #serve(): void {
    const server = this.#server;
    // Bounded by headerBytes alone: node drops the headers past its count without a word.
    server.maxHeadersCount = 0;
    server.on("request", (message, response) => this.#request(message, response, false));
    server.on("checkContinue", (message, response) => this.#request(message, response, true));
    server.on("connect", (_message, socket) => refuse(socket, 405));
    server.on("clientError", (error: NodeJS.ErrnoException, socket) => this.#unreadable(error, socket as Socket));
    if (this.#webSockets === undefined) return;
    // Before 24.9, Node takes every request for an upgrade out of HTTP, those too that are to be answered as requests.
    if ("shouldUpgradeCallback" in server) server.on("upgrade", (message, _socket, early) => this.#handshake(message, early));
    else this.#log.warn("WebSockets over node:http need Node.js 24.9 or newer: handshakes are answered as other requests are", { version: process.version });
  }

  /** Speaks HTTP/1.1 on a connection. */
  opened(socket: Socket): void {
    const connection: Connection = { underWay: [], isRefused: false, isLast: false };
    this.#open.set(socket, connection);
    // Read once, it stays known after the connection has closed.
    void socket.remoteAddress;
    socket.once("close", () => {
      this.#open.delete(socket);
      for (const exchange of connection.underWay) exchange.clientGone();
    });
    this.#server.emit("connection", socket);
  }

  /** Hands a request on and its answer back: in one go when the handler answers at once. */
  #request(message: IncomingMessage, response: Http1Response, expectsContinue: boolean): void {
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
  #isHandshake(message: IncomingMessage): boolean {
    const connection = this.#open.get(message.socket);
    if (this.#webSockets === undefined || connection === undefined) return false;
    if (message.method !== "GET" || message.httpVersion !== "1.1") return false;
    if (connection.isRefused || connection.isLast || connection.underWay.length > 0) return false;
    const head = readHead(message);
    return typeof head !== "string" && !head.hasBody && this.#webSockets.isHandshake(head);
  }

  /** Has a handshake decided of. Node's parser has let go of its socket; `early` came behind it. */
  #handshake(message: IncomingMessage, early: Buffer): void {
    const { socket } = message;
    const connection = this.#open.get(socket);
    const head = readHead(message);
    if (this.#webSockets === undefined || connection === undefined || typeof head === "string") return;
    const exchange = new Http1Exchange(message, new Http1Response(message), head, false, connection.underWay, this.#limits, this.#onReady);
    connection.underWay.push(exchange);
    // Nobody can open a WebSocket who has nothing more to say.
    const leaves = (): void => void socket.destroy();
    socket.on("end", leaves).on("error", ignore);
    const refused = (): void => {
      socket.on("timeout", leaves);
      exchange.response.shouldKeepAlive = false;
      exchange.response.on("finish", () => socket.destroySoon());
      if (!exchange.isGone) exchange.response.assignSocket(socket);
    };
    const webSockets = this.#webSockets;
    decideHandshake(exchange, webSockets, {
      answer(response) {
        refused();
        exchange.answer(response);
      },
      fail: (error) => {
        refused();
        this.#failed(exchange, error);
      },
      open: (remoteAddress, key, accepted) => {
        socket.off("end", leaves).setTimeout(0);
        webSockets.accept(transportOf(socket), remoteAddress, key, accepted, early);
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
  #unreadable(error: NodeJS.ErrnoException, socket: Socket): void {
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
    // Ends its looks.
    this.#server.close();
    await this.#webSockets?.settled();
  }

  cut(): void {
    for (const socket of this.#open.keys()) socket.destroy();
    this.#webSockets?.cut();
  }
}

const readHead = ({ url = "", rawHeaders, httpVersion }: IncomingMessage) => checkFields(url, rawHeaders, httpVersion);

/** An error is followed by the end of its connection. */
const ignore = (): void => undefined;

const CLIENT_ERRORS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
