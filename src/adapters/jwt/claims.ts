// What a token that is genuine says of itself: for whom it is, and when it counts
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html).
import type { TrustedIssuer } from "../../domain/token-trust.ts";
import type { RefusedToken, TokenClaims } from "../../ports/token-verifier.ts";

export const refused = (fault: RefusedToken["fault"], message: string): RefusedToken => ({ type: "refused", fault, message });

/** What is wrong with the claims at a time in milliseconds since the epoch; undefined when nothing is. */
export function faultOf(claims: TokenClaims, { audiences, needsAud = false }: TrustedIssuer, now: number): RefusedToken | undefined {
  const { exp, nbf, iat } = claims;
  const seconds = now / 1000;
  if (!isTime(exp) || !isTimeOrAbsent(nbf) || !isTimeOrAbsent(iat)) return refused("malformed", "the token has a time that is none");
  if (exp <= seconds) return refused("expired", "the token has expired");
  if (nbf !== undefined && nbf > seconds) return refused("early", "the token is not valid yet");
  if (iat !== undefined && iat > seconds) return refused("early", "the token was issued in the future");
  if (audiences !== undefined && !isFor(claims, audiences, needsAud)) return refused("audience", "the token does not have a valid audience");
  return undefined;
}

/** "API Gateway validates `client_id` only if `aud` is not present." */
function isFor({ aud, client_id: clientId }: TokenClaims, audiences: readonly string[], needsAud: boolean): boolean {
  const shown: unknown[] = aud === undefined && !needsAud ? [clientId] : Array.isArray(aud) ? aud : [aud];
  return shown.some((each) => typeof each === "string" && audiences.includes(each));
}

/** NumericDate (RFC 7519, section 2): seconds since the epoch, that may have a fraction. */
const isTime = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isTimeOrAbsent = (value: unknown): value is number | undefined => value === undefined || isTime(value);

/** When the claims of a good token stop counting, in milliseconds since the epoch. */
export const expiryOf = ({ exp }: TokenClaims): number => (exp as number) * 1000;
