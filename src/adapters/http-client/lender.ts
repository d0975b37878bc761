// Memory for the bodies of responses, used again. A body of 64 KiB that is allocated for each response costs more than it does
// to read it: the pages are new each time, and the engine collects its whole heap every thousand of them.
import type { Loan } from "../../ports/loan.ts";

/** Sizes lent are powers of two between these. What is smaller comes cheaply from Node's own pool, what is larger seldom. */
const SMALLEST = 4 * 1024;
const LARGEST = 1024 * 1024;

/** So much lies in front of the bytes that are lent, for the head of the message that they go out in. */
const ROOM = 2 * 1024;

/** So much is kept for the next ones, in bytes. */
const KEPT_BYTES = 8 * 1024 * 1024;

type Memory = Buffer<ArrayBuffer>;

export interface Lent extends Loan {
  /** As many bytes as were asked for. Whatever stood there before is still there. */
  readonly bytes: Memory;
}

export interface Lender {
  /** Undefined for sizes that are not lent. */
  lend(size: number): Lent | undefined;
}

/** @param poison what is given back is overwritten, so that whoever still reads it shows: for tests */
export function createLender(poison = false): Lender {
  /** By the power of two. What was given back last is lent first: it is likely to be in the processor's cache. */
  const kept: Memory[][] = Array.from({ length: classOf(LARGEST) + 1 }, () => []);
  let keptBytes = 0;

  function takeBack(memory: Memory): void {
    if (poison) memory.fill(0xdb);
    const size = memory.length - ROOM;
    if (keptBytes + size > KEPT_BYTES) return;
    keptBytes += size;
    (kept[classOf(size)] as Memory[]).push(memory);
  }

  return {
    lend(size) {
      if (size < SMALLEST || size > LARGEST) return undefined;
      const sizeClass = classOf(size);
      const found = (kept[sizeClass] as Memory[]).pop();
      if (found !== undefined) keptBytes -= found.length - ROOM;
      return new LentMemory(found ?? Buffer.allocUnsafeSlow(ROOM + 2 ** sizeClass), size, takeBack);
    },
  };
}

const classOf = (size: number): number => 32 - Math.clz32(size - 1);

/** One for each time that memory is lent, so that an old loan cannot give back what is lent to somebody else by now. */
class LentMemory implements Lent {
  readonly bytes: Memory;
  #memory: Memory | undefined;
  readonly #takeBack: (memory: Memory) => void;

  constructor(memory: Memory, size: number, takeBack: (memory: Memory) => void) {
    this.bytes = memory.subarray(ROOM, ROOM + size);
    this.#memory = memory;
    this.#takeBack = takeBack;
  }

  behind(text: string, bytes: Uint8Array): Memory | undefined {
    const memory = this.#memory;
    if (memory === undefined || text.length > ROOM) return undefined;
    if (bytes.buffer !== memory.buffer || bytes.byteOffset !== this.bytes.byteOffset) return undefined;
    const start = ROOM - text.length;
    memory.write(text, start, "latin1");
    return memory.subarray(start, ROOM + bytes.length);
  }

  giveBack(): void {
    const memory = this.#memory;
    if (memory === undefined) return;
    this.#memory = undefined;
    this.#takeBack(memory);
  }
}
