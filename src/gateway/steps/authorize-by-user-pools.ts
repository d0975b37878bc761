// The callers of a method with a user pool authorizer: those with a token that is good, and of the kind that it wants.
import type { AuthorizerFacts, UserPoolAuthorizerPlan } from "../../plan/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { TokenVerifier } from "../../ports/token-verifier.ts";
import type { Authorized, Execution, Routed } from "../execution.ts";
import { Rejection } from "../rejection.ts";
import { judgeToken, tokenOf, unauthorized, type UserPoolOutcome } from "../user-pool-authorizer.ts";

export interface UserPoolAuthorizing {
  readonly tokenVerifier: TokenVerifier;
  readonly clock: Clock;
}

/** @throws {Rejection} UNAUTHORIZED */
export function authorizeByUserPools(routed: Routed, plan: UserPoolAuthorizerPlan, authorizing: UserPoolAuthorizing): Authorized | Promise<Authorized> {
  const { clock, tokenVerifier } = authorizing;
  const token = tokenOf(routed, plan);
  if (token === undefined) return concluded(routed, unauthorized("there is no token"), 0);
  const startedAt = clock.now();
  const outcome = judgeToken(token, plan, tokenVerifier);
  if (!(outcome instanceof Promise)) return concluded(routed, outcome, 0);
  return outcome.then((later) => concluded(routed, later, clock.now() - startedAt));
}

function concluded(routed: Routed, outcome: UserPoolOutcome, latencyMs: number): Authorized {
  const execution = routed as Execution;
  if (outcome.type === "unauthorized") {
    const { message, reason } = outcome;
    execution.authorizer = { ...factsOf(latencyMs), status: 401, error: message };
    throw new Rejection("UNAUTHORIZED", { message, reason });
  }
  execution.authorizer = { ...factsOf(latencyMs), claims: outcome.claims };
  execution.principal = "authorized";
  return execution as Authorized;
}

const factsOf = (latencyMs: number): AuthorizerFacts => ({
  principalId: undefined,
  context: {},
  claims: undefined,
  usageIdentifierKey: undefined,
  status: 200,
  error: undefined,
  latencyMs,
  integrationLatencyMs: 0,
  integrationStatus: undefined,
  integrationRequestId: undefined,
});
