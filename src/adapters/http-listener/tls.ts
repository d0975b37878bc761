// The listener's TLS: what it offers, and who speaks on a connection once its handshake is done.
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { Server } from "node:https";
import type { Socket } from "node:net";
import type { SecureContextOptions, TLSSocket } from "node:tls";
import type { Log } from "../../ports/log.ts";
import { readCertificate, watchCertificate } from "./certificate.ts";
import type { Certificate, CertificateFiles } from "./certificate.ts";
import type { Http1Connections, Http1Options, Http1Response } from "./node-http1/connections.ts";
import type { Http2Connections } from "./http2/connections.ts";
import type { ListenerLimits } from "./limits.ts";

/**
 * The security policy TLS_1_2 of Regional APIs, in AWS's order; it takes TLS 1.3 as well, whose ciphers are all of them good
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html).
 */
const CIPHERS = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES128-SHA256",
  "ECDHE-RSA-AES128-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-AES256-SHA384",
  "ECDHE-RSA-AES256-SHA384",
  "AES128-GCM-SHA256",
  "AES128-SHA256",
  "AES256-GCM-SHA384",
  "AES256-SHA256",
].join(":");

type HttpsServer = Server<typeof IncomingMessage, typeof Http1Response>;

interface TlsServerOptions {
  readonly files: CertificateFiles;
  readonly http1Options: Http1Options;
  readonly http1: Http1Connections;
  readonly http2: Http2Connections;
  readonly limits: ListenerLimits;
  readonly log: Log;
}

/** A server that is not listening yet, and what ends its handshakes and its watch over the certificate. */
export interface TlsServer {
  readonly server: HttpsServer;
  drain(): Promise<void>;
  cut(): void;
}

/** @throws {ListenError} when the certificate or its key cannot be used. */
export function createTlsServer({ files, http1Options, http1, http2, limits, log }: TlsServerOptions): TlsServer {
  const certificate = readCertificate(files);
  if (certificate.doubt !== undefined) log.warn(certificate.doubt, certificate.fields);
  const server = createServer({
    ...http1Options,
    ...contextOf(certificate),
    ALPNProtocols: ["h2", "http/1.1"],
    handshakeTimeout: limits.headersTimeoutMs,
  });
  const handshakes = new Map<string, Socket>();
  server.on("connection", (socket: Socket) => {
    const peer = peerOf(socket);
    handshakes.set(peer, socket);
    socket.once("close", () => handshakes.delete(peer));
  });
  share(server, (socket) => {
    handshakes.delete(peerOf(socket));
    const isHttp2 = socket.alpnProtocol === "h2";
    (isHttp2 ? http2 : http1).opened(socket);
    return isHttp2;
  });
  server.on("tlsClientError", (error: NodeJS.ErrnoException, socket) => {
    log.debug("a handshake failed", { code: error.code, remoteAddress: socket.remoteAddress });
    socket.destroy();
  });
  const unwatch = watchCertificate(files, (renewed) => server.setSecureContext(contextOf(renewed)), log);
  const cut = (): void => {
    for (const socket of handshakes.values()) socket.destroy();
  };
  return {
    server,
    drain() {
      unwatch();
      cut();
      return Promise.resolve();
    },
    cut,
  };
}

function contextOf({ cert, key }: Certificate): SecureContextOptions {
  return { cert, key, ciphers: CIPHERS, minVersion: "TLSv1.2", honorCipherOrder: true };
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** Shows each secured connection to `take`, and gives those that it does not take to the HTTP/1.1 parser of node:https. */
function share(server: HttpsServer, take: (socket: TLSSocket) => boolean): void {
  const parsers = server.listeners("secureConnection");
  server.removeAllListeners("secureConnection");
  server.on("secureConnection", (socket: TLSSocket) => {
    if (take(socket)) return;
    for (const parser of parsers) parser.call(server, socket);
  });
}
