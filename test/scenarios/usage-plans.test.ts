// Usage plans at work, as the guide's pages set them up and through the AWS SDK: keys in a header, throttles, quotas, usage
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-create-usage-plans-with-rest-api.html,
// .../api-key-file-format.html, .../api-gateway-api-key-source.html). Throttles, quotas and
// months on a clock that is moved are in test/gateway/throttle.test.ts.
import {
  type APIGatewayClient,
  CreateApiKeyCommand,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteStageCommand,
  DeleteUsagePlanKeyCommand,
  GetResourcesCommand,
  GetUsageCommand,
  ImportApiKeysCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  TestInvokeMethodCommand,
  UpdateApiKeyCommand,
  UpdateStageCommand,
  UpdateUsageCommand,
  UpdateUsagePlanCommand,
  CreateStageCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { callApi, type Gatehouse, removeDirectory, startGatehouse, temporaryDirectory } from "../harness/gatehouse.ts";

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

const FORBIDDEN = { status: 403, body: '{"message":"Forbidden"}' };
const LIMIT_EXCEEDED = { status: 429, body: '{"message":"Limit Exceeded"}' };
const TOO_MANY_REQUESTS = { status: 429, body: '{"message":"Too Many Requests"}' };
const today = () => new Date().toISOString().slice(0, 10);

/** An API whose `GET /` asks for a key, on the stages `prod` and `test`. */
async function newApi(client: APIGatewayClient): Promise<string> {
  const { id: restApiId, rootResourceId: resourceId } = await client.send(new CreateRestApiCommand({ name: "keyed" }));
  const method = { restApiId, resourceId, httpMethod: "GET" };
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE", apiKeyRequired: true }));
  await client.send(new PutIntegrationCommand({ ...method, type: "MOCK", requestTemplates: { "application/json": '{"statusCode": 200}' } }));
  await client.send(new PutMethodResponseCommand({ ...method, statusCode: "200" }));
  await client.send(new PutIntegrationResponseCommand({ ...method, statusCode: "200", responseTemplates: { "application/json": "$context.identity.apiKeyId" } }));
  const { id: deploymentId } = await client.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" }));
  await client.send(new CreateStageCommand({ restApiId, stageName: "test", deploymentId }));
  return restApiId as string;
}

async function newKey(client: APIGatewayClient, usagePlanId: string | undefined, enabled = true): Promise<{ id: string; value: string }> {
  const { id = "", value = "" } = await client.send(new CreateApiKeyCommand({ enabled }));
  await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: id, keyType: "API_KEY" }));
  return { id, value };
}

const ask = (gatehouse: Gatehouse, apiId: string, value?: string, stage = "prod") =>
  callApi(gatehouse, apiId, `/${stage}/`, value === undefined ? {} : { headers: { "x-api-key": value } });

async function admitted(gatehouse: Gatehouse, apiId: string, value: string, requests: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: requests }, () => ask(gatehouse, apiId, value)));
  return answers.filter(({ status }) => status === 200).length;
}

/** What the first of a few requests is told that is not let in. */
async function firstRefusal(gatehouse: Gatehouse, apiId: string, value: string) {
  for (let i = 0; i < 10; i++) {
    const answer = await ask(gatehouse, apiId, value);
    if (answer.status !== 200) return answer;
  }
  throw new Error("all are let in");
}

