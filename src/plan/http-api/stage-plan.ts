// A stage of an HTTP API as the gateway serves it. Routes are found by an index that is made at once; each is compiled when it
// is first called (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
import {
  DEFAULT_STAGE,
  type HttpApi,
  type HttpApiSnapshot,
  type HttpRoute,
  type HttpStage,
  targetIntegration,
} from "../../domain/http-api.ts";
import { parseRouteKey } from "../../domain/route-key.ts";
import type { StringMap } from "../../domain/rest-api.ts";
import type { TokenBucket } from "../../domain/token-bucket.ts";
import { PUBLIC_BACKENDS } from "../backend-access.ts";
import { once } from "../once.ts";
import { bucketOf, settingsOf } from "../route-settings.ts";
import type { HttpAccessLogPlan } from "./access-log.ts";
import { compileHttpAccessLog } from "./access-log.ts";
import { compileHttpAuthorizers, type HttpAuthorizerPlan } from "./authorizer.ts";
import { compileCors, type CorsPlan } from "./cors.ts";
import type { HttpBackendAccess } from "./http-proxy.ts";
import { compileHttpIntegration, type HttpIntegrationPlan } from "./integration.ts";
import { compileRequestMapping, compileResponseMappings, type RequestMapping, type ResponseMappings } from "./parameter-mapping.ts";
import { buildRouteIndex } from "./route-index.ts";

export interface HttpStagePlan {
  readonly account: string;
  readonly region: string;
  readonly apiId: string;
  readonly apiName: string;
  /** `$default` for the one without a path prefix. */
  readonly stageName: string;
  readonly deploymentId: string;
  readonly stageVariables: StringMap;
  /** Whether the API answers under its `execute-api` name at all. */
  readonly executeApiEndpoint: boolean;
  /** Undefined where the API leaves CORS to its backends. */
  readonly cors: CorsPlan | undefined;
  /** Undefined where there is none. */
  readonly accessLog: HttpAccessLogPlan | undefined;
  /** The route for a path within the stage; undefined when there is none. A route is compiled when it is first asked for. */
  route(path: string, httpMethod: string): RoutedHttpRequest | undefined;
}

export interface RoutedHttpRequest {
  readonly route: HttpRoutePlan;
  /** In the order of the route's variables, as they travelled. */
  readonly pathValues: readonly string[];
}

export interface HttpRoutePlan {
  readonly routeKey: string;
  /** `/pets/{id}`; `$default` for the route without one. */
  readonly path: string;
  /** The method of the route's key: `ANY` for all, as for `$default`. */
  readonly method: string;
  /** The names of the path variables, in order. */
  readonly variables: readonly string[];
  readonly integration: HttpIntegrationPlan;
  /** What is changed in a request before the backend gets it; undefined where nothing is. */
  readonly requestMapping: RequestMapping | undefined;
  /** What is changed in its response; undefined where nothing is. */
  readonly responseMappings: ResponseMappings | undefined;
  /** Who decides about its callers; undefined when anybody may call. */
  readonly authorizer: HttpAuthorizerPlan | undefined;
  /** What all callers of the route share; undefined where only the account's limits hold. */
  readonly bucket: TokenBucket | undefined;
  /** Whether the route has metrics of its own. */
  readonly detailedMetrics: boolean;
}

/** A stage with all that it is compiled from. */
export interface HttpStageSource {
  readonly api: HttpApi;
  readonly stage: HttpStage & { readonly deploymentId: string };
  readonly snapshot: HttpApiSnapshot;
  /** How backends are reached; only by the internet unless given. */
  readonly backends?: HttpBackendAccess | undefined;
}

/** What compiling a route needs to know of its stage. */
export interface HttpStageFacts extends Pick<HttpStagePlan, "account" | "region" | "apiId" | "stageName" | "deploymentId" | "stageVariables"> {
  readonly backends: HttpBackendAccess;
}

/** Compiles a stage; its snapshot is one that the control plane has let be made. */
export function compileHttpStage({ api, stage, snapshot, backends = PUBLIC_BACKENDS }: HttpStageSource): HttpStagePlan {
  const { account, region, apiId, name: apiName } = api;
  const { deploymentId, stageName } = stage;
  const stageVariables = Object.freeze({ ...stage.stageVariables });
  const facts: HttpStageFacts = { account, region, apiId, stageName, deploymentId, stageVariables, backends };
  const authorizerOf = compileHttpAuthorizers(snapshot, facts);
  const integrations = new Map(snapshot.integrations.map((integration) => [integration.integrationId, integration]));

  function compileRoute(route: HttpRoute): HttpRoutePlan {
    const parsed = parseRouteKey(route.routeKey);
    if (parsed === undefined) throw new Error(`Not a route key: ${route.routeKey}`);
    const variables = parsed.type === "default" ? [] : parsed.segments.flatMap((segment) => (segment.type === "literal" ? [] : [segment.name]));
    const shape = {
      routeKey: route.routeKey,
      path: parsed.type === "default" ? DEFAULT_STAGE : parsed.path,
      method: parsed.type === "default" ? "ANY" : parsed.method,
      variables,
    };
    const scope = { variables, stageVariables };
    const settings = settingsOf(stage, route.routeKey);
    const integration = integrations.get(targetIntegration(route.target) ?? "");
    return Object.freeze({
      ...shape,
      integration: compileHttpIntegration(integration, shape, facts),
      // A service action has parameters of its own in their place.
      requestMapping: integration?.integrationSubtype === undefined ? compileRequestMapping(integration?.requestParameters, scope) : undefined,
      responseMappings: compileResponseMappings(integration?.responseParameters, scope),
      authorizer: authorizerOf(route),
      bucket: bucketOf(route.routeKey, settings, facts),
      detailedMetrics: settings.detailedMetricsEnabled === true,
    });
  }

  const index = buildRouteIndex(snapshot.routes.map((route) => ({ routeKey: route.routeKey, target: once(() => compileRoute(route)) })));
  return Object.freeze({
    account,
    region,
    apiId,
    apiName,
    stageName,
    deploymentId,
    stageVariables,
    executeApiEndpoint: !snapshot.disableExecuteApiEndpoint,
    cors: compileCors(snapshot.corsConfiguration),
    accessLog: compileHttpAccessLog(stage.accessLogSettings),
    route(path: string, httpMethod: string) {
      const match = index.match(path, httpMethod);
      return match && { route: match.target(), pathValues: match.values };
    },
  });
}
