// Asks a Lambda authorizer who calls, and what the caller may
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html).
import type { StringMap } from "../domain/rest-api.ts";
import type { LambdaAuthorizerPlan } from "../plan/index.ts";
import type { Clock } from "../ports/clock.ts";
import type { FunctionResult, Functions } from "../ports/functions.ts";
import { FunctionCallError } from "../ports/functions.ts";
import { requestEvent, tokenEvent } from "./authorizer-event.ts";
import { type AuthorizerResult, parseAuthorizerResult } from "./authorizer-result.ts";
import type { Routed } from "./execution.ts";
import { functionErrorMessage } from "./function-error.ts";
import { callRejection, within } from "./integrations/invoke-function.ts";
import { Rejection } from "./rejection.ts";
import { authorizerTraceIdOf, tracedAuthorizer } from "./tracing.ts";

export interface Authorizing {
  readonly functions: Functions;
  readonly clock: Clock;
  /** Variables of `$context` that a test sets. */
  readonly additionalContext?: StringMap;
  /** Is told what happens, as it happens. */
  readonly note?: (event: AuthorizerEvent) => void;
}

export type AuthorizerEvent =
  | { readonly type: "identified"; readonly identities: readonly Identity[] }
  /** The function is called. */
  | { readonly type: "invoked"; readonly functionArn: string; readonly payload: Buffer }
  /** The function has answered. */
  | { readonly type: "answered"; readonly payload: Buffer };

export interface Identity {
  readonly expression: string;
  /** Undefined when the request does not have it. */
  readonly value: string | undefined;
}

export type AuthorizerOutcome =
  | { readonly type: "authorized"; readonly result: AuthorizerResult; readonly answer: FunctionResult }
  /** 401: the request lacks an identity, or the function has said so. */
  | { readonly type: "unauthorized"; readonly answer?: FunctionResult }
  /** 500, with the reasons of AWS's log. */
  | { readonly type: "failed"; readonly reasons: readonly string[]; readonly errorType: AuthorizerErrorType; readonly answer?: FunctionResult };

export type AuthorizerErrorType = "AuthorizerConfigurationException" | "AuthorizerFailureException";

const UNAUTHORIZED: AuthorizerOutcome = { type: "unauthorized" };

/** What the authorizer makes of a request. A failure of the authorizer is an outcome; it does not reject. */
export async function runAuthorizer(execution: Routed, plan: LambdaAuthorizerPlan, authorizing: Authorizing): Promise<AuthorizerOutcome> {
  const identities = identitiesOf(execution, plan);
  authorizing.note?.({ type: "identified", identities });
  return isIdentified(plan, identities) ? askFunction(execution, plan, identities, authorizing) : UNAUTHORIZED;
}

/** Who calls, as far as the authorizer looks at that. */
export const identitiesOf = (execution: Routed, { identitySources }: LambdaAuthorizerPlan): readonly Identity[] =>
  identitySources.map(({ expression, value }) => ({ expression, value: value(execution) }));

/**
 * "If a specified identity source is missing, null, or empty", the function is not called (model: Authorizer.identitySource),
 * whether results are cached or not.
 */
export function isIdentified({ isValidToken }: LambdaAuthorizerPlan, identities: readonly Identity[]): boolean {
  return identities.every(({ value }) => value !== undefined && value !== "" && (isValidToken === undefined || isValidToken(value)));
}

/** What the authorizer's function makes of a request that has all identities. A failure is an outcome; it does not reject. */
export async function askFunction(
  execution: Routed,
  plan: LambdaAuthorizerPlan,
  identities: readonly Identity[],
  authorizing: Authorizing,
): Promise<AuthorizerOutcome> {
  const { functionArn } = plan;
  if (functionArn === undefined) return misconfigured(["Invalid endpoint address", "Authorizer error"]);
  const payload = Buffer.from(JSON.stringify(eventOf(execution, plan, identities, authorizing)), "utf8");
  authorizing.note?.({ type: "invoked", functionArn, payload });
  const answer = await invoke(execution, plan, { functionArn, payload }, authorizing);
  return "type" in answer ? answer : outcomeOf(answer, authorizing);
}

function outcomeOf(answer: FunctionResult, { note }: Authorizing): AuthorizerOutcome {
  const { functionError, payload } = answer;
  // "Unauthorized", and nothing else, is the function's way to a 401 (the guide's example function shows it).
  if (functionError !== undefined && functionErrorMessage(payload) === "Unauthorized") return { ...UNAUTHORIZED, answer };
  note?.({ type: "answered", payload });
  // The error object of a function that has failed is no result, whatever is in it.
  const result = parseAuthorizerResult(payload);
  if (typeof result === "string") return misconfigured([result], answer);
  return functionError === undefined ? { type: "authorized", result, answer } : misconfigured(["Could not parse policy"], answer);
}

function eventOf(execution: Routed, { type }: LambdaAuthorizerPlan, identities: readonly Identity[], { additionalContext = {} }: Authorizing): object {
  return type === "TOKEN" ? tokenEvent(execution, identities[0]?.value ?? "") : requestEvent(execution, additionalContext);
}

const misconfigured = (reasons: readonly string[], answer?: FunctionResult): AuthorizerOutcome => ({
  type: "failed",
  reasons: reasons.map((reason) => `Execution failed due to configuration error: ${reason}`),
  errorType: "AuthorizerConfigurationException",
  ...(answer && { answer }),
});

async function invoke(
  execution: Routed,
  { byResourcePolicy, sourceArn, timeoutMs }: LambdaAuthorizerPlan,
  call: { readonly functionArn: string; readonly payload: Buffer },
  { clock, functions }: Authorizing,
): Promise<FunctionResult | AuthorizerOutcome> {
  const caller = { principal: "apigateway.amazonaws.com", sourceArn, sourceAccount: execution.stage.account };
  const invocation = { ...call, type: "RequestResponse", traceId: authorizerTraceIdOf(execution), ...(byResourcePolicy ? { caller } : {}) } as const;
  try {
    const ask = () => within(timeoutMs, clock, (signal) => functions.invoke({ ...invocation, signal }));
    return await tracedAuthorizer(execution, call.functionArn, clock, ask);
  } catch (error) {
    if (error instanceof FunctionCallError) return misconfigured([callRejection(error).details.reason ?? error.message, "Authorizer error"]);
    // The only one there is then: the function took too long.
    if (error instanceof Rejection) {
      return { type: "failed", reasons: ["Execution failed due to a timeout error"], errorType: "AuthorizerFailureException" };
    }
    throw error;
  }
}
