// Which stage and route of a WebSocket API an event is for
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html).
import type { WebSocketStagePlan } from "../../../plan/websocket/index.ts";
import { forbidden, Rejection } from "../../rejection.ts";
import type { PlanIndex } from "../../plan-index.ts";
import type { Step } from "../../pipeline.ts";
import type { WebSocketAuthorized, WebSocketExecution, WebSocketReceived, WebSocketRouted } from "../execution.ts";

export type WebSocketPlans = PlanIndex<WebSocketStagePlan>;

/** @throws {Refusal} for a stage that there is not, or not under the name that it was called by */
export function routeConnect(plans: WebSocketPlans): Step<WebSocketReceived, WebSocketRouted> {
  return (received) => {
    const stage = stageOf(plans, received);
    if (!isReachable(stage, received)) throw forbidden();
    return routed(received, stage, stage.connect());
  };
}

/** Each message goes by the stage as it is by then. @throws {Rejection} RESOURCE_NOT_FOUND @throws {Refusal} when the stage is gone */
export function routeMessage(plans: WebSocketPlans): Step<WebSocketReceived, WebSocketAuthorized> {
  return (received) => {
    const stage = stageOf(plans, received);
    (received as WebSocketExecution).stage = stage;
    return letIn(routed(received, stage, stage.routeOf(received)));
  };
}

/** @throws {NoDisconnectRoute} where nobody wants to know */
export function routeDisconnect(plans: WebSocketPlans): Step<WebSocketReceived, WebSocketAuthorized> {
  return (received) => {
    const stage = plans.find(received.apiId, received.stageName);
    const route = stage?.disconnect();
    if (stage === undefined || route === undefined) throw new NoDisconnectRoute();
    return letIn(routed(received, stage, route));
  };
}

/** The stage has no `$disconnect` route, or is gone. */
export class NoDisconnectRoute extends Error {
  override readonly name = "NoDisconnectRoute";
}

function stageOf(plans: WebSocketPlans, { apiId, stageName }: WebSocketReceived): WebSocketStagePlan {
  const stage = plans.find(apiId, stageName);
  if (stage === undefined) throw forbidden();
  return stage;
}

/** The path is the stage's alone (`wss://{api}.../{stage}`); what follows it is none of a WebSocket API's. */
function isReachable({ executeApiEndpoint, region }: WebSocketStagePlan, { address }: WebSocketReceived): boolean {
  if (address === undefined || (!executeApiEndpoint && address.customDomain === undefined)) return false;
  return address.region === undefined || address.region === region;
}

function routed(received: WebSocketReceived, stage: WebSocketStagePlan, route: WebSocketRouted["route"] | undefined): WebSocketRouted {
  const execution = received as WebSocketExecution;
  execution.stage = stage;
  if (route === undefined) throw new Rejection("RESOURCE_NOT_FOUND");
  execution.route = route;
  return execution as WebSocketRouted;
}

/** "AuthN/AuthZ will be performed only at connection time" (guide: apigateway-websocket-api-route-keys-connect-disconnect). */
function letIn(execution: WebSocketRouted): WebSocketAuthorized {
  (execution as WebSocketExecution).principal = "authorized";
  return execution as WebSocketAuthorized;
}
