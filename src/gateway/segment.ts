// The segment document of a request that was traced: the stage's own, with a subsegment for each call it made. Its fields, in
// their order, are those of https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-understanding-xray-traces.html
// and of the documents that users show (github.com/awslabs/aws-iatk, internal/pkg/xray/segment_test.go).
import { lastHeader, segmentName } from "../plan/index.ts";
import type { IntegrationPlan, ServicePlan, StagePlan } from "../plan/index.ts";
import type { MeasuredAnswer } from "./access-log.ts";
import { endpointRequestOf, invokeUri } from "./endpoint-request.ts";
import type { Execution, Mapped } from "./execution.ts";
import type { TracedSegment } from "./tracing.ts";

/** In seconds since the epoch. */
interface Times {
  readonly start_time: number;
  readonly end_time: number;
}

/** Of a backend. */
interface HttpResponseFacts {
  readonly status: number;
  readonly content_length?: number;
}

/** @param failure what a step has thrown; undefined where the backend's response was the answer */
export function segmentDocument(execution: Execution, stage: StagePlan, answer: MeasuredAnswer, failure: unknown): object {
  const { extendedRequestId, receivedAt, requestId, trace } = execution;
  const segment = trace?.segment;
  if (segment === undefined) throw new TypeError("the request is not sampled");
  const { account, apiId, stageName, tracing } = stage;
  const calls = [...authorizerCall(segment), ...integrationCall(execution, segment, answer, failure)];
  return {
    id: segment.id,
    name: tracing.serviceName,
    ...timesOf(receivedAt, receivedAt + answer.latencyMs),
    trace_id: trace?.root,
    ...(segment.parentId !== undefined && { parent_id: segment.parentId }),
    ...errorFlags(answer.status),
    http: { request: clientRequest(execution), response: { status: answer.status, content_length: answer.length } },
    aws: {
      ...(segment.ruleName !== undefined && { xray: { sampling_rule_name: segment.ruleName } }),
      api_gateway: { account_id: account, rest_api_id: apiId, stage: stageName, request_id: requestId },
    },
    annotations: { "aws:api_id": apiId, "aws:api_stage": stageName },
    metadata: { default: { extended_request_id: extendedRequestId, request_id: requestId } },
    origin: "AWS::ApiGateway::Stage",
    resource_arn: tracing.resourceArn,
    ...(calls.length > 0 && { subsegments: calls }),
  };
}

/** To the microsecond. @param startMs since the epoch, as the end */
function timesOf(startMs: number, endMs: number): Times {
  return { start_time: seconds(startMs), end_time: seconds(endMs) };
}

const seconds = (ms: number): number => Math.round(ms * 1000) / 1e6;

/** X-Ray developer guide, xray-concepts: "Errors, faults, and exceptions". */
function errorFlags(status: number): object {
  if (status >= 500) return { fault: true };
  if (status === 429) return { error: true, throttle: true };
  return status >= 400 ? { error: true } : {};
}

/** As the client sent it. All documents that are known have `x_forwarded_for`: on AWS that is where the address is from. */
function clientRequest({ domainName, headers, httpMethod, request, sourceIp }: Execution): object {
  const userAgent = lastHeader(headers, "user-agent");
  const host = lastHeader(headers, "host") ?? domainName;
  return {
    url: `${request.encrypted ? "https" : "http"}://${host}${request.target}`,
    method: httpMethod,
    ...(userAgent !== undefined && { user_agent: userAgent }),
    client_ip: sourceIp,
    x_forwarded_for: true,
  };
}

/** The call of a Lambda authorizer, where one was made. */
function authorizerCall({ authorizerCall: call, authorizerId }: TracedSegment): readonly object[] {
  if (call === undefined) return [];
  const { endedAt, functionArn, result, startedAt } = call;
  const response = result && { status: result.status, content_length: result.payload.length };
  return [functionCall(authorizerId, timesOf(startedAt, endedAt), functionArn, invokeUri(functionArn), response)];
}

/** The call of the backend, where one was asked. */
function integrationCall(execution: Execution, segment: TracedSegment, answer: MeasuredAnswer, failure: unknown): readonly object[] {
  const { integrationRequest, integrationStartedAt, method, receivedAt, startedAt } = execution;
  if (integrationStartedAt === undefined || method === undefined || integrationRequest === undefined) return [];
  const start = receivedAt + (integrationStartedAt - startedAt);
  const times = timesOf(start, endOfCall(execution, start, answer));
  const response = backendResponse(execution, failure);
  const id = segment.integrationId;
  const url = endpointRequestOf(execution as Mapped)?.uri ?? "";
  const { integration } = method;
  if ("invocation" in integration) return [functionCall(id, times, integration.invocation.functionArn, url, response)];
  if (integrationRequest.type !== "HTTP") return [];
  const http = { request: { url, method: integrationRequest.upstream.method }, ...(response && { response }) };
  return [{ id, ...calledBackend(integration, url), ...times, ...flagsOf(response), http, ...awsFacts(integration) }];
}

/** A streamed response is part of the call to its end; one that did not come, until it was given up. */
function endOfCall({ integrationLatencyMs, integrationStream, receivedAt }: Execution, start: number, { latencyMs }: MeasuredAnswer): number {
  return integrationLatencyMs === undefined || integrationStream !== undefined ? receivedAt + latencyMs : start + integrationLatencyMs;
}

/** What the backend has answered; of a proxied function, what it has returned, where that is a response. */
function backendResponse(execution: Execution, failure: unknown): HttpResponseFacts | undefined {
  const { integrationBody, integrationStatus, integrationStream, method, responseBody, status } = execution;
  if (integrationStatus === undefined) return undefined;
  if (integrationStream !== undefined) return { status: integrationStatus };
  const isProxied = method?.integration.type === "AWS_PROXY" && failure === undefined && status !== undefined;
  if (isProxied && (typeof responseBody === "string" || responseBody instanceof Uint8Array)) {
    return { status, content_length: Buffer.byteLength(responseBody) };
  }
  return { status: integrationStatus, content_length: integrationBody?.length ?? 0 };
}

const flagsOf = (response: HttpResponseFacts | undefined): object => (response === undefined ? { fault: true } : errorFlags(response.status));

function functionCall(id: string, times: Times, functionArn: string, url: string, response: HttpResponseFacts | undefined): object {
  const [, , , region, , , name = ""] = functionArn.split(":");
  return {
    id,
    name: "Lambda",
    ...times,
    ...flagsOf(response),
    http: { request: { url, method: "POST" }, ...(response && { response }) },
    aws: { function_name: name, region, operation: "Invoke", resource_names: [name] },
    namespace: "aws",
  };
}

/**
 * "each segment's service name is set to the request URL path from API Gateway to your HTTP integration endpoint" (X-Ray
 * developer guide, xray-services-apigateway).
 */
function calledBackend(integration: IntegrationPlan, url: string): { readonly name: string } {
  if (integration.type === "AWS_SERVICE") return { name: integration.service.service.toUpperCase() };
  return { name: segmentName(new URL(url).pathname) };
}

function awsFacts(integration: IntegrationPlan): object {
  if (integration.type !== "AWS_SERVICE") return { namespace: "remote" };
  return { aws: serviceFacts(integration), namespace: "aws" };
}

function serviceFacts({ service }: ServicePlan): object {
  return { region: service.signingRegion, ...(service.json !== undefined && { operation: service.json.target.split(".").at(-1) }) };
}
