// Which keys are in which usage plans. A key has one plan at most for each stage.
import type { ApiKey } from "../../domain/api-key.ts";
import { conflict, limitExceeded, type ServiceError } from "../../domain/errors.ts";
import { scoped } from "../../domain/record.ts";
import { dailyUsages, type UsagePlan, type UsagePlanKey, usagePlanKeys, usagePlans } from "../../domain/usage-plan.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import type { ApiGatewayContext } from "./context.ts";
import { sameStage } from "./usage-plan-stages.ts";

/**
 * The change by which a key comes into a plan, and the plans that it is in already. Whoever makes the change also writes
 * the key and the plan as they are, and checks the other plans: then plans and keys stay apart whoever changes them.
 * @throws {ServiceError} when it may not
 */
export async function entry(context: ApiGatewayContext, plan: Stored<UsagePlan>, { key: [account = "", region = ""], value: { id } }: Stored<ApiKey>) {
  const { store } = context;
  const place = [...plan.key, id];
  const before = await store.get(usagePlanKeys, place);
  if (before !== undefined && !before.value.former) throw conflict(`API Key ${id} is already in usage plan ${plan.value.id}`);
  const { items } = await store.list(usagePlanKeys, { index: { name: "key", value: scoped(account, region, id) } });
  const found = await Promise.all(items.map(({ key }) => store.get(usagePlans, key.slice(0, -1))));
  const others = found.flatMap((each) => each ?? []);
  assertMayEnter(context, id, plan.value, others.map(({ value }) => value));
  return { planKey: put(usagePlanKeys, place, { keyId: id, type: "API_KEY" }, before?.version ?? "absent"), others };
}

/** @throws {ServiceError} when the key may not come into the plan beside the others that it is in */
export function assertMayEnter({ limits }: ApiGatewayContext, keyId: string, plan: UsagePlan, others: readonly UsagePlan[]): void {
  if (others.length >= limits.usagePlansPerApiKey) {
    throw limitExceeded("Maximum number of Usage Plans for this API Key has been reached.  Please contact AWS if you need additional Usage Plans.");
  }
  for (const other of others) assertApart(keyId, plan, other);
}

/** Two plans that a key is in have no stage in common (guide: api-gateway-api-usage-plans). @throws {ServiceError} ConflictException */
export function assertApart(keyId: string, one: UsagePlan, other: UsagePlan): void {
  const shared = one.apiStages.find((stage) => other.apiStages.some((each) => sameStage(stage, each)));
  if (shared !== undefined) throw twoPlans(keyId, one, other, `${shared.apiId}:${shared.stage}`);
}

const twoPlans = (keyId: string, { id }: UsagePlan, other: UsagePlan, stage: string): ServiceError =>
  conflict(`API Key ${keyId} cannot be in usage plans ${id} and ${other.id}, as both have the API Stage ${stage}`);

/** The change by which a key leaves a plan. What it has used stays, and so does its place, for as long as there is any. */
export async function departure({ store }: ApiGatewayContext, { key, value, version }: Stored<UsagePlanKey>): Promise<Change> {
  const used = await store.count(dailyUsages, { prefix: key });
  return used === 0 ? remove(usagePlanKeys, key, version) : put(usagePlanKeys, key, { ...value, former: true }, version);
}

/** Whether a list that is asked for a name shows this key. */
export const isNamed = ({ name = "" }: ApiKey, nameQuery = ""): boolean => name.startsWith(nameQuery);
