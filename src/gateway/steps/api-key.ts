// The API key of a request to a method that asks for one
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html).
import { lastHeader } from "../../plan/index.ts";
import type { KeyLookup, KeyOfStage } from "../../ports/key-lookup.ts";
import type { Authorized, Execution } from "../execution.ts";
import { Rejection } from "../rejection.ts";

/**
 * What the key may do on the stage. The caller's identity has the key and its id from then on, as
 * `$context.identity.apiKey` shows them.
 * @throws {Rejection} INVALID_API_KEY without a key, and with one that is unknown, not enabled, or in no plan for the stage
 */
export function findKey(authorized: Authorized, keys: KeyLookup): KeyOfStage {
  const { authorizer, headers, identity, method, stage } = authorized;
  const value = method.limits.keySource === "AUTHORIZER" ? authorizer?.usageIdentifierKey : lastHeader(headers, "x-api-key");
  const found = value === undefined ? undefined : keys.find(stage, value);
  if (found === undefined || value === undefined) throw new Rejection("INVALID_API_KEY");
  (authorized as Execution).identity = { ...identity, apiKey: value, apiKeyId: found.keyId };
  return found;
}
