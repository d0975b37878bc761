// Where records are kept. Every adapter passes the suite in test/contracts/store.ts.
import type { Key, RecordKind } from "../domain/record.ts";

/** A record as the store holds it. `version` changes with every write and never comes back, not even after a removal. */
export interface Stored<T> {
  readonly key: Key;
  readonly version: number;
  readonly value: T;
}

/** Which records to list, always in the order of their keys. */
export interface ListQuery {
  /** Only keys that begin with these parts (whole parts, not a part's beginning). */
  readonly prefix?: Key;
  /** Only records that stand under this value of this index. */
  readonly index?: { readonly name: string; readonly value: string };
  /** Only keys after this one; the record itself need not exist any more. */
  readonly after?: Key;
  /** At most so many; all of them when absent. */
  readonly limit?: number;
}

/** A page of a list. `more` says whether records follow the last item. */
export interface Page<T> {
  readonly items: readonly Stored<T>[];
  readonly more: boolean;
}

/** What a write expects to find: no record, the record at this version, or whatever is there. */
export type Expected = "absent" | "any" | number;

/** One part of a commit. */
export type Change =
  | { readonly op: "put"; readonly kind: RecordKind<never>; readonly key: Key; readonly value: unknown; readonly expect: Expected }
  | { readonly op: "remove"; readonly kind: RecordKind<never>; readonly key: Key; readonly expect: number | "any" }
  /** Writes nothing, but fails the commit when the record is not at this version. */
  | { readonly op: "check"; readonly kind: RecordKind<never>; readonly key: Key; readonly expect: number | "absent" }
  /** Removes every record of the kind whose key begins with the prefix. */
  | { readonly op: "removeAll"; readonly kind: RecordKind<never>; readonly prefix: Key };

/** The store. All calls may be made concurrently. */
export interface Store {
  get<T>(kind: RecordKind<T>, key: Key): Promise<Stored<T> | undefined>;
  /** The records under many keys at once, in the order of the keys; undefined where there is none. */
  getAll<T>(kind: RecordKind<T>, keys: readonly Key[]): Promise<readonly (Stored<T> | undefined)[]>;
  list<T>(kind: RecordKind<T>, query: ListQuery): Promise<Page<T>>;
  count(kind: RecordKind<never>, query: Pick<ListQuery, "prefix" | "index">): Promise<number>;
  /**
   * Makes all the changes or none, in their order, each on top of those before it; unique indexes have to hold at the
   * end, so that records may exchange their values. Durable when it resolves: what was acknowledged survives a crash of
   * the process and a power cut. Gives the version that the records put by this commit now have.
   * @throws {VersionConflict} when a record is not as a change expected it.
   * @throws {UniqueViolation} when two records would stand under one value of a unique index.
   */
  commit(changes: readonly Change[]): Promise<number>;
  close(): Promise<void>;
}

/** A record is not as a commit expected it. Read again and decide anew. */
export class VersionConflict extends Error {
  override readonly name = "VersionConflict";
  readonly kind: string;
  readonly key: Key;

  constructor(kind: string, key: Key) {
    super(`${kind} ${key.join("/")} is not as expected`);
    this.kind = kind;
    this.key = key;
  }
}

/** A commit would put two records under one value of a unique index. */
export class UniqueViolation extends Error {
  override readonly name = "UniqueViolation";
  readonly kind: string;
  readonly index: string;
  readonly value: string;

  constructor(kind: string, index: string, value: string) {
    super(`${kind}: ${index} ${value} is taken`);
    this.kind = kind;
    this.index = index;
    this.value = value;
  }
}

/** A change that writes a record of type `T`. */
export function put<T>(kind: RecordKind<T>, key: Key, value: T, expect: Expected): Change {
  return { op: "put", kind, key, value, expect };
}

/** A change that removes a record. */
export function remove<T>(kind: RecordKind<T>, key: Key, expect: number | "any"): Change {
  return { op: "remove", kind, key, expect };
}

/** A change that only makes sure a record is still as it was read (or still absent). */
export function check<T>(kind: RecordKind<T>, key: Key, expect: number | "absent"): Change {
  return { op: "check", kind, key, expect };
}

/** A change that removes every record of the kind under the prefix. */
export function removeAll<T>(kind: RecordKind<T>, prefix: Key): Change {
  return { op: "removeAll", kind, prefix };
}
