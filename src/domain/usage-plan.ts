// Usage plans: which keys may call which stages, how often, and how often they did
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html).
import { recordKind, scoped } from "./record.ts";
import type { Tags } from "./rest-api.ts";

/** The members are those of the V1 API's shape (https://docs.aws.amazon.com/apigateway/latest/api/API_UsagePlan.html). */
export interface UsagePlan {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly apiStages: readonly ApiStage[];
  /** For each key, all stages together. */
  readonly throttle?: Throttle;
  /** For each key, all stages together. */
  readonly quota?: Quota;
  /** Of the AWS Marketplace. */
  readonly productCode?: string;
  readonly tags: Tags;
}

export interface ApiStage {
  readonly apiId: string;
  readonly stage: string;
  /** By `{resource path}/{method}`: `/pets/{id}/GET`, `//GET` for the root's; only with a throttle of the plan, and of REST APIs alone. */
  readonly throttle?: Readonly<Record<string, Throttle>>;
}

export interface Throttle {
  /** Requests per second. */
  readonly rateLimit: number;
  /** Requests at once. */
  readonly burstLimit: number;
}

export interface Quota {
  /** Requests in a period. */
  readonly limit: number;
  /** The day of the week or month that a period begins with, counted from 0. */
  readonly offset: number;
  readonly period: QuotaPeriod;
}

export type QuotaPeriod = "DAY" | "WEEK" | "MONTH";

/** Key: account, region, plan id. */
export const usagePlans = recordKind<UsagePlan>("usage-plan", {
  stage: { unique: false, values: ({ apiStages }) => apiStages.map(({ apiId, stage }) => scoped(apiId, stage)) },
  api: { unique: false, values: ({ apiStages }) => apiStages.map(({ apiId }) => apiId) },
});

/** That a key belongs to a plan, or did. What it is called and its value are in the key's own record. */
export interface UsagePlanKey {
  readonly keyId: string;
  readonly type: "API_KEY";
  /** The key has left the plan, or was deleted, and is kept here for what it had used. */
  readonly former?: true;
}

/** Key: account, region, plan id, key id. */
export const usagePlanKeys = recordKind<UsagePlanKey>("usage-plan-key", {
  /** By key, for as long as it belongs to the plan. */
  key: { unique: false, values: ({ keyId, former }, [account = "", region = ""]) => (former ? [] : [scoped(account, region, keyId)]) },
});

/** What a key has used of a plan on one day. */
export interface DailyUsage {
  /** Requests that counted. */
  readonly used: number;
  /** What UpdateUsage has added that day to what remains of the period's quota; less than 0 where it has taken away. */
  readonly extension: number;
}

/**
 * Key: account, region, plan id, key id, day (`2026-01-02`, in UTC). A day without requests and extensions has none. They
 * outlive the key and its place in the plan, and go with the plan.
 */
export const dailyUsages = recordKind<DailyUsage>("daily-usage");

/** What keys have used that the records of its days do not have yet. A batch may be of thousands, and is written many times a second. */
export interface CountedBatch {
  readonly counted: readonly (CountedOfPlan | CountedOfKey)[];
}

/** What keys of a plan have used on a day: `keyId requests` each, with blanks between. */
export type CountedOfPlan = readonly [account: string, region: string, planId: string, day: string, used: string];

/** What one key has used on a day, as batches kept it before they kept plans: those that a stop left behind are still read. */
type CountedOfKey = readonly [place: readonly string[], day: string, used: number];

/** Key: an id, later ones behind earlier ones. */
export const countedBatches = recordKind<CountedBatch>("counted-batch");

const DAY_MILLIS = 86_400_000;

/** The day of a time, in UTC: `2026-01-02`. @param time milliseconds since the epoch */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The days from one to another, both included; none when the first is later. */
export function daysBetween(first: string, last: string): readonly string[] {
  const from = Date.parse(first);
  const count = Math.max(0, Math.round((Date.parse(last) - from) / DAY_MILLIS) + 1);
  return Array.from({ length: count }, (_, i) => dayOf(from + i * DAY_MILLIS));
}

/**
 * The first day of the quota's period that a day is in. Weeks begin on Monday and months on their first day, `offset`
 * days later where the quota has one.
 */
export function periodStart({ period, offset }: Quota, day: string): string {
  const time = Date.parse(day);
  if (period === "DAY") return day;
  const shifted = new Date(time - offset * DAY_MILLIS);
  if (period === "WEEK") return dayOf(time - ((shifted.getUTCDay() + 6) % 7) * DAY_MILLIS);
  const date = new Date(time);
  const month = date.getUTCDate() > offset ? date.getUTCMonth() : date.getUTCMonth() - 1;
  return dayOf(Date.UTC(date.getUTCFullYear(), month, 1 + offset));
}

/**
 * What was used on each day and what remained at its end, of the quota as it now is: 0 without a quota. What was used
 * beyond the quota does not weigh on the next day.
 * @param days in a row
 * @param usage by day, from the start of the first one's period on
 */
export function usageFigures(quota: Quota | undefined, days: readonly string[], usage: ReadonlyMap<string, DailyUsage>): readonly (readonly [number, number])[] {
  const [first] = days;
  if (first === undefined) return [];
  const figures: [number, number][] = [];
  let period = quota === undefined ? first : periodStart(quota, first);
  let remaining = quota?.limit ?? 0;
  for (const day of daysBetween(period, days.at(-1) ?? first)) {
    const { used = 0, extension = 0 } = usage.get(day) ?? {};
    if (quota !== undefined && periodStart(quota, day) !== period) {
      period = periodStart(quota, day);
      remaining = quota.limit;
    }
    remaining = quota === undefined ? 0 : Math.max(0, remaining + extension - used);
    if (day >= first) figures.push([used, remaining]);
  }
  return figures;
}

/** What remains of a quota at the end of a day: the last of {@link usageFigures}, from the days that were used alone. */
export function remainingOn(quota: Quota, day: string, usage: ReadonlyMap<string, DailyUsage>): number {
  let remaining = quota.limit;
  if (usage.size === 0) return remaining;
  const first = periodStart(quota, day);
  const used = Array.from(usage).filter(([each]) => each >= first && each <= day);
  used.sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [, each] of used) remaining = Math.max(0, remaining + each.extension - each.used);
  return remaining;
}
