// Token buckets in memory. What is in a bucket is found by its name once, and by the bucket itself from then on.
import { KEPT, type Kept } from "../../domain/kept.ts";
import { type BucketLevel, fullBucket, isFull, leaseTokens, takeToken, timeToToken, type TokenBucket, type TokenLease } from "../../domain/token-bucket.ts";
import type { Counters } from "../../ports/counters.ts";

export interface MemoryBuckets extends Pick<Counters, "allow"> {
  /** Tokens for another process (see {@link leaseTokens}), and how long it takes until there is another. */
  leaseTokens(bucket: TokenBucket, lease: TokenLease, now: number): { readonly granted: number; readonly waitMs: number };
  /** How many buckets are kept. */
  readonly size: number;
}

/** So many buckets are kept before full ones are looked for, which say no more than none. */
const SWEEP_AT = 10_000;

interface Filled extends BucketLevel, Kept {
  bucket: TokenBucket;
  /** Which sweep comes next after it was last used; {@link FORGOTTEN} once one has forgotten it. */
  usedBefore: number;
}

const FORGOTTEN = -1;

export function createMemoryBuckets(): MemoryBuckets {
  const levels = new Map<string, Filled>();
  let sweepAt = SWEEP_AT;
  let sweeps = 0;

  function levelOf(bucket: TokenBucket, now: number): Filled {
    const kept = bucket[KEPT];
    const level = kept?.by === levels && isOf(kept as Filled, bucket) ? (kept as Filled) : levelByName(bucket, now);
    level.usedBefore = sweeps;
    return level;
  }

  const isOf = (level: Filled, bucket: TokenBucket): boolean => level.bucket === bucket && level.usedBefore !== FORGOTTEN;

  function levelByName(bucket: TokenBucket, now: number): Filled {
    let level = levels.get(bucket.name);
    if (level === undefined) {
      if (levels.size >= sweepAt) sweep(now);
      level = { ...fullBucket(bucket, now), by: levels, bucket, usedBefore: sweeps };
      levels.set(bucket.name, level);
    }
    level.bucket = bucket;
    bucket[KEPT] = level;
    return level;
  }

  /** Those that were used since the last sweep are likely to be wanted again at once. */
  function sweep(now: number): void {
    for (const [name, level] of levels) {
      if (level.usedBefore === sweeps || !isFull(level, level.bucket, now)) continue;
      levels.delete(name);
      level.usedBefore = FORGOTTEN;
    }
    sweeps++;
    sweepAt = Math.max(SWEEP_AT, 2 * levels.size);
  }

  return {
    allow: (bucket, now) => takeToken(levelOf(bucket, now), bucket, now),
    leaseTokens(bucket, lease, now) {
      const level = levelOf(bucket, now);
      return { granted: leaseTokens(level, bucket, lease, now), waitMs: timeToToken(level, bucket) };
    },
    get size() {
      return levels.size;
    },
  };
}
