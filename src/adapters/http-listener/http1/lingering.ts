// A connection that has had its last answer, and whose client may not know yet: what it still sends is thrown away for a while.
import type { ConnectionContext } from "./connection-context.ts";
import { waitedSince } from "./connection-context.ts";

/** So long a client may go on sending, and so long neither send nor end the connection, in milliseconds. */
const LONGEST_MS = 30_000;
const SILENT_MS = 5_000;
/** Instead of both, when the listener closes. */
const DRAINING_MS = 1_000;

export class Lingering {
  readonly #context: ConnectionContext;
  readonly #began: number;
  /** When anything came last. */
  #heardAt: number;
  #bytes: number;

  constructor(context: ConnectionContext) {
    this.#context = context;
    this.#began = this.#heardAt = context.now;
    this.#bytes = context.limits.discardBytes;
  }

  /** Throws away what has come. @returns whether more may come */
  throwAway(count: number): boolean {
    this.#heardAt = this.#context.now;
    this.#bytes -= count;
    return this.#bytes >= 0;
  }

  /** Whether the client has had time enough. */
  get isOver(): boolean {
    const { isDraining, limits } = this.#context;
    const longest = isDraining ? DRAINING_MS : Math.min(limits.requestTimeoutMs, LONGEST_MS);
    return waitedSince(this.#heardAt, this.#context) >= SILENT_MS || waitedSince(this.#began, this.#context) >= longest;
  }
}
