import { expect, test } from "vitest";
import { createMemoryStore } from "../adapters/memory/index.ts";
import { type HttpApi, httpApiKey, httpApis } from "../domain/http-api.ts";
import { put, remove } from "../ports/store.ts";
import { createHttpApiPublisher } from "./http-apis.ts";

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

async function start(...apis: readonly HttpApi[]) {
  const store = createMemoryStore();
  for (const api of apis) await store.commit([put(httpApis, keyOf(api), api, "absent")]);
  const told: string[] = [];
  const gateways = { putHttpApi: ({ apiId }: { apiId: string }) => void told.push(`put ${apiId}`), dropHttpApi: (apiId: string) => void told.push(`drop ${apiId}`) };
  return { store, told, publisher: createHttpApiPublisher({ store, gateways }) };
}

test("an HTTP API, and no longer when it is gone", async () => {
  const api = apiNamed("a1");
  const { publisher, store, told } = await start(api);
  await publisher.httpApiChanged(api);
  await store.commit([remove(httpApis, keyOf(api), "any")]);
  await publisher.httpApiChanged(api);
  expect(told).toEqual(["put a1", "drop a1"]);
});

test("all that there are", async () => {
  const { publisher, told } = await start(apiNamed("a1"), apiNamed("b2"));
  await publisher.publishAllHttpApis();
  expect(told).toEqual(["put a1", "put b2"]);
});
