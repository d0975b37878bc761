// What Lambda authorizers have answered, kept for the identities they were asked about
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization-with-console.html):
// a principal and a policy, which is evaluated for every request anew, so that what it allows for one method opens no other.
import { hash } from "node:crypto";
import type { LambdaAuthorizerPlan } from "../plan/index.ts";
import type { Cache, CacheSlot } from "../ports/cache.ts";
import { type AuthorizerResult, parseAuthorizerResult } from "./authorizer-result.ts";
import type { Routed } from "./execution.ts";
import type { Identity } from "./lambda-authorizer.ts";

export interface AuthorizerCache {
  /** Where the result for these identities belongs. */
  open(execution: Routed, plan: LambdaAuthorizerPlan, identities: readonly Identity[]): ResultSlot | Promise<ResultSlot>;
}

export interface ResultSlot {
  readonly result: AuthorizerResult | undefined;
  /** Keeps a function's whole answer, which has been found to be a result. */
  keep(payload: Buffer): void;
}

/** The cache of a stage's authorizers, by its name: no API's id has a colon. */
export const authorizerCacheName = (apiId: string, stageName: string): string => `authorizers:${apiId}/${stageName}`;

/** The most that is kept for the authorizers of one stage, in bytes, under the operator's limit for all caches. */
export const AUTHORIZER_CACHE_BYTES = 67_108_864;

export function createAuthorizerCache(cache: Cache): AuthorizerCache {
  const parsed = createParsedResults();

  const slotOf = (slot: CacheSlot, { cacheTtlMs }: LambdaAuthorizerPlan): ResultSlot => ({
    result: slot.value && parsed.of(slot.value),
    keep: (payload) => slot.fill(copyOf(payload), cacheTtlMs),
  });

  return {
    open(execution, plan, identities) {
      const { apiId, stageName } = execution.stage;
      const slot = cache.open(authorizerCacheName(apiId, stageName), keyOf(execution, plan, identities));
      return slot instanceof Promise ? slot.then((opened) => slotOf(opened, plan)) : slotOf(slot, plan);
    },
  };
}

/** The function's answer may lie in a larger buffer, that would be kept with it; so would the pool of `Buffer.from`. */
function copyOf(payload: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(payload.length);
  payload.copy(copy);
  return copy;
}

/**
 * The identities, behind what they were shown to: another deployment, or another value of a stage variable in the
 * function's name, may give them other rights. A hash, since they are credentials.
 */
function keyOf({ stage }: Routed, { functionArn, id }: LambdaAuthorizerPlan, identities: readonly Identity[]): string {
  const values = identities.map(({ value }) => value);
  return hash("sha256", JSON.stringify([stage.deploymentId, id, functionArn, values]), "base64url");
}

/** How many bytes of results are held compiled at most: what is used most is not compiled for every request. */
const PARSED_BYTES = 8_388_608;

interface ParsedResults {
  /** What the cache keeps, parsed; undefined should it be no result. */
  of(value: Buffer): AuthorizerResult | undefined;
}

/**
 * By the very buffer that the cache holds: one that the cache no longer gives out is never found again. In two generations:
 * when the young one has half of the bytes, it becomes the old one, and what of that was not used again is forgotten.
 */
function createParsedResults(): ParsedResults {
  let young = new Map<Buffer, AuthorizerResult>();
  let old = new Map<Buffer, AuthorizerResult>();
  let bytes = 0;

  function remember(value: Buffer, result: AuthorizerResult): void {
    if (bytes + value.length > PARSED_BYTES / 2) {
      [old, young, bytes] = [young, new Map(), 0];
    }
    if (value.length > PARSED_BYTES / 2) return;
    young.set(value, result);
    bytes += value.length;
  }

  return {
    of(value) {
      const known = young.get(value);
      if (known !== undefined) return known;
      const result = old.get(value) ?? parseAuthorizerResult(value);
      if (typeof result === "string") return undefined;
      remember(value, result);
      return result;
    },
  };
}
