// The numbers that workers have as holders of WebSocket connections: they stand in the connections' ids, and so the next worker
// gets none that an earlier one had.
import { randomInt } from "node:crypto";
import { MAX_HOLDER } from "../gateway/index.ts";

export interface HolderNumbers {
  /** @param isTaken whether a worker that is there has it */
  next(isTaken: (holder: number) => boolean): number;
}

/**
 * Numbers from 1 on, in turn: 0 is that of a process without siblings. Where they begin is random, so that a primary after another
 * hardly gives any that workers of its predecessor had; whoever asks for a connection by an old number is told that it is gone.
 */
export function createHolderNumbers(last: number = randomInt(MAX_HOLDER)): HolderNumbers {
  return {
    next(isTaken) {
      do last = (last % MAX_HOLDER) + 1;
      while (isTaken(last));
      return last;
    },
  };
}
