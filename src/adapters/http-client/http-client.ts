// The port's HTTP client over node:net and node:tls: bounded pools of connections, an origin each.
import { UpstreamError } from "../../ports/http-client.ts";
import type { HttpClient, UpstreamResponse, UpstreamStream } from "../../ports/http-client.ts";
import { HeadScanner } from "../http1-syntax/index.ts";
import { type AddressRules, guardedLookup, parseOrigin, poolKey, refusedAddresses } from "../upstream/index.ts";
import { Deadlines } from "./deadlines.ts";
import { Exchange, type Receiver, type Sendable } from "./exchange.ts";
import { createLender } from "./lender.ts";
import { keptHostNames } from "./host-names.ts";
import { Pool } from "./pool.ts";
import { RESPONSE_HEAD } from "./response-head.ts";
import { routeTo } from "./route.ts";
import { createTlsSessions } from "./tls-sessions.ts";
import { StreamedResponse } from "./streamed-response.ts";
import { WholeResponse } from "./whole-response.ts";

export interface HttpClientOptions extends Partial<AddressRules> {
  /** To one origin at once; further requests wait their turn. */
  readonly connectionsPerOrigin?: number;
  /** Requests that may wait for a connection to one origin; those past it fail with `connect`. */
  readonly queuePerOrigin?: number;
  /** For TCP and TLS together, in milliseconds; past it a request fails with `connect` or `tls`. */
  readonly connectTimeoutMs?: number;
  /** How long an idle connection is kept, in milliseconds; a server's `Keep-Alive: timeout` may shorten it. */
  readonly keepAliveMs?: number;
  /** The largest head of a response, in bytes. */
  readonly headerBytes?: number;
  /** How long the addresses of a name are kept, in milliseconds. */
  readonly hostNamesMs?: number;
  /** Memory that was lent and has come back is overwritten, so that whoever still reads it shows: for tests. */
  readonly poisonsLoans?: boolean;
}

const DEFAULTS = {
  allowMetadataAddresses: false,
  denied: [],
  connectionsPerOrigin: 512,
  queuePerOrigin: 10_000,
  connectTimeoutMs: 10_000,
  // Shorter than what servers commonly keep (Node.js 5 s), so that they seldom close under a request.
  keepAliveMs: 4_000,
  headerBytes: 64 * 1024,
  hostNamesMs: 10_000,
  poisonsLoans: false,
} as const;

/** Makes a client. @throws {TypeError} when a denied range is not in CIDR notation. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const settings = { ...DEFAULTS, ...options };
  const isRefused = refusedAddresses(settings);
  const names = keptHostNames(guardedLookup(isRefused), settings.hostNamesMs);
  const sessions = createTlsSessions();
  const scanner = new HeadScanner(settings.headerBytes, RESPONSE_HEAD);
  const deadlines = new Deadlines();
  const lender = createLender(settings.poisonsLoans);
  const pools = new Map<string, Pool>();
  let closing: Promise<unknown> | undefined;

  function poolFor(request: Sendable): Pool {
    const key = poolKey(request);
    const known = pools.get(key);
    if (known !== undefined) return known;
    const { connectionsPerOrigin: connections, queuePerOrigin: queue, keepAliveMs } = settings;
    const origin = parseOrigin(request.origin);
    const route = routeTo(origin, request, { ...settings, isRefused, names, scanner, sessions });
    const pool = new Pool({ host: origin.host, route, connections, queue, keepAliveMs }, () => pools.delete(key));
    pools.set(key, pool);
    return pool;
  }

  function send(request: Sendable, receiverOf: (exchange: Exchange) => Receiver): void {
    if (closing !== undefined) throw new UpstreamError("aborted", "The client is closed");
    const pool = poolFor(request);
    try {
      new Exchange(request, pool, deadlines, receiverOf).start();
    } finally {
      pool.endIfEmpty();
    }
  }

  return {
    request: (request) =>
      new Promise<UpstreamResponse>((resolve, reject) => {
        send(request, (exchange) => new WholeResponse(request.responseLimit, request.borrows === true ? lender : undefined, exchange, resolve, reject));
      }),
    stream: (request) =>
      new Promise<UpstreamStream>((resolve, reject) => {
        send(request, (exchange) => new StreamedResponse(exchange, resolve, reject));
      }),
    async close() {
      closing ??= Promise.all(Array.from(pools.values(), (pool) => pool.close()));
      await closing;
    },
  };
}
