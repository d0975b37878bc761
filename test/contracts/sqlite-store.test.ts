import { afterAll, expect, it } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "../../src/adapters/sqlite/index.ts";
import { recordKind } from "../../src/domain/record.ts";
import { put, remove, UniqueViolation, VersionConflict } from "../../src/ports/store.ts";
import { describeStore } from "./store.ts";

const root = mkdtempSync(join(tmpdir(), "gatehouse-store-"));
let directories = 0;
const newDirectory = () => join(root, "made as needed", String(++directories));

afterAll(() => rmSync(root, { recursive: true }));

describeStore("SQLite", async () => await openSqliteStore({ directory: newDirectory() }));

const pets = recordKind<{ name: string }>("pet", {
  name: { unique: true, values: (pet) => [pet.name] },
  letter: { unique: false, values: (pet) => pet.name.split("") },
});

it("keeps records, indexes and the growth of versions when it is opened again", async () => {
  const directory = newDirectory();
  const first = await openSqliteStore({ directory });
  const kept = await first.commit([put(pets, ["a", "é\0"], { name: "Rex" }, "absent")]);
  const removed = await first.commit([put(pets, ["b"], { name: "Tom" }, "absent")]);
  const last = await first.commit([remove(pets, ["b"], removed)]);
  await first.close();

  const second = await openSqliteStore({ directory });
  const record = { key: ["a", "é\0"], version: kept, value: { name: "Rex" } };
  expect(await second.list(pets, {})).toEqual({ items: [record], more: false });
  expect(await second.list(pets, { index: { name: "letter", value: "x" } })).toEqual({ items: [record], more: false });
  await expect(second.commit([put(pets, ["c"], { name: "Rex" }, "absent")])).rejects.toThrow(UniqueViolation);
  expect(await second.commit([put(pets, ["b"], { name: "Tom" }, "absent")])).toBeGreaterThan(last);
  await expect(second.commit([remove(pets, ["b"], removed)])).rejects.toThrow(VersionConflict);
  await second.close();
});
