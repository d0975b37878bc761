import { expect, test } from "vitest";
import { createMemoryStore } from "../adapters/memory/index.ts";
import { type WebSocketApi, webSocketApiKey, webSocketApis } from "../domain/websocket-api.ts";
import { put, remove } from "../ports/store.ts";
import type { Log } from "../ports/log.ts";
import type { PackedWebSocketApi } from "./packed-websocket-api.ts";
import { createWebSocketApiPublisher } from "./websocket-apis.ts";

const apiNamed = (apiId: string): WebSocketApi => ({
  apiId,
  account: "000000000000",
  region: "us-east-1",
  protocolType: "WEBSOCKET",
  createdDate: 0,
  name: "chat",
  routeSelectionExpression: "$request.body.action",
  apiKeySelectionExpression: "$request.header.x-api-key",
  disableSchemaValidation: false,
  disableExecuteApiEndpoint: false,
  ipAddressType: "ipv4",
  tags: {},
});
const keyOf = (api: WebSocketApi) => webSocketApiKey(api, api.apiId);

async function start(...apis: readonly WebSocketApi[]) {
  const store = createMemoryStore();
  for (const api of apis) await store.commit([put(webSocketApis, keyOf(api), api, "absent")]);
  const told: string[] = [];
  const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const putWebSocketApi = ({ apiId, stages }: PackedWebSocketApi) => void told.push(`put ${apiId} [${stages.map(({ stageName }) => stageName).join(", ")}]`);
  const gateways = { putWebSocketApi, dropWebSocketApi: (apiId: string) => void told.push(`drop ${apiId}`) };
  return { store, told, publisher: createWebSocketApiPublisher({ store, gateways, log }) };
}

test("a WebSocket API, and no longer when it is gone", async () => {
  const api = apiNamed("a1");
  const { publisher, store, told } = await start(api);
  await publisher.webSocketApiChanged(api);
  await store.commit([remove(webSocketApis, keyOf(api), "any")]);
  await publisher.webSocketApiChanged(api);
  expect(told).toEqual(["put a1 []", "drop a1"]);
});

test("all that there are", async () => {
  const { publisher, told } = await start(apiNamed("a1"), apiNamed("b2"));
  await publisher.publishAllWebSocketApis();
  expect(told).toEqual(["put a1 []", "put b2 []"]);
});
