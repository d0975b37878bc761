// How often a route of an HTTP API may be called
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html).
import type { RouteSettings } from "../../domain/http-api.ts";
import { AWS_ACCOUNT_THROTTLE } from "../../domain/limits.ts";
import type { TokenBucket } from "../../domain/token-bucket.ts";
import type { HttpStageFacts } from "./stage-plan.ts";

/** A bucket of the route's own, also where the stage's default settings say how large; undefined where nothing is said. */
export function bucketOf(routeKey: string, settings: RouteSettings, { apiId, stageName }: HttpStageFacts): TokenBucket | undefined {
  const { throttlingBurstLimit: burstLimit, throttlingRateLimit: rateLimit } = settings;
  if (burstLimit === undefined && rateLimit === undefined) return undefined;
  const { rateLimit: accountRate, burstLimit: accountBurst } = AWS_ACCOUNT_THROTTLE;
  return { name: `route/${apiId}/${stageName}/${routeKey}`, rateLimit: rateLimit ?? accountRate, burstLimit: burstLimit ?? accountBurst };
}
