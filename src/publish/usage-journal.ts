// What keys have used, on its way into the records of their days. A batch of requests by many keys would be as many records
// to read and to write; it is written as one, and added to the days with others later, when most keys have come again.
import type { Key } from "../domain/record.ts";
import { scoped } from "../domain/record.ts";
import { countedBatches, dailyUsages, usagePlanKeys } from "../domain/usage-plan.ts";
import type { CountedRequests } from "../ports/counters.ts";
import { type Change, check, put, remove, type Store, VersionConflict } from "../ports/store.ts";
import { decodeBatch, encodeBatch, type Used } from "./counted-batch.ts";
import { createUsageSums } from "./usage-sums.ts";

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
  /** How many batches are kept, and not merged. */
  readonly batches: number;
  readonly isEmpty: boolean;
}

/** Of sums that are kept as one record: no place has two on one day. */
interface Piece {
  readonly id: string;
  readonly sums: readonly Used[];
}

const ATTEMPTS = 20;
/** So many records are added to in one commit. */
const PIECE = 200;
/** Enough digits that ids sort like their numbers. */
const ID_DIGITS = 16;

export function createUsageJournal(store: Store): UsageJournal {
  /** The batches that are kept, by their ids, and what they come to. */
  let batches: string[] = [];
  let sums = createUsageSums();
  let pieces: Piece[] = [];
  let lastId = 0;

  const newId = (): string => String(++lastId).padStart(ID_DIGITS, "0");

  return {
    async open() {
      const { items } = await store.list(countedBatches, {});
      batches = items.map(({ key: [id = ""] }) => id);
      sums = createUsageSums();
      for (const { value } of items) sums.addStored(decodeBatch(value));
      lastId = Number(batches.at(-1) ?? 0);
    },
    async append(counted) {
      const id = newId();
      await store.commit([putBatch(id, counted)]);
      batches.push(id);
      sums.add(counted);
    },
    async merge() {
      if (batches.length > 0) {
        const merged = sums.all();
        const made: Piece[] = [];
        for (let i = 0; i < merged.length; i += PIECE) made.push({ id: newId(), sums: merged.slice(i, i + PIECE) });
        await store.commit([...batches.map(removeBatch), ...made.map((piece) => putBatch(piece.id, piece.sums))]);
        pieces.push(...made);
        batches = [];
        sums = createUsageSums();
      }
      return pieces.length;
    },
    async addPiece() {
      const [piece] = pieces;
      if (piece === undefined) return;
      await addToDays(store, piece.sums, [removeBatch(piece.id)]);
      pieces = pieces.slice(1);
    },
    hasOf(places) {
      const kept = new Set([...sums.all(), ...pieces.flatMap((piece) => piece.sums)].map(({ place }) => scoped(...place)));
      return kept.size > 0 && places.some((place) => kept.has(scoped(...place)));
    },
    get batches() {
      return batches.length;
    },
    get isEmpty() {
      return batches.length === 0 && pieces.length === 0;
    },
  };
}

const putBatch = (id: string, counted: readonly Used[]): Change => put(countedBatches, [id], encodeBatch(counted), "absent");

const removeBatch = (id: string): Change => remove(countedBatches, [id], "any");

/**
 * Adds to the days' records and makes other changes with that, all or none. Of a key that has left its plan without having
 * used any of it, and of a plan that is gone, nothing is kept.
 * @param counted no place twice on one day
 */
export async function addToDays(store: Store, counted: readonly Used[], others: readonly Change[] = []): Promise<void> {
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

async function changesOf(store: Store, counted: readonly Used[]): Promise<readonly Change[]> {
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
