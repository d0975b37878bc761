// Integrations of WebSocket APIs, compiled
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integrations.html).
import { partitionOf } from "../../domain/arn.ts";
import type { ContentHandling } from "../../domain/rest-api.ts";
import type { TlsIdentity } from "../../domain/client-certificate.ts";
import { DEFAULT_KEY, responsePattern, type WebSocketIntegration, type WebSocketIntegrationResponse } from "../../domain/websocket-api.ts";
import { compileConnection } from "../backend-access.ts";
import { compileSelectionPattern, type SelectionPattern } from "../selection-pattern.ts";
import { compileServiceTarget, type ServiceTarget } from "../service-target.ts";
import { compileUpstreamTarget, functionArnOf, isFunctionUri, type UpstreamTarget, withStageVariables } from "../uri.ts";
import type { WebSocketFacts } from "./facts.ts";
import { compileWebSocketMappings, type WebSocketRequestMappings } from "./parameter-mapping.ts";
import type { WebSocketStageFacts } from "./stage-plan.ts";
import { chooseRequestTemplate, chooseResponseTemplate, type RequestTemplateChoice, type ResponseTemplateChoice } from "./templates.ts";

export type WebSocketIntegrationPlan =
  | WebSocketMockPlan
  | WebSocketHttpPlan
  | WebSocketServicePlan
  | WebSocketFunctionPlan
  | BrokenWebSocketPlan;

/** Answers by itself: what the message is mapped to holds the status code. */
export interface WebSocketMockPlan {
  readonly type: "MOCK";
  readonly mapping: WebSocketPayloadPlan;
}

export interface WebSocketHttpPlan {
  readonly type: "HTTP";
  readonly upstream: WebSocketUpstream;
  readonly identity: TlsIdentity | undefined;
  /** Where to connect (`host:port`) in place of the target's origin. */
  readonly address: string | undefined;
  /** Undefined of a proxy, whose backend gets the message as it is. */
  readonly mapping: WebSocketPayloadPlan | undefined;
  readonly contentHandling: ContentHandling | undefined;
}

/** An AWS service, called in the name of a role. */
export interface WebSocketServicePlan {
  readonly type: "AWS_SERVICE";
  readonly service: ServiceTarget<WebSocketFacts>;
  readonly roleArn: string;
  readonly upstream: WebSocketUpstream;
  readonly mapping: WebSocketPayloadPlan;
}

export interface WebSocketFunctionPlan {
  readonly type: "AWS";
  readonly functionArn: string;
  readonly timeoutMs: number;
  /** Whether the function's own policy must allow the call: not so where the integration has a role's credentials. */
  readonly byResourcePolicy: boolean;
  /** `arn:aws:execute-api:...:{apiId}/{stage}/{route key}` */
  readonly sourceArn: string;
  /** Read for `X-Amz-Invocation-Type`; a function sees no other header. */
  readonly mappings: WebSocketRequestMappings;
  /** Undefined of a proxy, whose function gets an event. */
  readonly mapping: WebSocketPayloadPlan | undefined;
}

/** A configuration that fails whenever it is needed. */
export interface BrokenWebSocketPlan {
  readonly type: "BROKEN";
  readonly reason: string;
}

export interface WebSocketUpstream {
  readonly httpMethod: string;
  readonly target: UpstreamTarget<WebSocketFacts>;
  readonly mappings: WebSocketRequestMappings;
  readonly timeoutMs: number;
}

/** What becomes of a message on its way to a backend that is no proxy, and of the answer on its way back. */
export interface WebSocketPayloadPlan {
  readonly chooseTemplate: RequestTemplateChoice;
  readonly contentHandling: ContentHandling | undefined;
  /** By the status code (HTTP, MOCK), or a function's error message; undefined where none is meant. */
  selectResponse(subject: string): WebSocketResponsePlan | undefined;
}

export interface WebSocketResponsePlan {
  readonly chooseTemplate: ResponseTemplateChoice;
  readonly contentHandling: ContentHandling | undefined;
}

export function compileWebSocketIntegration(integration: WebSocketIntegration | undefined, routeKey: string, stage: WebSocketStageFacts): WebSocketIntegrationPlan {
  if (integration === undefined) return { type: "BROKEN", reason: "No integration defined for route" };
  switch (integration.integrationType) {
    case "MOCK":
      return { type: "MOCK", mapping: payloadPlan(integration) };
    case "HTTP":
    case "HTTP_PROXY":
      return compileHttp(integration, stage);
    case "AWS":
    case "AWS_PROXY":
      return compileAws(integration, routeKey, stage);
  }
}

