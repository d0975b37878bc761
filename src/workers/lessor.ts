// The primary's side of leases: it has the buckets and quotas, and workers get parts of them.
import type { MemoryCounters } from "../adapters/memory/index.ts";
import type { Clock } from "../ports/clock.ts";
import type { BucketWish, Leases, LeaseWishes, MeterWish } from "./messages.ts";

export interface Lessor {
  lease(worker: number, wishes: LeaseWishes): Leases;
  /** A worker is gone, with what it held. */
  forget(worker: number): void;
}

export interface LessorParts {
  readonly counters: MemoryCounters;
  readonly clock: Clock;
  /** How many workers there are. */
  readonly shares: number;
}

interface Held {
  readonly day: string;
  readonly count: number;
}

/** A bucket that is empty is asked again after a token's time, and within these. In milliseconds. */
const SHORTEST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 1000;

export function createLessor({ counters, clock, shares }: LessorParts): Lessor {
  /** What workers hold of quotas, by meter and worker. */
  const held = new Map<string, Map<number, Held>>();

  function leaseBucket({ bucket, used, wanted }: BucketWish, now: number): Leases["buckets"][number] {
    const granted = counters.leaseTokens(bucket, { used, wanted, shares }, now);
    const tokenMs = bucket.rateLimit > 0 ? 1000 / bucket.rateLimit : LONGEST_WAIT_MS;
    return { granted, waitMs: Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, tokenMs)) };
  }

  function leaseQuota(worker: number, { meter, day, counted, held: holds, wanted }: MeterWish, now: number): number {
    for (const [of, count] of counted) if (count !== 0) counters.count(meter.place, of, count);
    const holders = held.get(meter.name) ?? new Map<number, Held>();
    holders.set(worker, { day, count: holds });
    const granted = wanted === 0 ? 0 : grantOf(counters.remaining(meter, now) - sumOf(holders, day), wanted);
    if (holds + granted > 0) holders.set(worker, { day, count: holds + granted });
    else holders.delete(worker);
    if (holders.size > 0) held.set(meter.name, holders);
    else held.delete(meter.name);
    return granted;
  }

  /** Less and less towards the end, so that what is left is not with a worker that does not need it. */
  const grantOf = (free: number, wanted: number): number => (free < 1 ? 0 : Math.min(wanted, Math.max(1, Math.floor(free / (2 * shares)))));

  return {
    lease(worker, { buckets, meters }) {
      const now = clock.now();
      return { buckets: buckets.map((wish) => leaseBucket(wish, now)), meters: meters.map((wish) => leaseQuota(worker, wish, now)) };
    },
    forget(worker) {
      for (const [name, holders] of held) if (holders.delete(worker) && holders.size === 0) held.delete(name);
    },
  };
}

function sumOf(holders: ReadonlyMap<number, Held>, today: string): number {
  let sum = 0;
  for (const { day, count } of holders.values()) if (day === today) sum += count;
  return sum;
}
