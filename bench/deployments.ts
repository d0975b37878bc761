// What happens to those who call while an API is deployed, and while a worker dies: with many APIs, in all workers.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { APIGatewayClient, CreateDeploymentCommand, UpdateStageCommand } from "@aws-sdk/client-api-gateway";
import { type Clients, keepAsking } from "./clients.ts";
import { client, type Gatehouse, startGatehouse } from "./gatehouse.ts";
import { median } from "./measure.ts";
import { pathOf, populate, STAGE } from "./populate.ts";
import { clientPortsOf } from "./sockets.ts";

export interface DeploymentsPlan {
  readonly apis: number;
  readonly workers: number;
  /** Of a stage, one after the other. */
  readonly updates: number;
  /** Under load. */
  readonly deployments: number;
  /** Kept open by those who call. */
  readonly connections: number;
}

export interface DeploymentsResult {
  readonly apis: number;
  readonly workers: number;
  /** From calling UpdateStage to its answer, when every worker serves the stage as it now is, in milliseconds. */
  readonly live: { readonly median: number; readonly longest: number };
  /** Deployed again and again under load. */
  readonly deploying: { readonly deployments: number; readonly answered: number; readonly failed: number };
  /** A worker was killed under load. */
  readonly killing: {
    readonly answered: number;
    /** Connections that it had, and so requests that it may have held: each client asks one at a time. */
    readonly held: number;
    /** Failed requests over those. */
    readonly failed: number;
    /** Failed requests over all other connections, those included that were opened later. */
    readonly othersFailed: number;
    /** Until another worker served in its place, in milliseconds. */
    readonly replacedAfter: number;
  };
}

/** New connections that are asked after each update: the system shares them out among the workers. */
const WITNESSES = 8;

export async function measureDeployments(plan: DeploymentsPlan, directory: string, say: (progress: string) => void): Promise<DeploymentsResult> {
  const { apis, workers } = plan;
  const data = join(directory, "data-deployments");
  say(`deployments: making ${apis} APIs`);
  const [apiId = ""] = await populate({ directory: data, apis });
  const gatehouse = await startGatehouse(data, { workers });
  const api = new APIGatewayClient(client(gatehouse.url));
  const url = gatehouse.url + pathOf(apiId);
  try {
    say(`deployments: ${plan.updates} updates of a stage`);
    const live = await measureUpdates(api, apiId, url, plan.updates);
    say(`deployments: ${plan.deployments} under load`);
    const deploying = await deployUnderLoad(api, apiId, url, plan);
    say("deployments: a worker is killed");
    const killing = await killUnderLoad(gatehouse, url, plan);
    return { apis, workers, live, deploying, killing };
  } finally {
    api.destroy();
    await gatehouse.child.stop();
  }
}

/** @throws when a worker answers as before after an update has returned */
async function measureUpdates(api: APIGatewayClient, restApiId: string, url: string, updates: number): Promise<DeploymentsResult["live"]> {
  const times: number[] = [];
  for (let version = 1; version <= updates; version++) {
    const began = performance.now();
    const patchOperations = [{ op: "replace" as const, path: "/variables/version", value: String(version) }];
    await api.send(new UpdateStageCommand({ restApiId, stageName: STAGE, patchOperations }));
    times.push(performance.now() - began);
    const answers = await Promise.all(Array.from({ length: WITNESSES }, () => askOnce(url)));
    const stale = answers.find((answer) => answer !== `"${version}"`);
    if (stale !== undefined) throw new Error(`${url} answers ${stale} after version ${version} was acknowledged`);
  }
  return { median: median(times), longest: Math.max(...times) };
}

/** Over a connection of its own. */
async function askOnce(url: string): Promise<string> {
  return (await fetch(url, { headers: { connection: "close" } })).text();
}

async function deployUnderLoad(api: APIGatewayClient, restApiId: string, url: string, plan: DeploymentsPlan): Promise<DeploymentsResult["deploying"]> {
  const { deployments, connections } = plan;
  const clients = keepAsking(url, connections);
  for (let i = 0; i < deployments; i++) {
    await api.send(new CreateDeploymentCommand({ restApiId, stageName: STAGE, variables: { version: `d${i}` } }));
  }
  const { answered, failures } = await clients.stop();
  return { deployments, answered, failed: failures.length };
}

async function killUnderLoad(gatehouse: Gatehouse, url: string, { connections }: DeploymentsPlan): Promise<DeploymentsResult["killing"]> {
  const before = await workersOf(gatehouse);
  const port = Number(new URL(url).port);
  const clients = keepAsking(url, connections);
  await until(() => clients.ports().length === connections);
  await answersMore(clients, connections);
  const shares = before.map((pid) => ({ pid, ports: clientPortsOf(pid, port) }));
  const victim = shares.toSorted((a, b) => b.ports.size - a.ports.size)[0];
  if (victim === undefined) throw new Error("there is no worker to kill");
  const killed = performance.now();
  process.kill(victim.pid, "SIGKILL");
  await until(async () => {
    const now = await workersOf(gatehouse).catch((): readonly number[] => []);
    return now.length === before.length && !now.includes(victim.pid);
  });
  const replacedAfter = performance.now() - killed;
  await answersMore(clients, connections);
  const { answered, failures } = await clients.stop();
  const failed = failures.filter((failure) => failure.port !== undefined && victim.ports.has(failure.port)).length;
  return { answered, held: victim.ports.size, failed, othersFailed: failures.length - failed, replacedAfter };
}

async function workersOf({ url }: Gatehouse): Promise<readonly number[]> {
  const health = (await (await fetch(`${url}/_gatehouse/health`, { headers: { connection: "close" } })).json()) as {
    readonly workers: readonly { readonly pid: number }[];
  };
  return health.workers.map(({ pid }) => pid);
}

async function answersMore(clients: Clients, count: number): Promise<void> {
  const enough = clients.answered() + count;
  await until(() => clients.answered() >= enough);
}

/** What is waited for comes within this time, or never; in milliseconds. */
const PATIENCE_MS = 30_000;

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const late = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > late) throw new Error("what the benchmark waits for does not come");
    await wait(5);
  }
}
