// What a route of a WebSocket API may be (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html).
import { badRequest, conflict } from "../../../domain/errors.ts";
import { DEFAULT_KEY, PREDEFINED_ROUTES, type WebSocketApiDefinition, type WebSocketRoute } from "../../../domain/websocket-api.ts";
import type * as Model from "../../../model/apigatewayv2.types.gen.ts";
import { checkLength, notOfWebSocketApis, notSetForWebSocketApis } from "../context.ts";
import { checkTarget, NEEDS_AUTHORIZER } from "../route-rules.ts";
import { checkParameters, checkSelection } from "./expression-rules.ts";
import { checkModelNames } from "./model-rules.ts";

/** Characters; AWS names no limit. */
const LONGEST_ROUTE_KEY = 1024;
const PARAMETER = /^route\.request\.(?:header|querystring)\.[a-zA-Z0-9._$-]+$/;

type Members = Partial<Omit<Model.CreateRouteRequest, "ApiId" | "RouteKey">>;

export function refuseOthers({ AuthorizationScopes = [], AuthorizationType }: Members): void {
  if (AuthorizationType === "JWT") throw notOfWebSocketApis("JWT authorizers");
  if (AuthorizationScopes.length > 0) throw notSetForWebSocketApis("AuthorizationScopes");
}

/** The route, when it may be one of the definition's. @throws {ServiceError} BadRequestException, ConflictException, NotFoundException */
export function checkRoute(route: WebSocketRoute, definition: WebSocketApiDefinition): void {
  checkRouteKey(route, definition.routes);
  checkLength("OperationName", route.operationName ?? "", 64);
  checkTarget(route, definition.integrations);
  if (route.authorizationType === "CUSTOM" && !definition.authorizers.some(({ authorizerId }) => authorizerId === route.authorizerId)) throw badRequest(NEEDS_AUTHORIZER);
  checkSelection("ModelSelectionExpression", route.modelSelectionExpression, "request");
  checkModelNames(route.requestModels, definition);
  checkParameters(route.requestParameters, PARAMETER);
  checkRouteResponseSelection(route.routeResponseSelectionExpression);
}

/** The words of the second refusal: github.com/serverless/serverless/issues/9530; of the last: issues/7260 there. */
function checkRouteKey({ routeKey, routeId }: WebSocketRoute, routes: readonly WebSocketRoute[]): void {
  if (routeKey === "") throw badRequest("Route key is required");
  if (routeKey.startsWith("$") && !PREDEFINED_ROUTES.includes(routeKey)) throw badRequest("The provided route key is not formatted properly");
  checkLength("RouteKey", routeKey, LONGEST_ROUTE_KEY);
  if (routes.some((each) => each.routeKey === routeKey && each.routeId !== routeId)) throw conflict(`Route with key ${routeKey} already exists for this API`);
}

/** Guide: apigateway-websocket-api-selection-expressions, the summary's row of route responses. */
function checkRouteResponseSelection(expression: string | undefined): void {
  if (expression === undefined || expression === DEFAULT_KEY) return;
  throw badRequest(`Invalid routeResponseSelectionExpression specified: ${expression}. Must be ${DEFAULT_KEY}`);
}
