// The connections to one origin: each an undici Client, which carries one request at a time and connects when it must.
import { Client, buildConnector } from "undici";
import type { LookupFunction, Socket } from "node:net";
import { checkServerIdentity } from "node:tls";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import type { TlsIdentity } from "../../domain/client-certificate.ts";
import { UpstreamError } from "../../ports/http-client.ts";
import { refusedLiteral } from "../upstream/index.ts";

/** `connect` of {@link Connection}: what a socket of undici's is made with. */
type Connector = ReturnType<typeof buildConnector>;

export interface PoolOptions {
  readonly insecure: boolean;
  readonly identity: TlsIdentity | undefined;
  /** `host:port` to connect to in place of the origin's. */
  readonly address: string | undefined;
  readonly connections: number;
  readonly queue: number;
  readonly connectTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly headerBytes: number;
  readonly isRefused: (address: string) => boolean;
  readonly lookup: LookupFunction;
}

/** A connection to an origin, made on first use and made anew when it was closed. */
export class Connection {
  readonly client: Client;
  /** The name that a server's certificate must be for. */
  readonly servername: string;
  /** Requests written to the socket of now: 0 on a fresh one. */
  used = 0;
  /** How far a connection in the making has come. */
  stage: "connect" | "tls" | "open" = "connect";
  #socket: Socket | undefined;

  constructor(origin: URL, options: PoolOptions, connector: Connector, onClosed: (connection: Connection) => void) {
    this.servername = origin.hostname;
    this.client = new Client(origin, {
      connect: (target, callback) => this.#connect(target, callback, options, connector),
      pipelining: 1,
      keepAliveTimeout: options.keepAliveMs,
      keepAliveMaxTimeout: options.keepAliveMs,
      maxHeaderSize: options.headerBytes,
      // The exchange has one clock of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
    this.client.on("disconnect", () => onClosed(this));
    this.client.on("connectionError", () => onClosed(this));
  }

  get isOpen(): boolean {
    return this.#socket !== undefined && !this.#socket.destroyed;
  }

  #connect(
    target: buildConnector.Options,
    callback: buildConnector.Callback,
    options: PoolOptions,
    connector: Connector,
  ): void {
    this.used = 0;
    this.stage = "connect";
    const { hostname, port } = options.address === undefined ? target : endpointOf(options.address);
    const refused = refusedLiteral(hostname, options.isRefused);
    if (refused !== undefined) {
      callback(refused, null);
      return;
    }
    // The certificate is checked against the origin's name, whatever the Host header says.
    const { servername: _, ...named } = target;
    const socket = connector({ ...named, hostname, port }, (...result) => {
      const refusal = result[0] === null && options.insecure ? refusedCertificate(target, result[1]) : undefined;
      if (refusal !== undefined) {
        result[1]?.destroy();
        callback(refusal, null);
        return;
      }
      if (result[0] === null) this.stage = "open";
      callback(...result);
    }) as unknown as Socket;
    this.#socket = socket;
    if (target.protocol === "https:") socket.once("connect", () => (this.stage = "tls"));
  }

  /** Ends the connection now, also one in the making. */
  destroy(): void {
    this.#socket?.destroy();
    this.client.destroy().then(undefined, () => undefined);
  }
}

/** Where to connect, of `host:port`. */
function endpointOf(address: string): { hostname: string; port: string } {
  const { hostname, port } = new URL(`http://${address}`);
  // The port of the scheme is left out of a URL.
  return { hostname: bare(hostname), port: port === "" ? "80" : port };
}

/** What a TLS connection shows of itself, and which name the server's certificate must be for. */
function tlsOptions(origin: URL, { identity, address }: PoolOptions): Pick<ConnectionOptions, "cert" | "key" | "checkServerIdentity"> {
  return {
    ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.privateKey() }),
    // Node.js would take the address that is connected to where the origin's host is an address too.
    ...(address === undefined ? {} : { checkServerIdentity: (_host, certificate) => checkServerIdentity(bare(origin.hostname), certificate) }),
  };
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, "");

