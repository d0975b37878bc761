// A server socket, and the life of its connections: node:http parses, this bounds, refuses and closes.
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { HttpHandler, HttpListener } from "../../ports/http-server.ts";
import type { Log } from "../../ports/log.ts";
import { answer, answerFailure } from "./answer.ts";
import { Exchange, isWaitingForItsBody } from "./exchange.ts";
import { readHead } from "./head.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { ListenerLimits } from "./limits.ts";

export interface ListenOptions {
  /** An address or a name of this machine. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Lets several processes listen on the same port, the system sharing connections out among them. */
  readonly reusePort?: boolean;
  readonly handler: HttpHandler;
  readonly log: Log;
  readonly limits?: Partial<ListenerLimits>;
}

/** The address cannot be listened on. The message is one line for the operator. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** Starts to listen. @throws {ListenError} when the port is taken, not permitted, or the host is none of this machine's. */
export async function listen(options: ListenOptions): Promise<HttpListener> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const connections = new Connections(options.handler, options.log, limits);
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    insecureHTTPParser: false,
    // Checked in readHead, with the rest of the framing: node's own check parses every header into an object.
    requireHostHeader: false,
    headersTimeout: Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs),
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(5_000, limits.headersTimeoutMs),
    noDelay: true,
    // A request without a body needs none of the events of a stream: about a tenth of what an answer costs.
    optimizeEmptyRequests: true,
  });
  // Bounded by headerBytes alone: node drops the headers past its count without a word.
  server.maxHeadersCount = 0;
  server.maxConnections = limits.connections;
  server.on("drop", () => connections.dropped());
  server.on("connection", (socket) => connections.opened(socket));
  server.on("request", (message, response) => connections.request(message, response, false));
  server.on("checkContinue", (message, response) => connections.request(message, response, true));
  server.on("connect", (_message, socket) => refuse(socket, 405));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => connections.unreadable(error, socket as Socket));
  await started(server, options);
  server.on("error", (error) => options.log.error("the listener failed", error));

  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return { host: options.host, port, close: (graceMs) => (closed ??= close(server, connections, graceMs)) };
}

function started(server: Server, { host, port, reusePort = false }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = LISTEN_FAILURES[error.code ?? ""] ?? error.message;
      reject(new ListenError(`Cannot listen on ${host}:${port}: ${why}`, { cause: error }));
    });
    server.listen({ port, host, reusePort }, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
}

const LISTEN_FAILURES: Readonly<Record<string, string>> = {
  EADDRINUSE: "the port is in use",
  EACCES: "this user may not listen on that port",
  EADDRNOTAVAIL: "that is not an address of this machine",
  ENOTSUP: "this system does not let several processes share a port",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name cannot be looked up",
};

async function close(server: Server, connections: Connections, graceMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  const emptied = connections.drain();
  const cut = setTimeout(() => connections.cut(), graceMs);
  await ended;
  await emptied;
  clearTimeout(cut);
}

/** What is known of an open connection. */
interface Connection {
  /** More than one when the client pipelines. */
  readonly underWay: Set<Exchange>;
  /** A refusal has been written: whatever still comes is not looked at. */
  isRefused: boolean;
}

/** The open connections and the exchanges under way on each. */
class Connections {
  readonly #handler: HttpHandler;
  readonly #log: Log;
  readonly #limits: ListenerLimits;
  readonly #open = new Map<Socket, Connection>();
  #draining = false;
  #saidFull = false;

  constructor(handler: HttpHandler, log: Log, limits: ListenerLimits) {
    this.#handler = handler;
    this.#log = log;
    this.#limits = limits;
  }

  opened(socket: Socket): void {
    const connection: Connection = { underWay: new Set(), isRefused: false };
    this.#open.set(socket, connection);
    // Read once, it stays known after the connection has closed.
    void socket.remoteAddress;
    socket.once("close", () => {
      this.#open.delete(socket);
      this.#saidFull = false;
      for (const exchange of connection.underWay) exchange.clientGone();
    });
  }

  dropped(): void {
    if (this.#saidFull) return;
    this.#saidFull = true;
    this.#log.warn("connections are refused: as many are open as may be", { open: this.#open.size });
  }

  /** Hands a request on and its answer back: in one go when the handler answers at once. */
  request(message: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const { socket } = message;
    const connection = this.#open.get(socket);
    if (connection === undefined || connection.isRefused) return;
    if (this.#draining) response.shouldKeepAlive = false;
    const head = readHead(message);
    if (typeof head === "string") {
      this.#log.debug("refused a request", { reason: head, remoteAddress: socket.remoteAddress });
      connection.isRefused = true;
      response.shouldKeepAlive = false;
      answerFailure(response, 400, "Bad Request");
      return;
    }
    const exchange = new Exchange(message, response, head, expectsContinue, this.#limits);
    connection.underWay.add(exchange);
    response.once("close", () => connection.underWay.delete(exchange));
    try {
      const answered = this.#handler(exchange);
      if (answered instanceof Promise) {
        answered.then(
          (ready) => this.#send(exchange, ready),
          (error: unknown) => this.#failed(exchange, error),
        );
      } else this.#send(exchange, answered);
    } catch (error) {
      this.#failed(exchange, error);
    }
  }

  #send(exchange: Exchange, ready: Parameters<typeof answer>[1]): void {
    if (this.#draining) exchange.response.shouldKeepAlive = false;
    answer(exchange, ready, this.#log, this.#limits);
  }

  #failed(exchange: Exchange, error: unknown): void {
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
    const status = CLIENT_ERRORS[error.code ?? ""] ?? 400;
    const mayAnswer = [...underWay].every(isWaitingForItsBody);
    this.#log.debug("refused a connection's bytes", { code: error.code, remoteAddress: socket.remoteAddress });
    for (const exchange of underWay) exchange.clientGone();
    if (mayAnswer && error.code !== "ECONNRESET") refuse(socket, status);
    else socket.destroy();
  }

  /** From now on every answer is its connection's last; idle connections end at once. Resolves when none is left. */
  async drain(): Promise<void> {
    this.#draining = true;
    const closed = Array.from(this.#open.keys(), (socket) => once(socket, "close"));
    for (const [socket, { underWay }] of this.#open) {
      if (underWay.size === 0) socket.destroy();
      for (const exchange of underWay) exchange.response.shouldKeepAlive = false;
    }
    await Promise.allSettled(closed);
  }

  cut(): void {
    for (const socket of this.#open.keys()) socket.destroy();
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
function refuse(socket: Duplex, status: number): void {
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
