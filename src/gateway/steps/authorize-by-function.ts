// The callers of a method with a Lambda authorizer: those whom its function's policy allows the method
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html).
import type { AuthorizerFacts, LambdaAuthorizerPlan } from "../../plan/index.ts";
import { evaluate } from "../../policy/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Functions } from "../../ports/functions.ts";
import type { AuthorizerCache, ResultSlot } from "../authorizer-cache.ts";
import { methodArns } from "../authorizer-event.ts";
import type { AuthorizerResult } from "../authorizer-result.ts";
import type { Authorized, Execution, Routed } from "../execution.ts";
import { askFunction, type AuthorizerOutcome, identitiesOf, type Identity, isIdentified } from "../lambda-authorizer.ts";
import { invocationOf } from "../policy-request.ts";
import { Rejection } from "../rejection.ts";
import { judgedByResource } from "../resource-policy.ts";

export interface FunctionAuthorizing {
  readonly functions: Functions;
  readonly clock: Clock;
  readonly results: AuthorizerCache;
}

/** The latency, in milliseconds, of a function that was not called. */
const NOT_ASKED = 0;

/** @throws {Rejection} UNAUTHORIZED, ACCESS_DENIED, AUTHORIZER_FAILURE or AUTHORIZER_CONFIGURATION_ERROR. */
export function authorizeByFunction(routed: Routed, plan: LambdaAuthorizerPlan, authorizing: FunctionAuthorizing): Authorized | Promise<Authorized> {
  const identities = identitiesOf(routed, plan);
  if (!isIdentified(plan, identities)) return concluded(routed, { type: "unauthorized" }, NOT_ASKED);
  if (plan.cacheTtlMs === 0) return ask(routed, plan, identities, authorizing);
  const recall = (slot: ResultSlot): Authorized | Promise<Authorized> =>
    slot.result === undefined ? ask(routed, plan, identities, authorizing, slot) : recalled(routed, slot.result);
  const slot = authorizing.results.open(routed.stage, plan, identities.map(({ value }) => value));
  return slot instanceof Promise ? slot.then(recall) : recall(slot);
}

/** Requests of one identity that find nothing at the same time all ask: what one of them is told is not yet the others'. */
async function ask(
  routed: Routed,
  plan: LambdaAuthorizerPlan,
  identities: readonly Identity[],
  authorizing: FunctionAuthorizing,
  slot?: ResultSlot,
): Promise<Authorized> {
  const { clock } = authorizing;
  const startedAt = clock.now();
  const outcome = await askFunction(routed, plan, identities, authorizing);
  // A result is kept whatever its policy says; a failure is not.
  if (outcome.type === "authorized") slot?.keep(outcome.answer.payload);
  return concluded(routed, outcome, clock.now() - startedAt);
}

function recalled(routed: Routed, result: AuthorizerResult): Authorized {
  (routed as Execution).authorizer = { ...said(result), ...measured(NOT_ASKED) };
  return judged(routed, result);
}

function concluded(routed: Routed, outcome: AuthorizerOutcome, latencyMs: number): Authorized {
  const execution = routed as Execution;
  const facts = measured(latencyMs, outcome);
  switch (outcome.type) {
    case "authorized":
      execution.authorizer = { ...said(outcome.result), ...facts };
      return judged(routed, outcome.result);
    case "unauthorized":
      execution.authorizer = { ...SILENT, ...facts, status: 401, error: "Unauthorized" };
      throw new Rejection("UNAUTHORIZED");
    case "failed": {
      const reason = outcome.reasons.join("; ");
      execution.authorizer = { ...SILENT, ...facts, status: 500, error: reason };
      throw new Rejection(FAILURES[outcome.errorType], { reason });
    }
  }
}

const FAILURES = {
  AuthorizerConfigurationException: "AUTHORIZER_CONFIGURATION_ERROR",
  AuthorizerFailureException: "AUTHORIZER_FAILURE",
} as const;

const SILENT = { principalId: undefined, context: {}, usageIdentifierKey: undefined };

type Said = "principalId" | "context" | "usageIdentifierKey" | "status" | "error";

const said = ({ principalId, context, usageIdentifierKey }: AuthorizerResult): Pick<AuthorizerFacts, Said> => ({
  principalId,
  context,
  usageIdentifierKey,
  status: 200,
  error: undefined,
});

const measured = (latencyMs: number, outcome?: AuthorizerOutcome): Omit<AuthorizerFacts, Said> => ({
  latencyMs,
  integrationLatencyMs: latencyMs,
  integrationStatus: outcome?.answer?.status,
  integrationRequestId: outcome?.answer?.requestId,
});

/**
 * What the policy says of this very method, by the path as it travelled. What it denies is denied in every spelling: a
 * slash more at the end, or percent-encoding, leads to the same method. The words for the client are those of
 * https://repost.aws/knowledge-center/api-gateway-403-error-lambda-authorizer.
 */
function judged(routed: Routed, { policy }: AuthorizerResult): Authorized {
  const verdicts = methodArns(routed).map((arn) => evaluate(policy, invocationOf(routed, arn)));
  if (verdicts.includes("Deny")) {
    throw new Rejection("ACCESS_DENIED", { message: "User is not authorized to access this resource with an explicit deny" });
  }
  // Where the function's policy is silent, the API's resource policy may speak (table A of apigateway-authorization-flow).
  if (verdicts[0] !== "Allow" && judgedByResource(routed) !== "Allow") throw new Rejection("ACCESS_DENIED");
  (routed as Execution).principal = "authorized";
  return routed as Authorized;
}
