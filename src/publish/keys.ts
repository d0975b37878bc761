// An API key or a usage plan changed: read it and tell the gateways, which look keys up by value and never read the store.
import { type ApiKey, apiKeys } from "../domain/api-key.ts";
import { scoped } from "../domain/record.ts";
import { type UsagePlan, usagePlanKeys, usagePlans } from "../domain/usage-plan.ts";
import type { KeyChange, KeyHolder } from "../ports/key-lookup.ts";
import type { RegionalName } from "../ports/publication.ts";
import type { Store, Stored } from "../ports/store.ts";
import { createTurns } from "./in-turn.ts";
import type { UsageKeeper } from "./usage.ts";

export interface KeyPublisher {
  keysChanged(keys: readonly RegionalName[]): Promise<void>;
  usagePlansChanged(plans: readonly RegionalName[]): Promise<void>;
  /** Publishes every key and plan in the store, and what was used of quotas. */
  publishAllKeys(): Promise<void>;
}

export interface KeyPublisherParts {
  readonly store: Store;
  readonly gateways: KeyHolder;
  readonly usage: UsageKeeper;
}

/** So many records are read at once. */
const READ_AT_ONCE = 200;

export function createKeyPublisher({ store, gateways, usage }: KeyPublisherParts): KeyPublisher {
  const inTurn = createTurns();
  /** Plans with a quota, of whose keys the usage is known. */
  const metered = new Set<string>();

  async function publishKeys(names: readonly RegionalName[]): Promise<void> {
    const read = await inBatches(names, async (name) => ({ name, key: await store.get(apiKeys, placeOf(name)), planIds: await planIdsOf(name) }));
    const places = read.flatMap(({ name, key, planIds }) => (key === undefined ? [] : planIds.map((id) => [name.account, name.region, id, name.id])));
    const counted = await inBatches(places, async (place) => ((await store.get(usagePlans, place.slice(0, 3)))?.value.quota === undefined ? [] : [place]));
    await usage.reload(counted.flat());
    await gateways.changeKeys(read.map(({ name, key, planIds }) => (key === undefined ? { type: "keyGone", ...name } : keyChange(key, planIds))));
  }

  async function planIdsOf({ account, region, id }: RegionalName): Promise<readonly string[]> {
    const { items } = await store.list(usagePlanKeys, { index: { name: "key", value: scoped(account, region, id) } });
    return items.map(({ key }) => key[2] as string);
  }

  async function publishPlan(name: RegionalName): Promise<void> {
    const place = placeOf(name);
    const plan = await store.get(usagePlans, place);
    if (plan?.value.quota === undefined) metered.delete(scoped(...place));
    else if (!metered.has(scoped(...place))) {
      const { items } = await store.list(usagePlanKeys, { prefix: place });
      await usage.reload(items.filter(({ value }) => !value.former).map(({ key }) => key));
      metered.add(scoped(...place));
    }
    await gateways.changeKeys([plan === undefined ? { type: "planGone", ...name } : planChange(plan)]);
  }

  return {
    // Keys of one file are published together; two changes of keys one after the other.
    keysChanged: (keys) => (keys.length === 0 ? Promise.resolve() : inTurn("keys", () => publishKeys(keys))),
    async usagePlansChanged(plans) {
      await Promise.all(plans.map((plan) => inTurn(scoped(...placeOf(plan)), () => publishPlan(plan))));
    },
    async publishAllKeys() {
      const [keys, plans, planKeys] = await Promise.all([store.list(apiKeys, {}), store.list(usagePlans, {}), store.list(usagePlanKeys, {})]);
      const current = planKeys.items.filter(({ value }) => !value.former);
      const withQuota = plans.items.filter(({ value }) => value.quota !== undefined);
      for (const { key } of withQuota) metered.add(scoped(...key));
      await usage.reload(current.flatMap(({ key }) => (metered.has(scoped(...key.slice(0, 3))) ? [key] : [])));
      const planIds = Map.groupBy(current, ({ key: [account = "", region = "", , keyId = ""] }) => scoped(account, region, keyId));
      const idsOf = ({ key }: Stored<ApiKey>) => planIds.get(scoped(...key))?.map((each) => each.key[2] as string) ?? [];
      await gateways.changeKeys([...plans.items.map(planChange), ...keys.items.map((key) => keyChange(key, idsOf(key)))]);
    },
  };
}

const placeOf = ({ account, region, id }: RegionalName): readonly [string, string, string] => [account, region, id];

function keyChange({ key: [account = "", region = ""], value: { id, value, enabled } }: Stored<ApiKey>, planIds: readonly string[]): KeyChange {
  return { type: "key", key: { account, region, id, value, enabled, planIds } };
}

function planChange({ key: [account = "", region = ""], value: { id, apiStages, throttle, quota } }: Stored<UsagePlan>): KeyChange {
  return { type: "plan", plan: { account, region, id, apiStages, ...(throttle && { throttle }), ...(quota && { quota }) } };
}

async function inBatches<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += READ_AT_ONCE) results.push(...(await Promise.all(items.slice(i, i + READ_AT_ONCE).map(task))));
  return results;
}
