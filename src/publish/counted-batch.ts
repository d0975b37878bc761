// Counted requests as a batch keeps them: by plan and day, in one text each. Batches of thousands of keys are made and
// written many times a second, so that a key takes no more of them than its id and a number.
import type { CountedBatch, CountedOfPlan } from "../domain/usage-plan.ts";
import type { CountedRequests } from "../ports/counters.ts";

interface OfPlan {
  readonly account: string;
  readonly region: string;
  readonly planId: string;
  readonly day: string;
  /** Key ids and requests in turn. */
  readonly used: (string | number)[];
}

/** What a place has used on a day. */
export type Used = Pick<CountedRequests, "place" | "day" | "used">;

export function encodeBatch(counted: readonly Used[]): CountedBatch {
  const plans = new Map<string, OfPlan>();
  let last: OfPlan | undefined;
  for (const each of counted) {
    if (last === undefined || !isOf(last, each)) last = planOf(plans, each);
    last.used.push(each.place[3] ?? "", each.used);
  }
  return { counted: Array.from(plans.values(), ({ account, region, planId, day, used }): CountedOfPlan => [account, region, planId, day, used.join(" ")]) };
}

export function decodeBatch({ counted }: CountedBatch): readonly Used[] {
  return counted.flatMap((entry) => {
    if (entry.length === 3) {
      const [place, day, used] = entry;
      return [{ place, day, used }];
    }
    const [account, region, planId, day, used] = entry;
    return Array.from(used.matchAll(/(\S+) (\S+)/g), ([, keyId = "", requests]) => ({ place: [account, region, planId, keyId], day, used: Number(requests) }));
  });
}

function isOf({ account, region, planId, day }: OfPlan, { place, day: other }: Used): boolean {
  return day === other && planId === place[2] && region === place[1] && account === place[0];
}

function planOf(plans: Map<string, OfPlan>, { place: [account = "", region = "", planId = ""], day }: Used): OfPlan {
  const name = JSON.stringify([account, region, planId, day]);
  let plan = plans.get(name);
  if (plan === undefined) plans.set(name, (plan = { account, region, planId, day, used: [] }));
  return plan;
}
