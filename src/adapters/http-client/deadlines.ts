// When requests have taken too long. One timer for all that may take the same time: each having its own would be a tenth of what a
// request costs the client.

/** Something that may take so long and no longer. The fields are the queue's own. */
export interface Timed {
  /** It has taken too long, and is waited for no more. */
  expired(): void;
  dueAt: number;
  /** In the order of their deadlines. */
  previous: Timed | undefined;
  next: Timed | undefined;
}

export class Deadlines {
  readonly #queues = new Map<number, Queue>();

  /** Watches something from now on. */
  add(timed: Timed, timeoutMs: number): void {
    let queue = this.#queues.get(timeoutMs);
    if (queue === undefined) this.#queues.set(timeoutMs, (queue = new Queue(timeoutMs, () => this.#queues.delete(timeoutMs))));
    queue.add(timed);
  }

  /** It is over in time. */
  remove(timed: Timed, timeoutMs: number): void {
    this.#queues.get(timeoutMs)?.remove(timed);
  }
}

/** Those that may take the same time: whoever begins later is due later. */
class Queue {
  readonly #timeoutMs: number;
  readonly #onEmpty: () => void;
  #first: Timed | undefined;
  #last: Timed | undefined;
  #isArranged = false;

  /** @param onEmpty is called when nothing is left to be watched, some time after the last of them */
  constructor(timeoutMs: number, onEmpty: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#onEmpty = onEmpty;
  }

  add(timed: Timed): void {
    timed.dueAt = performance.now() + this.#timeoutMs;
    timed.previous = this.#last;
    if (this.#last === undefined) this.#first = timed;
    else this.#last.next = timed;
    this.#last = timed;
    if (!this.#isArranged) this.#arrange(this.#timeoutMs);
  }

  remove(timed: Timed): void {
    const { previous, next } = timed;
    if (previous !== undefined) previous.next = next;
    else if (this.#first === timed) this.#first = next;
    else return;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    timed.previous = timed.next = undefined;
  }

  /** It stays arranged when those that it was for are over: others follow, and to take it back costs as much as to wait. */
  #arrange(ms: number): void {
    this.#isArranged = true;
    setTimeout(() => this.#look(), ms).unref();
  }

  #look(): void {
    this.#isArranged = false;
    const now = performance.now();
    try {
      for (let first = this.#first; first !== undefined && first.dueAt <= now; first = this.#first) {
        this.remove(first);
        first.expired();
      }
    } finally {
      // Unless what has expired has begun something new.
      if (!this.#isArranged) this.#arrangeNext(now);
    }
  }

  #arrangeNext(now: number): void {
    if (this.#first === undefined) this.#onEmpty();
    else this.#arrange(Math.max(1, Math.ceil(this.#first.dueAt - now)));
  }
}
