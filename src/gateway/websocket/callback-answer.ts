// What the management API answers, on the wire of restJson1.
import type { ConnectionInfo } from "../../ports/connections.ts";
import type { HttpResponse } from "../../ports/http-server.ts";
import { extendedRequestId } from "../request-ids.ts";

/** A callback that is not answered as it was meant to be. */
export interface CallbackError {
  readonly status: number;
  /** The value of `x-amzn-ErrorType`. */
  readonly errorType: string;
  readonly body: string;
}

const saying = (status: number, errorType: string, message: string): CallbackError => ({ status, errorType, body: JSON.stringify({ message }) });

/** No such API, stage, connection's path or operation (github.com/aws/aws-sdk-php/issues/1955). */
export const FORBIDDEN = saying(403, "ForbiddenException", "Forbidden");

/** Without a body: clients for JavaScript and PHP find none (github.com/aws/aws-sdk-js-v3/issues/2763, georgeboot/laravel-echo-api-gateway#9). */
export const GONE: CallbackError = { status: 410, errorType: "GoneException", body: "" };

/** "The client is sending more than the allowed number of requests per unit of time" (model of apigatewaymanagementapi). */
export const LIMIT_EXCEEDED = saying(429, "LimitExceededException", "Too Many Requests");

/** "The data has exceeded the maximum size allowed" (the same). */
export const PAYLOAD_TOO_LARGE = saying(413, "PayloadTooLargeException", "Request Entity Too Large");

/** Who holds the connection does not answer, or too much is under way; clients of AWS try again. */
export const UNAVAILABLE = saying(503, "ServiceUnavailableException", "Service Unavailable");

/** The gateway's own fault. */
export const INTERNAL_ERROR = saying(500, "InternalServerErrorException", "Internal server error");

/** Why a signature is not accepted, with the words and the type of REST APIs (github.com/okigan/awscurl/issues/61). */
export const refusedSignature = (errorType: string, message: string): CallbackError => saying(403, errorType, message);

/**
 * Who may not, by whole answers in public logs: the account masked, and the path as its template, whatever the connection is.
 * @param method `POST`, `GET` or `DELETE`
 */
export function accessDenied(user: string, stage: { readonly account: string; readonly region: string; readonly apiId: string; readonly stageName: string }, method: string, isExplicit: boolean): CallbackError {
  const { account, region, apiId, stageName } = stage;
  const resource = `arn:aws:execute-api:${region}:********${account.slice(8)}:${apiId}/${stageName}/${method}/@connections/{connectionId}`;
  const how = isExplicit ? " with an explicit deny" : "";
  const Message = `User: ${user} is not authorized to perform: execute-api:ManageConnections on resource: ${resource}${how}`;
  return { status: 403, errorType: "AccessDeniedException", body: JSON.stringify({ Message }) };
}

/** @param uuid of the request */
export const errorAnswer = ({ status, errorType, body }: CallbackError, uuid: string): HttpResponse => ({
  status,
  headers: ["Content-Type", "application/json", "x-amzn-RequestId", uuid, "x-amzn-ErrorType", errorType, "x-amz-apigw-id", extendedRequestId(uuid)],
  body,
});

/** Done: 200, or 204 where there is nothing more to say. */
export const doneAnswer = (status: 200 | 204, uuid: string): HttpResponse => ({ status, headers: ownHeaders(uuid), body: "" });

/** GetConnection: times in ISO 8601, by the model. A client that said nothing of itself has `null` (guide: websocket-api-chat-app). */
export function infoAnswer({ connectedAt, lastActiveAt, identity: { sourceIp, userAgent } }: ConnectionInfo, uuid: string): HttpResponse {
  const told = {
    connectedAt: new Date(connectedAt).toISOString(),
    identity: { sourceIp, userAgent: userAgent ?? null },
    lastActiveAt: new Date(lastActiveAt).toISOString(),
  };
  return { status: 200, headers: ["Content-Type", "application/json", ...ownHeaders(uuid)], body: JSON.stringify(told) };
}

const ownHeaders = (uuid: string): string[] => ["x-amzn-RequestId", uuid, "x-amz-apigw-id", extendedRequestId(uuid)];
