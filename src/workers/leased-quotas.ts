// A worker's parts of quotas: leased from the primary, ahead of need, and what it has counted of them.
import { KEPT, type Kept } from "../domain/kept.ts";
import { dayOf } from "../domain/usage-plan.ts";
import type { Clock } from "../ports/clock.ts";
import type { Counters, Meter } from "../ports/counters.ts";
import type { Exchanged } from "./exchanged.ts";
import type { Leases, MeterWish } from "./messages.ts";

export interface LeasedQuotas extends Pick<Counters, "spend" | "refund">, Exchanged<MeterWish, Leases["meters"]> {
  /** Has all that was counted told with the next wishes, and looks at quotas again that were used up. */
  tellAll(): void;
}

export interface LeasedQuotasParts {
  readonly clock: Clock;
  /** Whether there is a primary to ask. */
  readonly isJoined: () => boolean;
  /** How many workers share what the primary has. */
  readonly shares: number;
  /** Tells the wishes now; what is under way already, where something is. */
  readonly exchange: () => Promise<void>;
  readonly underWay: () => Promise<void> | undefined;
  /** Has what is left over looked at later. */
  readonly sweepLater: () => void;
}

/** What is not spent is given back after so long. In milliseconds. */
const LEASE_ENDS_MS = 1000;
/** A quota that was used up is asked for again after so many milliseconds. */
const USED_UP_MS = 1000;
const DAY_MILLIS = 86_400_000;
/** So often a request asks for its part of a quota that others are faster to spend. */
const MOST_ATTEMPTS = 1000;
/** The most that is leased of a quota at once, and the part of it that is: a worker never overruns it by more. */
const MOST_OF_QUOTA = 100;
const PART_OF_QUOTA = 100;

interface Metered extends Kept {
  meter: Meter;
  /** Until it is idle. */
  isKept: boolean;
  day: string;
  dayEnds: number;
  held: number;
  /** What it lets in besides when there is no primary: its share of what was left. */
  alone: number;
  usedUpUntil: number;
  spentAt: number;
  /** A request waits for a part of it, or the part that is held is running out. */
  isWanted: boolean;
  /** Not told the primary yet, by day. */
  counted: Map<string, number>;
}

