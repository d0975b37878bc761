// A stage changed: read it and hand it to the gateways, packed; likewise a custom domain name. Gateways never read the store.
import { deployments, restApis, type RestApiSnapshot, snapshots, stages } from "../domain/rest-api.ts";
import type { PrivateAddresses } from "../domain/vpc-link.ts";
import { checkSnapshot, checkStage, type StagePlan } from "../plan/index.ts";
import type { Log } from "../ports/log.ts";
import type { Publication, StageName } from "../ports/publication.ts";
import type { Store } from "../ports/store.ts";
import { loadBackends } from "./backends.ts";
import { createDomainPublisher, type DomainHolder } from "./domains.ts";
import { createTurns } from "./in-turn.ts";
import { compileStage, type PackedStage, packStage } from "./packed-stage.ts";

export type { PackedStage } from "./packed-stage.ts";
export { createTestInvocations, type TestRunner } from "./test-invocation.ts";

/** Who serves stages: the gateway of this process, or those of all workers. What resolves has taken effect everywhere. */
export interface Gateways extends DomainHolder {
  put(stage: PackedStage): void | Promise<void>;
  drop(apiId: string, stageName: string): void | Promise<void>;
  /** Resolves once nothing that was cached or under way before answers a request. */
  flushCache(apiId: string, stageName: string): Promise<void>;
  /** Resolves once nobody is let in by what an authorizer said, or was asked, before. */
  flushAuthorizers(apiId: string, stageName: string): Promise<void>;
}

/** A gateway as it is given plans: compiled when a request first needs them. */
interface PlanHolder extends Omit<Gateways, "put"> {
  put(plan: Pick<PackedStage, "apiId" | "stageName" | "cacheBytes"> & { load(): StagePlan }): void;
}

/** The gateway of this process as one that takes packed stages. @param addresses the operator's, for private integrations */
export function unpacking(gateway: PlanHolder, addresses: PrivateAddresses): Gateways {
  return {
    ...gateway,
    put(stage) {
      const { apiId, stageName, cacheBytes } = stage;
      gateway.put({ apiId, stageName, cacheBytes, load: () => compileStage(stage, addresses) });
    },
  };
}

export interface Publisher extends Publication {
  /** Publishes every stage and domain name in the store: once, before the first request. Resolves to the number of stages. */
  publishAll(): Promise<number>;
}

export interface PublisherParts {
  readonly store: Store;
  readonly gateways: Gateways;
  readonly log: Log;
}

/** So many stages are read at once. */
const READ_AT_ONCE = 200;

/** Joins the control plane, which changes stages, to the gateways, which serve them. */
export function createPublisher({ store, gateways, log }: PublisherParts): Publisher {
  const inTurn = createTurns();
  const { domainChanged, publishAllDomains } = createDomainPublisher({ store, gateways });

  /** Publishes as the store now is. */
  const stageChanged = (name: StageName): Promise<void> => inTurn(`${name.apiId}/${name.stageName}`, () => publish(name));

  async function publish(name: StageName): Promise<void> {
    const stage = await load(store, name);
    if (stage === undefined) await gateways.drop(name.apiId, name.stageName);
    else await gateways.put(stage);
  }

  async function publishAll(): Promise<number> {
    await publishAllDomains();
    const { items } = await store.list(stages, {});
    for (let i = 0; i < items.length; i += READ_AT_ONCE) {
      await Promise.all(items.slice(i, i + READ_AT_ONCE).map(({ key }) => publishStored(key as StageKey)));
    }
    return items.length;
  }

  async function publishStored([account, region, apiId, stageName]: StageKey): Promise<void> {
    try {
      await publish({ account, region, apiId, stageName });
    } catch (error) {
      // One stage that cannot be served must not keep the others from being served.
      log.error("stage cannot be published", error, { apiId, stageName });
    }
  }

  const flushCache = ({ apiId, stageName }: StageName): Promise<void> => gateways.flushCache(apiId, stageName);
  const flushAuthorizers = ({ apiId, stageName }: StageName): Promise<void> => gateways.flushAuthorizers(apiId, stageName);

  return { checkSnapshot, checkStage, stageChanged, domainChanged, flushCache, flushAuthorizers, publishAll };
}

type StageKey = readonly [account: string, region: string, apiId: string, stageName: string];

/** The stage as it is in the store; undefined when it, or what it needs, is gone. */
async function load(store: Store, { account, region, apiId, stageName }: StageName): Promise<PackedStage | undefined> {
  const place = [account, region, apiId];
  const [restApi, stage] = await Promise.all([store.get(restApis, place), store.get(stages, [...place, stageName])]);
  if (restApi === undefined || stage === undefined) return undefined;
  const { deploymentId, canarySettings, clientCertificateId } = stage.value;
  const [snapshot, canarySnapshot] = await Promise.all([
    loadSnapshot(store, place, deploymentId),
    canarySettings && loadSnapshot(store, place, canarySettings.deploymentId),
  ]);
  if (snapshot === undefined || (canarySettings !== undefined && canarySnapshot === undefined)) return undefined;
  const shown = canarySnapshot === undefined ? [snapshot] : [snapshot, canarySnapshot];
  const backends = await loadBackends(store, { account, region, apiId, stageName, clientCertificateId }, shown);
  return packStage({ api: restApi.value, stage: stage.value, snapshot, canarySnapshot, backends });
}

async function loadSnapshot(store: Store, api: readonly string[], deploymentId: string): Promise<RestApiSnapshot | undefined> {
  const deployment = await store.get(deployments, [...api, deploymentId]);
  return deployment && (await store.get(snapshots, [deployment.value.snapshot]))?.value;
}
