// What a stored document is: its kind, its key, and the indexes that its kind declares.

/**
 * The parts of a record's key, outermost first, e.g. `[account, region, apiId, resourceId]`.
 * Records whose keys share their first parts are listed together by that prefix.
 */
export type Key = readonly string[];

/** An index of a kind: which values a record is found under, and whether a value may stand for one record only. */
export interface RecordIndex<T> {
  readonly unique: boolean;
  /** The values the record is indexed under: none, one or several. */
  values(record: T, key: Key): readonly string[];
}

/**
 * A kind of record. `T` must survive `JSON.stringify` and `JSON.parse` unchanged.
 * The indexes of all records of all accounts and regions are one: a value that is only unique within a scope
 * carries that scope (see {@link scoped}).
 */
export interface RecordKind<T> {
  readonly name: string;
  readonly indexes: Readonly<Record<string, RecordIndex<T>>>;
}

/** Declares a kind, keeping the type of its records. */
export function recordKind<T>(name: string, indexes: Readonly<Record<string, RecordIndex<T>>> = {}): RecordKind<T> {
  return { name, indexes };
}

/**
 * A key as one ASCII string that sorts like its parts and keeps them apart: each part percent-encoded, joined by `/`.
 * Also the way to make an index value of several parts.
 */
export function scoped(...parts: readonly string[]): string {
  return parts.map((part) => encodeURIComponent(part.toWellFormed())).join("/");
}

/** The parts that {@link scoped} joined. */
export function unscoped(value: string): Key {
  return value.split("/").map(decodeURIComponent);
}
