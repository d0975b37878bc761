// An HTTP API or one of its stages changed: read it whole and hand it to the gateways.
import { type HttpApi, httpApiKey, httpApis, type HttpApiSnapshot, httpDeployments, httpSnapshots, type HttpStage, httpStages } from "../domain/http-api.ts";
import type { Key } from "../domain/record.ts";
import type { Log } from "../ports/log.ts";
import type { HttpApiName } from "../ports/publication.ts";
import type { Store, Stored } from "../ports/store.ts";
import { createTurns } from "./in-turn.ts";
import { type PackedHttpApi, packHttpStage } from "./packed-http-api.ts";

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

/** So many APIs are read at once, twice over: while some are handed on, others are read. Any of them may be large. */
const READ_AT_ONCE = 100;

export function createHttpApiPublisher({ store, gateways, log }: { store: Store; gateways: HttpApiHolder; log: Log }): HttpApiPublisher {
  const inTurn = createTurns();

  async function publish({ account, region, apiId }: HttpApiName): Promise<void> {
    const api = await store.get(httpApis, httpApiKey({ account, region }, apiId));
    if (api === undefined) return gateways.dropHttpApi(apiId);
    const { items: stages } = await store.list(httpStages, { prefix: api.key });
    for (const packed of await load(store, [api], stages)) await gateways.putHttpApi(packed);
  }

  /** One API that cannot be served must not keep the others from being served. */
  async function publishStored(apis: readonly Stored<HttpApi>[], stagesOf: (api: Stored<HttpApi>) => readonly Stored<HttpStage>[]): Promise<number> {
    try {
      const packed = await load(store, apis, apis.flatMap(stagesOf));
      await Promise.all(packed.map(async (api) => gateways.putHttpApi(api)));
      return packed.reduce((sum, { stages }) => sum + stages.length, 0);
    } catch (error) {
      const [{ value: api }, ...others] = apis as readonly [Stored<HttpApi>, ...Stored<HttpApi>[]];
      if (others.length === 0) {
        log.error("HTTP API cannot be published", error, { apiId: api.apiId });
        return 0;
      }
      let stages = 0;
      for (const one of apis) stages += await publishStored([one], stagesOf);
      return stages;
    }
  }

  return {
    httpApiChanged: (name) => inTurn(name.apiId, () => publish(name)),
    async publishAllHttpApis() {
      const [{ items: apis }, { items: all }] = await Promise.all([store.list(httpApis, {}), store.list(httpStages, {})]);
      const byApi = Map.groupBy(all, ({ key }) => textOf(key.slice(0, -1)));
      const stagesOf = ({ key }: Stored<HttpApi>): readonly Stored<HttpStage>[] => byApi.get(textOf(key)) ?? [];
      let next = 0;
      let stages = 0;
      const publishSome = async (): Promise<void> => {
        while (next < apis.length) {
          const published = await publishStored(apis.slice(next, (next += READ_AT_ONCE)), stagesOf);
          stages += published;
        }
      };
      await Promise.all([publishSome(), publishSome()]);
      return stages;
    },
  };
}

/** APIs, each with those of the stages that are its own, but for those that show no deployment yet. */
async function load(store: Store, apis: readonly Stored<HttpApi>[], stages: readonly Stored<HttpStage>[]): Promise<readonly PackedHttpApi[]> {
  const shown = stages.flatMap(({ key, value: stage }) => {
    const { deploymentId } = stage;
    return deploymentId === undefined ? [] : [{ api: key.slice(0, -1), stage: { ...stage, deploymentId } }];
  });
  const snapshotOf = await loadSnapshots(store, shown.map(({ api, stage }) => [...api, stage.deploymentId]));
  const byApi = Map.groupBy(shown, ({ api }) => textOf(api));
  return apis.map(({ key, value: api }) => {
    const packed = (byApi.get(textOf(key)) ?? []).flatMap(({ stage }) => {
      const snapshot = snapshotOf.get(textOf([...key, stage.deploymentId]));
      return snapshot === undefined ? [] : [packHttpStage({ api, stage, snapshot })];
    });
    return { apiId: api.apiId, stages: packed };
  });
}

/** By the keys of their deployments, as texts. */
async function loadSnapshots(store: Store, keys: readonly Key[]): Promise<ReadonlyMap<string, HttpApiSnapshot>> {
  const deployments = (await store.getAll(httpDeployments, keys)).filter((each) => each !== undefined);
  const snapshots = await store.getAll(httpSnapshots, deployments.map(({ key, value }) => [...key.slice(0, -1), value.snapshot]));
  return new Map(deployments.flatMap(({ key }, i) => (snapshots[i] === undefined ? [] : [[textOf(key), snapshots[i].value]])));
}

const textOf = (key: Key): string => key.join("/");
