// The door of the in-memory adapters.
export { createMemoryCache } from "./memory-cache.ts";
export { createMemoryCounters, type MemoryCounters } from "./memory-counters.ts";
export { createMemoryIdentities, type MemoryIdentities } from "./memory-identities.ts";
export { createMemoryKeys, type MemoryKeys } from "./memory-keys.ts";
export { createMemoryStore } from "./memory-store.ts";
