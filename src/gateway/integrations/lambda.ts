// AWS, to Lambda: the function gets a payload and returns one; errors are told apart by their message
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html).
import type { LambdaPlan } from "../../plan/index.ts";
import type { Authorized, Integrated } from "../execution.ts";
import { functionErrorMessage } from "../function-error.ts";
import type { Integration } from "./integration.ts";
import { invokeFunction } from "./invoke-function.ts";
import { mapResponse, requestPayload, selectResponse } from "./mapped-payload.ts";

const NO_PAYLOAD = Buffer.from("{}");

export const lambda: Integration<LambdaPlan> = {
  mapRequest(execution, plan) {
    const payload = requestPayload(execution, plan.request);
    return {
      type: "LAMBDA",
      invocationType: invocationType(execution, plan),
      payload: payload.length === 0 ? NO_PAYLOAD : payload,
    };
  },

  call(execution, plan, backends) {
    return invokeFunction(execution, plan.invocation, backends);
  },

  mapResponse(execution, plan) {
    return mapResponse(execution, selectResponse(execution, plan.responses, errorMessage(execution)));
  },
};

/**
 * `Event` invokes without waiting
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-integration-async.html).
 */
function invocationType(execution: Authorized, { mappings }: LambdaPlan): "RequestResponse" | "Event" {
  const isIt = (name: string): boolean => name.toLowerCase() === "x-amz-invocation-type";
  const override = [...(execution.overrides?.request.header.values() ?? [])].find(({ name }) => isIt(name));
  const value = override?.value ?? mappings.headers.find(({ name }) => isIt(name))?.value(execution);
  return value === "Event" ? "Event" : "RequestResponse";
}

/** What selection patterns are matched against: `errorMessage` of a failed function, nothing of one that did not fail. */
function errorMessage({ functionError, integrationBody }: Integrated): string {
  return functionError === undefined ? "" : functionErrorMessage(integrationBody);
}
