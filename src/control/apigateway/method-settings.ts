// Settings of a stage's methods: one set for all of them under `*/*`, and others for single methods
// (https://docs.aws.amazon.com/apigateway/latest/api/API_MethodSetting.html).
import { badRequest } from "../../domain/errors.ts";
import { isJsonObject } from "../../domain/json.ts";
import { MAX_CACHE_TTL_SECONDS } from "../../domain/limits.ts";
import type { MethodSetting, Stage } from "../../domain/rest-api.ts";
import * as verbs from "../verbs/index.ts";
import { DECLARED_METHODS } from "./method.ts";

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

type Settings = { readonly [Member in keyof Required<MethodSetting>]: readonly [path: string, parse: (operand: verbs.Operand) => MethodSetting[Member]] };

/** Where each member stands below the place, and how its value is read. */
const SETTINGS: Settings = {
  metricsEnabled: ["metrics/enabled", verbs.boolean],
  dataTraceEnabled: ["logging/dataTrace", verbs.boolean],
  loggingLevel: ["logging/loglevel", verbs.oneOf("OFF", "ERROR", "INFO")],
  throttlingBurstLimit: ["throttling/burstLimit", limit.integer],
  throttlingRateLimit: ["throttling/rateLimit", limit.number],
  cachingEnabled: ["caching/enabled", verbs.boolean],
  cacheDataEncrypted: ["caching/dataEncrypted", verbs.boolean],
  cacheTtlInSeconds: ["caching/ttlInSeconds", verbs.integer(0, MAX_CACHE_TTL_SECONDS)],
  requireAuthorizationForCacheControl: ["caching/requireAuthorizationForCacheControl", verbs.boolean],
  unauthorizedCacheControlHeaderStrategy: [
    "caching/unauthorizedCacheControlHeaderStrategy",
    verbs.oneOf("FAIL_WITH_403", "SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER"),
  ],
};

const members = Object.keys(SETTINGS) as (keyof Settings)[];

export const methodSettingRules: verbs.PatchRules<Stage> = {
  "/methodSettings": { replace: replaceAll },
  ...Object.fromEntries(members.map((member) => [`${PLACE}/${SETTINGS[member][0]}`, { replace: setting(member) }])),
  // Not in the page's table, but how Terraform takes settings away.
  [PLACE]: { remove: dropSettings },
};

function setting(member: keyof Settings): verbs.Step<Stage> {
  return (stage, operand) => {
    const key = operand.path.split("/").slice(1, -2).join("/");
    const httpMethod = operand.names[1] as string;
    if (httpMethod !== "*" && !DECLARED_METHODS.includes(httpMethod)) throw badRequest(`Invalid method setting path: ${operand.path}`);
    const current = stage.methodSettings[key] ?? DEFAULTS;
    const [, parse] = SETTINGS[member];
    return { ...stage, methodSettings: { ...stage.methodSettings, [key]: { ...current, [member]: parse(operand) } } };
  };
}

/** The value is taken to be the member as answers carry it: JSON, by `{resourcePath}/{httpMethod}`. */
function replaceAll(stage: Stage, { path, value = "" }: verbs.Operand): Stage {
  const settings = verbs.parseJson(value);
  if (!isJsonObject(settings)) throw badRequest(`Invalid patch value '${value}' specified for path '${path}'. Must be a JSON object of method settings`);
  let next: Stage = { ...stage, methodSettings: {} };
  for (const [key, given] of Object.entries(settings)) {
    const unknown = isJsonObject(given) ? Object.keys(given).find((name) => !Object.hasOwn(SETTINGS, name)) : key;
    if (!isJsonObject(given) || unknown !== undefined) throw badRequest(`Invalid method setting path: ${path}/${key}${isJsonObject(given) ? `/${unknown}` : ""}`);
    const httpMethod = key.slice(key.lastIndexOf("/") + 1);
    for (const member of members.filter((each) => Object.hasOwn(given, each))) {
      const operand = { path: `/${key}/${SETTINGS[member][0]}`, names: [key, httpMethod], value: String(given[member]), from: undefined };
      next = setting(member)(next, operand);
    }
  }
  return next;
}

/** The words are those that Terraform's provider looks for (its resource aws_api_gateway_method_settings). */
function dropSettings(stage: Stage, { path, names }: verbs.Operand): Stage {
  const key = path.slice(1);
  const httpMethod = names.at(-1) as string;
  if (httpMethod !== "*" && !DECLARED_METHODS.includes(httpMethod)) throw badRequest(`Invalid method setting path: ${path}`);
  if (!Object.hasOwn(stage.methodSettings, key)) {
    throw badRequest(`Cannot remove method setting ${key} because there is no method setting for this method`);
  }
  const { [key]: _gone, ...methodSettings } = stage.methodSettings;
  return { ...stage, methodSettings };
}
