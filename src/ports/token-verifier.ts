// Tokens (JWTs) that callers show: whether an issuer that is trusted has signed one, for this authorizer, for now. What the
// token then lets its bearer do (scopes, kinds of tokens) is the authorizer's business.

/** What an authorizer wants of tokens. Compiled once, and the same object for every request. */
export interface TokenTrust {
  /**
   * Names the authorizer and the version of its configuration, and all that is said here: what has been verified under
   * one name counts under no other.
   */
  readonly name: string;
  /** At least one, each with another `issuer`. */
  readonly issuers: readonly TrustedIssuer[];
  /** Signature algorithms (RFC 7518, section 3.1) that are accepted; those with a shared secret, and `none`, never are. */
  readonly algorithms: readonly string[];
}

export interface TrustedIssuer {
  /**
   * As the token's `iss` has it, to the letter, and where the issuer's discovery document is found: an https URL, or in
   * development an http one of this machine.
   */
  readonly issuer: string;
  /** Where its key set is; looked up in its discovery document when absent. */
  readonly jwksUri?: string;
  /** One of them has to be in `aud`, or be the `client_id` of a token without `aud`; anything goes when absent. */
  readonly audiences?: readonly string[];
}

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

/** "Currently, only RSA-based algorithms are supported" (developer guide, http-api-jwt-authorizer). */
export const RSA_ALGORITHMS: readonly string[] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
