// An HTTP API or one of its stages changed: read it and hand it to the gateways.
import { httpApiKey, httpApis, type ServedHttpApi } from "../domain/http-api.ts";
import type { HttpApiName } from "../ports/publication.ts";
import type { Store } from "../ports/store.ts";
import { createTurns } from "./in-turn.ts";

/** Who answers for HTTP APIs. What resolves has taken effect everywhere. */
export interface HttpApiHolder {
  putHttpApi(api: ServedHttpApi): void | Promise<void>;
  dropHttpApi(apiId: string): void | Promise<void>;
}

export interface HttpApiPublisher {
  httpApiChanged(name: HttpApiName): Promise<void>;
  /** Publishes every HTTP API in the store. */
  publishAllHttpApis(): Promise<void>;
}

export function createHttpApiPublisher({ store, gateways }: { store: Store; gateways: HttpApiHolder }): HttpApiPublisher {
  const inTurn = createTurns();

  async function publish({ account, region, apiId }: HttpApiName): Promise<void> {
    const api = await store.get(httpApis, httpApiKey({ account, region }, apiId));
    if (api === undefined) await gateways.dropHttpApi(apiId);
    else await gateways.putHttpApi({ apiId });
  }

  return {
    httpApiChanged: (name) => inTurn(name.apiId, () => publish(name)),
    async publishAllHttpApis() {
      const { items } = await store.list(httpApis, {});
      for (const { value } of items) await gateways.putHttpApi({ apiId: value.apiId });
    },
  };
}
