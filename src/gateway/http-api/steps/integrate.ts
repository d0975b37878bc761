// Asks a route's backend. What that means is the business of its integration type.
import type { HttpIntegrationPlan } from "../../../plan/http-api/index.ts";
import type { InFlight } from "../../in-flight.ts";
import type { Step } from "../../pipeline.ts";
import type { HttpAnswered, HttpAuthorized, HttpExecution } from "../execution.ts";
import { httpProxy, throwAsRejection } from "../integrations/http-proxy.ts";
import type { HttpBackends, HttpIntegration, HttpIntegrationAnswer } from "../integrations/integration.ts";
import { lambda } from "../integrations/lambda.ts";
import { serviceAction } from "../integrations/service-action.ts";
import { brokenIntegration } from "../rejection.ts";
import { mappedResponse } from "../response-mapping.ts";

const INTEGRATIONS: {
  readonly [Type in Exclude<HttpIntegrationPlan["type"], "BROKEN">]: HttpIntegration<Extract<HttpIntegrationPlan, { type: Type }>>;
} = {
  HTTP_PROXY: httpProxy,
  LAMBDA: lambda,
  SERVICE_ACTION: serviceAction,
};

/** @param elapsed a clock that only measures, in milliseconds. @throws {HttpRejection} */
export function integrate(backends: HttpBackends, inFlight: InFlight, elapsed: () => number): Step<HttpAuthorized, HttpAnswered> {
  return (authorized) => {
    const plan = authorized.route.integration;
    if (plan.type === "BROKEN") throw brokenIntegration(plan.reason);
    const integration: HttpIntegration<HttpIntegrationPlan> = INTEGRATIONS[plan.type];
    const execution = authorized as HttpExecution;
    const startedAt = elapsed();
    execution.integrationStartedAt = startedAt;
    const arrived = (answer: HttpIntegrationAnswer): HttpAnswered => {
      execution.integrationLatencyMs = elapsed() - startedAt;
      execution.integrationStatus = answer.status;
      execution.integrationHeaders = answer.headers;
      inFlight.hold(authorized, answer.body.length);
      const response = integration.mapResponse(authorized, answer, plan);
      execution.returnedStatus = response.status;
      execution.responseLoan = response.body === answer.body ? answer.loan : undefined;
      return noted(execution, mappedResponse(authorized, response));
    };
    return integration.call(authorized, plan, backends).then(arrived, throwAsRejection);
  };
}

type Mapped = ReturnType<HttpIntegration<never>["mapResponse"]>;

function noted(execution: HttpExecution, { status, headers, body }: Mapped): HttpAnswered {
  execution.status = status;
  execution.responseHeaders = headers;
  execution.responseBody = body;
  return execution as HttpAnswered;
}
