// The course of a benchmark: start everything, then load Gatehouse and nginx in turn, round after round.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CORES, descendants, moveToCore, subjectCore } from "./children.ts";
import { type DeploymentsResult, measureDeployments } from "./deployments.ts";
import { measureTemplates, measureValidation } from "./engines.ts";
import type { EngineFigures } from "./engines.ts";
import { createFunction, startGatehouse } from "./gatehouse.ts";
import { measure, median, medians } from "./measure.ts";
import type { Figures, Subject } from "./measure.ts";
import { startBackend, startRival } from "./nginx.ts";
import { measurePaced, type PacedResult } from "./paced.ts";
import { ROWS } from "./rows.ts";
import type { Called, Row, RowGoal } from "./rows.ts";
import { measureScale, type ScaleResult } from "./scale.ts";
import { load } from "./wrk.ts";

export interface Plan {
  readonly rows: readonly string[];
  readonly rounds: number;
  /** Of load in each round. */
  readonly seconds: number;
  readonly connections: number;
  /** Processes that serve, of Gatehouse and of nginx. */
  readonly workers: number;
  /** More arguments for Gatehouse, where it stands beside nginx. */
  readonly gatehouse: readonly string[];
}

export interface RowResult {
  readonly name: string;
  /** Kept open by the load. */
  readonly connections: number;
  readonly goal: RowGoal | undefined;
  readonly gatehouse: Figures;
  /** Of the row that the goal has it beside: in turn with this one, and in the same process. */
  readonly beside: Figures | undefined;
  readonly nginx: Figures;
  /** nginx's processor time for a request divided by Gatehouse's: 1 is as little as nginx takes, less is more. */
  readonly ratio: number;
}

export interface StartResult {
  /** From starting the process to its first answer, in milliseconds, each time. */
  readonly starts: readonly number[];
  readonly median: number;
}

export interface Results {
  readonly rows: readonly RowResult[];
  readonly paced: PacedResult | undefined;
  readonly start: StartResult | undefined;
  readonly deployments: DeploymentsResult | undefined;
  readonly scale: ScaleResult | undefined;
  /** Mapping templates, beside velocityjs. */
  readonly templates: readonly EngineFigures[] | undefined;
  /** Validation of bodies, beside JSON.parse. */
  readonly validation: readonly EngineFigures[] | undefined;
}

/** The row that measures how long a start takes. */
const START_ROW = "start";
/** Latency at a constant rate. */
const PACED_ROW = "p99";
/** Deployments under load, and the end of a worker. */
const DEPLOYMENTS_ROW = "deployments";
/** Many APIs, and many resources. */
const SCALE_ROW = "apis";

/** The rows that are measured in the benchmark's own process: they need neither servers nor load. */
const TEMPLATES_ROW = "VTL";
const VALIDATION_ROW = "validation";

/** The names of all rows. */
export const ROW_NAMES: readonly string[] = [...ROWS.map((row) => row.name), PACED_ROW, START_ROW, DEPLOYMENTS_ROW, SCALE_ROW, TEMPLATES_ROW, VALIDATION_ROW];

/** Those that have goals. */
export const GOAL_ROWS: readonly string[] = ROW_NAMES.filter((row) => row !== TEMPLATES_ROW && row !== VALIDATION_ROW);

/** Whether a plan starts servers. */
export function needsServers({ rows }: Plan): boolean {
  return rows.some((row) => GOAL_ROWS.includes(row));
}

