// Caches in this process's memory: each a map with a list in order of use, all under one limit.
import type { Cache, CacheSlot, CacheUsage } from "../../ports/cache.ts";
import type { Clock } from "../../ports/clock.ts";

export interface MemoryCacheOptions {
  readonly clock: Clock;
  /** The most that all caches together may take, in bytes. */
  readonly limitBytes: number;
  /** How many processes have a cache for each: this one has its part of the size. */
  readonly shares?: number;
}

/** Caches that are forgotten with the process. */
export function createMemoryCache(options: MemoryCacheOptions): Cache {
  return new MemoryCache(options);
}

/** What an entry takes beside the bytes of its key and its value: on Node 24 it is 350 bytes of heap, rounded up. */
const ENTRY_BYTES = 384;

interface Entry {
  readonly key: string;
  readonly value: Buffer;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** When the slot was opened that filled it, in turns of the cache. */
  readonly openedAt: number;
  /** When it was used last, likewise. */
  usedAt: number;
  /** Its neighbours in the order of use. */
  older: Entry | undefined;
  newer: Entry | undefined;
}

interface Space {
  readonly capacity: number;
  bytes: number;
  /** What was opened before is filled no more, in turns of the cache. */
  evictedAt: number;
  /** Replaced whole when the cache is flushed. */
  entries: Map<string, Entry>;
  /** The ends of the order of use. A map's own order would do, but a key that is taken out and put in again and again slows it down. */
  oldest: Entry | undefined;
  newest: Entry | undefined;
}

const NOWHERE: CacheSlot = { value: undefined, fill: () => undefined, clear: () => undefined };

class MemoryCache implements Cache {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #shares: number;
  readonly #spaces = new Map<string, Space>();
  #entries = 0;
  #bytes = 0;
  /** Counts what happens, to tell what was first. */
  #turn = 0;

  constructor({ clock, limitBytes, shares = 1 }: MemoryCacheOptions) {
    this.#clock = clock;
    this.#limit = limitBytes;
    this.#shares = shares;
  }

  provision(name: string, bytes: number): void {
    const space = this.#spaces.get(name);
    const capacity = Math.floor(bytes / this.#shares);
    if (space?.capacity === capacity) return;
    if (space !== undefined) this.#empty(space);
    if (capacity > 0) this.#spaces.set(name, { capacity, bytes: 0, evictedAt: 0, entries: new Map(), oldest: undefined, newest: undefined });
    else this.#spaces.delete(name);
  }

  open(name: string, key: string): CacheSlot {
    const space = this.#spaces.get(name);
    if (space === undefined) return NOWHERE;
    const { entries } = space;
    const openedAt = ++this.#turn;
    const isCurrent = (): boolean => space.entries === entries && openedAt > space.evictedAt && (entries.get(key)?.openedAt ?? 0) <= openedAt;
    return {
      value: this.#use(space, key)?.value,
      fill: (value, ttlMs) => {
        if (isCurrent()) this.#put(space, key, value, ttlMs, openedAt);
      },
      clear: () => {
        if (isCurrent()) this.#drop(space, key);
      },
    };
  }

  evict(name: string, key: string): void {
    const space = this.#spaces.get(name);
    if (space === undefined) return;
    space.evictedAt = ++this.#turn;
    this.#drop(space, key);
  }

  async flush(name: string): Promise<void> {
    const space = this.#spaces.get(name);
    if (space !== undefined) this.#empty(space);
  }

  usage(): CacheUsage {
    return { entries: this.#entries, bytes: this.#bytes, limitBytes: this.#limit };
  }

  #use(space: Space, key: string): Entry | undefined {
    const entry = space.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAt <= this.#clock.now()) {
      this.#drop(space, key);
      return undefined;
    }
    entry.usedAt = this.#turn;
    if (entry !== space.newest) {
      unlink(space, entry);
      append(space, entry);
    }
    return entry;
  }

  #put(space: Space, key: string, value: Buffer, ttlMs: number, openedAt: number): void {
    const bytes = key.length + value.length + ENTRY_BYTES;
    const before = space.entries.get(key);
    if (bytes > space.capacity || bytes > this.#limit) return this.#drop(space, key);
    if (before !== undefined) this.#discount(space, before);
    while (space.bytes + bytes > space.capacity) this.#dropOldest(space);
    while (this.#bytes + bytes > this.#limit) this.#dropOldest(this.#leastRecentlyUsed());
    const expiresAt = this.#clock.now() + ttlMs;
    const entry: Entry = { key, value, bytes, expiresAt, openedAt, usedAt: ++this.#turn, older: undefined, newer: undefined };
    space.entries.set(key, entry);
    append(space, entry);
    space.bytes += bytes;
    this.#bytes += bytes;
    this.#entries++;
  }

  #drop(space: Space, key: string): void {
    const entry = space.entries.get(key);
    if (entry === undefined) return;
    space.entries.delete(key);
    this.#discount(space, entry);
  }

  /** Takes an entry out of all but the map, where another may take its place. */
  #discount(space: Space, entry: Entry): void {
    unlink(space, entry);
    space.bytes -= entry.bytes;
    this.#bytes -= entry.bytes;
    this.#entries--;
  }

  #dropOldest(space: Space): void {
    if (space.oldest === undefined) throw new Error("a cache that counts bytes has no entries");
    this.#drop(space, space.oldest.key);
  }

  /** The cache whose oldest entry was used before those of all others: there are as many caches as stages, so few. */
  #leastRecentlyUsed(): Space {
    let oldest: Space | undefined;
    let usedAt = Infinity;
    for (const space of this.#spaces.values()) {
      if (space.oldest === undefined || space.oldest.usedAt >= usedAt) continue;
      oldest = space;
      ({ usedAt } = space.oldest);
    }
    if (oldest === undefined) throw new Error("caches that count bytes have no entries");
    return oldest;
  }

  #empty(space: Space): void {
    this.#entries -= space.entries.size;
    this.#bytes -= space.bytes;
    space.bytes = 0;
    space.entries = new Map();
    space.oldest = undefined;
    space.newest = undefined;
  }
}

/** Makes an entry the most recently used. */
function append(space: Space, entry: Entry): void {
  entry.older = space.newest;
  entry.newer = undefined;
  if (space.newest === undefined) space.oldest = entry;
  else space.newest.newer = entry;
  space.newest = entry;
}

function unlink(space: Space, { older, newer }: Entry): void {
  if (older === undefined) space.oldest = newer;
  else older.newer = newer;
  if (newer === undefined) space.newest = older;
  else newer.older = older;
}