function compileHttp(integration: WebSocketIntegration, stage: WebSocketStageFacts): WebSocketIntegrationPlan {
  const { contentHandlingStrategy: contentHandling, integrationUri = "", integrationType } = integration;
  const mappings = compileWebSocketMappings(integration.requestParameters, stage.stageVariables);
  const target = compileUpstreamTarget<WebSocketFacts>(withStageVariables(integrationUri, stage.stageVariables), mappings.path);
  if (typeof target === "string") return { type: "BROKEN", reason: target };
  const connection = compileConnection(integration, stage.backends, stage.stageVariables);
  if (typeof connection === "string") return { type: "BROKEN", reason: connection };
  const mapping = integrationType === "HTTP" ? payloadPlan(integration) : undefined;
  return { type: "HTTP", upstream: upstreamOf(integration, target, mappings), ...connection, mapping, contentHandling };
}

function compileAws(integration: WebSocketIntegration, routeKey: string, stage: WebSocketStageFacts): WebSocketIntegrationPlan {
  const { credentialsArn, integrationType, integrationUri = "", timeoutInMillis: timeoutMs } = integration;
  const uri = withStageVariables(integrationUri, stage.stageVariables);
  const isProxy = integrationType === "AWS_PROXY";
  const mappings = compileWebSocketMappings(integration.requestParameters, stage.stageVariables);
  if (isFunctionUri(uri) || isProxy) {
    const functionArn = functionArnOf(uri);
    if (functionArn === undefined) return { type: "BROKEN", reason: `Invalid function in the URI ${uri}` };
    const { account, apiId, region, stageName } = stage;
    const sourceArn = `arn:${partitionOf(region)}:execute-api:${region}:${account}:${apiId}/${stageName}/${routeKey}`;
    const mapping = isProxy ? undefined : payloadPlan(integration);
    return { type: "AWS", functionArn, timeoutMs, byResourcePolicy: credentialsArn === undefined, sourceArn, mappings, mapping };
  }
  if (credentialsArn === undefined) return { type: "BROKEN", reason: "Role ARN must be specified for AWS integrations" };
  const service = compileServiceTarget<WebSocketFacts>(uri, mappings.path);
  if (typeof service === "string") return { type: "BROKEN", reason: service };
  return {
    type: "AWS_SERVICE",
    service,
    roleArn: withStageVariables(credentialsArn, stage.stageVariables),
    upstream: upstreamOf(integration, service.target, mappings),
    mapping: payloadPlan(integration),
  };
}

/** A message has no method of its own, so that `ANY` stands for POST. */
function upstreamOf({ integrationMethod = "POST", timeoutInMillis: timeoutMs }: WebSocketIntegration, target: UpstreamTarget<WebSocketFacts>, mappings: WebSocketRequestMappings): WebSocketUpstream {
  return { httpMethod: integrationMethod === "ANY" ? "POST" : integrationMethod, target, mappings, timeoutMs };
}

function payloadPlan(integration: WebSocketIntegration): WebSocketPayloadPlan {
  const { contentHandlingStrategy: contentHandling, integrationResponses, passthroughBehavior, requestTemplates: templates, templateSelectionExpression: selection } = integration;
  return {
    chooseTemplate: chooseRequestTemplate({ templates, selection }, passthroughBehavior),
    contentHandling,
    selectResponse: responseSelector(integrationResponses),
  };
}

/** "If a match cannot be found, then `$default` is chosen" (guide: apigateway-websocket-api-integration-responses). */
function responseSelector(responses: readonly WebSocketIntegrationResponse[]): WebSocketPayloadPlan["selectResponse"] {
  const byPattern: { readonly matches: SelectionPattern; readonly plan: WebSocketResponsePlan }[] = [];
  let otherwise: WebSocketResponsePlan | undefined;
  for (const response of responses) {
    const plan = responsePlan(response);
    const key = response.integrationResponseKey;
    const pattern = responsePattern(key);
    if (key === DEFAULT_KEY) otherwise = plan;
    else if (pattern === undefined) byPattern.push({ matches: (subject) => subject === key, plan });
    else byPattern.push({ matches: compileSelectionPattern(pattern) ?? (() => false), plan });
  }
  return (subject) => byPattern.find(({ matches }) => matches(subject))?.plan ?? otherwise;
}

function responsePlan({ contentHandlingStrategy: contentHandling, responseTemplates: templates, templateSelectionExpression: selection }: WebSocketIntegrationResponse): WebSocketResponsePlan {
  return { chooseTemplate: chooseResponseTemplate({ templates, selection }), contentHandling };
}
