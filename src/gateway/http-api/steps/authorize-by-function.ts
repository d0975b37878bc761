// The callers of a route with a Lambda authorizer: those whom its function lets in, or whom its policy allows the route
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html).
import type { HttpLambdaAuthorizerPlan } from "../../../plan/http-api/index.ts";
import { evaluate } from "../../../policy/index.ts";
import { FunctionCallError, type FunctionResult } from "../../../ports/functions.ts";
import type { AuthorizerCache, ResultSlot } from "../../authorizer-cache.ts";
import { functionErrorMessage } from "../../function-error.ts";
import { invocationOf } from "../../policy-request.ts";
import { type HttpAuthorizerResult, parseHttpAuthorizerResult } from "../authorizer-result.ts";
import { authorizerEventOne } from "../events/format-one.ts";
import { authorizerEventTwo } from "../events/format-two.ts";
import type { HttpAuthorized, HttpExecution, HttpRouted } from "../execution.ts";
import { callFunction, callRefusal, type FunctionCaller, FunctionTimeout } from "../function-call.ts";
import { HttpRejection } from "../rejection.ts";
import { routeArn, routeArns } from "../route-arn.ts";

export interface HttpFunctionAuthorizing extends FunctionCaller {
  readonly results: AuthorizerCache<HttpLambdaAuthorizerPlan, HttpAuthorizerResult>;
}

type Slot = ResultSlot<HttpAuthorizerResult>;

/** @throws {HttpRejection} UNAUTHORIZED without an identity, ACCESS_DENIED, AUTHORIZER_FAILURE */
export function authorizeByFunction(
  routed: HttpRouted,
  plan: HttpLambdaAuthorizerPlan,
  authorizing: HttpFunctionAuthorizing,
): HttpAuthorized | Promise<HttpAuthorized> {
  const identities: string[] = [];
  for (const source of plan.identitySources) {
    const value = source(routed);
    if (value === undefined || value === "") throw refusal(routed, "UNAUTHORIZED", "The request lacks an identity source");
    identities.push(value);
  }
  if (plan.cacheTtlMs === 0) return ask(routed, plan, identities, authorizing);
  const recall = (slot: Slot): HttpAuthorized | Promise<HttpAuthorized> =>
    slot.result === undefined ? ask(routed, plan, identities, authorizing, slot) : judged(routed, slot.result);
  const slot = authorizing.results.open(routed.stage, plan, identities);
  return slot instanceof Promise ? slot.then(recall) : recall(slot);
}

/** Requests of one identity that find nothing at the same time all ask: what one of them is told is not yet the others'. */
async function ask(
  routed: HttpRouted,
  plan: HttpLambdaAuthorizerPlan,
  identities: readonly string[],
  authorizing: HttpFunctionAuthorizing,
  slot?: Slot,
): Promise<HttpAuthorized> {
  const { functionError, payload } = await answerOf(routed, plan, identities, authorizing);
  if (functionError !== undefined) {
    const message = functionErrorMessage(payload);
    // The function's way to a 401, as in REST APIs.
    if (message === "Unauthorized") throw refusal(routed, "UNAUTHORIZED", message);
    throw refusal(routed, "AUTHORIZER_FAILURE", `The authorizer's function returned the following error: ${message}`);
  }
  const result = parseHttpAuthorizerResult(payload, plan);
  if (typeof result === "string") throw refusal(routed, "AUTHORIZER_FAILURE", result);
  // A result is kept whatever it says; a failure is not.
  slot?.keep(payload);
  return judged(routed, result);
}

async function answerOf(
  routed: HttpRouted,
  { byResourcePolicy, functionArn, identitySources, payloadFormat, sourceArn, timeoutMs }: HttpLambdaAuthorizerPlan,
  identities: readonly string[],
  caller: FunctionCaller,
): Promise<FunctionResult> {
  if (functionArn === undefined) throw refusal(routed, "AUTHORIZER_FAILURE", "The authorizer's URI leads to no function");
  const eventOf = payloadFormat === "2.0" ? authorizerEventTwo : authorizerEventOne;
  const event = eventOf(routed, routeArn(routed), identitySources.length === 0 ? null : identities);
  try {
    return await callFunction(routed, { functionArn, event, byResourcePolicy, sourceArn, timeoutMs }, caller);
  } catch (error) {
    if (error instanceof FunctionCallError) throw refusal(routed, "AUTHORIZER_FAILURE", callRefusal(error, "authorizer"), error);
    if (error instanceof FunctionTimeout) throw refusal(routed, "AUTHORIZER_FAILURE", error.message, error);
    throw error;
  }
}

/** A policy is evaluated for every request anew, so that what it allows for one route opens no other. */
function judged(routed: HttpRouted, { context, principalId, verdict }: HttpAuthorizerResult): HttpAuthorized {
  const execution = routed as HttpExecution;
  const isAllowed = typeof verdict === "boolean" ? verdict : allows(verdict, routed);
  const error = isAllowed ? undefined : "The caller is not authorized";
  execution.authorizer = { context, principalId, claims: undefined, scopes: undefined, error };
  if (error !== undefined) throw new HttpRejection("ACCESS_DENIED", { reason: error });
  execution.principal = "authorized";
  return execution as HttpAuthorized;
}

/** By the path as it travelled; what is denied is denied in every spelling, since percent-encoding leads to the same route. */
function allows(policy: Exclude<HttpAuthorizerResult["verdict"], boolean>, routed: HttpRouted): boolean {
  const verdicts = routeArns(routed).map((arn) => evaluate(policy, invocationOf(routed, arn)));
  return verdicts[0] === "Allow" && !verdicts.includes("Deny");
}

/** `$context.authorizer.error` says why, and the client learns no more than that it is so. */
function refusal(routed: HttpRouted, type: "ACCESS_DENIED" | "AUTHORIZER_FAILURE" | "UNAUTHORIZED", reason: string, cause?: unknown): HttpRejection {
  (routed as HttpExecution).authorizer = { context: undefined, principalId: undefined, claims: undefined, scopes: undefined, error: reason };
  return new HttpRejection(type, { reason, cause });
}
