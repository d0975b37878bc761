// Leases between workers and their primary, on a clock that is moved by hand: nobody waits, and together the workers let in
// what the bucket allows.
import { describe, expect, test } from "vitest";
import { createMemoryCounters } from "../adapters/memory/index.ts";
import type { TokenBucket } from "../domain/token-bucket.ts";
import { dayOf, type Quota } from "../domain/usage-plan.ts";
import type { Clock } from "../ports/clock.ts";
import type { Meter } from "../ports/counters.ts";
import { createLeasedCounters } from "./leased-counters.ts";
import { createLessor } from "./lessor.ts";

/** 2026-01-02T00:00:00Z */
const START = Date.UTC(2026, 0, 2);

function testClock() {
  let now = START;
  const tasks = new Set<{ at: number; task: () => void }>();
  const clock: Clock = {
    now: () => now,
    after(ms, task) {
      const entry = { at: now + ms, task };
      tasks.add(entry);
      return () => tasks.delete(entry);
    },
  };
  /** Moves time by a millisecond, and lets what is due, and what was asked, be done. */
  async function tick(): Promise<void> {
    now++;
    for (const entry of tasks) {
      if (entry.at > now) continue;
      tasks.delete(entry);
      entry.task();
    }
    await settle();
  }
  return { clock, tick, jump: (ms: number) => void (now += ms) };
}

/** Lets promises that wait for nothing but each other resolve. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

function start(shares: number) {
  const { clock, tick, jump } = testClock();
  const counters = createMemoryCounters();
  const lessor = createLessor({ counters, clock, shares });
  const state = { isJoined: true };
  let primary = lessor;
  const workers = Array.from({ length: shares }, (_, i) =>
    createLeasedCounters({
      shares,
      clock,
      isJoined: () => state.isJoined,
      // As it travels: copied.
      lease: async (wishes) => (state.isJoined ? structuredClone(primary.lease(i + 1, structuredClone(wishes))) : undefined),
    }),
  );
  /** Another primary in the place of the first, which knows nothing yet. */
  function next() {
    const others = createMemoryCounters();
    primary = createLessor({ counters: others, clock, shares });
    return others;
  }
  return { clock, tick, jump, counters, lessor, workers, state, next };
}

const worker = (workers: ReturnType<typeof start>["workers"], i: number) => workers[i] as ReturnType<typeof createLeasedCounters>;
const BUCKET: TokenBucket = { name: "b", rateLimit: 100, burstLimit: 50 };

describe("tokens", () => {
  test.each([1, 2, 4])("%i workers under full load let in what 100 a second with 50 at once allows, within five in a hundred", async (shares) => {
    const { clock, tick, workers } = start(shares);
    const counts = workers.map(() => 0);
    for (let ms = 0; ms < 10_000; ms++) {
      for (const [i, each] of workers.entries()) for (let request = 0; request < 2; request++) if (each.allow(BUCKET, clock.now())) counts[i] = (counts[i] ?? 0) + 1;
      await tick();
    }
    const sum = counts.reduce((one, other) => one + other);
    expect(sum).toBeGreaterThan(1050 * 0.95);
    expect(sum).toBeLessThan(1050 * 1.05);
    for (const count of counts) expect(count).toBeGreaterThan((sum / shares) * 0.8);
  });

  test.each([[2, 110], [2, 160], [4, 130], [4, 400]])("%i workers asked %i times a second, here and there, let in as many as one bucket would", async (shares, demand) => {
    const { clock, tick, workers } = start(shares);
    const alone = createMemoryCounters();
    const counts = { together: 0, alone: 0 };
    let asked = 0;
    // The same every time, and spread over workers and milliseconds without a pattern.
    const pick = () => Math.imul(++asked, 2_654_435_761) >>> 0;
    for (let ms = 0; ms < 10_000; ms++) {
      const due = (ms * demand) / 1000;
      while (asked < due) {
        if (worker(workers, pick() % shares).allow(BUCKET, clock.now())) counts.together++;
        if (alone.allow(BUCKET, clock.now())) counts.alone++;
      }
      await tick();
    }
    expect(counts.together).toBeGreaterThan(counts.alone * 0.95);
    expect(counts.together).toBeLessThan(counts.alone * 1.05);
  });

  test("a worker that alone is asked has all of them", async () => {
    const { clock, tick, workers } = start(4);
    let count = 0;
    for (let ms = 0; ms < 10_000; ms++) {
      if (worker(workers, 0).allow(BUCKET, clock.now())) count++;
      await tick();
    }
    expect(count).toBeGreaterThan(1050 * 0.95);
    expect(count).toBeLessThan(1050 * 1.05);
  });

  test("no more than twice what the bucket holds is let in at once, whatever happens", async () => {
    const { clock, tick, workers } = start(4);
    let count = 0;
    for (let ms = 0; ms < 20; ms++) {
      for (const each of workers) for (let request = 0; request < 100; request++) if (each.allow(BUCKET, clock.now())) count++;
      await tick();
    }
    expect(count).toBeGreaterThanOrEqual(50);
    expect(count).toBeLessThanOrEqual(100);
  });

  test("a client that comes as often as it may is never refused", async () => {
    const { clock, tick, workers } = start(2);
    const slow = { name: "slow", rateLimit: 1, burstLimit: 1 };
    for (let second = 0; second < 20; second++) {
      expect([second, worker(workers, 0).allow(slow, clock.now())]).toEqual([second, true]);
      for (let ms = 0; ms < 1100; ms++) await tick();
    }
  });

  test("whoever names a bucket takes from the same tokens, also after it was idle and comes anew, and never from another's", async () => {
    const { clock, tick, workers } = start(1);
    const [one, other] = [{ ...BUCKET, rateLimit: 1, burstLimit: 2 }, { ...BUCKET, rateLimit: 1, burstLimit: 2 }];
    for (let time = 0; time < 3; time++) {
      const letIn = Array.from({ length: 6 }, (_, i) => worker(workers, 0).allow(i % 2 === 0 ? one : other, clock.now()));
      expect(letIn).toEqual([true, true, false, false, false, false]);
      expect(worker(workers, 0).allow({ ...one, name: `another ${time}` }, clock.now())).toBe(true);
      for (let ms = 0; ms < 5000; ms++) await tick();
    }
  });

  test("a worker that has no lease lets requests in at once", () => {
    const { clock, workers } = start(2);
    for (const each of workers) expect(each.allow(BUCKET, clock.now())).toBe(true);
  });

  test("a bucket that holds nothing lets nobody in", async () => {
    const { clock, tick, workers } = start(2);
    for (let ms = 0; ms < 100; ms++) {
      for (const each of workers) expect(each.allow({ name: "none", rateLimit: 100, burstLimit: 0 }, clock.now())).toBe(false);
      await tick();
    }
  });

  test("without a primary, each worker lets its share in", async () => {
    const { clock, tick, workers, state } = start(2);
    state.isJoined = false;
    let count = 0;
    for (let ms = 0; ms < 10_000; ms++) {
      if (worker(workers, 0).allow(BUCKET, clock.now())) count++;
      await tick();
    }
    expect(count).toBe(25 + 499);
  });
});

