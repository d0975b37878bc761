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

interface Waiting {
  /** In the order in which they began to wait. */
  readonly since: number;
  /** Whoever does not ask again by then waits no longer. */
  readonly until: number;
}

/** A worker that is busy asks so much later. In milliseconds. */
const LATE_MS = 50;
/** A bucket that is empty is asked again when it has a token, but no sooner. In milliseconds. */
const SHORTEST_WAIT_MS = 10;

export function createLessor({ counters, clock, shares }: LessorParts): Lessor {
  /** What workers hold of quotas, by meter and worker. */
  const held = new Map<string, Map<number, Held>>();
  /** Who was given no tokens, by bucket and worker. */
  const waiting = new Map<string, Map<number, Waiting>>();
  let tickets = 0;

  /** Whoever has waited longer comes first: one token is kept for each. */
  function leaseBucket(worker: number, { bucket, used, wanted }: BucketWish, now: number): Leases["buckets"][number] {
    const queue = waiting.get(bucket.name) ?? new Map<number, Waiting>();
    const mine = queue.get(worker);
    let reserved = 0;
    for (const [other, { since, until }] of queue) {
      if (until < now) queue.delete(other);
      else if (other !== worker && (mine === undefined || since < mine.since)) reserved++;
    }
    const { granted, waitMs: tokenMs } = counters.leaseTokens(bucket, { used, wanted, reserved, shares }, now);
    const waitMs = Math.max(SHORTEST_WAIT_MS, Math.ceil(tokenMs));
    if (wanted === 0 || granted > 0) queue.delete(worker);
    else queue.set(worker, { since: mine?.since ?? ++tickets, until: now + waitMs + LATE_MS });
    if (queue.size > 0) waiting.set(bucket.name, queue);
    else waiting.delete(bucket.name);
    return { granted, waitMs };
  }

  function leaseQuota(worker: number, { meter, day, counted, held: holds, wanted }: MeterWish, now: number): Leases["meters"][number] {
    for (const [of, count] of counted) if (count !== 0) counters.count(meter, of, count);
    const holders = held.get(meter.name) ?? new Map<number, Held>();
    holders.set(worker, { day, count: holds });
    const free = counters.remaining(meter, now) - sumOf(holders, day);
    const granted = wanted === 0 ? 0 : grantOf(free, wanted);
    if (holds + granted > 0) holders.set(worker, { day, count: holds + granted });
    else holders.delete(worker);
    if (holders.size > 0) held.set(meter.name, holders);
    else held.delete(meter.name);
    return { granted, free: meter.quota && free - granted };
  }

  /** Less and less towards the end, so that what is left is not with a worker that does not need it. */
  const grantOf = (free: number, wanted: number): number => (free < 1 ? 0 : Math.min(wanted, Math.max(1, Math.floor(free / (2 * shares)))));

  return {
    lease(worker, { buckets, meters }) {
      const now = clock.now();
      return { buckets: buckets.map((wish) => leaseBucket(worker, wish, now)), meters: meters.map((wish) => leaseQuota(worker, wish, now)) };
    },
    forget(worker) {
      for (const [name, queue] of waiting) if (queue.delete(worker) && queue.size === 0) waiting.delete(name);
      for (const [name, holders] of held) if (holders.delete(worker) && holders.size === 0) held.delete(name);
    },
  };
}

function sumOf(holders: ReadonlyMap<number, Held>, today: string): number {
  let sum = 0;
  for (const { day, count } of holders.values()) if (day === today) sum += count;
  return sum;
}
