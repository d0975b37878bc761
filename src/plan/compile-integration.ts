// Compiles a method's Integration, for one stage.
import { partitionOf } from "../domain/arn.ts";
import { areCallersOwn } from "../domain/identity-arn.ts";
import type { Integration, IntegrationResponse, Method } from "../domain/rest-api.ts";
import { type BackendAccess, compileConnection } from "./backend-access.ts";
import type { RequestFacts } from "./facts.ts";
import type {
  IntegrationPlan,
  InvocationPlan,
  RequestPayloadPlan,
  ResponsePlan,
  ResponseSelector,
  UpstreamPlan,
} from "./integration-plan.ts";
import { compileRequestMappings, compileResponseMappings, overridable } from "./parameter-mapping.ts";
import type { MappingScope, RequestMappings } from "./parameter-mapping.ts";
import type { SelectionPattern } from "./selection-pattern.ts";
import { compileSelectionPattern } from "./selection-pattern.ts";
import type { StageFacts } from "./stage-plan.ts";
import { compileRequestTemplates, compileResponseTemplates } from "./templates.ts";
import { compileServiceTarget } from "./service-target.ts";
import { compileUpstreamTarget, functionArnOf, isFunctionUri, withStageVariables } from "./uri.ts";

/** Where a method stands. */
export interface MethodScope {
  readonly stage: StageFacts;
  readonly resourcePath: string;
  readonly variables: readonly string[];
  readonly backends: BackendAccess;
}

export function compileIntegration(method: Method, scope: MethodScope): IntegrationPlan {
  const integration = method.methodIntegration;
  if (integration === undefined) return { type: "BROKEN", reason: "No integration defined for method" };
  switch (integration.type) {
    case "MOCK":
      return {
        type: "MOCK",
        request: requestPayload(integration),
        responses: responseSelector(method, integration, scope),
      };
    case "HTTP":
    case "HTTP_PROXY":
      return compileHttp(method, integration, scope);
    case "AWS":
    case "AWS_PROXY":
      return isService(integration, scope) ? compileService(method, integration, scope) : compileLambda(method, integration, scope);
  }
}

/**
 * How long nothing may come of a stream: 5 minutes, 30 seconds for edge-optimized APIs
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html).
 */
const idleLimit = ({ stage }: MethodScope): number => (stage.edgeOptimized ? 30_000 : 300_000);

function compileHttp(method: Method, integration: Integration, scope: MethodScope): IntegrationPlan {
  const mappings = requestMappings(integration, scope);
  const uri = withStageVariables(integration.uri ?? "", scope.stage.stageVariables);
  const target = compileUpstreamTarget(uri, mappings.path);
  if (typeof target === "string") return { type: "BROKEN", reason: target };
  const connection = compileConnection(integration, scope.backends, scope.stage.stageVariables);
  if (typeof connection === "string") return { type: "BROKEN", reason: connection };
  const upstream: UpstreamPlan = {
    httpMethod: integration.httpMethod === "ANY" ? undefined : integration.httpMethod,
    target,
    mappings,
    timeoutMs: integration.timeoutInMillis,
    insecure: integration.tlsConfig?.insecureSkipVerification ?? false,
    ...connection,
  };
  if (integration.type === "HTTP_PROXY") {
    const { contentHandling } = integration;
    if (streams(integration)) return { type: "HTTP_PROXY_STREAM", upstream, contentHandling, idleMs: idleLimit(scope) };
    return { type: "HTTP_PROXY", upstream, contentHandling };
  }
  return {
    type: "HTTP",
    upstream,
    request: requestPayload(integration),
    responses: responseSelector(method, integration, scope),
  };
}

function compileLambda(method: Method, integration: Integration, scope: MethodScope): IntegrationPlan {
  const functionArn = functionArnOf(withStageVariables(integration.uri ?? "", scope.stage.stageVariables));
  if (functionArn === undefined) return { type: "BROKEN", reason: `Invalid function in the URI ${integration.uri}` };
  const invocation: InvocationPlan = {
    functionArn,
    timeoutMs: integration.timeoutInMillis,
    invoker: invokerOf(integration, scope),
    sourceArn: sourceArnOf(scope),
  };
  if (integration.type === "AWS_PROXY") {
    return streams(integration) ? { type: "AWS_PROXY_STREAM", invocation, idleMs: idleLimit(scope) } : { type: "AWS_PROXY", invocation };
  }
  return {
    type: "AWS",
    invocation,
    mappings: requestMappings(integration, scope),
    request: requestPayload(integration),
    responses: responseSelector(method, integration, scope),
  };
}

