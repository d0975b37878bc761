// Where answers of backends, and what authorizers say of callers, are kept between requests: caches for each stage. Values
// are bytes, and what they mean is the gateway's business. Every adapter passes the suite in test/contracts/cache.ts.

/** The place of one key in a cache, as it was when it was opened. */
export interface CacheSlot {
  /** What is kept there and has not expired. Shared with others: never to be written to. */
  readonly value: Buffer | undefined;
  /**
   * Keeps a value for so many milliseconds, and makes room by dropping the values that were used least recently.
   * Nothing is kept once the cache has been flushed or set up anew since the slot was opened, or when a slot that was
   * opened later has been filled already: an old answer never takes the place of a newer one. Nor is a value that is
   * larger than the whole cache.
   */
  fill(value: Buffer, ttlMs: number): void;
  /** Drops what is kept, unless {@link fill} would keep nothing. */
  clear(): void;
}

/** How much is kept, all caches together, and the most that may be. */
export interface CacheUsage {
  readonly entries: number;
  /** Keys, values and what it takes to find them. */
  readonly bytes: number;
  readonly limitBytes: number;
}

/** Where something is kept: in which cache, and under which key. */
export interface CachePlace {
  readonly name: string;
  readonly key: string;
}

export interface Cache {
  /**
   * Sets up a cache of so many bytes, empty; takes it away when they are 0. One that has this size already stays as it
   * is. All caches together are kept under the limit that the operator has set, whatever their sizes add up to.
   */
  provision(name: string, bytes: number): void;
  /** Opens a place and makes its value the most recently used. A cache that is not set up keeps nothing. */
  open(name: string, key: string): CacheSlot | Promise<CacheSlot>;
  /** Drops what is kept of one key, in every process that serves. What was opened before in the cache can no longer be filled once this resolves. */
  evict(name: string, key: string): void | Promise<void>;
  /** Empties a cache. What was opened before can no longer be filled once this resolves. */
  flush(name: string): Promise<void>;
  usage(): CacheUsage;
}
