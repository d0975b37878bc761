// How often: tokens of buckets, and requests that count on a key's quota. The gateway asks before it serves.
import type { Keeping } from "../domain/kept.ts";
import type { Key } from "../domain/record.ts";
import type { TokenBucket } from "../domain/token-bucket.ts";
import type { DailyUsage, Quota } from "../domain/usage-plan.ts";

/** Where the requests of a key under a usage plan are counted. Its name is the place as one text. */
export interface Meter extends Keeping {
  /** Account, region, plan id, key id. */
  readonly place: Key;
  /** Undefined where requests are only counted. */
  readonly quota: Quota | undefined;
}

/** Times are in milliseconds since the epoch. */
export interface Counters {
  /** Takes a token of a bucket; false when it has none. */
  allow(bucket: TokenBucket, now: number): boolean;
  /**
   * Counts a request; false, and nothing is counted, when nothing remains of the quota. A promise only where another
   * process has to be asked first.
   */
  spend(meter: Meter, now: number): boolean | Promise<boolean>;
  /** Takes back a request that {@link spend} has just counted at that time: it was refused for another reason. */
  refund(meter: Meter, now: number): void;
}

/** Requests that were counted on one day. */
export interface CountedRequests {
  /** Account, region, plan id, key id. */
  readonly place: Key;
  /** The ledger's number of the place, from 0 on: a small one, and the same each time. */
  readonly number: number;
  /** `2026-01-02`, in UTC. */
  readonly day: string;
  readonly used: number;
}

/** The counters of the process that has the store: it knows what was used before it began, and tells what has been since. */
export interface UsageLedger {
  /** What the store has of a place, by day: for all days of the current period. Takes the place of what was known. */
  load(place: Key, stored: ReadonlyMap<string, DailyUsage>): void;
  /** What was counted since this was last asked. It is the caller's to keep. */
  drain(): readonly CountedRequests[];
  /** Takes back what {@link drain} gave and could not be kept. */
  restore(counted: readonly CountedRequests[]): void;
  /** Calls `listener` whenever something was counted, with {@link undrained}. */
  watch(listener: (undrained: number) => void): void;
  /** How many requests are counted that {@link drain} has not given. */
  readonly undrained: number;
}
