// Whether a token is one of the authorizer's user pools', and of the kind that its method wants
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html).
import type { UserPoolAuthorizerPlan } from "../plan/index.ts";
import type { TokenClaims, TokenVerification } from "../ports/token-verifier.ts";
import { type TokenOutcome, unauthorized } from "./token-outcome.ts";
import { hasScope, isScoped } from "./token-scopes.ts";
import { claimTexts } from "./user-pool-claims.ts";

/** What user pools say of a token, once it has been verified or refused. */
export function judgedByUserPools(verification: TokenVerification, plan: UserPoolAuthorizerPlan): TokenOutcome {
  if (verification.type === "refused") {
    const { fault, message } = verification;
    return fault === "expired" ? { type: "unauthorized", message: EXPIRED, reason: message } : unauthorized(message);
  }
  const { claims } = verification;
  const reason = plan.scopes.length > 0 ? wrongAccess(claims, plan.scopes) : wrongIdentity(claims);
  if (reason !== undefined) return unauthorized(reason);
  if (plan.isValidAudience !== undefined && !isForSome(claims, plan.isValidAudience)) return unauthorized("the token does not have a valid audience");
  return { type: "authorized", claims: claimTexts(claims) };
}

/** As clients of AWS know it (github.com/aws-amplify/amplify-js/issues/6060 has the whole body). */
const EXPIRED = "The incoming token has expired";

/**
 * "If the OAuth Scopes option isn't specified, API Gateway treats the supplied token as an identity token", which an access
 * token is not. Cognito's tokens say what they are. Those of other issuers, which the operator has put in the place of a
 * user pool's, do not: there a token for somebody that grants no scopes is one that identifies.
 */
function wrongIdentity(claims: TokenClaims): string | undefined {
  const { aud, token_use: use } = claims;
  const isIdentity = use === undefined ? aud !== undefined && !isScoped(claims) : use === "id";
  return isIdentity ? undefined : "the token is not an identity token";
}

/** "Otherwise, API Gateway treats the supplied token as an access token and verifies the access scopes." */
function wrongAccess(claims: TokenClaims, scopes: readonly string[]): string | undefined {
  const { token_use: use = "access" } = claims;
  if (use !== "access") return "the token is not an access token";
  return hasScope(claims, scopes) ? undefined : "the token has none of the method's scopes";
}

/** "When using an access token this validation rejects the request due to the access token not containing the aud field." */
function isForSome({ aud }: TokenClaims, isValid: (audience: string) => boolean): boolean {
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud];
  return audiences.some((audience) => typeof audience === "string" && isValid(audience));
}
