// Whether and how the answers for a method are cached
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html).
import { methodsOf } from "../domain/http-method.ts";
import { MAX_CACHE_TTL_SECONDS } from "../domain/limits.ts";
import type { Method, MethodSetting } from "../domain/rest-api.ts";
import type { RequestFacts } from "./facts.ts";
import { allHeaders } from "./headers.ts";
import type { MethodSettings } from "./method-settings.ts";
import type { MappedValue, MappingScope, ParameterMapping, RequestMappings } from "./parameter-mapping.ts";
import { compileRequestMappings } from "./parameter-mapping.ts";
import { allValues, queryOf } from "./query.ts";

export interface CachingPlan {
  readonly ttlMs: number;
  /** Whether entries are kept encrypted. */
  readonly encrypted: boolean;
  /**
   * What becomes of `Cache-Control: max-age=0`: any caller may have the entry replaced, or only one whom IAM allows it; the
   * others meet the strategy.
   */
  readonly invalidation: "ALLOWED" | MethodSetting["unauthorizedCacheControlHeaderStrategy"];
  /** Names the entry for a request within the stage's cache: equal texts, one entry. */
  key(facts: RequestFacts): string;
}

/** By the HTTP method of a request; a method that is not there is not cached. */
export type CachingPlans = ReadonlyMap<string, CachingPlan>;

export const NOT_CACHED: CachingPlans = new Map();

export interface CachingScope extends MappingScope {
  readonly resourcePath: string;
  /** The deployment whose answers they are. */
  readonly deploymentId: string;
  readonly methodSettings: MethodSettings;
}

/** The plans of a method in a stage that has a cache. */
export function compileCaching(method: Method, scope: CachingScope): CachingPlans {
  const { methodIntegration: integration, httpMethod } = method;
  // A response that is streamed is never there as a whole.
  if (integration === undefined || integration.responseTransferMode === "STREAM") return NOT_CACHED;
  const plans = new Map<string, CachingPlan>();
  for (const requestMethod of methodsOf(httpMethod)) {
    const setting = settingFor(requestMethod, method, scope);
    if (setting === undefined) continue;
    const name = [scope.deploymentId, integration.cacheNamespace, requestMethod];
    plans.set(requestMethod, {
      ttlMs: Math.min(setting.cacheTtlInSeconds, MAX_CACHE_TTL_SECONDS) * 1000,
      encrypted: setting.cacheDataEncrypted,
      invalidation: invalidationOf(setting),
      key: compileKey(name, method, scope),
    });
  }
  return plans.size === 0 ? NOT_CACHED : plans;
}

/** "Only GET methods have caching enabled by default": a setting for all methods is one for GET alone. */
function settingFor(requestMethod: string, { httpMethod }: Method, scope: CachingScope): MethodSetting | undefined {
  const found = scope.methodSettings.find(scope.resourcePath, requestMethod, httpMethod);
  if (found === undefined || !found.setting.cachingEnabled || found.setting.cacheTtlInSeconds <= 0) return undefined;
  return requestMethod === "GET" || found.namesMethod ? found.setting : undefined;
}

function invalidationOf(setting: MethodSetting): CachingPlan["invalidation"] {
  return setting.requireAuthorizationForCacheControl ? setting.unauthorizedCacheControlHeaderStrategy : "ALLOWED";
}

type KeyPart = (facts: RequestFacts) => MappedValue;

/**
 * The parameters' names and values, behind what they belong to. A canary of another deployment has its own answers, one
 * of the same deployment shares the stage's (.../canary-release.html); resources that share a namespace share theirs.
 */
function compileKey(name: readonly string[], { methodIntegration }: Method, scope: CachingScope): CachingPlan["key"] {
  const { cacheKeyParameters = [], requestParameters } = methodIntegration ?? {};
  if (cacheKeyParameters.length === 0) {
    const key = JSON.stringify(name);
    return () => key;
  }
  const mappings = compileRequestMappings(requestParameters, scope);
  const parts = cacheKeyParameters.toSorted().map((text) => [text, keyPart(text, mappings, scope)] as const);
  return (facts) => JSON.stringify([...name, ...parts.map(([text, part]) => [text, part?.(facts) ?? null])]);
}

const PARAMETER =
  /^(method|integration)\.request\.(path|querystring|multivaluequerystring|header|multivalueheader)\.(.+)$/;

/** A parameter of the method request, or one of the integration request with the value that is mapped to it. */
function keyPart(text: string, mappings: RequestMappings, { variables }: MappingScope): KeyPart | undefined {
  const [, side, place, name] = PARAMETER.exec(text) ?? [];
  if (side === undefined || place === undefined || name === undefined) return undefined;
  if (side === "integration") return mappingTo(place, name, mappings)?.value;
  if (place === "path") {
    const index = variables.indexOf(name);
    return ({ pathValues }) => pathValues[index];
  }
  if (place.endsWith("header")) return ({ headers }) => allHeaders(headers, name);
  return (facts) => allValues(queryOf(facts), name);
}

type RequestMapping = ParameterMapping<RequestFacts>;

function mappingTo(place: string, name: string, mappings: RequestMappings): RequestMapping | undefined {
  if (place === "path") return mappings.path.get(name);
  return (place.endsWith("header") ? mappings.headers : mappings.query).find((mapping) => mapping.name === name);
}
