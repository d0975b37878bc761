// A stage changed: read it and hand it to the gateways, packed; likewise a custom domain name. Gateways never read the store.
import type { Key } from "../domain/record.ts";
import { type Stage, stages } from "../domain/rest-api.ts";
import { checkSnapshot, checkStage, type HttpStagePlan, type StagePlan, type WebSocketStagePlan } from "../plan/index.ts";
import type { Clock } from "../ports/clock.ts";
import type { IdentityHolder, IdentityPublication } from "../ports/identity-lookup.ts";
import type { KeyHolder } from "../ports/key-lookup.ts";
import type { Log } from "../ports/log.ts";
import type { Publication, StageName } from "../ports/publication.ts";
import type { Store, Stored } from "../ports/store.ts";
import { createDomainPublisher, type DomainHolder } from "./domains.ts";
import { createHttpApiPublisher, type HttpApiHolder } from "./http-apis.ts";
import { unpackHttpStage } from "./packed-http-api.ts";
import { createIdentityPublisher } from "./identities.ts";
import { createTurns } from "./in-turn.ts";
import { createKeyPublisher } from "./keys.ts";
import { loadStages } from "./load-stages.ts";
import { compileStage, type PackedStage, type Surroundings } from "./packed-stage.ts";
import type { UsageKeeper } from "./usage.ts";
import { unpackWebSocketStage } from "./packed-websocket-api.ts";
import { createWebSocketApiPublisher, type WebSocketApiHolder } from "./websocket-apis.ts";

export { createUsageKeeper, type UsageBatch, type UsageKeeper } from "./usage.ts";
export type { PackedHttpApi } from "./packed-http-api.ts";
export type { PackedWebSocketApi } from "./packed-websocket-api.ts";
export type { PackedStage } from "./packed-stage.ts";
export { createTestInvocations, type TestRunner } from "./test-invocation.ts";

/** Who serves stages: the gateway of this process, or those of all workers. What resolves has taken effect everywhere. */
export interface Gateways extends DomainHolder, HttpApiHolder, IdentityHolder, KeyHolder, WebSocketApiHolder {
  put(stage: PackedStage): void | Promise<void>;
  drop(apiId: string, stageName: string): void | Promise<void>;
  /** Resolves once nothing that was cached or under way before answers a request. */
  flushCache(apiId: string, stageName: string): Promise<void>;
  /** Resolves once nobody is let in by what an authorizer said, or was asked, before. */
  flushAuthorizers(apiId: string, stageName: string): Promise<void>;
  /** Resolves once the counters of this process have all requests that were counted until now. */
  reportUsage(): Promise<void>;
}

/** A gateway as it is given plans: compiled when a request first needs them. */
interface PlanHolder extends Omit<Gateways, "put" | "putHttpApi" | "putWebSocketApi"> {
  put(plan: Pick<PackedStage, "apiId" | "stageName" | "cacheBytes"> & { load(): StagePlan }): void;
  /** In place of all stages that the API had. */
  putHttpApi(apiId: string, stages: readonly { readonly apiId: string; readonly stageName: string; load(): HttpStagePlan }[]): void;
  /** Likewise. */
  putWebSocketApi(apiId: string, stages: readonly { readonly apiId: string; readonly stageName: string; load(): WebSocketStagePlan }[]): void;
}

/** The gateway of this process as one that takes packed stages. */
export function unpacking(gateway: PlanHolder, surroundings: Surroundings): Gateways {
  return {
    ...gateway,
    put(stage) {
      const { apiId, stageName, cacheBytes } = stage;
      gateway.put({ apiId, stageName, cacheBytes, load: () => compileStage(stage, surroundings) });
    },
    putHttpApi({ apiId, stages: packed }) {
      const lazy = packed.map((stage) => ({ apiId, stageName: stage.stageName, load: () => unpackHttpStage(stage, surroundings) }));
      gateway.putHttpApi(apiId, lazy);
    },
    putWebSocketApi({ apiId, stages: packed }) {
      const lazy = packed.map((stage) => ({ apiId, stageName: stage.stageName, load: () => unpackWebSocketStage(stage, surroundings) }));
      gateway.putWebSocketApi(apiId, lazy);
    },
  };
}

