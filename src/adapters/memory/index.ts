// The door of the in-memory adapters.
export { createMemoryCache } from "./memory-cache.ts";
export { createMemoryStore } from "./memory-store.ts";
