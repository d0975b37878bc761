// An HTTP API or one of its stages changed: read it whole and hand it to the gateways.
import { type HttpApi, httpApiKey, httpApis, httpDeployments, httpSnapshots, httpStages } from "../domain/http-api.ts";
import type { Key } from "../domain/record.ts";
import type { Log } from "../ports/log.ts";
import type { HttpApiName } from "../ports/publication.ts";
import type { Store, Stored } from "../ports/store.ts";
import { createTurns } from "./in-turn.ts";
import { type PackedHttpApi, type PackedHttpStage, packHttpStage } from "./packed-http-api.ts";

/** Who serves HTTP APIs. What resolves has taken effect everywhere. */
export interface HttpApiHolder {
  putHttpApi(api: PackedHttpApi): void | Promise<void>;
  dropHttpApi(apiId: string): void | Promise<void>;
}

export interface HttpApiPublisher {
  httpApiChanged(name: HttpApiName): Promise<void>;
  /** Publishes every HTTP API in the store. Resolves to the number of their stages. */
  publishAllHttpApis(): Promise<number>;
}

/** So many APIs are read at once. */
const READ_AT_ONCE = 50;

export function createHttpApiPublisher({ store, gateways, log }: { store: Store; gateways: HttpApiHolder; log: Log }): HttpApiPublisher {
  const inTurn = createTurns();

  async function publish({ account, region, apiId }: HttpApiName): Promise<void> {
    const key = httpApiKey({ account, region }, apiId);
    const api = await store.get(httpApis, key);
    if (api === undefined) await gateways.dropHttpApi(apiId);
    else await gateways.putHttpApi(await load(store, key, api.value));
  }

  /** One API that cannot be served must not keep the others from being served. */
  async function publishStored({ key, value: api }: Stored<HttpApi>): Promise<number> {
    try {
      const packed = await load(store, key, api);
      await gateways.putHttpApi(packed);
      return packed.stages.length;
    } catch (error) {
      log.error("HTTP API cannot be published", error, { apiId: api.apiId });
      return 0;
    }
  }

  return {
    httpApiChanged: (name) => inTurn(name.apiId, () => publish(name)),
    async publishAllHttpApis() {
      const { items } = await store.list(httpApis, {});
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
async function load(store: Store, key: Key, api: HttpApi): Promise<PackedHttpApi> {
  const { items } = await store.list(httpStages, { prefix: key });
  const stages = await Promise.all(
    items.map(async ({ value: stage }): Promise<PackedHttpStage | undefined> => {
      const { deploymentId } = stage;
      if (deploymentId === undefined) return undefined;
      const deployment = await store.get(httpDeployments, [...key, deploymentId]);
      const snapshot = deployment && (await store.get(httpSnapshots, [...key, deployment.value.snapshot]));
      return snapshot && packHttpStage({ api, stage: { ...stage, deploymentId }, snapshot: snapshot.value });
    }),
  );
  return { apiId: api.apiId, stages: stages.filter((stage) => stage !== undefined) };
}
