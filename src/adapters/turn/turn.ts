// A turn of the event loop: first what has arrived is read, from every connection, then what is ready is written, to every
// connection. A write wakes whoever waits for it, on another core; one after the other at once, they wake him once and not
// each time that he has gone back to sleep. It is a sixth of the processor time of a proxied request.

/** Something to be written. */
export interface Departure {
  /** Writes it. Called once. */
  depart(): void;
}

/** So many wait at most: the first of them must not wait for what thousands of connections have brought. */
const AT_ONCE = 64;

/** And so many bytes: what has just been read is in the processor's cache only for a while. */
const BYTES_AT_ONCE = 128 * 1024;

// Taken when this is loaded: the clocks of tests stand still.
const later = setImmediate;

let waiting: Departure[] = [];
let waitingBytes = 0;
let isArranged = false;
let isDeparting = false;

/**
 * Writes at the end of the loop's turn, in the order of the calls; at once, with all that wait, when many do.
 * @param bytes how much it is to write, where that may be much
 */
export function atTurnsEnd(departure: Departure, bytes = 0): void {
  waiting.push(departure);
  waitingBytes += bytes;
  const isMuch = waiting.length >= AT_ONCE || waitingBytes >= BYTES_AT_ONCE;
  // What one departure brings about waits for the next turn: else a client that asks ahead could pile them up on the stack.
  if (isMuch && !isDeparting) departAll();
  else arrange();
}

function arrange(): void {
  if (isArranged) return;
  isArranged = true;
  later(departLast);
}

function departLast(): void {
  isArranged = false;
  departAll();
}

function departAll(): void {
  const all = waiting;
  waiting = [];
  waitingBytes = 0;
  isDeparting = true;
  for (const departure of all) {
    try {
      departure.depart();
    } catch (error) {
      // A bug of its own, which is neither the next one's business nor that of whoever's call this is.
      later(() => {
        throw error;
      });
    }
  }
  isDeparting = false;
}
