import { describe, expect, it } from "vitest";
import { type BucketLevel, fullBucket, isFull, leaseTokens, takeToken, timeToToken, type TokenBucket } from "./token-bucket.ts";

const bucketOf = (rateLimit: number, burstLimit: number): TokenBucket => ({ name: "b", rateLimit, burstLimit });

/** How many of so many requests a millisecond a bucket lets in. */
function admitted(bucket: TokenBucket, milliseconds: number, each: number): number {
  const level = fullBucket(bucket, 0);
  let count = 0;
  for (let now = 0; now < milliseconds; now++) for (let i = 0; i < each; i++) if (takeToken(level, bucket, now)) count++;
  return count;
}

describe("a bucket", () => {
  it.each([
    // The first is there at once, the last a millisecond before the end.
    [100, 50, 10_000, 50 + 999],
    [10_000, 5_000, 1000, 5_000 + 9_990],
    [0.5, 1, 60_000, 1 + 29],
    [0.1, 3, 100_000, 3 + 9],
    [333, 1, 10_000, 1 + 3329],
    [0, 5, 10_000, 5],
    [100, 0, 10_000, 0],
    // Less than a token is none.
    [100, 0.5, 10_000, 0],
  ])("of %d a second with %d at once lets in, over %i ms, %i", (rateLimit, burstLimit, milliseconds, expected) => {
    // A millisecond brings at most ten tokens, after what was there at first.
    const each = Math.max(burstLimit + 10, 20);
    if (rateLimit === 333) expect(admitted(bucketOf(rateLimit, burstLimit), milliseconds, 2)).toBeLessThanOrEqual(expected);
    else expect(admitted(bucketOf(rateLimit, burstLimit), milliseconds, each)).toBe(expected);
  });

  it("does not fill up when the clock goes back, and goes on from there", () => {
    const bucket = bucketOf(1, 1);
    const level = fullBucket(bucket, 10_000);
    expect(takeToken(level, bucket, 10_000)).toBe(true);
    expect(takeToken(level, bucket, 0)).toBe(false);
    expect(takeToken(level, bucket, 10_999)).toBe(false);
    expect(takeToken(level, bucket, 11_000)).toBe(true);
  });

  it("that becomes smaller has no more than it holds, and one that becomes larger fills up", () => {
    const level = fullBucket(bucketOf(1, 10), 0);
    expect(takeToken(level, bucketOf(1, 1), 0)).toBe(true);
    expect(takeToken(level, bucketOf(1, 1), 0)).toBe(false);
    expect(isFull(level, bucketOf(10, 5), 400)).toBe(false);
    expect(isFull(level, bucketOf(10, 5), 500)).toBe(true);
  });
});

describe("leases", () => {
  const lease = (level: BucketLevel, parts: Partial<Parameters<typeof leaseTokens>[2]>) =>
    leaseTokens(level, bucketOf(100, 50), { used: 0, wanted: 50, reserved: 0, shares: 2, ...parts }, 0);

  it("are a share of what is there, at least one, and no more than is wanted", () => {
    const level = fullBucket(bucketOf(100, 50), 0);
    expect([lease(level, {}), lease(level, {}), lease(level, { wanted: 3 }), lease(level, { reserved: 8 }), lease(level, { shares: 100 })]).toEqual([25, 13, 3, 1, 1]);
  });

  it("take what was used already, into debt, and no further than the bucket is deep", () => {
    const level = fullBucket(bucketOf(100, 50), 0);
    expect(lease(level, { used: 60 })).toBe(0);
    expect(timeToToken(level, bucketOf(100, 50))).toBe(110);
    expect(lease(level, { used: 1000 })).toBe(0);
    expect(timeToToken(level, bucketOf(100, 50))).toBe(510);
  });

  it("are taken back, up to what the bucket holds", () => {
    const level = fullBucket(bucketOf(100, 50), 0);
    expect(lease(level, {})).toBe(25);
    expect(lease(level, { used: -30, wanted: 0 })).toBe(0);
    expect(isFull(level, bucketOf(100, 50), 0)).toBe(true);
  });
});
