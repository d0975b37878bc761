// The door of the adapter that verifies tokens and asks their issuers.
export { createIssuerDiscovery, type DiscoveryOptions } from "./discovery.ts";
export { createTokenVerifier, type TokenVerifierOptions } from "./token-verifier.ts";