/**
 * What is wrong with a certificate besides who vouches for it, which is all that `insecure` lets pass: the dates and the
 * name still count (the API model's documentation of insecureSkipVerification).
 */
function refusedCertificate({ hostname, protocol }: buildConnector.Options, socket: unknown): Error | undefined {
  if (protocol !== "https:") return undefined;
  const certificate = (socket as TLSSocket).getPeerCertificate();
  const now = Date.now();
  if (now < Date.parse(certificate.valid_from)) return new Error("the certificate is not valid yet");
  if (now > Date.parse(certificate.valid_to)) return new Error("the certificate has expired");
  return checkServerIdentity(hostname, certificate);
}

/** Hands out connections: the one used last first, so that those not needed grow old and close. */
export class Pool {
  readonly #origin: URL;
  readonly #options: PoolOptions;
  readonly #connector: Connector;
  readonly #onEmpty: () => void;
  readonly #idle: Connection[] = [];
  readonly #busy = new Set<Connection>();
  readonly #waiting = new Set<(connection: Connection) => void>();

  constructor(origin: URL, options: PoolOptions, onEmpty: () => void) {
    this.#origin = origin;
    this.#options = options;
    this.#onEmpty = onEmpty;
    this.#connector = buildConnector({
      allowH2: false,
      rejectUnauthorized: !options.insecure,
      timeout: options.connectTimeoutMs,
      lookup: options.lookup,
      ...tlsOptions(origin, options),
      // A resumed session shows no certificate that could be checked again.
      ...(options.insecure ? { maxCachedSessions: 0 } : {}),
    });
  }

  /**
   * Calls back with a connection, at once when one is idle or may be made, otherwise when one is given back.
   * Gives the function that takes the wish back.
   * @param isFresh the connection must be new: those kept from before may all be dead.
   * @throws {UpstreamError} when too many wait already.
   */
  acquire(take: (connection: Connection) => void, isFresh: boolean): () => void {
    if (isFresh) this.#idle.shift()?.destroy();
    const connection = (isFresh ? undefined : this.#idle.pop()) ?? this.#make();
    if (connection !== undefined) {
      this.#busy.add(connection);
      take(connection);
      return () => undefined;
    }
    if (this.#waiting.size >= this.#options.queue) {
      throw new UpstreamError("connect", `${this.#origin.host}: ${this.#waiting.size} requests wait for a connection already`);
    }
    this.#waiting.add(take);
    return () => this.#waiting.delete(take);
  }

  /** Takes a connection back after its request. */
  release(connection: Connection): void {
    this.#busy.delete(connection);
    if (!connection.isOpen || connection.client.closed) {
      this.#discard(connection);
      return;
    }
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#idle.push(connection);
      return;
    }
    this.#waiting.delete(next);
    this.#busy.add(connection);
    next(connection);
  }

  /** Waits for the requests under way, then ends the connections. */
  async close(): Promise<void> {
    while (this.#idle.length + this.#busy.size > 0) {
      const all = [...this.#idle.splice(0), ...this.#busy];
      await Promise.allSettled(all.map((connection) => connection.client.close()));
    }
  }

  #make(): Connection | undefined {
    if (this.#busy.size + this.#idle.length >= this.#options.connections) return undefined;
    return new Connection(this.#origin, this.#options, this.#connector, (closed) => this.#closed(closed));
  }

  /** A connection was closed, by its age or by the server. One that carries a request is dropped when it comes back. */
  #closed(connection: Connection): void {
    const index = this.#idle.indexOf(connection);
    if (index < 0) return;
    this.#idle.splice(index, 1);
    this.#discard(connection);
  }

  #discard(connection: Connection): void {
    connection.destroy();
    const [next] = this.#waiting;
    if (next !== undefined) {
      const fresh = this.#make();
      if (fresh === undefined) return;
      this.#waiting.delete(next);
      this.#busy.add(fresh);
      next(fresh);
    } else if (this.#idle.length === 0 && this.#busy.size === 0) this.#onEmpty();
  }
}