export function createLeasedQuotas({ clock, isJoined, shares, exchange, underWay, sweepLater }: LeasedQuotasParts): LeasedQuotas {
  const meters = new Map<string, Metered>();
  const wished = new Set<Metered>();

  function meteredOf(meter: Meter, now: number): Metered {
    const kept = meter[KEPT];
    let metered = kept?.by === meters && isOf(kept as Metered, meter) ? (kept as Metered) : meters.get(meter.name);
    if (metered === undefined) {
      metered = { by: meters, meter, isKept: true, day: "", dayEnds: 0, held: 0, alone: 0, usedUpUntil: 0, spentAt: now, isWanted: false, counted: new Map() };
      meters.set(meter.name, metered);
      sweepLater();
    }
    if (now >= metered.dayEnds || now < metered.dayEnds - DAY_MILLIS || metered.meter !== meter) {
      const day = dayOf(now);
      // Of a new period, or of another quota, nothing is known yet.
      const alone = Math.ceil((meter.quota?.limit ?? 0) / shares);
      Object.assign(metered, { meter, day, dayEnds: Date.parse(day) + DAY_MILLIS, held: 0, alone, usedUpUntil: 0 });
    }
    metered.spentAt = now;
    meter[KEPT] = metered;
    return metered;
  }

  const isOf = (metered: Metered, meter: Meter): boolean => metered.meter === meter && metered.isKept;

  function meterWish(metered: Metered): MeterWish {
    const counted = Array.from(metered.counted);
    metered.counted = new Map();
    // Whoever only tells what was counted leaves the rest to those who need it.
    const { quota } = metered.meter;
    const wanted = quota === undefined || !metered.isWanted ? 0 : Math.max(0, quotaSizeOf(quota.limit) - metered.held);
    metered.isWanted = false;
    // What is not used any more is given back.
    const isIdle = clock.now() - metered.spentAt >= LEASE_ENDS_MS;
    if (isIdle) metered.held = 0;
    return { meter: metered.meter, day: metered.day, counted, held: metered.held, wanted: isIdle ? 0 : wanted };
  }

  function takeQuota(metered: Metered, wish: MeterWish, answer: Leases["meters"][number] | undefined, now: number): void {
    if (answer === undefined) {
      for (const [day, count] of wish.counted) metered.counted.set(day, (metered.counted.get(day) ?? 0) + count);
    } else if (metered.day === wish.day) {
      metered.held += answer.granted;
      metered.alone = Math.max(0, Math.floor((answer.free ?? 0) / shares));
      if (wish.wanted > 0 && metered.held === 0) metered.usedUpUntil = now + USED_UP_MS;
    }
  }

  function wishQuota(metered: Metered): Promise<void> {
    wished.add(metered);
    metered.isWanted = true;
    // One that is under way has been written already.
    const current = underWay();
    return current === undefined ? exchange() : current.then(() => (wished.has(metered) ? exchange() : underWay()));
  }

  function count(metered: Metered, by: number): void {
    metered.counted.set(metered.day, (metered.counted.get(metered.day) ?? 0) + by);
  }

  function spendHeld(metered: Metered): boolean {
    if (metered.held === 0) return false;
    metered.held--;
    count(metered, 1);
    return true;
  }

  async function spendAsked(meter: Meter, now: number): Promise<boolean> {
    // Others that waited too may have spent what came; each time, some have got further.
    for (let attempt = 0; attempt < MOST_ATTEMPTS && isJoined(); attempt++) {
      await wishQuota(meteredOf(meter, now));
      const metered = meteredOf(meter, now);
      if (spendHeld(metered)) return true;
      if (clock.now() < metered.usedUpUntil) return false;
    }
    return spendUnverified(meteredOf(meter, now));
  }

  /**
   * AWS lets requests through where it cannot verify the usage plan (.../api-gateway-usage-plan-test-with-postman.html). Here
   * they are no more than the worker's share of what was left, so that the quota still holds.
   */
  function spendUnverified(metered: Metered): boolean {
    if (metered.meter.quota !== undefined) {
      if (metered.alone === 0) return false;
      metered.alone--;
    }
    count(metered, 1);
    return true;
  }

  return {
    spend(meter, now) {
      const metered = meteredOf(meter, now);
      if (meter.quota === undefined) return spendUnverified(metered);
      if (spendHeld(metered)) {
        // Of a small quota nothing is held ahead of need, where another worker may need it.
        const size = quotaSizeOf(meter.quota.limit);
        if (size > 1 && metered.held * 2 <= size && isJoined() && now >= metered.usedUpUntil) void wishQuota(metered);
        return true;
      }
      if (!isJoined()) return spendUnverified(metered);
      return now < metered.usedUpUntil ? false : spendAsked(meter, now);
    },
    refund(meter, now) {
      const metered = meteredOf(meter, now);
      count(metered, -1);
      if (meter.quota !== undefined) metered.held++;
    },
    tellAll() {
      for (const metered of meters.values()) {
        metered.usedUpUntil = 0;
        if (metered.counted.size > 0) wished.add(metered);
      }
    },
    get hasWishes() {
      return wished.size > 0;
    },
    get isEmpty() {
      return meters.size === 0;
    },
    takeWishes() {
      const asked = Array.from(wished);
      wished.clear();
      const wishes = asked.map(meterWish);
      return {
        wishes,
        answer(answers, now) {
          for (const [i, metered] of asked.entries()) takeQuota(metered, wishes[i] as MeterWish, answers?.[i], now);
        },
      };
    },
    sweep(now) {
      for (const [name, metered] of meters) {
        const isIdle = now - metered.spentAt >= LEASE_ENDS_MS;
        if (metered.counted.size > 0 || (isIdle && metered.held > 0)) wished.add(metered);
        else if (isIdle && now >= metered.usedUpUntil) metered.isKept = !meters.delete(name);
      }
    },
  };
}

const quotaSizeOf = (limit: number): number => Math.min(MOST_OF_QUOTA, Math.max(1, Math.ceil(limit / PART_OF_QUOTA)));
