// The statements that read and write records, prepared once. Runs on the store's thread.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { unscoped } from "../../domain/record.ts";
import { UniqueViolation, VersionConflict } from "../../ports/store.ts";
import type { Document, DocumentChange, DocumentPut, DocumentQuery } from "../documents/index.ts";
import type { Durability, Results } from "./protocol.ts";
import { extendedSqliteCode, SQLITE_CONSTRAINT_UNIQUE } from "./sqlite-codes.ts";

const RANGE = "kind = ? AND key >= ? AND key < ?";
// CROSS JOIN fixes the order: the range of the index first, then each record by its key.
const BY_INDEX = "e.kind = ? AND e.name = ? AND e.value = ? AND e.key >= ? AND e.key < ?";

/** The sum of all that a commit's changes ask for, once each has been made in turn. */
type StandingPuts = Map<string, DocumentPut>;

export class Tables {
  readonly #database: DatabaseSync;
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #listByIndex: StatementSync;
  readonly #count: StatementSync;
  readonly #countByIndex: StatementSync;
  readonly #version: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeRange: StatementSync;
  readonly #addEntry: StatementSync;
  readonly #removeEntries: StatementSync;
  readonly #lastCommit: StatementSync;
  readonly #setLastCommit: StatementSync;

  constructor(database: DatabaseSync) {
    const columns = "key, version, value AS json";
    const joined = `FROM index_entries AS e CROSS JOIN records AS r ON r.kind = e.kind AND r.key = e.key WHERE ${BY_INDEX}`;
    this.#database = database;
    this.#get = database.prepare(`SELECT ${columns} FROM records WHERE kind = ? AND key = ?`);
    this.#list = database.prepare(`SELECT ${columns} FROM records WHERE ${RANGE} ORDER BY key LIMIT ?`);
    this.#listByIndex = database.prepare(
      `SELECT r.key AS key, r.version AS version, r.value AS json ${joined} ORDER BY e.key LIMIT ?`,
    );
    this.#count = database.prepare(`SELECT count(*) AS count FROM records WHERE ${RANGE}`);
    this.#countByIndex = database.prepare(`SELECT count(*) AS count FROM index_entries AS e WHERE ${BY_INDEX}`);
    this.#version = database.prepare("SELECT version FROM records WHERE kind = ? AND key = ?");
    this.#put = database.prepare(
      `INSERT INTO records (kind, key, version, value) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET version = excluded.version, value = excluded.value`,
    );
    this.#remove = database.prepare("DELETE FROM records WHERE kind = ? AND key = ?");
    this.#removeRange = database.prepare(`DELETE FROM records WHERE ${RANGE}`);
    this.#addEntry = database.prepare(
      "INSERT INTO index_entries (kind, key, name, value, is_unique) VALUES (?, ?, ?, ?, ?)",
    );
    this.#removeEntries = database.prepare("DELETE FROM index_entries WHERE kind = ? AND key = ?");
    this.#lastCommit = database.prepare("SELECT version FROM last_commit");
    this.#setLastCommit = database.prepare("UPDATE last_commit SET version = ?");
  }

  get(kind: string, key: string): Results["get"] {
    return this.#get.get(kind, key) as Document | undefined;
  }

  list({ kind, ranges, index, limit }: DocumentQuery): Results["list"] {
    // One more than asked for says whether there are more; -1 is SQLite's "no limit".
    const most = limit === undefined ? -1 : limit + 1;
    const items = ranges.flatMap(({ from, to }) =>
      index === undefined
        ? this.#list.all(kind, from, to, most)
        : this.#listByIndex.all(kind, index.name, index.value, from, to, most),
    ) as unknown as Document[];
    return { items: items.slice(0, limit), more: limit !== undefined && items.length > limit };
  }

  count({ kind, ranges, index }: DocumentQuery): number {
    return ranges
      .map(({ from, to }) =>
        index === undefined
          ? this.#count.get(kind, from, to)
          : this.#countByIndex.get(kind, index.name, index.value, from, to),
      )
      .reduce((sum, row) => sum + (row as { count: number }).count, 0);
  }

  /** The version of the last commit; 0 when there was none. */
  lastCommit(): number {
    return (this.#lastCommit.get() as { version: number }).version;
  }

  setLastCommit(version: number): void {
    this.#setLastCommit.run(version);
  }

  durability(): Durability {
    const pragma = (name: string) => (this.#database.prepare(`PRAGMA ${name}`).get() as Record<string, unknown>)[name];
    return { journalMode: String(pragma("journal_mode")), synchronous: Number(pragma("synchronous")) };
  }

  /**
   * Makes the changes in their order, in the transaction under way; what was made stays when it throws. Index entries
   * come last: records may pass a unique value on within one commit, so only the outcome has to be unique.
   * @throws {VersionConflict | UniqueViolation}
   */
  write(changes: readonly DocumentChange[], version: number): void {
    const puts: StandingPuts = new Map();
    for (const change of changes) this.#writeRecord(change, version, puts);
    for (const put of puts.values()) this.#writeEntries(put);
  }

  #writeRecord(change: DocumentChange, version: number, puts: StandingPuts): void {
    const { op, kind } = change;
    if (op === "removeAll") return this.#removeRanges(change, puts);
    const { key, expect } = change;
    const row = this.#version.get(kind, key) as { version: number } | undefined;
    if (expect !== "any" && (expect === "absent" ? undefined : expect) !== row?.version) {
      throw new VersionConflict(kind, unscoped(key));
    }
    if (op === "check") return;
    puts.delete(identity(kind, key));
    if (op === "remove") {
      this.#remove.run(kind, key);
    } else {
      if (row !== undefined) this.#removeEntries.run(kind, key);
      this.#put.run(kind, key, version, change.json);
      puts.set(identity(kind, key), change);
    }
  }

  #removeRanges({ kind, ranges }: Extract<DocumentChange, { op: "removeAll" }>, puts: StandingPuts): void {
    for (const { from, to } of ranges) {
      this.#removeRange.run(kind, from, to);
      for (const [id, put] of puts) {
        if (put.kind === kind && put.key >= from && put.key < to) puts.delete(id);
      }
    }
  }

  #writeEntries({ kind, key, entries }: DocumentPut): void {
    for (const { name, value, unique } of entries) {
      try {
        this.#addEntry.run(kind, key, name, value, unique ? 1 : 0);
      } catch (error) {
        if (extendedSqliteCode(error) !== SQLITE_CONSTRAINT_UNIQUE) throw error;
        throw new UniqueViolation(kind, name, value);
      }
    }
  }
}

function identity(kind: string, key: string): string {
  return `${kind} ${key}`;
}
