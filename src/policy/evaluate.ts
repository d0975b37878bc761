// What one policy says of a request.
import type { Policy } from "./compile.ts";
import type { PolicyRequest, Verdict } from "./policy.ts";

/** What the policy says: a Deny outweighs every Allow. */
export function evaluate(policy: Policy, request: PolicyRequest): Verdict {
  let verdict: Verdict = "NoMatch";
  for (const { effect, applies } of policy.statements) {
    if (verdict === effect || !applies(request)) continue;
    if (effect === "Deny") return "Deny";
    verdict = "Allow";
  }
  return verdict;
}
