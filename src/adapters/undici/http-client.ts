// The port's HTTP client: one clock for the whole exchange, bounded pools, and one retry where it cannot be noticed.
import { UpstreamError } from "../../ports/http-client.ts";
import type { HttpClient, UpstreamRequest } from "../../ports/http-client.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import { guardedLookup, IDEMPOTENT, OWN_HEADERS, parseOrigin, poolKey, refusedAddresses } from "../upstream/index.ts";
import type { AddressRules } from "../upstream/index.ts";
import { Attempt } from "./exchange.ts";
import type { AttemptOutcome, Exchange } from "./exchange.ts";
import { Pool } from "./pool.ts";
import type { Connection } from "./pool.ts";
import { StreamingAttempt } from "./streaming-exchange.ts";

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
} as const;

/** Makes a client. @throws {TypeError} when a denied range is not in CIDR notation. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const settings = { ...DEFAULTS, ...options };
  const isRefused = refusedAddresses(settings);
  const lookup = guardedLookup(isRefused);
  const pools = new Map<string, Pool>();
  let isClosed = false;

  const poolFor = (request: Sendable): Pool => {
    const key = poolKey(request);
    const known = pools.get(key);
    if (known !== undefined) return known;
    const pool = new Pool(
      parseOrigin(request.origin),
      {
        insecure: request.insecure === true,
        identity: request.identity,
        address: request.address,
        connections: settings.connectionsPerOrigin,
        queue: settings.queuePerOrigin,
        connectTimeoutMs: settings.connectTimeoutMs,
        keepAliveMs: settings.keepAliveMs,
        headerBytes: settings.headerBytes,
        isRefused,
        lookup,
      },
      () => pools.delete(key),
    );
    pools.set(key, pool);
    return pool;
  };

  const run = <Response>(request: Sendable, attempt: NewAttempt<Response>): Promise<Response> =>
    new Promise((resolve, reject) => {
      if (isClosed) throw new UpstreamError("aborted", "The client is closed");
      start(poolFor(request), request, attempt, resolve, reject);
    });

  return {
    request: (request) => run(request, (connection, outcome) => new Attempt(request, connection, outcome)),
    stream: (request) => run(request, (connection, outcome) => new StreamingAttempt(request, connection, outcome)),
    async close() {
      isClosed = true;
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      pools.clear();
    },
  };
}

type Sendable = Omit<UpstreamRequest, "responseLimit">;
type NewAttempt<Response> = (connection: Connection, outcome: AttemptOutcome<Response>) => Exchange;

/**
 * Runs a request to its end: an attempt, and a second one when the first met a connection that was already dead. It may
 * have been resolved long before its end: the clock runs, and the signal counts, until then.
 */
function start<Response>(
  pool: Pool,
  request: Sendable,
  newAttempt: NewAttempt<Response>,
  resolve: (response: Response) => void,
  reject: (error: UpstreamError) => void,
): void {
  const { signal } = request;
  if (signal?.aborted === true) throw new UpstreamError("aborted", "The request was given up");
  let isSettled = false;
  let stop: ((error: UpstreamError) => void) | undefined;

  const settle = (): boolean => {
    if (isSettled) return false;
    isSettled = true;
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    return true;
  };
  const fail = (error: UpstreamError): void => {
    if (settle()) reject(error);
  };
  const giveUp = (error: UpstreamError): void => {
    fail(error);
    stop?.(error);
  };
  const onAbort = (): void => giveUp(new UpstreamError("aborted", "The request was given up"));
  const timer = setTimeout(
    () => giveUp(new UpstreamError("timeout", `${request.origin}: no whole response within ${request.timeoutMs} ms`)),
    request.timeoutMs,
  );
  signal?.addEventListener("abort", onAbort);

  const attempt = (isRetry: boolean): void => {
    const take = (connection: Connection): void => {
      const sent = newAttempt(connection, {
        begun: resolve,
        done() {
          pool.release(connection);
          settle();
        },
        failed(error, isStale) {
          pool.release(connection);
          if (isSettled) return;
          if (isStale && !isRetry && IDEMPOTENT.has(request.method)) attempt(true);
          else fail(error);
        },
      });
      stop = (error) => sent.cancel(error);
      dispatch(connection, request, sent);
    };
    stop = undefined;
    try {
      const withdraw = pool.acquire(take, isRetry);
      stop ??= withdraw;
    } catch (error) {
      fail(error as UpstreamError);
    }
  };
  attempt(false);
}

/** Writes the request to the connection. */
function dispatch(connection: Connection, request: Sendable, attempt: Exchange): void {
  const options = {
    method: request.method,
    path: request.path,
    headers: withoutOwn(request.headers),
    body: request.body ?? null,
    // Not the Host header's, which undici would take: a new one would cost a new connection.
    servername: connection.servername,
  };
  connection.client.dispatch(options, attempt);
}

function withoutOwn(headers: HeaderList): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (!OWN_HEADERS.has(name.toLowerCase())) kept.push(name, headers[i + 1] as string);
  }
  return kept;
}
