// A stage's settings for a route of an HTTP or a WebSocket API
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html, websocket-api-protect.html).
import type { RouteSettings } from "../domain/http-api.ts";
import { AWS_ACCOUNT_THROTTLE } from "../domain/limits.ts";
import type { TokenBucket } from "../domain/token-bucket.ts";

interface SettingsOfStage<Settings> {
  readonly defaultRouteSettings: Settings;
  /** By route key. */
  readonly routeSettings: Readonly<Record<string, Settings>>;
}

/** A route's settings go before the stage's default ones, member by member. */
export function settingsOf<Settings extends RouteSettings>(stage: SettingsOfStage<Settings>, routeKey: string): Settings {
  const { defaultRouteSettings, routeSettings } = stage;
  return Object.hasOwn(routeSettings, routeKey) ? { ...defaultRouteSettings, ...(routeSettings[routeKey] as Settings) } : defaultRouteSettings;
}

/** A bucket of the route's own, also where the stage's default settings say how large; undefined where nothing is said. */
export function bucketOf(
  routeKey: string,
  { throttlingBurstLimit: burstLimit, throttlingRateLimit: rateLimit }: RouteSettings,
  { apiId, stageName }: { readonly apiId: string; readonly stageName: string },
): TokenBucket | undefined {
  if (burstLimit === undefined && rateLimit === undefined) return undefined;
  const { rateLimit: accountRate, burstLimit: accountBurst } = AWS_ACCOUNT_THROTTLE;
  return { name: `route/${apiId}/${stageName}/${routeKey}`, rateLimit: rateLimit ?? accountRate, burstLimit: burstLimit ?? accountBurst };
}
