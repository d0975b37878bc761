// Which requests are sampled: of those that a rule matches, as many a second as its reservoir holds, and a part of the rest
// (https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html).
import type { Clock } from "../../ports/clock.ts";
import type { SamplingDecision, TracedRequest } from "../../ports/tracer.ts";
import type { SamplingRule } from "./sampling-rules.ts";

export interface Sampler {
  sample(request: TracedRequest): SamplingDecision;
}

export interface SamplerOptions {
  /** The last one matches every request. */
  readonly rules: readonly SamplingRule[];
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** X-Ray's rules are an account's in a region, and so each of those has its own reservoirs. They fill with each new second. */
export function createSampler({ rules, clock, random }: SamplerOptions): Sampler {
  let second = Number.NaN;
  /** What was taken in this second, by account and region and rule. */
  const taken = new Map<string, Map<SamplingRule, number>>();

  function takesFromReservoir({ account, region }: TracedRequest, rule: SamplingRule): boolean {
    const now = Math.floor(clock.now() / 1000);
    if (now !== second) taken.clear();
    second = now;
    const key = `${account} ${region}`;
    let byRule = taken.get(key);
    if (byRule === undefined) taken.set(key, (byRule = new Map()));
    const count = byRule.get(rule) ?? 0;
    if (count >= rule.reservoir) return false;
    byRule.set(rule, count + 1);
    return true;
  }

  return {
    sample(request) {
      const rule = rules.find(({ matches }) => matches(request));
      if (rule === undefined) throw new Error("no sampling rule matches");
      return { sampled: takesFromReservoir(request, rule) || random() < rule.rate, ruleName: rule.name };
    },
  };
}
