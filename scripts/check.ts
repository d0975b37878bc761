// Everything a change must pass: `npm run check`, which CI runs too. The quick checks run two at a time, then the tests.
// At the end stands one line for each, and below them the tests' count.
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { styleText } from "node:util";

const checks: readonly (readonly [name: string, ...command: string[]])[] = [
  ["types", "node_modules/typescript/bin/tsc", "--project", "tsconfig.json", "--pretty"],
  ["lint", "node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings"],
  ["import rules", "scripts/check-imports.ts"],
  ["unused code", "node_modules/knip/bin/knip.js", "--no-progress", "--no-config-hints"],
  ["generated tables", "scripts/generate-model/main.ts", "--check"],
  ["coverage page", "scripts/coverage.ts", "--check"],
];
const tests = ["scripts/setup.mjs", "scripts/test.ts"];
const atOnce = 2;

interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly output: string;
}

const running = new Set<ChildProcess>();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
    process.exit(128 + constants.signals[signal]);
  });
}

/** Runs a command of this checkout with this Node.js; `onOutput` sees what it prints as it comes. */
function run(name: string, command: readonly string[], onOutput?: (text: string) => void): Promise<Outcome> {
  const start = performance.now();
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      onOutput?.(text);
    });
  }
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => {
      running.delete(child);
      done({ name, ok: code === 0, seconds: (performance.now() - start) / 1000, output });
    });
  });
}

function line({ name, ok, seconds }: Outcome): string {
  const result = ok ? styleText("green", "ok    ") : styleText("red", "failed");
  return `${name.padEnd(20)} ${result} ${seconds.toFixed(1).padStart(6)} s\n`;
}

async function runQuickChecks(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = checks.values();
  const runNext = async (): Promise<void> => {
    for (const [name, ...command] of waiting) {
      const outcome = await run(name, command);
      outcomes.push(outcome);
      process.stdout.write(line(outcome) + (outcome.ok ? "" : `\n${outcome.output.trimEnd()}\n\n`));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, runNext));
  return outcomes;
}

/** Runs the tests, shows their output as it comes, and gives its last line, which is the count, separately. */
async function runTests(): Promise<{ outcome: Outcome; count: string }> {
  let held = "";
  const outcome = await run("tests", tests, (text) => {
    const all = held + text;
    const lastLine = all.lastIndexOf("\n", all.length - 2) + 1;
    process.stdout.write(all.slice(0, lastLine));
    held = all.slice(lastLine);
  });
  return { outcome, count: held };
}

const outcomes = await runQuickChecks();
const { outcome, count } = await runTests();
outcomes.push(outcome);
process.stdout.write(`${outcomes.map(line).join("")}${count}`);
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;
