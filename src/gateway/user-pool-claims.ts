// A token's claims as user pool authorizers hand them on: all of them strings. Whole sets of them are shown in
// https://repost.aws/questions/QUFJRBaEJRSmmqarNrvCWoQA/aws-cognito-group and github.com/amazon-archives/amazon-cognito-identity-js/issues/92.
import type { StringMap } from "../domain/rest-api.ts";
import type { TokenClaims } from "../ports/token-verifier.ts";
import { logTime } from "./execution-log-text.ts";

/** Those of tokens that are used again and again are written once. */
const written = new WeakMap<TokenClaims, StringMap>();

/** The claims, by their names, in the token's order; without those that are null. */
export function claimTexts(claims: TokenClaims): StringMap {
  let texts = written.get(claims);
  if (texts === undefined) written.set(claims, (texts = Object.freeze(write(claims))));
  return texts;
}

function write(claims: TokenClaims): StringMap {
  const texts = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(claims)) {
    if (value !== null) texts[name] = isMoment(name) && typeof value === "number" ? logTime(value * 1000) : textOf(value);
  }
  return texts;
}

/** As Java writes dates, `Tue Apr 04 18:39:39 UTC 2023`; `auth_time`, which is no date to a library of tokens, stays a number. */
const isMoment = (name: string): boolean => name === "exp" || name === "iat" || name === "nbf";

/** Groups have commas between them. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.map(textOf).join(",") : JSON.stringify(value);
}
