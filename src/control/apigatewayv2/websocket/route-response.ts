// RouteResponse: that a route answers its clients
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html).
import { badRequest } from "../../../domain/errors.ts";
import { DEFAULT_KEY, type RouteResponse, type WebSocketApiDefinition, type WebSocketRoute } from "../../../domain/websocket-api.ts";
import type * as Model from "../../../model/apigatewayv2.types.gen.ts";
import * as verbs from "../../verbs/index.ts";
import { type ApiGatewayV2Context, given } from "../context.ts";
import { checkParameters, checkSelection, constraintsOf, showConstraints, unlessEmpty } from "./expression-rules.ts";
import { checkModelNames } from "./model-rules.ts";
import { responseOperations } from "./responses.ts";
import { ROUTE, type RouteInput } from "./route.ts";

interface RouteResponseInput extends RouteInput {
  readonly RouteResponseId: string;
}

export function routeResponseOperations(context: ApiGatewayV2Context) {
  return responseOperations(context, {
    owner: ROUTE,
    word: "RouteResponse",
    // There is one key.
    most: 1,
    of: ({ routeResponses }: WebSocketRoute) => routeResponses,
    with: (route: WebSocketRoute, routeResponses): WebSocketRoute => ({ ...route, routeResponses }),
    idIn: ({ RouteResponseId }: RouteResponseInput) => RouteResponseId,
    idOf: ({ routeResponseId }) => routeResponseId,
    keyOf: ({ routeResponseKey }) => routeResponseKey,
    make: ({ ModelSelectionExpression, ResponseModels, ResponseParameters = {}, RouteResponseKey }: Model.CreateRouteResponseRequest): RouteResponse => ({
      routeResponseId: context.ids.alphanumeric(6),
      routeResponseKey: RouteResponseKey as RouteResponse["routeResponseKey"],
      ...given({ modelSelectionExpression: ModelSelectionExpression, responseModels: unlessEmpty(ResponseModels) }),
      ...given({ responseParameters: unlessEmpty(constraintsOf(ResponseParameters)) }),
    }),
    rules,
    check,
    show,
  });
}

const PARAMETER = /^route\.response\.header\.[a-zA-Z0-9._$-]+$/;

function check(response: RouteResponse, _route: WebSocketRoute, definition: WebSocketApiDefinition): void {
  const { modelSelectionExpression, responseModels, responseParameters } = response;
  const key: string = response.routeResponseKey;
  if (key !== DEFAULT_KEY) throw badRequest(`Invalid routeResponseKey specified: ${key}. Must be ${DEFAULT_KEY}`);
  checkSelection("ModelSelectionExpression", modelSelectionExpression, "response");
  checkModelNames(responseModels, definition);
  checkParameters(responseParameters, PARAMETER);
}

const rules: verbs.MergeRules<RouteResponse, Model.UpdateRouteResponseRequest> = {
  ModelSelectionExpression: verbs.takenOrGone("modelSelectionExpression"),
  ResponseModels: verbs.takenOrGone("responseModels"),
  ResponseParameters: (response, parameters) => ({ ...response, responseParameters: { ...response.responseParameters, ...constraintsOf(parameters) } }),
  RouteResponseKey: (response, key) => ({ ...response, routeResponseKey: key as RouteResponse["routeResponseKey"] }),
};

const show = (response: RouteResponse): Model.RouteResponse => ({
  ...given({ ModelSelectionExpression: response.modelSelectionExpression, ResponseModels: response.responseModels }),
  ...given({ ResponseParameters: showConstraints(response.responseParameters) }),
  RouteResponseId: response.routeResponseId,
  RouteResponseKey: response.routeResponseKey,
});
