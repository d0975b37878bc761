// Records as a store adapter writes them: keys as sortable text, values as JSON, index values worked out.
// Shared by the adapters, so that they cannot differ in what a key, a prefix or an index value means.
import type { Key, RecordKind } from "../../domain/record.ts";
import { scoped, unscoped } from "../../domain/record.ts";
import type { Change, Expected, ListQuery, Stored } from "../../ports/store.ts";

/** One value that a record stands under. */
export interface IndexEntry {
  readonly name: string;
  readonly value: string;
  readonly unique: boolean;
}

/** A {@link Change} without functions: it can be sent to a thread or over a socket. */
export type DocumentChange =
  | DocumentPut
  | { readonly op: "remove"; readonly kind: string; readonly key: string; readonly expect: number | "any" }
  | { readonly op: "check"; readonly kind: string; readonly key: string; readonly expect: number | "absent" }
  | { readonly op: "removeAll"; readonly kind: string; readonly ranges: readonly KeyRange[] };

export interface DocumentPut {
  readonly op: "put";
  readonly kind: string;
  readonly key: string;
  readonly json: string;
  readonly entries: readonly IndexEntry[];
  readonly expect: Expected;
}

/** A stored record, its value still JSON. */
export interface Document {
  readonly key: string;
  readonly version: number;
  readonly json: string;
}

/** Keys from `from` on and before `to`. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

/** A {@link ListQuery} as ranges of keys, in order and disjoint. */
export interface DocumentQuery {
  readonly kind: string;
  readonly ranges: readonly KeyRange[];
  readonly index: { readonly name: string; readonly value: string } | undefined;
  /** Undefined: no limit. */
  readonly limit: number | undefined;
}

// Encoded keys are made of the characters "!" to "~": BEFORE sorts before all of them and AFTER behind.
const BEFORE = " ";
const AFTER = "\x7f";
const SEPARATOR = "/";
const PAST_SEPARATOR = "0";

/**
 * The text that a record is filed under.
 * @throws {RangeError} for a key without parts.
 */
export function encodeKey(key: Key): string {
  if (key.length === 0) throw new RangeError("a key needs at least one part");
  return scoped(...key);
}

/** What stands for a change in the adapters. @throws {TypeError} when the value is not JSON. */
export function encodeChange(change: Change): DocumentChange {
  const kind = change.kind.name;
  switch (change.op) {
    case "put": {
      const { key, value, expect } = change;
      const entries = indexEntries(change.kind, value as never, key);
      return { op: "put", kind, key: encodeKey(key), json: encodeValue(value, kind), entries, expect };
    }
    case "remove":
      return { op: "remove", kind, key: encodeKey(change.key), expect: change.expect };
    case "check":
      return { op: "check", kind, key: encodeKey(change.key), expect: change.expect };
    case "removeAll":
      return { op: "removeAll", kind, ranges: keyRanges(change.prefix, undefined) };
  }
}

/** @throws {RangeError} for an index that the kind does not declare, and for a limit that is no count. */
export function encodeQuery(kind: RecordKind<never>, query: ListQuery): DocumentQuery {
  const { prefix, index, after, limit } = query;
  if (index !== undefined && !Object.hasOwn(kind.indexes, index.name)) {
    throw new RangeError(`${kind.name} has no index ${index.name}`);
  }
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 0)) {
    throw new RangeError(`a limit is a count of records, not ${limit}`);
  }
  return {
    kind: kind.name,
    ranges: keyRanges(prefix, after),
    index: index && { name: index.name, value: index.value.toWellFormed() },
    limit,
  };
}

export function decodeDocument<T>(document: Document): Stored<T> {
  return { key: unscoped(document.key), version: document.version, value: JSON.parse(document.json) as T };
}

function encodeValue(value: unknown, kind: string): string {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) throw new TypeError(`${kind}: a value that is not JSON cannot be stored`);
  return json;
}

function indexEntries(kind: RecordKind<never>, value: never, key: Key): IndexEntry[] {
  return Object.entries(kind.indexes).flatMap(([name, index]) => {
    const values = new Set(index.values(value, key).map((each) => each.toWellFormed()));
    return [...values].map((each) => ({ name, value: each, unique: index.unique }));
  });
}

/**
 * The keys under a prefix and after a key. A prefix means two ranges: the key that is the prefix itself, and all that
 * go on with a separator; `a-b` sorts between `a` and `a/b` and belongs to neither.
 */
function keyRanges(prefix: Key | undefined, after: Key | undefined): KeyRange[] {
  const from = after === undefined ? "" : encodeKey(after) + BEFORE;
  return prefixRanges(prefix)
    .map((range) => (range.from < from ? { from, to: range.to } : range))
    .filter((range) => range.from < range.to);
}

function prefixRanges(prefix: Key | undefined): KeyRange[] {
  if (prefix === undefined || prefix.length === 0) return [{ from: "", to: AFTER }];
  const start = encodeKey(prefix);
  return [
    { from: start, to: start + BEFORE },
    { from: start + SEPARATOR, to: start + PAST_SEPARATOR },
  ];
}
