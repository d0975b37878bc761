// Latency at a constant rate, beside nginx's: what few wait for when a server has time to spare.
import { join } from "node:path";
import { CORES, start } from "./children.ts";
import { median, type Subject } from "./measure.ts";
import type { Pace, PacedLoad } from "./paced-load.ts";

export interface PacedPlan extends Omit<Pace, "url"> {
  readonly rounds: number;
}

/** Medians of the rounds, in milliseconds. */
export type PacedFigures = Omit<PacedLoad, "requests">;

export interface PacedResult {
  /** Requests a second. */
  readonly rate: number;
  readonly gatehouse: PacedFigures;
  readonly nginx: PacedFigures;
  /** Gatehouse's 99th percentile divided by nginx's. */
  readonly ratio: number;
}

const PROGRAM = join(import.meta.dirname, "paced-load.ts");

/** The two take turns. */
export async function measurePaced(ours: Subject, nginx: Subject, plan: PacedPlan, say: (progress: string) => void): Promise<PacedResult> {
  const rounds = new Map<Subject, PacedLoad[]>([[ours, []], [nginx, []]]);
  say("p99: warming up");
  for (const { url } of rounds.keys()) await load({ ...plan, url });
  for (let round = 1; round <= plan.rounds; round++) {
    for (const [subject, figures] of rounds) {
      say(`p99: round ${round} of ${plan.rounds}, ${subject.name}`);
      figures.push(await load({ ...plan, url: subject.url }));
    }
  }
  const gatehouse = medians(rounds.get(ours) ?? []);
  const rival = medians(rounds.get(nginx) ?? []);
  return { rate: plan.rate, gatehouse, nginx: rival, ratio: gatehouse.p99 / rival.p99 };
}

/** In a process of its own, on the core of the load. */
async function load({ url, rate, seconds, connections }: Pace): Promise<PacedLoad> {
  const child = start(process.execPath, [PROGRAM, url, ...[rate, seconds, connections].map(String)], CORES.load);
  return JSON.parse(await child.printed(/^(\{.*\})\n/m)) as PacedLoad;
}

function medians(rounds: readonly PacedLoad[]): PacedFigures {
  const of = (pick: (round: PacedLoad) => number): number => median(rounds.map(pick));
  return { p50: of(({ p50 }) => p50), p99: of(({ p99 }) => p99), max: of(({ max }) => max), late: of(({ late }) => late) };
}
