import { createMemoryCache } from "../../src/adapters/memory/index.ts";
import { describeCache } from "./cache.ts";

describeCache("memory", createMemoryCache);
