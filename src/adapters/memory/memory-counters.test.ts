// Counting on quotas: periods and offsets, usage from before, extensions, what is drained (guide: api-gateway-api-usage-plans).
import { describe, expect, it, test } from "vitest";
import { scoped } from "../../domain/record.ts";
import type { TokenBucket } from "../../domain/token-bucket.ts";
import { type DailyUsage, dayOf, type Quota, type QuotaPeriod, usageFigures } from "../../domain/usage-plan.ts";
import type { CountedRequests, Meter } from "../../ports/counters.ts";
import { createMemoryCounters } from "./memory-counters.ts";

const place = ["a", "r", "p", "k"];
const meterOf = (limit: number, period: QuotaPeriod = "DAY", offset = 0): Meter => ({ name: scoped(...place), place, quota: { limit, period, offset } });
const at = (text: string): number => Date.parse(`${text}Z`);

/** The days on which a quota of one request lets one in, of those from the first to the last. */
function openings(quota: Quota, first: string, last: string): readonly string[] {
  const counters = createMemoryCounters();
  const meter = { name: "m", place, quota };
  const days: string[] = [];
  for (let now = at(`${first}T00:00:00.000`); now <= at(`${last}T23:59:59.999`); now += 3_600_000) if (counters.spend(meter, now)) days.push(dayOf(now));
  return days;
}

describe("a quota begins anew", () => {
  it.each<[QuotaPeriod, number, string, string, readonly string[]]>([
    ["DAY", 0, "2026-02-27", "2026-03-02", ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]],
    ["WEEK", 0, "2026-01-01", "2026-01-20", ["2026-01-01", "2026-01-05", "2026-01-12", "2026-01-19"]],
    ["WEEK", 2, "2026-01-01", "2026-01-20", ["2026-01-01", "2026-01-07", "2026-01-14"]],
    ["WEEK", 6, "2026-01-01", "2026-01-20", ["2026-01-01", "2026-01-04", "2026-01-11", "2026-01-18"]],
    ["MONTH", 0, "2026-01-15", "2026-04-02", ["2026-01-15", "2026-02-01", "2026-03-01", "2026-04-01"]],
    ["MONTH", 14, "2026-01-15", "2026-04-20", ["2026-01-15", "2026-02-15", "2026-03-15", "2026-04-15"]],
    ["MONTH", 27, "2026-01-15", "2026-04-02", ["2026-01-15", "2026-01-28", "2026-02-28", "2026-03-28"]],
    ["MONTH", 0, "2027-12-31", "2028-03-01", ["2027-12-31", "2028-01-01", "2028-02-01", "2028-03-01"]],
  ])("each %s with offset %i, from %s to %s", (period, offset, first, last, expected) => {
    expect(openings({ limit: 1, period, offset }, first, last)).toEqual(expected);
  });
});

test("what the store has counts, with its extensions, and so does what was counted since", () => {
  const counters = createMemoryCounters();
  const meter = meterOf(10, "MONTH");
  const now = at("2026-01-20T12:00:00");
  expect(counters.spend(meter, now)).toBe(true);
  counters.load(place, new Map([["2026-01-02", { used: 5, extension: 0 }], ["2026-01-20", { used: 2, extension: 1 }], ["2025-12-31", { used: 9, extension: 0 }]]));
  expect(counters.remaining(meter, now)).toBe(3);
  for (const expected of [true, true, true, false]) expect(counters.spend(meter, now)).toBe(expected);
  expect(counters.drain()).toEqual([{ place, number: 0, day: "2026-01-20", used: 4 }]);
  expect(counters.drain()).toEqual([]);
  expect(counters.undrained).toBe(0);
});

test("a quota that is changed holds from the next request on, less what was used", () => {
  const counters = createMemoryCounters();
  const now = at("2026-01-20T12:00:00");
  for (let i = 0; i < 3; i++) expect(counters.spend(meterOf(3), now)).toBe(true);
  expect(counters.spend(meterOf(3), now)).toBe(false);
  expect(counters.remaining(meterOf(5), now)).toBe(2);
  expect(counters.remaining(meterOf(2), now)).toBe(0);
  expect(counters.spend({ ...meterOf(1), quota: undefined }, now)).toBe(true);
  expect(counters.remaining(meterOf(5), now)).toBe(1);
});

test("a request that is taken back is as good as none", () => {
  const counters = createMemoryCounters();
  const now = at("2026-01-20T12:00:00");
  expect(counters.spend(meterOf(1), now)).toBe(true);
  counters.refund(meterOf(1), now);
  expect(counters.remaining(meterOf(1), now)).toBe(1);
  expect(counters.drain()).toEqual([]);
});

