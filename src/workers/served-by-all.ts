// What all workers serve: kept here for those that join later, and handed on to those that are there.
import { type Channel, ChannelClosed } from "../adapters/channel/index.ts";
import type { CustomDomain } from "../domain/domain-name.ts";
import { scoped } from "../domain/record.ts";
import type { CachePlace } from "../ports/cache.ts";
import type { IdentityChange } from "../ports/identity-lookup.ts";
import type { KeyChange } from "../ports/key-lookup.ts";
import type { Log } from "../ports/log.ts";
import type { Gateways, PackedHttpApi, PackedStage, PackedWebSocketApi } from "../publish/index.ts";
import type { DomainAddress, PartOfAll, StageAddress } from "./messages.ts";

/** A worker that is to have everything. */
export interface Member {
  readonly pid: number;
  readonly channel: Channel;
  /** Ends its process at once. */
  kill(): void;
}

export interface ServedByAll {
  /** Has all workers drop what they have cached at a place. */
  evict(place: CachePlace): Promise<void>;
  /** Workers as one: what resolves has taken effect in every one of them. */
  readonly gateways: Gateways;
  /** Hands a worker all that is served, and from now on every change. Resolves once it has taken it. */
  add(member: Member): Promise<void>;
  remove(member: Member): void;
}

/** A worker that has not taken a change by then serves what it should not any more, and is ended. In milliseconds. */
const CHANGE_TIMEOUT_MS = 10_000;

/** So many bytes of stages are told of at once; a stage that is larger is told of alone. */
const BATCH_BYTES = 1024 * 1024;

export function createServedByAll(log: Log, timeoutMs: number = CHANGE_TIMEOUT_MS): ServedByAll {
  const stages = new Map<string, PackedStage>();
  const domains = new Map<string, CustomDomain>();
  const httpApis = new Map<string, PackedHttpApi>();
  const webSocketApis = new Map<string, PackedWebSocketApi>();
  const keys = new Map<string, KeyChange>();
  const identities = new Map<string, IdentityChange>();
  const members = new Set<Member>();

  async function tell(member: Member, name: string, value: unknown): Promise<void> {
    const late = setTimeout(() => {
      log.error("a worker does not take a change and is ended", undefined, { pid: member.pid, change: name });
      member.kill();
    }, timeoutMs);
    try {
      await member.channel.call(name, value);
    } catch (error) {
      // One that is gone serves nothing.
      if (!(error instanceof ChannelClosed)) throw error;
    } finally {
      clearTimeout(late);
    }
  }

  /**
   * Hands on all stages there are now, as each is by then: a batch once the one before it has been taken, so that neither
   * the bytes under way nor the time that a change may take grow with the number of stages.
   */
  async function supplyStages(member: Member): Promise<void> {
    const batch: PackedStage[] = [];
    let bytes = 0;
    for (const key of Array.from(stages.keys())) {
      const next = stages.get(key);
      if (next === undefined) continue;
      if (batch.length > 0 && bytes + next.contents.length > BATCH_BYTES) {
        await tell(member, "put", batch.splice(0));
        if (!members.has(member)) return;
        bytes = 0;
      }
      // Another may be served in its place by now, or none, and the worker has been told so.
      const now = stages.get(key);
      if (now === undefined) continue;
      batch.push(now);
      bytes += now.contents.length;
    }
    if (batch.length > 0) await tell(member, "put", batch);
  }

  const tellAll = async (name: string, value: unknown): Promise<void> => {
    await Promise.all(Array.from(members, (member) => tell(member, name, value)));
  };

  const gateways: Gateways = {
    put(stage) {
      stages.set(keyOf(stage), stage);
      return tellAll("put", [stage]);
    },
    drop(apiId, stageName) {
      stages.delete(keyOf({ apiId, stageName }));
      return tellAll("drop", { apiId, stageName } satisfies StageAddress);
    },
    putHttpApi(api) {
      httpApis.set(api.apiId, api);
      return tellAll("putHttpApi", api);
    },
    dropHttpApi(apiId) {
      httpApis.delete(apiId);
      return tellAll("dropHttpApi", apiId);
    },
    putWebSocketApi(api) {
      webSocketApis.set(api.apiId, api);
      return tellAll("putWebSocketApi", api);
    },
    dropWebSocketApi(apiId) {
      webSocketApis.delete(apiId);
      return tellAll("dropWebSocketApi", apiId);
    },
    putDomain(domain) {
      domains.set(domainKeyOf(domain), domain);
      return tellAll("putDomain", domain);
    },
    dropDomain(domainName, domainNameId) {
      domains.delete(domainKeyOf({ domainName, domainNameId }));
      return tellAll("dropDomain", { domainName, domainNameId } satisfies DomainAddress);
    },
    changeKeys(changes) {
      for (const change of changes) keepChange(keys, change);
      return tellAll("changeKeys", changes);
    },
    changeIdentities(changes) {
      for (const change of changes) keepIdentity(identities, change);
      return tellAll("changeIdentities", changes);
    },
    reportUsage: () => tellAll("reportUsage", undefined),
    flushCache: (apiId, stageName) => tellAll("flushCache", { apiId, stageName } satisfies StageAddress),
    flushAuthorizers: (apiId, stageName) => tellAll("flushAuthorizers", { apiId, stageName } satisfies StageAddress),
  };

  return {
    evict: (place) => tellAll("evict", place),
    gateways,
    async add(member) {
      // Told in this order, which is that in which it arrives, before any change.
      members.add(member);
      const kept = {
        stages: Array.from(stages.values(), ({ apiId, stageName }) => ({ apiId, stageName })),
        domains: Array.from(domains.values(), ({ domainName, domainNameId }) => ({ domainName, domainNameId })),
        httpApis: [...httpApis.keys()],
        webSocketApis: [...webSocketApis.keys()],
      };
      await Promise.all([
        tell(member, "keepOnly", kept),
        ...Array.from(partsOf(keys), (part) => tell(member, "replaceKeys", part)),
        ...Array.from(partsOf(identities), (part) => tell(member, "replaceIdentities", part)),
        supplyStages(member),
        ...Array.from(domains.values(), (domain) => tell(member, "putDomain", domain)),
        ...Array.from(httpApis.values(), (api) => tell(member, "putHttpApi", api)),
        ...Array.from(webSocketApis.values(), (api) => tell(member, "putWebSocketApi", api)),
      ]);
    },
    remove: (member) => void members.delete(member),
  };
}

