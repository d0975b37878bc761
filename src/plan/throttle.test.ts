// Which method setting throttles a request, and whose tokens it takes (guide: api-gateway-request-throttling).
import { describe, expect, it } from "vitest";
import { stageOf } from "../../test/harness/rest-api.ts";
import type { Method, MethodSetting } from "../domain/rest-api.ts";
import { compileMethodSettings } from "./method-settings.ts";
import { compileLimits } from "./throttle.ts";

const METHOD: Method = { resourceId: "r", httpMethod: "GET", authorizationType: "NONE", apiKeyRequired: false, methodResponses: {} };

type Limits = Pick<MethodSetting, "throttlingRateLimit" | "throttlingBurstLimit">;

function limitsOf(settings: Readonly<Record<string, Limits>>, parts: Partial<Method> = {}) {
  const methodSettings = compileMethodSettings(settings as unknown as Readonly<Record<string, MethodSetting>>);
  return compileLimits({ ...METHOD, ...parts }, "/pets", { api: { id: "api" }, stage: stageOf(), keySource: "HEADER", methodSettings });
}

describe("the bucket of a method", () => {
  it.each<[string, Readonly<Record<string, Limits>>, object | undefined]>([
    ["no setting", {}, undefined],
    ["a setting without throttles", { "*/*": {} }, undefined],
    ["-1, which is none", { "*/*": { throttlingRateLimit: -1, throttlingBurstLimit: -1 } }, undefined],
    ["a rate alone, with the account's burst", { "*/*": { throttlingRateLimit: 5 } }, { rateLimit: 5, burstLimit: 5000 }],
    ["a burst alone, with the account's rate", { "*/*": { throttlingRateLimit: -1, throttlingBurstLimit: 7 } }, { rateLimit: 10_000, burstLimit: 7 }],
    ["0, which is none at all", { "*/*": { throttlingRateLimit: 0, throttlingBurstLimit: 0 } }, { rateLimit: 0, burstLimit: 0 }],
    [
      "the most specific one",
      { "*/*": { throttlingRateLimit: 1, throttlingBurstLimit: 1 }, "~1pets/*": { throttlingRateLimit: 2, throttlingBurstLimit: 2 }, "~1pets/GET": { throttlingRateLimit: 3, throttlingBurstLimit: 3 } },
      { rateLimit: 3, burstLimit: 3 },
    ],
    [
      "the most specific one, although it has none",
      { "*/*": { throttlingRateLimit: 1, throttlingBurstLimit: 1 }, "pets/GET": { throttlingRateLimit: -1, throttlingBurstLimit: -1 } },
      undefined,
    ],
  ])("with %s", (_what, settings, expected) => {
    const bucket = limitsOf(settings).buckets.get("GET");
    expect(bucket).toEqual(expected && { name: "method/api/prod/pets/GET", ...expected });
  });

  it("is one for all requests that ANY takes, but for those with a setting of their own", () => {
    const limits = { throttlingRateLimit: 1, throttlingBurstLimit: 1 };
    const { buckets } = limitsOf({ "*/*": limits, "pets/PUT": { ...limits } }, { httpMethod: "ANY" });
    const names = Object.fromEntries([...buckets].map(([method, { name }]) => [method, name]));
    const any = "method/api/prod/pets/ANY";
    expect(names).toEqual({ DELETE: any, GET: any, HEAD: any, OPTIONS: any, PATCH: any, POST: any, PUT: "method/api/prod/pets/PUT" });
  });
});

it("a method names itself as usage plans do, and its key's source where it asks for one", () => {
  expect(limitsOf({})).toMatchObject({ keySource: undefined, declared: "/pets/GET", byMethod: undefined });
  const any = limitsOf({}, { httpMethod: "ANY", apiKeyRequired: true });
  expect(any).toMatchObject({ keySource: "HEADER", declared: "/pets/ANY" });
  expect(any.byMethod?.get("PUT")).toBe("/pets/PUT");
});
