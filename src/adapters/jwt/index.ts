// The door of the adapter that verifies tokens.
export { createTokenVerifier, type TokenVerifierOptions } from "./token-verifier.ts";
