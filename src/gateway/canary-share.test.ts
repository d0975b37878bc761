import { describe, expect, it } from "vitest";
import { createCanaryShare } from "./canary-share.ts";

/** Numbers that repeat with their seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("the share of a canary", () => {
  it.each([0, 0.01, 0.5, 1, 5, 10.5, 25, 33.3, 50, 66.67, 90, 99.5, 99.99, 100])("of %d percent is exact in the long run", (percent) => {
    let furthest = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const isCanary = createCanaryShare(percent, seeded(seed));
      let canaries = 0;
      for (let requests = 1; requests <= 10_000; requests++) {
        if (isCanary()) canaries++;
        if (requests % 100 === 0) furthest = Math.max(furthest, Math.abs(canaries - (requests * percent) / 100));
      }
    }
    // After every hundred requests the count is the share, but for the fraction that is carried over.
    expect(furthest).toBeLessThan(1 + 1e-9);
  });

  it.each([
    [0, 0],
    [100, 10_000],
    [10, 1_000],
    [37, 3_700],
  ])("of %d percent is %d of 10,000 requests", (percent, expected) => {
    const isCanary = createCanaryShare(percent, seeded(7));
    expect(Array.from({ length: 10_000 }, isCanary).filter(Boolean)).toHaveLength(expected);
  });

  it("is of random requests: each of a hundred is as likely as the others", () => {
    const isCanary = createCanaryShare(10, seeded(3));
    const drawn = Array.from({ length: 100 }, () => 0);
    for (let block = 0; block < 2_000; block++) for (let i = 0; i < 100; i++) if (isCanary()) drawn[i] = (drawn[i] ?? 0) + 1;
    // 200 each are expected, with a standard deviation of 13.4.
    expect(Math.min(...drawn)).toBeGreaterThan(140);
    expect(Math.max(...drawn)).toBeLessThan(260);
  });

  it("is right on average however often it is begun anew", () => {
    const random = seeded(11);
    let canaries = 0;
    // Three requests each: the share of 0.5 percent of 60,000 is 300, with a standard deviation of 17.
    for (let times = 0; times < 20_000; times++) {
      const isCanary = createCanaryShare(0.5, random);
      for (let i = 0; i < 3; i++) if (isCanary()) canaries++;
    }
    expect(canaries).toBeGreaterThan(230);
    expect(canaries).toBeLessThan(370);
  });
});
