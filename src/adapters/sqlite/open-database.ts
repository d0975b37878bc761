// Takes possession of a data directory and opens the database in it.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { assertKnown, migrate } from "./migrations.ts";
import {
  sqliteCode,
  SQLITE_BUSY,
  SQLITE_CANTOPEN,
  SQLITE_CORRUPT,
  SQLITE_NOTADB,
  SQLITE_READONLY,
} from "./sqlite-codes.ts";
import { StoreOpenError } from "./store-open-error.ts";

export interface OpenDatabase {
  readonly database: DatabaseSync;
  readonly file: string;
  /** Titles of the steps that brought an older schema up to date; a new database has none to tell of. */
  readonly migrated: readonly string[];
  /** Closes the database and gives up the directory. */
  close(): void;
}

/** How long to wait for another program that reads or backs up the database file, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Makes the directory when it is not there, locks it and opens its database at the newest schema.
 * @throws {StoreOpenError} when any of it is not possible.
 */
export function openDatabase(directory: string): OpenDatabase {
  assertDirectory(directory);
  const lock = lockDirectory(directory);
  const file = join(directory, "gatehouse.db");
  let database: DatabaseSync | undefined;
  try {
    // SQLite gives the files beside it the same mode.
    const isNew = !existsSync(file);
    if (isNew) closeSync(openSync(file, "wx", 0o600));
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    const opened = database;
    assertKnown(opened);
    configure(opened);
    const steps = migrate(opened).map((step) => step.title);
    return { database: opened, file, migrated: isNew ? [] : steps, close: () => [opened, lock].forEach((each) => each.close()) };
  } catch (error) {
    database?.close();
    lock.close();
    throw openError(`database ${file} cannot be used`, error);
  }
}

/**
 * `synchronous=FULL` flushes the write-ahead log at every commit: with NORMAL, a commit that was acknowledged is lost
 * in a power cut (https://www.sqlite.org/pragma.html#pragma_synchronous). `fullfsync` does the same for macOS, where a
 * plain fsync stops at the drive's cache.
 */
function configure(database: DatabaseSync): void {
  const mode = database.prepare("PRAGMA journal_mode = WAL").get() as { journal_mode: string };
  if (mode.journal_mode !== "wal") throw new StoreOpenError("its file system does not allow a write-ahead log");
  database.exec(`
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -16384;
    PRAGMA trusted_schema = OFF;
  `);
}

function assertDirectory(directory: string): void {
  try {
    makeDirectory(resolve(directory));
  } catch (error) {
    throw openError(`data directory ${directory} cannot be created`, error);
  }
}

/**
 * Makes the directory and its parents, for their owner alone, such that they outlive a power cut. (Node's own recursive
 * mkdir does not end where the system says ENOENT of a directory whose parent is there, as under /proc.)
 */
function makeDirectory(directory: string): void {
  if (isDirectory(directory)) return;
  makeDirectory(dirname(directory));
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    if (isDirectory(directory)) return;
    throw new Error(`${directory} is not a directory`, { cause: error });
  }
  flushDirectory(dirname(directory));
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? path === dirname(path);
}

function flushDirectory(directory: string): void {
  try {
    const descriptor = openSync(directory, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    // Windows and some network file systems have no way to flush a directory; SQLite goes on there, too.
    if (!["EINVAL", "ENOTSUP", "EPERM", "EISDIR"].includes(errorCode(error))) throw error;
  }
}

/**
 * The lock is an exclusive transaction on a second database, held until the process ends: the system gives it up even
 * when the process is killed. It is not the data itself that is locked, so that other programs can back it up.
 */
function lockDirectory(directory: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(directory, "gatehouse.lock"), { timeout: 0 });
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock?.close();
    if (sqliteCode(error) === SQLITE_BUSY) {
      throw new StoreOpenError(`data directory ${directory} is in use by another Gatehouse process`, { cause: error });
    }
    if (sqliteCode(error) === SQLITE_NOTADB) {
      throw new StoreOpenError(`data directory ${directory} cannot be used: its lock is not a database`, { cause: error });
    }
    throw openError(`data directory ${directory} cannot be used`, error);
  }
}

function openError(what: string, error: unknown): StoreOpenError {
  return new StoreOpenError(`${what}: ${reason(error)}`, { cause: error });
}

function reason(error: unknown): string {
  const known = reasons[sqliteCode(error) ?? errorCode(error)];
  return known ?? (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");
}

const reasons: Readonly<Record<string, string>> = {
  [SQLITE_NOTADB]: "it is not a database",
  [SQLITE_CORRUPT]: "it is damaged",
  [SQLITE_CANTOPEN]: "it cannot be read or written",
  [SQLITE_READONLY]: "it cannot be written",
};

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
