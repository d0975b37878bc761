// Tracing as an API's developer turns it on, through the AWS SDK, and an operator finds it: at an X-Ray daemon, or in files
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enabling-xray.html).
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateDeploymentCommand, CreateRestApiCommand, CreateStageCommand, GetStageCommand, PutIntegrationCommand, PutMethodCommand, UpdateStageCommand } from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, CreateFunctionCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { afterEach, expect, it } from "vitest";
import { call, callApi, type Gatehouse, removeDirectory, runGatehouse, startGatehouse, temporaryDirectory } from "../harness/gatehouse.ts";
import { startXrayDaemon } from "../harness/xray-daemon.ts";
import { zip } from "../harness/zip.ts";

const ACCOUNT = "123456789012";

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Gatehouse> {
  const gatehouse = await startGatehouse({ args, env });
  cleanUps.push(async () => {
    await gatehouse.stop();
    await removeDirectory(gatehouse.dataDir);
  });
  return gatehouse;
}

/** An API called `pets` with `GET /`, deployed and without a stage. */
async function makeApi(gatehouse: Gatehouse, integration: (restApiId: string) => Promise<{ readonly type: "AWS_PROXY" | "HTTP_PROXY"; readonly uri: string }>) {
  const client = gatehouse.apiGateway({ account: ACCOUNT });
  const { id: restApiId, rootResourceId: resourceId } = await client.send(new CreateRestApiCommand({ name: "pets" }));
  const method = { restApiId, resourceId, httpMethod: "GET" };
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  await client.send(new PutIntegrationCommand({ ...method, integrationHttpMethod: "GET", ...(await integration(restApiId as string)) }));
  const { id: deploymentId } = await client.send(new CreateDeploymentCommand({ restApiId }));
  return { client, restApiId: restApiId as string, deploymentId };
}

/** A function that shows what it knows of the trace. */
async function makeFunction(gatehouse: Gatehouse, restApiId: string): Promise<string> {
  const client = gatehouse.lambda({ account: ACCOUNT });
  const code = "exports.handler = async () => ({ statusCode: 200, body: process.env._X_AMZN_TRACE_ID, headers: { daemon: process.env.AWS_XRAY_DAEMON_ADDRESS } });";
  const given = { FunctionName: "tracer", Runtime: "nodejs24.x", Role: `arn:aws:iam::${ACCOUNT}:role/f`, Handler: "index.handler", Code: { ZipFile: zip({ "index.js": code }) } } as const;
  const { FunctionArn } = await client.send(new CreateFunctionCommand(given));
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 20 }, { FunctionName: "tracer" });
  const SourceArn = `arn:aws:execute-api:us-east-1:${ACCOUNT}:${restApiId}/*/GET/`;
  await client.send(new AddPermissionCommand({ FunctionName: "tracer", StatementId: "api", Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com", SourceArn }));
  return `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FunctionArn}/invocations`;
}

const metric = async ({ url }: Gatehouse, name: string): Promise<number> =>
  Number(new RegExp(`^${name} (\\d+)$`, "m").exec((await call(`${url}/_gatehouse/metrics`)).body)?.[1]);

it("a stage that is told to trace sends segments to the daemon, from every worker, and its function goes on with the trace", async () => {
  await using daemon = await startXrayDaemon();
  const rules = join(await temporaryDirectory(), "rules.json");
  cleanUps.push(() => removeDirectory(join(rules, "..")));
  await writeFile(rules, JSON.stringify({ SamplingRuleRecords: [{ SamplingRule: { RuleName: "all", Priority: 1, ReservoirSize: 0, FixedRate: 1, ServiceName: "pets/*" } }] }));
  const gatehouse = await start(["--workers", "2", "--xray-sampling-rules", rules], { AWS_XRAY_DAEMON_ADDRESS: `tcp:127.0.0.1:1 udp:${daemon.address}` });
  const { client, deploymentId, restApiId } = await makeApi(gatehouse, async (id) => ({ type: "AWS_PROXY", uri: await makeFunction(gatehouse, id) }));
  await client.send(new CreateStageCommand({ restApiId, stageName: "prod", deploymentId }));
  const untraced = await callApi(gatehouse, restApiId, "/prod");
  expect(untraced.body).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);

  const patchOperations = [{ op: "replace", path: "/tracingEnabled", value: "true" }] as const;
  expect(await client.send(new UpdateStageCommand({ restApiId, stageName: "prod", patchOperations: [...patchOperations] }))).toMatchObject({ tracingEnabled: true });
  const answer = await callApi(gatehouse, restApiId, "/prod?a=b", { headers: { "User-Agent": "curl/8" } });
  const [, root, parent] = /^Root=(1-[0-9a-f]{8}-[0-9a-f]{24});Parent=([0-9a-f]{16});Sampled=1$/.exec(answer.body) ?? [];
  expect(answer.headers).toMatchObject({ "x-amzn-trace-id": answer.body, daemon: daemon.address });
  const segment = await daemon.segment();
  const requestId = answer.headers["x-amzn-requestid"];
  const times = { start_time: expect.any(Number), end_time: expect.any(Number) };
  const functionArn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:tracer`;
  expect(segment).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{16}$/),
    name: "pets/prod",
    ...times,
    trace_id: root,
    http: {
      request: { url: `http://${restApiId}.execute-api.us-east-1.amazonaws.com/prod?a=b`, method: "GET", user_agent: "curl/8", client_ip: "127.0.0.1", x_forwarded_for: true },
      response: { status: 200, content_length: answer.body.length },
    },
    aws: { xray: { sampling_rule_name: "all" }, api_gateway: { account_id: ACCOUNT, rest_api_id: restApiId, stage: "prod", request_id: requestId } },
    annotations: { "aws:api_id": restApiId, "aws:api_stage": "prod" },
    metadata: { default: { extended_request_id: answer.headers["x-amz-apigw-id"], request_id: requestId } },
    origin: "AWS::ApiGateway::Stage",
    resource_arn: `arn:aws:apigateway:us-east-1::/restapis/${restApiId}/stages/prod`,
    subsegments: [
      {
        id: parent,
        name: "Lambda",
        ...times,
        http: { request: { url: `https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/${functionArn}/invocations`, method: "POST" }, response: { status: 200, content_length: answer.body.length } },
        aws: { function_name: "tracer", region: "us-east-1", operation: "Invoke", resource_names: ["tracer"] },
        namespace: "aws",
      },
    ],
  });
  const { end_time: end, start_time: begin } = segment as { start_time: number; end_time: number };
  expect(end).toBeGreaterThan(begin);
  expect(Math.abs(Date.now() / 1000 - begin)).toBeLessThan(60);

  // Each connection may come to another worker.
  for (let i = 0; i < 10; i++) await callApi(gatehouse, restApiId, "/prod");
  for (let i = 0; i < 10; i++) expect(await daemon.segment()).toMatchObject({ name: "pets/prod" });
  expect(await metric(gatehouse, "gatehouse_trace_segments_recorded_total")).toBe(11);
  expect(await metric(gatehouse, "gatehouse_trace_segments_dropped_total")).toBe(0);
});

