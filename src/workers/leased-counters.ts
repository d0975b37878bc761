// A worker's counters: tokens and quota that it has leased from the primary. Here they are asked for, and given back.
import type { Clock } from "../ports/clock.ts";
import type { Counters } from "../ports/counters.ts";
import { createLeasedBuckets } from "./leased-buckets.ts";
import { createLeasedQuotas } from "./leased-quotas.ts";
import type { Leases, LeaseWishes } from "./messages.ts";

export interface LeasedCounters extends Counters {
  /** Resolves once the primary has all requests that were counted until now, and looks at quotas again that were used up. */
  report(): Promise<void>;
}

export interface LeasedCountersParts {
  /** Asks the primary; undefined when it is gone. */
  readonly lease: (wishes: LeaseWishes) => Promise<Leases | undefined>;
  /** Whether there is a primary to ask. */
  readonly isJoined: () => boolean;
  readonly clock: Clock;
  /** How many workers share what the primary has. */
  readonly shares: number;
}

/** The primary is asked for tokens no more often. In milliseconds. */
const PACE_MS = 5;
/** How often what is left over is returned, and what was counted is told. In milliseconds. */
const SWEEP_MS = 500;

export function createLeasedCounters({ lease, isJoined, clock, shares }: LeasedCountersParts): LeasedCounters {
  let underWay: Promise<void> | undefined;
  let exchangedAt = 0;
  let isPaced = false;
  let isSweeping = false;
  const buckets = createLeasedBuckets({ clock, isJoined, shares, ask, sweepLater });
  const quotas = createLeasedQuotas({ clock, isJoined, shares, exchange, underWay: () => underWay, sweepLater });

  function exchange(): Promise<void> {
    underWay ??= Promise.resolve().then(async () => {
      const ofBuckets = buckets.takeWishes();
      const ofQuotas = quotas.takeWishes();
      const leases = await lease({ buckets: ofBuckets.wishes, meters: ofQuotas.wishes });
      const now = clock.now();
      exchangedAt = now;
      ofBuckets.answer(leases?.buckets, now);
      ofQuotas.answer(leases?.meters, now);
      underWay = undefined;
      if (leases !== undefined && quotas.hasWishes) void exchange();
      else if (leases !== undefined && buckets.hasWishes) pace();
    });
    return underWay;
  }

  function ask(): void {
    if (isJoined() && underWay === undefined) pace();
  }

  /** Asks at once, or as soon as it may again. */
  function pace(): void {
    if (isPaced) return;
    const waitMs = exchangedAt + PACE_MS - clock.now();
    if (waitMs <= 0) {
      void exchange();
      return;
    }
    isPaced = true;
    clock.after(waitMs, () => {
      isPaced = false;
      if (buckets.hasWishes) void exchange();
    });
  }

  function sweepLater(): void {
    if (isSweeping) return;
    isSweeping = true;
    clock.after(SWEEP_MS, sweep);
  }

  function sweep(): void {
    isSweeping = false;
    const now = clock.now();
    buckets.sweep(now);
    quotas.sweep(now);
    if (isJoined() && (buckets.hasWishes || quotas.hasWishes)) void exchange();
    if (!buckets.isEmpty || !quotas.isEmpty) sweepLater();
  }

  return {
    allow: buckets.allow,
    spend: quotas.spend,
    refund: quotas.refund,
    async report() {
      while (underWay !== undefined) await underWay;
      quotas.tellAll();
      if (quotas.hasWishes) await exchange();
    },
  };
}
