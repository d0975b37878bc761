import { expect, test } from "vitest";
import { type DailyUsage, dayOf, daysBetween, periodStart, type Quota, remainingOn, usageFigures } from "./usage-plan.ts";

const quota = (period: Quota["period"], offset = 0, limit = 100): Quota => ({ limit, offset, period });

test.each([
  [0, "1970-01-01"],
  [Date.parse("2026-01-02T23:59:59.999Z"), "2026-01-02"],
  [Date.parse("2026-01-03T00:00:00Z"), "2026-01-03"],
])("the day of %d is %s", (time, day) => expect(dayOf(time)).toBe(day));

test.each([
  ["2026-02-27", "2026-03-02", ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]],
  ["2028-02-28", "2028-03-01", ["2028-02-28", "2028-02-29", "2028-03-01"]],
  ["2026-01-01", "2026-01-01", ["2026-01-01"]],
  ["2026-01-02", "2026-01-01", []],
])("from %s to %s", (first, last, days) => expect(daysBetween(first, last)).toEqual(days));

// 2026-01-05 is a Monday.
test.each<[Quota, string, string]>([
  [quota("DAY"), "2026-01-07", "2026-01-07"],
  [quota("WEEK"), "2026-01-05", "2026-01-05"],
  [quota("WEEK"), "2026-01-11", "2026-01-05"],
  [quota("WEEK"), "2026-01-04", "2025-12-29"],
  [quota("WEEK", 1), "2026-01-05", "2025-12-30"],
  [quota("WEEK", 1), "2026-01-06", "2026-01-06"],
  [quota("WEEK", 6), "2026-01-10", "2026-01-04"],
  [quota("WEEK", 6), "2026-01-11", "2026-01-11"],
  [quota("MONTH"), "2026-01-01", "2026-01-01"],
  [quota("MONTH"), "2026-01-31", "2026-01-01"],
  [quota("MONTH", 27), "2026-03-28", "2026-03-28"],
  [quota("MONTH", 27), "2026-03-27", "2026-02-28"],
  [quota("MONTH", 4), "2026-01-04", "2025-12-05"],
])("of %j the period of %s begins on %s", (given, day, start) => expect(periodStart(given, day)).toBe(start));

const usage = (days: Record<string, Partial<DailyUsage>>) =>
  new Map(Object.entries(days).map(([day, { used = 0, extension = 0 }]) => [day, { used, extension }]));

test.each<[string, Quota | undefined, readonly string[], Record<string, Partial<DailyUsage>>, readonly (readonly [number, number])[]]>([
  ["days without use", quota("DAY"), ["2026-01-05", "2026-01-06"], {}, [[0, 100], [0, 100]]],
  ["a quota of each day", quota("DAY"), ["2026-01-05", "2026-01-06"], { "2026-01-05": { used: 30 }, "2026-01-06": { used: 1 } }, [[30, 70], [1, 99]]],
  ["a quota of the week, carried on", quota("WEEK"), ["2026-01-05", "2026-01-06", "2026-01-07"], { "2026-01-05": { used: 30 }, "2026-01-07": { used: 1 } }, [[30, 70], [0, 70], [1, 69]]],
  ["a week that began before", quota("WEEK"), ["2026-01-07"], { "2026-01-05": { used: 30 } }, [[0, 70]]],
  ["a week that ends", quota("WEEK"), ["2026-01-11", "2026-01-12"], { "2026-01-10": { used: 30 }, "2026-01-12": { used: 1 } }, [[0, 70], [1, 99]]],
  ["a month that ends", quota("MONTH"), ["2026-01-31", "2026-02-01"], { "2026-01-01": { used: 100 } }, [[0, 0], [0, 100]]],
  ["an extension, for its period", quota("WEEK"), ["2026-01-11", "2026-01-12"], { "2026-01-11": { used: 10, extension: 50 } }, [[10, 140], [0, 100]]],
  ["less than before", quota("DAY"), ["2026-01-05"], { "2026-01-05": { used: 10, extension: -80 } }, [[10, 10]]],
  ["more used than there was, and no debt on the next day", quota("WEEK"), ["2026-01-05", "2026-01-06"], { "2026-01-05": { used: 110 }, "2026-01-06": { extension: 5 } }, [[110, 0], [0, 5]]],
  ["no quota", undefined, ["2026-01-05"], { "2026-01-05": { used: 30 } }, [[30, 0]]],
  ["no days", quota("DAY"), [], {}, []],
])("figures of %s", (_what, given, days, used, figures) => {
  expect(usageFigures(given, days, usage(used))).toEqual(figures);
  if (given !== undefined) expect(days.map((day) => remainingOn(given, day, usage(used)))).toEqual(figures.map(([, remaining]) => remaining));
});
