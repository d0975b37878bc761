// Counters in memory, exact: of a process that serves alone, or of the one that others lease from.
import type { Counters } from "../../ports/counters.ts";
import { createMemoryBuckets, type MemoryBuckets } from "./memory-buckets.ts";
import { createMemoryUsage, type MemoryUsage } from "./memory-usage.ts";

export interface MemoryCounters extends Counters, MemoryUsage, Pick<MemoryBuckets, "leaseTokens"> {
  spend: MemoryUsage["spend"];
  /** How many buckets are kept. */
  readonly buckets: number;
}

export function createMemoryCounters(): MemoryCounters {
  const buckets = createMemoryBuckets();
  const usage = createMemoryUsage();
  return {
    allow: buckets.allow,
    leaseTokens: buckets.leaseTokens,
    get buckets() {
      return buckets.size;
    },
    spend: usage.spend,
    refund: usage.refund,
    count: usage.count,
    remaining: usage.remaining,
    load: usage.load,
    drain: usage.drain,
    restore: usage.restore,
    watch: usage.watch,
    get undrained() {
      return usage.undrained;
    },
  };
}
