// Who decides about the callers of an HTTP API's routes
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html).
import type { HttpApiSnapshot, HttpAuthorizer, HttpRoute } from "../../domain/http-api.ts";
import { compileHttpJwtAuthorizer, type HttpJwtAuthorizerPlan } from "./jwt-authorizer.ts";
import { compileHttpLambdaAuthorizer, type HttpLambdaAuthorizerPlan } from "./lambda-authorizer.ts";
import type { HttpStageFacts } from "./stage-plan.ts";

export type HttpAuthorizerPlan = HttpJwtAuthorizerPlan | HttpLambdaAuthorizerPlan | HttpIamAuthorizerPlan | ClosedAuthorizerPlan;

/** Callers sign their requests, and their policies say what they may do. */
export interface HttpIamAuthorizerPlan {
  readonly type: "IAM";
}

/** Lets nobody in: its route wants an authorization that cannot be had. */
export interface ClosedAuthorizerPlan {
  readonly type: "CLOSED";
  /** What the API's developer has to know. */
  readonly reason: string;
}

/** Only a route that wants no authorization gets none. */
export function compileHttpAuthorizers({ authorizers }: HttpApiSnapshot, stage: HttpStageFacts): (route: HttpRoute) => HttpAuthorizerPlan | undefined {
  const byId = new Map(authorizers.map((authorizer) => [authorizer.authorizerId, authorizer]));
  return (route) => {
    const { authorizationType, authorizerId = "" } = route;
    if (authorizationType === "NONE") return undefined;
    if (authorizationType === "AWS_IAM") return { type: "IAM" };
    const authorizer = byId.get(authorizerId);
    const asked = authorizationType === "JWT" ? "JWT" : "REQUEST";
    if (authorizer?.authorizerType !== asked) return { type: "CLOSED", reason: `The route ${route.routeKey} has no ${asked} authorizer ${authorizerId}` };
    return compileAuthorizer(authorizer, route, stage);
  };
}

function compileAuthorizer(authorizer: HttpAuthorizer, { authorizationScopes = [] }: HttpRoute, stage: HttpStageFacts): HttpAuthorizerPlan {
  if (authorizer.authorizerType === "JWT") return compileHttpJwtAuthorizer(authorizer, authorizationScopes, stage);
  return compileHttpLambdaAuthorizer(authorizer, stage);
}
