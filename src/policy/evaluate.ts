// What one policy says of a request.
import type { Policy } from "./compile.ts";
import type { PolicyRequest, PrincipalFacts, Verdict } from "./policy.ts";
import type { Naming } from "./principals.ts";

const ANONYMOUS: PrincipalFacts = {};

/** A verdict, and how the statements that allow name the caller. */
export interface Evaluation {
  readonly verdict: Verdict;
  readonly naming: Naming | undefined;
}

const DENY: Evaluation = { verdict: "Deny", naming: undefined };
const NO_MATCH: Evaluation = { verdict: "NoMatch", naming: undefined };
const ALLOW: Readonly<Record<Naming, Evaluation>> = {
  self: { verdict: "Allow", naming: "self" },
  issuer: { verdict: "Allow", naming: "issuer" },
  account: { verdict: "Allow", naming: "account" },
};
const WEIGHT: Readonly<Record<Naming, number>> = { self: 3, issuer: 2, account: 1 };

/** What the policy says: a Deny outweighs every Allow. */
export const evaluate = (policy: Policy, request: PolicyRequest): Verdict => evaluateNaming(policy, request, false).verdict;

/**
 * What the policy says, and how closely it names the caller whom it allows.
 *
 * `bounded`: the caller has a permissions boundary, and then a Deny with NotPrincipal spares nobody
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
 */
export function evaluateNaming(policy: Policy, request: PolicyRequest, bounded: boolean): Evaluation {
  const action = request.action.toLowerCase();
  const caller = request.principal ?? ANONYMOUS;
  let closest: Naming | undefined;
  for (const { effect, applies, names, spares } of policy.statements) {
    if (effect === "Allow" && closest === "self") continue;
    const naming = bounded && spares && effect === "Deny" ? "self" : names(caller);
    if (naming === undefined || !applies(request, action)) continue;
    if (effect === "Deny") return DENY;
    if (closest === undefined || WEIGHT[naming] > WEIGHT[closest]) closest = naming;
  }
  return closest === undefined ? NO_MATCH : ALLOW[closest];
}
