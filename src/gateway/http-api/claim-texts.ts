// A token's claims as HTTP APIs hand them on: each as a text (`requestContext.authorizer.jwt.claims` of events,
// `$context.authorizer.claims.name`). Lists and objects are printed as Go prints them, without quotes and commas:
// `[admins users]` (github.com/aws/aws-lambda-dotnet/issues/656 has such a claim of groups).
import type { TokenClaims } from "../../ports/token-verifier.ts";

type ClaimTexts = Readonly<Record<string, string>>;

/** Those of tokens that are used again and again are written once. */
const written = new WeakMap<TokenClaims, ClaimTexts>();

/** The claims, by their names, in the token's order. */
export function claimTexts(claims: TokenClaims): ClaimTexts {
  let texts = written.get(claims);
  if (texts === undefined) {
    const made = Object.create(null) as Record<string, string>;
    for (const [name, value] of Object.entries(claims)) made[name] = textOf(value);
    written.set(claims, (texts = Object.freeze(made)));
  }
  return texts;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return `[${value.map(textOf).join(" ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `map[${entries.map(([name, each]) => `${name}:${textOf(each)}`).join(" ")}]`;
  }
  return value === null ? "<nil>" : String(value);
}