const QUOTA: Quota = { limit: 1000, offset: 0, period: "DAY" };
const place = ["a", "r", "p", "k"];
const METER: Meter = { name: "a/r/p/k", place, quota: QUOTA };

describe("quotas", () => {
  test.each([1, 2, 4])("%i workers let in so many together, to the last request, and as many again the next day", async (shares) => {
    const { clock, tick, jump, counters, workers } = start(shares);
    const day = async () => {
      let count = 0;
      for (let ms = 0; ms < 3000; ms++) {
        for (const each of workers) {
          const answer = each.spend(METER, clock.now());
          const isSpent = typeof answer === "boolean" ? answer : await settled(answer, tick);
          if (isSpent) count++;
        }
        await tick();
      }
      return count;
    };
    expect(await day()).toBe(1000);
    await Promise.all(workers.map((each) => each.report()));
    expect(counters.drain()).toEqual([{ place, number: 0, day: "2026-01-02", used: 1000 }]);
    jump(86_400_000 - 10_000);
    expect(await day()).toBe(0);
    jump(10_000);
    expect(dayOf(clock.now())).toBe("2026-01-03");
    expect(await day()).toBe(1000);
  });

  test("what a worker holds is given back, and what it took along is free again", async () => {
    const { clock, tick, counters, lessor, workers } = start(2);
    const [one, other] = [worker(workers, 0), worker(workers, 1)];
    const few = { ...METER, quota: { ...QUOTA, limit: 4 } };
    expect(await settled(one.spend(few, clock.now()), tick)).toBe(true);
    for (let ms = 0; ms < 2000; ms++) await tick();
    let count = 0;
    for (let i = 0; i < 10; i++) if (await settled(other.spend(few, clock.now()), tick)) count++;
    expect(count).toBe(3);
    lessor.forget(2);
    await other.report();
    expect(counters.drain()).toEqual([{ place, number: 0, day: "2026-01-02", used: 4 }]);
  });

  test("who tells what was spent of a small quota takes nothing along that another needs", async () => {
    const { clock, tick, workers } = start(2);
    const [one, other] = [worker(workers, 0), worker(workers, 1)];
    const few = { ...METER, quota: { ...QUOTA, limit: 5 } };
    expect(await settled(one.spend(few, clock.now()), tick)).toBe(true);
    await one.report();
    let count = 0;
    for (let i = 0; i < 10; i++) if (await settled(other.spend(few, clock.now()), tick)) count++;
    expect(count).toBe(4);
  });

  test("all that is spent is told, whoever names the quota, also after it was idle and comes anew", async () => {
    const { tick, clock, counters, workers } = start(1);
    const one = worker(workers, 0);
    const spend = async (meter: Meter) => expect(await settled(one.spend(meter, clock.now()), tick)).toBe(true);
    const [first, second] = [{ ...METER }, { ...METER }];
    for (let time = 0; time < 3; time++) {
      for (const meter of [first, second]) await spend(meter);
      await spend({ ...second, name: "a/r/p/other", place: ["a", "r", "p", "other"] });
      for (let ms = 0; ms < 5000; ms++) await tick();
    }
    expect(counters.drain()).toEqual([
      { place, number: 0, day: "2026-01-02", used: 6 },
      { place: ["a", "r", "p", "other"], number: 1, day: "2026-01-02", used: 3 },
    ]);
  });

  test("an extension is found as soon as usage is reported", async () => {
    const { clock, tick, counters, workers } = start(2);
    const none = { ...METER, quota: { ...QUOTA, limit: 1 } };
    const one = worker(workers, 0);
    expect(await settled(one.spend(none, clock.now()), tick)).toBe(true);
    expect(await settled(one.spend(none, clock.now()), tick)).toBe(false);
    await one.report();
    counters.load(place, new Map([["2026-01-02", { used: 0, extension: 1 }]]));
    await one.report();
    expect(await settled(one.spend(none, clock.now()), tick)).toBe(true);
    expect(await settled(one.spend(none, clock.now()), tick)).toBe(false);
  });

  test("without a primary, a worker lets its share of what was left in, and tells the next one", async () => {
    const { clock, tick, counters, workers, state } = start(2);
    const one = worker(workers, 0);
    state.isJoined = false;
    const few = { ...METER, quota: { ...QUOTA, limit: 9 } };
    let alone = 0;
    for (let i = 0; i < 20; i++) if (await settled(one.spend(few, clock.now()), tick)) alone++;
    expect(alone).toBe(5);
    expect(counters.undrained).toBe(0);
    state.isJoined = true;
    for (let ms = 0; ms < 1000; ms++) await tick();
    expect(counters.drain()).toEqual([{ place, number: 0, day: "2026-01-02", used: 5 }]);
    expect(counters.remaining(few, clock.now())).toBe(4);
  });

  test("without a primary from the middle on, all workers together pass the quota by no more than a lease each", async () => {
    const { clock, tick, workers, state } = start(4);
    let count = 0;
    for (let ms = 0; ms < 1000; ms++) {
      if (count > 400) state.isJoined = false;
      for (const each of workers) if (await settled(each.spend(METER, clock.now()), tick)) count++;
      await tick();
    }
    expect(count).toBeGreaterThan(600);
    expect(count).toBeLessThanOrEqual(1000 + 4 * 10);
  });

  test("a primary that is killed in the middle loses no more than what was not written, and the next day opens", async () => {
    const { clock, tick, jump, counters, workers, state, next } = start(2);
    const spendAll = async (until: number) => {
      let count = 0;
      for (let ms = 0; ms < 2000 && count < until; ms++) {
        for (const each of workers) for (let client = 0; client < 2; client++) if (await settled(each.spend(METER, clock.now()), tick)) count++;
        await tick();
      }
      return count;
    };
    const before = await spendAll(400);
    // Of what the primary was told, it has written all but the last forty requests.
    const told = counters.drain().reduce((sum, { used }) => sum + used, 0);
    state.isJoined = false;
    const alone = await spendAll(50);
    next().load(place, new Map([["2026-01-02", { used: Math.max(0, told - 40), extension: 0 }]]));
    state.isJoined = true;
    const all = before + alone + (await spendAll(Infinity));
    expect(all).toBeGreaterThanOrEqual(1000 - 2 * 10);
    expect(all).toBeLessThanOrEqual(1000 + 40 + 2 * 10);
    jump(Date.UTC(2026, 0, 3) - clock.now() - 60_000);
    expect(await spendAll(1)).toBe(0);
    jump(Date.UTC(2026, 0, 3) - clock.now());
    expect(await spendAll(Infinity)).toBe(1000);
  });

  test("requests that are refused for another reason are not counted", async () => {
    const { clock, tick, counters, workers } = start(2);
    const one = worker(workers, 0);
    expect(await settled(one.spend(METER, clock.now()), tick)).toBe(true);
    one.refund(METER, clock.now());
    await one.report();
    expect(counters.drain()).toEqual([]);
  });
});

/** What a promise gives, with time going on. */
async function settled(answer: boolean | Promise<boolean>, tick: () => Promise<void>): Promise<boolean> {
  if (typeof answer === "boolean") return answer;
  let value: boolean | undefined;
  void answer.then((given) => (value = given));
  for (let i = 0; i < 100 && value === undefined; i++) await tick();
  if (value === undefined) throw new Error("never answered");
  return value;
}
