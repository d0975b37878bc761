// Keys and plans as gateways are told of them, from the store: each as it now is, and all of them at the start.
import { expect, test } from "vitest";
import { createMemoryCounters, createMemoryKeys, createMemoryStore } from "../adapters/memory/index.ts";
import { type ApiKey, apiKeys } from "../domain/api-key.ts";
import { dailyUsages, type UsagePlan, usagePlanKeys, usagePlans } from "../domain/usage-plan.ts";
import type { Change } from "../ports/store.ts";
import { put, remove } from "../ports/store.ts";
import { createKeyPublisher } from "./keys.ts";
import { createUsageKeeper } from "./usage.ts";

const NOW = Date.UTC(2026, 0, 20, 12);
const HOME = ["111111111111", "us-east-1"] as const;
const named = (id: string) => ({ account: HOME[0], region: HOME[1], id });
const stage = { account: HOME[0], region: HOME[1], apiId: "api", stageName: "prod" };
const clock = { now: () => NOW, after: () => () => undefined };
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const keyOf = (id: string, parts: Partial<ApiKey> = {}): Change =>
  put(apiKeys, [...HOME, id], { id, value: `value of ${id} of twenty`, enabled: true, createdDate: 0, lastUpdatedDate: 0, stageKeys: [], tags: {}, ...parts }, "any");
const planOf = (id: string, parts: Partial<UsagePlan> = {}): Change =>
  put(usagePlans, [...HOME, id], { id, name: id, apiStages: [{ apiId: "api", stage: "prod" }], tags: {}, ...parts }, "any");
const member = (plan: string, keyId: string, former?: true): Change => put(usagePlanKeys, [...HOME, plan, keyId], { keyId, type: "API_KEY", ...(former && { former }) }, "any");

async function start(changes: readonly Change[]) {
  const store = createMemoryStore();
  await store.commit(changes);
  const keys = createMemoryKeys();
  const counters = createMemoryCounters();
  const usage = createUsageKeeper({ store, ledger: counters, clock, batch: { milliseconds: 1000, requests: 1000 }, log });
  const publisher = createKeyPublisher({ store, gateways: keys, usage });
  const find = (id: string) => keys.find(stage, `value of ${id} of twenty`);
  return { store, counters, publisher, find };
}

test("all are published at the start, with what was used of quotas", async () => {
  const quota = { limit: 10, offset: 0, period: "MONTH" } as const;
  const { publisher, find, counters } = await start([
    keyOf("k1"), keyOf("k2"), keyOf("k3", { enabled: false }), planOf("p1", { quota, throttle: { rateLimit: 1, burstLimit: 2 } }), planOf("p2", { apiStages: [] }),
    member("p1", "k1"), member("p2", "k2"), member("p1", "k3"), member("p1", "k2", true),
    put(dailyUsages, [...HOME, "p1", "k1", "2026-01-01"], { used: 4, extension: 1 }, "any"),
    put(dailyUsages, [...HOME, "p1", "k1", "2025-12-31"], { used: 9, extension: 0 }, "any"),
  ]);
  await publisher.publishAllKeys();
  const found = find("k1");
  expect(found).toMatchObject({ keyId: "k1", meter: { place: [...HOME, "p1", "k1"], quota }, bucket: { rateLimit: 1, burstLimit: 2 } });
  expect(found && counters.remaining(found.meter, NOW)).toBe(7);
  expect([find("k2"), find("k3"), find("k4")]).toEqual([undefined, undefined, undefined]);
});

test("changes are read from the store", async () => {
  const { store, publisher, find, counters } = await start([keyOf("k1"), planOf("p1"), member("p1", "k1")]);
  await Promise.all([publisher.keysChanged([named("k1")]), publisher.usagePlansChanged([named("p1")])]);
  expect(find("k1")).toMatchObject({ keyId: "k1", bucket: undefined });
  await store.commit([
    planOf("p1", { quota: { limit: 3, offset: 0, period: "DAY" } }),
    put(dailyUsages, [...HOME, "p1", "k1", "2026-01-20"], { used: 2, extension: 0 }, "any"),
  ]);
  await publisher.usagePlansChanged([named("p1")]);
  const found = find("k1");
  expect(found && counters.remaining(found.meter, NOW)).toBe(1);
  await store.commit([member("p1", "k1", true)]);
  await publisher.keysChanged([named("k1")]);
  expect(find("k1")).toBeUndefined();
  await store.commit([member("p1", "k1"), remove(usagePlans, [...HOME, "p1"], "any")]);
  await Promise.all([publisher.keysChanged([named("k1")]), publisher.usagePlansChanged([named("p1")])]);
  expect(find("k1")).toBeUndefined();
  await store.commit([planOf("p1"), remove(apiKeys, [...HOME, "k1"], "any")]);
  await Promise.all([publisher.keysChanged([named("k1")]), publisher.usagePlansChanged([named("p1")])]);
  expect(find("k1")).toBeUndefined();
});

test("10,000 keys are found like ten", async () => {
  const keys = Array.from({ length: 10_000 }, (_, i) => [keyOf(`k${i}`), member("p1", `k${i}`)]).flat();
  const { publisher, find } = await start([planOf("p1"), ...keys]);
  await publisher.publishAllKeys();
  expect(find("k0")?.keyId).toBe("k0");
  expect(find("k9999")?.keyId).toBe("k9999");
});
