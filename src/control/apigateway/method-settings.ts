// Settings of a stage's methods: one set for all of them under `*/*`, and others for single methods
// (https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html).
import { badRequest } from "../../domain/errors.ts";
import { MAX_CACHE_TTL_SECONDS } from "../../domain/limits.ts";
import type { MethodSetting, Stage } from "../../domain/rest-api.ts";
import * as verbs from "../verbs/index.ts";
import { HTTP_METHODS } from "./method.ts";

const DEFAULTS: MethodSetting = {
  metricsEnabled: false,
  loggingLevel: "OFF",
  dataTraceEnabled: false,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
};

/** -1 takes a limit away. */
const limit = { integer: verbs.integer(-1, 2 ** 31 - 1), number: verbs.number(-1, 2 ** 31 - 1) };

/** A resource path may be written with `~1` for its slashes, or with them: whatever is left of the method. */
const PLACE = "/{resourcePath+}/{httpMethod}";

export const methodSettingRules: verbs.PatchRules<Stage> = {
  [`${PLACE}/metrics/enabled`]: { replace: setting("metricsEnabled", verbs.boolean) },
  [`${PLACE}/logging/dataTrace`]: { replace: setting("dataTraceEnabled", verbs.boolean) },
  [`${PLACE}/logging/loglevel`]: { replace: setting("loggingLevel", verbs.oneOf("OFF", "ERROR", "INFO")) },
  [`${PLACE}/throttling/burstLimit`]: { replace: setting("throttlingBurstLimit", limit.integer) },
  [`${PLACE}/throttling/rateLimit`]: { replace: setting("throttlingRateLimit", limit.number) },
  [`${PLACE}/caching/enabled`]: { replace: setting("cachingEnabled", verbs.boolean) },
  [`${PLACE}/caching/dataEncrypted`]: { replace: setting("cacheDataEncrypted", verbs.boolean) },
  [`${PLACE}/caching/ttlInSeconds`]: { replace: setting("cacheTtlInSeconds", verbs.integer(0, MAX_CACHE_TTL_SECONDS)) },
  [`${PLACE}/caching/requireAuthorizationForCacheControl`]: { replace: setting("requireAuthorizationForCacheControl", verbs.boolean) },
  [`${PLACE}/caching/unauthorizedCacheControlHeaderStrategy`]: {
    replace: setting(
      "unauthorizedCacheControlHeaderStrategy",
      verbs.oneOf("FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER"),
    ),
  },
  // Not in the page's table, but how Terraform takes settings away.
  [PLACE]: { remove: dropSettings },
};

function setting<K extends keyof MethodSetting>(member: K, parse: (operand: verbs.Operand) => MethodSetting[K]): verbs.Step<Stage> {
  return (stage, operand) => {
    const key = operand.path.split("/").slice(1, -2).join("/");
    const httpMethod = operand.names[1] as string;
    if (httpMethod !== "*" && !HTTP_METHODS.includes(httpMethod)) throw badRequest(`Invalid method setting path: ${operand.path}`);
    const current = stage.methodSettings[key] ?? DEFAULTS;
    return { ...stage, methodSettings: { ...stage.methodSettings, [key]: { ...current, [member]: parse(operand) } } };
  };
}

function dropSettings(stage: Stage, { path }: verbs.Operand): Stage {
  const key = path.slice(1);
  if (!Object.hasOwn(stage.methodSettings, key)) throw badRequest(`Invalid method setting path: ${path}`);
  const { [key]: _gone, ...methodSettings } = stage.methodSettings;
  return { ...stage, methodSettings };
}
