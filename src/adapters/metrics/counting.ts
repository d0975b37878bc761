// Counting in arrays of numbers.
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
