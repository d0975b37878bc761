// The goals, each with the figure that was measured.
import type { DeploymentsResult } from "./deployments.ts";
import type { PacedResult } from "./paced.ts";
import type { Results, RowResult } from "./run.ts";
import type { ScaleResult } from "./scale.ts";

export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly figure: string;
  /** Undefined for figures that are only to be reported. */
  readonly isMet: boolean | undefined;
}

/** At a constant rate, against nginx's. */
const P99_RATIO = 2;
/** Where the load's own lateness is a larger part of a latency, the machine is too busy to tell. */
const LATENESS = 0.5;
const LIVE_MS = 50;
const START_MS = 2000;
/** How much more a request may take among many APIs, or resources. */
const GROWTH = 0.05;

/** Those that belong to what was measured. */
export function goalsOf({ rows, paced, deployments, scale }: Results): readonly Goal[] {
  return [
    ...rows.flatMap(rowGoal),
    ...(paced === undefined ? [] : [pacedGoal(paced)]),
    ...(deployments === undefined ? [] : deploymentGoals(deployments)),
    ...(scale === undefined ? [] : scaleGoals(scale)),
  ];
}

function rowGoal({ name, goal, gatehouse, beside, ratio }: RowResult): Goal | readonly Goal[] {
  if (goal === undefined) return [];
  if ("ratio" in goal) {
    return { what: `${name}: ratio`, goal: `${goal.ratio.toFixed(2)} or more`, figure: ratio.toFixed(2), isMet: ratio >= goal.ratio };
  }
  const { cpuPerRequest } = gatehouse;
  if ("beside" in goal) {
    const other = beside?.cpuPerRequest ?? Number.NaN;
    return {
      what: `${name}: own CPU a request beside ${goal.beside}, in turn with it`,
      goal: `at most ${goal.dearerUs} us more`,
      figure: `${(cpuPerRequest - other).toFixed(1)} us more (${cpuPerRequest.toFixed(1)} us, ${goal.beside} ${other.toFixed(1)} us)`,
      isMet: cpuPerRequest - other <= goal.dearerUs,
    };
  }
  return { what: `${name}: own CPU a request`, goal: `under ${goal.cpu} us`, figure: `${cpuPerRequest.toFixed(0)} us`, isMet: cpuPerRequest < goal.cpu };
}

function pacedGoal({ rate, gatehouse, nginx, ratio }: PacedResult): Goal {
  const figure = `${ratio.toFixed(2)} times (${gatehouse.p99.toFixed(2)} ms, nginx ${nginx.p99.toFixed(2)} ms)`;
  const isLate = [gatehouse, nginx].some(({ p99, late }) => late > p99 * LATENESS);
  return {
    what: `p99 at ${rate} requests a second`,
    goal: `at most ${P99_RATIO} times nginx's`,
    figure: isLate ? `${figure}, but the load itself was late` : figure,
    isMet: isLate ? undefined : ratio <= P99_RATIO,
  };
}

function deploymentGoals({ apis, workers, live, deploying, killing }: DeploymentsResult): Goal[] {
  return [
    {
      what: `UpdateStage, until live in ${workers} workers, ${apis} APIs`,
      goal: `under ${LIVE_MS} ms`,
      figure: `${live.median.toFixed(1)} ms, longest ${live.longest.toFixed(1)} ms`,
      isMet: live.median < LIVE_MS,
    },
    {
      what: `failed requests during ${deploying.deployments} deployments`,
      goal: "0",
      figure: `${deploying.failed} of ${deploying.answered + deploying.failed}`,
      isMet: deploying.failed === 0,
    },
    {
      what: "failed requests when a worker is killed, but for those it held",
      goal: "0",
      figure: `${killing.othersFailed} of ${killing.answered + killing.failed + killing.othersFailed}; of ${killing.held} it held ${killing.failed}; replaced after ${killing.replacedAfter.toFixed(0)} ms`,
      isMet: killing.othersFailed === 0 && killing.failed <= killing.held,
    },
  ];
}

function scaleGoals({ apis, starts, cpuPerRequest, first, residentAfterAll }: ScaleResult): Goal[] {
  const { alone, amongMany, lastOfResources } = cpuPerRequest;
  const growth = (cost: number): Pick<Goal, "goal" | "figure" | "isMet"> => ({
    goal: `within ${GROWTH * 100} % of 1 API's`,
    figure: `${cost.toFixed(1)} us against ${alone.toFixed(1)} us (${percent(cost / alone - 1)})`,
    isMet: cost <= alone * (1 + GROWTH),
  });
  return [
    ...starts.map(({ what, milliseconds, cpuMilliseconds }) => ({
      what: `start to first answer, ${what}`,
      goal: `under ${START_MS / 1000} s`,
      figure: `${milliseconds.toFixed(0)} ms, of processor time ${cpuMilliseconds.toFixed(0)} ms`,
      isMet: milliseconds < START_MS,
    })),
    { what: `CPU a request, ${apis} APIs`, ...growth(amongMany) },
    { what: "CPU a request, the last of many resources", ...growth(lastOfResources) },
    ...starts.map(({ what, resident }) => ({ what: `resident memory, ${what}`, goal: "reported", figure: resident.map(megabytes).join(" + "), isMet: undefined })),
    { what: "resident memory once all were called, once and twice", goal: "reported", figure: residentAfterAll.map(megabytes).join(", then "), isMet: undefined },
    {
      what: "first request to a stage",
      goal: "reported",
      figure: `${first.p50.toFixed(2)} ms, p99 ${first.p99.toFixed(2)} ms, longest ${first.max.toFixed(1)} ms`,
      isMet: undefined,
    },
  ];
}

const percent = (share: number): string => `${share < 0 ? "" : "+"}${(share * 100).toFixed(1)} %`;
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MB`;
