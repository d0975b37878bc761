// What the benchmark is asked to measure.
import { parseArgs } from "node:util";
import { GOAL_ROWS, ROW_NAMES } from "./run.ts";
import type { Plan } from "./run.ts";

export const USAGE = `npm run bench -- [options]
  --rounds N       rounds of each row (default 5)
  --seconds N      of load in each round (default 5)
  --connections N  kept open by the load (default 64)
  --workers N      processes that serve, of Gatehouse and of nginx (default 1); the rows about workers have 2 or more
  --rows A,B       which rows (default ${ROW_NAMES.join(",")}); goals stands for those that have goals
  --gatehouse=ARGS more arguments for Gatehouse, with blanks: --gatehouse="--http-listener node"
  --json           print JSON instead of tables
  --record         put the tables into docs/performance.md, in place of those of one process, or of several
  --help`;

export interface Command extends Plan {
  readonly json: boolean;
  readonly record: boolean;
}

/** What is asked for. @throws for what cannot be measured. */
export function readCommand(args: readonly string[]): Command | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "5" },
      connections: { type: "string", default: "64" },
      workers: { type: "string", default: "1" },
      rows: { type: "string", default: ROW_NAMES.join(",") },
      gatehouse: { type: "string", default: "" },
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
  return { rounds, seconds, connections, workers, rows, gatehouse: values.gatehouse.split(" ").filter((arg) => arg !== ""), json: values.json, record: values.record };
}
