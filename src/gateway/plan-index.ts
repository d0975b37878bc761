// The stages that the gateway serves, by API and name. A stage is swapped whole; a request keeps the plan it began with.
import type { StagePlan } from "../plan/index.ts";

/** A plan that is only compiled when the first request for its stage comes. */
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

export function createPlanIndex(): PlanIndex {
  const apis = new Map<string, Map<string, StagePlan | LazyStagePlan>>();
  return {
    find(apiId, stageName) {
      const stages = apis.get(apiId);
      const found = stages?.get(stageName);
      if (stages === undefined || found === undefined || !("load" in found)) return found as StagePlan | undefined;
      const plan = found.load();
      stages.set(stageName, plan);
      return plan;
    },
    put(plan) {
      let stages = apis.get(plan.apiId);
      if (stages === undefined) apis.set(plan.apiId, (stages = new Map()));
      stages.set(plan.stageName, plan);
    },
    drop(apiId, stageName) {
      const stages = apis.get(apiId);
      stages?.delete(stageName);
      if (stages?.size === 0) apis.delete(apiId);
    },
  };
}
