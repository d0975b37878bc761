// What functions are told of a client that connects, of a message and of an end. The guide shows the first
// (apigateway-websocket-api-lambda-auth), github.com/aws/aws-lambda-java-libs/issues/71 a message, github.com/websockets/ws/issues/2106 an end.
import { partitionOf } from "../../domain/arn.ts";
import { commonLogTime, lastHeader, queryOf } from "../../plan/index.ts";
import type { AuthorizerFacts } from "../../plan/index.ts";
import type { WebSocketFacts } from "../../plan/websocket/index.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import { portOf } from "../forwarded-headers.ts";
import { addHeader, REQUEST_RULES } from "../header-rules.ts";
import { collect } from "../integrations/lambda-event.ts";
import type { Judged } from "../policy-request.ts";
import { traceRoot } from "../request-ids.ts";
import type { WebSocketReceived, WebSocketRouted } from "./execution.ts";

/** The event of a Lambda proxy integration. */
export function proxyEvent(execution: WebSocketRouted): object {
  const { body, eventType, stage } = execution;
  const stageVariables = Object.keys(stage.stageVariables).length === 0 ? {} : { stageVariables: stage.stageVariables };
  const context = { ...stageVariables, requestContext: requestContext(execution) };
  switch (eventType) {
    case "CONNECT":
      return { ...headersOf(handshakeHeaders(execution)), ...queryOfHandshake(execution), ...context, isBase64Encoded: false };
    case "MESSAGE":
      return { ...context, ...(body.length > 0 && { body: body.toString("utf8") }), isBase64Encoded: false };
    case "DISCONNECT":
      return { ...headersOf(endHeaders(execution)), ...context, isBase64Encoded: false };
  }
}

/** The event of a Lambda authorizer, which sees the headers of the connection too. */
export function authorizerEvent(execution: WebSocketRouted): object {
  const query = collect(queryOf(execution));
  return {
    type: "REQUEST",
    methodArn: routeArn(execution),
    ...headersOf(["Connection", "upgrade", "content-length", "0", "Upgrade", "websocket", ...handshakeHeaders(execution)]),
    queryStringParameters: query.single ?? {},
    multiValueQueryStringParameters: query.multi ?? {},
    stageVariables: execution.stage.stageVariables,
    requestContext: requestContext(execution),
  };
}

function requestContext(execution: WebSocketFacts): object {
  const { client, disconnect, eventType, messageId, receivedAt, requestId, route, stage } = execution;
  const { authorizer, connectedAt, connectionId, domainName, identity, sourceIp, userAgent } = client;
  return {
    routeKey: route.routeKey,
    ...(disconnect && { disconnectStatusCode: disconnect.statusCode }),
    ...(messageId !== undefined && { messageId }),
    ...(authorizer && { authorizer: authorizerOf(authorizer) }),
    eventType,
    extendedRequestId: requestId,
    requestTime: commonLogTime(receivedAt),
    messageDirection: "IN",
    ...(disconnect && { disconnectReason: disconnect.reason }),
    stage: stage.stageName,
    connectedAt,
    requestTimeEpoch: receivedAt,
    identity: { ...identity, ...(userAgent !== undefined && { userAgent }), sourceIp },
    requestId,
    domainName,
    connectionId,
    apiId: stage.apiId,
  };
}

/** The context of the authorizer's answer, with the principal and how long its function took. */
const authorizerOf = ({ context, integrationLatencyMs, principalId }: AuthorizerFacts): object => ({ ...context, principalId, integrationLatency: Math.round(integrationLatencyMs) });

/** What `$input.params()` has of headers: messages and ends have none. */
export const parameterHeaders = (execution: WebSocketReceived): readonly string[] => (execution.eventType === "CONNECT" ? handshakeHeaders(execution) : []);

/** The client's headers without those of the connection, and those that AWS adds. */
export function handshakeHeaders(execution: WebSocketReceived): readonly string[] {
  const { client, headers, request } = execution;
  const list: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    addHeader(list, REQUEST_RULES.lambda(name), name, headers[i + 1] as string);
  }
  const before = lastHeader(headers, "X-Forwarded-For");
  list.push("X-Amzn-Trace-Id", traceIdOf(execution), "X-Forwarded-For", before === undefined ? client.sourceIp : `${before}, ${client.sourceIp}`);
  if (request !== undefined) list.push("X-Forwarded-Port", portOf({ headers, request }), "X-Forwarded-Proto", request.encrypted ? "https" : "http");
  return list;
}

/** An end has no request: AWS sends these, and all but the host are empty. */
const endHeaders = ({ client }: WebSocketReceived): readonly string[] => ["Host", client.domainName, "x-api-key", "", "X-Forwarded-For", "", "x-restapi", ""];

function headersOf(list: HeaderList): object {
  const { multi, single } = collect(list);
  return { headers: single ?? {}, multiValueHeaders: multi ?? {} };
}

/** Left out where there is none. */
function queryOfHandshake(execution: WebSocketReceived): object {
  const { multi, single } = collect(queryOf(execution));
  return single === null ? {} : { queryStringParameters: single, multiValueQueryStringParameters: multi };
}

/** `arn:aws:execute-api:{region}:{account}:{apiId}/{stage}/{route key}` (guide: apigateway-websocket-control-access-iam). */
export function routeArn({ route, stage }: WebSocketRouted): string {
  const { account, apiId, region, stageName } = stage;
  return `arn:${partitionOf(region)}:execute-api:${region}:${account}:${apiId}/${stageName}/${route.routeKey}`;
}

/** What a policy may look at of a handshake. */
export function judgedHandshake({ client, headers, receivedAt, request }: WebSocketReceived): Judged {
  if (request === undefined) throw new TypeError("only a handshake is judged");
  return { headers, receivedAt, request, sourceIp: client.sourceIp };
}

const TRACE = /(?:^|;)\s*Root=1-[0-9a-f]{8}-[0-9a-f]{24}(?:;|$)/i;

/** What backends are told of the trace: the one that the client began with its handshake, or one that begins here. */
export function traceIdOf({ headers, receivedAt, uuid }: WebSocketReceived): string {
  const incoming = lastHeader(headers, "X-Amzn-Trace-Id");
  return incoming !== undefined && TRACE.test(incoming) ? incoming : `Root=${traceRoot(uuid, receivedAt)}`;
}
