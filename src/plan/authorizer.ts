// A Lambda authorizer, compiled for one stage
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html).
import { partitionOf } from "../domain/arn.ts";
import { type Authorizer, identitySources } from "../domain/authorizer.ts";
import type { RestApi, StringMap } from "../domain/rest-api.ts";
import { compilePattern } from "../pattern/index.ts";
import { contextVariable } from "./context-variables.ts";
import type { RequestFacts } from "./facts.ts";
import { lastHeader } from "./headers.ts";
import { stageVariable } from "./parameter-mapping.ts";
import { lastValue, queryOf } from "./query.ts";
import { functionArnOf, withStageVariables } from "./uri.ts";

export interface LambdaAuthorizerPlan {
  readonly id: string;
  readonly type: "TOKEN" | "REQUEST";
  /** Undefined when the URI leads to no function, with the stage's variables in it. */
  readonly functionArn: string | undefined;
  /** Whether the function's own policy has to allow the call, instead of a role. */
  readonly byResourcePolicy: boolean;
  readonly sourceArn: string;
  readonly timeoutMs: number;
  readonly identitySources: readonly IdentitySource[];
  /** Whether a token may be what it should be; undefined when anything may. */
  readonly isValidToken: ((token: string) => boolean) | undefined;
}

export interface IdentitySource {
  /** As the developer wrote it. */
  readonly expression: string;
  value(facts: RequestFacts): string | undefined;
}

/** What compiling an authorizer needs to know of its stage. */
export interface AuthorizerScope {
  readonly api: RestApi;
  readonly stageVariables: StringMap;
  /** Variables of `$context` that take the place of the request's own: those of a test. */
  readonly additionalContext?: StringMap;
}

/** Developer guide, limits: the time that a Lambda authorizer has to answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** @param authorizer of type `TOKEN` or `REQUEST`, which has passed the checks of the control plane. */
export function compileLambdaAuthorizer(authorizer: Authorizer, scope: AuthorizerScope): LambdaAuthorizerPlan {
  const { id, type, authorizerUri = "", authorizerCredentials, identitySource, identityValidationExpression: expression } = authorizer;
  if (type === "COGNITO_USER_POOLS") throw new TypeError(`The authorizer ${id} has no function`);
  const { account, id: apiId, region } = scope.api;
  return {
    id,
    type,
    functionArn: functionArnOf(withStageVariables(authorizerUri, scope.stageVariables)),
    byResourcePolicy: authorizerCredentials === undefined,
    sourceArn: `arn:${partitionOf(region)}:execute-api:${region}:${account}:${apiId}/authorizers/${id}`,
    timeoutMs: TIMEOUT_MS,
    identitySources: identitySources(identitySource).map((source) => ({ expression: source, value: sourceOf(source, scope) })),
    // "The validation expression does not apply to the REQUEST authorizer" (model: Authorizer).
    isValidToken: type === "TOKEN" && expression !== undefined ? compilePattern(expression).matches : undefined,
  };
}

const SOURCE = /^(method\.request\.header|method\.request\.querystring|stageVariables|context)\.(.+)$/s;

function sourceOf(expression: string, { stageVariables, additionalContext = {} }: AuthorizerScope): IdentitySource["value"] {
  const [, from, name = ""] = SOURCE.exec(expression) ?? [];
  switch (from) {
    case "method.request.header":
      return ({ headers }) => lastHeader(headers, name);
    case "method.request.querystring":
      return (facts) => lastValue(queryOf(facts), name);
    case "stageVariables": {
      const value = stageVariable(stageVariables, name);
      return () => value;
    }
    case "context": {
      const given = stageVariable(additionalContext, name);
      return (facts) => given ?? contextVariable(name)?.(facts);
    }
    default:
      throw new TypeError(`Not an identity source: ${expression}`);
  }
}
