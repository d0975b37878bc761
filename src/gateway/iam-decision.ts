// Whether a caller who has signed may do something with an API of any kind: what its own policies and the API's say together, by
// the tables of https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html.
import { compileCaller, decide, type Decision, type Policies, type Policy } from "../policy/index.ts";
import type { Identity } from "../ports/identities.ts";
import { type Judged, type JudgedAction, requestBy } from "./policy-request.ts";

/** What is to be done. */
export interface ApiAccess {
  readonly action: JudgedAction;
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
    ...compileCaller(caller.policies),
    ...(resourcePolicy !== undefined && { resource: resourcePolicy }),
    crossAccount: caller.principal.account !== account,
  };
  const decisions = resources.map((resource) => decide(policies, requestBy(caller, request, action, resource)));
  const denied = decisions.find((decision) => !decision.allowed && decision.reason === "explicit");
  return denied ?? (decisions[0] as Decision);
}
