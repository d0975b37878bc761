// Takes possession of a data directory and opens the database in it.
import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migrate } from "./migrations.ts";
import { sqliteCode, SQLITE_BUSY, SQLITE_CORRUPT, SQLITE_NOTADB } from "./sqlite-codes.ts";
import { StoreOpenError } from "./store-open-error.ts";

export interface OpenDatabase {
  readonly database: DatabaseSync;
  readonly file: string;
  /** Titles of the steps of the schema that were made now. */
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
  makeDirectory(directory);
  const lock = lockDirectory(directory);
  const file = join(directory, "gatehouse.db");
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    const opened = database;
    configure(opened);
    const migrated = migrate(opened);
    return { database: opened, file, migrated, close: () => [opened, lock].forEach((each) => each.close()) };
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
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -16384;
    PRAGMA trusted_schema = OFF;
  `);
}

/** Makes the directory, for its owner alone, and makes sure that it outlives a power cut. */
function makeDirectory(directory: string): void {
  try {
    const first = mkdirSync(directory, { recursive: true, mode: 0o700 });
    // Windows has no way to flush a directory.
    if (first === undefined || process.platform === "win32") return;
    for (let made = resolve(directory); made.length >= resolve(first).length; made = dirname(made)) {
      flushDirectory(dirname(made));
    }
  } catch (error) {
    throw openError(`data directory ${directory} cannot be created`, error);
  }
}

function flushDirectory(directory: string): void {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
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
    throw openError(`data directory ${directory} cannot be used`, error);
  }
}

function openError(what: string, error: unknown): StoreOpenError {
  return new StoreOpenError(`${what}: ${reason(error)}`, { cause: error });
}

function reason(error: unknown): string {
  const code = sqliteCode(error);
  if (code === SQLITE_NOTADB) return "it is not a database";
  if (code === SQLITE_CORRUPT) return "it is damaged";
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");
}
