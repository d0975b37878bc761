// Issuers of tokens as an authorizer is made: what they say of themselves, before anybody has a token of theirs.

export interface IssuerDiscovery {
  /**
   * Reads an issuer's discovery document (OpenID Connect Discovery 1.0, section 4), which has to be the issuer's own. It does
   * not reject: an issuer that says nothing of use, within the time that it has, is a failure.
   */
  discover(issuer: string): Promise<DiscoveredIssuer | UndiscoveredIssuer>;
}

export interface DiscoveredIssuer {
  /** Where its key set is: an https URL, or in development an http one of this machine. */
  readonly jwksUri: string;
}

export interface UndiscoveredIssuer {
  /** Why, for whoever has named the issuer. */
  readonly failure: string;
}
