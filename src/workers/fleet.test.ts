// What the primary does when workers, or starting them, go wrong: with real processes that only join.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { createMemoryCounters } from "../adapters/memory/index.ts";
import { systemClock } from "../adapters/system/index.ts";
import type { Clock } from "../ports/clock.ts";
import { createFleet, type Fleet, type WorkerProcess } from "./fleet.ts";
import { createLessor } from "./lessor.ts";

const PROGRAM = fileURLToPath(new URL("./fleet.fixture.ts", import.meta.url));

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

interface Crew {
  readonly fleet: Fleet;
  readonly socketPath: string;
  /** Those that run. */
  readonly pids: Set<number>;
  readonly started: () => number;
}

/** Between attempts passes a tenth of the time. */
const hurried: Clock = { now: systemClock.now, after: (ms, task) => systemClock.after(ms / 10, task) };

/** @param faultOf what goes wrong with the nth worker; "cannot be started" for one of which there is no process */
async function crew(count: number, faultOf: (nth: number) => string = () => "", ports: readonly number[] = [0]): Promise<Crew> {
  const directory = await mkdtemp(join(tmpdir(), "fleet-"));
  const socketPath = join(directory, "primary.sock");
  const pids = new Set<number>();
  let started = 0;
  const startWorker = (holder: number): WorkerProcess => {
    const fault = faultOf(++started);
    if (fault === "cannot be started") throw new Error("no process could be started for a worker");
    const child = spawn(process.execPath, [PROGRAM, socketPath, fault, "", String(holder)], { stdio: "inherit" });
    const pid = child.pid as number;
    pids.add(pid);
    const exited = once(child, "exit").then(() => void pids.delete(pid));
    return { pid, exited };
  };
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const functions = { invoke: () => Promise.reject(new Error("no functions")), invokeStream: () => Promise.reject(new Error("no functions")) };
  const lessor = createLessor({ counters: createMemoryCounters(), clock: systemClock, shares: count });
  const fleet = createFleet({ count, host: "127.0.0.1", ports, socketPath, startWorker, functions, lessor, clock: hurried, log });
  cleanUps.push(async () => {
    await fleet.close(0);
    await expect.poll(() => pids.size).toBe(0);
    await rm(directory, { recursive: true });
  });
  return { fleet, socketPath, pids, started: () => started };
}

const nobody = () => Promise.resolve({ status: 404, headers: [], body: "" });
const kill = (pids: Iterable<number>): void => {
  for (const pid of pids) process.kill(pid, "SIGKILL");
};

test("a start is given up when no worker comes to serve", async () => {
  const faults = ["ends before it joins", "ends when it is to listen", "cannot be started"];
  const crews = await Promise.all(faults.map((fault) => crew(1, () => fault)));
  const starts = crews.map(({ fleet }) => expect(fleet.start(nobody)).rejects.toThrow("5 workers in a row ended before they served"));
  await Promise.all(starts);
}, 60_000);

test("a free port is found by another worker when the first to look for one ends", async () => {
  const { fleet, pids } = await crew(2, (nth) => (nth === 1 ? "ends when it is to listen" : ""));
  const ports = await fleet.start(nobody);
  expect(pids).toContain(ports[0]);
  expect(pids.size).toBe(2);
});

test("once it serves, workers are started until they serve, however many fail", async () => {
  const { fleet, pids, started } = await crew(1, (nth) => (nth === 1 || nth > 6 ? "" : "cannot be started"));
  await fleet.start(nobody);
  const before = new Set(pids);
  kill(before);
  await expect.poll(() => [started(), pids.size], { timeout: 30_000 }).toEqual([7, 1]);
  expect([...pids].filter((pid) => before.has(pid))).toEqual([]);
}, 60_000);

test("workers of another version, whose primary is gone, give way to new ones", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const { fleet, pids, socketPath } = await crew(1, undefined, [port]);
  const orphan = spawn(process.execPath, [PROGRAM, socketPath, "is of another version", String(port)], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = once(orphan, "exit");
  await once(orphan.stdout, "data");
  expect(await fleet.start(nobody)).toEqual([port]);
  await gone;
  expect(pids.size).toBe(1);
}, 60_000);

test("renewals that are asked for at the same time come one after the other, and leave no worker too many", async () => {
  const { fleet, pids } = await crew(2);
  await fleet.start(nobody);
  const before = new Set(pids);
  const first = fleet.renew(0);
  await expect.poll(() => pids.size).toBe(3);
  await Promise.all([first, fleet.renew(0), fleet.renew(0), fleet.renew(0)]);
  await expect.poll(() => pids.size).toBe(2);
  expect([...pids].filter((pid) => before.has(pid))).toEqual([]);
  await fleet.renew(0);
  await expect.poll(() => pids.size).toBe(2);
}, 60_000);

test("only its own user may meet the primary, whatever the process grants otherwise", async () => {
  const before = process.umask(0);
  try {
    const { fleet, socketPath } = await crew(1);
    const starting = fleet.start(nobody);
    // As soon as it is there.
    const modes = new Set<number>();
    await expect
      .poll(async () => {
        const found = await stat(socketPath).catch(() => undefined);
        if (found !== undefined) modes.add(found.mode & 0o077);
        return modes.size;
      }, { interval: 1 })
      .toBe(1);
    await starting;
    expect([...modes]).toEqual([0]);
  } finally {
    process.umask(before);
  }
});
