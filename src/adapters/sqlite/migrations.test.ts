import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { assertKnown, migrate, migrations } from "./migrations.ts";
import { StoreOpenError } from "./store-open-error.ts";

const later = [
  ...migrations,
  { title: "two", sql: "CREATE TABLE two (a); INSERT INTO two VALUES (1);" },
  { title: "three", sql: "ALTER TABLE two ADD COLUMN b;" },
];
const schema = (database: DatabaseSync) => database.prepare("SELECT * FROM sqlite_schema").all();
const version = (database: DatabaseSync) => database.prepare("PRAGMA user_version").get();

it("makes the steps that are missing, in their order, once", () => {
  const database = new DatabaseSync(":memory:");
  assertKnown(database);
  expect(migrate(database)).toEqual(migrations);
  expect(migrate(database)).toEqual([]);
  expect(migrate(database, later).map((step) => step.title)).toEqual(["two", "three"]);
  expect(database.prepare("SELECT * FROM two").all()).toEqual([{ a: 1, b: null }]);
  expect(version(database)).toEqual({ user_version: later.length });
});

it("undoes a step that fails, and keeps those before it", () => {
  const database = new DatabaseSync(":memory:");
  const failing = [...later.slice(0, 2), { title: "bad", sql: "CREATE TABLE bad (a); INSERT INTO two VALUES (1, 2, 3);" }];
  expect(() => migrate(database, failing)).toThrow("table two has 1 columns but 3 values were supplied");
  expect(version(database)).toEqual({ user_version: 2 });
  expect(database.prepare("SELECT name FROM sqlite_schema WHERE name IN ('two', 'bad')").all()).toEqual([{ name: "two" }]);
  expect(database.isTransaction).toBe(false);
});

it("knows its own databases up to its own version, and no others", () => {
  const database = new DatabaseSync(":memory:");
  migrate(database, later);
  const before = schema(database);
  assertKnown(database, later);
  expect(() => assertKnown(database, later.slice(0, 2))).toThrow(
    new StoreOpenError("its schema (version 3) is newer than this Gatehouse knows (version 2); use a newer Gatehouse"),
  );
  expect(schema(database)).toEqual(before);
  const other = new DatabaseSync(":memory:");
  other.exec("CREATE TABLE theirs (a)");
  expect(() => assertKnown(other)).toThrow(new StoreOpenError("it is the database of another program"));
});
