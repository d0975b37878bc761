// Segments that are lost: counted, and told to the operator now and then.
import type { Clock } from "../../ports/clock.ts";
import type { Log, LogFields } from "../../ports/log.ts";

export interface Losses {
  /** Counts so many, and tells why unless that was told a moment ago. */
  add(lost: number, why: string, error?: unknown): void;
  count(): number;
}

/** How often each reason is told, in milliseconds. */
const TELL_EVERY_MS = 60_000;

export function createLosses({ clock, log, fields }: { readonly clock: Clock; readonly log: Log; readonly fields: LogFields }): Losses {
  const told = new Map<string, number>();
  let dropped = 0;
  return {
    add(lost, why, error) {
      dropped += lost;
      const now = clock.now();
      const reason = why.replace(/\d+/g, "");
      if (now - (told.get(reason) ?? -Infinity) < TELL_EVERY_MS) return;
      told.set(reason, now);
      log.warn(why, { ...fields, dropped, ...(error instanceof Error && { reason: error.message }) });
    },
    count: () => dropped,
  };
}