const keyOf = ({ apiId, stageName }: StageAddress): string => `${apiId}/${stageName}`;
const domainKeyOf = ({ domainName, domainNameId = "" }: DomainAddress): string => `${domainName}+${domainNameId}`;

/** What is known of a key or a plan, once it has changed. */
function keepChange(keys: Map<string, KeyChange>, change: KeyChange): void {
  switch (change.type) {
    case "key":
      keys.set(`key ${scoped(change.key.account, change.key.region, change.key.id)}`, change);
      break;
    case "plan":
      keys.set(`plan ${scoped(change.plan.account, change.plan.region, change.plan.id)}`, change);
      break;
    case "keyGone":
      keys.delete(`key ${scoped(change.account, change.region, change.id)}`);
      break;
    case "planGone":
      keys.delete(`plan ${scoped(change.account, change.region, change.id)}`);
  }
}

/** What is known of a user, a role, a policy or an access key, once it has changed. */
function keepIdentity(identities: Map<string, IdentityChange>, change: IdentityChange): void {
  const name = scoped(change.type, change.name);
  if (change.value === undefined) identities.delete(name);
  else identities.set(name, change);
}

/** So many keys and plans, or identities, are told at once. */
const TOLD_AT_ONCE = 1000;

function* partsOf<Change>(known: ReadonlyMap<string, Change>): Generator<PartOfAll<Change>> {
  const all = Array.from(known.values());
  for (let i = 0; i === 0 || i < all.length; i += TOLD_AT_ONCE) {
    yield { changes: all.slice(i, i + TOLD_AT_ONCE), isFirst: i === 0, isLast: i + TOLD_AT_ONCE >= all.length };
  }
}
