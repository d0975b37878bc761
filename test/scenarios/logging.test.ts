// Logs and metrics as an API's developer turns them on and an operator finds them: files, and a page for Prometheus
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html).
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type APIGatewayClient, UpdateAccountCommand } from "@aws-sdk/client-api-gateway";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Backend, startBackend } from "../harness/backend.ts";
import { type Answer, call, type Gatehouse, removeDirectory, startGatehouse, temporaryDirectory } from "../harness/gatehouse.ts";
import { makeReleaseApi, replace } from "../harness/release-api.ts";

const ACCOUNT = "123456789012";
const GROUP = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/pets`;
const FORMAT = '{"id":"$context.requestId","agent":"$context.identity.userAgent","resource":"$context.httpMethod $context.resourcePath","status":"$context.status","length":"$context.responseLength","caller":"$context.identity.caller"}';
const NO_ROLE = "CloudWatch Logs role ARN must be set in account settings to enable logging";

let backend: Backend;
beforeAll(async () => void (backend = await startBackend((response) => response.end("[]"))));
afterAll(() => backend[Symbol.asyncDispose]());

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function start(...args: readonly string[]) {
  const gatehouse = await startGatehouse({ args });
  cleanUps.push(async () => {
    if (gatehouse.child.exitCode === null && gatehouse.child.signalCode === null) await gatehouse.stop();
    await removeDirectory(gatehouse.dataDir);
  });
  const client = gatehouse.apiGateway({ account: ACCOUNT });
  const api = await makeReleaseApi(gatehouse, client, backend.url);
  await api.integrate("/pets");
  await api.deploy("prod");
  return { ...api, gatehouse, client, directory: join(gatehouse.dataDir, "logs") };
}

const setRole = (client: APIGatewayClient) =>
  client.send(new UpdateAccountCommand({ patchOperations: [replace("/cloudwatchRoleArn", `arn:aws:iam::${ACCOUNT}:role/logs`)] }));

const accessLog = [replace("/accessLogSettings/destinationArn", GROUP), replace("/accessLogSettings/format", FORMAT)];

/** All lines of a log group's files; none while there is no file. */
async function linesOf(directory: string, group: string): Promise<readonly string[]> {
  const place = join(directory, ACCOUNT, "us-east-1");
  const names = (await readdir(place).catch(() => [])).filter((name) => name.startsWith(`${encodeURIComponent(group)}.`)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(place, name), "utf8")));
  return texts.join("").split("\n").slice(0, -1);
}

async function linesOnceThereAre(count: number, directory: string, group: string): Promise<readonly string[]> {
  for (;;) {
    const lines = await linesOf(directory, group);
    if (lines.length >= count) return lines;
    await wait(20);
  }
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /;

/** Without their times. */
function timeless(lines: readonly string[]): readonly string[] {
  expect(lines.filter((line) => !TIME.test(line))).toEqual([]);
  return lines.map((line) => line.replace(TIME, ""));
}

const idOf = ({ headers }: Answer): string => headers["x-amzn-requestid"] as string;

async function metrics({ url }: Gatehouse): Promise<ReadonlyMap<string, number>> {
  const { body } = await call(`${url}/_gatehouse/metrics`);
  const samples = body.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]));
}

describe("a stage with an access log and INFO logging", () => {
  it("has them once the account has a role for them, in a file for each log group", async () => {
    const { client, directory, gatehouse, get, restApiId, update } = await start();
    await expect(update("prod", accessLog)).rejects.toThrow(NO_ROLE);
    await expect(update("prod", [replace("/*/*/logging/loglevel", "INFO")])).rejects.toThrow(NO_ROLE);
    await setRole(client);
    await update("prod", [...accessLog, replace("/*/*/logging/loglevel", "INFO"), replace("/*/*/metrics/enabled", "true")]);

    const first = await get("/prod", { headers: { "User-Agent": 'say "hi"' } });
    const second = await get("/prod/nothing", { headers: { "User-Agent": "curl" } });
    const access = await linesOnceThereAre(2, directory, "/aws/pets");
    expect(timeless(access)).toEqual([
      `{"id":"${idOf(first)}","agent":"say \\"hi\\"","resource":"GET /","status":"200","length":"2","caller":"-"}`,
      `{"id":"${idOf(second)}","agent":"curl","resource":"GET -","status":"403","length":"42","caller":"-"}`,
    ]);
    const execution = await linesOnceThereAre(10, directory, `API-Gateway-Execution-Logs_${restApiId}/prod`);
    const id = idOf(first);
    expect(timeless(execution).map((line) => line.replace(/latency: \d+ ms/, "latency: N ms"))).toEqual(
      [
        `Extended Request Id: ${first.headers["x-amz-apigw-id"]}`,
        `Verifying Usage Plan for request: ${id}. API Key:  API Stage: ${restApiId}/prod`,
        "API Key  authorized because method 'GET /' does not require API Key. Request will not contribute to throttle or quota limits",
        `Usage Plan check succeeded for API Key  and API Stage ${restApiId}/prod`,
        `Starting execution for request: ${id}`,
        "HTTP Method: GET, Resource Path: /",
        `Sending request to ${backend.url}/pets`,
        "Received response. Status: 200, Integration latency: N ms",
        "Successfully completed execution",
        "Method completed with status: 200",
      ].map((line) => `(${id}) ${line}`),
    );

    const counted = await metrics(gatehouse);
    const stage = `{api_id="${restApiId}",api_name="releases",stage="prod"`;
    expect(counted.get(`gatehouse_stage_count_total${stage}}`)).toBe(2);
    expect(counted.get(`gatehouse_stage_4xx_error_total${stage}}`)).toBe(1);
    expect(counted.get(`gatehouse_stage_integration_latency_milliseconds_count${stage}}`)).toBe(1);
    expect(counted.get(`gatehouse_method_count_total${stage},resource="/",method="GET"}`)).toBe(1);
    expect(counted.get("gatehouse_log_events_written_total")).toBe(12);
    expect(counted.get("gatehouse_log_events_dropped_total")).toBe(0);
  });

  it("has nothing written with --logs off, nor in memory unless a directory is named", async () => {
    const elsewhere = await temporaryDirectory();
    cleanUps.push(() => removeDirectory(elsewhere));
    const runs = [["--logs", "off"], ["--in-memory"], ["--in-memory", "--logs", elsewhere]] as const;
    for (const args of runs) {
      const { client, directory, gatehouse, get, update } = await start(...args);
      await setRole(client);
      await update("prod", accessLog);
      expect((await get("/prod")).status).toBe(200);
      expect((await metrics(gatehouse)).has("gatehouse_log_events_written_total")).toBe(args.includes(elsewhere as never));
      await gatehouse.stop();
      expect(await linesOf(directory, "/aws/pets")).toEqual([]);
    }
    expect(await linesOf(elsewhere, "/aws/pets")).toHaveLength(1);
  });

  it("apigateway-logging-to-kinesis: cannot send them to Firehose yet, and says so", async () => {
    const { update } = await start("--in-memory");
    const stream = `arn:aws:firehose:us-east-1:${ACCOUNT}:deliverystream/amazon-apigateway-pets`;
    await expect(update("prod", [replace("/accessLogSettings/destinationArn", stream)])).rejects.toThrow(
      `Stage prod sends access logs to Firehose (${stream}), which Gatehouse has not built yet.`,
    );
  });
});

describe("a process that is killed", () => {
  it("has lost nothing that was written, and no line is cut", async () => {
    const { client, directory, gatehouse, get, update } = await start();
    await setRole(client);
    await update("prod", accessLog);
    const ids: string[] = [];
    for (let i = 0; i < 50; i++) ids.push(idOf(await get("/prod")));
    await linesOnceThereAre(50, directory, "/aws/pets");
    for (let i = 0; i < 20; i++) ids.push(idOf(await get("/prod")));
    await gatehouse.stop("SIGKILL");
    const lines = timeless(await linesOf(directory, "/aws/pets"));
    expect(lines.length).toBeGreaterThanOrEqual(50);
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(ids.slice(0, lines.length));
  });
});

describe("several workers", () => {
  it("write to the same files, and count as one, those that are gone too", async () => {
    const { client, directory, gatehouse, get, restApiId, update } = await start("--workers", "2");
    await setRole(client);
    await update("prod", accessLog);
    const ids: string[] = [];
    for (let i = 0; i < 60; i++) ids.push(idOf(await get("/prod")));
    const count = async () => (await metrics(gatehouse)).get(`gatehouse_stage_count_total{api_id="${restApiId}",api_name="releases",stage="prod"}`);
    expect(await count()).toBe(60);
    const { workers } = JSON.parse((await call(`${gatehouse.url}/_gatehouse/health`)).body) as { readonly workers: readonly { readonly pid: number }[] };
    await linesOnceThereAre(60, directory, "/aws/pets");
    process.kill(workers[0]?.pid as number, "SIGKILL");
    await expect.poll(() => gatehouse.output()).toContain("a worker is gone and is replaced");
    expect(await count()).toBe(60);
    await gatehouse.stop();
    const logged = timeless(await linesOf(directory, "/aws/pets")).map((line) => (JSON.parse(line) as { id: string }).id);
    expect(logged.toSorted()).toEqual(ids.toSorted());
  });
});

describe("the page for Prometheus", () => {
  it("is for this machine's own names", async () => {
    const { gatehouse } = await start("--in-memory");
    const page = (host: string, method = "GET") => call(`${gatehouse.url}/_gatehouse/metrics`, { method, headers: { Host: host } });
    expect((await page(`localhost:${gatehouse.port}`)).headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await page("pets.example")).toMatchObject({ status: 403, body: '{"message":"Metrics are shown to this machine alone, under a loopback name."}' });
    expect((await page("localhost", "POST")).status).toBe(405);
  });
});
