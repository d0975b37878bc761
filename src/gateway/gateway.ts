// The data plane: finds the API that a request is for and serves it from the plans it has been given.
import type { CustomDomain } from "../domain/domain-name.ts";
import { type AccountThrottle, AWS_ACCOUNT_THROTTLE, AWS_NEW_CONNECTIONS } from "../domain/limits.ts";
import type { HttpStagePlan, StagePlan, WebSocketStagePlan } from "../plan/index.ts";
import type { ServiceCredentials, ServiceEndpoints } from "../ports/aws-services.ts";
import type { Cache } from "../ports/cache.ts";
import type { Clock } from "../ports/clock.ts";
import type { ConnectionHolders, Connections } from "../ports/connections.ts";
import type { Counters } from "../ports/counters.ts";
import type { Functions } from "../ports/functions.ts";
import type { HttpClient } from "../ports/http-client.ts";
import type { HttpRequest, HttpResponse } from "../ports/http-server.ts";
import type { Ids } from "../ports/ids.ts";
import type { IdentityLookup } from "../ports/identity-lookup.ts";
import type { KeyLookup } from "../ports/key-lookup.ts";
import type { Log } from "../ports/log.ts";
import type { LogSink } from "../ports/log-sink.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { TokenVerifier } from "../ports/token-verifier.ts";
import type { Tracer } from "../ports/tracer.ts";
import type { WebSocketHandler } from "../ports/websocket.ts";
import type { AuthorizerTestResult, TestInvocationResult } from "../ports/test-invocation.ts";
import type { Address } from "./address.ts";
import { addressOf } from "./address.ts";
import { refusalResponse } from "./answer.ts";
import { createDomainIndex } from "./domain-index.ts";
import { AUTHORIZER_CACHE_BYTES, authorizerCacheName } from "./authorizer-cache.ts";
import { newExecution } from "./execution.ts";
import { createInFlight } from "./in-flight.ts";
import type { GatewayLimits } from "./limits.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { newHttpExecution } from "./http-api/execution.ts";
import { createHttpPipeline } from "./http.ts";
import { forbidden } from "./rejection.ts";
import type { LazyPlan, LazyStagePlan } from "./plan-index.ts";
import { createPlanIndex } from "./plan-index.ts";
import { cacheName } from "./steps/cache.ts";
import { createRestPipeline } from "./rest.ts";
import type { TestedAuthorizer } from "./test-authorizer.ts";
import { testAuthorizer } from "./test-authorizer.ts";
import type { MethodTest } from "./test-invocation.ts";
import { testMethod } from "./test-invocation.ts";
import { createWebSocketPipeline } from "./websocket.ts";
import { createCallbacks } from "./websocket/callbacks.ts";
import { createConnectionRegistry } from "./websocket/connections.ts";

export interface GatewayOptions {
  readonly functions: Functions;
  readonly httpClient: HttpClient;
  readonly credentials: ServiceCredentials;
  readonly endpoints: ServiceEndpoints;
  readonly cache: Cache;
  readonly tokenVerifier: TokenVerifier;
  readonly keys: KeyLookup;
  readonly identities: IdentityLookup;
  readonly counters: Counters;
  /** What all APIs of an account in a region have together; AWS's default unless given. */
  readonly accountThrottle?: AccountThrottle;
  /** How many connections all WebSocket APIs of an account in a region take together; AWS's default unless given. */
  readonly connectionThrottle?: AccountThrottle;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Where access logs and execution logs go; nowhere unless given. */
  readonly logs?: LogSink | undefined;
  readonly metrics: Metrics;
  /** Samples requests and takes their segments; nothing is traced unless given. */
  readonly tracer?: Tracer | undefined;
  /** A clock that only measures, in milliseconds; the process's own unless given. */
  readonly elapsed?: () => number;
  readonly limits?: GatewayLimits;
  /** Draws the requests that go to a canary: numbers from 0 to below 1. */
  readonly random?: () => number;
  /** The number of this process among those that hold connections of WebSocket APIs; 0, of one without siblings, unless given. */
  readonly holder?: number;
  /** The other processes that hold connections; absent of one without siblings. */
  readonly holders?: ConnectionHolders | undefined;
}

export interface Gateway {
  /** Which API a request names, by its host or path; undefined when it is not for the data plane. */
  address(request: HttpRequest): Address | undefined;
  /** The answer of the API that the request is for; undefined when it is not for the data plane. Never throws. */
  handle(request: HttpRequest): HttpResponse | Promise<HttpResponse> | undefined;
  /** What a listener needs for WebSocket APIs. */
  readonly webSockets: WebSocketHandler;
  /** The clients that are connected to those. */
  readonly connections: Connections;
  /** Serves a stage, from the next request on, in place of what it was. */
  put(plan: StagePlan | LazyStagePlan): void;
  /** Serves a stage no longer, from the next request on. */
  drop(apiId: string, stageName: string): void;
  /** Serves an HTTP API by these stages alone, from the next request on. */
  putHttpApi(apiId: string, stages: readonly LazyPlan<HttpStagePlan>[]): void;
  /** Serves an HTTP API no longer, from the next request on. */
  dropHttpApi(apiId: string): void;
  /** Serves a WebSocket API by these stages alone, from the next handshake and the next message on. */
  putWebSocketApi(apiId: string, stages: readonly LazyPlan<WebSocketStagePlan>[]): void;
  /** Serves a WebSocket API no longer; its clients are disconnected. */
  dropWebSocketApi(apiId: string): void;
  /** Answers under a custom domain name, from the next request on, as it now is. */
  putDomain(domain: CustomDomain): void;
  /** Answers under a custom domain name no longer, from the next request on. */
  dropDomain(domainName: string, domainNameId: string | undefined): void;
  /** Runs a method once, for its log as much as for its answer. */
  testMethod(test: MethodTest): Promise<TestInvocationResult>;
  /** Asks an authorizer once, for its log as much as for its answer. */
  testAuthorizer(test: TestedAuthorizer): Promise<AuthorizerTestResult>;
  /** Resolves once no request for the stage is answered any more with what was cached, or under way, before. */
  flushCache(apiId: string, stageName: string): Promise<void>;
  /** Resolves once the stage's authorizers let nobody in any more by what they said, or were asked, before. */
  flushAuthorizers(apiId: string, stageName: string): Promise<void>;
}

