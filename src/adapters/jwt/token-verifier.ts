// Verifies tokens with the public keys that their issuers publish
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html).
import { compactVerify, errors } from "jose";
import type { TokenTrust, TrustedIssuer } from "../../domain/token-trust.ts";
import type { RefusedToken, TokenVerification, TokenVerifier, VerifiedToken } from "../../ports/token-verifier.ts";
import { expiryOf, faultOf, refused } from "./claims.ts";
import { createIssuerKeys, type IssuerKeysOptions } from "./issuer-keys.ts";
import type { KeySet } from "./key-set.ts";
import { MAX_TOKEN_LENGTH, parseToken, type TokenParts } from "./token-text.ts";
import { createVerifiedTokens, keyOf } from "./verified-tokens.ts";

export type TokenVerifierOptions = IssuerKeysOptions;

export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { clock } = options;
  const issuerKeys = createIssuerKeys(options);
  const verified = createVerifiedTokens();

  async function verifyAnew(key: string, token: string, readable: ReadableToken): Promise<TokenVerification> {
    const { issuer, keyId, parts } = readable;
    const keys = await keysOf(issuer, keyId);
    if ("fault" in keys) return keys;
    const fault = (await signatureFault(token, parts.algorithm, keyId, keys)) ?? faultOf(parts.claims, issuer, clock.now());
    if (fault !== undefined) return fault;
    const good: VerifiedToken = Object.freeze({ type: "verified", claims: Object.freeze(parts.claims) });
    verified.keep(key, { verified: good, expiresAt: expiryOf(parts.claims), keys, size: token.length });
    return good;
  }

  async function keysOf(issuer: TrustedIssuer, keyId: string): Promise<KeySet | RefusedToken> {
    try {
      return await issuerKeys.find(issuer, keyId);
    } catch (error) {
      return refused("unavailable", (error as Error).message);
    }
  }

  return {
    verify(token, trust) {
      if (token.length > MAX_TOKEN_LENGTH) return refused("malformed", "the token is too long");
      const key = keyOf(token, trust);
      const known = verified.get(key, clock.now());
      if (known !== undefined) return known;
      const readable = read(token, trust);
      return "fault" in readable ? readable : verifyAnew(key, token, readable);
    },
  };
}

interface ReadableToken {
  readonly parts: TokenParts;
  readonly issuer: TrustedIssuer;
  readonly keyId: string;
}

/** What has to be believed of a token to find out whether it may be. */
function read(token: string, { algorithms, issuers }: TokenTrust): ReadableToken | RefusedToken {
  const parts = parseToken(token);
  if (typeof parts === "string") return refused("malformed", parts);
  const { algorithm, claims, keyId } = parts;
  if (!algorithms.includes(algorithm) || !isPublicKeyAlgorithm(algorithm)) return refused("algorithm", "the token is signed in a way that is not accepted");
  const issuer = issuers.find((each) => each.issuer === claims.iss);
  if (issuer === undefined) return refused("issuer", "the token does not have a valid issuer");
  if (keyId === undefined) return refused("key", "the token names no key");
  return { parts, issuer, keyId };
}

/** Whatever an authorizer says: a key that is public signs nothing, and neither does none. */
const isPublicKeyAlgorithm = (algorithm: string): boolean => /^(?:RS|PS|ES|Ed)/.test(algorithm);

async function signatureFault(token: string, algorithm: string, keyId: string, keys: KeySet): Promise<RefusedToken | undefined> {
  const key = await keys.key(keyId, algorithm);
  if (key === undefined) return refused("key", "the issuer has no such key");
  try {
    await compactVerify(token, key, { algorithms: [algorithm] });
    return undefined;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return refused("signature", "the token's signature is not valid");
    throw error;
  }
}
