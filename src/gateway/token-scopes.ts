// What a token lets its bearer do: `scope`, words with spaces between them (RFC 8693, section 4.2), or `scp`, as other issuers
// call it, which may be a list.
import type { TokenClaims } from "../ports/token-verifier.ts";

/** Whether one of the scopes is the token's. */
export const hasScope = (claims: TokenClaims, scopes: readonly string[]): boolean => scopesOf(claims).some((scope) => scopes.includes(scope));

/** Whether the token says anything of scopes. */
export const isScoped = ({ scope, scp }: TokenClaims): boolean => scope !== undefined || scp !== undefined;

/** The scopes that a token has, `scope` before `scp`; what is neither words nor a list is none. */
export function scopesOf({ scope, scp }: TokenClaims): readonly string[] {
  const given = scope ?? scp;
  if (typeof given === "string") return given.split(" ").filter((word) => word !== "");
  return Array.isArray(given) ? given.filter((word) => typeof word === "string") : [];
}