export function createGateway({ limits = DEFAULT_LIMITS, random = Math.random, holder = 0, holders, ...rest }: GatewayOptions): Gateway {
  const { accountThrottle = AWS_ACCOUNT_THROTTLE, connectionThrottle = AWS_NEW_CONNECTIONS, elapsed = () => performance.now(), logs, tracer, ...others } = rest;
  const ports = { ...others, elapsed, logs, tracer };
  const plans = createPlanIndex();
  const domains = createDomainIndex();
  const httpApis = new Set<string>();
  const httpPlans = createPlanIndex<HttpStagePlan>();
  const webSocketApis = new Set<string>();
  const webSocketPlans = createPlanIndex<WebSocketStagePlan>();
  const connections = createConnectionRegistry();
  const shared = { ...ports, limits, accountThrottle, inFlight: createInFlight(limits.inFlightBytes) };
  const serveRest = createRestPipeline({ ...shared, random, plans });
  const serveHttp = createHttpPipeline({ ...shared, plans: httpPlans });
  const connect = createWebSocketPipeline({ ...shared, connectionThrottle, plans: webSocketPlans, connections, holder });
  const answerCallback = createCallbacks({ ...shared, plans: webSocketPlans, delivery: { holder, connections, holders } });
  const { cache, clock, functions, ids, metrics, tokenVerifier } = ports;
  const dropHttpStage = (apiId: string, stageName: string): void => {
    httpPlans.drop(apiId, stageName);
    cache.provision(authorizerCacheName(apiId, stageName), 0);
    metrics.drop(apiId, stageName);
  };
  const dropWebSocketStage = (apiId: string, stageName: string): void => {
    webSocketPlans.drop(apiId, stageName);
    connections.closeAll(apiId, stageName);
    metrics.drop(apiId, stageName);
  };
  const testing = { serve: serveRest, clock, ids, payloadBytes: limits.payloadBytes };
  return {
    address: (request) => addressOf(request, domains),
    handle(request) {
      const address = addressOf(request, domains);
      if (address === undefined) return undefined;
      if (httpApis.has(address.apiId)) return serveHttp(newHttpExecution(request, address, ids.uuid(), clock.now(), elapsed()));
      const uuid = ids.uuid();
      const now = clock.now();
      const isWebSocket = webSocketApis.has(address.apiId);
      const answer = isWebSocket ? answerCallback(request, address, uuid, now) : undefined;
      if (answer !== undefined) return answer;
      const execution = newExecution(request, address, uuid, now, elapsed());
      return isWebSocket ? refusalResponse(execution, forbidden()) : serveRest(execution);
    },
    webSockets: {
      isFor: (request) => webSocketApis.has(addressOf(request, domains)?.apiId ?? ""),
      connect(request) {
        const address = addressOf(request, domains);
        if (address === undefined) throw new TypeError("the handshake is not for a WebSocket API");
        return connect(request, address);
      },
    },
    connections,
    put(plan) {
      cache.provision(cacheName(plan.apiId, plan.stageName), plan.cacheBytes);
      cache.provision(authorizerCacheName(plan.apiId, plan.stageName), AUTHORIZER_CACHE_BYTES);
      plans.put(plan);
    },
    drop(apiId, stageName) {
      plans.drop(apiId, stageName);
      cache.provision(cacheName(apiId, stageName), 0);
      cache.provision(authorizerCacheName(apiId, stageName), 0);
      metrics.drop(apiId, stageName);
    },
    putHttpApi(apiId, stages) {
      httpApis.add(apiId);
      for (const stage of stages) {
        cache.provision(authorizerCacheName(apiId, stage.stageName), AUTHORIZER_CACHE_BYTES);
        httpPlans.put(stage);
      }
      const names = new Set(stages.map(({ stageName }) => stageName));
      for (const stageName of httpPlans.stagesOf(apiId)) if (!names.has(stageName)) dropHttpStage(apiId, stageName);
    },
    dropHttpApi(apiId) {
      httpApis.delete(apiId);
      for (const stageName of httpPlans.stagesOf(apiId)) dropHttpStage(apiId, stageName);
    },
    putWebSocketApi(apiId, stages) {
      webSocketApis.add(apiId);
      for (const stage of stages) webSocketPlans.put(stage);
      const names = new Set(stages.map(({ stageName }) => stageName));
      for (const stageName of webSocketPlans.stagesOf(apiId)) if (!names.has(stageName)) dropWebSocketStage(apiId, stageName);
    },
    dropWebSocketApi(apiId) {
      webSocketApis.delete(apiId);
      for (const stageName of webSocketPlans.stagesOf(apiId)) dropWebSocketStage(apiId, stageName);
    },
    putDomain: domains.put,
    dropDomain: domains.drop,
    testMethod: (test) => testMethod(testing, test),
    testAuthorizer: (test) => testAuthorizer({ functions, tokenVerifier, clock, ids }, test),
    flushCache: (apiId, stageName) => cache.flush(cacheName(apiId, stageName)),
    flushAuthorizers: (apiId, stageName) => cache.flush(authorizerCacheName(apiId, stageName)),
  };
}
