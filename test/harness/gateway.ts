// The gateway on a real listener with a real HTTP client; time and ids stand still, functions are the test's own.
import { request as httpRequest } from "node:http";
import { listen, type ListenOptions } from "../../src/adapters/http-listener/index.ts";
import { systemClock } from "../../src/adapters/system/index.ts";
import { createMemoryCache, createMemoryCounters, createMemoryIdentities, createMemoryKeys } from "../../src/adapters/memory/index.ts";
import { createMetrics } from "../../src/adapters/metrics/index.ts";
import { createHttpClient } from "../../src/adapters/http-client/index.ts";
import { createTokenVerifier } from "../../src/adapters/jwt/index.ts";
import { createGateway, DEFAULT_LIMITS } from "../../src/gateway/index.ts";
import type { Gateway, GatewayLimits } from "../../src/gateway/index.ts";
import type { AccountThrottle } from "../../src/domain/limits.ts";
import type { StagePlan } from "../../src/plan/index.ts";
import type { ServiceCredentials } from "../../src/ports/aws-services.ts";
import type { Cache } from "../../src/ports/cache.ts";
import type { ConnectionHolders } from "../../src/ports/connections.ts";
import type { Counters } from "../../src/ports/counters.ts";
import type { IdentityChange } from "../../src/ports/identity-lookup.ts";
import type { KeyChange } from "../../src/ports/key-lookup.ts";
import { FunctionCallError } from "../../src/ports/functions.ts";
import type { FunctionInvocation, FunctionResult, Functions, FunctionStream } from "../../src/ports/functions.ts";
import type { Log, LogFields } from "../../src/ports/log.ts";
import type { LogSink } from "../../src/ports/log-sink.ts";
import type { Metrics } from "../../src/ports/metrics.ts";
import type { Tracer } from "../../src/ports/tracer.ts";
import { API_ID } from "./rest-api.ts";

export const REQUEST_ID = "11111111-2222-4333-8444-555555555555";
/** The bytes of {@link REQUEST_ID}'s first 22 digits in base64. */
export const EXTENDED_REQUEST_ID = "ERERESIiQzOERFU=";
/** 2020-03-04T19:15:17.135Z */
export const NOW = Date.UTC(2020, 2, 4, 19, 15, 17, 135);
/** The seconds of {@link NOW} and the last 24 digits of {@link REQUEST_ID}. */
export const TRACE_ID = "Root=1-5e5ffe45-222243338444555555555555";

/** The headers that every answer of an API has, by lower-case name. */
export const OWN_HEADERS = { "x-amzn-requestid": REQUEST_ID, "x-amz-apigw-id": EXTENDED_REQUEST_ID };

export interface Asked {
  readonly method?: string;
  /** Within the stage `prod`. */
  readonly path?: string;
  /** The whole target, in place of the path. */
  readonly target?: string;
  /** Names and values in turn. */
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
  readonly chunked?: boolean;
}

export interface Answer {
  readonly status: number;
  /** By lower-case name, several values joined by `, `; without those of the connection. */
  readonly headers: Readonly<Record<string, string>>;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  readonly bytes: Buffer;
}

export interface Logged {
  readonly level: string;
  readonly message: string;
  readonly error?: unknown;
  readonly fields?: LogFields | undefined;
}

export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly port: number;
  /** Warnings and errors. */
  readonly logged: Logged[];
  /** Requests by host name, unless the headers name another host. */
  ask(asked: Asked): Promise<Answer>;
  /** Closes the listener as the program does when it ends. */
  close(graceMs: number): Promise<void>;
}

export interface TestGatewayOptions {
  readonly invoke?: (invocation: FunctionInvocation) => Promise<FunctionResult>;
  readonly invokeStream?: (invocation: FunctionInvocation) => Promise<FunctionStream>;
  /** Where services are, by the names of their endpoints. */
  readonly endpoints?: Readonly<Record<string, string>>;
  readonly credentials?: ServiceCredentials;
  readonly limits?: Partial<GatewayLimits>;
  /** Milliseconds since the epoch; stands still at {@link NOW} unless given. */
  readonly now?: () => number;
  readonly random?: () => number;
  /** Where access logs and execution logs go. */
  readonly logs?: LogSink;
  readonly metrics?: Metrics;
  readonly tracer?: Tracer;
  /** A clock that only measures, in milliseconds; stands still with the other unless given. */
  readonly elapsed?: () => number;
  /** The cache behind the gateway's, to look into. */
  readonly cache?: Cache;
  /** API keys and the plans that they are in. */
  readonly keys?: readonly KeyChange[];
  /** Users, roles, policies, access keys and sessions, besides development's. */
  readonly identities?: readonly IdentityChange[];
  readonly counters?: Counters;
  readonly accountThrottle?: AccountThrottle;
  readonly connectionThrottle?: AccountThrottle;
  /** Who holds connections of WebSocket APIs beside this gateway, which is number 0. */
  readonly holders?: ConnectionHolders;
  /** Of connections. */
  readonly webSocketLimits?: NonNullable<NonNullable<ListenOptions["webSockets"]>["limits"]>;
}

