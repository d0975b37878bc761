// What Lambda authorizers have answered, kept for the identities they were asked about
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization-with-console.html):
// a principal and a policy, which is evaluated for every request anew, so that what it allows for one method opens no other.
import { hash } from "node:crypto";
import type { LambdaAuthorizerPlan, StagePlan } from "../plan/index.ts";
import type { Cache, CacheSlot } from "../ports/cache.ts";
import type { AuthorizerResult } from "./authorizer-result.ts";

/** An authorizer of an API of any kind. */
type CachedAuthorizer = Pick<LambdaAuthorizerPlan, "cacheTtlMs" | "functionArn" | "id">;
type CachedStage = Pick<StagePlan, "apiId" | "deploymentId" | "stageName">;

export interface AuthorizerCache<Plan extends CachedAuthorizer = LambdaAuthorizerPlan, Result = AuthorizerResult> {
  /** Where the result for these identities belongs. */
  open(stage: CachedStage, plan: Plan, identities: readonly (string | undefined)[]): ResultSlot<Result> | Promise<ResultSlot<Result>>;
}

export interface ResultSlot<Result = AuthorizerResult> {
  readonly result: Result | undefined;
  /** Keeps a function's whole answer, which has been found to be a result. */
  keep(payload: Buffer): void;
}

/** The cache of a stage's authorizers, by its name: no API's id has a colon. */
export const authorizerCacheName = (apiId: string, stageName: string): string => `authorizers:${apiId}/${stageName}`;

/** The most that is kept for the authorizers of one stage, in bytes, under the operator's limit for all caches. */
export const AUTHORIZER_CACHE_BYTES = 67_108_864;

/** @param parse a function's whole answer as a result, or the reason why it is none */
export function createAuthorizerCache<Plan extends CachedAuthorizer, Result extends object>(
  cache: Cache,
  parse: (payload: Buffer, plan: Plan) => Result | string,
): AuthorizerCache<Plan, Result> {
  const parsed = createParsedResults(parse);

  const slotOf = (slot: CacheSlot, plan: Plan): ResultSlot<Result> => ({
    result: slot.value && parsed.of(slot.value, plan),
    keep: (payload) => slot.fill(copyOf(payload), plan.cacheTtlMs),
  });

  return {
    open(stage, plan, identities) {
      const slot = cache.open(authorizerCacheName(stage.apiId, stage.stageName), keyOf(stage, plan, identities));
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
function keyOf({ deploymentId }: CachedStage, { functionArn, id }: CachedAuthorizer, identities: readonly (string | undefined)[]): string {
  return hash("sha256", JSON.stringify([deploymentId, id, functionArn, identities]), "base64url");
}

/** How many bytes of results are held compiled at most: what is used most is not compiled for every request. */
const PARSED_BYTES = 8_388_608;

interface ParsedResults<Plan, Result> {
  /** What the cache keeps, parsed; undefined should it be no result. */
  of(value: Buffer, plan: Plan): Result | undefined;
}

/**
 * By the very buffer that the cache holds: one that the cache no longer gives out is never found again. In two generations:
 * when the young one has half of the bytes, it becomes the old one, and what of that was not used again is forgotten.
 */
function createParsedResults<Plan, Result extends object>(parse: (payload: Buffer, plan: Plan) => Result | string): ParsedResults<Plan, Result> {
  let young = new Map<Buffer, Result>();
  let old = new Map<Buffer, Result>();
  let bytes = 0;

  function remember(value: Buffer, result: Result): void {
    if (bytes + value.length > PARSED_BYTES / 2) {
      [old, young, bytes] = [young, new Map(), 0];
    }
    if (value.length > PARSED_BYTES / 2) return;
    young.set(value, result);
    bytes += value.length;
  }

  return {
    of(value, plan) {
      const known = young.get(value);
      if (known !== undefined) return known;
      const result = old.get(value) ?? parse(value, plan);
      if (typeof result === "string") return undefined;
      remember(value, result);
      return result;
    },
  };
}
