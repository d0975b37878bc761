// What clients of WebSocket APIs are told when the gateway answers by itself. The form is AWS's, down to its spaces: it is quoted in
// github.com/aws-samples/simple-websockets-chat-app/issues/42, and with a time-out in github.com/aws/chalice/issues/1406.
import { DEFAULT_GATEWAY_RESPONSES } from "../../plan/index.ts";
import type { HttpResponse } from "../../ports/http-server.ts";
import type { Rejection } from "../rejection.ts";
import type { WebSocketExecution } from "./execution.ts";

/** Words that differ from those of REST APIs: a message that no route takes is `Forbidden`, one that its model refuses as the guide shows. */
const MESSAGES: Partial<Record<Rejection["type"], string>> = {
  BAD_REQUEST_BODY: "Bad request body",
  MISSING_AUTHENTICATION_TOKEN: "Missing Authentication Token",
  RESOURCE_NOT_FOUND: "Forbidden",
};

export interface WebSocketRefusal {
  readonly status: number;
  readonly errorType: string;
  readonly body: string;
}

/** The refusal of an event, which its record has from then on for the log. */
export function refusalOf(execution: WebSocketExecution, { details, type }: Rejection): WebSocketRefusal {
  const usual = DEFAULT_GATEWAY_RESPONSES[type];
  const status = details.status ?? (type === "RESOURCE_NOT_FOUND" ? 403 : usual.status);
  const message = details.message ?? MESSAGES[type] ?? usual.message ?? "Internal server error";
  execution.error = { message, responseType: type, validationErrors: details.validationErrors };
  const { client, messageId, requestId } = execution;
  // Guide: apigateway-websocket-api-routes-integrations, "Using routes to process messages".
  const ids = type === "BAD_REQUEST_BODY" && messageId !== undefined ? `"messageId":"${messageId}"` : `"requestId":"${requestId}"`;
  const body = `{"message": ${JSON.stringify(message)}, "connectionId":"${client.connectionId}", ${ids}}`;
  return { status, errorType: details.errorType ?? usual.errorType, body };
}

/** The answer to a handshake that is refused. */
export const refusedHandshake = ({ requestId }: WebSocketExecution, { body, errorType, status }: WebSocketRefusal): HttpResponse => ({
  status,
  headers: ["Content-Type", "application/json", "x-amzn-RequestId", requestId, "x-amzn-ErrorType", errorType],
  body,
});