export const HOST = `${API_ID}.execute-api.us-east-1.amazonaws.com`;

export async function startGateway(plans: readonly StagePlan[], options: TestGatewayOptions = {}): Promise<TestGateway> {
  const logged: Logged[] = [];
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (message, fields) => void logged.push({ level: "warn", message, fields }),
    error: (message, error, fields) => void logged.push({ level: "error", message, error, fields }),
  };
  const httpClient = createHttpClient({ poisonsLoans: true });
  const clock = { now: options.now ?? (() => NOW), after: systemClock.after };
  const keys = createMemoryKeys();
  keys.changeKeys(options.keys ?? []);
  const identities = createMemoryIdentities({ developmentAccount: "000000000000" });
  identities.changeIdentities(options.identities ?? []);
  const gateway = createGateway({
    functions: functionsOf(options),
    httpClient,
    tokenVerifier: createTokenVerifier({ httpClient, clock, log, httpOnLoopback: true }),
    credentials: options.credentials ?? { for: (_role, account) => Promise.resolve({ accessKeyId: account, secretAccessKey: "test" }) },
    endpoints: {
      endpoint(service) {
        const url = options.endpoints?.[service];
        return url === undefined ? undefined : new URL(url);
      },
    },
    clock,
    cache: options.cache ?? createMemoryCache({ clock, limitBytes: 64 * 2 ** 20 }),
    keys,
    identities,
    counters: options.counters ?? createMemoryCounters(),
    ...(options.accountThrottle && { accountThrottle: options.accountThrottle }),
    ...(options.connectionThrottle && { connectionThrottle: options.connectionThrottle }),
    holders: options.holders,
    random: options.random ?? Math.random,
    ids: { uuid: () => REQUEST_ID, alphanumeric: (length) => "a".repeat(length) },
    log,
    metrics: options.metrics ?? createMetrics(),
    ...(options.logs && { logs: options.logs }),
    tracer: options.tracer,
    elapsed: options.elapsed ?? clock.now,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  });
  for (const plan of plans) gateway.put(plan);
  const listener = await listen({
    host: "127.0.0.1",
    port: 0,
    log,
    handler: (request) => gateway.handle(request) ?? { status: 404, headers: [], body: "not the data plane" },
    webSockets: { handler: gateway.webSockets, clock: options.now === undefined ? systemClock : clock, ...(options.webSocketLimits && { limits: options.webSocketLimits }) },
  });
  return {
    gateway,
    port: listener.port,
    logged,
    ask: (asked) => ask(listener.port, asked),
    close: (graceMs) => listener.close(graceMs),
    async [Symbol.asyncDispose]() {
      await listener.close(0);
      await httpClient.close();
    },
  };
}

function functionsOf({ invoke, invokeStream }: TestGatewayOptions): Functions {
  return {
    invoke: invoke ?? (() => Promise.reject(new FunctionCallError("ResourceNotFoundException", "there is no function"))),
    invokeStream: invokeStream ?? (() => Promise.reject(new FunctionCallError("ResourceNotFoundException", "there is no function"))),
  };
}

/** What a function gives back. */
export const resultOf = (value: unknown, parts: Partial<FunctionResult> = {}): FunctionResult => ({
  status: 200,
  payload: Buffer.from(JSON.stringify(value) ?? "null"),
  executedVersion: "$LATEST",
  ...parts,
});

const OF_THE_CONNECTION = new Set(["date", "connection", "keep-alive", "content-length", "transfer-encoding"]);

function ask(port: number, { method = "GET", path = "/", target = `/prod${path}`, headers = [], body, chunked }: Asked): Promise<Answer> {
  const all = [...headers];
  if (!headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === "host")) all.unshift("Host", HOST);
  if (body !== undefined && chunked !== true) all.push("Content-Length", String(Buffer.byteLength(body)));
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, method, path: target, headers: all as never, setHost: false, agent: false });
    request.on("error", reject);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const { rawHeaders, statusCode = 0 } = response;
        resolve({ status: statusCode, headers: byName(rawHeaders), rawHeaders, body: bytes.toString(), bytes });
      });
    });
    request.end(body);
  });
}

function byName(rawHeaders: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase();
    if (OF_THE_CONNECTION.has(name)) continue;
    headers[name] = headers[name] === undefined ? (rawHeaders[i + 1] as string) : `${headers[name]}, ${rawHeaders[i + 1]}`;
  }
  return headers;
}
