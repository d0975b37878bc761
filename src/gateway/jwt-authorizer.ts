// Whether a token is one of the authorizer's issuers', and opens the method
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer-methods.html).
import type { JwtAuthorizerPlan } from "../plan/index.ts";
import type { TokenVerification } from "../ports/token-verifier.ts";
import { claimJson } from "./jwt-claims.ts";
import { type TokenOutcome, unauthorized } from "./token-outcome.ts";
import { hasScope } from "./token-scopes.ts";

/** What a JWT authorizer says of a token, once it has been verified or refused. */
export function judgedByIssuers(verification: TokenVerification, { scopes }: JwtAuthorizerPlan): TokenOutcome {
  if (verification.type === "refused") return unauthorized(verification.message);
  const { claims } = verification;
  // "A valid token that carries none of the method's scopes receives a 403 Forbidden response."
  if (scopes.length > 0 && !hasScope(claims, scopes)) return { type: "forbidden", reason: "the token has none of the method's scopes" };
  return { type: "authorized", claims: claimJson(claims), claimValues: claims };
}
