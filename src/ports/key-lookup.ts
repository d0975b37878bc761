// API keys as the gateway looks them up, by value: what it knows of keys and plans was told it, and is never read from the store.
import type { ApiKey } from "../domain/api-key.ts";
import type { TokenBucket } from "../domain/token-bucket.ts";
import type { UsagePlan } from "../domain/usage-plan.ts";
import type { Meter } from "./counters.ts";

/** A key with the plans that it is in. Its value is a secret, and in no log. */
export interface PublishedKey extends Pick<ApiKey, "id" | "value" | "enabled"> {
  readonly account: string;
  readonly region: string;
  readonly planIds: readonly string[];
}

/** A plan that keys are in. */
export interface PublishedPlan extends Pick<UsagePlan, "id" | "apiStages" | "throttle" | "quota"> {
  readonly account: string;
  readonly region: string;
}

interface Gone {
  readonly account: string;
  readonly region: string;
  readonly id: string;
}

export type KeyChange =
  | { readonly type: "key"; readonly key: PublishedKey }
  | { readonly type: "plan"; readonly plan: PublishedPlan }
  | ({ readonly type: "keyGone" | "planGone" } & Gone);

export interface CalledStage {
  readonly account: string;
  readonly region: string;
  readonly apiId: string;
  readonly stageName: string;
}

/** What a key may do on a stage: by the one plan of the key that has the stage. */
export interface KeyOfStage {
  readonly keyId: string;
  readonly meter: Meter;
  /** The key's own in the plan, all stages together. */
  readonly bucket: TokenBucket | undefined;
  /** The key's own for single methods of the stage, by `{resource path}/{method}`. */
  readonly methodBuckets: ReadonlyMap<string, TokenBucket>;
}

export interface KeyLookup {
  /** Undefined when the account has no such key, it is not enabled, or is in no plan that has the stage. */
  find(stage: CalledStage, value: string): KeyOfStage | undefined;
}

/** Who is told of keys and plans. */
export interface KeyHolder {
  /** From the next request on. */
  changeKeys(changes: readonly KeyChange[]): void | Promise<void>;
}
