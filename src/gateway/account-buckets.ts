// What all APIs of an account in a region have together
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html).
import type { AccountThrottle } from "../domain/limits.ts";
import type { TokenBucket } from "../domain/token-bucket.ts";

/** A stage that is served, of any kind of API. */
export interface AccountStage {
  readonly account: string;
  readonly region: string;
}

/**
 * An account's bucket in a region, found by the stage without a name to be put together.
 * @param of what is taken from it: all requests, or new connections
 */
export function createAccountBuckets(throttle: AccountThrottle, of: "account" | "connections" = "account"): (stage: AccountStage) => TokenBucket {
  const byStage = new WeakMap<AccountStage, TokenBucket>();
  return (stage) => {
    let bucket = byStage.get(stage);
    if (bucket === undefined) byStage.set(stage, (bucket = { name: `${of}/${stage.account}/${stage.region}`, ...throttle }));
    return bucket;
  };
}
