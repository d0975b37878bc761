// A store that forgets: the same behaviour as the durable ones, for tests and for `--in-memory`.
import type { Key, RecordKind } from "../../domain/record.ts";
import { unscoped } from "../../domain/record.ts";
import type { Change, ListQuery, Page, Store, Stored } from "../../ports/store.ts";
import { UniqueViolation, VersionConflict } from "../../ports/store.ts";
import type { DocumentChange, DocumentPut } from "../documents/index.ts";
import { decodeDocument, encodeChange, encodeKey, encodeQuery } from "../documents/index.ts";
import { KindTable } from "./kind-table.ts";

/** A store without persistence. Values go through JSON on both ways, so that no caller shares an object with another. */
export function createMemoryStore(): Store {
  return new MemoryStore();
}

class MemoryStore implements Store {
  readonly #tables = new Map<string, KindTable>();
  #lastVersion = 0;
  #closed = false;

  async get<T>(kind: RecordKind<T>, key: Key): Promise<Stored<T> | undefined> {
    this.#assertOpen();
    const document = this.#table(kind.name).get(encodeKey(key));
    return document && decodeDocument<T>(document);
  }

  async getAll<T>(kind: RecordKind<T>, keys: readonly Key[]): Promise<readonly (Stored<T> | undefined)[]> {
    return await Promise.all(keys.map((key) => this.get(kind, key)));
  }

  async list<T>(kind: RecordKind<T>, query: ListQuery): Promise<Page<T>> {
    this.#assertOpen();
    const documents = encodeQuery(kind, query);
    const limit = documents.limit ?? Infinity;
    const found = this.#table(kind.name).list(documents, limit + 1);
    return { items: found.slice(0, limit).map((each) => decodeDocument<T>(each)), more: found.length > limit };
  }

  async count(kind: RecordKind<never>, query: Pick<ListQuery, "prefix" | "index">): Promise<number> {
    this.#assertOpen();
    return this.#table(kind.name).count(encodeQuery(kind, query));
  }

  async commit(changes: readonly Change[]): Promise<number> {
    this.#assertOpen();
    const version = this.#lastVersion + 1;
    const pending = new PendingCommit((kind) => this.#table(kind), version);
    for (const change of changes.map(encodeChange)) pending.add(change);
    pending.assertUnique();
    pending.apply();
    this.#lastVersion = version;
    return version;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #table(kind: string): KindTable {
    let table = this.#tables.get(kind);
    if (table === undefined) this.#tables.set(kind, (table = new KindTable()));
    return table;
  }

  #assertOpen(): void {
    if (this.#closed) throw new Error("the store is closed");
  }
}

/** What a commit will have done, kept beside the tables until nothing can refuse it any more. */
class PendingCommit {
  readonly #tableOf: (kind: string) => KindTable;
  readonly #version: number;
  /** Kind, then key, to the last put; `undefined` for a record that is gone. */
  readonly #outcome = new Map<string, Map<string, DocumentPut | undefined>>();
  /** The puts that stand, in their order: the first of them to break a unique index is the one reported. */
  readonly #puts = new Set<DocumentPut>();

  constructor(tableOf: (kind: string) => KindTable, version: number) {
    this.#tableOf = tableOf;
    this.#version = version;
  }

  add(change: DocumentChange): void {
    if (change.op === "removeAll") {
      for (const key of this.#keysUnder(change)) this.#set(change.kind, key, undefined);
      return;
    }
    if (!this.#isAsExpected(change)) throw new VersionConflict(change.kind, unscoped(change.key));
    if (change.op === "put") this.#set(change.kind, change.key, change);
    if (change.op === "remove") this.#set(change.kind, change.key, undefined);
  }

  assertUnique(): void {
    const claimed = new Set<string>();
    for (const { kind, key, entries } of this.#puts) {
      for (const { name, value, unique } of entries) {
        if (!unique) continue;
        const claim = JSON.stringify([kind, name, value]);
        const holder = this.#tableOf(kind).holder(name, value);
        const held = holder !== undefined && holder !== key && !this.#ofKind(kind).has(holder);
        if (held || claimed.has(claim)) throw new UniqueViolation(kind, name, value);
        claimed.add(claim);
      }
    }
  }

  apply(): void {
    for (const [kind, outcome] of this.#outcome) {
      const table = this.#tableOf(kind);
      for (const [key, put] of outcome) {
        if (put === undefined) table.remove(key);
        else table.put(put, this.#version);
      }
    }
  }

  #isAsExpected({ kind, key, expect }: Exclude<DocumentChange, { op: "removeAll" }>): boolean {
    if (expect === "any") return true;
    const written = this.#ofKind(kind);
    const version = written.has(key) ? written.get(key) && this.#version : this.#tableOf(kind).get(key)?.version;
    return expect === "absent" ? version === undefined : version === expect;
  }

  #keysUnder({ kind, ranges }: Extract<DocumentChange, { op: "removeAll" }>): Set<string> {
    const written = [...this.#ofKind(kind).keys()];
    return new Set(
      ranges.flatMap((range) => [
        ...this.#tableOf(kind).keysIn(range),
        ...written.filter((key) => key >= range.from && key < range.to),
      ]),
    );
  }

  #set(kind: string, key: string, put: DocumentPut | undefined): void {
    const written = this.#ofKind(kind);
    const before = written.get(key);
    if (before !== undefined) this.#puts.delete(before);
    if (put !== undefined) this.#puts.add(put);
    written.set(key, put);
  }

  #ofKind(kind: string): Map<string, DocumentPut | undefined> {
    let written = this.#outcome.get(kind);
    if (written === undefined) this.#outcome.set(kind, (written = new Map()));
    return written;
  }
}
