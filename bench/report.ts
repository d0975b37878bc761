// The results, for people and for programs.
import { cpus } from "node:os";
import { versionOf } from "./children.ts";
import type { EngineFigures } from "./engines.ts";
import { goalsOf } from "./goals.ts";
import type { Figures } from "./measure.ts";
import type { PacedFigures, PacedResult } from "./paced.ts";
import type { RowGoal } from "./rows.ts";
import type { Plan, Results } from "./run.ts";

/** Where and when it was measured. */
export function circumstances(plan: Plan) {
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    node: process.version,
    nginx: versionOf("nginx", "-v")?.replace("nginx version: ", "") ?? "",
    wrk: versionOf("wrk", "-v")?.split(" [")[0] ?? "",
    rounds: plan.rounds,
    seconds: plan.seconds,
    connections: plan.connections,
    workers: plan.workers,
  };
}

/** The results as tables of aligned columns, ready for a Markdown page. */
export function report(results: Results): string {
  const lines = [["row", "who", "connections", "CPU us/request", "ratio", "goal", "requests/s", "p50 ms", "p99 ms", "core busy", "functions' CPU us/request"]];
  for (const { name, connections, goal, gatehouse, nginx, ratio } of results.rows) {
    const open = String(connections);
    lines.push([name, "Gatehouse", open, ...columns(gatehouse, ratio, goalText(goal))], ["", "nginx", open, ...columns(nginx, 1, "")]);
  }
  const parts = results.rows.length > 0 ? [aligned(lines)] : [];
  if (results.paced !== undefined) parts.push(pacedTable(results.paced));
  if (results.start !== undefined) {
    const each = results.start.starts.map((start) => start.toFixed(0)).join(", ");
    parts.push(`start to first answer: ${results.start.median.toFixed(0)} ms (median of ${each})`);
  }
  if (results.templates !== undefined) parts.push(engineTable(results.templates, ["template", "render us", "velocityjs us"]));
  if (results.validation !== undefined) parts.push(engineTable(results.validation, ["body", "validate us", "JSON.parse us"]));
  const goals = goalsOf(results);
  if (goals.length > 0) parts.push(aligned([["what", "goal", "measured", "met"], ...goals.map(({ what, goal, figure, isMet }) => [what, goal, figure, isMet === undefined ? "" : isMet ? "yes" : "no"])], 4));
  return parts.join("\n\n");
}

const goalText = (goal: RowGoal | undefined): string => (goal === undefined ? "" : "ratio" in goal ? goal.ratio.toFixed(2) : "cpu" in goal ? `${goal.cpu} us` : `+${goal.dearerUs} us`);

function pacedTable({ rate, gatehouse, nginx }: PacedResult): string {
  const row = (who: string, { p50, p99, max, late }: PacedFigures) => [who, ...[p50, p99, max, late].map((figure) => figure.toFixed(2))];
  return aligned([[`at ${rate} requests/s`, "p50 ms", "p99 ms", "longest ms", "load late p99 ms"], row("Gatehouse", gatehouse), row("nginx", nginx)], 1);
}

function engineTable(figures: readonly EngineFigures[], [what, run, baseline]: readonly [string, string, string]): string {
  const rows = figures.map((one) => [one.name, ...[one.compile, one.run, one.baseline, one.ratio].map((figure) => figure.toFixed(2))]);
  return aligned([[what, "compile us", run, baseline, "ratio"], ...rows], 1);
}

function columns(figures: Figures, ratio: number, goal: string): string[] {
  return [
    figures.cpuPerRequest.toFixed(1),
    ratio.toFixed(2),
    goal,
    figures.requestsPerSecond.toFixed(0),
    figures.p50.toFixed(2),
    figures.p99.toFixed(2),
    `${(figures.coreShare * 100).toFixed(0)}%`,
    figures.childCpuPerRequest?.toFixed(1) ?? "",
  ];
}

/** The first columns are texts, the others figures. */
function aligned(lines: readonly (readonly string[])[], texts = 2): string {
  const [head = [], ...rest] = lines;
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const isText = (column: number): boolean => column < texts;
  const row = (line: readonly string[]): string =>
    `| ${widths.map((width, i) => (isText(i) ? (line[i] ?? "").padEnd(width) : (line[i] ?? "").padStart(width))).join(" | ")} |`;
  const rule = `|${widths.map((width, i) => (isText(i) ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [row(head), rule, ...rest.map(row)].join("\n");
}
