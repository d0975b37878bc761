// A WebSocket API or one of its stages changed: read it and hand it to the gateways.
import { type ServedWebSocketApi, webSocketApiKey, webSocketApis } from "../domain/websocket-api.ts";
import type { WebSocketApiName } from "../ports/publication.ts";
import type { Store } from "../ports/store.ts";
import { createTurns } from "./in-turn.ts";

/** Who answers for WebSocket APIs. What resolves has taken effect everywhere. */
export interface WebSocketApiHolder {
  putWebSocketApi(api: ServedWebSocketApi): void | Promise<void>;
  dropWebSocketApi(apiId: string): void | Promise<void>;
}

export interface WebSocketApiPublisher {
  webSocketApiChanged(name: WebSocketApiName): Promise<void>;
  /** Publishes every WebSocket API in the store. */
  publishAllWebSocketApis(): Promise<void>;
}

export function createWebSocketApiPublisher({ store, gateways }: { store: Store; gateways: WebSocketApiHolder }): WebSocketApiPublisher {
  const inTurn = createTurns();

  async function publish({ account, region, apiId }: WebSocketApiName): Promise<void> {
    const api = await store.get(webSocketApis, webSocketApiKey({ account, region }, apiId));
    if (api === undefined) await gateways.dropWebSocketApi(apiId);
    else await gateways.putWebSocketApi({ apiId });
  }

  return {
    webSocketApiChanged: (name) => inTurn(name.apiId, () => publish(name)),
    async publishAllWebSocketApis() {
      const { items } = await store.list(webSocketApis, {});
      for (const { value } of items) await gateways.putWebSocketApi({ apiId: value.apiId });
    },
  };
}
