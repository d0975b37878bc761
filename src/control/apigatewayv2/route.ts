// Route: which requests go to which integration, and who may send them.
import type { Call } from "../../domain/call.ts";
import { badRequest, notFound } from "../../domain/errors.ts";
import { type HttpRoute, httpRoutes } from "../../domain/http-api.ts";
import type * as Model from "../../model/apigatewayv2.types.gen.ts";
import type { Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayV2Context, type ApiInput, findApi, given, limitExceeded, pageOf, shownPage } from "./context.ts";
import { definitionOf, findDefinition, type FoundDefinition, redefined, withPart } from "./definition.ts";
import { checkedRoute, newRoute, refuseOthers } from "./route-rules.ts";

interface RouteInput extends ApiInput {
  readonly RouteId: string;
}

interface Found {
  readonly found: FoundDefinition;
  readonly route: Stored<HttpRoute>;
}

const idOf = ({ routeId }: HttpRoute): string => routeId;

export function routeOperations(context: ApiGatewayV2Context) {
  const { store, ids, limits } = context;
  const find = async (input: RouteInput, call: Call): Promise<Found> => {
    const found = await findDefinition(context, input, call);
    const route = found.routes.find(({ value }) => value.routeId === input.RouteId);
    if (route === undefined) throw notFound("Invalid Route identifier specified");
    return { found, route };
  };
  const keep = async (found: FoundDefinition, route: HttpRoute) => {
    const before = definitionOf(found);
    const checked = checkedRoute(route, before, limits);
    return { ...(await redefined(context, found, { ...before, routes: withPart(before.routes, checked, idOf) })), answer: show(checked) };
  };
  return {
    create: verbs.writing(store, async (input: Model.CreateRouteRequest, call): Promise<verbs.Decision<Model.CreateRouteResult>> => {
      const found = await findDefinition(context, input, call);
      refuseOthers(input);
      if (found.routes.length >= limits.routesPerApi) throw tooMany("Routes");
      return keep(found, newRoute(ids, input));
    }),
    read: verbs.reading(find, ({ route }) => show(route.value)),
    list: async (input: Model.GetRoutesRequest, call: Call): Promise<Model.GetRoutesResponse> => {
      const api = await findApi(context, input, call);
      return shownPage(await verbs.page(store, httpRoutes, api.key, pageOf(input)), ({ value }) => show(value));
    },
    merge: verbs.merging(store, {
      find: async (input: Model.UpdateRouteRequest, call) => {
        const found = await find(input, call);
        refuseOthers(input);
        if (found.route.value.apiGatewayManaged && input.RouteKey !== undefined && input.RouteKey !== found.route.value.routeKey) throw managed("route key");
        return found;
      },
      of: ({ route }): HttpRoute => route.value,
      rules,
      keep: ({ found }, next, input): Promise<verbs.Decision<Model.UpdateRouteResult>> => keep(found, withoutIdleAuthorizer(next, input)),
    }),
    /** Routes of HTTP APIs have none. */
    removeRequestParameter: async (input: Model.DeleteRouteRequestParameterRequest, call: Call): Promise<never> => {
      await find(input, call);
      throw notFound("Invalid parameter name specified");
    },
    remove: verbs.removing(store, find, ({ found, route }) => {
      if (route.value.apiGatewayManaged) throw managed("route");
      const before = definitionOf(found);
      return redefined(context, found, { ...before, routes: before.routes.filter((each) => each !== route.value) });
    }),
  };
}

/** Model: Route.apiGatewayManaged. */
const managed = (what: string) => badRequest(`The ${what} is managed by API Gateway`);

/** In the words quoted for authorizers in github.com/anomalyco/sst/issues/4522. */
export const tooMany = (what: string) => limitExceeded(`Maximum number of ${what} for this API has been reached. Please contact AWS if you need additional ${what}.`);

/** An authorization type without an authorizer takes away the one there was (aws-cloudformation/cloudformation-coverage-roadmap#2184 on GitHub). */
function withoutIdleAuthorizer(route: HttpRoute, { AuthorizationScopes, AuthorizationType: type }: Model.UpdateRouteRequest): HttpRoute {
  if (type === undefined || type === "JWT") return route;
  const { authorizationScopes: scopes, ...unscoped } = route;
  const kept = AuthorizationScopes === undefined ? unscoped : { ...unscoped, ...given({ authorizationScopes: scopes }) };
  if (type === "CUSTOM") return kept;
  const { authorizerId: _authorizer, ...open } = kept;
  return open;
}

const rules: verbs.MergeRules<HttpRoute, Model.UpdateRouteRequest> = {
  RouteKey: verbs.taken("routeKey"),
  AuthorizationType: verbs.taken("authorizationType"),
  AuthorizerId: verbs.takenOrGone("authorizerId"),
  AuthorizationScopes: verbs.takenOrGone("authorizationScopes"),
  OperationName: verbs.takenOrGone("operationName"),
  Target: verbs.takenOrGone("target"),
};

/** A route as answers carry it. */
const show = ({ apiGatewayManaged, authorizationScopes, authorizationType, authorizerId, operationName, routeId, routeKey, target }: HttpRoute): Model.Route => ({
  ...given({ ApiGatewayManaged: apiGatewayManaged }),
  ApiKeyRequired: false,
  ...given({ AuthorizationScopes: authorizationScopes }),
  AuthorizationType: authorizationType,
  ...given({ AuthorizerId: authorizerId, OperationName: operationName }),
  RouteId: routeId,
  RouteKey: routeKey,
  ...given({ Target: target }),
});
