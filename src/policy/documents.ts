// The documents of whoever calls, compiled once for as long as they are the same.
import { compilePolicy, type Policy } from "./compile.ts";
import type { Policies } from "./decide.ts";

/** Policy documents as they were put. */
export interface CallerDocuments {
  readonly identity: readonly string[];
  readonly boundary?: string;
  readonly session?: readonly string[];
}

/** So many documents are kept compiled: many sessions have the same. */
const DOCUMENTS_KEPT = 1_000;
const documents = new Map<string, Policy>();
const compiled = new WeakMap<CallerDocuments, CallerPolicies>();

export type CallerPolicies = Pick<Policies, "identity" | "boundary" | "session">;

/** What documents say. @throws {PolicySyntaxError} for what IAM would not have let be put */
export function compileCaller(policies: CallerDocuments): CallerPolicies {
  let known = compiled.get(policies);
  if (known === undefined) compiled.set(policies, (known = compileAll(policies)));
  return known;
}

const compileAll = ({ identity, boundary, session }: CallerDocuments): CallerPolicies => ({
  identity: identity.map(compileDocument),
  ...(boundary !== undefined && { boundary: compileDocument(boundary) }),
  ...(session !== undefined && { session: session.map(compileDocument) }),
});

function compileDocument(document: string): Policy {
  const known = documents.get(document);
  if (known !== undefined) return known;
  const policy = compilePolicy(document);
  if (documents.size >= DOCUMENTS_KEPT) documents.delete(documents.keys().next().value as string);
  documents.set(document, policy);
  return policy;
}
