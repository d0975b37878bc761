// What keys have used, on its way into the records of their days. A batch of requests by many keys would be as many records
// to read and to write; it is written as one, and added to the days with others later, when most keys have come again.
import type { Key } from "../domain/record.ts";
import { scoped } from "../domain/record.ts";
import { type CountedBatch, countedBatches, dailyUsages, usagePlanKeys } from "../domain/usage-plan.ts";
import type { CountedRequests } from "../ports/counters.ts";
import { type Change, check, put, remove, type Store, VersionConflict } from "../ports/store.ts";

/** Its functions are to be called one after the other. All throw when the store cannot; then nothing is lost or counted twice. */
export interface UsageJournal {
  /** Takes what a process before this one has left. */
  open(): Promise<void>;
  /** Keeps what was counted. */
  append(counted: readonly CountedRequests[]): Promise<void>;
  /** Makes one of all batches that are kept so far, in pieces to be added one by one. Gives how many there are. */
  merge(): Promise<number>;
  /** Adds the first piece to the records of its days. */
  addPiece(): Promise<void>;
  /** Whether something of these places is not in the records of its days yet. */
  hasOf(places: readonly Key[]): boolean;
  readonly isEmpty: boolean;
}

interface Batch {
  readonly id: string;
  readonly counted: readonly CountedRequests[];
}

const ATTEMPTS = 20;
/** So many records are added to in one commit. */
const PIECE = 200;
/** Enough digits that ids sort like their numbers. */
const ID_DIGITS = 16;

export function createUsageJournal(store: Store): UsageJournal {
  /** As they were kept. */
  let batches: Batch[] = [];
  /** Of merged batches: no place has two on one day. */
  let pieces: Batch[] = [];
  let lastId = 0;

  const newBatch = (counted: readonly CountedRequests[]): Batch => ({ id: String(++lastId).padStart(ID_DIGITS, "0"), counted });

  return {
    async open() {
      const { items } = await store.list(countedBatches, {});
      batches = items.map(({ key: [id = ""], value }) => ({ id, counted: value.counted.map(([place, day, used]) => ({ place, day, used })) }));
      lastId = Number(batches.at(-1)?.id ?? 0);
    },
    async append(counted) {
      const batch = newBatch(counted);
      await store.commit([putBatch(batch)]);
      batches.push(batch);
    },
    async merge() {
      if (batches.length > 0) {
        const merged = merge(batches);
        const made: Batch[] = [];
        for (let i = 0; i < merged.length; i += PIECE) made.push(newBatch(merged.slice(i, i + PIECE)));
        await store.commit([...batches.map(removeBatch), ...made.map(putBatch)]);
        pieces.push(...made);
        batches = [];
      }
      return pieces.length;
    },
    async addPiece() {
      const [piece] = pieces;
      if (piece === undefined) return;
      await addToDays(store, piece.counted, [removeBatch(piece)]);
      pieces = pieces.slice(1);
    },
    hasOf(places) {
      const kept = new Set([...batches, ...pieces].flatMap(({ counted }) => counted.map(({ place }) => scoped(...place))));
      return kept.size > 0 && places.some((place) => kept.has(scoped(...place)));
    },
    get isEmpty() {
      return batches.length === 0 && pieces.length === 0;
    },
  };
}

function putBatch({ id, counted }: Batch): Change {
  const value: CountedBatch = { counted: counted.map(({ place, day, used }) => [place, day, used]) };
  return put(countedBatches, [id], value, "absent");
}

const removeBatch = ({ id }: Batch): Change => remove(countedBatches, [id], "any");

function merge(batches: readonly Batch[]): readonly CountedRequests[] {
  const sums = new Map<string, { -readonly [P in keyof CountedRequests]: CountedRequests[P] }>();
  for (const { counted } of batches) {
    for (const each of counted) {
      const name = scoped(...each.place, each.day);
      const sum = sums.get(name);
      if (sum === undefined) sums.set(name, { ...each });
      else sum.used += each.used;
    }
  }
  return Array.from(sums.values());
}

/**
 * Adds to the days' records and makes other changes with that, all or none. Of a key that has left its plan without having
 * used any of it, and of a plan that is gone, nothing is kept.
 * @param counted no place twice on one day
 */
export async function addToDays(store: Store, counted: readonly CountedRequests[], others: readonly Change[] = []): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const changes = [...(await changesOf(store, counted)), ...others];
    try {
      if (changes.length > 0) await store.commit(changes);
      return;
    } catch (error) {
      if (!(error instanceof VersionConflict) || attempt === ATTEMPTS) throw error;
    }
  }
}

async function changesOf(store: Store, counted: readonly CountedRequests[]): Promise<readonly Change[]> {
  const keys = counted.map(({ place, day }) => [...place, day]);
  const places = counted.map(({ place }) => place);
  const [planKeys, days] = await Promise.all([store.getAll(usagePlanKeys, places), store.getAll(dailyUsages, keys)]);
  return counted.flatMap(({ place, used }, i) => {
    const planKey = planKeys[i];
    if (planKey === undefined) return [];
    const { used: known = 0, extension = 0 } = days[i]?.value ?? {};
    const usage = { used: Math.max(0, known + used), extension };
    return [check(usagePlanKeys, place, planKey.version), put(dailyUsages, keys[i] as Key, usage, days[i]?.version ?? "absent")];
  });
}
