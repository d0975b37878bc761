// The records of one kind in memory: by key, in the order of keys, and under the values of their indexes.
import type { Document, DocumentPut, DocumentQuery, IndexEntry, KeyRange } from "../documents/index.ts";
import { SortedKeys } from "./sorted-keys.ts";

interface Row extends Document {
  readonly entries: readonly IndexEntry[];
}

export class KindTable {
  readonly #rows = new Map<string, Row>();
  readonly #keys = new SortedKeys();
  /** Index name, then value. */
  readonly #indexes = new Map<string, Map<string, SortedKeys>>();

  get(key: string): Document | undefined {
    return this.#rows.get(key);
  }

  keysIn(range: KeyRange): string[] {
    return this.#keys.slice(range);
  }

  /** The one record that stands under a value of a unique index. */
  holder(index: string, value: string): string | undefined {
    return this.#indexes.get(index)?.get(value)?.first;
  }

  /** At most `limit` documents, whatever the query's own limit is. */
  list({ ranges, index }: DocumentQuery, limit: number): Document[] {
    const keys = this.#keysFor(index);
    if (keys === undefined) return [];
    return ranges
      .flatMap((range) => keys.slice(range, limit))
      .slice(0, limit)
      .map((key) => this.#rows.get(key) as Row);
  }

  count({ ranges, index }: DocumentQuery): number {
    const keys = this.#keysFor(index);
    return keys === undefined ? 0 : ranges.reduce((sum, range) => sum + keys.count(range), 0);
  }

  put({ key, json, entries }: DocumentPut, version: number): void {
    this.remove(key);
    this.#rows.set(key, { key, version, json, entries });
    this.#keys.add(key);
    for (const { name, value } of entries) this.#valueKeys(name, value).add(key);
  }

  remove(key: string): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    this.#rows.delete(key);
    this.#keys.remove(key);
    for (const { name, value } of row.entries) {
      const keys = this.#valueKeys(name, value);
      keys.remove(key);
      if (keys.size === 0) this.#indexes.get(name)?.delete(value);
    }
  }

  #keysFor(index: DocumentQuery["index"]): SortedKeys | undefined {
    return index === undefined ? this.#keys : this.#indexes.get(index.name)?.get(index.value);
  }

  #valueKeys(name: string, value: string): SortedKeys {
    const values = getOrAdd(this.#indexes, name, () => new Map<string, SortedKeys>());
    return getOrAdd(values, value, () => new SortedKeys());
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
