// The cache between the client and the backend
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html). What is cached is the
// backend's answer, whatever its status; it is mapped anew for every request. Requests that find nothing at the same time
// all ask the backend, as there is nothing yet that could answer them.
import { hash } from "node:crypto";
import type { CachingPlan } from "../../plan/index.ts";
import type { Cache, CacheSlot } from "../../ports/cache.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import { methodArns } from "../authorizer-event.ts";
import { type CachedAnswer, createAnswerCodec } from "../cached-answer.ts";
import type { Answered, Authorized, Execution, Integrated, Mapped } from "../execution.ts";
import { decideAccess } from "../iam-decision.ts";
import type { Step } from "../pipeline.ts";
import { Rejection } from "../rejection.ts";

/** Wraps the three steps around the backend. */
export interface CacheSteps {
  /** Takes the answer from the cache, or maps the request. @throws {Rejection} ACCESS_DENIED: see {@link reloads}. */
  recallOr(mapRequest: Step<Authorized, Mapped>): Step<Authorized, Mapped>;
  /** Asks the backend unless the answer came from the cache. */
  unlessRecalled(callBackend: Step<Mapped, Integrated>): Step<Mapped, Integrated>;
  /** Maps the response, and keeps the backend's answer once that has succeeded. */
  thenKeep(mapResponse: (integrated: Integrated) => Answered): Step<Integrated, Answered>;
}

/** AWS's page promises "a warning header" and does not print it. 199 is RFC 7234's code for miscellaneous warnings. */
const IGNORED = ["Warning", "199 Cache-control headers were ignored because the caller was unauthorized."] as const;

const RECALLED = { type: "CACHE" } as const;

/** A stage's cache, by its name. */
export const cacheName = (apiId: string, stageName: string): string => `${apiId}/${stageName}`;

export function createCacheSteps(cache: Cache): CacheSteps {
  const codec = createAnswerCodec();

  /** Notes the place where the answer belongs, and the answer when it is there and wanted. */
  function noteSlot(execution: Execution, key: string, slot: CacheSlot, reload: boolean): boolean {
    execution.cacheSlot = slot;
    execution.cacheKey = key;
    execution.cacheReload = reload;
    const answer = reload || slot.value === undefined ? undefined : codec.decode(slot.value, key);
    if (answer === undefined) return false;
    noteRecalled(execution, answer);
    return true;
  }

  function keep(slot: CacheSlot, integrated: Integrated, key: string): void {
    const plan = integrated.method.caching.get(integrated.httpMethod);
    const bytes = plan && codec.encode(answerOf(integrated), key, plan.encrypted);
    if (plan === undefined || bytes === undefined) slot.clear();
    else slot.fill(bytes, plan.ttlMs);
  }

  /** Nobody is answered from what was kept before once the client has the new answer, whichever process serves. */
  async function replace(integrated: Integrated, key: string): Promise<void> {
    await cache.evict(nameOf(integrated), key);
    keep(await cache.open(nameOf(integrated), key), integrated, key);
  }

  return {
    recallOr: (mapRequest) => (authorized) => {
      const plan = authorized.method.caching.get(authorized.httpMethod);
      if (plan === undefined) return mapRequest(authorized);
      const execution = authorized as Execution;
      const reload = reloads(execution, plan);
      // A hash, since a key holds what clients sent, credentials perhaps, and may be as long as their headers.
      const key = hash("sha256", plan.key(authorized), "base64url");
      const slot = cache.open(nameOf(authorized), key);
      const go = (opened: CacheSlot): Mapped | Promise<Mapped> =>
        noteSlot(execution, key, opened, reload) ? (authorized as Mapped) : mapRequest(authorized);
      return slot instanceof Promise ? slot.then(go) : go(slot);
    },

    unlessRecalled: (callBackend) => (mapped) => (isRecalled(mapped) ? (mapped as Integrated) : callBackend(mapped)),

    thenKeep: (mapResponse) => (integrated) => {
      const answered = mapResponse(integrated);
      const execution = integrated as Execution;
      if (execution.cacheControlIgnored) execution.responseHeaders = [...answered.responseHeaders, ...IGNORED];
      const { cacheKey, cacheReload, cacheSlot } = execution;
      if (cacheSlot === undefined || cacheKey === undefined || isRecalled(integrated)) return answered;
      if (cacheReload) return replace(integrated, cacheKey).then(() => answered);
      keep(cacheSlot, integrated, cacheKey);
      return answered;
    },
  };
}

const nameOf = ({ stage: { apiId, stageName } }: Authorized): string => cacheName(apiId, stageName);

const isRecalled = ({ integrationRequest }: Mapped): boolean => integrationRequest.type === "CACHE";

/**
 * Whether the client has the entry replaced, by `Cache-Control: max-age=0`. One that may not is turned away, or its
 * header is ignored, with or without a word to it.
 * @throws {Rejection} ACCESS_DENIED
 */
function reloads(execution: Execution, { invalidation }: CachingPlan): boolean {
  if (!asksForReload(execution.headers)) return false;
  if (invalidation === "ALLOWED" || mayInvalidate(execution as Authorized)) return true;
  if (invalidation === "FAIL_WITH_403") {
    throw new Rejection("ACCESS_DENIED", { reason: "The caller may not invalidate the cache" });
  }
  execution.cacheControlIgnored = invalidation === "SUCCEED_WITH_RESPONSE_HEADER";
  return false;
}

/** Whether the caller's policies, or the API's, allow it; "cross-account cache invalidation is not supported". */
function mayInvalidate(authorized: Authorized): boolean {
  const { signer, stage } = authorized;
  if (signer === undefined || signer.principal.account !== stage.account) return false;
  const { account, resourcePolicy } = stage;
  const access = { action: "execute-api:InvalidateCache", resources: methodArns(authorized), account, resourcePolicy, request: authorized } as const;
  return decideAccess(signer, access).allowed;
}

/** Whether one of the directives of Cache-Control is `max-age=0`. */
function asksForReload(headers: HeaderList): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    if ((headers[i] as string).toLowerCase() !== "cache-control") continue;
    if (/(?:^|,)\s*max-age\s*=\s*"?0+"?\s*(?:,|$)/i.test(headers[i + 1] as string)) return true;
  }
  return false;
}

function noteRecalled(execution: Execution, answer: CachedAnswer): void {
  execution.integrationRequest = RECALLED;
  execution.integrationStatus = answer.status;
  execution.integrationHeaders = answer.headers;
  execution.integrationBody = answer.body;
  execution.functionError = answer.functionError;
}

function answerOf({ integrationStatus, integrationHeaders, integrationBody, functionError }: Integrated): CachedAnswer {
  return { status: integrationStatus, headers: integrationHeaders, body: integrationBody, functionError };
}
