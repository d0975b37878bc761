// Who decides about the callers of an HTTP API's routes
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html).
import type { HttpApiSnapshot, HttpRoute } from "../../domain/http-api.ts";
import type { HttpStageFacts } from "./stage-plan.ts";

export type HttpAuthorizerPlan = ClosedAuthorizerPlan;

/** Lets nobody in: its route wants an authorization that cannot be had. */
export interface ClosedAuthorizerPlan {
  readonly type: "CLOSED";
  /** What the API's developer has to know. */
  readonly reason: string;
}

/** Compiles each authorizer once. Only a route that wants no authorization gets none. */
export function compileHttpAuthorizers(_snapshot: HttpApiSnapshot, _stage: HttpStageFacts): (route: HttpRoute) => HttpAuthorizerPlan | undefined {
  return ({ authorizationType }) => {
    if (authorizationType === "NONE") return undefined;
    return { type: "CLOSED", reason: `Gatehouse has not built ${authorizationType} authorization of HTTP APIs yet` };
  };
}
