// Authorizers that look at a token themselves: where it is, and who says whether it is good.
import type { TokenAuthorizerPlan } from "../plan/index.ts";
import type { TokenVerification, TokenVerifier } from "../ports/token-verifier.ts";
import type { Routed } from "./execution.ts";
import { judgedByIssuers } from "./jwt-authorizer.ts";
import type { TokenOutcome } from "./token-outcome.ts";
import { judgedByUserPools } from "./user-pool-authorizer.ts";

/** The token alone, or as a bearer token: authorizers take both (github.com/amazon-archives/amazon-cognito-identity-js/issues/165). */
const BEARER = /^Bearer +/i;

/** The token as the request has it, without `Bearer`; undefined where it has none. */
export function tokenOf(routed: Routed, plan: TokenAuthorizerPlan): string | undefined {
  return plan.token(routed)?.replace(BEARER, "") || undefined;
}

/** What the authorizer says of a token: at once, when it was good before. It does not reject. */
export function judgeToken(token: string, plan: TokenAuthorizerPlan, verifier: TokenVerifier): TokenOutcome | Promise<TokenOutcome> {
  const verification = verifier.verify(token, plan.trust);
  return verification instanceof Promise ? verification.then((later) => judged(later, plan)) : judged(verification, plan);
}

const judged = (verification: TokenVerification, plan: TokenAuthorizerPlan): TokenOutcome =>
  plan.type === "JWT" ? judgedByIssuers(verification, plan) : judgedByUserPools(verification, plan);
