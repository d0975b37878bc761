// A stage of a WebSocket API as the gateway serves it. Each route is compiled when it is first needed
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-develop-routes.html).
import type { StringMap } from "../../domain/rest-api.ts";
import type { TokenBucket } from "../../domain/token-bucket.ts";
import { targetIntegration } from "../../domain/http-api.ts";
import { DEFAULT_KEY, type WebSocketApi, type WebSocketApiSnapshot, type WebSocketRoute, type WebSocketStage } from "../../domain/websocket-api.ts";
import { type BackendAccess, PUBLIC_BACKENDS } from "../backend-access.ts";
import { once } from "../once.ts";
import { bucketOf, settingsOf } from "../route-settings.ts";
import { compileWebSocketAccessLog, type WebSocketAccessLogPlan } from "./access-log.ts";
import { compileWebSocketAuthorizer, type WebSocketAuthorizerPlan } from "./authorizer.ts";
import type { EarlyWebSocketFacts, WebSocketFacts } from "./facts.ts";
import { compileWebSocketIntegration, type WebSocketIntegrationPlan } from "./integration.ts";
import { compileRouteParameter } from "./parameter-mapping.ts";
import { compileSelection } from "./selection.ts";
import { compileMessageValidation, type MessageValidation } from "./validation.ts";

export interface WebSocketStagePlan {
  readonly account: string;
  readonly region: string;
  readonly apiId: string;
  readonly apiName: string;
  readonly stageName: string;
  readonly deploymentId: string;
  readonly stageVariables: StringMap;
  /** Whether the API answers under its `execute-api` name at all. */
  readonly executeApiEndpoint: boolean;
  /** Undefined where there is none. */
  readonly accessLog: WebSocketAccessLogPlan | undefined;
  /** What clients that connect go by, also where the API has no such route: then anybody may, and no backend is asked. */
  readonly connect: () => WebSocketRoutePlan;
  /** Undefined where there is none. */
  readonly disconnect: () => WebSocketRoutePlan | undefined;
  /** The route that takes a message: the one that it names, else `$default`; undefined where there is none. */
  routeOf(message: EarlyWebSocketFacts): WebSocketRoutePlan | undefined;
}

export interface WebSocketRoutePlan {
  readonly routeKey: string;
  /** Undefined for a route that leads nowhere. */
  readonly integration: WebSocketIntegrationPlan | undefined;
  /** Whether clients get what the backend answers. */
  readonly isTwoWay: boolean;
  /** Who decides about clients that connect; undefined when anybody may. */
  readonly authorizer: WebSocketAuthorizerPlan | undefined;
  /** Where the API key of a client that connects is; undefined when none is asked for. */
  readonly keySource: "HEADER" | "AUTHORIZER" | undefined;
  /** What a handshake has to have, by the names of AWS. */
  readonly requiredParameters: readonly RequiredParameter[];
  readonly validation: MessageValidation | undefined;
  /** What all callers of the route share; undefined where only the account's limits hold. */
  readonly bucket: TokenBucket | undefined;
  /** Whether the route has metrics of its own. */
  readonly detailedMetrics: boolean;
}

export interface RequiredParameter {
  readonly name: string;
  value(facts: WebSocketFacts): string | undefined;
}

/** A stage with all that it is compiled from. */
export interface WebSocketStageSource {
  readonly api: WebSocketApi;
  readonly stage: WebSocketStage & { readonly deploymentId: string };
  readonly snapshot: WebSocketApiSnapshot;
  /** How backends are reached; only by the internet unless given. */
  readonly backends?: BackendAccess | undefined;
}

/** What compiling a route needs to know of its stage. */
export interface WebSocketStageFacts extends Pick<WebSocketStagePlan, "account" | "region" | "apiId" | "stageName" | "stageVariables"> {
  readonly backends: BackendAccess;
}

/** Compiles a stage; its snapshot is one that the control plane has let be made. */
export function compileWebSocketStage({ api, stage, snapshot, backends = PUBLIC_BACKENDS }: WebSocketStageSource): WebSocketStagePlan {
  const { account, region, apiId, name: apiName } = api;
  const { deploymentId, stageName } = stage;
  const stageVariables = Object.freeze({ ...stage.stageVariables });
  const facts: WebSocketStageFacts = { account, region, apiId, stageName, stageVariables, backends };
  const integrations = new Map(snapshot.integrations.map((integration) => [integration.integrationId, integration]));

  function compileRoute(route: WebSocketRoute): WebSocketRoutePlan {
    const { routeKey, target } = route;
    const settings = settingsOf(stage, routeKey);
    return Object.freeze({
      routeKey,
      integration: target === undefined ? undefined : compileWebSocketIntegration(integrations.get(targetIntegration(target) ?? ""), routeKey, facts),
      isTwoWay: isTwoWay(route),
      authorizer: compileWebSocketAuthorizer(route, snapshot, facts),
      keySource: route.apiKeyRequired ? keySourceOf(snapshot) : undefined,
      requiredParameters: requiredParameters(route),
      validation: compileMessageValidation(route, snapshot),
      bucket: bucketOf(routeKey, settings, facts),
      detailedMetrics: settings.detailedMetricsEnabled === true,
    });
  }

  const routes = new Map(snapshot.routes.map((route) => [route.routeKey, once(() => compileRoute(route))]));
  const keyOf = compileSelection(snapshot.routeSelectionExpression, "request");
  return Object.freeze({
    account,
    region,
    apiId,
    apiName,
    stageName,
    deploymentId,
    stageVariables,
    executeApiEndpoint: !snapshot.disableExecuteApiEndpoint,
    accessLog: compileWebSocketAccessLog(stage.accessLogSettings),
    connect: routes.get(CONNECT) ?? once(() => compileRoute(OPEN_CONNECT)),
    disconnect: () => routes.get("$disconnect")?.(),
    routeOf(message: EarlyWebSocketFacts) {
      const key = isJson(message.body) ? keyOf(message, undefined) : DEFAULT_KEY;
      // What begins and ends a connection is no message's.
      const named = key.startsWith("$") ? undefined : routes.get(key);
      return (named ?? routes.get(DEFAULT_KEY))?.();
    },
  });
}

const CONNECT = "$connect";

/** "Setting up an integration for `$connect` is optional" (guide: apigateway-websocket-api-route-keys-connect-disconnect), and so is the route. */
const OPEN_CONNECT: WebSocketRoute = { routeId: "", routeKey: CONNECT, apiKeyRequired: false, authorizationType: "NONE", routeResponses: [] };

/** "Non-JSON messages are directed to a `$default` route that you configure" (guide: websocket-api-develop-routes). */
function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}

/** "If you want the client to receive integration responses, you must define a route response" (guide: apigateway-websocket-api-routes-integrations). */
const isTwoWay = ({ routeResponseSelectionExpression, routeResponses }: WebSocketRoute): boolean =>
  routeResponseSelectionExpression !== undefined && routeResponses.some(({ routeResponseKey }) => routeResponseKey === routeResponseSelectionExpression);

const keySourceOf = ({ apiKeySelectionExpression }: WebSocketApiSnapshot): "HEADER" | "AUTHORIZER" =>
  apiKeySelectionExpression === "$context.authorizer.usageIdentifierKey" ? "AUTHORIZER" : "HEADER";

function requiredParameters({ requestParameters = {} }: WebSocketRoute): readonly RequiredParameter[] {
  return Object.entries(requestParameters).flatMap(([expression, isRequired]) =>
    isRequired ? [{ name: expression.slice(expression.lastIndexOf(".") + 1), value: compileRouteParameter(expression) }] : [],
  );
}
