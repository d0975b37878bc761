// A store that cannot be opened says why in one line, and leaves alone what it found.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { openSqliteStore, StoreOpenError } from "../../src/adapters/sqlite/index.ts";
import { recordKind } from "../../src/domain/record.ts";
import { put } from "../../src/ports/store.ts";

const root = mkdtempSync(join(tmpdir(), "gatehouse-open-"));
afterAll(() => rmSync(root, { recursive: true }));

const pets = recordKind<{ pad: string }>("pet");
let directories = 0;

function newDirectory(): string {
  const directory = join(root, String(++directories));
  mkdirSync(directory);
  return directory;
}

async function expectRefusal(directory: string, message: string): Promise<void> {
  await expect(openSqliteStore({ directory })).rejects.toThrow(new StoreOpenError(message));
}

/** Makes a store with records on many pages; gives its database file. */
async function filledStore(directory: string): Promise<string> {
  const store = await openSqliteStore({ directory });
  const changes = Array.from({ length: 500 }, (_, i) => put(pets, [String(i)], { pad: "x".repeat(900) }, "absent"));
  await store.commit(changes);
  await store.close();
  return join(directory, "gatehouse.db");
}

it("writes ahead and flushes every commit: journal_mode is wal and synchronous is FULL (2) where the store writes", async () => {
  const directory = newDirectory();
  for (const round of [1, 2]) {
    const store = await openSqliteStore({ directory });
    expect(await store.durability(), `opening ${round}`).toEqual({ journalMode: "wal", synchronous: 2 });
    await store.close();
  }
});

it.skipIf(process.platform === "win32")("makes the data directory and the files in it for their owner alone", async () => {
  const directory = join(root, "made", "here");
  const store = await openSqliteStore({ directory });
  await store.commit([put(pets, ["a"], { pad: "" }, "absent")]);
  const mode = (path: string) => statSync(path).mode & 0o777;
  expect(mode(directory)).toBe(0o700);
  for (const name of ["gatehouse.db", "gatehouse.db-wal"]) expect(mode(join(directory, name)), name).toBe(0o600);
  await store.close();
});

it("logs what it did to an older schema, once, and nothing of a new store", async () => {
  const directory = newDirectory();
  // Of a schema before the first: without any table.
  writeFileSync(join(directory, "gatehouse.db"), "");
  const lines: unknown[] = [];
  const info = (message: string, fields: unknown) => lines.push([message, fields]);
  const unexpected = (...line: unknown[]) => lines.push(line);
  const log = { debug: unexpected, info, warn: unexpected, error: unexpected };
  for (const opened of [directory, directory, newDirectory()]) await (await openSqliteStore({ directory: opened, log })).close();
  const fields = { step: "records and their indexes", file: join(directory, "gatehouse.db") };
  expect(lines).toEqual([["brought the store up to date", fields]]);
});

describe("a store is refused", () => {
  it("when its directory cannot be made", async () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    await expectRefusal(file, `data directory ${file} cannot be created: ${file} is not a directory`);
    const under = join(file, "under");
    await expectRefusal(under, `data directory ${under} cannot be created: ${file} is not a directory`);
  });

  it.skipIf(process.platform !== "linux")("when its directory cannot be made or written: /proc", async () => {
    const made = "data directory /proc/gatehouse cannot be created: ENOENT: no such file or directory, mkdir '/proc/gatehouse'";
    await expectRefusal("/proc/gatehouse", made);
    await expectRefusal("/proc/self", "data directory /proc/self cannot be used: it cannot be read or written");
  });

  it("when a directory is in the place of its file", async () => {
    const directory = newDirectory();
    const file = join(directory, "gatehouse.db");
    mkdirSync(file);
    await expectRefusal(directory, `database ${file} cannot be used: it cannot be read or written`);
  });

  it("when its file is no database", async () => {
    const directory = newDirectory();
    const file = join(directory, "gatehouse.db");
    const garbage = Buffer.alloc(10_000, "no database\n");
    writeFileSync(file, garbage);
    await expectRefusal(directory, `database ${file} cannot be used: it is not a database`);
    expect(readFileSync(file).equals(garbage)).toBe(true);
  });

  it("when its lock is no database", async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, "gatehouse.lock"), Buffer.alloc(10_000, "no database\n"));
    await expectRefusal(directory, `data directory ${directory} cannot be used: its lock is not a database`);
  });

  it("when its file is the database of another program", async () => {
    const directory = newDirectory();
    const file = join(directory, "gatehouse.db");
    const other = new DatabaseSync(file);
    other.exec("CREATE TABLE theirs (a)");
    other.close();
    const before = readFileSync(file);
    await expectRefusal(directory, `database ${file} cannot be used: it is the database of another program`);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("when its file is damaged", async () => {
    const directory = newDirectory();
    const file = await filledStore(directory);
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xa5, 100));
    await expectRefusal(directory, `database ${file} cannot be used: it is damaged`);
  });

  it("when its schema is newer than the program; it opens again once that is mended", async () => {
    const directory = newDirectory();
    const file = await filledStore(directory);
    const setVersion = (version: number) => {
      const database = new DatabaseSync(file);
      database.exec(`PRAGMA user_version = ${version}`);
      database.close();
    };
    setVersion(99);
    const newer = "its schema (version 99) is newer than this Gatehouse knows (version 1); use a newer Gatehouse";
    await expectRefusal(directory, `database ${file} cannot be used: ${newer}`);
    setVersion(1);
    const store = await openSqliteStore({ directory });
    expect(await store.count(pets, {})).toBe(500);
    await store.close();
  });
});