describe.each([["one process", []], ["two workers", ["--workers", "2"]]] as const)("%s", (_what, args) => {
  let gatehouse: Gatehouse;
  beforeAll(async () => {
    gatehouse = await startGatehouse({ args: ["--in-memory", ...args] });
  });
  afterAll(() => gatehouse.stop());

  test("every change of keys and plans holds from the moment that it is answered", async () => {
    const client = gatehouse.apiGateway();
    const apiId = await newApi(client);
    expect(await ask(gatehouse, apiId)).toMatchObject(FORBIDDEN);
    const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "basic", apiStages: [{ apiId, stage: "prod" }] }));
    const { id: keyId = "", value = "" } = await client.send(new CreateApiKeyCommand({ enabled: true }));
    expect(await ask(gatehouse, apiId, value)).toMatchObject(FORBIDDEN);
    await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: "API_KEY" }));
    expect(await ask(gatehouse, apiId, value)).toMatchObject({ status: 200, body: keyId });
    expect(await ask(gatehouse, apiId, value, "test")).toMatchObject(FORBIDDEN);
    const stages = (op: "add" | "remove") => client.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations: [{ op, path: "/apiStages", value: `${apiId}:test` }] }));
    await stages("add");
    expect(await ask(gatehouse, apiId, value, "test")).toMatchObject({ status: 200 });
    await stages("remove");
    expect(await ask(gatehouse, apiId, value, "test")).toMatchObject(FORBIDDEN);
    const enable = (enabled: string) => client.send(new UpdateApiKeyCommand({ apiKey: keyId, patchOperations: [{ op: "replace", path: "/enabled", value: enabled }] }));
    await enable("false");
    expect(await ask(gatehouse, apiId, value)).toMatchObject(FORBIDDEN);
    await enable("true");
    expect(await ask(gatehouse, apiId, value)).toMatchObject({ status: 200 });
    await client.send(new DeleteUsagePlanKeyCommand({ usagePlanId, keyId }));
    expect(await ask(gatehouse, apiId, value)).toMatchObject(FORBIDDEN);
    const body = Buffer.from(`Name,Key,Enabled,UsagePlanIds\nimported,apikey1234abcdefghij0123456789,true,${usagePlanId}`);
    const { ids = [] } = await client.send(new ImportApiKeysCommand({ body, format: "csv" }));
    expect(await ask(gatehouse, apiId, "apikey1234abcdefghij0123456789")).toMatchObject({ status: 200, body: ids[0] });
    await client.send(new DeleteApiKeyCommand({ apiKey: ids[0] }));
    expect(await ask(gatehouse, apiId, "apikey1234abcdefghij0123456789")).toMatchObject(FORBIDDEN);
    const again = await newKey(client, usagePlanId);
    // A stage that comes again under its name is not the one that was in the plan.
    await client.send(new DeleteStageCommand({ restApiId: apiId, stageName: "prod" }));
    await client.send(new CreateDeploymentCommand({ restApiId: apiId, stageName: "prod" }));
    expect(await ask(gatehouse, apiId, again.value)).toMatchObject(FORBIDDEN);
  });

  test("a test of the method asks for no key and is not throttled", async () => {
    const client = gatehouse.apiGateway();
    const restApiId = await newApi(client);
    const { items = [] } = await client.send(new GetResourcesCommand({ restApiId }));
    const answer = await client.send(new TestInvokeMethodCommand({ restApiId, resourceId: items[0]?.id, httpMethod: "GET" }));
    expect(answer).toMatchObject({ status: 200, body: "test-invoke-api-key-id" });
  });

  test("a quota holds, usage shows what was used of it, and an extension opens it again", async () => {
    const client = gatehouse.apiGateway();
    const apiId = await newApi(client);
    const apiStages = [{ apiId, stage: "prod" }];
    const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "basic", apiStages, quota: { limit: 5, period: "MONTH" } }));
    const { id: keyId, value } = await newKey(client, usagePlanId);
    const usage = async () => (await client.send(new GetUsageCommand({ usagePlanId, keyId, startDate: today(), endDate: today() }))).items?.[keyId];
    expect(await ask(gatehouse, apiId, value)).toMatchObject({ status: 200 });
    expect(await usage()).toEqual([[1, 4]]);
    let count = 1;
    for (let i = 0; i < 8; i++) if ((await ask(gatehouse, apiId, value)).status === 200) count++;
    expect(count).toBe(5);
    expect(await ask(gatehouse, apiId, value)).toMatchObject(LIMIT_EXCEEDED);
    expect(await usage()).toEqual([[5, 0]]);
    await client.send(new UpdateUsageCommand({ usagePlanId, keyId, patchOperations: [{ op: "replace", path: "/remaining", value: "2" }] }));
    expect(await admitted(gatehouse, apiId, value, 6)).toBe(2);
    expect(await usage()).toEqual([[7, 0]]);
    await client.send(new DeleteApiKeyCommand({ apiKey: keyId }));
    expect(await usage()).toEqual([[7, 0]]);
  });

  test("a plan's throttle and a stage's method setting hold, and are lifted", async () => {
    const client = gatehouse.apiGateway();
    const apiId = await newApi(client);
    const throttle = { rateLimit: 0.01, burstLimit: 4 };
    const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "basic", apiStages: [{ apiId, stage: "prod" }], throttle }));
    const { value } = await newKey(client, usagePlanId);
    // Workers may let in twice as much, once: by their shares, and by what they lease. Those that follow find the leases.
    const twice = args.length === 0 ? 1 : 2;
    const admittedSoon = async (burst: number) => {
      let count = await admitted(gatehouse, apiId, value, 20);
      for (const until = performance.now() + 5000; count < burst && performance.now() < until; ) if ((await ask(gatehouse, apiId, value)).status === 200) count++;
      return count;
    };
    const many = await admittedSoon(4);
    expect(many).toBeGreaterThanOrEqual(4);
    expect(many).toBeLessThanOrEqual(4 * twice);
    expect(await firstRefusal(gatehouse, apiId, value)).toMatchObject(TOO_MANY_REQUESTS);
    await client.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations: [{ op: "remove", path: "/throttle" }] }));
    expect(await admitted(gatehouse, apiId, value, 20)).toBe(20);
    const limit = (path: string, limited: string) => ({ op: "replace" as const, path: `/*/*/throttling/${path}`, value: limited });
    await client.send(new UpdateStageCommand({ restApiId: apiId, stageName: "prod", patchOperations: [limit("rateLimit", "0.01"), limit("burstLimit", "2")] }));
    const few = await admittedSoon(2);
    expect(few).toBeGreaterThanOrEqual(2);
    expect(few).toBeLessThanOrEqual(2 * twice);
    expect(await firstRefusal(gatehouse, apiId, value)).toMatchObject(TOO_MANY_REQUESTS);
  });

  test("100 requests a second with 50 at once, for each of two keys under full load", async () => {
    const client = gatehouse.apiGateway();
    const apiId = await newApi(client);
    const { id: usagePlanId } = await client.send(
      new CreateUsagePlanCommand({ name: "basic", apiStages: [{ apiId, stage: "prod" }], throttle: { rateLimit: 100, burstLimit: 50 } }),
    );
    const keys = [await newKey(client, usagePlanId), await newKey(client, usagePlanId)];
    const counts = [0, 0];
    const asked = [0, 0];
    const began = performance.now();
    const untilMs = 3000;
    const load = async (which: number): Promise<void> => {
      while (performance.now() - began < untilMs) {
        asked[which] = (asked[which] ?? 0) + 1;
        if ((await ask(gatehouse, apiId, keys[which]?.value)).status === 200) counts[which] = (counts[which] ?? 0) + 1;
      }
    };
    await Promise.all([0, 0, 0, 0, 1, 1, 1, 1].map(load));
    const allowed = 50 + (100 * (performance.now() - began)) / 1000;
    for (const [i, count] of counts.entries()) {
      // A machine that is busy with other tests may not get as many asked: test/long/throttles.ts is the full load, for longer.
      expect(count).toBeGreaterThan(Math.min(allowed, asked[i] ?? 0) * 0.85);
      expect(count).toBeLessThan(allowed * 1.05);
    }
  }, 20_000);
});

