// npm run bench: what Gatehouse costs beside nginx, on this machine, now. See docs/performance.md.
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { versionOf } from "./children.ts";
import { goalsOf } from "./goals.ts";
import { partFor, record } from "./record.ts";
import { circumstances, report } from "./report.ts";
import { GOAL_ROWS, needsServers, ROW_NAMES, run } from "./run.ts";
import type { Plan } from "./run.ts";

const USAGE = `npm run bench -- [options]
  --rounds N       rounds of each row (default 5)
  --seconds N      of load in each round (default 5)
  --connections N  kept open by the load (default 64)
  --workers N      processes that serve, of Gatehouse and of nginx (default 1); the rows about workers have 2 or more
  --rows A,B       which rows (default ${ROW_NAMES.join(",")}); goals stands for those that have goals
  --json           print JSON instead of tables
  --record         put the tables into docs/performance.md, in place of those of one process, or of several
  --help`;

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

interface Command extends Plan {
  readonly json: boolean;
  readonly record: boolean;
}

function readPlan(): Command | "help" {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "5" },
      connections: { type: "string", default: "64" },
      workers: { type: "string", default: "1" },
      rows: { type: "string", default: ROW_NAMES.join(",") },
      json: { type: "boolean", default: false },
      record: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const count = (name: "rounds" | "seconds" | "connections" | "workers"): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number, 1 or more`);
    return value;
  };
  const rows = values.rows.split(",").flatMap((row) => (row === "goals" ? GOAL_ROWS : [row]));
  const unknown = rows.filter((row) => !ROW_NAMES.includes(row));
  if (unknown.length > 0) throw new Error(`no such row: ${unknown.join(", ")}. There are ${ROW_NAMES.join(", ")}`);
  const [rounds, seconds, connections, workers] = [count("rounds"), count("seconds"), count("connections"), count("workers")];
  return { rounds, seconds, connections, workers, rows, json: values.json, record: values.record };
}

async function main(): Promise<number> {
  let plan;
  try {
    plan = readPlan();
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
