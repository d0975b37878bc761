// Stages with all that their plans are compiled from: read many at a time, by few reads that ask for many records each.
import { deployments, restApis, type RestApiSnapshot, snapshots, type Stage } from "../domain/rest-api.ts";
import type { Key } from "../domain/record.ts";
import type { Store, Stored } from "../ports/store.ts";
import { hasPrivateIntegrations, loadBackends } from "./backends.ts";
import { type PackedStage, packStage } from "./packed-stage.ts";

/** In the order of the stages; undefined for one of which something is gone that it needs. */
export async function loadStages(store: Store, stages: readonly Stored<Stage>[]): Promise<readonly (PackedStage | undefined)[]> {
  const [apis, snapshotOf] = await Promise.all([
    store.getAll(restApis, stages.map(({ key }) => apiKey(key))),
    loadSnapshots(store, stages.flatMap(deploymentKeys)),
  ]);
  return await Promise.all(
    stages.map(async ({ key, value: stage }, i) => {
      const api = apis[i]?.value;
      const [snapshot, canarySnapshot] = deploymentKeys({ key, value: stage }).map((shown) => snapshotOf.get(shown.join("/")));
      if (api === undefined || snapshot === undefined) return undefined;
      if (stage.canarySettings !== undefined && canarySnapshot === undefined) return undefined;
      return pack(store, { api, stage, snapshot, canarySnapshot });
    }),
  );
}

async function pack(store: Store, parts: Omit<Parameters<typeof packStage>[0], "backends">): Promise<PackedStage> {
  const { api, stage, snapshot, canarySnapshot } = parts;
  const { id: apiId, account, region } = api;
  const { stageName, clientCertificateId } = stage;
  const shown = canarySnapshot === undefined ? [snapshot] : [snapshot, canarySnapshot];
  const backends = await loadBackends(store, { account, region, apiId, stageName, clientCertificateId }, shown.some(hasPrivateIntegrations));
  return packStage({ ...parts, backends });
}

/** By the keys of their deployments. */
async function loadSnapshots(store: Store, keys: readonly Key[]): Promise<ReadonlyMap<string, RestApiSnapshot>> {
  const found = (await store.getAll(deployments, keys)).filter((each) => each !== undefined);
  const read = await store.getAll(snapshots, found.map(({ value }) => [value.snapshot]));
  return new Map(found.flatMap(({ key }, i) => (read[i] === undefined ? [] : [[key.join("/"), read[i].value]])));
}

const apiKey = (stage: Key): Key => stage.slice(0, -1);

/** Those of the deployment that a stage shows, and of its canary's where it has one. */
function deploymentKeys({ key, value: { deploymentId, canarySettings } }: Pick<Stored<Stage>, "key" | "value">): Key[] {
  const ids = canarySettings === undefined ? [deploymentId] : [deploymentId, canarySettings.deploymentId];
  return ids.map((id) => [...apiKey(key), id]);
}
