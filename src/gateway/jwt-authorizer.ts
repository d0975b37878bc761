// Whether a token is one of the authorizer's issuers', says what they are asked to, and opens the method
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer-methods.html).
import type { ClaimRule, JwtAuthorizerPlan } from "../plan/index.ts";
import type { TokenClaims, TokenVerification } from "../ports/token-verifier.ts";
import { claimJson } from "./jwt-claims.ts";
import { type TokenOutcome, unauthorized } from "./token-outcome.ts";
import { hasScope } from "./token-scopes.ts";

/** What a JWT authorizer says of a token, once it has been verified or refused. */
export function judgedByIssuers(verification: TokenVerification, { claims: rulesOf, scopes }: JwtAuthorizerPlan): TokenOutcome {
  if (verification.type === "refused") return unauthorized(verification.message);
  const { claims } = verification;
  const rules = rulesOf.get(claims["iss"]);
  if (rules === undefined) return unauthorized("the token does not have a valid issuer");
  const broken = rules.find((rule) => !isKept(rule, claims));
  if (broken !== undefined) return unauthorized(`the token's claim ${broken.name} is not as the authorizer asks`);
  // "A valid token that carries none of the method's scopes receives a 403 Forbidden response."
  if (scopes.length > 0 && !hasScope(claims, scopes)) return { type: "forbidden", reason: "the token has none of the method's scopes" };
  return { type: "authorized", claims: claimJson(claims), claimValues: claims };
}

/** Whether a token has the claim as it has to be, or may do without. */
function isKept({ name, isRequired, expected }: ClaimRule, claims: TokenClaims): boolean {
  const value = claims[name];
  if (value === undefined) return !isRequired;
  return typeof value === "string" && (expected === undefined || expected.has(value));
}
