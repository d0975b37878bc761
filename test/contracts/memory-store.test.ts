import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { describeStore } from "./store.ts";

describeStore("memory", async () => createMemoryStore());
