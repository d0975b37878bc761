// What places have used, added up. A ledger numbers its places, so that thousands of them are added many times a second
// without a look-up each.
import { scoped } from "../domain/record.ts";
import type { CountedRequests } from "../ports/counters.ts";
import type { Used } from "./counted-batch.ts";

export interface UsageSums {
  /** What a ledger has counted: one ledger's, and no other's. */
  add(counted: readonly CountedRequests[]): void;
  /** What nobody has numbered. */
  addStored(counted: readonly Used[]): void;
  /** Each place once for a day. */
  all(): readonly Used[];
}

interface Sum extends Used {
  used: number;
}

export function createUsageSums(): UsageSums {
  const sums = new Map<string, Sum>();
  /** Of one day, by number; and the places that these are of. */
  let counts = new Float64Array(0);
  let numbered: CountedRequests[] = [];
  let day = "";

  function addUsed({ place, day: of }: Used, used: number): void {
    const name = scoped(...place, of);
    const sum = sums.get(name);
    if (sum === undefined) sums.set(name, { place, day: of, used });
    else sum.used += used;
  }

  function settle(): void {
    for (const each of numbered) {
      const count = counts[each.number] ?? 0;
      counts[each.number] = 0;
      if (count !== 0) addUsed(each, count);
    }
    numbered = [];
  }

  function grow(number: number): void {
    const grown = new Float64Array(2 * (number + 1));
    grown.set(counts);
    counts = grown;
  }

  return {
    add(counted) {
      for (const each of counted) {
        if (each.day !== day) settle();
        day = each.day;
        if (each.number >= counts.length) grow(each.number);
        const count = counts[each.number] ?? 0;
        if (count === 0) numbered.push(each);
        counts[each.number] = count + each.used;
      }
    },
    addStored(counted) {
      for (const each of counted) addUsed(each, each.used);
    },
    all() {
      settle();
      return Array.from(sums.values());
    },
  };
}
