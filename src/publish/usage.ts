// What keys have used of their plans, between the counters, which have it in memory, and the store, which keeps it. Counted
// requests are written in batches: what was counted since the last one is lost when the process is killed.
import type { Key } from "../domain/record.ts";
import { dailyUsages, dayOf, usagePlanKeys } from "../domain/usage-plan.ts";
import type { Clock } from "../ports/clock.ts";
import type { CountedRequests, Counters, UsageLedger } from "../ports/counters.ts";
import type { Log } from "../ports/log.ts";
import { type Change, check, put, type Store, VersionConflict } from "../ports/store.ts";
import { createTurns } from "./in-turn.ts";

/** How much is counted before it is written, at most; what comes first. */
export interface UsageBatch {
  readonly milliseconds: number;
  readonly requests: number;
}

export interface UsageKeeper {
  /** Writes what was counted until now. @throws when the store cannot; it is tried again with the next batch */
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
const ATTEMPTS = 20;
const DAY_MILLIS = 86_400_000;
/** As many as the longest period has. */
const KNOWN_DAYS = 31;

export function createUsageKeeper({ store, ledger, clock, batch, log }: UsageKeeperParts): UsageKeeper {
  const turns = createTurns();
  let isDue = false;
  let cancel: (() => void) | undefined;
  /** Requests that are being written. */
  let writing = 0;
  let hasFailed = false;
  let lastTurn: Promise<void> = Promise.resolve();

  function inTurn(task: () => Promise<void>): Promise<void> {
    const turn = turns("usage", task);
    lastTurn = turn.catch(() => undefined);
    return turn;
  }

  function begin(): void {
    isDue = true;
    cancel?.();
    cancel = undefined;
    keep().catch((error: unknown) => {
      log.error("what API keys have used cannot be written, and is tried again", error, { requests: ledger.undrained });
      cancel ??= clock.after(batch.milliseconds, begin);
    });
  }

  const keep = (): Promise<void> =>
    inTurn(async () => {
      isDue = false;
      await write(ledger.drain());
    });

  const isBehind = (): boolean => !hasFailed && ledger.undrained + writing >= 2 * batch.requests;

  async function write(counted: readonly CountedRequests[]): Promise<void> {
    for (let i = 0; i < counted.length; i += AT_ONCE) {
      writing = counted.slice(i).reduce((sum, { used }) => sum + used, 0);
      try {
        await commit(store, counted.slice(i, i + AT_ONCE));
        hasFailed = false;
      } catch (error) {
        hasFailed = true;
        ledger.restore(counted.slice(i));
        throw error;
      } finally {
        writing = 0;
      }
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
            const first = dayOf(clock.now() - KNOWN_DAYS * DAY_MILLIS);
            for (let i = 0; i < places.length; i += AT_ONCE) await Promise.all(places.slice(i, i + AT_ONCE).map((place) => load(place, first)));
          }),
  };

  async function load(place: Key, first: string): Promise<void> {
    const { items } = await store.list(dailyUsages, { prefix: place, after: [...place, first] });
    ledger.load(place, new Map(items.map(({ key, value }) => [key.at(-1) ?? "", value])));
  }
}

/** Adds to the days' records; of a key that has left its plan without having used any of it, and of a plan that is gone, nothing is kept. */
async function commit(store: Store, counted: readonly CountedRequests[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const changes = (await Promise.all(counted.map((each) => changesOf(store, each)))).flat();
    try {
      if (changes.length > 0) await store.commit(changes);
      return;
    } catch (error) {
      if (!(error instanceof VersionConflict) || attempt === ATTEMPTS) throw error;
    }
  }
}

async function changesOf(store: Store, { place, day, used }: CountedRequests): Promise<readonly Change[]> {
  const key = [...place, day];
  const [planKey, before] = await Promise.all([store.get(usagePlanKeys, place), store.get(dailyUsages, key)]);
  if (planKey === undefined) return [];
  const { used: known = 0, extension = 0 } = before?.value ?? {};
  return [check(usagePlanKeys, place, planKey.version), put(dailyUsages, key, { used: Math.max(0, known + used), extension }, before?.version ?? "absent")];
}
