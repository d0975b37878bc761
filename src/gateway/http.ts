// The way of a request through an HTTP API, on one screen. Steps turn a request away by throwing; here is the only catch.
import type { HttpStagePlan } from "../plan/http-api/index.ts";
import type { HttpResponse } from "../ports/http-server.ts";
import type { LogFields } from "../ports/log.ts";
import { answerOf, preflightResponse, rejectedAnswer } from "./http-api/answer.ts";
import { Preflight } from "./http-api/cors.ts";
import type { HttpAnswered, HttpExecution } from "./http-api/execution.ts";
import type { HttpBackends } from "./http-api/integrations/integration.ts";
import { createHttpObserver, type HttpObservation } from "./http-api/observe.ts";
import { HttpRejection } from "./http-api/rejection.ts";
import { admit } from "./http-api/steps/admit.ts";
import { answerPreflight } from "./http-api/steps/answer-preflight.ts";
import { authorize, type HttpAuthorizing } from "./http-api/steps/authorize.ts";
import { integrate } from "./http-api/steps/integrate.ts";
import { receiveBody } from "./http-api/steps/receive-body.ts";
import { route } from "./http-api/steps/route.ts";
import { throttle, type HttpThrottling } from "./http-api/steps/throttle.ts";
import type { InFlight } from "./in-flight.ts";
import { pipeline } from "./pipeline.ts";
import type { PlanIndex } from "./plan-index.ts";
import { Refusal } from "./rejection.ts";

export interface HttpPipeline extends HttpAuthorizing, HttpBackends, HttpThrottling, HttpObservation {
  readonly plans: PlanIndex<HttpStagePlan>;
  readonly inFlight: InFlight;
}

/** Serves requests to HTTP APIs. Never throws. */
export function createHttpPipeline(gateway: HttpPipeline): (execution: HttpExecution) => HttpResponse | Promise<HttpResponse> {
  const { elapsed, inFlight, limits, log, plans } = gateway;
  const observer = createHttpObserver(gateway);

  const steps = pipeline(
    admit(limits),
    route(plans),
    authorize(gateway),
    answerPreflight,
    throttle(gateway),
    receiveBody(limits, inFlight),
    integrate(gateway, inFlight, elapsed),
  );

  function finish(answered: HttpAnswered): HttpResponse {
    inFlight.release(answered);
    return observer.conclude(answered, answerOf(answered));
  }

  function fail(execution: HttpExecution, error: unknown): HttpResponse {
    inFlight.release(execution);
    return observer.conclude(execution, failureAnswer(execution, error), error);
  }

  function failureAnswer(execution: HttpExecution, error: unknown): HttpResponse {
    if (error instanceof Preflight) return preflightResponse(execution, error.headers);
    if (error instanceof HttpRejection) return rejected(execution, error);
    if (error instanceof Refusal) return rejectedAnswer(execution, new HttpRejection("SERVICE_UNAVAILABLE", { cause: error }));
    log.error("a request failed on a bug", error, factsOf(execution));
    return rejectedAnswer(execution, new HttpRejection("API_CONFIGURATION_ERROR"));
  }

  function rejected(execution: HttpExecution, rejection: HttpRejection): HttpResponse {
    const { reason } = rejection.details;
    if (rejection.status >= 500) log.warn("execution failed", { ...factsOf(execution), type: rejection.type, reason });
    return rejectedAnswer(execution, rejection);
  }

  return steps.ending(finish, fail);
}

/** What tells one execution from another in the log. */
function factsOf({ address, httpMethod, requestId, route: found, stage }: HttpExecution): LogFields {
  return { requestId, apiId: address.apiId, stage: stage?.stageName, httpMethod, route: found?.routeKey };
}
