// What a route of an HTTP API does with a request that it has accepted
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations.html).
import type { HttpIntegration } from "../../domain/http-api.ts";
import { compileHttpFunction, type HttpFunctionTarget } from "./function.ts";
import { compileHttpProxy, type HttpProxyTarget } from "./http-proxy.ts";
import { compileServiceAction, type HttpServiceTarget } from "./service-action.ts";
import type { HttpRoutePlan, HttpStageFacts } from "./stage-plan.ts";

export type HttpIntegrationPlan = HttpProxyTarget | HttpFunctionTarget | HttpServiceTarget | BrokenHttpIntegration;

/** Cannot work: AWS finds out when a request comes, and answers 500. */
export interface BrokenHttpIntegration {
  readonly type: "BROKEN";
  /** What the API's developer has to know: `$context.integrationErrorMessage`. */
  readonly reason: string;
}

/** What an integration needs to know of its route. */
export type HttpRouteShape = Pick<HttpRoutePlan, "routeKey" | "path" | "method" | "variables">;

export function compileHttpIntegration(
  integration: HttpIntegration | undefined,
  route: HttpRouteShape,
  stage: HttpStageFacts,
): HttpIntegrationPlan {
  if (integration === undefined) return { type: "BROKEN", reason: `The route ${route.routeKey} has no integration` };
  const { integrationSubtype, integrationType } = integration;
  if (integrationType === "HTTP_PROXY") return compileHttpProxy(integration, route, stage);
  if (integrationSubtype === undefined) return compileHttpFunction(integration, route, stage);
  return compileServiceAction(integration, route, stage);
}
