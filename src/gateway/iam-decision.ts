// Whether a caller who has signed may do something with an API of any kind: what its own policies and the API's say together, by
// the tables of https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html.
import { compilePolicy, decide, type Decision, type Policies, type Policy } from "../policy/index.ts";
import type { Identity, PrincipalPolicies } from "../ports/identities.ts";
import { type ExecuteApiAction, type Judged, requestBy } from "./policy-request.ts";

/** What is to be done. */
export interface ApiAccess {
  readonly action: ExecuteApiAction;
  /** ARNs of what it is done to: by the path as it travelled, then by other spellings of it. */
  readonly resources: readonly string[];
  /** The API's owner. */
  readonly account: string;
  /** The API's. */
  readonly resourcePolicy: Policy | undefined;
  readonly request: Judged;
}

/**
 * What is allowed is allowed by the path as it travelled; what is denied explicitly is denied in every spelling.
 * Callers of another account have to be allowed by both sides, those of the API's own by one of them.
 */
export function decideAccess(caller: Identity, { action, resources, account, resourcePolicy, request }: ApiAccess): Decision {
  const policies: Policies = {
    ...compiledPolicies(caller.policies),
    ...(resourcePolicy !== undefined && { resource: resourcePolicy }),
    crossAccount: caller.principal.account !== account,
  };
  const decisions = resources.map((resource) => decide(policies, requestBy(caller, request, action, resource)));
  const denied = decisions.find((decision) => !decision.allowed && decision.reason === "explicit");
  return denied ?? (decisions[0] as Decision);
}

/** As long as nothing of an identity changes, its policies are the same object. */
const compiled = new WeakMap<PrincipalPolicies, Pick<Policies, "identity" | "boundary" | "session">>();

function compiledPolicies(policies: PrincipalPolicies): Pick<Policies, "identity" | "boundary" | "session"> {
  let known = compiled.get(policies);
  if (known === undefined) compiled.set(policies, (known = compileAll(policies)));
  return known;
}

const compileAll = ({ identity, boundary, session }: PrincipalPolicies): Pick<Policies, "identity" | "boundary" | "session"> => ({
  identity: identity.map(compileDocument),
  ...(boundary !== undefined && { boundary: compileDocument(boundary) }),
  ...(session !== undefined && { session: session.map(compileDocument) }),
});

/** So many documents are kept compiled: many sessions have the same. */
const DOCUMENTS_KEPT = 1_000;
const documents = new Map<string, Policy>();

/** @throws {PolicySyntaxError} for what IAM would not have let be put */
function compileDocument(document: string): Policy {
  const known = documents.get(document);
  if (known !== undefined) return known;
  const policy = compilePolicy(document);
  if (documents.size >= DOCUMENTS_KEPT) documents.delete(documents.keys().next().value as string);
  documents.set(document, policy);
  return policy;
}
