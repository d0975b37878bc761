// Quick create: an API's integration, route and stage made with the API, and changed with it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop.html).
import { badRequest } from "../../domain/errors.ts";
import type { HttpApi, HttpApiDefinition, HttpIntegration, HttpRoute } from "../../domain/http-api.ts";
import { DEFAULT_ROUTE_KEY } from "../../domain/route-key.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import type { Ids } from "../../ports/ids.ts";
import { given } from "./context.ts";
import { withPart } from "./definition.ts";
import { checkedIntegration, newIntegration } from "./integration-rules.ts";
import { checkedRouteKey, newRoute } from "./route-rules.ts";

type Quick = Pick<Model.CreateApiRequest, "Target" | "RouteKey" | "CredentialsArn">;

/** An API with what its target asks for. @throws {ServiceError} BadRequestException */
export function quickCreated(ids: Ids, api: HttpApi, { Target, RouteKey, CredentialsArn }: Quick): HttpApiDefinition {
  const parts = { routes: [], integrations: [], authorizers: [] };
  if (Target === undefined) {
    if (RouteKey !== undefined || CredentialsArn !== undefined) throw badRequest("A target is required with routeKey and credentialsArn");
    return { api, ...parts };
  }
  const managed = { apiGatewayManaged: true } as const;
  const integration: HttpIntegration = { ...targeting(newIntegration(ids, { IntegrationType: "HTTP_PROXY" }), Target, CredentialsArn), ...managed };
  const route: HttpRoute = { ...newRoute(ids, { RouteKey: RouteKey ?? DEFAULT_ROUTE_KEY }), target: `integrations/${integration.integrationId}`, ...managed };
  return { api, ...parts, routes: [checkedRouteKey(route, [])], integrations: [checkedIntegration(integration)] };
}

/** The same of an API that was made so. @throws {ServiceError} BadRequestException */
export function quickUpdated(definition: HttpApiDefinition, { Target, RouteKey, CredentialsArn }: Quick): HttpApiDefinition {
  if (Target === undefined && RouteKey === undefined && CredentialsArn === undefined) return definition;
  const integration = definition.integrations.find(({ apiGatewayManaged }) => apiGatewayManaged);
  const route = definition.routes.find(({ apiGatewayManaged }) => apiGatewayManaged);
  if (integration === undefined || route === undefined) {
    throw badRequest("Only APIs made by quick create can be updated with target, routeKey and credentialsArn");
  }
  const changed = checkedIntegration(targeting(integration, Target ?? integration.integrationUri ?? "", CredentialsArn ?? integration.credentialsArn));
  const rekeyed = RouteKey === undefined ? route : checkedRouteKey({ ...route, routeKey: RouteKey }, definition.routes);
  return {
    ...definition,
    integrations: withPart(definition.integrations, changed, ({ integrationId }) => integrationId),
    routes: withPart(definition.routes, rekeyed, ({ routeId }) => routeId),
  };
}

/** URLs are proxied to, anything else is a function. Credentials are of functions alone (model: CreateApiRequest.credentialsArn). */
function targeting(before: HttpIntegration, target: string, credentialsArn: string | undefined): HttpIntegration {
  const { credentialsArn: _before, ...rest } = before;
  if (/^https?:/.test(target)) {
    return { ...rest, integrationType: "HTTP_PROXY", integrationUri: target, integrationMethod: "ANY", payloadFormatVersion: "1.0" };
  }
  const isFunction = before.integrationType === "AWS_PROXY";
  return {
    ...rest,
    integrationType: "AWS_PROXY",
    integrationUri: target,
    integrationMethod: "POST",
    payloadFormatVersion: isFunction ? before.payloadFormatVersion : "2.0",
    ...given({ credentialsArn }),
  };
}
