// Which meters count an execution: that of its stage, and that of its method where it has one.
import type { MethodPlan, StagePlan } from "../plan/index.ts";
import type { CacheOutcome, Meter, Metrics } from "../ports/metrics.ts";
import type { Execution } from "./execution.ts";

/** Counts an answered execution that has found its stage. Latencies in milliseconds, negative where no backend was asked. */
export type Count = (execution: Execution, stage: StagePlan, status: number, latencyMs: number, integrationLatencyMs: number) => void;

/** Meters are looked up once for each plan. */
export function createCount(metrics: Metrics): Count {
  const ofStages = new WeakMap<StagePlan, Meter>();
  const ofMethods = new WeakMap<MethodPlan, Map<string, Meter>>();

  function stageMeter(stage: StagePlan): Meter {
    let meter = ofStages.get(stage);
    if (meter === undefined) ofStages.set(stage, (meter = metrics.meter(dimensionsOf(stage))));
    return meter;
  }

  function methodMeter(stage: StagePlan, method: MethodPlan, httpMethod: string): Meter {
    let meters = ofMethods.get(method);
    if (meters === undefined) ofMethods.set(method, (meters = new Map<string, Meter>()));
    let meter = meters.get(httpMethod);
    if (meter === undefined) {
      meter = metrics.meter({ ...dimensionsOf(stage), resource: method.resourcePath, method: httpMethod });
      meters.set(httpMethod, meter);
    }
    return meter;
  }

  return (execution, stage, status, latencyMs, integrationLatencyMs) => {
    const cache = cacheOutcome(execution);
    stageMeter(stage).record(status, latencyMs, integrationLatencyMs, cache);
    const { httpMethod, method } = execution;
    if (method?.observation.get(httpMethod)?.metrics !== true) return;
    methodMeter(stage, method, httpMethod).record(status, latencyMs, integrationLatencyMs, cache);
  };
}

const dimensionsOf = ({ apiId, apiName, stageName }: StagePlan) => ({ apiId, apiName, stage: stageName });

function cacheOutcome({ cacheSlot, integrationRequest }: Execution): CacheOutcome {
  if (cacheSlot === undefined) return "none";
  return integrationRequest?.type === "CACHE" ? "hit" : "miss";
}