/** Measures the rows of a plan. */
export async function run(plan: Plan, say: (progress: string) => void): Promise<Results> {
  const directory = await mkdtemp(join(tmpdir(), "gatehouse-bench-"));
  try {
    const rows = ROWS.filter((row) => plan.rows.includes(row.name));
    const isAsked = (row: string): boolean => plan.rows.includes(row);
    const beside = rows.length > 0 || isAsked(PACED_ROW) ? await measureBesideNginx(rows, plan, directory, say) : { rows: [], paced: undefined };
    return {
      ...beside,
      start: isAsked(START_ROW) ? await measureStart(plan.rounds, directory, say) : undefined,
      deployments: isAsked(DEPLOYMENTS_ROW) ? await measureDeployments({ ...DEPLOYMENTS, workers: severalWorkers(plan) }, directory, say) : undefined,
      scale: isAsked(SCALE_ROW) ? await measureScale({ ...plan, ...SCALE, workers: severalWorkers(plan) }, directory, say) : undefined,
      templates: isAsked(TEMPLATES_ROW) ? measureTemplates(plan, say) : undefined,
      validation: isAsked(VALIDATION_ROW) ? measureValidation(plan, say) : undefined,
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** As the goals have it. */
const PACE = { rate: 2000, connections: 32 };
const DEPLOYMENTS = { apis: 1000, updates: 50, deployments: 100, connections: 8 };
const SCALE = { apis: 10_000, resources: 299 };

/** For what is about workers. */
const severalWorkers = ({ workers }: Plan): number => Math.max(2, workers);

async function measureBesideNginx(
  rows: readonly Row[],
  plan: Plan,
  directory: string,
  say: (progress: string) => void,
): Promise<Pick<Results, "rows" | "paced">> {
  const { workers } = plan;
  const backend = await startBackend(directory);
  const rival = await startRival(directory, backend.port, workers);
  const gatehouse = await startGatehouse(join(directory, "data"), { core: subjectCore(workers), workers, args: plan.gatehouse });
  const needsFunction = rows.some((row) => row.isFunction === true);
  const functionArn = needsFunction ? await createFunction(gatehouse.url) : "";
  const served = new Map<Row, Called>();
  const ours = async (row: Row): Promise<Subject> => {
    const called = served.get(row) ?? (await row.serve({ url: gatehouse.url, backend: `http://127.0.0.1:${backend.port}`, functionArn }));
    served.set(row, called);
    const { headers = [], path, turns } = called;
    return { name: "Gatehouse", pid: gatehouse.child.pid, url: gatehouse.url + path, headers, turns, childrenApart: true };
  };
  const nginx = (row: Row): Subject => ({ name: "nginx", pid: rival.child.pid, url: `http://127.0.0.1:${rival.port}${row.rival}`, childrenApart: false });
  const results: RowResult[] = [];
  for (const row of rows) {
    const other = besideOf(row);
    const beside = other && { ...(await ours(other)), name: `Gatehouse, ${other.name}` };
    results.push(await measureRow(row, { ours: await ours(row), beside, nginx: nginx(row) }, plan, say));
  }
  const isPaced = plan.rows.includes(PACED_ROW);
  const paced = isPaced ? await measurePaced(await ours(PACED_BY), nginx(PACED_BY), { ...PACE, rounds: plan.rounds, seconds: plan.seconds }, say) : undefined;
  await Promise.all([gatehouse.child.stop(), rival.child.stop(), backend.child.stop(), ...Array.from(served.values(), (called) => called.close?.())]);
  return { rows: results, paced };
}

/** The row that a row's goal has it beside. */
function besideOf({ goal }: Row): Row | undefined {
  return goal !== undefined && "beside" in goal ? ROWS.find(({ name }) => name === goal.beside) : undefined;
}

/** What is called at a constant rate. */
const PACED_BY = ROWS.find(({ name }) => name === "HTTP_PROXY") as Row;

interface Subjects {
  readonly ours: Subject;
  readonly beside: Subject | undefined;
  readonly nginx: Subject;
}

async function measureRow(row: Row, { ours, beside, nginx }: Subjects, plan: Plan, say: (progress: string) => void): Promise<RowResult> {
  const connections = Math.min(plan.connections, row.connections ?? plan.connections);
  const subjects = beside === undefined ? [ours, nginx] : [beside, ours, nginx];
  say(`${row.name}: warming up`);
  for (const subject of subjects) {
    await expectAnswer(subject);
    await load({ ...subject, seconds: plan.seconds, connections });
  }
  // Functions inherit the core of the process under test; they are to leave it alone.
  if (row.isFunction === true && plan.workers === 1) for (const pid of descendants(ours.pid)) moveToCore(pid, CORES.load);

  const rounds = new Map<Subject, Figures[]>(subjects.map((subject) => [subject, []]));
  for (let round = 1; round <= plan.rounds; round++) {
    for (const [subject, figures] of rounds) {
      say(`${row.name}: round ${round} of ${plan.rounds}, ${subject.name}`);
      figures.push(await measure(subject, plan.seconds, connections));
    }
  }
  const gatehouse = medians(rounds.get(ours) as Figures[]);
  const rival = medians(rounds.get(nginx) as Figures[]);
  return {
    name: row.name,
    connections,
    goal: row.goal,
    gatehouse: row.isFunction === true ? gatehouse : { ...gatehouse, childCpuPerRequest: undefined },
    beside: beside && medians(rounds.get(beside) as Figures[]),
    nginx: rival,
    ratio: rival.cpuPerRequest / gatehouse.cpuPerRequest,
  };
}

/** @throws when the URL does not answer 200: there would be nothing to measure. */
async function expectAnswer({ url, headers = [], turns }: Pick<Subject, "url" | "headers" | "turns">): Promise<void> {
  const pairs = headers.flatMap((name, i) => (i % 2 === 0 ? [[name, headers[i + 1] ?? ""] as [string, string]] : []));
  const first = turns === undefined ? [] : [[turns.header, turns.values[0] ?? ""] as [string, string]];
  const answer = await fetch(url, { headers: [...pairs, ...first] });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}: ${body.slice(0, 300)}`);
}

async function measureStart(times: number, directory: string, say: (progress: string) => void): Promise<StartResult> {
  const data = join(directory, "data-start");
  const first = await startGatehouse(data);
  const { path } = await (ROWS[0] as Row).serve({ url: first.url, backend: "", functionArn: "" });
  await first.child.stop();
  const starts: number[] = [];
  for (let i = 1; i <= times; i++) {
    say(`start: ${i} of ${times}`);
    const began = performance.now();
    const gatehouse = await startGatehouse(data);
    await expectAnswer({ url: gatehouse.url + path });
    starts.push(performance.now() - began);
    await gatehouse.child.stop();
  }
  return { starts, median: median(starts) };
}
