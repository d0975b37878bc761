// Tasks in a process of their own, with a real one: whatever becomes of a task, it is told, and the next is done.
import { once } from "node:events";
import { afterEach, beforeEach, expect, it } from "vitest";
import { systemClock } from "../system/index.ts";
import { createTaskProcess, type TaskProcess, type TaskProcessOptions } from "./index.ts";
import type { tasks } from "./tasks.fixture.ts";

let tasker: TaskProcess<typeof tasks>;
const start = (options: Partial<TaskProcessOptions> = {}): TaskProcess<typeof tasks> =>
  createTaskProcess({
    module: new URL("./tasks.fixture.ts", import.meta.url),
    clock: systemClock,
    timeLimitMs: 20_000,
    memoryMb: 32,
    maxWaiting: 2,
    idleMs: 20_000,
    ...options,
  });
beforeEach(() => {
  tasker = start();
});
afterEach(() => tasker.close());

/** What came of a task: its value, or why there is none. */
const outcome = (task: Promise<unknown>): Promise<unknown> =>
  task.catch((error: unknown) => {
    const { name, failure, message } = error as { name: string; failure: string; message: string };
    return `${name} ${failure}: ${message}`;
  });

it("does tasks elsewhere, one after the other, in one process that has less to say and to know", async () => {
  const [first, second] = await Promise.all([tasker.run("where", undefined), tasker.run("where", undefined)]);
  expect(first).toEqual({ pid: expect.any(Number) as unknown, priority: 5, environment: [] });
  expect(first.pid).not.toBe(process.pid);
  expect(second).toEqual(first);
  expect(await Promise.all([tasker.run("double", 2), tasker.run("later", 3)])).toEqual([4, 3]);
});

it("copies what goes there", async () => {
  const bytes = new Uint8Array(1_000);
  expect(await tasker.run("length", { bytes })).toBe(1_000);
  expect(bytes.length).toBe(1_000);
});

it.each<[string, () => Promise<unknown>, unknown]>([
  ["that throws", () => tasker.run("fail", "why"), "TaskError broken: why"],
  ["whose result cannot be copied", () => tasker.run("method", undefined), expect.stringMatching(/^TaskError broken: .*could not be cloned/s)],
  ["whose input cannot be copied", () => tasker.run("double", (() => 1) as never), "TaskError broken: its input cannot be copied"],
  ["that there is not", () => tasker.run("toString" as never, undefined as never), "TaskError broken: there is no task toString"],
  ["that ends the process", () => tasker.run("exit", 3), "TaskError broken: its process ended with 3"],
  ["that leaves an error to nobody", () => tasker.run("crash", undefined), "TaskError broken: its process ended with 1"],
  ["that takes too much memory", () => tasker.run("grow", undefined), "TaskError memory: it took more than 32 MB"],
  ["that takes too much memory at once", () => tasker.run("growAtOnce", undefined), "TaskError memory: it took more than 32 MB"],
])("tells of a task %s, and does the next one", async (_what, run, expected) => {
  const [told, next] = await Promise.all([outcome(run()), outcome(tasker.run("double", 4))]);
  expect([told, next]).toEqual([expected, 8]);
});

it("ends a task that takes too long, and does the next one", async () => {
  const hasty = start({ timeLimitMs: 1_500 });
  const [told, next] = await Promise.all([outcome(hasty.run("spin", undefined)), outcome(hasty.run("double", 4))]);
  expect([told, next]).toEqual(["TaskError time: it took more than 1500 ms", 8]);
  await hasty.close();
});

it("holds up nobody here meanwhile", async () => {
  const spinning = outcome(tasker.run("spin", undefined));
  const channel = new EventTarget();
  setTimeout(() => channel.dispatchEvent(new Event("turn")));
  await once(channel, "turn");
  await tasker.close();
  expect(await spinning).toBe("TaskError broken: its process was closed");
});

it("lets no more wait than it may", async () => {
  const all = [1, 2, 3, 4].map((number) => outcome(tasker.run("double", number)));
  expect(await Promise.all(all)).toEqual([2, 4, 6, "TaskError busy: 2 others wait"]);
});

it("lets the process end when there is nothing to do, and starts another one", async () => {
  const idle: (() => void)[] = [];
  const lazy = start({ idleMs: 1, clock: { ...systemClock, after: (ms, task) => (ms === 1 ? (idle.push(task), () => {}) : systemClock.after(ms, task)) } });
  const first = await lazy.run("where", undefined);
  expect(await lazy.run("where", undefined)).toEqual(first);
  idle.at(-1)?.();
  const second = await lazy.run("where", undefined);
  expect(second.pid).not.toBe(first.pid);
  await lazy.close();
});

it("refuses what it has to do, and all that comes, once it is closed", async () => {
  const all = [outcome(tasker.run("spin", undefined)), outcome(tasker.run("double", 1))];
  await tasker.close();
  const CLOSED = "TaskError broken: its process was closed";
  expect([...(await Promise.all(all)), await outcome(tasker.run("double", 1))]).toEqual([CLOSED, CLOSED, CLOSED]);
});
