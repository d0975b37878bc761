// A token's claims as HTTP APIs hand them on: each as a text, in the order of their names, which are those of
// github.com/awsdocs/amazon-api-gateway-developer-guide/issues/113 (`requestContext.authorizer.jwt.claims` of events,
// `$context.authorizer.claims.name`). Lists and objects stand as Go prints them: `[admins users]`, `map[a:1]`.
import type { TokenClaims } from "../../ports/token-verifier.ts";

type ClaimTexts = Readonly<Record<string, string>>;

/** Those of tokens that are used again and again are written once. */
const written = new WeakMap<TokenClaims, ClaimTexts>();

/** The claims, by their names. */
export function claimTexts(claims: TokenClaims): ClaimTexts {
  let texts = written.get(claims);
  if (texts === undefined) {
    const made = Object.create(null) as Record<string, string>;
    for (const [name, value] of byName(claims)) made[name] = textOf(value);
    written.set(claims, (texts = Object.freeze(made)));
  }
  return texts;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return `[${value.map(textOf).join(" ")}]`;
  if (typeof value === "object" && value !== null) {
    return `map[${byName(value).map(([name, each]) => `${name}:${textOf(each)}`).join(" ")}]`;
  }
  return value === null ? "<nil>" : JSON.stringify(value);
}

const byName = (map: object): [string, unknown][] => Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1));
