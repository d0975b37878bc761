// How often clients may connect and send messages: what a key's usage plan says of connecting, then the route's own limit, then
// the account's (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-protect.html).
import type { AccountThrottle } from "../../../domain/limits.ts";
import type { TokenBucket } from "../../../domain/token-bucket.ts";
import { lastHeader } from "../../../plan/index.ts";
import type { Counters } from "../../../ports/counters.ts";
import type { KeyLookup, KeyOfStage } from "../../../ports/key-lookup.ts";
import { createAccountBuckets } from "../../account-buckets.ts";
import type { Step } from "../../pipeline.ts";
import { Rejection } from "../../rejection.ts";
import type { WebSocketAuthorized, WebSocketExecution } from "../execution.ts";

export interface WebSocketThrottling {
  readonly keys: KeyLookup;
  readonly counters: Counters;
  /** What all APIs of an account in a region have together. */
  readonly accountThrottle: AccountThrottle;
  /** How many connections all its WebSocket APIs take together. */
  readonly connectionThrottle: AccountThrottle;
}

export interface WebSocketThrottles {
  /** @throws {Rejection} INVALID_API_KEY, THROTTLED or QUOTA_EXCEEDED */
  readonly connect: Step<WebSocketAuthorized, WebSocketAuthorized>;
  /** @throws {Rejection} THROTTLED */
  readonly message: Step<WebSocketAuthorized, WebSocketAuthorized>;
}

export function createWebSocketThrottles({ accountThrottle, connectionThrottle, counters, keys }: WebSocketThrottling): WebSocketThrottles {
  const accountBucket = createAccountBuckets(accountThrottle);
  const connectionBucket = createAccountBuckets(connectionThrottle, "connections");

  function take(bucket: TokenBucket | undefined, now: number): void {
    if (bucket !== undefined && !counters.allow(bucket, now)) throw new Rejection("THROTTLED");
  }

  function takeShared({ eventType, receivedAt, route, stage }: WebSocketAuthorized): void {
    take(route.bucket, receivedAt);
    if (eventType === "CONNECT") take(connectionBucket(stage), receivedAt);
    take(accountBucket(stage), receivedAt);
  }

  function concluded(authorized: WebSocketAuthorized, { meter }: KeyOfStage, isSpent: boolean): WebSocketAuthorized {
    if (!isSpent) throw new Rejection("QUOTA_EXCEEDED");
    try {
      takeShared(authorized);
    } catch (error) {
      counters.refund(meter, authorized.receivedAt);
      throw error;
    }
    return authorized;
  }

  function message(authorized: WebSocketAuthorized): WebSocketAuthorized {
    takeShared(authorized);
    return authorized;
  }

  return {
    message,
    connect(authorized) {
      const { keySource } = authorized.route;
      if (keySource === undefined) return message(authorized);
      const key = findKey(authorized, keySource, keys);
      const { receivedAt } = authorized;
      take(key.bucket, receivedAt);
      const spent = counters.spend(key.meter, receivedAt);
      return spent instanceof Promise ? spent.then((isSpent) => concluded(authorized, key, isSpent)) : concluded(authorized, key, spent);
    },
  };
}

/** What the key may do on the stage. The client has the key and its id from then on, as `$context.identity` shows them. */
function findKey(authorized: WebSocketAuthorized, source: "HEADER" | "AUTHORIZER", keys: KeyLookup): KeyOfStage {
  const { client, headers, stage } = authorized;
  const value = source === "AUTHORIZER" ? client.authorizer?.usageIdentifierKey : lastHeader(headers, "x-api-key");
  const found = value === undefined ? undefined : keys.find(stage, value);
  if (found === undefined || value === undefined) throw new Rejection("INVALID_API_KEY");
  (authorized as WebSocketExecution).client = { ...client, identity: { ...client.identity, apiKey: value, apiKeyId: found.keyId } };
  return found;
}
