// What of a method's executions is logged and measured, and where it goes.
import { describe, expect, it, test } from "vitest";
import { settingOf, snapshotOf } from "../../test/harness/rest-api.ts";
import type { MethodSetting } from "../domain/rest-api.ts";
import { compileMethodSettings } from "./method-settings.ts";
import { apiNameDimension, compileObservation, executionLogGroups } from "./observation.ts";

const SETTING = settingOf();

describe("a method's observation", () => {
  const of = (key: string, settings: Readonly<Record<string, Partial<MethodSetting>>>) => {
    const [method] = snapshotOf({ [key]: {} }).methods;
    if (method === undefined) throw new Error("there is no method");
    const whole = Object.fromEntries(Object.entries(settings).map(([place, parts]) => [place, { ...SETTING, ...parts }]));
    return Object.fromEntries(compileObservation(method, key.split(" ")[1] as string, compileMethodSettings(whole)));
  };

  it.each<[string, Readonly<Record<string, Partial<MethodSetting>>>, object]>([
    ["GET /pets", {}, {}],
    ["GET /pets", { "*/*": { dataTraceEnabled: true } }, {}],
    ["GET /pets", { "*/*": { metricsEnabled: true } }, { GET: { logging: undefined, metrics: true } }],
    ["GET /pets", { "*/*": { loggingLevel: "ERROR" } }, { GET: { logging: { level: "ERROR", dataTrace: false }, metrics: false } }],
    ["GET /pets", { "*/*": { loggingLevel: "INFO" }, "pets/GET": {} }, {}],
    ["ANY /pets", { "~1pets/PUT": { loggingLevel: "INFO", dataTraceEnabled: true } }, { PUT: { logging: { level: "INFO", dataTrace: true }, metrics: false } }],
  ])("of %s with %j is %j", (key, settings, expected) => {
    expect(of(key, settings)).toEqual(expected);
  });
});

test("canary-release: a canary's executions are logged in its stage's group and in its own", () => {
  const stage = { account: "123456789012", region: "us-east-1", apiId: "a1", stageName: "prod" };
  const group = { account: "123456789012", region: "us-east-1", name: "API-Gateway-Execution-Logs_a1/prod" };
  expect(executionLogGroups(stage, false)).toEqual([group]);
  expect(executionLogGroups(stage, true)).toEqual([group, { ...group, name: `${group.name}/Canary` }]);
});

test.each([
  ["pets", "pets"],
  ["Häuser №1", "Huser 1"],
  ["Öö", "a1"],
  ["", "a1"],
])("api-gateway-metrics-and-dimensions: the API %j is %j in metrics", (name, dimension) => {
  expect(apiNameDimension(name, "a1")).toBe(dimension);
});