test("what could not be kept is drained again", () => {
  const counters = createMemoryCounters();
  const heard: number[] = [];
  counters.watch((undrained) => void heard.push(undrained));
  const now = at("2026-01-20T23:59:59.999");
  counters.spend(meterOf(5), now);
  counters.spend(meterOf(5), now + 1);
  const drained = counters.drain();
  counters.spend(meterOf(5), now + 1);
  counters.restore(drained);
  expect(heard).toEqual([1, 2, 1]);
  expect(counters.undrained).toBe(3);
  const drainedAgain = [...counters.drain()].sort((one, other) => one.day.localeCompare(other.day));
  expect(drainedAgain).toEqual([{ place, number: 0, day: "2026-01-20", used: 1 }, { place, number: 0, day: "2026-01-21", used: 2 }]);
});

test("buckets that are full again are forgotten, others are not", () => {
  const counters = createMemoryCounters();
  for (let i = 0; i < 10_000; i++) counters.allow({ name: `fast ${i}`, rateLimit: 1, burstLimit: 2 }, 0);
  const slow = { name: "slow", rateLimit: 0, burstLimit: 1 };
  expect(counters.allow(slow, 0)).toBe(true);
  expect(counters.buckets).toBe(10_001);
  for (let i = 0; i < 10_000; i++) counters.allow({ name: `other ${i}`, rateLimit: 1, burstLimit: 2 }, 5000);
  expect(counters.buckets).toBeLessThanOrEqual(20_002);
  for (let i = 0; i < 10_000; i++) counters.allow({ name: `third ${i}`, rateLimit: 1, burstLimit: 2 }, 9000);
  expect(counters.buckets).toBeLessThan(20_001);
  expect(counters.allow(slow, 9000)).toBe(false);
});

test("buckets that are in use stay, full or not, however many they are", () => {
  const counters = createMemoryCounters();
  const buckets = Array.from({ length: 12_000 }, (_, i) => ({ name: `key ${i}`, rateLimit: 1000, burstLimit: 2 }));
  for (let now = 0; now < 36_000; now++) expect(counters.allow(buckets[now % buckets.length] as TokenBucket, now)).toBe(true);
  expect(counters.buckets).toBe(12_000);
});

describe("whoever names the same", () => {
  it("takes from the same tokens, also after they were forgotten and came anew, and from nobody else's", () => {
    const named = (burstLimit: number) => ({ name: "one", rateLimit: 0.001, burstLimit });
    const counters = createMemoryCounters();
    const [before, after] = [named(2), named(3)];
    expect(counters.allow(before, 0)).toBe(true);
    expect(counters.allow(after, 0)).toBe(true);
    expect([before, after, named(3)].map((bucket) => counters.allow(bucket, 0))).toEqual([false, false, false]);
    expect(createMemoryCounters().allow(before, 0)).toBe(true);
    expect(counters.allow(before, 0)).toBe(false);
    // Full again, and looked for among so many others that it is forgotten.
    const later = 1e9;
    for (let i = 0; i < 30_000; i++) counters.allow({ name: `other ${i}`, rateLimit: 1, burstLimit: 1 }, later);
    expect([after, before, after, named(3), before].map((bucket) => counters.allow(bucket, later))).toEqual([true, true, true, false, false]);
  });

  it("counts on the same quota, and on no other counters'", () => {
    const now = at("2026-01-20T12:00:00");
    const counters = createMemoryCounters();
    const one = meterOf(2);
    expect([one, meterOf(2), one].map((meter) => counters.spend(meter, now))).toEqual([true, true, false]);
    expect(createMemoryCounters().spend(one, now)).toBe(true);
    expect(counters.remaining(one, now)).toBe(0);
  });

  it("is not taken for a copy of it that has another name", () => {
    const counters = createMemoryCounters();
    const bucket = { name: "one", rateLimit: 0, burstLimit: 1 };
    const meter = meterOf(1);
    expect([counters.allow(bucket, 0), counters.spend(meter, 0)]).toEqual([true, true]);
    const others = [{ ...bucket, name: "other" }, { ...meter, name: "a/r/p/other", place: ["a", "r", "p", "other"] }] as const;
    expect([counters.allow(others[0], 0), counters.spend(others[1], 0)]).toEqual([true, true]);
    expect([counters.allow(bucket, 0), counters.allow(others[0], 0), counters.spend(meter, 0), counters.spend(others[1], 0)]).toEqual([false, false, false, false]);
  });

  it("says so to other processes in plain words", () => {
    const counters = createMemoryCounters();
    const bucket = { name: "one", rateLimit: 1, burstLimit: 1 };
    const meter = meterOf(1);
    counters.allow(bucket, 0);
    counters.spend(meter, 0);
    for (const copy of [structuredClone, (value: object) => JSON.parse(JSON.stringify(value))]) {
      expect(copy(bucket)).toStrictEqual({ name: "one", rateLimit: 1, burstLimit: 1 });
      expect(copy(meter)).toStrictEqual(meterOf(1));
    }
  });
});

