// The stages that the gateway serves, by API and name. A stage is swapped whole; a request keeps the plan it began with. A
// plan is compiled when a request first needs it, and dropped again when more are compiled than are kept.
import type { StagePlan } from "../plan/index.ts";

/** A stage that is served, compiled or not. */
export interface LazyStagePlan {
  readonly apiId: string;
  readonly stageName: string;
  readonly cacheBytes: number;
  load(): StagePlan;
}

export interface PlanIndex {
  find(apiId: string, stageName: string): StagePlan | undefined;
  put(plan: StagePlan | LazyStagePlan): void;
  drop(apiId: string, stageName: string): void;
}

/** So many plans are kept compiled, of stages that can be compiled again. */
const KEPT_PLANS = 1000;

interface Entry {
  /** Undefined for a plan that came compiled. */
  readonly load: (() => StagePlan) | undefined;
  plan: StagePlan | undefined;
  /** A request has needed the plan since it was last looked at for dropping it. */
  isUsed: boolean;
}

export function createPlanIndex(kept: number = KEPT_PLANS): PlanIndex {
  const apis = new Map<string, Map<string, Entry>>();
  /** Entries that were compiled here, the one looked at longest ago first. */
  const compiled = new Set<Entry>();

  function compile(entry: Entry & { readonly load: () => StagePlan }): StagePlan {
    const plan = entry.load();
    entry.plan = plan;
    compiled.add(entry);
    if (compiled.size > kept) dropOne();
    return plan;
  }

  /** Each entry that was used gets a second chance: which one was used last is not worth noting with every request. */
  function dropOne(): void {
    for (const entry of compiled) {
      compiled.delete(entry);
      if (!entry.isUsed) {
        entry.plan = undefined;
        return;
      }
      entry.isUsed = false;
      compiled.add(entry);
    }
  }

  function forget(entry: Entry | undefined): void {
    if (entry !== undefined) compiled.delete(entry);
  }

  return {
    find(apiId, stageName) {
      const entry = apis.get(apiId)?.get(stageName);
      if (entry === undefined) return undefined;
      entry.isUsed = true;
      return entry.plan ?? (entry.load && compile(entry as Entry & { load: () => StagePlan }));
    },
    put(plan) {
      let stages = apis.get(plan.apiId);
      if (stages === undefined) apis.set(plan.apiId, (stages = new Map()));
      forget(stages.get(plan.stageName));
      const entry = "load" in plan ? { load: () => plan.load(), plan: undefined } : { load: undefined, plan };
      stages.set(plan.stageName, { ...entry, isUsed: false });
    },
    drop(apiId, stageName) {
      const stages = apis.get(apiId);
      forget(stages?.get(stageName));
      stages?.delete(stageName);
      if (stages?.size === 0) apis.delete(apiId);
    },
  };
}
