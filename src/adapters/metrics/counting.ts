// Counting in arrays of numbers that are allocated once for each series.
import { LATENCY_BUCKETS } from "../../ports/metrics.ts";

export function add(values: Float64Array, index: number, amount: number): void {
  values[index] = (values[index] as number) + amount;
}

/** The bucket of a histogram that a time in milliseconds falls into. */
export function bucketOf(ms: number): number {
  let bucket = 0;
  while (bucket < LATENCY_BUCKETS.length && ms > (LATENCY_BUCKETS[bucket] as number)) bucket++;
  return bucket;
}

/** Where a series of requests has what is counted of each; the buckets of its two histograms follow its counters. */
export interface RequestPlaces {
  readonly count: number;
  readonly error4xx: number;
  readonly error5xx: number;
  readonly latency: number;
  readonly integrations: number;
  readonly integrationLatency: number;
  readonly latencyBuckets: number;
  readonly integrationLatencyBuckets: number;
  /** Of the whole series. */
  readonly length: number;
}

type RequestCounter = "Count" | "Latency" | "IntegrationCount" | "IntegrationLatency";

/** The places of a kind of API. @param errors its names for the counters of 4xx and of 5xx */
export function requestPlaces<Counter extends string>(
  counters: readonly (Counter | RequestCounter)[],
  errors: readonly [of4xx: NoInfer<Counter>, of5xx: NoInfer<Counter>],
): RequestPlaces {
  const at = (counter: Counter | RequestCounter): number => counters.indexOf(counter);
  const buckets = LATENCY_BUCKETS.length + 1;
  return {
    count: at("Count"),
    error4xx: at(errors[0]),
    error5xx: at(errors[1]),
    latency: at("Latency"),
    integrations: at("IntegrationCount"),
    integrationLatency: at("IntegrationLatency"),
    latencyBuckets: counters.length,
    integrationLatencyBuckets: counters.length + buckets,
    length: counters.length + 2 * buckets,
  };
}

/** Counts an answered request. @param integrationLatencyMs negative where no backend was asked */
export function countRequest(values: Float64Array, at: RequestPlaces, status: number, latencyMs: number, integrationLatencyMs: number): void {
  add(values, at.count, 1);
  if (status >= 500) add(values, at.error5xx, 1);
  else if (status >= 400) add(values, at.error4xx, 1);
  add(values, at.latency, latencyMs);
  add(values, at.latencyBuckets + bucketOf(latencyMs), 1);
  if (integrationLatencyMs < 0) return;
  add(values, at.integrations, 1);
  add(values, at.integrationLatency, integrationLatencyMs);
  add(values, at.integrationLatencyBuckets + bucketOf(integrationLatencyMs), 1);
}
