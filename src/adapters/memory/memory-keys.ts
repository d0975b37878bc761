// API keys in memory, by value. A plan may have 10,000 keys and a key a few plans, so that neither is looked for in a list.
import { KEPT } from "../../domain/kept.ts";
import { scoped } from "../../domain/record.ts";
import type { TokenBucket } from "../../domain/token-bucket.ts";
import type { Throttle } from "../../domain/usage-plan.ts";
import type { CalledStage, KeyChange, KeyLookup, KeyOfStage, PublishedKey, PublishedPlan } from "../../ports/key-lookup.ts";

export interface MemoryKeys extends KeyLookup {
  changeKeys(changes: readonly KeyChange[]): void;
  /** Forgets all that is not among these. */
  replaceKeys(all: readonly KeyChange[]): void;
}

interface Entry {
  readonly key: PublishedKey;
  /** What the key may do on the stage that it was last used on, as long as the plans stay as they are: nothing where it is not enabled. */
  match: KeyOfStage | undefined;
  apiId: string;
  stageName: string;
  /** The state of the plans that it was made from. */
  generation: number;
}

interface Known {
  readonly keys: Map<string, Entry>;
  /** By account, region and value. */
  readonly byValue: Map<string, Map<string, Map<string, Entry>>>;
  readonly plans: Map<string, PublishedPlan>;
}

const nothingKnown = (): Known => ({ keys: new Map(), byValue: new Map(), plans: new Map() });

export function createMemoryKeys(): MemoryKeys {
  let known = nothingKnown();
  /** Counts the changes of plans. */
  let generation = 0;

  function apply(to: Known, change: KeyChange): void {
    switch (change.type) {
      case "key":
        putKey(to, change.key);
        break;
      case "keyGone":
        dropKey(to, scoped(change.account, change.region, change.id));
        break;
      case "plan":
        to.plans.set(nameOf(change.plan), change.plan);
        generation++;
        break;
      case "planGone":
        to.plans.delete(nameOf(change));
        generation++;
        break;
    }
  }

  function matchOf(entry: Entry, stage: CalledStage): KeyOfStage | undefined {
    const { apiId, stageName } = stage;
    const isSame = entry.generation === generation && entry.apiId === apiId && entry.stageName === stageName;
    if (!isSame) Object.assign(entry, { generation, apiId, stageName, match: entry.key.enabled ? compileMatch(entry.key, known.plans, stage) : undefined });
    return entry.match;
  }

  return {
    find(stage, value) {
      const entry = known.byValue.get(stage.account)?.get(stage.region)?.get(value);
      return entry && matchOf(entry, stage);
    },
    changeKeys(changes) {
      for (const change of changes) apply(known, change);
    },
    replaceKeys(all) {
      const next = nothingKnown();
      for (const change of all) apply(next, change);
      known = next;
      generation++;
    },
  };
}

const nameOf = ({ account, region, id }: { readonly account: string; readonly region: string; readonly id: string }): string => scoped(account, region, id);

function putKey({ keys, byValue }: Known, key: PublishedKey): void {
  dropKey({ keys, byValue }, nameOf(key));
  const entry: Entry = { key, match: undefined, apiId: "", stageName: "", generation: -1 };
  keys.set(nameOf(key), entry);
  const { account, region, value } = key;
  let regions = byValue.get(account);
  if (regions === undefined) byValue.set(account, (regions = new Map()));
  let values = regions.get(region);
  if (values === undefined) regions.set(region, (values = new Map()));
  values.set(value, entry);
}

function dropKey({ keys, byValue }: Pick<Known, "keys" | "byValue">, name: string): void {
  const before = keys.get(name);
  if (before === undefined) return;
  keys.delete(name);
  const { account, region, value } = before.key;
  const regions = byValue.get(account);
  const values = regions?.get(region);
  // Its value may be another key's by now.
  if (values?.get(value) === before) values.delete(value);
  if (values?.size === 0) regions?.delete(region);
  if (regions?.size === 0) byValue.delete(account);
}

function compileMatch(key: PublishedKey, plans: ReadonlyMap<string, PublishedPlan>, stage: CalledStage): KeyOfStage | undefined {
  const { account, region, id: keyId } = key;
  for (const id of key.planIds) {
    const plan = plans.get(nameOf({ account, region, id }));
    const apiStage = plan?.apiStages.find((each) => each.apiId === stage.apiId && each.stage === stage.stageName);
    if (plan === undefined || apiStage === undefined) continue;
    const place = [account, region, id, keyId];
    const name = scoped(...place);
    const methods = Object.entries(apiStage.throttle ?? {});
    const bucketOfMethod = (method: string, throttle: Throttle) => bucketOf(`key/${name}/${scoped(stage.apiId, stage.stageName)}${method}`, throttle);
    return {
      keyId,
      meter: { name, place, quota: plan.quota, [KEPT]: undefined },
      bucket: plan.throttle && bucketOf(`key/${name}`, plan.throttle),
      methodBuckets: methods.length === 0 ? NONE : new Map(methods.map(([method, throttle]) => [method, bucketOfMethod(method, throttle)])),
    };
  }
  return undefined;
}

/** Of most keys: one for all of them. */
const NONE: KeyOfStage["methodBuckets"] = new Map();

const bucketOf = (name: string, { rateLimit, burstLimit }: Throttle): TokenBucket => ({ name, rateLimit, burstLimit, [KEPT]: undefined });
