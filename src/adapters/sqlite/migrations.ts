// The schema of the database, as numbered steps. A step that has been released is never changed; a new one follows it.
import type { DatabaseSync } from "node:sqlite";
import { StoreOpenError } from "./store-open-error.ts";

/** A step of the schema's history; its number is its place in the list, counted from 1. */
export interface Migration {
  /** What it does, for the log. */
  readonly title: string;
  readonly sql: string;
}

/** `Gate` in ASCII, in the header of the file: tells a Gatehouse database from any other. */
const APPLICATION_ID = 0x47617465;

export const migrations: readonly Migration[] = [
  {
    title: "records and their indexes",
    sql: `
      PRAGMA application_id = ${APPLICATION_ID};

      CREATE TABLE records (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        version INTEGER NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (kind, key)
      ) STRICT, WITHOUT ROWID;

      -- The values a record stands under. The primary key begins with the record's own, for its removal.
      CREATE TABLE index_entries (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        is_unique INTEGER NOT NULL,
        PRIMARY KEY (kind, key, name, value),
        FOREIGN KEY (kind, key) REFERENCES records ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;
      -- A list by index is one range of this, in the order of keys.
      CREATE INDEX index_entries_by_value ON index_entries (kind, name, value, key);
      CREATE UNIQUE INDEX index_entries_unique ON index_entries (kind, name, value) WHERE is_unique = 1;

      -- One row: the version of the last commit. It only grows, so that a version never comes back.
      CREATE TABLE last_commit (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        version INTEGER NOT NULL
      ) STRICT;
      INSERT INTO last_commit VALUES (1, 0);
    `,
  },
];

/**
 * Makes sure, before anything is changed, that the database is new or Gatehouse's, and no newer than this program.
 * @throws {StoreOpenError}
 */
export function assertKnown(database: DatabaseSync, steps: readonly Migration[] = migrations): void {
  const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get() as { tables: number };
  if (tables > 0 && pragma(database, "application_id") !== APPLICATION_ID) {
    throw new StoreOpenError("it is the database of another program");
  }
  const version = pragma(database, "user_version");
  if (version > steps.length) {
    throw new StoreOpenError(
      `its schema (version ${version}) is newer than this Gatehouse knows (version ${steps.length}); use a newer Gatehouse`,
    );
  }
}

/** Brings a known database to the newest schema, each step in a transaction of its own; gives the steps made. */
export function migrate(database: DatabaseSync, steps: readonly Migration[] = migrations): readonly Migration[] {
  const current = pragma(database, "user_version");
  const missing = steps.slice(current);
  missing.forEach((step, i) => {
    database.exec("BEGIN IMMEDIATE");
    try {
      database.exec(step.sql);
      database.exec(`PRAGMA user_version = ${current + i + 1}`);
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  });
  return missing;
}

function pragma(database: DatabaseSync, name: string): number {
  return (database.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[name] as number;
}
