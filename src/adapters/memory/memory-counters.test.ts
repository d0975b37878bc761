// Counting on quotas: periods and offsets, usage from before, extensions, what is drained (guide: api-gateway-api-usage-plans).
import { describe, expect, it, test } from "vitest";
import { scoped } from "../../domain/record.ts";
import { dayOf, type Quota, type QuotaPeriod } from "../../domain/usage-plan.ts";
import type { Meter } from "../../ports/counters.ts";
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
  expect(counters.drain()).toEqual([{ place, day: "2026-01-20", used: 4 }]);
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
  expect(drainedAgain).toEqual([{ place, day: "2026-01-20", used: 1 }, { place, day: "2026-01-21", used: 2 }]);
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
