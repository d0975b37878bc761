import { expect, test } from "vitest";
import { createMemoryStore } from "../adapters/memory/index.ts";
import { type HttpApi, httpApiKey, httpApis, httpDeployments, httpSnapshots, httpStages } from "../domain/http-api.ts";
import type { Log } from "../ports/log.ts";
import { put, remove } from "../ports/store.ts";
import { createHttpApiPublisher } from "./http-apis.ts";
import { type PackedHttpApi, unpackHttpStage } from "./packed-http-api.ts";

const apiNamed = (apiId: string): HttpApi => ({
  apiId,
  account: "000000000000",
  region: "us-east-1",
  protocolType: "HTTP",
  createdDate: 0,
  name: "pets",
  disableExecuteApiEndpoint: false,
  ipAddressType: "ipv4",
  tags: {},
});
const keyOf = (api: HttpApi) => httpApiKey(api, api.apiId);

const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function start(...apis: readonly HttpApi[]) {
  const store = createMemoryStore();
  for (const api of apis) await store.commit([put(httpApis, keyOf(api), api, "absent")]);
  const told: string[] = [];
  const served: PackedHttpApi[] = [];
  const gateways = {
    putHttpApi(api: PackedHttpApi) {
      served.push(api);
      told.push(`put ${api.apiId} ${api.stages.map(({ stageName }) => stageName).join(",")}`);
    },
    dropHttpApi: (apiId: string) => void told.push(`drop ${apiId}`),
  };
  return { store, told, served, publisher: createHttpApiPublisher({ store, gateways, log }) };
}

/** A stage that shows a deployment of one route, and one that shows none. */
async function deploy({ store }: Awaited<ReturnType<typeof start>>, api: HttpApi): Promise<void> {
  const key = keyOf(api);
  const snapshot = {
    apiId: api.apiId,
    disableExecuteApiEndpoint: false,
    routes: [{ routeId: "r1", routeKey: "GET /pets", authorizationType: "NONE", target: "integrations/i1" }],
    integrations: [],
    authorizers: [],
  } as const;
  const stage = { autoDeploy: false, defaultRouteSettings: {}, routeSettings: {}, stageVariables: {}, createdDate: 0, lastUpdatedDate: 0, tags: {} };
  await store.commit([
    put(httpSnapshots, [...key, "hash"], snapshot, "absent"),
    put(httpDeployments, [...key, "d1"], { deploymentId: "d1", createdDate: 0, autoDeployed: false, snapshot: "hash" }, "absent"),
    put(httpStages, [...key, "$default"], { ...stage, stageName: "$default", deploymentId: "d1" }, "absent"),
    put(httpStages, [...key, "beta"], { ...stage, stageName: "beta" }, "absent"),
  ]);
}

test("an HTTP API, and no longer when it is gone", async () => {
  const api = apiNamed("a1");
  const { publisher, store, told } = await start(api);
  await publisher.httpApiChanged(api);
  await store.commit([remove(httpApis, keyOf(api), "any")]);
  await publisher.httpApiChanged(api);
  expect(told).toEqual(["put a1 ", "drop a1"]);
});

test("its stages that show a deployment, packed", async () => {
  const api = apiNamed("a1");
  const started = await start(api);
  await deploy(started, api);
  await started.publisher.httpApiChanged(api);
  expect(started.told).toEqual(["put a1 $default"]);
  const plan = unpackHttpStage(started.served[0]?.stages[0] as PackedHttpApi["stages"][number], { privateAddresses: new Map() });
  expect(plan).toMatchObject({ account: "000000000000", region: "us-east-1", apiId: "a1", apiName: "pets", stageName: "$default", deploymentId: "d1" });
  expect(plan.route("/pets", "GET")?.route.routeKey).toBe("GET /pets");
});

test("all that there are", async () => {
  const started = await start(apiNamed("a1"), apiNamed("b2"));
  await deploy(started, apiNamed("b2"));
  expect(await started.publisher.publishAllHttpApis()).toBe(1);
  expect(started.told).toEqual(["put a1 ", "put b2 $default"]);
});

test("all but one that cannot be served", async () => {
  const apis = [apiNamed("a1"), apiNamed("b2"), apiNamed("c3")];
  const started = await start(...apis);
  for (const api of apis) await deploy(started, api);
  const served: string[] = [];
  const failed: unknown[] = [];
  const gateways = {
    putHttpApi({ apiId, stages }: PackedHttpApi) {
      if (apiId === "b2") throw new Error("no room");
      served.push(`${apiId} ${stages.length}`);
    },
    dropHttpApi: () => {},
  };
  const publisher = createHttpApiPublisher({ store: started.store, gateways, log: { ...log, error: (...line) => void failed.push(line) } });
  expect(await publisher.publishAllHttpApis()).toBe(2);
  expect(new Set(served)).toEqual(new Set(["a1 1", "c3 1"]));
  expect(failed).toEqual([["HTTP API cannot be published", new Error("no room"), { apiId: "b2" }]]);
});

test("a stage of which the deployment is gone, or its snapshot, is not served; the others are", async () => {
  const api = apiNamed("a1");
  const started = await start(api);
  await deploy(started, api);
  const [{ value: stage } = expect.fail()] = (await started.store.list(httpStages, { prefix: [...keyOf(api), "$default"] })).items;
  await started.store.commit([
    put(httpDeployments, [...keyOf(api), "d2"], { deploymentId: "d2", createdDate: 0, autoDeployed: false, snapshot: "gone" }, "absent"),
    put(httpStages, [...keyOf(api), "gone"], { ...stage, stageName: "gone", deploymentId: "d0" }, "absent"),
    put(httpStages, [...keyOf(api), "half"], { ...stage, stageName: "half", deploymentId: "d2" }, "absent"),
  ]);
  await started.publisher.httpApiChanged(api);
  await started.publisher.publishAllHttpApis();
  expect(started.told).toEqual(["put a1 $default", "put a1 $default"]);
});
