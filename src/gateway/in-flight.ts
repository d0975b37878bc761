// The budget of payload bytes that the gateway holds in memory at once.
import { overloaded } from "./rejection.ts";

/** An execution of any kind of API. */
export interface Holder {
  reservedBytes: number;
}

export interface InFlight {
  /** Takes so many bytes for the time of an execution. @throws {Refusal} 503 when the budget does not allow it. */
  hold(execution: Holder, bytes: number): void;
  /** The execution is over. */
  release(execution: Holder): void;
}

export function createInFlight(budget: number): InFlight {
  let held = 0;
  return {
    hold(execution, bytes) {
      if (held + bytes > budget) throw overloaded();
      held += bytes;
      execution.reservedBytes += bytes;
    },
    release(execution) {
      held -= execution.reservedBytes;
      execution.reservedBytes = 0;
    },
  };
}
