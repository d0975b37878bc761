// What keys have used of their plans, between the counters, which have it in memory, and the store, which keeps it. Counted
// requests are written in batches: what was counted since the last one is lost when the process is killed.
import type { Key } from "../domain/record.ts";
import { dailyUsages, dayOf } from "../domain/usage-plan.ts";
import type { Clock } from "../ports/clock.ts";
import type { CountedRequests, Counters, UsageLedger } from "../ports/counters.ts";
import type { Log } from "../ports/log.ts";
import type { Store } from "../ports/store.ts";
import { createTurns } from "./in-turn.ts";
import { addToDays, createUsageJournal } from "./usage-journal.ts";

/** How much is counted before it is written, at most; what comes first. */
export interface UsageBatch {
  readonly milliseconds: number;
  readonly requests: number;
}

export interface UsageKeeper {
  /** Writes what was counted until now, into the records of its days. @throws when the store cannot; it is tried again with the next batch */
  keep(): Promise<void>;
  /**
   * The same counters, whose metered requests wait while two batches of others are not written yet: so many are lost at
   * most when the process is killed. Where the store fails they do not wait.
   */
  bounded(counters: Counters): Counters;
  /** Tells the counters what the store has of places, once it has all that they know. */
  reload(places: readonly Key[]): Promise<void>;
}

export interface UsageKeeperParts {
  readonly store: Store;
  readonly ledger: UsageLedger;
  readonly clock: Clock;
  readonly batch: UsageBatch;
  readonly log: Log;
}

const AT_ONCE = 200;
/** What so few have used is added to the records of its days at once; of more, a batch is kept for later. */
const FEW = 20;
/** How long batches are kept, in milliseconds, and how many of them: the more, the more often a key has come. */
const MERGE_MS = 300_000;
const MOST_BATCHES = 1000;
const DAY_MILLIS = 86_400_000;
/** As many as the longest period has. */
const KNOWN_DAYS = 31;

export function createUsageKeeper({ store, ledger, clock, batch, log }: UsageKeeperParts): UsageKeeper {
  const turns = createTurns();
  const journal = createUsageJournal(store);
  let isOpen = false;
  let isDue = false;
  let cancel: (() => void) | undefined;
  let cancelMerge: (() => void) | undefined;
  let hasMergeFailed = false;
  /** Requests that are being written. */
  let writing = 0;
  let hasFailed = false;
  let lastTurn: Promise<void> = Promise.resolve();

  function inTurn(task: () => Promise<void>): Promise<void> {
    const turn = turns("usage", async () => {
      if (!isOpen) await journal.open();
      isOpen = true;
      await task();
    });
    lastTurn = turn.catch(() => undefined);
    return turn;
  }

  function begin(): void {
    isDue = true;
    cancel?.();
    cancel = undefined;
    writeBatch().catch((error: unknown) => {
      log.error("what API keys have used cannot be written, and is tried again", error, { requests: ledger.undrained });
      cancel ??= clock.after(batch.milliseconds, begin);
    });
  }

  const writeBatch = (): Promise<void> =>
    inTurn(async () => {
      isDue = false;
      await write(ledger.drain());
      if (journal.batches >= MOST_BATCHES && !hasMergeFailed) merge();
      else if (!journal.isEmpty) mergeLater();
    });

  /** A piece at a time, so that batches which come meanwhile do not wait for all of them. */
  async function addKept(): Promise<void> {
    let left = 0;
    await inTurn(async () => void (left = await journal.merge()));
    for (; left > 0; left--) await inTurn(journal.addPiece);
  }

  async function keep(): Promise<void> {
    await writeBatch();
    await addKept();
  }

  function mergeLater(): void {
    cancelMerge ??= clock.after(MERGE_MS, merge);
  }

  function merge(): void {
    cancelMerge?.();
    cancelMerge = undefined;
    addKept().then(
      () => void (hasMergeFailed = false),
      (error: unknown) => {
        log.error("what API keys have used is kept, and cannot be added to what they had used before; it is tried again", error);
        hasMergeFailed = true;
        mergeLater();
      },
    );
  }

  const isBehind = (): boolean => !hasFailed && ledger.undrained + writing >= 2 * batch.requests;

  async function write(counted: readonly CountedRequests[]): Promise<void> {
    if (counted.length === 0) return;
    writing = counted.reduce((sum, { used }) => sum + used, 0);
    try {
      await (counted.length > FEW ? journal.append(counted) : addToDays(store, counted));
      hasFailed = false;
    } catch (error) {
      hasFailed = true;
      ledger.restore(counted);
      throw error;
    } finally {
      writing = 0;
    }
  }

  ledger.watch((undrained) => {
    // A store that fails is tried again by time alone.
    if (undrained >= batch.requests && !isDue && !hasFailed) begin();
    else cancel ??= clock.after(batch.milliseconds, begin);
  });

  return {
    keep,
    bounded: (counters) => ({
      ...counters,
      spend(meter, now) {
        if (!isBehind()) return counters.spend(meter, now);
        const spendLater = async (): Promise<boolean> => {
          while (isBehind()) await lastTurn;
          return counters.spend(meter, now);
        };
        return spendLater();
      },
    }),
    reload: (places) =>
      places.length === 0
        ? Promise.resolve()
        : inTurn(async () => {
            await write(ledger.drain());
            if (journal.hasOf(places)) for (let left = await journal.merge(); left > 0; left--) await journal.addPiece();
            const first = dayOf(clock.now() - KNOWN_DAYS * DAY_MILLIS);
            for (let i = 0; i < places.length; i += AT_ONCE) await Promise.all(places.slice(i, i + AT_ONCE).map((place) => load(place, first)));
          }),
  };

  async function load(place: Key, first: string): Promise<void> {
    const { items } = await store.list(dailyUsages, { prefix: place, after: [...place, first] });
    ledger.load(place, new Map(items.map(({ key, value }) => [key.at(-1) ?? "", value])));
  }
}
