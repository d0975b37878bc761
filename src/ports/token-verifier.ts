// Tokens (JWTs) that callers show: whether an issuer that is trusted has signed one, for this authorizer, for now. What the
// token then lets its bearer do (scopes, kinds of tokens) is the authorizer's business.

import type { TokenTrust } from "../domain/token-trust.ts";

/** A token's claims as they are in it. Without a prototype: names come from the issuer. */
export type TokenClaims = Readonly<Record<string, unknown>>;

export interface VerifiedToken {
  readonly type: "verified";
  readonly claims: TokenClaims;
}

export interface RefusedToken {
  readonly type: "refused";
  readonly fault: TokenFault;
  /** For the log and for `error_description`: what is wrong, without anything of the token. */
  readonly message: string;
}

/** The first thing that was found to be wrong. */
export type TokenFault =
  /** It is not a signed JWT, is too long, or says something twice. */
  | "malformed"
  | "algorithm"
  | "issuer"
  /** The issuer has no such key. */
  | "key"
  | "signature"
  | "audience"
  | "expired"
  /** Of the future, by `nbf` or `iat`. */
  | "early"
  /** The issuer's keys could not be had. */
  | "unavailable";

export type TokenVerification = VerifiedToken | RefusedToken;

export interface TokenVerifier {
  /**
   * Says whether a token is to be trusted; at once for one that has been verified before. It never rejects: an issuer that
   * cannot be reached is a refusal, within the time that it has to answer.
   */
  verify(token: string, trust: TokenTrust): TokenVerification | Promise<TokenVerification>;
}
