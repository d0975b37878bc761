import { expect, it } from "vitest";
import { createMemoryCache } from "../../src/adapters/memory/index.ts";
import { describeCache } from "./cache.ts";

describeCache("memory", createMemoryCache);

it("memory caches of several processes have the size together", () => {
  const caches = Array.from({ length: 4 }, () => createMemoryCache({ clock: { now: () => 0, after: () => () => undefined }, limitBytes: 1_000_000, shares: 4 }));
  for (const cache of caches) {
    cache.provision("a/prod", 40_000);
    for (let i = 0; i < 100; i++) void Promise.resolve(cache.open("a/prod", `k${i}`)).then((slot) => slot.fill(Buffer.alloc(1000), 60_000));
  }
  return Promise.resolve().then(() => {
    const bytes = caches.map((cache) => cache.usage().bytes);
    expect(bytes.reduce((one, other) => one + other)).toBeLessThanOrEqual(40_000);
    for (const each of bytes) expect(each).toBeGreaterThan(8_000);
  });
});
