// Stages and deployments.
import type { Changes, Row } from "../patch-case.ts";
import { set } from "../updatable.ts";
import { ALL, BOOLEAN, integer, METHOD, MOST, NON_EMPTY, number, oneOf, REMOVE, REPLACE } from "./words.ts";

const LOG_GROUP = "arn:aws:logs:us-east-1:000000000000:log-group";
const METHOD_SETTINGS = {
  metricsEnabled: false,
  loggingLevel: "OFF",
  dataTraceEnabled: false,
  throttlingBurstLimit: 5000,
  throttlingRateLimit: 10_000,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
} as const;

/** What is seen of a method that has settings of its own for the first time: all of them. */
const settings = (method: string, own: Partial<Record<keyof typeof METHOD_SETTINGS, unknown>>): Changes =>
  Object.fromEntries(Object.entries({ ...METHOD_SETTINGS, ...own }).map(([name, value]) => [`/methodSettings/${method}/${name}`, value]));

const setting = (name: string, value: string, own: Parameters<typeof settings>[1], wrong: Row["wrong"]): Row => ({
  path: `${METHOD}/${name}`,
  ops: REPLACE,
  at: `/~1pets/GET/${name}`,
  value,
  shows: settings("~01pets~1GET", own),
  ...(wrong ? { wrong } : {}),
});

export const STAGE_ROWS: Readonly<Record<string, readonly Row[]>> = {
  UpdateDeployment: [{ path: "/description", ops: REPLACE, value: "d" }],
  UpdateStage: [
    { path: "/accessLogSettings", ops: REMOVE, showsOf: { remove: { "/accessLogSettings/destinationArn": undefined, "/accessLogSettings/format": undefined } } },
    {
      path: "/accessLogSettings/destinationArn",
      ops: ALL,
      value: `${LOG_GROUP}:other`,
      wrong: { "~": "Invalid ARN specified in the request", ...NON_EMPTY },
    },
    {
      path: "/accessLogSettings/format",
      ops: ALL,
      value: "$context.requestId $context.status",
      wrong: { "~": "Access Log format must include at least $context.requestId", ...NON_EMPTY },
    },
    {
      path: "/cacheClusterEnabled",
      ops: REPLACE,
      value: "true",
      shows: { "/cacheClusterEnabled": true, "/cacheClusterStatus": "AVAILABLE", "/cacheClusterSize": "0.5" },
      wrong: BOOLEAN,
    },
    { path: "/cacheClusterSize", ops: REPLACE, value: "1.6", shows: { "/cacheClusterSize": "1.6" }, wrong: oneOf("0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237") },
    {
      path: "/canarySettings",
      ops: REMOVE,
      showsOf: { remove: Object.fromEntries(["deploymentId", "percentTraffic", "stageVariableOverrides/a", "useStageCache"].map((name) => [`/canarySettings/${name}`, undefined])) },
    },
    {
      path: "/canarySettings/deploymentId",
      ops: REPLACE,
      value: "{firstDeployment}",
      wrong: { "~": "404 NotFoundException: Invalid Deployment identifier specified", ...NON_EMPTY },
    },
    { path: "/canarySettings/percentTraffic", ops: REPLACE, value: "12.5", wrong: number(0, 100) },
    {
      path: "/canarySettings/stageVariableOverrides",
      ops: REPLACE,
      value: '{"a":"b"}',
      shows: { "/canarySettings/stageVariableOverrides/a": "b" },
      wrong: { "~": "Must be a JSON object of strings", '{"a":1}': "Must be a JSON object of strings" },
    },
    // Guide: update-canary-deployment.
    { path: "/canarySettings/stageVariableOverrides/{name}", ops: [], also: ["replace", "remove"], at: "/canarySettings/stageVariableOverrides/a", value: "c" },
    { path: "/canarySettings/useStageCache", ops: REPLACE, value: "true", wrong: BOOLEAN },
    { path: "/clientCertificateId", ops: REPLACE, value: "", shows: {}, wrong: { "~": "Invalid Client Certificate identifier specified" } },
    {
      path: "/deploymentId",
      ops: ["replace", "copy"],
      value: "{secondDeployment}",
      from: "/canarySettings/deploymentId",
      shows: { "/deploymentId": "{secondDeployment}" },
      wrong: { "~": "404 NotFoundException: Invalid Deployment identifier specified", ...NON_EMPTY },
    },
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/documentationVersion", ops: REPLACE, value: "first", wrong: { "~": "Invalid Documentation version specified" } },
    {
      path: "/methodSettings",
      ops: REPLACE,
      value: '{"*/*":{"metricsEnabled":true}}',
      shows: settings("*~1*", { metricsEnabled: true }),
      wrong: { "~": "Must be a JSON object of method settings" },
    },
    // Guide: promote-canary-deployment, for copy.
    {
      path: "/variables",
      ops: ["replace", "remove"],
      also: ["copy"],
      value: '{"a":"c"}',
      from: "/canarySettings/stageVariableOverrides",
      showsOf: {
        replace: { "/variables/a": "c", "/variables/b": undefined },
        remove: { "/variables/a": undefined, "/variables/b": undefined },
        copy: { "/variables/a": "1", "/variables/b": undefined },
      },
      wrong: { "~": "Must be a JSON object of strings" },
    },
    // Guide: aws-api-gateway-stage-variables-reference has no removal; Terraform's provider removes.
    {
      path: "/variables/*",
      ops: REPLACE,
      also: REMOVE,
      at: "/variables/b",
      value: "c",
      wrong: {
        "": "Invalid stage variable value: .  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.",
      },
    },
    { path: "/tracingEnabled", ops: REPLACE, value: "true", wrong: BOOLEAN },
    // Terraform's provider takes all settings of a method away.
    { path: METHOD, ops: [], also: REMOVE, at: "/~1pets/GET", before: [set("/~1pets/GET/caching/enabled", "true")], showsOf: { remove: Object.fromEntries(Object.keys(settings("~01pets~1GET", {})).map((name) => [name, undefined])) } },
    setting("metrics/enabled", "true", { metricsEnabled: true }, BOOLEAN),
    setting("logging/dataTrace", "true", { dataTraceEnabled: true }, BOOLEAN),
    setting("logging/loglevel", "INFO", { loggingLevel: "INFO" }, oneOf("OFF, ERROR, INFO")),
    setting("throttling/burstLimit", "7", { throttlingBurstLimit: 7 }, integer(-1, MOST)),
    setting("throttling/rateLimit", "7.5", { throttlingRateLimit: 7.5 }, number(-1, MOST)),
    setting("caching/enabled", "true", { cachingEnabled: true }, BOOLEAN),
    setting("caching/dataEncrypted", "true", { cacheDataEncrypted: true }, BOOLEAN),
    setting("caching/ttlInSeconds", "7", { cacheTtlInSeconds: 7 }, integer(0, 3600)),
    setting("caching/requireAuthorizationForCacheControl", "false", { requireAuthorizationForCacheControl: false }, BOOLEAN),
    setting(
      "caching/unauthorizedCacheControlHeaderStrategy",
      "FAIL_WITH_403",
      { unauthorizedCacheControlHeaderStrategy: "FAIL_WITH_403" },
      oneOf("FAIL_WITH_403, SUCCEED_WITH_RESPONSE_HEADER, SUCCEED_WITHOUT_RESPONSE_HEADER"),
    ),
  ],
};
