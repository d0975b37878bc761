// Route of a WebSocket API: which messages go to which integration; and what of a client's connecting and leaving.
import { webSocketRoutes, type WebSocketRoute } from "../../../domain/websocket-api.ts";
import { notFound } from "../../../domain/errors.ts";
import type * as Model from "../../../model/apigatewayv2.types.gen.ts";
import * as verbs from "../../verbs/index.ts";
import { type ApiGatewayV2Context, type ApiInput, given } from "../context.ts";
import { withPart } from "../definition.ts";
import { definitionOf, redefined } from "./definition.ts";
import { constraintsOf, showConstraints, unlessEmpty } from "./expression-rules.ts";
import { findPart, partOperations, type PartPlace } from "./parts.ts";
import { checkRoute, refuseOthers } from "./route-rules.ts";

export interface RouteInput extends ApiInput {
  readonly RouteId: string;
}

export const ROUTE: PartPlace<"routes", RouteInput> = { name: "routes", word: "Route", idIn: ({ RouteId }) => RouteId, idOf: ({ routeId }) => routeId };

export function webSocketRouteOperations(context: ApiGatewayV2Context) {
  const { ids, limits, store } = context;
  return {
    ...partOperations(context, {
      ...ROUTE,
      kind: webSocketRoutes,
      most: limits.routesPerApi,
      make: (input: Model.CreateRouteRequest): WebSocketRoute => newRoute(ids.alphanumeric(7), input),
      rules,
      refuseOthers,
      check: checkRoute,
      checkUnused: () => undefined,
      show,
    }),
    removeRequestParameter: verbs.removing(
      store,
      (input: Model.DeleteRouteRequestParameterRequest, call) => findParameter(context, input, call),
      async ({ found, part, requestParameters }) => {
        const { requestParameters: _before, ...rest } = part;
        const route = { ...rest, ...given({ requestParameters: unlessEmpty(requestParameters) }) };
        const before = definitionOf(found);
        return redefined(context, found, { ...before, routes: withPart(before.routes, route, ROUTE.idOf) });
      },
    ),
  };
}

/** A route, and the request parameters that remain to it. @throws {ServiceError} NotFoundException */
async function findParameter(context: ApiGatewayV2Context, input: Model.DeleteRouteRequestParameterRequest, call: Parameters<typeof findPart>[3]) {
  const { found, part } = await findPart(context, ROUTE, input, call);
  const { [input.RequestParameterKey]: gone, ...requestParameters } = part.requestParameters ?? {};
  if (gone === undefined) throw notFound("Invalid parameter name specified");
  return { found, part, requestParameters };
}

function newRoute(routeId: string, input: Model.CreateRouteRequest): WebSocketRoute {
  const { AuthorizationType = "NONE", RequestModels, RequestParameters = {}, RouteResponseSelectionExpression } = input;
  return {
    routeId,
    routeKey: input.RouteKey,
    apiKeyRequired: input.ApiKeyRequired ?? false,
    authorizationType: AuthorizationType as WebSocketRoute["authorizationType"],
    ...given({ authorizerId: input.AuthorizerId, modelSelectionExpression: input.ModelSelectionExpression, operationName: input.OperationName }),
    ...given({ requestModels: unlessEmpty(RequestModels), requestParameters: unlessEmpty(constraintsOf(RequestParameters)) }),
    ...given({ routeResponseSelectionExpression: RouteResponseSelectionExpression as "$default" | undefined, target: input.Target }),
    routeResponses: [],
  };
}

/** Request parameters are taken away by an operation of their own; an authorization type without an authorizer takes away the one there was. */
const rules: verbs.MergeRules<WebSocketRoute, Model.UpdateRouteRequest> = {
  RouteKey: verbs.taken("routeKey"),
  ApiKeyRequired: verbs.taken("apiKeyRequired"),
  AuthorizationType: ({ authorizerId, ...route }, type) => ({
    ...route,
    ...(type === "CUSTOM" ? given({ authorizerId }) : {}),
    authorizationType: type as WebSocketRoute["authorizationType"],
  }),
  AuthorizerId: verbs.takenOrGone("authorizerId"),
  ModelSelectionExpression: verbs.takenOrGone("modelSelectionExpression"),
  OperationName: verbs.takenOrGone("operationName"),
  RequestModels: verbs.takenOrGone("requestModels"),
  RequestParameters: (route, parameters) => ({ ...route, requestParameters: { ...route.requestParameters, ...constraintsOf(parameters) } }),
  RouteResponseSelectionExpression: ({ routeResponseSelectionExpression: _before, ...route }, expression) => ({
    ...route,
    ...given({ routeResponseSelectionExpression: expression as "$default" }),
  }),
  Target: verbs.takenOrGone("target"),
};

const show = (route: WebSocketRoute): Model.Route => ({
  ApiKeyRequired: route.apiKeyRequired,
  AuthorizationType: route.authorizationType,
  ...given({ AuthorizerId: route.authorizerId, ModelSelectionExpression: route.modelSelectionExpression, OperationName: route.operationName }),
  ...given({ RequestModels: route.requestModels, RequestParameters: showConstraints(route.requestParameters) }),
  RouteId: route.routeId,
  RouteKey: route.routeKey,
  ...given({ RouteResponseSelectionExpression: route.routeResponseSelectionExpression, Target: route.target }),
});
