// Usage between the counters and the store: in batches, bounded, and never lost to a store that fails for a while.
import { expect, test } from "vitest";
import { createMemoryCounters, createMemoryStore } from "../adapters/memory/index.ts";
import { dailyUsages, usagePlanKeys } from "../domain/usage-plan.ts";
import type { Meter } from "../ports/counters.ts";
import type { Log } from "../ports/log.ts";
import { type Change, put, type Store } from "../ports/store.ts";
import { createUsageKeeper } from "./usage.ts";

const NOW = Date.UTC(2026, 0, 20, 12);
const place = ["a", "r", "p", "k"];
const meter: Meter = { name: "a/r/p/k", place, quota: { limit: 100, offset: 0, period: "MONTH" } };

async function start(requests = 5, wrap = (store: Store): Store => store) {
  const store = createMemoryStore();
  await store.commit([put(usagePlanKeys, place, { keyId: "k", type: "API_KEY" }, "absent")]);
  const counters = createMemoryCounters();
  const timers: (() => void)[] = [];
  const errors: string[] = [];
  const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (message) => void errors.push(message) };
  const clock = { now: () => NOW, after: (_ms: number, task: () => void) => (timers.push(task), () => void timers.splice(timers.indexOf(task), 1)) };
  const keeper = createUsageKeeper({ store: wrap(store), ledger: counters, clock, batch: { milliseconds: 1000, requests }, log });
  const bounded = keeper.bounded(counters);
  return {
    store,
    counters,
    keeper,
    errors,
    timers,
    spend: () => bounded.spend(meter, NOW),
    used: async () => (await store.get(dailyUsages, [...place, "2026-01-20"]))?.value,
  };
}

test("what was counted is written once so many requests are, or so much time has passed", async () => {
  const { spend, used, timers, keeper } = await start();
  for (let i = 0; i < 4; i++) expect(spend()).toBe(true);
  expect(timers).toHaveLength(1);
  expect(await used()).toBeUndefined();
  expect(spend()).toBe(true);
  expect(timers).toHaveLength(0);
  await keeper.keep();
  expect(await used()).toEqual({ used: 5, extension: 0 });
  expect(spend()).toBe(true);
  timers.shift()?.();
  await keeper.keep();
  expect(await used()).toEqual({ used: 6, extension: 0 });
});

test("no more than two batches are counted and not written: the next request waits", async () => {
  const { spend, used } = await start();
  const answers = Array.from({ length: 40 }, spend);
  expect(answers.filter((answer) => answer instanceof Promise)).toHaveLength(30);
  for (let i = 0; i < answers.length; i++) {
    expect(await answers[i]).toBe(true);
    expect((await used())?.used ?? 0).toBeGreaterThanOrEqual(i + 1 - 10);
  }
});

test("requests that wait are refused like others once nothing remains", async () => {
  const { spend } = await start(50);
  const answers = await Promise.all(Array.from({ length: 120 }, async () => spend()));
  expect(answers.filter(Boolean)).toHaveLength(100);
});

test("an extension that is written at the same time stays, and counts", async () => {
  const { spend, used, store, counters, keeper } = await start();
  for (let i = 0; i < 4; i++) void spend();
  const kept = keeper.keep();
  await store.commit([put(dailyUsages, [...place, "2026-01-20"], { used: 0, extension: 7 }, "any")]);
  await kept;
  await keeper.reload([place]);
  expect(await used()).toEqual({ used: 4, extension: 7 });
  expect(counters.remaining(meter, NOW)).toBe(103);
});

test("a store that fails keeps nobody waiting, and gets it later", async () => {
  let fails = true;
  const { spend, used, errors, timers, keeper, counters } = await start(5, (store) => {
    const commit = store.commit.bind(store);
    return Object.assign(store, { commit: (changes: readonly Change[]) => (fails ? Promise.reject(new Error("disk full")) : commit(changes)) });
  });
  const answers = await Promise.all(Array.from({ length: 30 }, async () => spend()));
  expect(answers).not.toContain(false);
  expect(errors).toContain("what API keys have used cannot be written, and is tried again");
  await expect(keeper.keep()).rejects.toThrow("disk full");
  expect(counters.undrained).toBe(30);
  expect(errors.length).toBeLessThan(4);
  fails = false;
  expect(timers.length).toBeGreaterThan(0);
  await keeper.keep();
  expect(await used()).toEqual({ used: 30, extension: 0 });
});

test("nothing is kept of a key that is in the plan no more, and has used nothing", async () => {
  const { spend, used, store, keeper } = await start();
  void spend();
  await store.commit([{ op: "remove", kind: usagePlanKeys, key: place, expect: "any" }]);
  await keeper.keep();
  expect(await used()).toBeUndefined();
});
