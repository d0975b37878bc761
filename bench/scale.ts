// Many APIs, and one API of many resources: how long a start takes, what is kept in memory, and whether a request costs more.
import { Agent, get } from "node:http";
import { join } from "node:path";
import { CORES, cpuTime, descendants, residentBytes, running } from "./children.ts";
import { type Gatehouse, startGatehouse, WORKER_PROGRAM } from "./gatehouse.ts";
import { measure, median } from "./measure.ts";
import { percentile } from "./paced-load.ts";
import { pathOf, populate } from "./populate.ts";

export interface ScalePlan {
  readonly apis: number;
  /** Of one API. */
  readonly resources: number;
  readonly rounds: number;
  /** Of load in each round. */
  readonly seconds: number;
  readonly connections: number;
  /** Of the start with several processes. */
  readonly workers: number;
}

/** What a start with so many APIs takes. */
export interface Start {
  readonly what: string;
  /** To the first answer, in milliseconds, the median. */
  readonly milliseconds: number;
  /** Processor time of all its processes until then, in milliseconds: on a busy machine it says more. */
  readonly cpuMilliseconds: number;
  /** The process and, where it has them, each of its workers, in bytes, right after the first answer. */
  readonly resident: readonly number[];
}

export interface ScaleResult {
  readonly apis: number;
  readonly starts: readonly Start[];
  /** Processor time of a request with one small API, with many, and to the last of many resources; in microseconds. */
  readonly cpuPerRequest: { readonly alone: number; readonly amongMany: number; readonly lastOfResources: number };
  /** The first request to each of many APIs, in milliseconds. */
  readonly first: { readonly p50: number; readonly p99: number; readonly max: number };
  /** What the process has in memory once all have been called, and once all have been called again, in bytes. */
  readonly residentAfterAll: readonly number[];
}

interface Made {
  readonly what: string;
  readonly data: string;
  readonly ids: readonly string[];
  /** What is called to measure the cost of a request. */
  readonly path: string;
}

export async function measureScale(plan: ScalePlan, directory: string, say: (progress: string) => void): Promise<ScaleResult> {
  const make = async (what: string, apis: number, resources: number): Promise<Made> => {
    say(`apis: making ${what}`);
    const data = join(directory, `data-${apis}-${resources}`);
    const ids = await populate({ directory: data, apis, resources });
    return { what, data, ids, path: pathOf(ids[0] as string) + (resources > 1 ? String(resources - 1) : "") };
  };
  const one = await make("1 API", 1, 1);
  const large = await make(`1 API of ${plan.resources} resources`, 1, plan.resources);
  const many = await make(`${plan.apis} APIs`, plan.apis, 1);
  const starts: Start[] = [];
  for (const made of [one, large, many]) starts.push(await measureStarts(made, 1, plan.rounds, say));
  for (const made of [one, many]) starts.push(await measureStarts(made, plan.workers, plan.rounds, say));
  const cpuPerRequest = await measureCosts([one, many, large], plan, say);
  return { apis: plan.apis, starts, cpuPerRequest, ...(await measureAll(many, plan, say)) };
}

async function measureStarts({ what, data, path }: Made, workers: number, rounds: number, say: (progress: string) => void): Promise<Start> {
  const times: number[] = [];
  const cpuTimes: number[] = [];
  const residents: number[][] = [];
  const name = workers > 1 ? `${what}, ${workers} workers` : what;
  for (let round = 1; round <= rounds; round++) {
    say(`apis: start ${round} of ${rounds} with ${name}`);
    const began = performance.now();
    const gatehouse = await startGatehouse(data, { workers });
    await answers(gatehouse.url + path);
    times.push(performance.now() - began);
    const processes = processesOf(gatehouse);
    cpuTimes.push(cpuTime(processes) / 1000);
    residents.push(processes.map(residentBytes));
    await gatehouse.child.stop();
  }
  const resident = (residents[0] ?? []).map((_, i) => median(residents.map((each) => each[i] as number)));
  return { what: name, milliseconds: median(times), cpuMilliseconds: median(cpuTimes), resident };
}

/** Of itself and its workers. */
const processesOf = ({ child: { pid } }: Gatehouse): number[] => [pid, ...running(WORKER_PROGRAM, descendants(pid))];

/** All are there at once, on one core, and take turns. */
async function measureCosts(all: readonly [Made, Made, Made], plan: ScalePlan, say: (progress: string) => void): Promise<ScaleResult["cpuPerRequest"]> {
  const costs: number[][] = all.map(() => []);
  const gatehouses: Gatehouse[] = [];
  for (const { data } of all) gatehouses.push(await startGatehouse(data, { core: CORES.subject }));
  for (let round = 0; round <= plan.rounds; round++) {
    for (const [i, { child, url }] of gatehouses.entries()) {
      const { what, path } = all[i] as Made;
      say(`apis: ${round === 0 ? "warming up" : `round ${round} of ${plan.rounds}`}, ${what}`);
      const subject = { name: what, pid: child.pid, url: url + path, childrenApart: true };
      const { cpuPerRequest } = await measure(subject, plan.seconds, plan.connections);
      if (round > 0) costs[i]?.push(cpuPerRequest);
    }
  }
  for (const { child } of gatehouses) await child.stop();
  const [alone = 0, amongMany = 0, lastOfResources = 0] = costs.map(median);
  return { alone, amongMany, lastOfResources };
}

/** Calls every API, twice. */
async function measureAll({ data, ids }: Made, plan: ScalePlan, say: (progress: string) => void): Promise<Pick<ScaleResult, "first" | "residentAfterAll">> {
  const gatehouse = await startGatehouse(data, { core: CORES.subject });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const residentAfterAll: number[] = [];
  const times: number[] = [];
  for (const sweep of [1, 2]) {
    say(`apis: calling all ${plan.apis}, sweep ${sweep} of 2`);
    for (const id of ids) {
      const began = performance.now();
      await answers(gatehouse.url + pathOf(id), agent);
      if (sweep === 1) times.push(performance.now() - began);
    }
    residentAfterAll.push(residentBytes(gatehouse.child.pid));
  }
  agent.destroy();
  await gatehouse.child.stop();
  return { first: { p50: percentile(times, 50), p99: percentile(times, 99), max: Math.max(...times) }, residentAfterAll };
}

/** @throws when the URL does not answer 200 */
function answers(url: string, agent?: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.resume();
      response.on("error", reject);
      response.on("end", () => (response.statusCode === 200 ? resolve() : reject(new Error(`${url} answers ${response.statusCode}`))));
    });
    request.on("error", reject);
  });
}
