// Who decides about a method's callers, compiled for one stage: a Lambda authorizer
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html), user pools, or issuers.
import { partitionOf } from "../domain/arn.ts";
import { authorizationTypeOf, type Authorizer, identitySources } from "../domain/authorizer.ts";
import { MAX_AUTHORIZER_TTL_SECONDS } from "../domain/limits.ts";
import type { Method, RestApi, RestApiSnapshot, StringMap } from "../domain/rest-api.ts";
import { compilePattern } from "../pattern/index.ts";
import { contextVariable } from "./context-variables.ts";
import type { RequestFacts } from "./facts.ts";
import { lastHeader } from "./headers.ts";
import { stageVariable } from "./parameter-mapping.ts";
import { lastValue, queryOf } from "./query.ts";
import { functionArnOf, withStageVariables } from "./uri.ts";
import { compileJwtAuthorizer, type JwtAuthorizerPlan } from "./jwt-authorizer.ts";
import { compileUserPoolAuthorizer, type UserPoolAuthorizerPlan, type UserPoolScope } from "./user-pool-authorizer.ts";

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
  /** How long a result is kept for the identity it was given for; 0 for not at all. */
  readonly cacheTtlMs: number;
}

/** An authorizer that refuses everybody. */
export interface BrokenAuthorizerPlan {
  readonly type: "BROKEN";
  /** What the API's developer has to know. */
  readonly reason: string;
}

/** IAM decides: callers sign their requests, and their policies and the API's say what they may do. */
export interface IamAuthorizerPlan {
  readonly type: "IAM";
}

const BY_IAM: IamAuthorizerPlan = { type: "IAM" };

/** Who decides about a method's callers. */
export type AuthorizerPlan = LambdaAuthorizerPlan | TokenAuthorizerPlan | IamAuthorizerPlan | BrokenAuthorizerPlan;

/** An authorizer that looks at a token itself. */
export type TokenAuthorizerPlan = UserPoolAuthorizerPlan | JwtAuthorizerPlan;

export interface IdentitySource {
  /** As the developer wrote it. */
  readonly expression: string;
  value(facts: RequestFacts): string | undefined;
}

/** What compiling an authorizer needs to know of its stage. */
export interface AuthorizerScope extends UserPoolScope {
  readonly api: Pick<RestApi, "account" | "id" | "region">;
  readonly stageVariables: StringMap;
  /** Variables of `$context` that take the place of the request's own: those of a test. */
  readonly additionalContext?: StringMap;
}

/** Developer guide, limits: the time that a Lambda authorizer has to answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** "If this field is not set, the default value is 300" (model: Authorizer.authorizerResultTtlInSeconds). */
const DEFAULT_TTL_SECONDS = 300;

/**
 * The authorizers of a snapshot's methods, each compiled once, when it is first asked for. Only a method that wants no
 * authorization gets none: anything that cannot be authorized as the method says is refused.
 */
export function compileAuthorizers({ authorizers = [] }: RestApiSnapshot, scope: AuthorizerScope): (method: Method) => AuthorizerPlan | undefined {
  const compiled = new Map<string, TestablePlan>();
  return (method) => {
    const { authorizationType, authorizationScopes: scopes = [], authorizerId } = method;
    if (authorizationType === "NONE") return undefined;
    if (authorizationType === "AWS_IAM") return BY_IAM;
    const authorizer = authorizers.find(({ id }) => id === authorizerId);
    const wrong = invalidAuthorization(method, { authorizers });
    if (authorizer === undefined || wrong !== undefined || !isByAuthorizer(authorizationType)) {
      return { type: "BROKEN", reason: `The method ${wrong ?? `uses authorization ${authorizationType}`}` };
    }
    let plan = compiled.get(authorizer.id);
    if (plan === undefined) compiled.set(authorizer.id, (plan = compileAuthorizer(authorizer, scope)));
    return "trust" in plan ? { ...plan, scopes } : plan;
  };
}

const BY_AUTHORIZER: readonly string[] = ["CUSTOM", "COGNITO_USER_POOLS", "JWT"] satisfies ReturnType<typeof authorizationTypeOf>[];
const isByAuthorizer = (authorizationType: string): boolean => BY_AUTHORIZER.includes(authorizationType);

/** What each authorization type asks. */
const ASKED: Readonly<Record<string, string>> = { CUSTOM: "function", COGNITO_USER_POOLS: "user pools", JWT: "issuers" };

/** What is wrong with a method's authorizer, as a sentence without its subject. AWS lets no method become so. */
export function invalidAuthorization(
  { authorizationType, authorizerId }: Method,
  { authorizers = [] }: Pick<RestApiSnapshot, "authorizers">,
): string | undefined {
  if (!isByAuthorizer(authorizationType)) return undefined;
  if (authorizerId === undefined) return "has no authorizer";
  const authorizer = authorizers.find(({ id }) => id === authorizerId);
  if (authorizer === undefined) return `refers to the authorizer ${authorizerId}, which the API does not have`;
  if (authorizationTypeOf(authorizer) === authorizationType) return undefined;
  return `refers to the authorizer ${authorizerId}, which has no ${ASKED[authorizationType]}`;
}

/** An authorizer that can be asked. */
export type TestablePlan = Exclude<AuthorizerPlan, IamAuthorizerPlan | BrokenAuthorizerPlan>;

/** @param authorizer one that has passed the checks of the control plane. */
export function compileAuthorizer(authorizer: Authorizer, scope: AuthorizerScope): TestablePlan {
  const { type } = authorizer;
  if (type === "JWT") return compileJwtAuthorizer(authorizer, scope);
  return type === "COGNITO_USER_POOLS" ? compileUserPoolAuthorizer(authorizer, scope) : compileLambdaAuthorizer(authorizer, type, scope);
}

function compileLambdaAuthorizer(authorizer: Authorizer, type: LambdaAuthorizerPlan["type"], scope: AuthorizerScope): LambdaAuthorizerPlan {
  const { id, authorizerUri = "", authorizerCredentials, identitySource, identityValidationExpression: expression } = authorizer;
  const { account, id: apiId, region } = scope.api;
  const sources = identitySources(identitySource);
  return {
    id,
    type,
    functionArn: functionArnOf(withStageVariables(authorizerUri, scope.stageVariables)),
    byResourcePolicy: authorizerCredentials === undefined,
    sourceArn: `arn:${partitionOf(region)}:execute-api:${region}:${account}:${apiId}/authorizers/${id}`,
    timeoutMs: TIMEOUT_MS,
    identitySources: sources.map((source) => ({ expression: source, value: sourceOf(source, scope) })),
    // "The validation expression does not apply to the REQUEST authorizer" (model: Authorizer).
    isValidToken: type === "TOKEN" && expression !== undefined ? compilePattern(expression).matches : undefined,
    cacheTtlMs: sources.length === 0 ? 0 : ttlSeconds(authorizer) * 1000,
  };
}

/** Without identity sources there is nothing that a result could be kept for: it would be everybody's. */
function ttlSeconds({ authorizerResultTtlInSeconds: ttl = DEFAULT_TTL_SECONDS }: Authorizer): number {
  return Math.min(Math.max(ttl, 0), MAX_AUTHORIZER_TTL_SECONDS);
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
