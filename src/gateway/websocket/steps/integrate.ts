// Asks a route's backend, and makes of its answer what the client gets.
import type { WebSocketIntegrationPlan } from "../../../plan/websocket/index.ts";
import { throwAsRejection } from "../../integrations/http-request.ts";
import type { Backends } from "../../integrations/integration.ts";
import type { InFlight } from "../../in-flight.ts";
import type { Step } from "../../pipeline.ts";
import { configurationError } from "../../rejection.ts";
import type { WebSocketAnswered, WebSocketAuthorized, WebSocketExecution } from "../execution.ts";
import { awsService } from "../integrations/aws-service.ts";
import { http } from "../integrations/http.ts";
import type { WebSocketIntegrationType } from "../integrations/integration.ts";
import { lambda } from "../integrations/lambda.ts";
import { mock } from "../integrations/mock.ts";

type Working = Exclude<WebSocketIntegrationPlan, { type: "BROKEN" }>;

const INTEGRATIONS: { readonly [Type in Working["type"]]: WebSocketIntegrationType<Extract<Working, { type: Type }>> } = {
  MOCK: mock,
  HTTP: http,
  AWS_SERVICE: awsService,
  AWS: lambda,
};

const integrationOf = (plan: Working): WebSocketIntegrationType<Working> => INTEGRATIONS[plan.type];

/** @throws {Rejection} @throws {Refusal} past the budget of bytes in flight */
export function integrate(backends: Backends, inFlight: InFlight, elapsed: () => number): Step<WebSocketAuthorized, WebSocketAnswered> {
  return (event) => {
    const plan = event.route.integration;
    if (plan === undefined && event.eventType !== "MESSAGE") return answered(event, 200);
    if (plan === undefined) throw configurationError("No integration defined for route");
    if (plan.type === "BROKEN") throw configurationError(plan.reason);
    const execution = event as WebSocketExecution;
    inFlight.hold(execution, event.body.length);
    const startedAt = elapsed();
    const answer = integrationOf(plan).call(event, plan, backends);
    if (!(answer instanceof Promise)) return concluded(event, plan, answer);
    execution.integrationStartedAt = startedAt;
    const arrived = (later: Arrived): WebSocketAnswered => {
      execution.integrationLatencyMs = elapsed() - startedAt;
      inFlight.hold(execution, later.body.length);
      return concluded(event, plan, later);
    };
    return answer.then(arrived, throwAsRejection);
  };
}

type Arrived = Awaited<ReturnType<WebSocketIntegrationType<Working>["call"]>>;

/** Of a route that is no two-way one, a proxy's answer alone is looked at: whether it is one. */
function concluded(event: WebSocketAuthorized, plan: Working, arrived: Arrived): WebSocketAnswered {
  const answer = { ...arrived, document: undefined };
  (event as WebSocketExecution).answer = answer;
  const { isTwoWay } = event.route;
  const isHeard = isTwoWay || event.eventType === "CONNECT";
  if (!isHeard && plan.mapping !== undefined) return answered(event, answer.status);
  const { body, headers, status } = integrationOf(plan).mapResponse(event, plan, answer);
  return answered(event, status, headers, isHeard ? body : undefined);
}

function answered(event: WebSocketAuthorized, status: number, headers: WebSocketAnswered["responseHeaders"] = [], body?: string | Uint8Array): WebSocketAnswered {
  const execution = event as WebSocketExecution;
  execution.status = status;
  execution.responseHeaders = headers;
  execution.responseBody = body === undefined || body.length === 0 ? undefined : body;
  return execution as WebSocketAnswered;
}
