// Durability as a client sees it: what was answered is there after kill -9, and APIs answer as before.
import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  paginateGetRestApis,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from "@aws-sdk/client-api-gateway";
import { expect, it } from "vitest";
import { callApi, type Gatehouse, removeDirectory, startGatehouse, temporaryDirectory } from "../harness/gatehouse.ts";

const WRITES = 1000;
const WRITERS = 16;
const KILL_AFTER = [50, 400, 900, WRITES];
/** As many that none reaches its quota of APIs. */
const ACCOUNTS = Array.from({ length: 10 }, (_, i) => String(100_000_000_000 + i));

it("kill -9 in the middle of 1,000 writes loses no write that was answered", async () => {
  const dataDir = await temporaryDirectory();
  const acknowledged = new Set<string>();
  let gatehouse = await startGatehouse({ dataDir });
  const mock = await deployMock(gatehouse);
  let written = 0;
  let round = 0;
  while (written < WRITES) {
    const killAfter = KILL_AFTER[round++];
    const running = gatehouse;
    let killed: Promise<unknown> | undefined;
    const clients = ACCOUNTS.map((account) => running.apiGateway({ account }));
    for (const client of clients) client.config.maxAttempts = async () => 1;
    const writer = async () => {
      while (killed === undefined && written < WRITES) {
        written++;
        if (written === killAfter) killed = running.stop("SIGKILL");
        const client = clients[written % clients.length] as APIGatewayClient;
        try {
          const { id } = await client.send(new CreateRestApiCommand({ name: `api ${written}` }));
          acknowledged.add(id as string);
        } catch (error) {
          // Only a connection that the kill has cut; an answer that says no would be a fault.
          expect((error as { $response?: unknown }).$response).toBeUndefined();
        }
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
    await killed;
    gatehouse = await startGatehouse({ dataDir });
    expect(await missing(gatehouse, acknowledged)).toEqual([]);
    expect(await callApi(gatehouse, mock, "/live/ping")).toMatchObject({ status: 200, body: '{"pong":true}' });
  }
  expect(round).toBe(KILL_AFTER.length);
  expect(acknowledged.size).toBeGreaterThanOrEqual(WRITES - round * WRITERS);
  await gatehouse.stop();
  await removeDirectory(dataDir);
}, 120_000);

async function missing(gatehouse: Gatehouse, ids: ReadonlySet<string>): Promise<string[]> {
  const found = new Set<string>();
  for (const account of ACCOUNTS) {
    for await (const page of paginateGetRestApis({ client: gatehouse.apiGateway({ account }), pageSize: 30 }, {})) {
      for (const { id } of page.items ?? []) found.add(id as string);
    }
  }
  return [...ids].filter((id) => !found.has(id));
}

async function deployMock(gatehouse: Gatehouse): Promise<string> {
  const client = gatehouse.apiGateway();
  const { id: restApiId, rootResourceId: parentId } = await client.send(new CreateRestApiCommand({ name: "mock" }));
  const { id: resourceId } = await client.send(new CreateResourceCommand({ restApiId, parentId, pathPart: "ping" }));
  const method = { restApiId, resourceId, httpMethod: "GET" };
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  await client.send(new PutIntegrationCommand({ ...method, type: "MOCK", requestTemplates: { "application/json": '{"statusCode": 200}' } }));
  await client.send(new PutMethodResponseCommand({ ...method, statusCode: "200" }));
  await client.send(new PutIntegrationResponseCommand({ ...method, statusCode: "200", responseTemplates: { "application/json": '{"pong":true}' } }));
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "live" }));
  return restApiId as string;
}
