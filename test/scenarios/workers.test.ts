// Several processes on one port: they serve alike, outlive each other and the primary, and are renewed without a lost request.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, CreateFunctionCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { afterEach, describe, expect, test } from "vitest";
import { callApi, type Gatehouse, removeDirectory, runGatehouse, startGatehouse, temporaryDirectory } from "../harness/gatehouse.ts";
import { zip } from "../harness/zip.ts";

interface Health {
  readonly status: string;
  readonly workers: readonly { readonly pid: number; readonly residentBytes: number }[];
}

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** Starts it with workers; at the end it is ended, with whatever it has left. */
async function start(options: Parameters<typeof startGatehouse>[0] = {}, workers = 2): Promise<Gatehouse> {
  const gatehouse = await startGatehouse({ ...options, args: ["--workers", String(workers), ...(options.args ?? [])] });
  cleanUps.push(async () => {
    if (gatehouse.child.exitCode === null && gatehouse.child.signalCode === null) await gatehouse.stop();
    for (const pid of seen) killIfAlive(pid);
    await removeDirectory(gatehouse.dataDir);
  });
  await pids(gatehouse);
  return gatehouse;
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Whether a process runs: one that has ended and whose parent has not asked for it yet does not. */
function isAlive(pid: number): boolean {
  const status = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
  return status !== "" && !status.startsWith("Z");
}

async function health({ url }: Gatehouse): Promise<Health> {
  return (await (await fetch(`${url}/_gatehouse/health`)).json()) as Health;
}

/** Every worker that was ever there: none may outlive its test. */
const seen = new Set<number>();

async function pids(gatehouse: Gatehouse): Promise<number[]> {
  const found = (await health(gatehouse)).workers.map(({ pid }) => pid);
  for (const pid of found) seen.add(pid);
  return found.toSorted((a, b) => a - b);
}

/** Kills the primary. What it has started keeps its output open. */
async function killPrimary({ child }: Gatehouse): Promise<void> {
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

/** An API whose `GET /` answers with a stage variable, by a MOCK. */
async function versionApi(client: APIGatewayClient, version: string): Promise<string> {
  const { id: restApiId, rootResourceId: resourceId } = await client.send(new CreateRestApiCommand({ name: "version" }));
  const method = { restApiId, resourceId, httpMethod: "GET" };
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  await client.send(new PutIntegrationCommand({ ...method, type: "MOCK", requestTemplates: { "application/json": '{"statusCode": 200}' } }));
  await client.send(new PutMethodResponseCommand({ ...method, statusCode: "200" }));
  await client.send(
    new PutIntegrationResponseCommand({ ...method, statusCode: "200", responseTemplates: { "application/json": '"$stageVariables.version"' } }),
  );
  const { id: deploymentId } = await client.send(new CreateDeploymentCommand({ restApiId }));
  await client.send(new CreateStageCommand({ restApiId, stageName: "prod", deploymentId, variables: { version } }));
  return restApiId as string;
}

const setVersion = (client: APIGatewayClient, restApiId: string, value: string) =>
  client.send(new UpdateStageCommand({ restApiId, stageName: "prod", patchOperations: [{ op: "replace", path: "/variables/version", value }] }));

/** What new connections are answered, one after the other: the system shares them out among the workers. */
async function answers(gatehouse: Gatehouse, apiId: string, count: number): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for (let i = 0; i < count; i++) {
    const { status, body } = await callApi(gatehouse, apiId, "/prod/");
    seen.add(`${status} ${body}`);
  }
  return seen;
}

interface Load {
  /** Ends it and resolves to how many requests were answered, and what went wrong. */
  stop(): Promise<{ readonly answered: number; readonly failed: readonly string[] }>;
}

/** Clients that ask one after the other, over kept connections or over a new one each time, until they are told to stop. */
function underLoad({ port }: Gatehouse, apiId: string, { keepAlive }: { readonly keepAlive: boolean }): Load {
  const agent = new Agent({ keepAlive });
  let isOver = false;
  let answered = 0;
  const failed: string[] = [];
  const ask = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (failure?: string): void => {
        if (failure === undefined) answered++;
        else failed.push(failure);
        resolve();
      };
      const request = httpRequest({ port, host: "127.0.0.1", path: `/restapis/${apiId}/prod/_user_request_/`, agent }, (response) => {
        response.resume();
        response.on("end", () => done(response.statusCode === 200 ? undefined : `status ${response.statusCode}`));
        response.on("error", (error) => done(error.message));
      });
      request.on("error", (error) => done(error.message));
      request.end();
    });
  const client = async (): Promise<void> => {
    while (!isOver) await ask();
  };
  const clients = Promise.all(Array.from({ length: 4 }, client));
  return {
    async stop() {
      isOver = true;
      await clients;
      agent.destroy();
      return { answered, failed };
    },
  };
}

