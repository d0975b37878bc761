// A WebSocket API or one of its stages changed: read it whole and hand it to the gateways.
import type { Key } from "../domain/record.ts";
import { type WebSocketApi, webSocketApiKey, webSocketApis, webSocketDeployments, webSocketSnapshots, webSocketStages } from "../domain/websocket-api.ts";
import type { Log } from "../ports/log.ts";
import type { WebSocketApiName } from "../ports/publication.ts";
import type { Store, Stored } from "../ports/store.ts";
import { loadBackends } from "./backends.ts";
import { createTurns } from "./in-turn.ts";
import { type PackedWebSocketApi, type PackedWebSocketStage, packWebSocketStage } from "./packed-websocket-api.ts";

/** Who serves WebSocket APIs. What resolves has taken effect everywhere. */
export interface WebSocketApiHolder {
  putWebSocketApi(api: PackedWebSocketApi): void | Promise<void>;
  dropWebSocketApi(apiId: string): void | Promise<void>;
}

export interface WebSocketApiPublisher {
  webSocketApiChanged(name: WebSocketApiName): Promise<void>;
  /** Publishes every WebSocket API in the store. Resolves to the number of their stages. */
  publishAllWebSocketApis(): Promise<number>;
}

/** So many APIs are read at once. */
const READ_AT_ONCE = 50;

export function createWebSocketApiPublisher({ store, gateways, log }: { store: Store; gateways: WebSocketApiHolder; log: Log }): WebSocketApiPublisher {
  const inTurn = createTurns();

  async function publish({ account, region, apiId }: WebSocketApiName): Promise<void> {
    const key = webSocketApiKey({ account, region }, apiId);
    const api = await store.get(webSocketApis, key);
    if (api === undefined) await gateways.dropWebSocketApi(apiId);
    else await gateways.putWebSocketApi(await load(store, key, api.value));
  }

  /** One API that cannot be served must not keep the others from being served. */
  async function publishStored({ key, value: api }: Stored<WebSocketApi>): Promise<number> {
    try {
      const packed = await load(store, key, api);
      await gateways.putWebSocketApi(packed);
      return packed.stages.length;
    } catch (error) {
      log.error("WebSocket API cannot be published", error, { apiId: api.apiId });
      return 0;
    }
  }

  return {
    webSocketApiChanged: (name) => inTurn(name.apiId, () => publish(name)),
    async publishAllWebSocketApis() {
      const { items } = await store.list(webSocketApis, {});
      let stages = 0;
      for (let i = 0; i < items.length; i += READ_AT_ONCE) {
        const published = await Promise.all(items.slice(i, i + READ_AT_ONCE).map(publishStored));
        for (const count of published) stages += count;
      }
      return stages;
    },
  };
}

/** With its stages, but for those that show no deployment yet. */
async function load(store: Store, key: Key, api: WebSocketApi): Promise<PackedWebSocketApi> {
  const { items } = await store.list(webSocketStages, { prefix: key });
  const stages = await Promise.all(
    items.map(async ({ value: stage }): Promise<PackedWebSocketStage | undefined> => {
      const { clientCertificateId, deploymentId, stageName } = stage;
      if (deploymentId === undefined) return undefined;
      const deployment = await store.get(webSocketDeployments, [...key, deploymentId]);
      const snapshot = deployment && (await store.get(webSocketSnapshots, [...key, deployment.value.snapshot]));
      if (snapshot === undefined) return undefined;
      const { account, apiId, region } = api;
      const isPrivate = snapshot.value.integrations.some(({ connectionType }) => connectionType === "VPC_LINK");
      const backends = await loadBackends(store, { account, region, apiId, stageName, clientCertificateId }, isPrivate);
      return packWebSocketStage({ api, stage: { ...stage, deploymentId }, snapshot: snapshot.value, backends });
    }),
  );
  return { apiId: api.apiId, stages: stages.filter((stage) => stage !== undefined) };
}
