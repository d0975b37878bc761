// Log files: what is written where, in how many steps, and what is lost when.
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import type { LogGroup } from "../../domain/log-group.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { fileName, fileOf } from "./file-names.ts";
import { createLogFiles, type LogFilesOptions } from "./log-files.ts";

const GROUP: LogGroup = { account: "123456789012", region: "us-east-1", name: "/aws/pets" };
const NOON = Date.UTC(2026, 10, 22, 12);
const LINE = "2026-11-22T12:00:00.000Z";

let directory: string;
beforeEach(async () => void (directory = join(await mkdtemp(join(tmpdir(), "gatehouse-logs-")), "logs")));
afterEach(() => rm(join(directory, ".."), { recursive: true, force: true }));

function start(options: Partial<LogFilesOptions> = {}) {
  const told: string[] = [];
  const tasks: (() => void)[] = [];
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (message) => void told.push(message),
    error: (message, error) => void told.push(`${message}: ${(error as NodeJS.ErrnoException).code}`),
  };
  const clock: Clock = { now: () => NOON, after: (_ms, task) => (tasks.push(task), () => undefined) };
  return { logs: createLogFiles({ directory, clock, log, ...options }), told, tasks };
}

const read = (path: string): Promise<string> => readFile(join(directory, path), "utf8");

async function files(): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1)).sort();
}

describe("events", () => {
  it("are in a file for each group and day, in order, each on one line with its time", async () => {
    const { logs } = start();
    logs.write(GROUP, NOON, "one");
    logs.write(GROUP, NOON + 1, 'two\n{"forged": 1}\r\u001b[2J\ttab é');
    logs.write({ ...GROUP, name: "API-Gateway-Execution-Logs_a1b2c3d4e5/prod" }, NOON, "(id) x");
    logs.write(GROUP, NOON + 12 * 3_600_000, "tomorrow");
    await logs.close();
    expect(await files()).toEqual([
      "123456789012/us-east-1/%2Faws%2Fpets.2026-11-22.log",
      "123456789012/us-east-1/%2Faws%2Fpets.2026-11-23.log",
      "123456789012/us-east-1/API-Gateway-Execution-Logs_a1b2c3d4e5%2Fprod.2026-11-22.log",
    ]);
    const today = `${LINE} one\n2026-11-22T12:00:00.001Z two\\n{"forged": 1}\\r\\u001b[2J\ttab é\n`;
    expect(await read("123456789012/us-east-1/%2Faws%2Fpets.2026-11-22.log")).toBe(today);
    expect(await read("123456789012/us-east-1/%2Faws%2Fpets.2026-11-23.log")).toBe("2026-11-23T00:00:00.000Z tomorrow\n");
    expect(logs.usage()).toEqual({ written: 4, dropped: 0 });
  });

  it("are for the owner's eyes", async () => {
    const { logs } = start();
    logs.write(GROUP, NOON, "one");
    await logs.close();
    const path = fileOf(directory, GROUP, "2026-11-22", 0);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, ".."))).mode & 0o777).toBe(0o700);
  });

  it("wait for one another, and ask for no time while there are none", async () => {
    const { logs, tasks } = start();
    expect(tasks).toEqual([]);
    for (let i = 0; i < 1_000; i++) logs.write(GROUP, NOON, `event ${i}`);
    expect(tasks).toHaveLength(1);
    await expect(stat(directory)).rejects.toThrow("ENOENT");
    tasks[0]?.();
    await logs.close();
    expect((await read("123456789012/us-east-1/%2Faws%2Fpets.2026-11-22.log")).split("\n")).toHaveLength(1_001);
  });

  it("of several writers are never mixed within a line", async () => {
    const writers = Array.from({ length: 4 }, () => start().logs);
    const text = "x".repeat(3_000);
    for (let i = 0; i < 500; i++) for (const [n, logs] of writers.entries()) logs.write(GROUP, NOON, `${n} ${i} ${text}`);
    await Promise.all(writers.map((logs) => logs.close()));
    const lines = (await read("123456789012/us-east-1/%2Faws%2Fpets.2026-11-22.log")).trimEnd().split("\n");
    expect(lines).toHaveLength(2_000);
    expect(lines.filter((line) => !/^2026-11-22T12:00:00\.000Z \d \d+ x{3000}$/.test(line))).toEqual([]);
  });
});

