// Whether all the policies that bear on a request allow it together
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).
import type { Policy } from "./compile.ts";
import { type Evaluation, evaluate, evaluateNaming } from "./evaluate.ts";
import type { PolicyRequest, PrincipalFacts } from "./policy.ts";
import { isRoot } from "./principals.ts";

export interface Policies {
  /** Of the user and its groups, or of the role. */
  readonly identity?: readonly Policy[];
  /** The permissions boundary of the user or the role. */
  readonly boundary?: Policy;
  /** Given when the session was made. Absent or empty: none was given. */
  readonly session?: readonly Policy[];
  readonly resource?: Policy;
  /** Whether the resource is another account's than the caller's. */
  readonly crossAccount?: boolean;
  /** Whether only the resource's policy can allow, as a role's trust policy: nothing that it does not allow is allowed. */
  readonly resourceMustAllow?: boolean;
}

export type PolicyType = "identity" | "boundary" | "session" | "resource";
export type DenyReason = "explicit" | "implicit";

/** A refusal names the policies that made it. */
export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: DenyReason; readonly by: PolicyType };

const ALLOWED: Decision = { allowed: true };
const refused = (reason: DenyReason, by: PolicyType): Decision => ({ allowed: false, reason, by });

/** Whether the request is allowed. What no policy allows is denied, save what the root user does in its own account. */
export function decide(policies: Policies, request: PolicyRequest): Decision {
  const { identity = [], boundary, session = [] } = policies;
  const resource = resourceSays(policies, request);
  if (resource?.verdict === "Deny") return refused("explicit", "resource");
  const identityAllows = says(identity, request);
  if (identityAllows === "Deny") return refused("explicit", "identity");
  const boundaryAllows = boundary === undefined || evaluate(boundary, request);
  if (boundaryAllows === "Deny") return refused("explicit", "boundary");
  const sessionAllows = sessionSays(session, request);
  if (sessionAllows === "Deny") return refused("explicit", "session");

  const within = (): Decision => {
    if (boundaryAllows === "NoMatch") return refused("implicit", "boundary");
    return sessionAllows === "NoMatch" ? refused("implicit", "session") : ALLOWED;
  };
  const caller = request.principal ?? {};
  const granted = resource?.verdict === "Allow" ? resource.naming : undefined;
  if (policies.crossAccount === true || policies.resourceMustAllow === true || !isIdentity(caller)) {
    if (granted === undefined) return refused("implicit", "resource");
  }
  if (!isIdentity(caller)) return ALLOWED;
  if (policies.crossAccount !== true) {
    if (granted === "self") return ALLOWED;
    if (granted === "issuer") return within();
  }
  return identityAllows === "Allow" || isRoot(caller) ? within() : refused("implicit", "identity");
}

const resourceSays = ({ resource, boundary }: Policies, request: PolicyRequest): Evaluation | undefined =>
  resource === undefined ? undefined : evaluateNaming(resource, request, boundary !== undefined);

/** What policies of one type say together. */
function says(policies: readonly Policy[], request: PolicyRequest): "Allow" | "Deny" | "NoMatch" {
  const verdicts = policies.map((policy) => evaluate(policy, request));
  if (verdicts.includes("Deny")) return "Deny";
  return verdicts.includes("Allow") ? "Allow" : "NoMatch";
}

/** Without session policies a role's session has all that the role has, and a federated user's session has nothing. */
function sessionSays(session: readonly Policy[], request: PolicyRequest): "Allow" | "Deny" | "NoMatch" {
  if (session.length > 0) return says(session, request);
  return request.principal?.arn?.includes(":federated-user/") === true ? "NoMatch" : "Allow";
}

/** Whether the caller has policies of its own: services and anonymous callers have none. */
const isIdentity = ({ account, arn }: PrincipalFacts): boolean => account !== undefined || arn !== undefined;
