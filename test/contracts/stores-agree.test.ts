// The stores do the same: any sequence of commits has the same outcomes and leaves the same records.
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { openSqliteStore } from "../../src/adapters/sqlite/index.ts";
import type { Key, RecordKind } from "../../src/domain/record.ts";
import { recordKind } from "../../src/domain/record.ts";
import type { Change, Expected, Store } from "../../src/ports/store.ts";
import { check, put, remove, removeAll } from "../../src/ports/store.ts";

interface Pet {
  readonly name: string;
  readonly tags: readonly string[];
}

/** Before it meets a store: what it expects is told by the record's history. */
interface PlannedChange {
  readonly op: Change["op"];
  readonly kind: number;
  readonly key: Key;
  readonly value: Pet;
  readonly expect: "absent" | "any" | "current" | "first";
}

const part = fc.constantFrom("a", "a-b", "b", "", "/", "é");
const key = fc.array(part, { minLength: 1, maxLength: 3 });
const name = fc.constantFrom("", "Rex", "Tom", "a\0b", "\ud800", "\ufffd", "日");
const change: fc.Arbitrary<PlannedChange> = fc.record({
  op: fc.constantFrom("put", "put", "put", "put", "remove", "check", "removeAll"),
  kind: fc.nat({ max: 1 }),
  key,
  value: fc.record({ name, tags: fc.array(name, { maxLength: 3 }) }),
  expect: fc.constantFrom("any", "any", "current", "current", "absent", "first"),
});
const query = fc.record(
  {
    prefix: fc.array(part, { maxLength: 2 }),
    index: fc.record({ name: fc.constantFrom("name", "tag"), value: name }),
    after: key,
    limit: fc.nat({ max: 4 }),
  },
  { requiredKeys: [] },
);
const steps = fc.array(fc.tuple(fc.array(change, { maxLength: 5 }), query), { maxLength: 12 });

const directory = mkdtempSync(join(tmpdir(), "gatehouse-stores-"));
let stores: Store[];
let runs = 0;

beforeAll(async () => {
  stores = [createMemoryStore(), await openSqliteStore({ directory })];
});

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  rmSync(directory, { recursive: true });
});

it("has the same outcomes and records in memory and in SQLite", async () => {
  const property = fc.asyncProperty(steps, async (plan) => {
    const kinds = [petKind(), petKind()] as const;
    const seen = new Map<string, number[]>();
    for (const [changes, list] of plan) {
      const commit = changes.map((each) => changeOf(each, kinds[each.kind] as RecordKind<Pet>, seen));
      await expectSame(async (store) => await store.commit(commit));
      for (const kind of kinds) {
        const all = await expectSame(async (store) => await store.list(kind, {}));
        remember(kind, all as Awaited<ReturnType<Store["list"]>>, seen);
        await expectSame(async (store) => await store.list(kind, list));
        await expectSame(async (store) => await store.count(kind, list));
        await expectSame(async (store) => await store.getAll(kind, commit.flatMap((each) => ("key" in each ? [each.key] : []))));
      }
    }
  });
  await fc.assert(property, { numRuns: 150 });
});

function petKind(): RecordKind<Pet> {
  return recordKind<Pet>(`pet${++runs}`, {
    name: { unique: true, values: (pet) => (pet.name === "" ? [] : [pet.name]) },
    tag: { unique: false, values: (pet) => pet.tags },
  });
}

/** Runs it on all stores and gives the outcome that they share: the result, or the error as it is. */
async function expectSame(run: (store: Store) => Promise<unknown>): Promise<unknown> {
  const settled = await Promise.all(stores.map((store) => run(store).catch((error: unknown) => error)));
  for (const outcome of settled) {
    if (outcome instanceof Error) expect(["VersionConflict", "UniqueViolation"]).toContain(outcome.name);
    expect(outcome).toStrictEqual(settled[0]);
  }
  return settled[0];
}

function changeOf(planned: PlannedChange, kind: RecordKind<Pet>, seen: ReadonlyMap<string, readonly number[]>): Change {
  const versions = seen.get(JSON.stringify([kind.name, planned.key])) ?? [];
  const version = versions.at(planned.expect === "first" ? 0 : -1) ?? 0;
  const expected: Expected = planned.expect === "any" || planned.expect === "absent" ? planned.expect : version;
  switch (planned.op) {
    case "put":
      return put(kind, planned.key, planned.value, expected);
    case "remove":
      return remove(kind, planned.key, expected === "absent" ? "any" : expected);
    case "check":
      return check(kind, planned.key, expected === "any" ? "absent" : expected);
    case "removeAll":
      return removeAll(kind, planned.key.slice(1));
  }
}

/** The versions that records have had, newest last; 0, which none has, once a record is gone. */
function remember(kind: RecordKind<Pet>, { items }: Awaited<ReturnType<Store["list"]>>, seen: Map<string, number[]>): void {
  for (const item of items) {
    const id = JSON.stringify([kind.name, item.key]);
    const versions = seen.get(id) ?? [];
    if (versions.at(-1) !== item.version) seen.set(id, [...versions, item.version]);
  }
}
