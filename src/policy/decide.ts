// Whether all the policies that bear on a request allow it together
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
import type { Policy } from "./compile.ts";
import { evaluate } from "./evaluate.ts";
import type { PolicyRequest } from "./policy.ts";

export interface Policies {
  /** Of the user and its groups, or of the role. Absent: the caller has no identity here (a service, anonymous). */
  readonly identity?: readonly Policy[];
  readonly boundary?: Policy;
  /** Given when the session was made. Absent: none was given. */
  readonly session?: readonly Policy[];
  readonly resource?: Policy;
  /** Whether the resource is another account's than the caller's. */
  readonly crossAccount?: boolean;
}

export type PolicyType = "identity" | "boundary" | "session" | "resource";
export type DenyReason = "explicit" | "implicit";

/** A refusal names the policies that made it. */
export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: DenyReason; readonly by: PolicyType };

const ALLOWED: Decision = { allowed: true };

/** Whether the request is allowed. Everything that is not allowed is denied. */
export function decide(policies: Policies, request: PolicyRequest): Decision {
  const { identity = [], boundary, session, resource, crossAccount = false } = policies;
  const groups: readonly (readonly [PolicyType, readonly Policy[]])[] = [
    ["resource", resource === undefined ? [] : [resource]],
    ["identity", identity],
    ["boundary", boundary === undefined ? [] : [boundary]],
    ["session", session ?? []],
  ];
  const allows = new Set<PolicyType>();
  for (const [by, members] of groups) {
    const verdicts = members.map((policy) => evaluate(policy, request));
    if (verdicts.includes("Deny")) return { allowed: false, reason: "explicit", by };
    if (verdicts.includes("Allow")) allows.add(by);
  }
  if (allows.has("resource") && !crossAccount) return ALLOWED;
  if (crossAccount && !allows.has("resource")) return { allowed: false, reason: "implicit", by: "resource" };
  if (!allows.has("identity")) return { allowed: false, reason: "implicit", by: "identity" };
  if (boundary !== undefined && !allows.has("boundary")) return { allowed: false, reason: "implicit", by: "boundary" };
  if (session !== undefined && !allows.has("session")) return { allowed: false, reason: "implicit", by: "session" };
  return ALLOWED;
}
