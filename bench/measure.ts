// One round of load on one process, and several rounds made into one figure each.
import { cpuTime, descendants, running } from "./children.ts";
import { WORKER_PROGRAM } from "./gatehouse.ts";
import type { Turns } from "./rows.ts";
import { load } from "./wrk.ts";
import type { Load } from "./wrk.ts";

/** Figures of one round, or the medians of several. */
export interface Figures {
  /** Processor time of the process under test for one request, in microseconds. */
  readonly cpuPerRequest: number;
  /** The same of the processes it has started, when they are measured apart. */
  readonly childCpuPerRequest: number | undefined;
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  /** How much of its core the process under test had taken: below about 0.9 the load, not the process, set the pace. */
  readonly coreShare: number;
}

export interface Subject {
  readonly name: string;
  readonly pid: number;
  readonly url: string;
  /** Of the requests: names and values in turn. */
  readonly headers?: readonly string[];
  readonly turns?: Turns | undefined;
  /** Its children are its functions, measured apart, but for its workers; otherwise (nginx's workers) they are part of it. */
  readonly childrenApart: boolean;
}

/** Runs the load against a process and counts the processor time it takes. */
export async function measure(subject: Subject, seconds: number, connections: number): Promise<Figures> {
  const all = descendants(subject.pid);
  const workers = subject.childrenApart ? running(WORKER_PROGRAM, all) : all;
  const own = [subject.pid, ...workers];
  const family = all.filter((pid) => !own.includes(pid));
  const started = performance.now();
  const before = { own: cpuTime(own), family: cpuTime(family) };
  const result = await load({ ...subject, seconds, connections });
  const spent = cpuTime(own) - before.own;
  const elapsed = (performance.now() - started) * 1000;
  return figures(result, spent, subject.childrenApart ? cpuTime(family) - before.family : undefined, elapsed);
}

function figures(result: Load, spent: number, childSpent: number | undefined, elapsed: number): Figures {
  return {
    cpuPerRequest: spent / result.requests,
    childCpuPerRequest: childSpent === undefined ? undefined : childSpent / result.requests,
    requestsPerSecond: result.requestsPerSecond,
    p50: result.p50,
    p99: result.p99,
    coreShare: spent / elapsed,
  };
}

/** Figure by figure, the medians. */
export function medians(rounds: readonly Figures[]): Figures {
  const of = (pick: (round: Figures) => number): number => median(rounds.map(pick));
  const isApart = rounds.every((round) => round.childCpuPerRequest !== undefined);
  return {
    cpuPerRequest: of((round) => round.cpuPerRequest),
    childCpuPerRequest: isApart ? of((round) => round.childCpuPerRequest ?? 0) : undefined,
    requestsPerSecond: of((round) => round.requestsPerSecond),
    p50: of((round) => round.p50),
    p99: of((round) => round.p99),
    coreShare: of((round) => round.coreShare),
  };
}

/** The middle value; the mean of the two in the middle. @throws {RangeError} for none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("no values");
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted.length >> 1;
  const lower = sorted.length % 2 === 0 ? upper - 1 : upper;
  return ((sorted[lower] as number) + (sorted[upper] as number)) / 2;
}
