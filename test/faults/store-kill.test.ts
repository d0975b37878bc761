// What a store acknowledged is there after its process was killed, whenever that was.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { openSqliteStore, StoreOpenError } from "../../src/adapters/sqlite/index.ts";
import { put } from "../../src/ports/store.ts";
import { halves, WRITERS } from "./store-writer.ts";

const root = mkdtempSync(join(tmpdir(), "gatehouse-kill-"));
afterAll(() => rmSync(root, { recursive: true }));

const WRITES = 1_000;

/** Starts a writer, kills it with SIGKILL as soon as `when` says so of a line, and gives all lines it wrote. */
async function writeUntil(directory: string, when: (lines: readonly string[]) => boolean | Promise<boolean>): Promise<string[]> {
  const writer = fileURLToPath(new URL("store-writer.ts", import.meta.url));
  // More than it will come to, however late a busy machine lets this process see what it has written.
  const child = spawn(process.execPath, [writer, directory, String(10 * WRITES)], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (!child.killed && (await when(lines))) child.kill("SIGKILL");
  }
  expect((await exited)[1]).toBe("SIGKILL");
  return lines;
}

it.each([1, 2, 3, 4])("keeps every acknowledged write, each whole, after kill -9 among 1,000 writes (round %i)", async (round) => {
  const directory = join(root, `round-${round}`);
  const killedAfter = Math.floor(Math.random() * WRITES);
  const acknowledged = (await writeUntil(directory, (lines) => lines.length > killedAfter)).slice(1).map(Number);

  const store = await openSqliteStore({ directory });
  const [left, right] = await Promise.all(["left", "right"].map((side) => store.list(halves, { prefix: [side] })));
  const found = new Set(left?.items.map((item) => item.value.write));
  expect(acknowledged.filter((write) => !found.has(write)), `killed after ${killedAfter}`).toEqual([]);
  expect(right?.items.map((item) => item.value.write)).toEqual(left?.items.map((item) => item.value.write));
  expect(found.size - acknowledged.length, "written but not acknowledged").toBeLessThanOrEqual(WRITERS);

  for (const write of acknowledged.slice(-3)) {
    const page = await store.list(halves, { index: { name: "write", value: String(write) } });
    expect(page.items.map((item) => item.key)).toEqual([["left", String(write)], ["right", String(write)]]);
  }
  const newest = Math.max(0, ...(left?.items.map((item) => item.version) ?? []));
  expect(await store.commit([put(halves, ["left", "next"], { write: -1 }, "absent")])).toBeGreaterThan(newest);
  await store.close();
});

it("lets one process at a time have a data directory, and frees it when that process is killed", async () => {
  const directory = join(root, "one-owner");
  const refusals: unknown[] = [];
  await writeUntil(directory, async (lines) => {
    if (lines.length === 1) refusals.push(await openSqliteStore({ directory }).catch((error: unknown) => error));
    return lines.length === 1;
  });
  const inUse = new StoreOpenError(`data directory ${directory} is in use by another Gatehouse process`);
  expect(refusals).toEqual([inUse]);
  const store = await openSqliteStore({ directory });
  await expect(openSqliteStore({ directory })).rejects.toThrow(inUse);
  await store.commit([put(halves, ["left", "mine"], { write: -1 }, "absent")]);
  await store.close();
  await (await openSqliteStore({ directory })).close();
});