test("what others have let in counts, and what they take back of a quota that is used up may be in debt", () => {
  const counters = createMemoryCounters();
  const now = at("2026-01-20T12:00:00");
  expect(counters.spend(meterOf(5), now)).toBe(true);
  counters.count(meterOf(5), "2026-01-20", 2);
  expect(counters.remaining(meterOf(5), now)).toBe(2);
  counters.count(meterOf(5), "2026-01-20", 4);
  expect(counters.remaining(meterOf(5), now)).toBe(0);
  counters.count(meterOf(5), "2026-01-20", -1);
  expect(counters.remaining(meterOf(5), now)).toBe(0);
  counters.count(meterOf(5), "2026-01-20", -2);
  expect(counters.remaining(meterOf(5), now)).toBe(1);
  counters.count(meterOf(5), "2026-01-19", 3);
  expect(counters.drain().toSorted((one, other) => (one.day < other.day ? -1 : 1))).toEqual([{ place, number: 0, day: "2026-01-19", used: 3 }, { place, number: 0, day: "2026-01-20", used: 4 }]);
});

describe("whatever happens in whatever order, what remains is what usage says", () => {
  const QUOTAS: readonly (Quota | undefined)[] = [{ limit: 6, period: "WEEK", offset: 1 }, { limit: 4, period: "DAY", offset: 0 }, { limit: 9, period: "MONTH", offset: 20 }, undefined];

  it.each(Array.from({ length: 40 }, (_, seed) => seed))("seed %i", (seed) => {
    let state = seed + 1;
    const below = (most: number): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % most;
    };
    const counters = createMemoryCounters();
    const stored = new Map<string, DailyUsage>();
    /** Counted, and not in the store. */
    const counted = new Map<string, number>();
    let drained: CountedRequests[] = [];
    let now = at("2026-01-19T12:00:00");
    let all = 0;
    const add = (count: number) => {
      counted.set(dayOf(now), (counted.get(dayOf(now)) ?? 0) + count);
      all += count;
    };
    const remaining = (quota: Quota): number => {
      const usage = new Map(stored);
      for (const [day, count] of counted) usage.set(day, { used: (usage.get(day)?.used ?? 0) + count, extension: usage.get(day)?.extension ?? 0 });
      return usageFigures(quota, [dayOf(now)], usage)[0]?.[1] ?? 0;
    };
    /** What was drained is in the store, then what the store has is known. */
    const write = () => {
      for (const { day, used } of drained) {
        stored.set(day, { used: (stored.get(day)?.used ?? 0) + used, extension: stored.get(day)?.extension ?? 0 });
        counted.set(day, (counted.get(day) ?? 0) - used);
      }
      drained = [];
      counters.load(place, stored);
    };
    for (let step = 0; step < 300; step++) {
      const quota = QUOTAS[below(QUOTAS.length)];
      const meter: Meter = { name: scoped(...place), place, quota };
      const most = quota === undefined ? Infinity : remaining(quota);
      expect(counters.remaining(meter, now)).toBe(most);
      switch (below(12)) {
        case 0:
          now += (below(5) - 1) * 43_200_000;
          break;
        case 1:
          drained = [...drained, ...counters.drain()];
          break;
        case 2:
          counters.restore(drained);
          drained = [];
          break;
        case 3:
          // No process has more than what it drained to write before it asks what there is.
          drained = [...drained, ...counters.drain()];
          write();
          break;
        case 4:
          stored.set(dayOf(now), { used: stored.get(dayOf(now))?.used ?? 0, extension: below(9) - 3 });
          drained = [...drained, ...counters.drain()];
          write();
          break;
        case 5:
          counters.count(meter, dayOf(now), 2);
          add(2);
          break;
        case 6:
          if (counters.spend(meter, now)) counters.refund(meter, now);
          break;
        default:
          expect(counters.spend(meter, now)).toBe(most > 0);
          if (most > 0) add(1);
      }
      expect(counters.undrained + drained.reduce((sum, { used }) => sum + used, 0)).toBe([...counted.values()].reduce((sum, count) => sum + count, 0));
    }
    drained = [...drained, ...counters.drain()];
    write();
    expect([...stored.values()].reduce((sum, { used }) => sum + used, 0)).toBe(all);
  });
});
