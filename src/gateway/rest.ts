// The way of a request through a REST API, on one screen. Steps turn a request away by throwing; here is the only catch.
import type { HttpResponse } from "../ports/http-server.ts";
import { BodyAborted } from "../ports/http-server.ts";
import type { Cache } from "../ports/cache.ts";
import type { IdentityLookup } from "../ports/identity-lookup.ts";
import type { Ids } from "../ports/ids.ts";
import type { Log, LogFields } from "../ports/log.ts";
import type { TokenVerifier } from "../ports/token-verifier.ts";
import { answerOf, gatewayResponse, refusalResponse } from "./answer.ts";
import type { Answered, Execution, Received } from "./execution.ts";
import type { InFlight } from "./in-flight.ts";
import { createObserver, type Observation } from "./observe.ts";
import type { Backends } from "./integrations/integration.ts";
import { endStream } from "./integrations/limited-stream.ts";
import type { Step } from "./pipeline.ts";
import { pipeline } from "./pipeline.ts";
import type { PlanIndex } from "./plan-index.ts";
import { Refusal, Rejection } from "./rejection.ts";
import { admit } from "./steps/admit.ts";
import { authorize } from "./steps/authorize.ts";
import { createCacheSteps } from "./steps/cache.ts";
import { compressResponse } from "./steps/compress.ts";
import { callBackend, mapRequest, mapResponse } from "./steps/integrate.ts";
import { receiveBody } from "./steps/receive-body.ts";
import { route } from "./steps/route.ts";
import { throttle, type Throttling } from "./steps/throttle.ts";
import { validateRequest } from "./steps/validate.ts";
import { createTracing } from "./tracing.ts";

export interface RestPipeline extends Backends, Throttling, Observation {
  readonly plans: PlanIndex;
  readonly cache: Cache;
  readonly tokenVerifier: TokenVerifier;
  readonly identities: IdentityLookup;
  /** Draws the requests that go to a canary: numbers from 0 to below 1. */
  readonly random: () => number;
  readonly inFlight: InFlight;
  readonly ids: Ids;
  readonly log: Log;
}

/** Serves requests to REST APIs: without a promise when no body is read and no backend is asked. Never throws. */
export function createRestPipeline(gateway: RestPipeline): (execution: Execution) => HttpResponse | Promise<HttpResponse> {
  const { plans, inFlight, log, limits } = gateway;
  const cache = createCacheSteps(gateway.cache);
  const observer = createObserver(gateway);

  const steps = pipeline(
    unlessTested(admit(limits)),
    unlessTested(route(plans, gateway.random, createTracing(gateway.tracer, gateway.ids))),
    unlessTested(observer.recorded(authorize(gateway))),
    unlessTested(throttle(gateway)),
    receiveBody(limits, inFlight),
    validateRequest,
    cache.recallOr(mapRequest(gateway)),
    cache.unlessRecalled(callBackend(gateway, inFlight, gateway.elapsed)),
    cache.thenKeep(mapResponse),
    compressResponse,
  );

  function finish(answered: Answered): HttpResponse {
    inFlight.release(answered);
    return observer.conclude(answered, answerOf(answered));
  }

  function fail(execution: Execution, error: unknown): HttpResponse {
    inFlight.release(execution);
    endStream(execution.integrationStream);
    execution.log?.note({ type: "failed", error });
    return observer.conclude(execution, failureAnswer(execution, error), error);
  }

  function failureAnswer(execution: Execution, error: unknown): HttpResponse {
    if (error instanceof Refusal) return refusalResponse(execution, error);
    if (error instanceof Rejection) return rejected(execution, error);
    if (error instanceof BodyAborted) return rejected(execution, new Rejection("BAD_REQUEST_BODY", { cause: error }));
    log.error("a request failed on a bug", error, factsOf(execution));
    return gatewayResponse(execution, new Rejection("API_CONFIGURATION_ERROR"));
  }

  function rejected(execution: Execution, rejection: Rejection): HttpResponse {
    const response = gatewayResponse(execution, rejection);
    const { reason } = rejection.details;
    const cause = rejection.cause instanceof Error ? rejection.cause.message : undefined;
    if (response.status >= 500) log.warn("execution failed", { ...factsOf(execution), type: rejection.type, reason, cause });
    return response;
  }

  return steps.ending(finish, fail);
}

/** A test of a method brings its method along, and needs nobody's leave. */
function unlessTested<From extends Received, To extends From>(step: Step<From, To>): Step<From, To> {
  return (execution) => (execution.simulated ? (execution as To) : step(execution));
}

/** What tells one execution from another in the log. */
function factsOf({ address, httpMethod, method, requestId }: Execution): LogFields {
  return { requestId, apiId: address.apiId, stage: address.stageName, httpMethod, resource: method?.resourcePath };
}
