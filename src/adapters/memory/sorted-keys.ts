// Strings in order, found by binary search. An insertion moves the tail of one array, which is a memory copy: tens of
// thousands of keys cost microseconds each.
import type { KeyRange } from "../documents/index.ts";

export class SortedKeys {
  readonly #keys: string[] = [];

  get size(): number {
    return this.#keys.length;
  }

  get first(): string | undefined {
    return this.#keys[0];
  }

  /** Adds a key; nothing happens when it is there already. */
  add(key: string): void {
    const at = this.#position(key);
    if (this.#keys[at] !== key) this.#keys.splice(at, 0, key);
  }

  /** Removes a key; nothing happens when it is not there. */
  remove(key: string): void {
    const at = this.#position(key);
    if (this.#keys[at] === key) this.#keys.splice(at, 1);
  }

  /** The keys of a range in order, at most `limit` of them. */
  slice(range: KeyRange, limit = Infinity): string[] {
    const from = this.#position(range.from);
    return this.#keys.slice(from, Math.min(this.#position(range.to), from + limit));
  }

  /** How many keys a range holds. */
  count(range: KeyRange): number {
    return this.#position(range.to) - this.#position(range.from);
  }

  /** Where the key stands or would stand. */
  #position(key: string): number {
    const keys = this.#keys;
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] as string) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
