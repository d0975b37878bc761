// A worker's counters: tokens and quota that it has leased from the primary, ahead of need. What it lets in before it has a
// lease, it lets in by its share, and tells the primary, which takes that from the same bucket: so a worker never waits for
// tokens, and all of them together overrun a bucket by no more than a burst, once.
import { type BucketLevel, fullBucket, takeToken, type TokenBucket } from "../domain/token-bucket.ts";
import { dayOf } from "../domain/usage-plan.ts";
import type { Clock } from "../ports/clock.ts";
import type { Counters, Meter } from "../ports/counters.ts";
import type { BucketWish, Leases, LeaseWishes, MeterWish } from "./messages.ts";

export interface LeasedCounters extends Counters {
  /** Resolves once the primary has all requests that were counted until now, and looks at quotas again that were used up. */
  report(): Promise<void>;
}

export interface LeasedCountersParts {
  /** Asks the primary; undefined when it is gone. */
  readonly lease: (wishes: LeaseWishes) => Promise<Leases | undefined>;
  /** Whether there is a primary to ask. */
  readonly isJoined: () => boolean;
  readonly clock: Clock;
  /** How many workers share what the primary has. */
  readonly shares: number;
}

/** What was not used of a lease is given back after so long. In milliseconds. */
const LEASE_ENDS_MS = 1000;
/** An empty bucket may be filled by what others give back: it is asked again after so long. In milliseconds. */
const MOST_EMPTY_MS = 1000;
/** The primary is asked for tokens no more often. In milliseconds. */
const PACE_MS = 5;
/** How often what is left over is returned, and what was counted is told. In milliseconds. */
const SWEEP_MS = 500;
/** A quota that was used up is asked for again after so many milliseconds. */
const USED_UP_MS = 1000;
const DAY_MILLIS = 86_400_000;
/** So often a request asks for its part of a quota that others are faster to spend. */
const MOST_ATTEMPTS = 1000;
/** The most that is leased of a quota at once, and the part of it that is: a worker never overruns it by more. */
const MOST_OF_QUOTA = 100;
const PART_OF_QUOTA = 100;

interface Leased {
  bucket: TokenBucket;
  tokens: number;
  /** As many as there were when some came last. */
  size: number;
  endsAt: number;
  /** What it lets in on its own. */
  readonly share: BucketLevel;
  shareBucket: TokenBucket;
  /** Let in by the share, and not told the primary yet. */
  used: number;
  /** There is none to be had before. */
  emptyUntil: number;
  /** Requests come that take from it. */
  isWanted: boolean;
  /** Some have come since it was last found empty. */
  isDemanded: boolean;
}

interface Metered {
  meter: Meter;
  day: string;
  dayEnds: number;
  held: number;
  /** What it lets in besides when there is no primary: its share of what was left. */
  alone: number;
  usedUpUntil: number;
  spentAt: number;
  /** Not told the primary yet, by day. */
  counted: Map<string, number>;
}

