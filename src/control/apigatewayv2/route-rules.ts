// What a route may be (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
import { badRequest, conflict, notFound } from "../../domain/errors.ts";
import { type HttpApiDefinition, type HttpRoute, targetIntegration } from "../../domain/http-api.ts";
import type { HttpApiLimits } from "../../domain/limits.ts";
import { parseRouteKey, routePattern } from "../../domain/route-key.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import type { Ids } from "../../ports/ids.ts";
import { checkLength, given, notOfHttpApis } from "./context.ts";

export function newRoute(ids: Ids, input: Omit<Model.CreateRouteRequest, "ApiId">): HttpRoute {
  const { RouteKey, AuthorizationType = "NONE", AuthorizationScopes, AuthorizerId, OperationName, Target } = input;
  return {
    routeId: ids.alphanumeric(7),
    routeKey: RouteKey,
    authorizationType: AuthorizationType,
    ...given({ authorizerId: AuthorizerId, authorizationScopes: AuthorizationScopes?.length ? AuthorizationScopes : undefined }),
    ...given({ operationName: OperationName, target: Target }),
  };
}

/** The route, when it may be one of the definition's. @throws {ServiceError} BadRequestException, ConflictException, NotFoundException */
export function checkedRoute(route: HttpRoute, definition: HttpApiDefinition, limits: HttpApiLimits): HttpRoute {
  checkedRouteKey(route, definition.routes);
  checkLength("OperationName", route.operationName ?? "", 64);
  checkTarget(route, definition.integrations);
  checkAuthorization(route, definition, limits);
  return route;
}

/**
 * The words: goldstack/goldstack#42, anomalyco/sst#5031 and plutomi/plutomi#271 on GitHub, in this order but for a key that is
 * none, whose words are not known.
 * @throws {ServiceError} BadRequestException, ConflictException
 */
export function checkedRouteKey(route: HttpRoute, routes: readonly HttpRoute[]): HttpRoute {
  const { routeKey, routeId } = route;
  if (routeKey === "") throw badRequest("Route key is required");
  const parsed = parseRouteKey(routeKey);
  if (parsed === undefined) throw badRequest(`Invalid route key specified: ${routeKey}. Must be $default, or a method or ANY, a space and a path`);
  const others = routes.filter((each) => each.routeId !== routeId);
  if (others.some((each) => each.routeKey === routeKey)) throw conflict(`Route with key ${routeKey} already exists for this API`);
  const pattern = routePattern(parsed);
  const rival = others.find((each) => {
    const other = parseRouteKey(each.routeKey);
    return other !== undefined && routePattern(other) === pattern;
  });
  if (rival === undefined) return route;
  throw conflict(`The provided route key "${routeKey}" has a conflicting variable on the same hierarchical level as "${rival.routeKey}"`);
}

/** @throws {ServiceError} BadRequestException, NotFoundException unless the target is an integration, or none */
export function checkTarget({ target }: Pick<HttpRoute, "target">, integrations: readonly { readonly integrationId: string }[]): void {
  if (target === undefined) return;
  const id = targetIntegration(target);
  if (id === undefined) throw badRequest(`Invalid target specified: ${target}. Must be of the form integrations/{integration-id}`);
  if (!integrations.some(({ integrationId }) => integrationId === id)) throw notFound("Invalid Integration identifier specified");
}

export const NEEDS_AUTHORIZER = "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.";

/** The words: anomalyco/sst#4097 and hashicorp/terraform-provider-aws#17497 on GitHub. */
function checkAuthorization(route: HttpRoute, { authorizers }: HttpApiDefinition, limits: HttpApiLimits): void {
  const { authorizationType, authorizationScopes = [], authorizerId } = route;
  const authorizer = authorizers.find((each) => each.authorizerId === authorizerId);
  if (authorizationType === "JWT" && authorizer?.authorizerType !== "JWT") {
    throw badRequest("Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.");
  }
  if (authorizationType === "CUSTOM" && authorizer?.authorizerType !== "REQUEST") {
    throw badRequest(NEEDS_AUTHORIZER);
  }
  if (authorizationScopes.length > 0 && authorizationType !== "JWT") throw badRequest("Authorization scopes can only be specified with the authorization type JWT");
  if (authorizationScopes.length > limits.scopesPerRoute) {
    throw badRequest(`A route has at most ${limits.scopesPerRoute} authorization scopes; this would have ${authorizationScopes.length}`);
  }
  for (const scope of authorizationScopes) checkLength("AuthorizationScope", scope, 64);
}

type Members = Partial<Omit<Model.CreateRouteRequest, "ApiId" | "RouteKey">>;

/** What only routes of WebSocket APIs have. @throws {ServiceError} BadRequestException */
export function refuseOthers(members: Members): void {
  if (members.ApiKeyRequired) throw notOfHttpApis("API keys");
  if (Object.keys(members.RequestModels ?? {}).length > 0 || members.ModelSelectionExpression !== undefined) throw notOfHttpApis("Models");
  if (Object.keys(members.RequestParameters ?? {}).length > 0) throw notOfHttpApis("Request parameters of routes");
  if (members.RouteResponseSelectionExpression !== undefined) throw notOfHttpApis("Route responses");
}