describe("names", () => {
  test.each([
    ["../../etc/passwd", "%2E./.%2E"],
    [".hidden", "%2Ehidden"],
    ["a b\u0000é", "a%20b%00%C3%A9"],
    ["a/b", "a%2Fb"],
    ["a%2Fb", "a%252Fb"],
  ])("%j stays in the directory", (name) => {
    expect(fileName(name)).toMatch(/^[A-Za-z0-9_%-][A-Za-z0-9_.%-]*$/);
    expect(fileOf("/logs", { ...GROUP, name }, "2026-11-22", 0)).toMatch(/^\/logs\/123456789012\/us-east-1\/[^/]+\.2026-11-22\.log$/);
  });

  it("that are too long for a file system are cut, and stay different", () => {
    const [a, b] = ["a", "b"].map((end) => fileName(`${"/x".repeat(250)}${end}`)) as [string, string];
    expect([a.length, b.length]).toEqual([200, 200]);
    expect(a).not.toBe(b);
  });
});

describe("bounds", () => {
  it("a full file is followed by another, also for those who find it full", async () => {
    const first = start({ fileBytes: 100 }).logs;
    for (let i = 0; i < 3; i++) first.write(GROUP, NOON, "x".repeat(200));
    await first.close();
    const second = start({ fileBytes: 100 }).logs;
    second.write(GROUP, NOON, "later");
    await second.close();
    expect(await files()).toEqual(["123456789012/us-east-1/%2Faws%2Fpets.2026-11-22.1.log", "123456789012/us-east-1/%2Faws%2Fpets.2026-11-22.log"]);
    expect(await read("123456789012/us-east-1/%2Faws%2Fpets.2026-11-22.1.log")).toBe(`${LINE} later\n`);
  });

  it("beyond the size of all files, the oldest are deleted", async () => {
    const old = start().logs;
    for (let day = 1; day <= 4; day++) old.write(GROUP, Date.UTC(2026, 10, day), "x".repeat(1_000));
    await old.close();
    for (let day = 1; day <= 4; day++) await utimes(fileOf(directory, GROUP, `2026-11-0${day}`, 0), day, day);
    const { logs } = start({ totalBytes: 2_500 });
    logs.write(GROUP, NOON, "new");
    await logs.close();
    expect(await files()).toEqual(["03", "04", "22"].map((day) => `123456789012/us-east-1/%2Faws%2Fpets.2026-11-${day}.log`));
  });

  it("what does not fit into memory is dropped and counted, and the operator is told, once in a minute", async () => {
    const { logs, told } = start({ bufferBytes: 1_000 });
    for (let i = 0; i < 20; i++) logs.write(GROUP, NOON, "x".repeat(100));
    expect(logs.usage()).toEqual({ written: 0, dropped: 17 });
    await logs.close();
    expect(told).toEqual(["events of access and execution logs are dropped: they come faster than they can be written"]);
    expect(logs.usage()).toEqual({ written: 3, dropped: 17 });
  });

  it("what cannot be written is counted, and told once in a minute", async () => {
    const { logs, told, tasks } = start();
    await writeFile(directory, "a file where the directory should be");
    logs.write(GROUP, NOON, "lost");
    tasks[0]?.();
    logs.write({ ...GROUP, name: "other" }, NOON, "lost too");
    await logs.close();
    expect(logs.usage()).toEqual({ written: 0, dropped: 2 });
    expect(told).toEqual(["access and execution logs cannot be written: ENOTDIR"]);
  });
});
