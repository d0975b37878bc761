// Finds the heads of a connection's messages, in whatever pieces they come, without looking at the same bytes again and again.
import { INCOMPLETE } from "./head-scanner.ts";
import type { HeadScanner } from "./head-scanner.ts";

const NONE = Buffer.alloc(0);
const HEAD_END = Buffer.from("\r\n\r\n");

/** Up to so many bytes a head is looked at with each piece that comes of it, so that what is none is refused at once. */
const EAGER_BYTES = 1024;
/** The least that is set aside for a head in several pieces, in bytes. */
const FIRST_BYTES = 256;

export class HeadReader {
  readonly #scanner: HeadScanner;
  /** Of a head that has not come whole: its bytes, and room for more. */
  #bytes = NONE;
  #size = 0;
  /** How many of them there are to be before they are looked at again, unless they end a head. */
  #nextLook = 0;
  /** How far the latest call has read. */
  behind = 0;

  constructor(scanner: HeadScanner) {
    this.#scanner = scanner;
  }

  /** Whether part of a head has come, and not the rest. */
  get hasBegun(): boolean {
    return this.#size > 0;
  }

  /** How many bytes that part has. */
  get size(): number {
    return this.#size;
  }

  /** Lets go of what it has of a head. */
  drop(): void {
    this.#bytes = NONE;
    this.#size = this.#nextLook = 0;
  }

  /**
   * The next head once it is whole, one character a byte: the one that the scanner found last. `behind` then is where what follows it
   * begins.
   * @throws {Error} what the scanner throws
   */
  readText(buffer: Buffer, at: number, until: number): string | undefined {
    if (this.#size > 0) return this.#readOn(buffer, at, until);
    this.behind = until;
    if (at === until) return undefined;
    const behind = this.#scanner.scan(buffer, at, until);
    if (behind === INCOMPLETE) {
      this.#keep(buffer, at, until);
      return undefined;
    }
    this.behind = behind;
    return buffer.toString("latin1", at, behind);
  }

  #readOn(buffer: Buffer, at: number, until: number): string | undefined {
    const before = this.#size;
    this.#keep(buffer, at, until);
    this.behind = until;
    const size = this.#size;
    const endsHead = this.#bytes.subarray(Math.max(0, before - HEAD_END.length + 1), size).includes(HEAD_END);
    if (!endsHead && size > EAGER_BYTES && size < this.#nextLook) return undefined;
    const bytes = this.#bytes;
    const behind = this.#scanner.scan(bytes, 0, size);
    if (behind === INCOMPLETE) {
      this.#nextLook = Math.min(2 * size, this.#scanner.limit);
      return undefined;
    }
    this.drop();
    this.behind = at + behind - before;
    return bytes.toString("latin1", 0, behind);
  }

  /** Keeps no more than a head may have: the scanner refuses what is longer. */
  #keep(buffer: Buffer, start: number, until: number): void {
    const { limit } = this.#scanner;
    const end = Math.min(until, start + limit - this.#size);
    const needed = this.#size + end - start;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(limit, Math.max(needed, 2 * this.#bytes.length, FIRST_BYTES)));
      this.#bytes.copy(larger, 0, 0, this.#size);
      this.#bytes = larger;
    }
    buffer.copy(this.#bytes, this.#size, start, end);
    this.#size = needed;
  }
}
