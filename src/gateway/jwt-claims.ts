// A token's claims as JWT authorizers hand them on: each as a JSON text
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer-claims.html).
import type { StringMap } from "../domain/rest-api.ts";
import type { TokenClaims } from "../ports/token-verifier.ts";

/** Those of tokens that are used again and again are written once. */
const written = new WeakMap<TokenClaims, StringMap>();

/** The claims, by their names, in the token's order. */
export function claimJson(claims: TokenClaims): StringMap {
  let texts = written.get(claims);
  if (texts === undefined) written.set(claims, (texts = Object.freeze(write(claims))));
  return texts;
}

function write(claims: TokenClaims): StringMap {
  const texts = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(claims)) texts[name] = asciiJson(value);
  return texts;
}

/** "API Gateway writes each non-ASCII character as a Unicode escape sequence. For example, \u00e9 becomes \\u00E9." */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
