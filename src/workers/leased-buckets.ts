// A worker's tokens: leased from the primary, ahead of need. What it lets in before it has a lease, it lets in by its share,
// and tells the primary, which takes that from the same bucket: so a worker never waits for tokens, and all of them together
// overrun a bucket by no more than a burst, once.
import { KEPT, type Kept } from "../domain/kept.ts";
import { type BucketLevel, fullBucket, takeToken, type TokenBucket } from "../domain/token-bucket.ts";
import type { Clock } from "../ports/clock.ts";
import type { Counters } from "../ports/counters.ts";
import type { Exchanged } from "./exchanged.ts";
import type { BucketWish, Leases } from "./messages.ts";

export interface LeasedBuckets extends Pick<Counters, "allow">, Exchanged<BucketWish, Leases["buckets"]> {}

export interface LeasedBucketsParts {
  readonly clock: Clock;
  /** Whether there is a primary to ask. */
  readonly isJoined: () => boolean;
  /** How many workers share what the primary has. */
  readonly shares: number;
  /** Has the wishes told soon. */
  readonly ask: () => void;
  /** Has what is left over looked at later. */
  readonly sweepLater: () => void;
}

/** What was not used of a lease is given back after so long. In milliseconds. */
const LEASE_ENDS_MS = 1000;
/** An empty bucket may be filled by what others give back: it is asked again after so long. In milliseconds. */
const MOST_EMPTY_MS = 1000;

interface Leased extends Kept {
  bucket: TokenBucket;
  /** Until it is idle. */
  isKept: boolean;
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

export function createLeasedBuckets({ clock, isJoined, shares, ask, sweepLater }: LeasedBucketsParts): LeasedBuckets {
  const buckets = new Map<string, Leased>();
  const wished = new Set<Leased>();

  function leasedOf(bucket: TokenBucket, now: number): Leased {
    const kept = bucket[KEPT];
    let leased = kept?.by === buckets && isOf(kept as Leased, bucket) ? (kept as Leased) : buckets.get(bucket.name);
    if (leased === undefined) {
      const shareBucket = shareOf(bucket, shares);
      leased = { by: buckets, bucket, isKept: true, tokens: 0, size: 0, endsAt: 0, share: fullBucket(shareBucket, now), shareBucket, used: 0, emptyUntil: 0, isWanted: false, isDemanded: false };
      buckets.set(bucket.name, leased);
      sweepLater();
    } else if (leased.bucket !== bucket) {
      if (bucket.rateLimit !== leased.bucket.rateLimit || bucket.burstLimit !== leased.bucket.burstLimit) leased.emptyUntil = 0;
      leased.bucket = bucket;
      leased.shareBucket = shareOf(bucket, shares);
    }
    bucket[KEPT] = leased;
    return leased;
  }

  const isOf = (leased: Leased, bucket: TokenBucket): boolean => leased.bucket === bucket && leased.isKept;

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

  function wishTokens(leased: Leased): void {
    leased.isWanted = true;
    wished.add(leased);
    ask();
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
    get hasWishes() {
      return wished.size > 0;
    },
    get isEmpty() {
      return buckets.size === 0;
    },
    takeWishes() {
      const asked = Array.from(wished);
      wished.clear();
      const wishes = asked.map(bucketWish);
      return {
        wishes,
        answer(answers, now) {
          for (const [i, leased] of asked.entries()) takeLease(leased, wishes[i] as BucketWish, answers?.[i], now);
        },
      };
    },
    sweep(now) {
      for (const [name, leased] of buckets) {
        if (now < leased.endsAt || now < leased.emptyUntil) continue;
        if (leased.tokens > 0 || leased.used > 0) wished.add(leased);
        else if (isIdleShare(leased, now)) leased.isKept = !buckets.delete(name);
      }
    },
  };
}

/** What a worker may let in by itself: a part of the bucket, and a request at least. */
const shareOf = ({ name, rateLimit, burstLimit }: TokenBucket, shares: number): TokenBucket => ({
  name,
  rateLimit: rateLimit / shares,
  burstLimit: Math.min(burstLimit, Math.max(1, Math.floor(burstLimit / shares))),
});
