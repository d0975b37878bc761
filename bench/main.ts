// npm run bench: what Gatehouse costs beside nginx, on this machine, now. See docs/performance.md.
import { availableParallelism, loadavg } from "node:os";
import { versionOf } from "./children.ts";
import { readCommand, USAGE } from "./command.ts";
import { goalsOf } from "./goals.ts";
import { partFor, record } from "./record.ts";
import { circumstances, report } from "./report.ts";
import { needsServers, run } from "./run.ts";
import type { Plan } from "./run.ts";

/** What must be there, and how to get it. */
function missing(plan: Plan): string | undefined {
  if (!needsServers(plan)) return undefined;
  if (process.platform !== "linux") return "The benchmark counts processor time in /proc and pins processes with taskset: it needs Linux.";
  if (availableParallelism() < 2) return "The benchmark needs two cores: one for the process under test, one for the rest.";
  const absent = [
    { command: "wrk", from: "wrk", arguments: ["-v"] },
    { command: "nginx", from: "nginx-light", arguments: ["-v"] },
    { command: "taskset", from: "util-linux", arguments: ["--version"] },
  ].filter((program) => versionOf(program.command, ...program.arguments) === undefined);
  if (absent.length === 0) return undefined;
  const names = absent.map((program) => program.command).join(" and ");
  return `The benchmark needs ${names}. On Debian and Ubuntu: apt-get install ${absent.map((program) => program.from).join(" ")}`;
}

async function main(): Promise<number> {
  let plan;
  try {
    plan = readCommand(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (plan === "help") {
    console.log(USAGE);
    return 0;
  }
  const lack = missing(plan);
  if (lack !== undefined) {
    console.error(lack);
    return 1;
  }
  // Of others: a quiet machine has 0.
  const load = Number(loadavg()[0]?.toFixed(1));
  let results;
  try {
    results = await run(plan, (progress) => console.error(progress));
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
  const where = { ...circumstances(plan), load };
  const text = `${Object.entries(where).map(([key, value]) => `${key} ${value}`).join(" · ")}\n\n${report(results)}`;
  if (plan.record) record(partFor(plan.workers), text);
  if (plan.json) console.log(JSON.stringify({ ...where, ...results, goals: goalsOf(results) }, undefined, 2));
  else console.log(`\n${text}`);
  return 0;
}

// What was started is ended with the process, whichever way that comes about.
process.exit(await main());
