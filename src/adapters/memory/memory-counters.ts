// Counters in memory, exact: of a process that serves alone, or of the one that others lease from.
import type { Key } from "../../domain/record.ts";
import { scoped } from "../../domain/record.ts";
import { type BucketLevel, fullBucket, isFull, leaseTokens, takeToken, timeToToken, type TokenBucket, type TokenLease } from "../../domain/token-bucket.ts";
import { type DailyUsage, dayOf, type Quota, usageFigures } from "../../domain/usage-plan.ts";
import type { CountedRequests, Counters, Meter, UsageLedger } from "../../ports/counters.ts";

export interface MemoryCounters extends Counters, UsageLedger {
  spend(meter: Meter, now: number): boolean;
  /** Tokens for another process (see {@link leaseTokens}), and how long it takes until there is another. */
  leaseTokens(bucket: TokenBucket, lease: TokenLease, now: number): { readonly granted: number; readonly waitMs: number };
  /** Counts requests that another process has let in, whatever remains. */
  count(place: Key, day: string, used: number): void;
  /** What remains of a quota; Infinity without one. */
  remaining(meter: Meter, now: number): number;
  /** How many buckets are kept. */
  readonly buckets: number;
}

/** So many buckets are kept before full ones are looked for, which say no more than none. */
const SWEEP_AT = 10_000;
const DAY_MILLIS = 86_400_000;
const LONGEST_PERIOD_DAYS = 31;

interface Filled extends BucketLevel {
  bucket: TokenBucket;
}

/** What is known of a place. */
interface Account {
  readonly place: Key;
  /** By day, what is in the store and what was counted since. */
  usage: Map<string, DailyUsage>;
  /** Counted and not drained, by day. */
  readonly pending: Map<string, number>;
  /** What remains on one day, of one quota, and what was counted on it; made anew for another, and folded into the others then. */
  today: Today | undefined;
}

interface Today {
  readonly quota: Quota | undefined;
  readonly day: string;
  readonly start: number;
  remaining: number;
  /** Not in the account's usage yet. */
  counted: number;
}

export function createMemoryCounters(): MemoryCounters {
  const levels = new Map<string, Filled>();
  const accounts = new Map<string, Account>();
  /** Those with something to drain. */
  const touched = new Set<Account>();
  let sweepAt = SWEEP_AT;
  let undrained = 0;
  let listener: ((undrained: number) => void) | undefined;

  function levelOf(bucket: TokenBucket, now: number): Filled {
    const level = levels.get(bucket.name);
    if (level !== undefined) {
      level.bucket = bucket;
      return level;
    }
    if (levels.size >= sweepAt) sweep(now);
    const made = { ...fullBucket(bucket, now), bucket };
    levels.set(bucket.name, made);
    return made;
  }

  function sweep(now: number): void {
    for (const [name, level] of levels) if (isFull(level, level.bucket, now)) levels.delete(name);
    sweepAt = Math.max(SWEEP_AT, 2 * levels.size);
  }

  function accountOf(name: string, place: Key): Account {
    let account = accounts.get(name);
    if (account === undefined) accounts.set(name, (account = { place, usage: new Map(), pending: new Map(), today: undefined }));
    return account;
  }

  function todayOf(account: Account, meter: Meter, now: number): Today {
    const { today } = account;
    if (today !== undefined && sameQuota(today.quota, meter.quota) && now >= today.start && now < today.start + DAY_MILLIS) return today;
    fold(account);
    const day = dayOf(now);
    forgetBefore(account.usage, dayOf(now - LONGEST_PERIOD_DAYS * DAY_MILLIS));
    return (account.today = { quota: meter.quota, day, start: Date.parse(day), remaining: remainingOn(day, meter.quota, account.usage), counted: 0 });
  }

  /** Takes what was counted today over into the account. */
  function fold(account: Account): void {
    const { today } = account;
    if (today === undefined || today.counted === 0) return;
    addTo(account, today.day, today.counted);
    today.counted = 0;
  }

  function addTo({ usage, pending }: Account, day: string, count: number): void {
    const { used = 0, extension = 0 } = usage.get(day) ?? {};
    usage.set(day, { used: used + count, extension });
    pending.set(day, (pending.get(day) ?? 0) + count);
  }

  function touch(account: Account, count: number): void {
    touched.add(account);
    undrained += count;
    listener?.(undrained);
  }

  return {
    allow: (bucket, now) => takeToken(levelOf(bucket, now), bucket, now),
    leaseTokens(bucket, lease, now) {
      const level = levelOf(bucket, now);
      return { granted: leaseTokens(level, bucket, lease, now), waitMs: timeToToken(level, bucket) };
    },
    spend(meter, now) {
      const account = accountOf(meter.name, meter.place);
      const today = todayOf(account, meter, now);
      if (today.remaining < 1) return false;
      today.remaining--;
      if (today.counted === 0) touched.add(account);
      today.counted++;
      undrained++;
      listener?.(undrained);
      return true;
    },
    refund(meter, now) {
      const account = accountOf(meter.name, meter.place);
      const today = todayOf(account, meter, now);
      today.remaining++;
      today.counted--;
      touch(account, -1);
    },
    count(place, day, used) {
      const account = accountOf(scoped(...place), place);
      fold(account);
      addTo(account, day, used);
      account.today = undefined;
      touch(account, used);
    },
    remaining: (meter, now) => todayOf(accountOf(meter.name, meter.place), meter, now).remaining,
    load(place, stored) {
      const account = accountOf(scoped(...place), place);
      fold(account);
      const usage = new Map(stored);
      for (const [day, count] of account.pending) {
        const { used = 0, extension = 0 } = usage.get(day) ?? {};
        usage.set(day, { used: used + count, extension });
      }
      account.usage = usage;
      account.today = undefined;
    },
    drain() {
      const counted: CountedRequests[] = [];
      for (const account of touched) {
        fold(account);
        const { place, pending } = account;
        for (const [day, used] of pending) if (used !== 0) counted.push({ place, day, used });
        pending.clear();
      }
      touched.clear();
      undrained = 0;
      return counted;
    },
    restore(counted) {
      for (const { place, day, used } of counted) {
        const account = accountOf(scoped(...place), place);
        account.pending.set(day, (account.pending.get(day) ?? 0) + used);
        touched.add(account);
        undrained += used;
      }
    },
    watch(heard) {
      listener = heard;
    },
    get undrained() {
      return undrained;
    },
    get buckets() {
      return levels.size;
    },
  };
}

function remainingOn(day: string, quota: Quota | undefined, usage: Map<string, DailyUsage>): number {
  if (quota === undefined) return Infinity;
  return usageFigures(quota, [day], usage)[0]?.[1] ?? 0;
}

function sameQuota(one: Quota | undefined, other: Quota | undefined): boolean {
  return one === other || (one?.limit === other?.limit && one?.period === other?.period && one?.offset === other?.offset);
}

function forgetBefore(usage: Map<string, DailyUsage>, day: string): void {
  for (const each of usage.keys()) if (each < day) usage.delete(each);
}
