// How often: a key's throttles and quota, then those that all callers share, in the order of
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html. AWS verifies the usage
// plan behind the authorizer (https://repost.aws/knowledge-center/api-gateway-logs), whichever source the key has.
import type { AccountThrottle } from "../../domain/limits.ts";
import type { TokenBucket } from "../../domain/token-bucket.ts";
import type { Counters, Meter } from "../../ports/counters.ts";
import type { KeyLookup, KeyOfStage } from "../../ports/key-lookup.ts";
import { createAccountBuckets } from "../account-buckets.ts";
import type { Authorized } from "../execution.ts";
import type { Step } from "../pipeline.ts";
import { type ExceededLimit, Rejection } from "../rejection.ts";
import { findKey } from "./api-key.ts";

export interface Throttling {
  readonly keys: KeyLookup;
  readonly counters: Counters;
  /** What all APIs of an account in a region have together. */
  readonly accountThrottle: AccountThrottle;
}

/**
 * A request takes from each bucket in turn, and what it took stays taken when a later one refuses; the quota counts only
 * requests that all buckets let in.
 * @throws {Rejection} INVALID_API_KEY, THROTTLED or QUOTA_EXCEEDED
 */
export function throttle({ keys, counters, accountThrottle }: Throttling): Step<Authorized, Authorized> {
  const accountBucket = createAccountBuckets(accountThrottle);

  function takeShared({ httpMethod, method, receivedAt, stage }: Authorized): void {
    const bucket = method.limits.buckets.get(httpMethod);
    if (bucket !== undefined && !counters.allow(bucket, receivedAt)) throw throttled({ of: "method", bucket });
    if (!counters.allow(accountBucket(stage), receivedAt)) throw throttled({ of: "account" });
  }

  function takeOwn(bucket: TokenBucket | undefined, { meter }: KeyOfStage, now: number): void {
    if (bucket !== undefined && !counters.allow(bucket, now)) throw throttled({ of: "key", planId: planOf(meter), bucket });
  }

  function meter(authorized: Authorized): Authorized | Promise<Authorized> {
    const { receivedAt } = authorized;
    const key = findKey(authorized, keys);
    takeOwn(methodBucket(key, authorized), key, receivedAt);
    takeOwn(key.bucket, key, receivedAt);
    const spent = counters.spend(key.meter, receivedAt);
    return spent instanceof Promise ? spent.then((isSpent) => concluded(authorized, key, isSpent)) : concluded(authorized, key, spent);
  }

  function concluded(authorized: Authorized, { meter }: KeyOfStage, isSpent: boolean): Authorized {
    if (!isSpent) throw new Rejection("QUOTA_EXCEEDED", { exceeded: { of: "quota", planId: planOf(meter), quota: meter.quota } });
    try {
      takeShared(authorized);
    } catch (error) {
      counters.refund(meter, authorized.receivedAt);
      throw error;
    }
    return authorized;
  }

  return (authorized) => {
    if (authorized.method.limits.keySource !== undefined) return meter(authorized);
    takeShared(authorized);
    return authorized;
  };
}

const throttled = (exceeded: ExceededLimit): Rejection => new Rejection("THROTTLED", { exceeded });

const planOf = ({ place }: Meter): string => place[2] ?? "";

/** The key's bucket for the very method, or for the `ANY` that it is declared under. */
function methodBucket({ methodBuckets }: KeyOfStage, { httpMethod, method: { limits } }: Authorized): TokenBucket | undefined {
  if (methodBuckets.size === 0) return undefined;
  const name = limits.byMethod?.get(httpMethod);
  return (name === undefined ? undefined : methodBuckets.get(name)) ?? methodBuckets.get(limits.declared);
}
