// Who decides about the clients of a WebSocket API, as they connect
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html).
import { partitionOf } from "../../domain/arn.ts";
import type { WebSocketApiSnapshot, WebSocketAuthorizer, WebSocketRoute } from "../../domain/websocket-api.ts";
import { functionArnOf, withStageVariables } from "../uri.ts";
import type { WebSocketFacts } from "./facts.ts";
import { compileRouteParameter } from "./parameter-mapping.ts";
import type { WebSocketStageFacts } from "./stage-plan.ts";

export type WebSocketAuthorizerPlan = WebSocketLambdaAuthorizerPlan | { readonly type: "IAM" } | ClosedWebSocketAuthorizer;

export interface WebSocketLambdaAuthorizerPlan {
  readonly type: "REQUEST";
  /** Undefined when the URI leads to no function, with the stage's variables in it. */
  readonly functionArn: string | undefined;
  /** Whether the function's own policy has to allow the call, instead of a role. */
  readonly byResourcePolicy: boolean;
  readonly sourceArn: string;
  readonly timeoutMs: number;
  /** What a handshake says of who connects; each has to say something. */
  readonly identitySources: readonly ((facts: WebSocketFacts) => string | undefined)[];
}

/** Lets nobody in: its route wants an authorization that cannot be had. */
export interface ClosedWebSocketAuthorizer {
  readonly type: "CLOSED";
  /** What the API's developer has to know. */
  readonly reason: string;
}

/** Developer guide, limits: the time that a Lambda authorizer has to answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Only a route that wants no authorization gets none. */
export function compileWebSocketAuthorizer(route: WebSocketRoute, { authorizers }: WebSocketApiSnapshot, stage: WebSocketStageFacts): WebSocketAuthorizerPlan | undefined {
  if (route.authorizationType === "NONE") return undefined;
  if (route.authorizationType === "AWS_IAM") return { type: "IAM" };
  const authorizer = authorizers.find(({ authorizerId }) => authorizerId === route.authorizerId);
  if (authorizer === undefined) return { type: "CLOSED", reason: `The route ${route.routeKey} has no authorizer ${route.authorizerId}` };
  return compileLambdaAuthorizer(authorizer, stage);
}

function compileLambdaAuthorizer(authorizer: WebSocketAuthorizer, { account, apiId, region, stageVariables }: WebSocketStageFacts): WebSocketLambdaAuthorizerPlan {
  const { authorizerCredentialsArn, authorizerId, authorizerUri, identitySource } = authorizer;
  return {
    type: "REQUEST",
    functionArn: functionArnOf(withStageVariables(authorizerUri, stageVariables)),
    byResourcePolicy: authorizerCredentialsArn === undefined,
    sourceArn: `arn:${partitionOf(region)}:execute-api:${region}:${account}:${apiId}/authorizers/${authorizerId}`,
    timeoutMs: TIMEOUT_MS,
    identitySources: identitySource.map((source) => compileRouteParameter(source, stageVariables)),
  };
}
