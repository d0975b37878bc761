// How often routes of HTTP APIs may be called, with several workers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html).
import { ApiGatewayV2Client, CreateApiCommand, CreateIntegrationCommand, CreateRouteCommand, CreateStageCommand } from "@aws-sdk/client-apigatewayv2";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Backend, startBackend } from "../harness/backend.ts";
import { apiHost, call, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";

let gatehouse: Gatehouse;
let backend: Backend;
beforeAll(async () => {
  backend = await startBackend((response) => response.end("backend"));
  gatehouse = await startGatehouse({ args: ["--in-memory", "--workers", "2", "--account-rate-limit", "1", "--account-burst-limit", "40"] });
});
afterAll(async () => {
  await gatehouse.stop();
  await backend[Symbol.asyncDispose]();
});

/** A token that was kept for a worker which does not ask again is given to another by then. */
const LEASES_COME_MS = 5000;

it("http-api-throttling: a route's limit, the stage's for its other routes, and the account's hold in two workers together", async () => {
  const client = new ApiGatewayV2Client({ endpoint: gatehouse.url, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const { ApiId = "" } = await client.send(new CreateApiCommand({ Name: "throttled", ProtocolType: "HTTP" }));
  const integration = { IntegrationType: "HTTP_PROXY", IntegrationMethod: "GET", IntegrationUri: backend.url, PayloadFormatVersion: "1.0" } as const;
  const { IntegrationId } = await client.send(new CreateIntegrationCommand({ ApiId, ...integration }));
  for (const path of ["/slow", "/other", "/free"]) await client.send(new CreateRouteCommand({ ApiId, RouteKey: `GET ${path}`, Target: `integrations/${IntegrationId}` }));
  const limit = (ThrottlingBurstLimit: number) => ({ ThrottlingRateLimit: 0.01, ThrottlingBurstLimit });
  const RouteSettings = { "GET /slow": limit(4), "GET /free": limit(1000) };
  await client.send(new CreateStageCommand({ ApiId, StageName: "$default", AutoDeploy: true, DefaultRouteSettings: limit(10), RouteSettings }));
  client.destroy();

  const refusals = new Set<string>();
  const ask = async (path: string): Promise<number> => {
    const { status, body } = await call(`${gatehouse.url}${path}`, { headers: { Host: apiHost(ApiId) } });
    if (status !== 200) refusals.add(`${status} ${body}`);
    return status === 200 ? 1 : 0;
  };
  /** How many are let in of many at once, and of those that follow until as many are as is expected, or until no lease is left to come. */
  const admitted = async (path: string, requests: number, burst: number): Promise<number> => {
    let count = (await Promise.all(Array.from({ length: requests }, () => ask(path)))).reduce((sum, one) => sum + one);
    for (const until = performance.now() + LEASES_COME_MS; count < burst && performance.now() < until; ) count += await ask(path);
    return count;
  };
  // Workers may let in twice as much, once: by their shares, and by what they lease.
  const expectAbout = (count: number, burst: number): void => {
    expect(count).toBeGreaterThanOrEqual(burst);
    expect(count).toBeLessThanOrEqual(2 * burst);
  };
  const slow = await admitted("/slow", 24, 4);
  expectAbout(slow, 4);
  const other = await admitted("/other", 40, 10);
  expectAbout(other, 10);
  const free = await admitted("/free", 120, 40 - slow - other);
  expectAbout(slow + other + free, 40);
  expect(refusals).toEqual(new Set(['429 {"message":"Too Many Requests"}']));
});
