// The response to the client: an integration's, or one for a request that was turned away.
import type { GatewayResponse, RejectedFacts } from "../plan/index.ts";
import { DEFAULT_GATEWAY_RESPONSES, firstMediaTypeOf, headerValue, lastHeader, removeHeader } from "../plan/index.ts";
import type { HeaderList, HttpResponse } from "../ports/http-server.ts";
import type { Answered, Execution } from "./execution.ts";
import { traceIdOf } from "./execution.ts";
import type { Refusal, Rejection } from "./rejection.ts";

/** An integration's response, with the headers that AWS adds to every one. */
export function answerOf(execution: Answered): HttpResponse {
  const { extendedRequestId, requestId, responseHeaders } = execution;
  const headers = [...responseHeaders, "x-amzn-RequestId", requestId, "x-amz-apigw-id", extendedRequestId];
  if (callsFunction(execution) || isMappedHttp(execution)) headers.push("X-Amzn-Trace-Id", traceIdOf(execution));
  const { integrationBody, integrationLoan, responseBody } = execution;
  return { status: execution.status, headers, body: responseBody, loan: responseBody === integrationBody ? integrationLoan : undefined };
}

/** The gateway response that a rejection names, as the API's developers have made it. */
export function gatewayResponse(execution: Execution, { type, details }: Rejection): HttpResponse {
  const response = (execution.stage?.gatewayResponses ?? DEFAULT_GATEWAY_RESPONSES)[type];
  const { message = response.message, validationErrors } = details;
  execution.error = { responseType: type, message, validationErrors };
  const facts: RejectedFacts = { ...execution, error: execution.error };
  const status = response.customStatus ? response.status : (details.status ?? response.status);
  const { contentType, render } = response.templates.choose(firstMediaTypeOf(lastHeader(execution.headers, "accept")));
  const answer = failure(execution, status, contentType, render(facts), details.errorType ?? response.errorType);
  if (response.headers.length === 0) return answer;
  return { ...answer, headers: withHeaders(answer.headers, response.headers, facts) };
}

/** Headers set by the API's developers, in place of those of the same name. */
function withHeaders(own: HeaderList, mappings: GatewayResponse["headers"], facts: RejectedFacts): HeaderList {
  const headers = [...own];
  for (const mapping of mappings) {
    const value = mapping.value(facts);
    if (value === undefined) continue;
    removeHeader(headers, mapping.lowerCaseName);
    for (const single of typeof value === "string" ? [value] : value) headers.push(mapping.name, headerValue(single));
  }
  return headers;
}

/** The answer before there is an API that could answer. */
export function refusalResponse(execution: Execution, refusal: Refusal): HttpResponse {
  const { status, contentType, body, errorType } = refusal;
  // What the listener answers for itself on AWS does not have the gateway's headers.
  if (errorType === undefined) return { status, headers: ["Content-Type", contentType], body };
  return failure(execution, status, contentType, body, errorType);
}

function failure(
  execution: Execution,
  status: number,
  contentType: string,
  body: string,
  errorType: string,
): HttpResponse {
  const headers = [
    "Content-Type",
    contentType,
    "x-amzn-RequestId",
    execution.requestId,
    "x-amzn-ErrorType",
    errorType,
    "x-amz-apigw-id",
    execution.extendedRequestId,
  ];
  if (callsFunction(execution)) headers.push("X-Amzn-Trace-Id", traceIdOf(execution));
  return { status, headers, body };
}

/** So do those of HTTP backends, unless they pass through (the logs of .../rest-api-develop.html show both). */
const isMappedHttp = ({ method }: Answered): boolean => method.integration.type === "HTTP";

/** Answers of methods whose function was called carry the trace. */
function callsFunction(execution: Pick<Execution, "integrationRequest">): boolean {
  return execution.integrationRequest?.type === "LAMBDA";
}
