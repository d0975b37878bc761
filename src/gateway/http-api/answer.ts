// The response to the client of an HTTP API: an integration's, or one for a request that was turned away.
import type { HttpResponse } from "../../ports/http-server.ts";
import { withCors } from "./cors.ts";
import type { HttpAnswered, HttpExecution } from "./execution.ts";
import type { HttpRejection } from "./rejection.ts";

/** The one header that AWS adds to every answer (developer guide, http-api-troubleshooting-jwt, shows it). */
const REQUEST_ID = "apigw-requestid";

export function answerOf(execution: HttpAnswered): HttpResponse {
  const headers = withCors(execution.responseHeaders, execution);
  const { requestId, responseBody, responseLoan, status } = execution;
  return { status, headers: [...headers, REQUEST_ID, requestId], body: responseBody, loan: responseLoan };
}

export function rejectedAnswer(execution: HttpExecution, rejection: HttpRejection): HttpResponse {
  const { clientMessage, details, status, type } = rejection;
  execution.error = { message: clientMessage, responseType: type };
  const headers = withCors(["content-type", "application/json", ...(details.headers ?? [])], execution);
  return { status, headers: [...headers, REQUEST_ID, execution.requestId], body: JSON.stringify({ message: clientMessage }) };
}

/** 204, with what browsers want to know before they send the request itself. */
export function preflightResponse({ requestId }: HttpExecution, headers: readonly string[]): HttpResponse {
  return { status: 204, headers: [...headers, REQUEST_ID, requestId], body: "" };
}
