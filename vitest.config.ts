import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

/**
 * What only computes, and the data plane over sockets that each test closes again: nothing of a file outlasts it. One process runs
 * many of these files and loads what they test once, which takes half the time.
 */
const sharing = [
  "src/{control,domain,gateway,jsonpath,jsonschema,openapi,pattern,plan,policy,publish,services,sigv4,vtl,wire}/**/*.test.ts",
  "test/{gateway,golden}/**/*.test.ts",
];

export default defineConfig({
  test: {
    pool: "forks",
    execArgv: ["--disable-warning=ExperimentalWarning"],
    // One more than there are cores: while the programs of one test start and stop, another has something to do.
    maxWorkers: Math.max(2, availableParallelism()) + 1,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // What is polled for comes when it comes: a function's first process, say, on a machine with other work.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "alone",
          include: ["src/**/*.test.ts", "scripts/**/*.test.ts", "test/**/*.test.ts"],
          // A process for each file, so that signals, exits and process-wide state of one test never reach another.
          exclude: [...configDefaults.exclude, "test/long/**", ...sharing],
        },
      },
      { extends: true, test: { name: "sharing", include: sharing, isolate: false } },
    ],
  },
});
