// A Lambda authorizer of an HTTP API, compiled for one stage
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html).
import { partitionOf } from "../../domain/arn.ts";
import type { HttpAuthorizer } from "../../domain/http-api.ts";
import { MAX_AUTHORIZER_TTL_SECONDS } from "../../domain/limits.ts";
import { allHeaders } from "../headers.ts";
import { stageVariable } from "../parameter-mapping.ts";
import { allValues, queryOf } from "../query.ts";
import { functionArnOf, withStageVariables } from "../uri.ts";
import { httpContextVariable } from "./context-variables.ts";
import type { EarlyHttpFacts } from "./facts.ts";
import type { HttpStageFacts } from "./stage-plan.ts";

export interface HttpLambdaAuthorizerPlan {
  readonly type: "REQUEST";
  readonly id: string;
  /** Undefined when the URI leads to no function, with the stage's variables in it. */
  readonly functionArn: string | undefined;
  readonly payloadFormat: NonNullable<HttpAuthorizer["authorizerPayloadFormatVersion"]>;
  /** Whether the function answers yes or no, in place of a policy. */
  readonly simpleResponses: boolean;
  /** Whether the function's own policy has to allow the call, instead of a role. */
  readonly byResourcePolicy: boolean;
  readonly sourceArn: string;
  readonly timeoutMs: number;
  readonly identitySources: readonly HttpIdentitySource[];
  /** How long a result is kept for the identity it was given for; 0 for not at all. */
  readonly cacheTtlMs: number;
}

/** What a request says of its caller; undefined where it does not. */
export type HttpIdentitySource = (facts: EarlyHttpFacts) => string | undefined;

/** Developer guide, limits: "Timeout for Lambda authorizer response", in milliseconds. */
const TIMEOUT_MS = 10_000;

/** @param authorizer of type `REQUEST`, which has passed the checks of the control plane. */
export function compileHttpLambdaAuthorizer(authorizer: HttpAuthorizer, stage: HttpStageFacts): HttpLambdaAuthorizerPlan {
  const { authorizerCredentialsArn, authorizerId, authorizerPayloadFormatVersion = "1.0", authorizerUri = "", enableSimpleResponses = false, identitySource } = authorizer;
  const { account, apiId, region, stageVariables } = stage;
  return {
    type: "REQUEST",
    id: authorizerId,
    functionArn: functionArnOf(withStageVariables(authorizerUri, stageVariables)),
    payloadFormat: authorizerPayloadFormatVersion,
    simpleResponses: enableSimpleResponses,
    byResourcePolicy: authorizerCredentialsArn === undefined,
    sourceArn: `arn:${partitionOf(region)}:execute-api:${region}:${account}:${apiId}/authorizers/${authorizerId}`,
    timeoutMs: TIMEOUT_MS,
    identitySources: identitySource.map((expression) => sourceOf(expression, stage)),
    cacheTtlMs: identitySource.length === 0 ? 0 : ttlSeconds(authorizer) * 1000,
  };
}

/** "To enable caching, your authorizer must have at least one identity source": else a result would be everybody's. */
function ttlSeconds({ authorizerResultTtlInSeconds: ttl = 0 }: HttpAuthorizer): number {
  return Math.min(Math.max(ttl, 0), MAX_AUTHORIZER_TTL_SECONDS);
}

const SOURCE = /^\$(request\.header|request\.querystring|context|stageVariables)\.(.+)$/s;

/** Several values of a header or a parameter stand as one, as they do in events of format 2.0. */
function sourceOf(expression: string, { stageVariables }: HttpStageFacts): HttpIdentitySource {
  const [, from, name = ""] = SOURCE.exec(expression) ?? [];
  switch (from) {
    case "request.header":
      return ({ headers }) => allHeaders(headers, name)?.join(",");
    case "request.querystring":
      return (facts) => allValues(queryOf(facts), name)?.join(",");
    case "context":
      return httpContextVariable(name) ?? (() => undefined);
    case "stageVariables": {
      const value = stageVariable(stageVariables, name);
      return () => value;
    }
    default:
      throw new TypeError(`Not an identity source: ${expression}`);
  }
}
