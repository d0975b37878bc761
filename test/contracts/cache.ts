// What every adapter of the Cache port does.
import { describe, expect, it } from "vitest";
import type { Cache, CacheSlot } from "../../src/ports/cache.ts";
import type { Clock } from "../../src/ports/clock.ts";

export interface CacheParts {
  readonly clock: Clock;
  readonly limitBytes: number;
}

export function describeCache(name: string, create: (parts: CacheParts) => Cache): void {
  const start = (limitBytes = 1_000_000) => {
    let now = 1_000;
    const cache = create({ limitBytes, clock: { now: () => now, after: () => () => undefined } });
    cache.provision("a/prod", 1_000_000);
    const open = async (key: string, space = "a/prod"): Promise<CacheSlot> => cache.open(space, key);
    return {
      cache,
      open,
      advance: (ms: number) => void (now += ms),
      fill: async (key: string, text: string, space?: string) => (await open(key, space)).fill(Buffer.from(text), 60_000),
      read: async (key: string, space?: string) => (await open(key, space)).value?.toString(),
    };
  };

  /** What one entry with a key of one character and a value of `size` bytes is counted as. */
  const bytesOf = async (size: number): Promise<number> => {
    const { cache, fill } = start();
    await fill("k", "v".repeat(size));
    return cache.usage().bytes;
  };

  describe(`${name} cache`, () => {
    it("keeps a value under its key until its time is over", async () => {
      const { read, open, advance, cache } = start();
      const slot = await open("k");
      expect(slot.value).toBeUndefined();
      slot.fill(Buffer.from("value"), 5_000);
      expect(await read("k")).toBe("value");
      expect(await read("other")).toBeUndefined();
      advance(4_999);
      expect(await read("k")).toBe("value");
      advance(1);
      expect(await read("k")).toBeUndefined();
      expect(cache.usage()).toEqual({ entries: 0, bytes: 0, limitBytes: 1_000_000 });
    });

    it("does not prolong a value by using it", async () => {
      const { read, fill, advance } = start();
      await fill("k", "value");
      for (let i = 0; i < 59; i++) {
        advance(1_000);
        expect(await read("k")).toBe("value");
      }
      advance(1_000);
      expect(await read("k")).toBeUndefined();
    });

    it("replaces and clears a value, and counts bytes and entries", async () => {
      const { cache, read, fill, open } = start();
      await fill("k", "one");
      const { bytes } = cache.usage();
      await fill("k", "three");
      expect(cache.usage()).toMatchObject({ entries: 1, bytes: bytes + 2 });
      expect(await read("k")).toBe("three");
      (await open("k")).clear();
      expect(await read("k")).toBeUndefined();
      expect(cache.usage()).toMatchObject({ entries: 0, bytes: 0 });
    });

    it("keeps nothing for a name that is not set up", async () => {
      const { cache, read, fill } = start();
      await fill("k", "value", "b/prod");
      expect(await read("k", "b/prod")).toBeUndefined();
      expect(cache.usage()).toMatchObject({ entries: 0, bytes: 0 });
    });

    it("keeps names apart", async () => {
      const { cache, read, fill } = start();
      cache.provision("a/test", 1_000_000);
      await fill("k", "prod");
      await fill("k", "test", "a/test");
      expect([await read("k"), await read("k", "a/test")]).toEqual(["prod", "test"]);
    });

    it("flushes one cache, and lets nothing in that was asked for before", async () => {
      const { cache, read, fill, open } = start();
      cache.provision("a/test", 1_000_000);
      await fill("k", "old");
      await fill("k", "other", "a/test");
      const slow = await open("k");
      await cache.flush("a/prod");
      expect(await read("k")).toBeUndefined();
      slow.fill(Buffer.from("late"), 60_000);
      expect(await read("k")).toBeUndefined();
      expect(await read("k", "a/test")).toBe("other");
      await fill("k", "new");
      expect(await read("k")).toBe("new");
      await cache.flush("nowhere/prod");
    });

    it("api-gateway-caching: a new size deletes what is kept, the same size does not", async () => {
      const { cache, read, fill, open } = start();
      await fill("k", "value");
      cache.provision("a/prod", 1_000_000);
      expect(await read("k")).toBe("value");
      const slow = await open("k");
      cache.provision("a/prod", 2_000_000);
      expect(await read("k")).toBeUndefined();
      slow.fill(Buffer.from("late"), 60_000);
      expect(await read("k")).toBeUndefined();
      await fill("k", "value");
      cache.provision("a/prod", 0);
      await fill("k", "value");
      expect(await read("k")).toBeUndefined();
      expect(cache.usage()).toMatchObject({ entries: 0, bytes: 0 });
    });

    it("never puts an older answer in place of a newer one", async () => {
      const { read, open } = start();
      const older = await open("k");
      const newer = await open("k");
      newer.fill(Buffer.from("newer"), 60_000);
      older.fill(Buffer.from("older"), 60_000);
      expect(await read("k")).toBe("newer");
      older.clear();
      expect(await read("k")).toBe("newer");
    });

    it("drops one key's value, and lets nothing in that was asked for before", async () => {
      const { cache, open, fill, read } = start();
      const before = await open("k");
      await fill("k", "old");
      await fill("other", "kept");
      await cache.evict("a/prod", "k");
      await cache.evict("b/prod", "k");
      before.fill(Buffer.from("older"), 60_000);
      expect([await read("k"), await read("other")]).toEqual([undefined, "kept"]);
      await fill("k", "new");
      expect(await read("k")).toBe("new");
      expect(cache.usage().entries).toBe(2);
    });

    it("drops the least recently used values of a cache that is full", async () => {
      const { cache, read, fill } = start();
      cache.provision("a/prod", 3 * (await bytesOf(10)));
      for (const key of ["1", "2", "3"]) await fill(key, key.repeat(10));
      expect(await read("1")).toBe("1111111111");
      await fill("4", "4444444444");
      expect(await read("2")).toBeUndefined();
      await fill("3", "3333333333");
      await fill("5", "5555555555");
      expect([await read("1"), await read("3"), await read("4"), await read("5")]).toEqual([
        undefined,
        "3333333333",
        "4444444444",
        "5555555555",
      ]);
      expect(cache.usage().entries).toBe(3);
    });

    it("drops the least recently used values of all caches when the limit is reached", async () => {
      const one = await bytesOf(10);
      const { cache, read, fill } = start(3 * one);
      cache.provision("a/test", 1_000_000);
      await fill("1", "1111111111");
      await fill("2", "2222222222", "a/test");
      await fill("3", "3333333333");
      expect(await read("1")).toBe("1111111111");
      await fill("4", "4444444444");
      expect(await read("2", "a/test")).toBeUndefined();
      await fill("5", "5555555555", "a/test");
      expect(await read("3")).toBeUndefined();
      expect([await read("1"), await read("4"), await read("5", "a/test")]).toEqual(["1111111111", "4444444444", "5555555555"]);
      expect(cache.usage()).toEqual({ entries: 3, bytes: 3 * one, limitBytes: 3 * one });
      await fill("6", "6666666666", "a/test");
      expect([await read("1"), await read("4"), await read("5", "a/test")]).toEqual([undefined, "4444444444", "5555555555"]);
    });

    it("does not keep what is larger than the cache or the limit, nor what it would replace", async () => {
      const fits = await bytesOf(10);
      const { cache, read, fill } = start();
      cache.provision("a/prod", fits);
      await fill("k", "0123456789");
      expect(await read("k")).toBe("0123456789");
      await fill("k", "0123456789+");
      expect(await read("k")).toBeUndefined();

      const limited = start(fits);
      await limited.fill("k", "0123456789");
      expect(await limited.read("k")).toBe("0123456789");
      await limited.fill("j", "0123456789+");
      expect([await limited.read("k"), await limited.read("j")]).toEqual(["0123456789", undefined]);
    });

    it("counts as much as it keeps, whatever happens", async () => {
      const one = await bytesOf(10);
      const { cache, fill, open, read } = start(10 * one);
      cache.provision("b/prod", 4 * one);
      for (let i = 0; i < 1_000; i++) {
        const space = i % 3 === 0 ? "b/prod" : "a/prod";
        const key = String((i * 7) % 13).slice(-1);
        if (i % 11 === 0) (await open(key, space)).clear();
        else if (i % 97 === 0) await cache.flush(space);
        else await fill(key, "v".repeat(i % 11), space);
        expect(cache.usage().bytes).toBeLessThanOrEqual(10 * one);
      }
      let entries = 0;
      for (const space of ["a/prod", "b/prod"]) {
        for (let key = 0; key < 10; key++) if ((await read(String(key), space)) !== undefined) entries++;
      }
      expect(cache.usage().entries).toBe(entries);
    });
  });
}