describe("workers", () => {
  test("serve alike: a change is live in every one of them when the call that made it has returned", async () => {
    const gatehouse = await start({}, 3);
    expect(await pids(gatehouse)).toHaveLength(3);
    const client = gatehouse.apiGateway();
    const apiId = await versionApi(client, "0");
    for (let version = 1; version <= 5; version++) {
      await setVersion(client, apiId, String(version));
      expect(await answers(gatehouse, apiId, 20)).toEqual(new Set([`200 "${version}"`]));
    }
    expect(await gatehouse.stop()).toBe(0);
  });

  test("no request fails while an API is deployed again and again under load", async () => {
    const gatehouse = await start();
    const client = gatehouse.apiGateway();
    const apiId = await versionApi(client, "0");
    const load = underLoad(gatehouse, apiId, { keepAlive: true });
    for (let version = 1; version <= 20; version++) {
      await client.send(new CreateDeploymentCommand({ restApiId: apiId, stageName: "prod", variables: { version: String(version) } }));
    }
    const { answered, failed } = await load.stop();
    expect(failed).toEqual([]);
    expect(answered).toBeGreaterThan(20);
  });

  test("one that is killed takes its own requests with it alone, and is replaced", async () => {
    const gatehouse = await start();
    const client = gatehouse.apiGateway();
    const apiId = await versionApi(client, "1");
    const before = await pids(gatehouse);
    const victim = before[0] as number;
    const load = underLoad(gatehouse, apiId, { keepAlive: false });
    process.kill(victim, "SIGKILL");
    await expect.poll(() => pids(gatehouse).catch(() => [])).toSatisfy((now: number[]) => now.length === 2 && !now.includes(victim));
    const { failed } = await load.stop();
    // At most what it held: each of the four clients has one request at a time, and what waited to be accepted.
    expect(failed.length).toBeLessThanOrEqual(8);
    expect(gatehouse.output()).toContain("a worker is gone and is replaced");
    // What it was never told of, it serves too.
    await setVersion(client, apiId, "2");
    expect(await answers(gatehouse, apiId, 20)).toEqual(new Set(['200 "2"']));
  });

  test("SIGUSR2 renews them one by one", async () => {
    const gatehouse = await start();
    const client = gatehouse.apiGateway();
    const apiId = await versionApi(client, "1");
    const before = await pids(gatehouse);
    gatehouse.child.kill("SIGUSR2");
    await expect.poll(() => pids(gatehouse).catch(() => before), { timeout: 20_000 }).toSatisfy(
      (now: number[]) => now.length === 2 && now.every((pid) => !before.includes(pid)),
    );
    await expect.poll(() => before.some(isAlive)).toBe(false);
    expect(await answers(gatehouse, apiId, 20)).toEqual(new Set(['200 "1"']));
    expect(await gatehouse.stop()).toBe(0);
  });

  test("outlive the primary: APIs are served, control calls fail clearly, and the next primary takes them over", async () => {
    const gatehouse = await start();
    const client = gatehouse.apiGateway();
    const apiId = await versionApi(client, "1");
    const before = await pids(gatehouse);
    await killPrimary(gatehouse);
    expect(await answers(gatehouse, apiId, 20)).toEqual(new Set(['200 "1"']));
    const refused = await fetch(`${gatehouse.url}/restapis`, { headers: { authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/apigateway/aws4_request" } });
    expect([refused.status, refused.headers.get("x-amzn-errortype"), await refused.text()]).toEqual([
      503,
      "ServiceUnavailableException",
      '{"message":"The control plane is not running. APIs are served as they were last deployed."}',
    ]);
    client.destroy();

    const next = await startGatehouse({ dataDir: gatehouse.dataDir, args: ["--workers", "2", "--port", String(gatehouse.port)] });
    cleanUps.push(() => next.stop());
    await expect.poll(() => next.output()).toContain("workers that were serving already are taken over");
    expect(await pids(next)).toEqual(before);
    const nextClient = next.apiGateway();
    await setVersion(nextClient, apiId, "2");
    expect(await answers(next, apiId, 20)).toEqual(new Set(['200 "2"']));
    nextClient.destroy();
    expect(await next.stop()).toBe(0);
    await expect.poll(() => before.filter(isAlive)).toEqual([]);
  });

  test("call functions, which run beside the primary", async () => {
    const gatehouse = await start();
    const lambda = gatehouse.lambda();
    const { FunctionArn } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: "echo",
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Role: "arn:aws:iam::000000000000:role/lambda",
        Code: { ZipFile: zip({ "index.mjs": "export const handler = async ({ path }) => ({ statusCode: 200, body: path });" }) },
      }),
    );
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20 }, { FunctionName: "echo" });
    await lambda.send(new AddPermissionCommand({ FunctionName: "echo", StatementId: "api", Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com" }));
    const client = gatehouse.apiGateway();
    const { id: restApiId, rootResourceId: resourceId } = await client.send(new CreateRestApiCommand({ name: "echo" }));
    const method = { restApiId, resourceId, httpMethod: "GET" };
    await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
    const uri = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FunctionArn}/invocations`;
    await client.send(new PutIntegrationCommand({ ...method, type: "AWS_PROXY", integrationHttpMethod: "POST", uri }));
    await client.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" }));
    expect(await answers(gatehouse, restApiId as string, 6)).toEqual(new Set(["200 /"]));
  });

  test("share a port with nobody else: one that is in use is refused in one line", async () => {
    const gatehouse = await startGatehouse();
    const dataDir = await temporaryDirectory();
    const second = runGatehouse(["--workers", "2", "--port", String(gatehouse.port), "--data-dir", dataDir]);
    expect(await second.exit).toBe(2);
    expect(second.output()).toBe(`gatehouse: Cannot listen on 127.0.0.1:${gatehouse.port}: the port is in use\n`);
    await gatehouse.stop();
    await removeDirectory(gatehouse.dataDir);
    await removeDirectory(dataDir);
  });

  test("of what is kept in memory end with the primary", async () => {
    const gatehouse = await start({ args: ["--in-memory"] });
    const all = await pids(gatehouse);
    await killPrimary(gatehouse);
    await expect.poll(() => all.filter(isAlive)).toEqual([]);
  });
});
