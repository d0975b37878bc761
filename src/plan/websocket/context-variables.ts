// `$context` variables of WebSocket APIs that are known before a backend answers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html).
import type { StringMap } from "../../domain/rest-api.ts";
import { commonLogTime } from "../context-variables.ts";
import type { EarlyWebSocketFacts } from "./facts.ts";

export type WebSocketVariable = (facts: EarlyWebSocketFacts) => string | undefined;

const VARIABLES: Readonly<Record<string, WebSocketVariable>> = {
  apiId: ({ stage }) => stage?.apiId,
  "authorizer.principalId": ({ client }) => client.authorizer?.principalId,
  connectedAt: ({ client }) => String(client.connectedAt),
  connectionId: ({ client }) => client.connectionId,
  disconnectReason: ({ disconnect }) => disconnect?.reason,
  disconnectStatusCode: ({ disconnect }) => disconnect?.statusCode.toString(),
  domainName: ({ client }) => client.domainName,
  "error.message": ({ error }) => error?.message,
  "error.messageString": ({ error }) => error && JSON.stringify(error.message),
  "error.responseType": ({ error }) => error?.responseType,
  "error.validationErrorString": ({ error }) => error?.validationErrors,
  eventType: ({ eventType }) => eventType,
  extendedRequestId: ({ requestId }) => requestId,
  "identity.accountId": ({ client }) => client.identity?.accountId,
  "identity.apiKey": ({ client }) => client.identity?.apiKey,
  "identity.apiKeyId": ({ client }) => client.identity?.apiKeyId,
  "identity.caller": ({ client }) => client.identity?.caller,
  "identity.sourceIp": ({ client }) => client.sourceIp,
  "identity.user": ({ client }) => client.identity?.user,
  "identity.userAgent": ({ client }) => client.userAgent,
  "identity.userArn": ({ client }) => client.identity?.userArn,
  messageDirection: () => "IN",
  messageId: ({ messageId }) => messageId,
  requestId: ({ requestId }) => requestId,
  requestTime: ({ receivedAt }) => commonLogTime(receivedAt),
  requestTimeEpoch: ({ receivedAt }) => String(receivedAt),
  routeKey: ({ route }) => route?.routeKey,
  stage: ({ stage }) => stage?.stageName,
};

/** Variables that have variables in them. */
export const WEBSOCKET_VARIABLE_GROUPS: ReadonlySet<string> = new Set(["authorizer", "error", "identity"]);

/** Variables that only callers have whom no route knows yet. */
const CALLERS = /^identity\.(?:cognitoAuthenticationProvider|cognitoAuthenticationType|cognitoIdentityId|cognitoIdentityPoolId|principalOrgId)$/;

const PROPERTY = /^authorizer\.(.+)$/s;

/** Reads a variable by its name without `$context.`; undefined when AWS has no such variable. */
export function webSocketVariable(name: string): WebSocketVariable | undefined {
  if (Object.hasOwn(VARIABLES, name)) return VARIABLES[name];
  const property = PROPERTY.exec(name)?.[1];
  if (property !== undefined) return ({ client }) => ownValue(client.authorizer?.context, property);
  return CALLERS.test(name) ? () => undefined : undefined;
}

function ownValue(map: StringMap | undefined, name: string): string | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined;
}