export interface Publisher extends Publication, IdentityPublication {
  /** Publishes every stage, domain name, key and identity in the store: once, before the first request. Resolves to the number of stages. */
  publishAll(): Promise<number>;
}

export interface PublisherParts {
  readonly store: Store;
  readonly gateways: Gateways;
  /** Has what keys use of their plans, on its way to and from the store. */
  readonly usage: UsageKeeper;
  readonly clock: Clock;
  readonly log: Log;
}

/** So many stages are read at once, twice over: while some are handed on, others are read. Any of them may be large. */
const READ_AT_ONCE = 100;

/** Joins the control plane, which changes stages, to the gateways, which serve them. */
export function createPublisher({ store, gateways, usage, clock, log }: PublisherParts): Publisher {
  const inTurn = createTurns();
  const { domainChanged, publishAllDomains } = createDomainPublisher({ store, gateways });
  const { keysChanged, usagePlansChanged, publishAllKeys } = createKeyPublisher({ store, gateways, usage });
  const { identitiesChanged, publishAllIdentities } = createIdentityPublisher({ store, gateways, clock });
  const { httpApiChanged, publishAllHttpApis } = createHttpApiPublisher({ store, gateways, log });
  const { webSocketApiChanged, publishAllWebSocketApis } = createWebSocketApiPublisher({ store, gateways, log });

  /** Publishes as the store now is. */
  const stageChanged = (name: StageName): Promise<void> => inTurn(`${name.apiId}/${name.stageName}`, () => publish(name));

  async function publish({ account, region, apiId, stageName }: StageName): Promise<void> {
    const stage = await store.get(stages, [account, region, apiId, stageName]);
    const [packed] = stage === undefined ? [] : await loadStages(store, [stage]);
    if (packed === undefined) await gateways.drop(apiId, stageName);
    else await gateways.put(packed);
  }

  async function publishAll(): Promise<number> {
    await publishAllDomains();
    const httpStages = await publishAllHttpApis();
    const webSocketStages = await publishAllWebSocketApis();
    await publishAllKeys();
    await publishAllIdentities();
    const { items } = await store.list(stages, {});
    let next = 0;
    const publishRest = async (): Promise<void> => {
      while (next < items.length) await publishStored(items.slice(next, (next += READ_AT_ONCE)));
    };
    await Promise.all([publishRest(), publishRest()]);
    return httpStages + webSocketStages + items.length;
  }

  /** One stage that cannot be served must not keep the others from being served. */
  async function publishStored(some: readonly Stored<Stage>[]): Promise<void> {
    try {
      const packed = await loadStages(store, some);
      await Promise.all(packed.map(async (stage) => stage && gateways.put(stage)));
    } catch (error) {
      const [{ key: [, , apiId, stageName] }, ...others] = some as readonly [Stored<Stage>, ...Stored<Stage>[]];
      if (others.length === 0) return log.error("stage cannot be published", error, { apiId, stageName });
      for (const one of some) await publishStored([one]);
    }
  }

  const flushCache = ({ apiId, stageName }: StageName): Promise<void> => gateways.flushCache(apiId, stageName);
  const flushAuthorizers = ({ apiId, stageName }: StageName): Promise<void> => gateways.flushAuthorizers(apiId, stageName);

  const usageChanged = async (place: Key): Promise<void> => {
    await usage.reload([place]);
    await gateways.reportUsage();
  };
  const keepUsage = async (): Promise<void> => {
    await gateways.reportUsage();
    await usage.keep();
  };

  return { identitiesChanged, keysChanged, usagePlansChanged, usageChanged, keepUsage, checkSnapshot, checkStage, stageChanged, httpApiChanged, webSocketApiChanged, domainChanged, flushCache, flushAuthorizers, publishAll };
}
