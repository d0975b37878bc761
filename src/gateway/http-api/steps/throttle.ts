// How often a route may be called: its own limit, then the account's
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html).
import type { AccountThrottle } from "../../../domain/limits.ts";
import type { TokenBucket } from "../../../domain/token-bucket.ts";
import type { Counters } from "../../../ports/counters.ts";
import { createAccountBuckets } from "../../account-buckets.ts";
import type { Step } from "../../pipeline.ts";
import type { HttpAuthorized } from "../execution.ts";
import { HttpRejection } from "../rejection.ts";

export interface HttpThrottling {
  readonly counters: Counters;
  /** What all APIs of an account in a region have together. */
  readonly accountThrottle: AccountThrottle;
}

/** @throws {HttpRejection} THROTTLED */
export function throttle({ counters, accountThrottle }: HttpThrottling): Step<HttpAuthorized, HttpAuthorized> {
  const accountBucket = createAccountBuckets(accountThrottle);
  const take = (bucket: TokenBucket, now: number): void => {
    if (!counters.allow(bucket, now)) throw new HttpRejection("THROTTLED");
  };
  return (authorized) => {
    const { receivedAt, route, stage } = authorized;
    if (route.bucket !== undefined) take(route.bucket, receivedAt);
    take(accountBucket(stage), receivedAt);
    return authorized;
  };
}
