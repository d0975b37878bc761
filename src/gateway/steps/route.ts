// Which stage, resource and method a request is for.
import type { Execution, Received, Routed } from "../execution.ts";
import { HTTP_METHODS } from "../http-method.ts";
import type { Step } from "../pipeline.ts";
import type { PlanIndex } from "../plan-index.ts";
import { forbidden, Rejection } from "../rejection.ts";

/**
 * @throws {Refusal} 403 Forbidden when there is no such API or stage, or the API does not answer under this name.
 * @throws {Rejection} MISSING_AUTHENTICATION_TOKEN when the stage has no such resource or method.
 */
export function route(plans: PlanIndex): Step<Received, Routed> {
  return (received) => {
    const { address, httpMethod } = received;
    const stage = plans.find(address.apiId, address.stageName);
    if (stage === undefined || !stage.executeApiEndpoint) throw forbidden();
    if (address.region !== undefined && address.region !== stage.region) throw forbidden();

    const execution = received as Execution;
    execution.stage = stage;
    const found = HTTP_METHODS.has(httpMethod) ? stage.route(address.path, httpMethod) : undefined;
    if (found === undefined) throw new Rejection("MISSING_AUTHENTICATION_TOKEN");
    execution.method = found.method;
    execution.pathValues = found.pathValues;
    return execution as Routed;
  };
}
