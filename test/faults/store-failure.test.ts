// A store whose thread or disk fails says so to everyone who asks, and tells the process once.
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, expect, it, vi } from "vitest";
import { openSqliteStore } from "../../src/adapters/sqlite/index.ts";
import { storeOnThread } from "../../src/adapters/sqlite/sqlite-store.ts";
import { recordKind } from "../../src/domain/record.ts";
import { put } from "../../src/ports/store.ts";

const root = mkdtempSync(join(tmpdir(), "gatehouse-failure-"));
afterAll(() => rmSync(root, { recursive: true }));

const pets = recordKind<{ pad: string }>("pet");

it("refuses pending and later calls when its thread ends, and says so once", async () => {
  const directory = join(root, "ended");
  const worker = new Worker(new URL("../../src/adapters/sqlite/thread.ts", import.meta.url), { workerData: { directory } });
  await once(worker, "message");
  const onFailure = vi.fn<(error: Error) => void>();
  const logLine = () => vi.fn<(...line: unknown[]) => void>();
  const error = logLine();
  const log = { debug: logLine(), info: logLine(), warn: logLine(), error };
  const store = storeOnThread(worker, { log, onFailure });
  await store.commit([put(pets, ["kept"], { pad: "" }, "absent")]);

  const failure = new Error("the store has failed: its thread ended");
  const pending = [store.get(pets, ["kept"]), store.commit([put(pets, ["a"], { pad: "" }, "any")])].map(
    async (call) => await expect(call).rejects.toThrow(failure),
  );
  await worker.terminate();
  await Promise.all(pending);
  await expect(store.list(pets, {})).rejects.toThrow(failure);
  await expect(store.commit([])).rejects.toThrow(failure);
  expect(onFailure.mock.calls).toEqual([[failure]]);
  expect(error.mock.calls).toEqual([["the store has failed", new Error("its thread ended")]]);
  await store.close();

  const again = await openSqliteStore({ directory });
  expect(await again.get(pets, ["kept"])).toMatchObject({ value: { pad: "" } });
  await again.close();
});

it("refuses to read what is damaged, and ends when it cannot write any more", async () => {
  const directory = join(root, "damaged");
  const first = await openSqliteStore({ directory });
  const ids = Array.from({ length: 500 }, (_, i) => String(i).padStart(3, "0"));
  await first.commit(ids.map((id) => put(pets, [id], { pad: "x".repeat(900) }, "absent")));
  await first.close();
  // The first pages hold the schema and the roots of the tables; the records lie behind them.
  const file = join(directory, "gatehouse.db");
  writeFileSync(file, readFileSync(file).fill(0xa5, 16 * 4096));

  const onFailure = vi.fn<(error: Error) => void>();
  const store = await openSqliteStore({ directory, onFailure });
  await expect(store.list(pets, {})).rejects.toThrow(new Error("the store refused: database disk image is malformed"));
  expect(onFailure).not.toHaveBeenCalled();
  const failure = new Error("the store has failed: database disk image is malformed");
  await expect(store.commit(ids.map((id) => put(pets, [id], { pad: "" }, "any")))).rejects.toThrow(failure);
  await expect(store.get(pets, ["000"])).rejects.toThrow(failure);
  expect(onFailure.mock.calls).toEqual([[failure]]);
  await store.close();
});
