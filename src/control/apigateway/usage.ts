// Usage: what keys have used of a plan, day by day, and extensions of what remains.
import type { Call } from "../../domain/call.ts";
import { badRequest, notFound } from "../../domain/errors.ts";
import type { Key } from "../../domain/record.ts";
import {
  dailyUsages,
  type DailyUsage,
  dayOf,
  daysBetween,
  periodStart,
  type UsagePlan,
  usageFigures,
  type UsagePlanKey,
  usagePlanKeys,
  usagePlans,
} from "../../domain/usage-plan.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { check, put, type Store, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, findUsagePlan } from "./context.ts";

/** Every key of a page has a pair of figures for each day. */
const MOST_DAYS = 366;

export function usageOperations(context: ApiGatewayContext) {
  const { store, clock } = context;
  return {
    read: async (input: Model.GetUsageRequest, call: Call): Promise<Model.Usage> => {
      const plan = await findUsagePlan(context, input, call);
      const days = daysOf(input);
      await context.publication.keepUsage();
      const { usagePlanId, startDate, endDate } = input;
      const figures = async ({ key, value: { keyId, former } }: Stored<UsagePlanKey>) => {
        const shown = await figuresOf(store, plan.value, key, days);
        return former && shown.every(([used]) => used === 0) ? undefined : ([keyId, shown] as const);
      };
      const page = input.keyId
        ? { items: [await figures(await findPlanKey(context, plan.key, input.keyId))].flatMap((each) => (each ? [each] : [])) }
        : await verbs.selectedPage(store, usagePlanKeys, { prefix: plan.key, show: figures }, input);
      return { usagePlanId, startDate, endDate, ...page, items: Object.fromEntries(page.items) };
    },
    patch: verbs.patching(store, {
      find: async (input: Model.UpdateUsageRequest, call) => {
        const plan = await findUsagePlan(context, input, call);
        const planKey = await findPlanKey(context, plan.key, input.keyId);
        const { key } = planKey;
        await context.publication.keepUsage();
        if (planKey.value.former) throw noKey();
        const today = dayOf(clock.now());
        const [[used, remaining] = [0, 0]] = await figuresOf(store, plan.value, key, [today]);
        return { plan, planKey, key, today, used, remaining };
      },
      of: ({ remaining }): Remaining => ({ remaining }),
      rules,
      keep: async (found, { remaining }) => ({
        ...(await extension(store, found, remaining)),
        afterwards: () => context.publication.usageChanged(found.key),
      }),
    }),
  };
}

interface Remaining {
  readonly remaining: number;
}

const rules: verbs.PatchRules<Remaining> = {
  "/remaining": { replace: verbs.set("remaining", verbs.integer(0, 2 ** 31 - 1)) },
};

interface Found extends Remaining {
  readonly plan: Stored<UsagePlan>;
  readonly planKey: Stored<UsagePlanKey>;
  readonly key: Key;
  readonly today: string;
  readonly used: number;
}

/** Keeps what was added to today's quota, so that so much remains of it now. */
async function extension(store: Store, { plan, planKey, key, today, used, remaining }: Found, wanted: number): Promise<verbs.Decision<Model.Usage>> {
  const [, , usagePlanId = "", keyId = ""] = key;
  const answer = (usedToday: number): Model.Usage => ({ usagePlanId, startDate: today, endDate: today, items: { [keyId]: [[usedToday, wanted]] } });
  if (wanted === remaining) return { changes: [], answer: answer(used) };
  if (plan.value.quota === undefined) throw badRequest(`Usage Plan ${usagePlanId} has no quota to extend`);
  const place = [...key, today];
  const before = await store.get(dailyUsages, place);
  const next = extended(plan.value, await usageOf(store, plan.value, key, [today]), today, wanted);
  const unchanged = [check(usagePlans, plan.key, plan.version), check(usagePlanKeys, key, planKey.version)];
  return { changes: [...unchanged, put(dailyUsages, place, next, before?.version ?? "absent")], answer: answer(next.used) };
}

/** The day's usage with the extension that leaves `wanted` at its end. */
function extended(plan: UsagePlan, usage: ReadonlyMap<string, DailyUsage>, day: string, wanted: number): DailyUsage {
  const { used = 0 } = usage.get(day) ?? {};
  const others = new Map([...usage].filter(([each]) => each !== day));
  const [[, available] = [0, 0]] = usageFigures(plan.quota, [day], others);
  return { used, extension: wanted - (available - used) };
}

/** Also finds keys that are no longer in the plan. @throws {ServiceError} NotFoundException (github.com/aws/aws-cli/issues/5344) */
async function findPlanKey({ store }: ApiGatewayContext, plan: Key, keyId: string): Promise<Stored<UsagePlanKey>> {
  const planKey = await store.get(usagePlanKeys, [...plan, keyId]);
  if (planKey === undefined) throw noKey();
  return planKey;
}

const noKey = () => notFound("Invalid Key identifier specified");

async function figuresOf(store: Store, plan: UsagePlan, key: Key, days: readonly string[]) {
  return usageFigures(plan.quota, days, await usageOf(store, plan, key, days));
}

/** What a key has used of a plan, by day, from the start of the first day's period to the last day. */
async function usageOf(store: Store, { quota }: UsagePlan, key: Key, days: readonly string[]): Promise<ReadonlyMap<string, DailyUsage>> {
  const [first = ""] = days;
  const all = daysBetween(quota === undefined ? first : periodStart(quota, first), days.at(-1) ?? first);
  const before = dayOf(Date.parse(all[0] ?? first) - 1);
  const { items } = await store.list(dailyUsages, { prefix: key, after: [...key, before], limit: all.length });
  return new Map(items.map((item) => [item.key.at(-1) ?? "", item.value]));
}

/** @throws {ServiceError} BadRequestException */
function daysOf({ startDate, endDate }: Model.GetUsageRequest): readonly string[] {
  for (const date of [startDate, endDate]) {
    const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : NaN;
    if (Number.isNaN(time) || dayOf(time) !== date) throw badRequest(`Invalid date '${date}' specified. Must be of the form YYYY-MM-DD`);
  }
  if (startDate > endDate) throw badRequest("Start date must not be after end date");
  const days = (Date.parse(endDate) - Date.parse(startDate)) / 86_400_000 + 1;
  if (days > MOST_DAYS) throw badRequest(`At most ${MOST_DAYS} days of usage can be read at once; these are ${days}`);
  return daysBetween(startDate, endDate);
}
