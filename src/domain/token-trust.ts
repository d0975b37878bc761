// Which tokens (JWTs) an authorizer trusts.

/** What an authorizer wants of tokens. Compiled once, and the same object for every request. */
export interface TokenTrust {
  /**
   * Names the authorizer and the version of its configuration, and all that is said here: what has been verified under
   * one name counts under no other.
   */
  readonly name: string;
  /** Each with another `issuer`. */
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
  /** Whether a token without `aud` is for nobody, whatever its `client_id`. */
  readonly needsAud?: boolean;
}

/** "Currently, only RSA-based algorithms are supported" (developer guide, http-api-jwt-authorizer). */
export const RSA_ALGORITHMS: readonly string[] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
