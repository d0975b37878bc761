// A server socket, plain or with TLS, and the life of what connects to it.
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import type { HttpHandler, HttpListener } from "../../ports/http-server.ts";
import type { Log } from "../../ports/log.ts";
import type { CertificateFiles } from "./certificate.ts";
import { Http1Connections } from "./http1/connections.ts";
import { Http2Connections } from "./http2/connections.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import type { ListenerLimits } from "./limits.ts";
import { ListenError } from "./listen-error.ts";
import { NodeHttp1Connections } from "./node-http1/connections.ts";
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
  /** What reads HTTP/1.1: a parser of our own, or node:http's. */
  readonly http1?: "own" | "node";
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
  const http1 = new (options.http1 === "node" ? NodeHttp1Connections : Http1Connections)(handler, log, limits, webSockets);
  const closing: Connections[] = [http1];
  let server: Server;
  if (tls === undefined) {
    server = createServer({ noDelay: true, allowHalfOpen: true, pauseOnConnect: http1 instanceof Http1Connections }, (socket) => http1.opened(socket));
  } else {
    const http2 = new Http2Connections(handler, log, limits);
    const secured = createTlsServer({ http1, http2, files: tls, limits, log });
    server = secured.server;
    closing.push(http2, secured);
  }
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

/** Says that connections are refused, and again only after one has found room. */
function sayOnceWhile(server: Server, log: Log): () => void {
  let isSaid = false;
  server.on("connection", () => (isSaid = false));
  return () => {
    if (isSaid) return;
    isSaid = true;
    log.warn("connections are refused: as many are open as may be", { open: server.maxConnections });
  };
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

async function close(server: Server, closing: readonly Connections[], graceMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()));
  const emptied = closing.map((connections) => connections.drain());
  const cut = setTimeout(() => {
    for (const connections of closing) connections.cut();
  }, graceMs);
  await ended;
  await Promise.all(emptied);
  clearTimeout(cut);
}
