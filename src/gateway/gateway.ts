// The data plane: finds the API that a request is for and serves it from the plans it has been given.
import type { CustomDomain } from "../domain/domain-name.ts";
import { type AccountThrottle, AWS_ACCOUNT_THROTTLE } from "../domain/limits.ts";
import type { ServedWebSocketApi } from "../domain/websocket-api.ts";
import type { HttpStagePlan, StagePlan } from "../plan/index.ts";
import type { ServiceCredentials, ServiceEndpoints } from "../ports/aws-services.ts";
import type { Cache } from "../ports/cache.ts";
import type { Clock } from "../ports/clock.ts";
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
import { webSocketApiNotServed } from "./rejection.ts";
import type { LazyPlan, LazyStagePlan } from "./plan-index.ts";
import { createPlanIndex } from "./plan-index.ts";
import { cacheName } from "./steps/cache.ts";
import { createRestPipeline } from "./rest.ts";
import type { TestedAuthorizer } from "./test-authorizer.ts";
import { testAuthorizer } from "./test-authorizer.ts";
import type { MethodTest } from "./test-invocation.ts";
import { testMethod } from "./test-invocation.ts";

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
}

export interface Gateway {
  /** Which API a request names, by its host or path; undefined when it is not for the data plane. */
  address(request: HttpRequest): Address | undefined;
  /** The answer of the API that the request is for; undefined when it is not for the data plane. Never throws. */
  handle(request: HttpRequest): HttpResponse | Promise<HttpResponse> | undefined;
  /** Serves a stage, from the next request on, in place of what it was. */
  put(plan: StagePlan | LazyStagePlan): void;
  /** Serves a stage no longer, from the next request on. */
  drop(apiId: string, stageName: string): void;
  /** Serves an HTTP API by these stages alone, from the next request on. */
  putHttpApi(apiId: string, stages: readonly LazyPlan<HttpStagePlan>[]): void;
  /** Serves an HTTP API no longer, from the next request on. */
  dropHttpApi(apiId: string): void;
  /** Answers for a WebSocket API, from the next request on. */
  putWebSocketApi(api: ServedWebSocketApi): void;
  /** Answers for a WebSocket API no longer, from the next request on. */
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

export function createGateway({ limits = DEFAULT_LIMITS, random = Math.random, accountThrottle = AWS_ACCOUNT_THROTTLE, ...rest }: GatewayOptions): Gateway {
  const { elapsed = () => performance.now(), logs, tracer, ...others } = rest;
  const ports = { ...others, elapsed, logs, tracer };
  const plans = createPlanIndex();
  const domains = createDomainIndex();
  const httpApis = new Set<string>();
  const httpPlans = createPlanIndex<HttpStagePlan>();
  const webSocketApis = new Set<string>();
  const shared = { ...ports, limits, accountThrottle, inFlight: createInFlight(limits.inFlightBytes) };
  const serveRest = createRestPipeline({ ...shared, random, plans });
  const serveHttp = createHttpPipeline({ ...shared, plans: httpPlans });
  const { cache, clock, functions, ids, metrics, tokenVerifier } = ports;
  const dropHttpStage = (apiId: string, stageName: string): void => {
    httpPlans.drop(apiId, stageName);
    cache.provision(authorizerCacheName(apiId, stageName), 0);
    metrics.drop(apiId, stageName);
  };
  const testing = { serve: serveRest, clock, ids, payloadBytes: limits.payloadBytes };
  return {
    address: (request) => addressOf(request, domains),
    handle(request) {
      const address = addressOf(request, domains);
      if (address === undefined) return undefined;
      if (httpApis.has(address.apiId)) return serveHttp(newHttpExecution(request, address, ids.uuid(), clock.now(), elapsed()));
      const execution = newExecution(request, address, ids.uuid(), clock.now(), elapsed());
      if (webSocketApis.has(address.apiId)) return refusalResponse(execution, webSocketApiNotServed(address.apiId));
      return serveRest(execution);
    },
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
    putWebSocketApi: ({ apiId }) => void webSocketApis.add(apiId),
    dropWebSocketApi: (apiId) => void webSocketApis.delete(apiId),
    putDomain: domains.put,
    dropDomain: domains.drop,
    testMethod: (test) => testMethod(testing, test),
    testAuthorizer: (test) => testAuthorizer({ functions, tokenVerifier, clock, ids }, test),
    flushCache: (apiId, stageName) => cache.flush(cacheName(apiId, stageName)),
    flushAuthorizers: (apiId, stageName) => cache.flush(authorizerCacheName(apiId, stageName)),
  };
}
