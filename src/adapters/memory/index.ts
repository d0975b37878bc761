// The door of the in-memory adapters.
export { createMemoryStore } from "./memory-store.ts";