export function createLeasedCounters({ lease, isJoined, clock, shares }: LeasedCountersParts): LeasedCounters {
  const buckets = new Map<string, Leased>();
  const meters = new Map<string, Metered>();
  const wishedBuckets = new Set<Leased>();
  const wishedMeters = new Set<Metered>();
  let underWay: Promise<void> | undefined;
  let exchangedAt = 0;
  let isPaced = false;
  let isSweeping = false;

  function leasedOf(bucket: TokenBucket, now: number): Leased {
    let leased = buckets.get(bucket.name);
    if (leased === undefined) {
      const shareBucket = shareOf(bucket, shares);
      leased = { bucket, tokens: 0, size: 0, endsAt: 0, share: fullBucket(shareBucket, now), shareBucket, used: 0, emptyUntil: 0, isWanted: false, isDemanded: false };
      buckets.set(bucket.name, leased);
      sweepLater();
    } else if (leased.bucket !== bucket) {
      if (bucket.rateLimit !== leased.bucket.rateLimit || bucket.burstLimit !== leased.bucket.burstLimit) leased.emptyUntil = 0;
      leased.bucket = bucket;
      leased.shareBucket = shareOf(bucket, shares);
    }
    return leased;
  }

  function meteredOf(meter: Meter, now: number): Metered {
    let metered = meters.get(meter.name);
    if (metered === undefined) {
      metered = { meter, day: "", dayEnds: 0, held: 0, alone: 0, usedUpUntil: 0, spentAt: now, counted: new Map() };
      meters.set(meter.name, metered);
      sweepLater();
    }
    if (now >= metered.dayEnds || now < metered.dayEnds - DAY_MILLIS || metered.meter !== meter) {
      const day = dayOf(now);
      // Of a new period, or of another quota, nothing is known yet.
      const alone = Math.ceil((meter.quota?.limit ?? 0) / shares);
      Object.assign(metered, { meter, day, dayEnds: Date.parse(day) + DAY_MILLIS, held: 0, alone, usedUpUntil: 0 });
    }
    metered.spentAt = now;
    return metered;
  }

  function exchange(): Promise<void> {
    underWay ??= Promise.resolve().then(async () => {
      const asked = Array.from(wishedBuckets);
      const metered = Array.from(wishedMeters);
      wishedBuckets.clear();
      wishedMeters.clear();
      const wishes = { buckets: asked.map(bucketWish), meters: metered.map(meterWish) };
      const leases = await lease(wishes);
      const now = clock.now();
      exchangedAt = now;
      for (const [i, leased] of asked.entries()) takeLease(leased, wishes.buckets[i] as BucketWish, leases?.buckets[i], now);
      for (const [i, each] of metered.entries()) takeQuota(each, wishes.meters[i] as MeterWish, leases?.meters[i], now);
      underWay = undefined;
      if (leases !== undefined && wishedMeters.size > 0) void exchange();
      else if (leases !== undefined && wishedBuckets.size > 0) pace();
    });
    return underWay;
  }

  function bucketWish(leased: Leased): BucketWish {
    const { bucket, isWanted, used } = leased;
    const leftOver = clock.now() >= leased.endsAt ? leased.tokens : 0;
    leased.used = 0;
    leased.tokens -= leftOver;
    // What is given back may be let in by the share again.
    leased.share.millitokens = Math.max(leased.share.millitokens, Math.min(leftOver, leased.shareBucket.burstLimit) * 1000);
    leased.isWanted = false;
    return { bucket, used: used - leftOver, wanted: isWanted ? Math.max(0, Math.ceil(bucket.burstLimit) - leased.tokens) : 0 };
  }

  function takeLease(leased: Leased, wish: BucketWish, answer: Leases["buckets"][number] | undefined, now: number): void {
    if (answer === undefined) {
      leased.used += wish.used;
      return;
    }
    // What was let in meanwhile is paid from what came.
    const paid = Math.min(leased.used, answer.granted);
    leased.used -= paid;
    leased.tokens += answer.granted - paid;
    leased.size = leased.tokens;
    if (wish.wanted > 0) leased.share.millitokens = 0;
    if (answer.granted > 0) leased.endsAt = now + LEASE_ENDS_MS;
    else if (wish.wanted > 0 && leased.tokens === 0) {
      leased.emptyUntil = now + Math.min(answer.waitMs, MOST_EMPTY_MS);
      leased.share.at = leased.emptyUntil;
      // Once more when it has a token, so that the next request finds it here.
      if (leased.isDemanded && answer.waitMs < Infinity) clock.after(answer.waitMs, () => wishTokens(leased));
      leased.isDemanded = false;
    }
  }

  function meterWish(metered: Metered): MeterWish {
    const counted = Array.from(metered.counted);
    metered.counted = new Map();
    const wanted = metered.meter.quota === undefined ? 0 : Math.max(0, quotaSizeOf(metered.meter.quota.limit) - metered.held);
    // What is not used any more is given back.
    const isIdle = clock.now() - metered.spentAt >= LEASE_ENDS_MS;
    if (isIdle) metered.held = 0;
    return { meter: metered.meter, day: metered.day, counted, held: metered.held, wanted: isIdle ? 0 : wanted };
  }

  function takeQuota(metered: Metered, wish: MeterWish, answer: Leases["meters"][number] | undefined, now: number): void {
    if (answer === undefined) {
      for (const [day, count] of wish.counted) metered.counted.set(day, (metered.counted.get(day) ?? 0) + count);
    } else if (metered.day === wish.day) {
      metered.held += answer.granted;
      metered.alone = Math.max(0, Math.floor((answer.free ?? 0) / shares));
      if (wish.wanted > 0 && metered.held === 0) metered.usedUpUntil = now + USED_UP_MS;
    }
  }

  function wishTokens(leased: Leased): void {
    leased.isWanted = true;
    wishedBuckets.add(leased);
    if (isJoined() && underWay === undefined) pace();
  }

  /** Asks at once, or as soon as it may again. */
  function pace(): void {
    if (isPaced) return;
    const waitMs = exchangedAt + PACE_MS - clock.now();
    if (waitMs <= 0) {
      void exchange();
      return;
    }
    isPaced = true;
    clock.after(waitMs, () => {
      isPaced = false;
      if (wishedBuckets.size > 0) void exchange();
    });
  }

  function wishQuota(metered: Metered): Promise<void> {
    wishedMeters.add(metered);
    // One that is under way has been written already.
    return underWay === undefined ? exchange() : underWay.then(() => (wishedMeters.has(metered) ? exchange() : underWay));
  }

  function count(metered: Metered, by: number): void {
    metered.counted.set(metered.day, (metered.counted.get(metered.day) ?? 0) + by);
  }

  function spendHeld(metered: Metered): boolean {
    if (metered.held === 0) return false;
    metered.held--;
    count(metered, 1);
    return true;
  }

  async function spendAsked(meter: Meter, now: number): Promise<boolean> {
    // Others that waited too may have spent what came; each time, some have got further.
    for (let attempt = 0; attempt < MOST_ATTEMPTS && isJoined(); attempt++) {
      await wishQuota(meteredOf(meter, now));
      const metered = meteredOf(meter, now);
      if (spendHeld(metered)) return true;
      if (clock.now() < metered.usedUpUntil) return false;
    }
    return spendUnverified(meteredOf(meter, now));
  }

  /**
   * AWS lets requests through where it cannot verify the usage plan (.../api-gateway-usage-plan-test-with-postman.html). Here
   * they are no more than the worker's share of what was left, so that the quota still holds.
   */
  function spendUnverified(metered: Metered): boolean {
    if (metered.meter.quota !== undefined) {
      if (metered.alone === 0) return false;
      metered.alone--;
    }
    count(metered, 1);
    return true;
  }

  function sweepLater(): void {
    if (isSweeping) return;
    isSweeping = true;
    clock.after(SWEEP_MS, sweep);
  }

  function sweep(): void {
    isSweeping = false;
    const now = clock.now();
    for (const [name, leased] of buckets) {
      if (now < leased.endsAt || now < leased.emptyUntil) continue;
      if (leased.tokens > 0 || leased.used > 0) wishedBuckets.add(leased);
      else if (isIdleShare(leased, now)) buckets.delete(name);
    }
    for (const [name, metered] of meters) {
      const isIdle = now - metered.spentAt >= LEASE_ENDS_MS;
      if (metered.counted.size > 0 || (isIdle && metered.held > 0)) wishedMeters.add(metered);
      else if (isIdle && now >= metered.usedUpUntil) meters.delete(name);
    }
    if (isJoined() && wishedBuckets.size + wishedMeters.size > 0) void exchange();
    if (buckets.size + meters.size > 0) sweepLater();
  }

  /** Whether nothing is lost by forgetting it. */
  function isIdleShare({ share, shareBucket }: Leased, now: number): boolean {
    return share.millitokens + (now - share.at) * shareBucket.rateLimit >= shareBucket.burstLimit * 1000;
  }

  return {
    allow(bucket, now) {
      const leased = leasedOf(bucket, now);
      leased.isDemanded = true;
      if (leased.tokens > 0) {
        leased.tokens--;
        if (leased.tokens * 2 <= leased.size) wishTokens(leased);
        return true;
      }
      if (now < leased.emptyUntil && isJoined()) return false;
      const isLetIn = takeToken(leased.share, leased.shareBucket, now);
      if (isLetIn) leased.used++;
      wishTokens(leased);
      return isLetIn;
    },
    spend(meter, now) {
      const metered = meteredOf(meter, now);
      if (meter.quota === undefined) return spendUnverified(metered);
      if (spendHeld(metered)) {
        // Of a small quota nothing is held ahead of need, where another worker may need it.
        const size = quotaSizeOf(meter.quota.limit);
        if (size > 1 && metered.held * 2 <= size && isJoined() && now >= metered.usedUpUntil) void wishQuota(metered);
        return true;
      }
      if (!isJoined()) return spendUnverified(metered);
      return now < metered.usedUpUntil ? false : spendAsked(meter, now);
    },
    refund(meter, now) {
      const metered = meteredOf(meter, now);
      count(metered, -1);
      if (meter.quota !== undefined) metered.held++;
    },
    async report() {
      while (underWay !== undefined) await underWay;
      for (const metered of meters.values()) {
        metered.usedUpUntil = 0;
        if (metered.counted.size > 0) wishedMeters.add(metered);
      }
      if (wishedMeters.size > 0) await exchange();
    },
  };
}

/** What a worker may let in by itself: a part of the bucket, and a request at least. */
const shareOf = ({ name, rateLimit, burstLimit }: TokenBucket, shares: number): TokenBucket => ({
  name,
  rateLimit: rateLimit / shares,
  burstLimit: Math.min(burstLimit, Math.max(1, Math.floor(burstLimit / shares))),
});

const quotaSizeOf = (limit: number): number => Math.min(MOST_OF_QUOTA, Math.max(1, Math.ceil(limit / PART_OF_QUOTA)));
