// A stage changed: read it, compile it, hand the plan to the gateway; likewise a custom domain name. The gateway itself
// never reads the store.
import { deployments, restApis, type RestApiSnapshot, snapshots, stages } from "../domain/rest-api.ts";
import { checkSnapshot, checkStage, compileRestStage, type StagePlan } from "../plan/index.ts";
import type { Log } from "../ports/log.ts";
import type { Publication, StageName } from "../ports/publication.ts";
import type { Store } from "../ports/store.ts";
import { type BackendSources, loadBackends } from "./backends.ts";
import { createDomainPublisher, type DomainHolder } from "./domains.ts";
import { createTurns } from "./in-turn.ts";

export { createTestInvocations, type TestRunner } from "./test-invocation.ts";

/** Who serves plans. Both take effect for the next request. */
export interface PlanHolder extends DomainHolder {
  put(plan: StagePlan): void;
  drop(apiId: string, stageName: string): void;
  /** Resolves once nothing that was cached or under way before answers a request. */
  flushCache(apiId: string, stageName: string): Promise<void>;
  /** Resolves once nobody is let in by what an authorizer said, or was asked, before. */
  flushAuthorizers(apiId: string, stageName: string): Promise<void>;
}

export interface Publisher extends Publication {
  /** Publishes every stage and domain name in the store: once, before the first request. Resolves to the number of stages. */
  publishAll(): Promise<number>;
}

export interface PublisherParts extends BackendSources {
  readonly gateway: PlanHolder;
  readonly log: Log;
}

/** Joins the control plane, which changes stages, to the gateway, which serves them. */
export function createPublisher({ store, privateAddresses, gateway, log }: PublisherParts): Publisher {
  const inTurn = createTurns();
  const { domainChanged, publishAllDomains } = createDomainPublisher({ store, gateway });

  /** Publishes as the store now is. */
  const stageChanged = (name: StageName): Promise<void> => inTurn(`${name.apiId}/${name.stageName}`, () => publish(name));

  async function publish({ account, region, apiId, stageName }: StageName): Promise<void> {
    const plan = await load({ store, privateAddresses }, [account, region, apiId], stageName);
    if (plan === undefined) gateway.drop(apiId, stageName);
    else gateway.put(plan);
  }

  async function publishAll(): Promise<number> {
    await publishAllDomains();
    const { items } = await store.list(stages, {});
    for (const { key } of items) {
      const [account, region, apiId, stageName] = key as [string, string, string, string];
      try {
        await publish({ account, region, apiId, stageName });
      } catch (error) {
        // One stage that cannot be served must not keep the others from being served.
        log.error("stage cannot be published", error, { apiId, stageName });
      }
    }
    return items.length;
  }

  const flushCache = ({ apiId, stageName }: StageName): Promise<void> => gateway.flushCache(apiId, stageName);
  const flushAuthorizers = ({ apiId, stageName }: StageName): Promise<void> => gateway.flushAuthorizers(apiId, stageName);

  return { checkSnapshot, checkStage, stageChanged, domainChanged, flushCache, flushAuthorizers, publishAll };
}

/** The plan of a stage; undefined when the stage, or what it needs, is gone. */
async function load(sources: BackendSources, api: readonly [string, string, string], stageName: string): Promise<StagePlan | undefined> {
  const { store } = sources;
  const [restApi, stage] = await Promise.all([store.get(restApis, api), store.get(stages, [...api, stageName])]);
  if (restApi === undefined || stage === undefined) return undefined;
  const { deploymentId, canarySettings } = stage.value;
  const [snapshot, canarySnapshot] = await Promise.all([
    loadSnapshot(store, api, deploymentId),
    canarySettings && loadSnapshot(store, api, canarySettings.deploymentId),
  ]);
  if (snapshot === undefined || (canarySettings !== undefined && canarySnapshot === undefined)) return undefined;
  const [account, region, apiId] = api;
  const owner = { account, region, apiId, stageName, clientCertificateId: stage.value.clientCertificateId };
  const backends = await loadBackends(sources, owner, canarySnapshot === undefined ? [snapshot] : [snapshot, canarySnapshot]);
  return compileRestStage({ api: restApi.value, stage: stage.value, snapshot, canarySnapshot, backends });
}

async function loadSnapshot(store: Store, api: readonly string[], deploymentId: string): Promise<RestApiSnapshot | undefined> {
  const deployment = await store.get(deployments, [...api, deploymentId]);
  return deployment && (await store.get(snapshots, [deployment.value.snapshot]))?.value;
}
