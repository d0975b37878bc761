// Lambda proxy integrations of HTTP APIs, compiled: which function is invoked, and by whose leave
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
import { partitionOf } from "../../domain/arn.ts";
import type { HttpIntegration } from "../../domain/http-api.ts";
import { DEFAULT_ROUTE_KEY } from "../../domain/route-key.ts";
import { functionArnOf, isFunctionArn, withStageVariables } from "../uri.ts";
import type { HttpFacts } from "./facts.ts";
import type { BrokenHttpIntegration, HttpRouteShape } from "./integration.ts";
import type { HttpStageFacts } from "./stage-plan.ts";

export interface HttpFunctionTarget {
  readonly type: "LAMBDA";
  readonly functionArn: string;
  /** Of the event and of the response. */
  readonly payloadFormat: HttpIntegration["payloadFormatVersion"];
  /** Whether the function's own policy must allow the call: not so where the integration has a role's credentials. */
  readonly byResourcePolicy: boolean;
  /** `arn:aws:execute-api:...:{apiId}/{stage}/{METHOD}/{path}` of a request, which the function's policy may ask for. */
  sourceArn(facts: HttpFacts): string;
  readonly timeoutMs: number;
}

export function compileHttpFunction(integration: HttpIntegration, route: HttpRouteShape, stage: HttpStageFacts): HttpFunctionTarget | BrokenHttpIntegration {
  const { credentialsArn, integrationUri = "", payloadFormatVersion: payloadFormat, timeoutInMillis: timeoutMs } = integration;
  const uri = withStageVariables(integrationUri, stage.stageVariables);
  const functionArn = functionArnOf(uri) ?? (isFunctionArn(uri) ? uri : undefined);
  if (functionArn === undefined) return { type: "BROKEN", reason: `Invalid endpoint address: ${uri}` };
  return { type: "LAMBDA", functionArn, payloadFormat, byResourcePolicy: credentialsArn === undefined, sourceArn: sourceArnOf(route, stage), timeoutMs };
}

/** With the path of the route's key; `{apiId}/{stage}/$default` for that route (.../http-api-troubleshooting-lambda.html shows it). */
function sourceArnOf({ path, routeKey }: HttpRouteShape, { account, apiId, region, stageName }: HttpStageFacts): HttpFunctionTarget["sourceArn"] {
  const before = `arn:${partitionOf(region)}:execute-api:${region}:${account}:${apiId}/${stageName}/`;
  return routeKey === DEFAULT_ROUTE_KEY ? () => before + DEFAULT_ROUTE_KEY : ({ httpMethod }) => before + httpMethod + path;
}
