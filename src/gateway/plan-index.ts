// The stages that the gateway serves, by API and name. A stage is swapped whole; a request keeps the plan it began with. A
// plan is compiled when a request first needs it, and dropped again when more are compiled than are kept.
import type { StagePlan } from "../plan/index.ts";

/** What names a stage. */
export interface ServedStage {
  readonly apiId: string;
  readonly stageName: string;
}

/** A stage that is served, compiled when a request first needs it. */
export interface LazyPlan<Plan> extends ServedStage {
  load(): Plan;
}

export interface LazyStagePlan extends LazyPlan<StagePlan> {
  readonly cacheBytes: number;
}

export interface PlanIndex<Plan extends ServedStage = StagePlan> {
  find(apiId: string, stageName: string): Plan | undefined;
  put(plan: Plan | LazyPlan<Plan>): void;
  drop(apiId: string, stageName: string): void;
  /** The names of the stages of an API. */
  stagesOf(apiId: string): readonly string[];
}

/** So many plans are kept compiled, of stages that can be compiled again. */
const KEPT_PLANS = 1000;

interface Entry<Plan> {
  /** Undefined for a plan that came compiled. */
  readonly load: (() => Plan) | undefined;
  plan: Plan | undefined;
  /** A request has needed the plan since it was last looked at for dropping it. */
  isUsed: boolean;
}

export function createPlanIndex<Plan extends ServedStage = StagePlan>(kept: number = KEPT_PLANS): PlanIndex<Plan> {
  const apis = new Map<string, Map<string, Entry<Plan>>>();
  /** Entries that were compiled here, the one looked at longest ago first. */
  const compiled = new Set<Entry<Plan>>();

  function compile(entry: Entry<Plan> & { readonly load: () => Plan }): Plan {
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

  function forget(entry: Entry<Plan> | undefined): void {
    if (entry !== undefined) compiled.delete(entry);
  }

  return {
    find(apiId, stageName) {
      const entry = apis.get(apiId)?.get(stageName);
      if (entry === undefined) return undefined;
      entry.isUsed = true;
      return entry.plan ?? (entry.load && compile(entry as Entry<Plan> & { load: () => Plan }));
    },
    put(plan) {
      let stages = apis.get(plan.apiId);
      if (stages === undefined) apis.set(plan.apiId, (stages = new Map()));
      forget(stages.get(plan.stageName));
      const entry = isLazy(plan) ? { load: () => plan.load(), plan: undefined } : { load: undefined, plan };
      stages.set(plan.stageName, { ...entry, isUsed: false });
    },
    drop(apiId, stageName) {
      const stages = apis.get(apiId);
      forget(stages?.get(stageName));
      stages?.delete(stageName);
      if (stages?.size === 0) apis.delete(apiId);
    },
    stagesOf: (apiId) => Array.from(apis.get(apiId)?.keys() ?? []),
  };
}

const isLazy = <Plan extends ServedStage>(plan: Plan | LazyPlan<Plan>): plan is LazyPlan<Plan> => "load" in plan;
