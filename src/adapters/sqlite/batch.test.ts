import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import { createBatchRunner } from "./batch.ts";
import { migrate } from "./migrations.ts";
import type { Request } from "./protocol.ts";

const commit = (id: number, key: string, expect: "absent" | "any" | number = "absent", json = "{}"): Request => ({
  id,
  op: "commit",
  changes: [{ op: "put", kind: "pet", key, json, entries: [], expect }],
});
const get = (id: number, key: string): Request => ({ id, op: "get", kind: "pet", key });

function open(file = ":memory:"): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 0 });
  onTestFinished(() => database.close());
  migrate(database);
  return database;
}

it("makes each commit of a batch by itself, and answers all in their order", () => {
  const run = createBatchRunner(open());
  const refusal = { type: "VersionConflict", kind: "pet", key: ["a"] };
  expect(run([get(1, "a"), commit(2, "a"), commit(3, "a"), get(4, "a"), commit(5, "b"), commit(6, "a", 1), get(7, "a")])).toEqual([
    { id: 1, result: undefined },
    { id: 2, result: 1 },
    { id: 3, refusal },
    { id: 4, result: { key: "a", version: 1, json: "{}" } },
    { id: 5, result: 2 },
    { id: 6, result: 3 },
    { id: 7, result: { key: "a", version: 3, json: "{}" } },
  ]);
  expect(run([commit(8, "a", 1)])).toEqual([{ id: 8, refusal }]);
  expect(run([commit(9, "c")])).toEqual([{ id: 9, result: 4 }]);
});

it("refuses only the commit that a full disk has no room for", () => {
  const database = open();
  database.exec("PRAGMA max_page_count = 64");
  const run = createBatchRunner(database);
  const big = JSON.stringify("x".repeat(1_000_000));
  expect(run([commit(1, "a"), commit(2, "b", "any", big), get(3, "b"), commit(4, "c")])).toEqual([
    { id: 1, result: 1 },
    { id: 2, refusal: { type: "Error", message: "database or disk is full" } },
    { id: 3, result: undefined },
    { id: 4, result: 2 },
  ]);
  expect(database.isTransaction).toBe(false);
});

it("refuses commits while another program holds the database, and goes on reading", () => {
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-batch-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "a.db");
  const database = open(file);
  database.exec("PRAGMA journal_mode = WAL");
  const run = createBatchRunner(database);
  run([commit(1, "a")]);
  const other = open(file);
  other.exec("BEGIN IMMEDIATE");
  const locked = { type: "Error", message: "database is locked" };
  expect(run([commit(2, "b"), get(3, "a"), commit(4, "c")])).toEqual([
    { id: 2, refusal: locked },
    { id: 3, result: { key: "a", version: 1, json: "{}" } },
    { id: 4, refusal: locked },
  ]);
  other.exec("ROLLBACK");
  expect(run([commit(5, "b")])).toEqual([{ id: 5, result: 2 }]);
});

it("throws when the database has failed for good", () => {
  const database = open();
  const run = createBatchRunner(database);
  database.exec("PRAGMA query_only = ON");
  expect(() => run([commit(1, "a"), commit(2, "b")])).toThrow("attempt to write a readonly database");
  expect(run([get(3, "a")])).toEqual([{ id: 3, result: undefined }]);
});
