// How often a method of a stage may be called, and whether it takes API keys
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html).
import { methodsOf } from "../domain/http-method.ts";
import { AWS_ACCOUNT_THROTTLE } from "../domain/limits.ts";
import type { Method, MethodSetting, RestApi, RestApiSnapshot, Stage } from "../domain/rest-api.ts";
import type { TokenBucket } from "../domain/token-bucket.ts";
import type { MethodSettings } from "./method-settings.ts";

/** What requests have to show, and what they take from. */
export interface LimitsPlan {
  /** Where a key comes from; undefined when none is asked for. */
  readonly keySource: RestApiSnapshot["apiKeySource"] | undefined;
  /** `/pets/{id}/GET`, as usage plans name the method: the declared one, which may be `ANY`. */
  readonly declared: string;
  /** The same for a request by each HTTP method; only where they are not all the declared one. */
  readonly byMethod: ReadonlyMap<string, string> | undefined;
  /** The method's own, which all its callers share, by the HTTP method of a request. */
  readonly buckets: ReadonlyMap<string, TokenBucket>;
}

const NONE: LimitsPlan["buckets"] = new Map();

export interface LimitsScope {
  readonly api: Pick<RestApi, "id">;
  readonly stage: Pick<Stage, "stageName">;
  readonly keySource: RestApiSnapshot["apiKeySource"];
  readonly methodSettings: MethodSettings;
}

export function compileLimits({ httpMethod, apiKeyRequired }: Method, resourcePath: string, scope: LimitsScope): LimitsPlan {
  const methods = methodsOf(httpMethod);
  return {
    keySource: apiKeyRequired ? scope.keySource : undefined,
    declared: `${resourcePath}/${httpMethod}`,
    byMethod: httpMethod === "ANY" ? new Map(methods.map((method) => [method, `${resourcePath}/${method}`])) : undefined,
    buckets: compileBuckets(methods, httpMethod, resourcePath, scope),
  };
}

/** "Applied at the API method level for a stage": a setting for all methods gives each method a bucket of its own. */
function compileBuckets(methods: readonly string[], declared: string, resourcePath: string, scope: LimitsScope): LimitsPlan["buckets"] {
  const { api, stage, methodSettings } = scope;
  const shared = methodSettings.find(resourcePath, declared, declared)?.setting;
  const buckets = new Map<string, TokenBucket>();
  for (const method of methods) {
    const setting = methodSettings.find(resourcePath, method, declared)?.setting;
    const limits = setting && limitsOf(setting);
    if (limits === undefined) continue;
    // Only a setting for one of the methods that ANY stands for tells it from the others.
    const name = setting === shared ? declared : method;
    buckets.set(method, { name: `method/${api.id}/${stage.stageName}${resourcePath}/${name}`, ...limits });
  }
  return buckets.size === 0 ? NONE : buckets;
}

/** Where one of the two is not set, it is the account's default. */
function limitsOf({ throttlingRateLimit: rate = -1, throttlingBurstLimit: burst = -1 }: MethodSetting): Omit<TokenBucket, "name"> | undefined {
  if (rate < 0 && burst < 0) return undefined;
  return {
    rateLimit: rate < 0 ? AWS_ACCOUNT_THROTTLE.rateLimit : rate,
    burstLimit: burst < 0 ? AWS_ACCOUNT_THROTTLE.burstLimit : burst,
  };
}
