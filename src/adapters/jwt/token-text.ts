// A signed JWT in its compact form (RFC 7515, section 7.1), taken apart and not yet believed.
import { hasRepeatedNames } from "./repeated-names.ts";

export interface TokenParts {
  readonly algorithm: string;
  readonly keyId: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * The longest token that is looked at, in characters: as long as all of a request's header values together may be
 * (developer guide, limits).
 */
export const MAX_TOKEN_LENGTH = 10_240;

const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/** The token's parts; a sentence when it is no token that anybody would verify. @param token not longer than the longest */
export function parseToken(token: string): TokenParts | string {
  const [, header = "", payload = ""] = COMPACT.exec(token) ?? [];
  if (header === "") return "the token is malformed";
  const head = parseObject(header);
  const claims = parseObject(payload);
  if (typeof head === "string") return head;
  if (typeof claims === "string") return claims;
  const { alg, kid, crit } = head;
  // What is critical to somebody else is nothing that this verifier knows (RFC 7515, section 4.1.11).
  if (typeof alg !== "string" || crit !== undefined) return "the token is malformed";
  if (kid !== undefined && typeof kid !== "string") return "the token is malformed";
  return { algorithm: alg, keyId: kid, claims };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** An object without a prototype. Names that stand twice make it anybody's guess which of the values counts. */
function parseObject(base64url: string): Readonly<Record<string, unknown>> | string {
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(Buffer.from(base64url, "base64url"));
    value = JSON.parse(text);
  } catch {
    return "the token is malformed";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "the token is malformed";
  if (hasRepeatedNames(text)) return "the token has a claim twice";
  return Object.assign(Object.create(null) as Record<string, unknown>, value);
}
