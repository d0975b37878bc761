// HTTP_PROXY integrations of HTTP APIs, compiled: where requests go, and what becomes of their paths
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html and
// .../http-api-develop-integrations-private.html).
import type { HttpIntegration } from "../../domain/http-api.ts";
import { DEFAULT_ROUTE_KEY } from "../../domain/route-key.ts";
import type { BackendAccess } from "../backend-access.ts";
import { compileUpstreamTarget, hasVariableAuthority, type PathVariable, withStageVariables } from "../uri.ts";
import type { HttpFacts } from "./facts.ts";
import type { BrokenHttpIntegration, HttpRouteShape } from "./integration.ts";
import type { HttpStageFacts } from "./stage-plan.ts";

/** How backends are reached that are not in the internet. */
export type HttpBackendAccess = Pick<BackendAccess, "privateAddress">;

export interface HttpProxyTarget {
  readonly type: "HTTP_PROXY";
  /** `http://host:port` */
  readonly origin: string;
  /** The value of the Host header; undefined where the client's own goes on. */
  readonly host: string | undefined;
  /** Connect here (`host:port`) in place of the origin's address. */
  readonly address: string | undefined;
  /** The client's own when undefined. */
  readonly method: string | undefined;
  /** The encoded path, without a query. */
  path(facts: HttpFacts): string;
  /** The URI's own query, encoded, without `?`. */
  query(facts: HttpFacts): string;
  readonly timeoutMs: number;
}

export function compileHttpProxy(integration: HttpIntegration, route: HttpRouteShape, stage: HttpStageFacts): HttpProxyTarget | BrokenHttpIntegration {
  const { connectionType, integrationMethod = "ANY", timeoutInMillis: timeoutMs } = integration;
  const method = integrationMethod === "ANY" ? undefined : integrationMethod;
  const target = connectionType === "VPC_LINK" ? privateTarget(integration, stage) : publicTarget(integration, route, stage);
  return typeof target === "string" ? { type: "BROKEN", reason: target } : { type: "HTTP_PROXY", ...target, method, timeoutMs };
}

type Target = Pick<HttpProxyTarget, "origin" | "host" | "address" | "path" | "query">;

/** By a URL, in which the route's variables and the stage's may stand. */
function publicTarget({ integrationUri = "" }: HttpIntegration, route: HttpRouteShape, { stageVariables }: HttpStageFacts): Target | string {
  const uri = withStageVariables(integrationUri, stageVariables);
  if (hasVariableAuthority(uri)) return `Invalid endpoint address: ${uri}`;
  const target = compileUpstreamTarget<HttpFacts>(uri, variablesOf(route));
  if (typeof target === "string") return target;
  const { origin, host, query } = target;
  return { origin, host, address: undefined, query, path: route.routeKey === DEFAULT_ROUTE_KEY ? appended(target.path) : target.path };
}

/** "When the `$default` route receives a request, API Gateway sends the full request path to the integration" (.../http-api-develop-routes.html). */
const appended =
  (base: HttpProxyTarget["path"]): HttpProxyTarget["path"] =>
  (facts) =>
    base(facts).replace(/\/$/, "") + facts.stagePath;

function variablesOf({ variables }: HttpRouteShape): ReadonlyMap<string, PathVariable<HttpFacts>> {
  return new Map(variables.map((name, place) => [name, { value: ({ pathValues }: HttpFacts) => pathValues[place] }]));
}

/** "For private integrations, API Gateway includes the stage portion of the API endpoint in the request to your backend resources." */
function privateTarget({ integrationUri = "", connectionId = "", tlsConfig }: HttpIntegration, { backends, stageVariables }: HttpStageFacts): Target | string {
  const arn = withStageVariables(integrationUri, stageVariables);
  const linkId = withStageVariables(connectionId, stageVariables);
  const address = backends.privateAddress({ integrationTarget: arn }, linkId) ?? backends.privateAddress({ integrationTarget: withoutQuery(arn) }, linkId);
  if (address === undefined) return `No address is known for ${arn} behind VPC link ${linkId}; the setting vpc-links gives it one`;
  const name = tlsConfig?.serverNameToVerify;
  const origin = name === undefined ? `http://${address}` : `https://${name}`;
  return { origin, host: undefined, address, path: ({ path }) => path, query: () => "" };
}

/** Of a Cloud Map service: `arn:...:service/srv-id?stage=prod` asks for instances with attributes. */
const withoutQuery = (arn: string): string => arn.split("?", 1)[0] as string;
