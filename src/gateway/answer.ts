// The response to the client: an integration's, or one for a request that was turned away.
import { DEFAULT_GATEWAY_RESPONSES } from "../plan/index.ts";
import type { HttpResponse } from "../ports/http-server.ts";
import type { Answered, Execution } from "./execution.ts";
import { traceIdOf } from "./execution.ts";
import type { Refusal, Rejection } from "./rejection.ts";

/** An integration's response, with the headers that AWS adds to every one. */
export function answerOf(execution: Answered): HttpResponse {
  const { extendedRequestId, requestId, responseHeaders } = execution;
  const headers = [...responseHeaders, "x-amzn-RequestId", requestId, "x-amz-apigw-id", extendedRequestId];
  if (callsFunction(execution)) headers.push("X-Amzn-Trace-Id", traceIdOf(execution));
  return { status: execution.status, headers, body: execution.responseBody };
}

/** The gateway response that a rejection names. */
export function gatewayResponse(execution: Execution, { type, details }: Rejection): HttpResponse {
  const response = (execution.stage?.gatewayResponses ?? DEFAULT_GATEWAY_RESPONSES)[type];
  const [before, after] = response.body;
  const body = `${before}${JSON.stringify(details.message ?? response.message)}${after}`;
  return failure(execution, details.status ?? response.status, "application/json", body, response.errorType);
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

/** Answers of methods whose function was called carry the trace. */
function callsFunction(execution: Pick<Execution, "integrationRequest">): boolean {
  return execution.integrationRequest?.type === "LAMBDA";
}
