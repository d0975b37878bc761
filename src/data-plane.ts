// Composition of the data plane: a gateway with what it calls and keeps. Every process that serves APIs has one.
import { createHttpClient } from "./adapters/http-client/index.ts";
import { createTokenVerifier } from "./adapters/jwt/index.ts";
import { createLogFiles } from "./adapters/log-files/index.ts";
import { createMemoryCache, createMemoryIdentities, createMemoryKeys, type MemoryIdentities, type MemoryKeys } from "./adapters/memory/index.ts";
import { createMetrics } from "./adapters/metrics/index.ts";
import { systemClock, systemIds } from "./adapters/system/index.ts";
import { createHttpClient as createUndiciClient } from "./adapters/undici/index.ts";
import { createTracer, readSamplingRules, SamplingRulesError } from "./adapters/xray/index.ts";
import { readServiceCredentials, readServiceEndpoints } from "./aws-services.ts";
import { accountThrottle, type Config, ConfigError, connectionThrottle, developmentKeys, isLoopback, logDirectory, privateAddresses, userPoolIssuers, xrayDaemon } from "./config/index.ts";
import { createGateway, DEFAULT_LIMITS, type Gateway } from "./gateway/index.ts";
import type { Cache, CachePlace, CacheUsage } from "./ports/cache.ts";
import type { ConnectionHolders } from "./ports/connections.ts";
import type { Counters } from "./ports/counters.ts";
import type { Functions } from "./ports/functions.ts";
import type { HttpClient } from "./ports/http-client.ts";
import type { Log } from "./ports/log.ts";
import type { LogUsage } from "./ports/log-sink.ts";
import type { MetricSeries } from "./ports/metrics.ts";
import type { TraceUsage } from "./ports/tracer.ts";
import { type Gateways, unpacking } from "./publish/index.ts";

export interface DataPlane {
  readonly gateway: Gateway;
  /** The same, for whoever publishes. */
  readonly gateways: Gateways;
  readonly keys: MemoryKeys;
  readonly identities: MemoryIdentities;
  cacheUsage(): CacheUsage;
  /** Drops what this process has cached at a place. */
  evict(place: CachePlace): void | Promise<void>;
  observed(): Observed;
  /** Writes the logs that wait. Once nothing is served any more. */
  close(): Promise<void>;
}

/** What was counted, logged and traced since the process began. */
export interface Observed {
  readonly series: readonly MetricSeries[];
  /** Undefined where no logs are written. */
  readonly logs: LogUsage | undefined;
  readonly traces: TraceUsage;
}

export interface DataPlaneParts {
  readonly config: Config;
  /** AWS_* credentials and AWS_ENDPOINT_URL* are read from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly httpClient: HttpClient;
  readonly functions: Functions;
  readonly counters: Counters;
  readonly log: Log;
  /** How many processes share what one machine has. */
  readonly shares?: number;
  /** Has what is cached at a place dropped in all of them; one that serves alone has nobody to tell. */
  readonly evictEverywhere?: (place: CachePlace) => Promise<void>;
  /** The number of this process among those that hold connections of WebSocket APIs. */
  readonly holder?: number;
  /** The others among those. */
  readonly holders?: ConnectionHolders;
}

/** No process has a smaller budget of bytes in flight: a few of the largest payloads have to fit. */
const LEAST_IN_FLIGHT = 64 * 1024 * 1024;

export function openDataPlane({ config, env, httpClient, functions, counters, log, shares = 1, holder = 0, holders, evictEverywhere }: DataPlaneParts): DataPlane {
  const own = createMemoryCache({ clock: systemClock, limitBytes: Math.floor(config["cache-bytes"] / shares), shares });
  const cache = evictEverywhere === undefined ? own : evictingCache(own, evictEverywhere);
  const inFlightBytes = Math.max(LEAST_IN_FLIGHT, Math.floor(DEFAULT_LIMITS.inFlightBytes / shares));
  const keys = createMemoryKeys();
  const identities = createMemoryIdentities(developmentKeys(config));
  const directory = logDirectory(config);
  const logs = directory === undefined ? undefined : createLogFiles({ directory, clock: systemClock, log });
  const metrics = createMetrics();
  const tracer = createTracer({ daemon: xrayDaemon(config, env), logs, rules: samplingRules(config), clock: systemClock, log });
  const gateway = createGateway({
    functions,
    httpClient,
    tokenVerifier: createTokenVerifier({ httpClient, clock: systemClock, log, httpOnLoopback: isLoopback(config.host) }),
    cache,
    keys,
    identities,
    counters,
    accountThrottle: accountThrottle(config),
    connectionThrottle: connectionThrottle(config),
    credentials: readServiceCredentials(env),
    endpoints: readServiceEndpoints(env),
    clock: systemClock,
    ids: systemIds,
    log,
    logs,
    metrics,
    tracer,
    holder,
    holders,
    limits: { ...DEFAULT_LIMITS, inFlightBytes },
  });
  const told = { ...gateway, changeKeys: keys.changeKeys, changeIdentities: identities.changeIdentities, reportUsage: () => Promise.resolve() };
  return {
    gateway,
    keys,
    identities,
    gateways: unpacking(told, { privateAddresses: privateAddresses(config), userPools: userPoolIssuers(config) }),
    cacheUsage: () => cache.usage(),
    evict: ({ name, key }) => own.evict(name, key),
    observed: () => ({ series: metrics.series(), logs: logs?.usage(), traces: tracer.usage() }),
    async close() {
      await tracer.close();
      await logs?.close();
    },
  };
}

/** @throws {ConfigError} where the file holds none */
function samplingRules({ "xray-sampling-rules": path }: Config): ReturnType<typeof readSamplingRules> | undefined {
  try {
    return path === "" ? undefined : readSamplingRules(path);
  } catch (error) {
    throw error instanceof SamplingRulesError ? new ConfigError(error.message) : error;
  }
}

/** The HTTP client that the settings ask for. */
export function openHttpClient(config: Config): HttpClient {
  const newClient = config["http-client"] === "undici" ? createUndiciClient : createHttpClient;
  return newClient({ allowMetadataAddresses: config["allow-metadata-addresses"], denied: config["deny-addresses"] });
}

/** A process's own cache, of whose keys all others drop what they have when it does. */
const evictingCache = (own: Cache, evictEverywhere: (place: CachePlace) => Promise<void>): Cache => ({
  provision: (name, bytes) => own.provision(name, bytes),
  open: (name, key) => own.open(name, key),
  async evict(name, key) {
    await own.evict(name, key);
    await evictEverywhere({ name, key });
  },
  flush: (name) => own.flush(name),
  usage: () => own.usage(),
});