function invokerOf({ credentials }: Integration, { stage }: MethodScope): InvocationPlan["invoker"] {
  if (credentials === undefined) return "API_GATEWAY";
  return areCallersOwn(withStageVariables(credentials, stage.stageVariables)) ? "CALLER" : "ROLE";
}

const streams = ({ responseTransferMode }: Integration): boolean => responseTransferMode === "STREAM";

/** Whether an AWS integration calls a service, Lambda's Invoke being the one operation that is not called as one. */
function isService({ type, uri = "" }: Integration, { stage }: MethodScope): boolean {
  return type === "AWS" && !isFunctionUri(withStageVariables(uri, stage.stageVariables));
}

function compileService(method: Method, integration: Integration, scope: MethodScope): IntegrationPlan {
  const { credentials, httpMethod, timeoutInMillis: timeoutMs, uri = "" } = integration;
  if (credentials === undefined) return { type: "BROKEN", reason: "Role ARN must be specified for AWS integrations" };
  const mappings = requestMappings(integration, scope);
  const service = compileServiceTarget(withStageVariables(uri, scope.stage.stageVariables), mappings.path);
  if (typeof service === "string") return { type: "BROKEN", reason: service };
  const arn = withStageVariables(credentials, scope.stage.stageVariables);
  return {
    type: "AWS_SERVICE",
    service,
    roleArn: areCallersOwn(arn) ? undefined : arn,
    upstream: {
      httpMethod: httpMethod === "ANY" ? undefined : httpMethod,
      target: service.target,
      mappings,
      timeoutMs,
      insecure: false,
      // Certificates are for HTTP backends (guide: getting-started-client-side-ssl-authentication).
      identity: undefined,
      address: undefined,
    },
    request: requestPayload(integration),
    responses: responseSelector(method, integration, scope),
  };
}

/**
 * The method is the request's own, also where `ANY` is declared; the path is the declared one (the log of
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-lambda-non-proxy-integration.html shows
 * `X-Amz-Source-Arn=.../POST/{city}` for `ANY /{city}`).
 */
function sourceArnOf({ stage, resourcePath }: MethodScope): (facts: RequestFacts) => string {
  const { account, apiId, region, stageName } = stage;
  const before = `arn:${partitionOf(region)}:execute-api:${region}:${account}:${apiId}/${stageName}/`;
  return ({ httpMethod }) => `${before}${httpMethod}${resourcePath}`;
}

function requestPayload(integration: Integration): RequestPayloadPlan {
  return {
    templates: compileRequestTemplates(integration.requestTemplates, integration.passthroughBehavior),
    contentHandling: integration.contentHandling,
  };
}

/** The first response, by status code, whose pattern matches, else the one without a pattern. */
function responseSelector(method: Method, integration: Integration, scope: MethodScope): ResponseSelector {
  const byPattern: { readonly matches: SelectionPattern; readonly plan: ResponsePlan | string }[] = [];
  let otherwise: ResponsePlan | string | undefined;
  const responses = Object.values(integration.integrationResponses);
  for (const response of responses.toSorted((a, b) => Number(a.statusCode) - Number(b.statusCode))) {
    const plan = responsePlan(method, response, scope);
    if (response.selectionPattern) {
      byPattern.push({ matches: compileSelectionPattern(response.selectionPattern) ?? (() => false), plan });
    } else {
      otherwise ??= plan;
    }
  }
  return { select: (subject) => byPattern.find(({ matches }) => matches(subject))?.plan ?? otherwise };
}

function responsePlan(method: Method, response: IntegrationResponse, scope: MethodScope): ResponsePlan | string {
  if (!Object.hasOwn(method.methodResponses, response.statusCode)) {
    return `Output mapping refers to an invalid method response: ${response.statusCode}`;
  }
  return {
    status: Number(response.statusCode),
    mappings: compileResponseMappings(response.responseParameters, mappingScope(scope)),
    templates: compileResponseTemplates(response.responseTemplates),
    contentHandling: response.contentHandling,
  };
}

/** Where templates override, they may give a value to a path variable that nothing is mapped to. */
function requestMappings(integration: Integration, scope: MethodScope): RequestMappings {
  const mappings = compileRequestMappings(integration.requestParameters, mappingScope(scope));
  const templates = Object.values(integration.requestTemplates ?? {});
  if (!templates.some((template) => template.includes("requestOverride"))) return mappings;
  const path = new Map(mappings.path);
  for (const [, name = ""] of (integration.uri ?? "").matchAll(/\{([^{}+]+)\+?\}/g)) {
    if (!path.has(name)) path.set(name, overridable({ name, lowerCaseName: name.toLowerCase(), value: () => undefined }));
  }
  return { ...mappings, path };
}

function mappingScope({ stage, variables }: MethodScope): MappingScope {
  return { variables, stageVariables: stage.stageVariables };
}
