// A server socket, plain or with TLS, and the life of what connects to it.
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { HttpHandler, HttpListener } from "../../ports/http-server.ts";
import type { Log } from "../../ports/log.ts";
import type { CertificateFiles } from "./certificate.ts";
import { Http1Connections, Http1Response, refuse } from "./node-http1/connections.ts";
import type { Http1Options, Http1Server } from "./node-http1/connections.ts";
import { Http2Connections } from "./http2/connections.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { ListenerLimits } from "./limits.ts";
import { ListenError } from "./listen-error.ts";
import { createTlsServer } from "./tls.ts";
import { WebSockets } from "./websocket/connections.ts";
import type { WebSocketOptions } from "./websocket/connections.ts";

export interface ListenOptions {
  /** An address or a name of this machine. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Lets several processes listen on the same port, the system sharing connections out among them. */
  readonly reusePort?: boolean;
  /** Speak TLS alone, with this certificate: HTTP/2 to clients that offer it, HTTP/1.1 to others. */
  readonly tls?: CertificateFiles;
  readonly handler: HttpHandler;
  /** Without it, a request for a WebSocket is a request as any other. */
  readonly webSockets?: WebSocketOptions;
  readonly log: Log;
  readonly limits?: Partial<ListenerLimits>;
}

/**
 * Starts to listen.
 * @throws {ListenError} when the port is taken, not permitted, the host is none of this machine's, or the certificate or
 *   its key cannot be used.
 */
export async function listen(options: ListenOptions): Promise<HttpListener> {
  const { handler, log, tls } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const webSockets = options.webSockets === undefined ? undefined : new WebSockets(options.webSockets, log);
  const http1 = new Http1Connections(handler, log, limits, webSockets);
  const closing: Connections[] = [http1];
  let server: Http1Server;
  if (tls === undefined) {
    server = createServer(http1Options(limits, http1));
    server.on("connection", (socket) => http1.opened(socket));
  } else {
    const http2 = new Http2Connections(handler, log, limits);
    const secured = createTlsServer({ http1Options: http1Options(limits, http1), http1, http2, files: tls, limits, log });
    server = secured.server;
    closing.push(http2, secured);
  }
  serveHttp1(server, http1);
  if (webSockets !== undefined) serveWebSockets(server, http1, log);
  server.maxConnections = limits.connections;
  server.on("drop", sayOnceWhile(server, log));
  try {
    await started(server, options);
  } catch (error) {
    // What watches over connections and certificates ends with them.
    await Promise.all(closing.map((connections) => connections.drain()));
    throw error;
  }
  server.on("error", (error) => log.error("the listener failed", error));

  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return { host: options.host, port, close: (graceMs) => (closed ??= close(server, closing, graceMs)) };
}

/** Connections that end together with their listener. */
interface Connections {
  /** Lets what is under way finish, and nothing new begin. Resolves when no connection is left. */
  drain(): Promise<void>;
  /** Ends what is still open. */
  cut(): void;
}

function http1Options(limits: ListenerLimits, connections: Http1Connections): Http1Options {
  return {
    ServerResponse: Http1Response,
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
    shouldUpgradeCallback: (message) => connections.isHandshake(message),
  };
}

function serveHttp1(server: Http1Server, connections: Http1Connections): void {
  // Bounded by headerBytes alone: node drops the headers past its count without a word.
  server.maxHeadersCount = 0;
  server.on("request", (message, response) => connections.request(message, response, false));
  server.on("checkContinue", (message, response) => connections.request(message, response, true));
  server.on("connect", (_message, socket) => refuse(socket, 405));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => connections.unreadable(error, socket as Socket));
}

function serveWebSockets(server: Http1Server, connections: Http1Connections, log: Log): void {
  // Before 24.9, Node takes every request for an upgrade out of HTTP, those too that are to be answered as requests.
  if ("shouldUpgradeCallback" in server) server.on("upgrade", (message, _socket, early) => connections.handshake(message, early));
  else log.warn("WebSockets need Node.js 24.9 or newer: handshakes are answered as other requests are", { version: process.version });
}

/** Says that connections are refused, and again only after one has found room. */
function sayOnceWhile(server: Http1Server, log: Log): () => void {
  let isSaid = false;
  server.on("connection", () => (isSaid = false));
  return () => {
    if (isSaid) return;
    isSaid = true;
    log.warn("connections are refused: as many are open as may be", { open: server.maxConnections });
  };
}

function started(server: Http1Server, { host, port, reusePort = false }: ListenOptions): Promise<void> {
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

async function close(server: Http1Server, closing: readonly Connections[], graceMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  const emptied = closing.map((connections) => connections.drain());
  const cut = setTimeout(() => {
    for (const connections of closing) connections.cut();
  }, graceMs);
  await ended;
  await Promise.all(emptied);
  clearTimeout(cut);
}