test("usage is kept over a restart, and kill -9 loses no more than a batch", async () => {
  const dataDir = await temporaryDirectory();
  cleanUps.push(() => removeDirectory(dataDir));
  const args = ["--usage-batch-requests", "10", "--usage-batch-ms", "60000"];
  let gatehouse = await startGatehouse({ dataDir, args });
  const client = () => gatehouse.apiGateway();
  const apiId = await newApi(client());
  const { id: usagePlanId } = await client().send(new CreateUsagePlanCommand({ name: "basic", apiStages: [{ apiId, stage: "prod" }], quota: { limit: 100, period: "MONTH" } }));
  const { id: keyId, value } = await newKey(client(), usagePlanId);
  const usage = async () => (await client().send(new GetUsageCommand({ usagePlanId, keyId, startDate: today(), endDate: today() }))).items?.[keyId];

  expect(await admitted(gatehouse, apiId, value, 7)).toBe(7);
  await gatehouse.stop();
  gatehouse = await startGatehouse({ dataDir, args });
  expect(await usage()).toEqual([[7, 93]]);

  expect(await admitted(gatehouse, apiId, value, 45)).toBe(45);
  await gatehouse.stop("SIGKILL");
  gatehouse = await startGatehouse({ dataDir, args });
  cleanUps.push(() => gatehouse.stop());
  const [[used = 0] = []] = (await usage()) ?? [];
  // What was counted while a batch was being written belongs to the next one.
  expect(used).toBeGreaterThanOrEqual(7 + 45 - 2 * 10);
  expect(used).toBeLessThanOrEqual(7 + 45);
  const more = await admitted(gatehouse, apiId, value, 100);
  expect(more).toBe(100 - used);
  expect(await ask(gatehouse, apiId, value)).toMatchObject(LIMIT_EXCEEDED);
});

test("two workers: a kill -9 of the primary in the middle, and the quota is passed by no more than what was not written", async () => {
  const dataDir = await temporaryDirectory();
  cleanUps.push(() => removeDirectory(dataDir));
  const args = ["--workers", "2", "--usage-batch-requests", "20", "--usage-batch-ms", "100"];
  let gatehouse = await startGatehouse({ dataDir, args });
  const port = String(gatehouse.port);
  const client = gatehouse.apiGateway();
  const apiId = await newApi(client);
  const { id: usagePlanId } = await client.send(new CreateUsagePlanCommand({ name: "basic", apiStages: [{ apiId, stage: "prod" }], quota: { limit: 1000, period: "DAY" } }));
  const { value } = await newKey(client, usagePlanId);
  let count = 0;
  let refused = 0;
  const load = async (until: () => boolean): Promise<void> => {
    while (!until()) {
      if ((await ask(gatehouse, apiId, value)).status === 200) count++;
      else refused++;
    }
  };
  const four = (until: () => boolean) => Promise.all([1, 2, 3, 4].map(() => load(until)));
  await four(() => count >= 400);
  const before = count;
  gatehouse.child.kill("SIGKILL");
  await four(() => count >= before + 100 || refused > 20);
  // The next primary takes the workers over, on their port, and they tell it what they have counted.
  gatehouse = await startGatehouse({ dataDir, args: [...args, "--port", port] });
  cleanUps.push(() => gatehouse.stop());
  refused = 0;
  await four(() => refused > 50);
  expect(count).toBeGreaterThanOrEqual(1000 - 2 * 10);
  // A batch that was being written, the next one, and a lease of a hundredth for each worker (docs/usage-plans.md).
  expect(count).toBeLessThanOrEqual(1000 + 2 * 20 + 2 * 10);
}, 60_000);
