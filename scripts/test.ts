// Runs the tests: `npm test [-- <Vitest's filters and options>]`. The last line of the output is always
// `N passed, N failed, N skipped`. Where CI is set no test may be skipped: a machine that lacks what a test needs must
// not look like one where it passed.
import type { TestModule } from "vitest/node";
import { parseCLI, startVitest } from "vitest/node";

interface Counts {
  passed: number;
  failed: number;
  /** The skipped tests, each with the reason it gave. */
  readonly skipped: string[];
}

/** Counts the tests. A module that failed outside its tests (it cannot be loaded, a hook threw) counts as one more. */
function count(modules: readonly TestModule[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: [] };
  for (const module of modules) {
    const failedBefore = counts.failed;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === "passed") counts.passed += 1;
      else if (result.state === "skipped") {
        const reason = result.note === undefined ? "" : ` (${result.note})`;
        counts.skipped.push(`${module.relativeModuleId} > ${test.fullName}${reason}`);
      } else counts.failed += 1;
    }
    if (!module.ok() && counts.failed === failedBefore) counts.failed += 1;
  }
  return counts;
}

const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)]);
const vitest = await startVitest(filter, options);
const { passed, failed, skipped } = count(vitest.state.getTestModules());
const strays = vitest.state.getUnhandledErrors().length;

const mayNotSkip = !["", "0", "false"].includes(process.env["CI"] ?? "") && options.testNamePattern === undefined;
if (mayNotSkip) {
  for (const test of skipped) console.log(`Skipped, which CI does not allow: ${test}`);
}
if (failed > 0 || strays > 0 || (mayNotSkip && skipped.length > 0)) process.exitCode = 1;

// Written last and then over: nothing that is still open may print after it or keep the run from ending.
process.stdout.write(`${passed} passed, ${failed + strays} failed, ${skipped.length} skipped\n`, () => process.exit());
