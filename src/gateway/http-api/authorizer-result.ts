// What a Lambda authorizer of an HTTP API answers: whether its caller is let in, or a policy that says so
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.payload-format-response).
import { isJsonObject, jsonIn, type JsonObject } from "../../domain/json.ts";
import type { HttpLambdaAuthorizerPlan } from "../../plan/http-api/index.ts";
import { compilePolicy, type Policy, PolicySyntaxError } from "../../policy/index.ts";

export interface HttpAuthorizerResult {
  /** Of every route that the authorizer is asked about. */
  readonly verdict: boolean | Policy;
  readonly principalId: string | undefined;
  /** `$context.authorizer.*`, with the types that it has. */
  readonly context: Readonly<Record<string, unknown>> | undefined;
}

/** The result, or why it is none. */
export function parseHttpAuthorizerResult(payload: Buffer, { simpleResponses }: Pick<HttpLambdaAuthorizerPlan, "simpleResponses">): HttpAuthorizerResult | string {
  const answer = jsonIn(payload);
  if (!isJsonObject(answer)) return "The authorizer's response is no JSON object";
  const { context = null } = answer;
  if (context !== null && !isJsonObject(context)) return "The authorizer's response has a context that is no object";
  const verdict = simpleResponses ? simpleVerdict(answer) : policyVerdict(answer);
  return typeof verdict === "string" ? verdict : { ...verdict, context: context ?? undefined };
}

type Verdict = Omit<HttpAuthorizerResult, "context">;

function simpleVerdict({ isAuthorized }: JsonObject): Verdict | string {
  if (typeof isAuthorized !== "boolean") return "The authorizer's response has no isAuthorized that is true or false";
  return { verdict: isAuthorized, principalId: undefined };
}

function policyVerdict({ policyDocument, principalId }: JsonObject): Verdict | string {
  if (typeof principalId !== "string" || principalId === "") return "The authorizer's response has no principalId";
  if (!isJsonObject(policyDocument)) return "The authorizer's response has no policyDocument";
  try {
    return { verdict: compilePolicy(policyDocument), principalId };
  } catch (error) {
    if (error instanceof PolicySyntaxError) return `The authorizer's response has a policyDocument that is none: ${error.message}`;
    throw error;
  }
}

