// The callers of a route with a JWT authorizer: those with a token of the issuer's that is good, and has one of the route's scopes
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html).
import type { HttpJwtAuthorizerPlan } from "../../../plan/http-api/index.ts";
import type { TokenVerification, TokenVerifier } from "../../../ports/token-verifier.ts";
import { hasScope, scopesOf } from "../../token-scopes.ts";
import { claimTexts } from "../claim-texts.ts";
import type { HttpAuthorized, HttpExecution, HttpRouted } from "../execution.ts";
import { HttpRejection } from "../rejection.ts";

export interface HttpTokenAuthorizing {
  readonly tokenVerifier: TokenVerifier;
}

/** "The `identitySource` can include only the token, or the token prefixed with `Bearer `." */
const BEARER = /^Bearer +/i;

/** @throws {HttpRejection} UNAUTHORIZED without a good token, ACCESS_DENIED for one without the route's scopes */
export function authorizeByToken(
  routed: HttpRouted,
  plan: HttpJwtAuthorizerPlan,
  { tokenVerifier }: HttpTokenAuthorizing,
): HttpAuthorized | Promise<HttpAuthorized> {
  const token = plan.token(routed)?.replace(BEARER, "");
  if (token === undefined || token === "") throw refusal(routed, "UNAUTHORIZED", "Bearer", "there is no token");
  const verification = tokenVerifier.verify(token, plan.trust);
  if (!(verification instanceof Promise)) return judged(routed, plan, verification);
  return verification.then((later) => judged(routed, plan, later));
}

function judged(routed: HttpRouted, { scopes }: HttpJwtAuthorizerPlan, verification: TokenVerification): HttpAuthorized {
  if (verification.type === "refused") {
    const { fault, message } = verification;
    // Where an issuer is, and what is wrong with it, is for the API's developer alone.
    const description = fault === "unavailable" ? "the issuer's keys cannot be had" : message;
    throw refusal(routed, "UNAUTHORIZED", challenge(scopes, "invalid_token", description), message);
  }
  const { claims } = verification;
  if (scopes.length > 0 && !hasScope(claims, scopes)) {
    const message = "the token does not have sufficient scope";
    throw refusal(routed, "ACCESS_DENIED", challenge(scopes, "insufficient_scope", message), message);
  }
  const execution = routed as HttpExecution;
  const own = scopes.length === 0 ? undefined : scopesOf(claims).filter((scope) => scopes.includes(scope));
  execution.authorizer = { context: undefined, principalId: undefined, claims: claimTexts(claims), scopes: own, error: undefined };
  execution.principal = "authorized";
  return execution as HttpAuthorized;
}

/** As the answer of .../http-api-troubleshooting-jwt.html shows it; the errors are those of RFC 6750, section 3.1. */
const challenge = (scopes: readonly string[], error: string, description: string): string =>
  `Bearer scope="${scopes.join(" ")}" error="${error}" error_description="${description.replaceAll(/["\\]/g, "'")}"`;

function refusal(routed: HttpRouted, type: "UNAUTHORIZED" | "ACCESS_DENIED", wwwAuthenticate: string, reason: string): HttpRejection {
  (routed as HttpExecution).authorizer = { context: undefined, principalId: undefined, claims: undefined, scopes: undefined, error: reason };
  return new HttpRejection(type, { headers: ["www-authenticate", wwwAuthenticate], reason });
}
