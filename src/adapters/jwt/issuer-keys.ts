// The key sets of issuers: found through their discovery documents, fetched by one request at a time, kept for an hour.
import type { Clock } from "../../ports/clock.ts";
import type { HttpClient } from "../../ports/http-client.ts";
import type { Log } from "../../ports/log.ts";
import type { TrustedIssuer } from "../../domain/token-trust.ts";
import { discoverKeySet } from "./discovery.ts";
import { checkIssuerUrl, fetchDocument } from "./documents.ts";
import { type KeySet, parseKeySet } from "./key-set.ts";

export interface IssuerKeysOptions {
  readonly httpClient: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether issuers on this machine may speak http. */
  readonly httpOnLoopback: boolean;
}

export interface IssuerKeys {
  /**
   * An issuer's key set: with a key of that name, unless the issuer has none.
   * @throws {Error} with a reason, when no key set can be had
   */
  find(issuer: TrustedIssuer, keyId: string): KeySet | Promise<KeySet>;
}

/** "API Gateway caches each issuer's signing keys for up to 1 hour" (rest-api-jwt-authorizer-keys; for HTTP APIs it is two). */
const KEPT_MS = 3_600_000;
/** A set is fetched anew before it expires, while it still serves, so that no request has to wait for that. */
const REFRESHED_MS = 3_000_000;
/** So often is a set fetched at most because tokens name keys that it does not have: anybody can make such a token. */
const UNKNOWN_KEY_MS = 5_000;
/** An issuer that has just failed is not asked again before. */
const RETRY_MS = 1_000;
/** So many issuers are remembered; past that, those that nobody has asked for longest are forgotten. */
const MAX_ISSUERS = 1_000;

interface Source {
  readonly issuer: TrustedIssuer;
  keys: KeySet | undefined;
  fetchedAt: number;
  fetching: Promise<KeySet> | undefined;
  failure: Error | undefined;
  failedAt: number;
}

export function createIssuerKeys(options: IssuerKeysOptions): IssuerKeys {
  const { clock, log } = options;
  const sources = new Map<string, Source>();

  function sourceOf(issuer: TrustedIssuer): Source {
    const name = `${issuer.issuer} ${issuer.jwksUri ?? ""}`;
    const source = sources.get(name) ?? { issuer, keys: undefined, fetchedAt: 0, fetching: undefined, failure: undefined, failedAt: 0 };
    sources.delete(name);
    sources.set(name, source);
    if (sources.size > MAX_ISSUERS) sources.delete(sources.keys().next().value as string);
    return source;
  }

  /** Joins the request that is under way, or makes one. */
  function fetchKeys(source: Source): Promise<KeySet> {
    source.fetching ??= load(source).finally(() => {
      source.fetching = undefined;
    });
    return source.fetching;
  }

  async function load(source: Source): Promise<KeySet> {
    try {
      const keys = replaced(source.keys, await loadKeySet(source.issuer, options));
      source.keys = keys;
      source.fetchedAt = clock.now();
      source.failure = undefined;
      return keys;
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      source.failure = failure;
      source.failedAt = clock.now();
      log.warn("the keys of an issuer of tokens cannot be had", { issuer: source.issuer.issuer, reason: failure.message });
      throw failure;
    }
  }

  return {
    find(issuer, keyId) {
      const source = sourceOf(issuer);
      const now = clock.now();
      const keys = source.keys !== undefined && now < source.keys.expiresAt ? source.keys : undefined;
      const hasFailed = source.failure !== undefined && now - source.failedAt < RETRY_MS;
      if (keys === undefined) return hasFailed && source.failure !== undefined ? Promise.reject(source.failure) : fetchKeys(source);
      if (!keys.has(keyId)) {
        // While the issuer is silent, what it said before is all there is.
        return hasFailed || now - source.fetchedAt < UNKNOWN_KEY_MS ? keys : fetchKeys(source).catch(() => keys);
      }
      // A failure is in the log by then, and the set that is there still serves.
      if (!hasFailed && now - source.fetchedAt >= REFRESHED_MS) fetchKeys(source).catch(() => undefined);
      return keys;
    },
  };
}

/** A set that is still what it was stays, with what it has verified: tokens that name unknown keys cost nobody else anything. */
function replaced(before: KeySet | undefined, now: KeySet): KeySet {
  if (before?.digest === now.digest) {
    before.renew(now.expiresAt);
    return before;
  }
  before?.retire();
  return now;
}

async function loadKeySet({ issuer, jwksUri }: TrustedIssuer, options: IssuerKeysOptions): Promise<KeySet> {
  const url = checkIssuerUrl(jwksUri ?? (await discoverKeySet(issuer, options)), options);
  const json = await fetchDocument(url, options.httpClient);
  try {
    return parseKeySet(json, options.clock.now() + KEPT_MS);
  } catch (error) {
    throw new Error(`the key set at ${url.origin}${url.pathname} cannot be read`, { cause: error });
  }
}