it("without a daemon segments are lines of JSON beside the access logs, the first of each second", async () => {
  const gatehouse = await start([]);
  const { client, deploymentId, restApiId } = await makeApi(gatehouse, () => Promise.resolve({ type: "HTTP_PROXY", uri: "http://127.0.0.1:1/" }));
  const created = await client.send(new CreateStageCommand({ restApiId, stageName: "prod", deploymentId, tracingEnabled: true }));
  expect(created.tracingEnabled).toBe(true);
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "beta", tracingEnabled: true }));
  expect((await client.send(new GetStageCommand({ restApiId, stageName: "beta" }))).tracingEnabled).toBe(true);
  const answer = await callApi(gatehouse, restApiId, "/prod");
  const directory = join(gatehouse.dataDir, "logs", ACCOUNT, "us-east-1");
  const files = async () => (await readdir(directory).catch(() => [])).filter((name) => name.startsWith(`API-Gateway-Traces_${restApiId}%2Fprod.`));
  await expect.poll(files).toHaveLength(1);
  const [, time = "", document = ""] = /^(\S+Z) (\{.*\})\n/.exec(await readFile(join(directory, (await files())[0] as string), "utf8")) ?? [];
  expect(Date.parse(time)).toBeGreaterThan(0);
  expect(JSON.parse(document)).toMatchObject({
    name: "pets/prod",
    fault: true,
    aws: { xray: { sampling_rule_name: "Default" }, api_gateway: { request_id: answer.headers["x-amzn-requestid"] } },
    subsegments: [{ name: "/", fault: true, http: { request: { url: "http://127.0.0.1:1/", method: "GET" } }, namespace: "remote" }],
  });
});

it("does not start with what is no daemon, and no rules", async () => {
  const outcome = async (args: readonly string[], env: Readonly<Record<string, string>>) => {
    const run = runGatehouse(["--port", "0", "--in-memory", ...args], { env });
    return [await run.exit, run.output()];
  };
  expect(await Promise.all([outcome([], { AWS_XRAY_DAEMON_ADDRESS: "daemon" }), outcome(["--xray-sampling-rules", "/nowhere.json"], {})])).toEqual([
    [2, 'gatehouse: AWS_XRAY_DAEMON_ADDRESS must be HOST:PORT, or udp:HOST:PORT tcp:HOST:PORT, not "daemon"\n'],
    [2, "gatehouse: cannot read sampling rules from /nowhere.json: ENOENT: no such file or directory, open '/nowhere.json'\n"],
  ]);
});
