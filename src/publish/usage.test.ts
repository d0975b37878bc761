// Usage between the counters and the store: in batches, bounded, and never lost to a store that fails for a while.
import { describe, expect, test } from "vitest";
import { createMemoryCounters, createMemoryStore } from "../adapters/memory/index.ts";
import { countedBatches, dailyUsages, usagePlanKeys } from "../domain/usage-plan.ts";
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

describe("what many keys have used", () => {
  const DAY = "2026-01-20";
  const KEYS = 250;
  const placeOf = (key: number) => ["a", "r", "p", `k${key}`];
  const meterOf = (key: number): Meter => ({ name: `a/r/p/k${key}`, place: placeOf(key), quota: undefined });
  const meters = Array.from({ length: KEYS }, (_, key) => meterOf(key));

  /** A keeper of many keys, whose every key has been used so often, and the batches that are kept of it. */
  async function startMany(wrap?: (store: Store) => Store) {
    const started = await start(KEYS, wrap);
    const { store, counters } = started;
    await store.commit(Array.from({ length: KEYS }, (_, key) => put(usagePlanKeys, placeOf(key), { keyId: `k${key}`, type: "API_KEY" as const }, "absent")));
    return {
      ...started,
      /** One request by each key: together a batch. */
      async round() {
        for (const each of meters) counters.spend(each, NOW);
        await settled();
      },
      batches: async () => (await store.list(countedBatches, {})).items.length,
      all: async () => (await store.list(dailyUsages, { prefix: ["a", "r", "p"] })).items.map(({ key, value }) => [key[3], key[4], value.used]),
    };
  }
  /** A store in memory takes no time, only turns. */
  const settled = async () => {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  };
  const expected = (used: number) => Array.from({ length: KEYS }, (_, key) => [`k${key}`, DAY, used]).toSorted(([one], [other]) => ((one as string) < (other as string) ? -1 : 1));

  test("is written a batch at a time, and added to the days' records when somebody asks", async () => {
    const { round, batches, all, keeper } = await startMany();
    await round();
    await round();
    expect(await batches()).toBe(2);
    expect(await all()).toEqual([]);
    await keeper.keep();
    expect(await batches()).toBe(0);
    expect(await all()).toEqual(expected(2));
  });

  test("is found by the next process, when this one was killed at any time", async () => {
    let commits = 0;
    let most = Infinity;
    const { round, all, keeper, store } = await startMany((store) => {
      const commit = store.commit.bind(store);
      return Object.assign(store, { commit: (changes: readonly Change[]) => (++commits > most ? Promise.reject(new Error("killed")) : commit(changes)) });
    });
    await round();
    await round();
    // Merged, and one of two pieces added.
    most = commits + 2;
    await expect(keeper.keep()).rejects.toThrow("killed");
    expect(await all()).toHaveLength(200);
    most = Infinity;
    const counters = createMemoryCounters();
    const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    const next = createUsageKeeper({ store, ledger: counters, clock: { now: () => NOW, after: () => () => undefined }, batch: { milliseconds: 1000, requests: 5 }, log });
    const quota = { limit: 10, offset: 0, period: "DAY" } as const;
    await next.reload([placeOf(3), placeOf(249)]);
    expect(await all()).toEqual(expected(2));
    expect([3, 249].map((key) => counters.remaining({ ...meterOf(key), quota }, NOW))).toEqual([8, 8]);
  });

  test("is added to the days' records once a thousand batches are kept, without waiting for their time", async () => {
    const { round, batches, all, keeper, timers } = await startMany();
    for (let i = 0; i < 999; i++) await round();
    expect(await batches()).toBe(999);
    expect(timers).toHaveLength(1);
    await round();
    await expect.poll(batches).toBe(0);
    expect(timers).toHaveLength(0);
    expect(await all()).toEqual(expected(1000));
    await round();
    expect(await batches()).toBe(1);
    timers.shift()?.();
    await expect.poll(batches).toBe(0);
    await keeper.keep();
    expect(await all()).toEqual(expected(1001));
  });

  test("is tried again by time alone where it cannot be added", async () => {
    let fails = true;
    let tries = 0;
    const { round, batches, all, timers, errors } = await startMany((store) => {
      const commit = store.commit.bind(store);
      const isMerge = (changes: readonly Change[]) => changes.some(({ kind, op }) => kind === countedBatches && op === "remove");
      return Object.assign(store, { commit: (changes: readonly Change[]) => (fails && isMerge(changes) && ++tries > 0 ? Promise.reject(new Error("disk full")) : commit(changes)) });
    });
    for (let i = 0; i < 1003; i++) await round();
    expect({ tries, batches: await batches(), errors }).toEqual({ tries: 1, batches: 1003, errors: [expect.stringContaining("cannot be added")] });
    expect(timers).toHaveLength(1);
    fails = false;
    timers.shift()?.();
    await expect.poll(batches).toBe(0);
    expect(await all()).toEqual(expected(1003));
  });

  test("is added to the days that it was used on, though they change from request to request", async () => {
    const { counters, keeper, store } = await startMany();
    for (let turn = 0; turn < 3; turn++) {
      for (const each of meters) for (const now of [NOW, NOW + 86_400_000]) for (let i = 0; i < (now === NOW ? 1 : 2); i++) counters.spend(each, now);
      await settled();
    }
    await keeper.keep();
    for (const [day, used] of [["2026-01-20", 3], ["2026-01-21", 6]] as const) {
      expect(await store.get(dailyUsages, [...placeOf(7), day])).toMatchObject({ value: { used, extension: 0 } });
    }
  });

  test("is not counted twice where the store has failed", async () => {
    let fails = false;
    const { round, all, keeper, counters } = await startMany((store) => {
      const commit = store.commit.bind(store);
      return Object.assign(store, { commit: (changes: readonly Change[]) => (fails ? Promise.reject(new Error("disk full")) : commit(changes)) });
    });
    await round();
    fails = true;
    await round();
    expect(counters.undrained).toBe(KEYS);
    await expect(keeper.keep()).rejects.toThrow("disk full");
    fails = false;
    await keeper.keep();
    await keeper.keep();
    expect(await all()).toEqual(expected(2));
  });
});
