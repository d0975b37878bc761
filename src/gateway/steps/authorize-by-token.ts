// The callers of a method with an authorizer for tokens: those with a token that is good, and of the kind that it wants.
import type { AuthorizerFacts, TokenAuthorizerPlan } from "../../plan/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { TokenVerifier } from "../../ports/token-verifier.ts";
import type { Authorized, Execution, Routed } from "../execution.ts";
import { Rejection } from "../rejection.ts";
import { judgeToken, tokenOf } from "../token-authorizer.ts";
import { type TokenOutcome, unauthorized } from "../token-outcome.ts";

export interface TokenAuthorizing {
  readonly tokenVerifier: TokenVerifier;
  readonly clock: Clock;
}

/** @throws {Rejection} UNAUTHORIZED or ACCESS_DENIED */
export function authorizeByToken(routed: Routed, plan: TokenAuthorizerPlan, authorizing: TokenAuthorizing): Authorized | Promise<Authorized> {
  const { clock, tokenVerifier } = authorizing;
  const token = tokenOf(routed, plan);
  if (token === undefined) return concluded(routed, unauthorized("there is no token"), 0);
  const startedAt = clock.now();
  const outcome = judgeToken(token, plan, tokenVerifier);
  if (!(outcome instanceof Promise)) return concluded(routed, outcome, 0);
  return outcome.then((later) => concluded(routed, later, clock.now() - startedAt));
}

function concluded(routed: Routed, outcome: TokenOutcome, latencyMs: number): Authorized {
  const execution = routed as Execution;
  if (outcome.type !== "authorized") {
    const { type, message, reason } = outcome;
    execution.authorizer = { ...factsOf(latencyMs), status: type === "forbidden" ? 403 : 401, error: message ?? reason };
    throw new Rejection(type === "forbidden" ? "ACCESS_DENIED" : "UNAUTHORIZED", { reason, ...(message === undefined ? {} : { message }) });
  }
  const { claims, claimValues } = outcome;
  execution.authorizer = { ...factsOf(latencyMs), claims, claimValues };
  execution.principal = "authorized";
  return execution as Authorized;
}

const factsOf = (latencyMs: number): AuthorizerFacts => ({
  principalId: undefined,
  context: {},
  claims: undefined,
  claimValues: undefined,
  usageIdentifierKey: undefined,
  status: 200,
  error: undefined,
  latencyMs,
  integrationLatencyMs: 0,
  integrationStatus: undefined,
  integrationRequestId: undefined,
});
