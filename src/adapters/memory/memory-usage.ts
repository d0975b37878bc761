// What keys have used of their plans, in memory and exact. What is counted on a day is kept in plain numbers, beside what is
// known of all days: a request finds what remains without reading a day.
import { KEPT, type Kept } from "../../domain/kept.ts";
import type { Key } from "../../domain/record.ts";
import { scoped } from "../../domain/record.ts";
import { type DailyUsage, dayOf, type Quota, remainingOn } from "../../domain/usage-plan.ts";
import type { CountedRequests, Counters, Meter, UsageLedger } from "../../ports/counters.ts";

export interface MemoryUsage extends Pick<Counters, "refund">, UsageLedger {
  spend(meter: Meter, now: number): boolean;
  /** Counts requests that another process has let in, whatever remains. */
  count(meter: Meter, day: string, used: number): void;
  /** What remains of a quota; Infinity without one. */
  remaining(meter: Meter, now: number): number;
}

const DAY_MILLIS = 86_400_000;
const LONGEST_PERIOD_DAYS = 31;

/** What is known of a place. */
interface Account extends Kept {
  /** That it was last found by. */
  meter: Meter | undefined;
  /** Of what `left` is. */
  quota: Quota | undefined;
  /** The day that `left`, `counted` and `drained` are of, in days since the epoch; {@link NO_DAY} when they have to be worked out. */
  day: number;
  /** Of the quota; of no meaning without one. */
  left: number;
  /** On the day, and not drained. */
  counted: number;
  /** Whether there is something to drain. */
  isTouched: boolean;
  /** On the day, and drained. */
  drained: number;
  readonly number: number;
  readonly place: Key;
  /** By day, what is in the store and what was counted since, but for `counted` and `drained`; undefined for nothing. */
  usage: Map<string, DailyUsage> | undefined;
  /** Counted and not drained, by day, but for `counted`; undefined for nothing. */
  pending: Map<string, number> | undefined;
}

const NO_DAY = -1;
const NOTHING: ReadonlyMap<string, DailyUsage> = new Map();

