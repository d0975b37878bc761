import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "scripts/**/*.test.ts", "test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "test/long/**"],
    // A process for each file, so that signals, exits and process-wide state of one test never reach another.
    pool: "forks",
    execArgv: ["--disable-warning=ExperimentalWarning"],
    // One more than there are cores: while the programs of one test start and stop, another has something to do.
    maxWorkers: Math.max(2, availableParallelism()) + 1,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
