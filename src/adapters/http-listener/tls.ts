// The listener's TLS: what it offers, and who speaks on a connection once its handshake is done.
import type { Socket } from "node:net";
import { createServer } from "node:tls";
import type { SecureContextOptions, Server, TLSSocket } from "node:tls";
import type { Log } from "../../ports/log.ts";
import { readCertificate, watchCertificate } from "./certificate.ts";
import type { Certificate, CertificateFiles } from "./certificate.ts";
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

/** Who speaks a protocol on the connections on which it was agreed. */
interface Speaker {
  opened(socket: TLSSocket): void;
}

interface TlsServerOptions {
  readonly files: CertificateFiles;
  readonly http1: Speaker;
  readonly http2: Speaker;
  readonly limits: ListenerLimits;
  readonly log: Log;
}

/** A server that is not listening yet, and what ends its handshakes and its watch over the certificate. */
export interface TlsServer {
  readonly server: Server;
  drain(): Promise<void>;
  cut(): void;
}

/** @throws {ListenError} when the certificate or its key cannot be used. */
export function createTlsServer({ files, http1, http2, limits, log }: TlsServerOptions): TlsServer {
  const certificate = readCertificate(files);
  if (certificate.doubt !== undefined) log.warn(certificate.doubt, certificate.fields);
  const server = createServer({
    ...contextOf(certificate),
    noDelay: true,
    ALPNProtocols: ["h2", "http/1.1"],
    handshakeTimeout: limits.headersTimeoutMs,
  });
  const handshakes = new Map<string, Socket>();
  server.on("connection", (socket: Socket) => {
    const peer = peerOf(socket);
    handshakes.set(peer, socket);
    socket.once("close", () => handshakes.delete(peer));
  });
  server.on("secureConnection", (socket) => {
    handshakes.delete(peerOf(socket));
    (socket.alpnProtocol === "h2" ? http2 : http1).opened(socket);
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