export function createMemoryUsage(): MemoryUsage {
  const accounts = new Map<string, Account>();
  /** Those with something to drain. */
  let touched: Account[] = [];
  let undrained = 0;
  let lastPlace: Key = [];
  let lastDay = { day: NO_DAY, text: "" };
  let listener: ((undrained: number) => void) | undefined;

  /** Of a day in days since the epoch: almost always the one that was asked for before. */
  function textOf(day: number): string {
    if (day !== lastDay.day) lastDay = { day, text: dayOf(day * DAY_MILLIS) };
    return lastDay.text;
  }

  function accountOf(meter: Meter): Account {
    const kept = meter[KEPT];
    if (kept?.by === accounts && (kept as Account).meter === meter) return kept as Account;
    const account = accountBy(meter.name, meter.place);
    account.meter = meter;
    meter[KEPT] = account;
    return account;
  }

  function accountBy(name: string, place: Key): Account {
    let account = accounts.get(name);
    if (account === undefined) {
      // Places mostly differ in their last part alone: they share the texts of the others.
      lastPlace = place.map((part, i) => (part === lastPlace[i] ? lastPlace[i] : part));
      account = { by: accounts, meter: undefined, quota: undefined, day: NO_DAY, left: 0, counted: 0, isTouched: false, drained: 0, number: accounts.size, place: lastPlace, usage: undefined, pending: undefined };
      accounts.set(name, account);
    }
    return account;
  }

  /** The account, with what remains of the meter's quota on the day of a time. */
  function accountOn(meter: Meter, now: number): Account {
    const account = accountOf(meter);
    if (account.day !== Math.floor(now / DAY_MILLIS) || !sameQuota(account.quota, meter.quota)) begin(account, meter.quota, now);
    return account;
  }

  function begin(account: Account, quota: Quota | undefined, now: number): void {
    fold(account);
    if (account.usage !== undefined) forgetBefore(account.usage, dayOf(now - LONGEST_PERIOD_DAYS * DAY_MILLIS));
    account.quota = quota;
    account.day = Math.floor(now / DAY_MILLIS);
    account.left = quota === undefined ? 0 : remainingOn(quota, dayOf(now), account.usage ?? NOTHING);
  }

  /** Takes what was counted on the day over into what is known of all days. */
  function fold(account: Account): void {
    const { counted, drained } = account;
    if (counted === 0 && drained === 0) return;
    const day = textOf(account.day);
    addUsage(account, day, counted + drained);
    addPending(account, day, counted);
    account.counted = 0;
    account.drained = 0;
  }

  function touch(account: Account, count: number): void {
    if (!account.isTouched) touched.push(account);
    account.isTouched = true;
    undrained += count;
  }

  function drainAccount(account: Account, into: CountedRequests[]): void {
    const { place, number, counted } = account;
    if (account.pending !== undefined) {
      fold(account);
      for (const [day, used] of account.pending) if (used !== 0) into.push({ place, number, day, used });
      account.pending = undefined;
    } else if (counted !== 0) {
      into.push({ place, number, day: textOf(account.day), used: counted });
      account.drained += counted;
      account.counted = 0;
    }
  }

  return {
    spend(meter, now) {
      const account = accountOn(meter, now);
      if (meter.quota !== undefined) {
        if (account.left < 1) return false;
        account.left--;
      }
      account.counted++;
      touch(account, 1);
      listener?.(undrained);
      return true;
    },
    refund(meter, now) {
      const account = accountOn(meter, now);
      account.left++;
      account.counted--;
      touch(account, -1);
      listener?.(undrained);
    },
    count(meter, day, used) {
      const account = accountOf(meter);
      // Of a quota that is used up, only all that was used says what remains when some of it is taken back.
      if (account.day !== NO_DAY && textOf(account.day) === day && (used >= 0 || account.left > 0)) {
        account.counted += used;
        account.left = Math.max(0, account.left - used);
      } else {
        fold(account);
        addUsage(account, day, used);
        addPending(account, day, used);
        account.day = NO_DAY;
      }
      touch(account, used);
      listener?.(undrained);
    },
    remaining: (meter, now) => (meter.quota === undefined ? Infinity : accountOn(meter, now).left),
    load(place, stored) {
      const account = accountBy(scoped(...place), place);
      fold(account);
      account.usage = stored.size === 0 ? undefined : new Map(stored);
      for (const [day, count] of account.pending ?? []) addUsage(account, day, count);
      account.day = NO_DAY;
    },
    drain() {
      const counted: CountedRequests[] = [];
      for (const account of touched) {
        account.isTouched = false;
        drainAccount(account, counted);
      }
      touched = [];
      undrained = 0;
      return counted;
    },
    restore(counted) {
      for (const { place, day, used } of counted) {
        const account = accountBy(scoped(...place), place);
        addPending(account, day, used);
        touch(account, used);
      }
    },
    watch(heard) {
      listener = heard;
    },
    get undrained() {
      return undrained;
    },
  };
}

function addUsage(account: Account, day: string, count: number): void {
  account.usage ??= new Map();
  const { used = 0, extension = 0 } = account.usage.get(day) ?? {};
  account.usage.set(day, { used: used + count, extension });
}

function addPending(account: Account, day: string, count: number): void {
  if (count === 0) return;
  account.pending ??= new Map();
  account.pending.set(day, (account.pending.get(day) ?? 0) + count);
}

function sameQuota(one: Quota | undefined, other: Quota | undefined): boolean {
  return one === other || (one?.limit === other?.limit && one?.period === other?.period && one?.offset === other?.offset);
}

function forgetBefore(usage: Map<string, DailyUsage>, day: string): void {
  for (const each of usage.keys()) if (each < day) usage.delete(each);
}
