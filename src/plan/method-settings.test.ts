import { describe, expect, it } from "vitest";
import type { MethodSetting } from "../domain/rest-api.ts";
import { compileMethodSettings } from "./method-settings.ts";

/** Settings that tell themselves apart by their time to live. */
const setting = (cacheTtlInSeconds: number): MethodSetting => ({
  metricsEnabled: false,
  loggingLevel: "OFF",
  dataTraceEnabled: false,
  cachingEnabled: true,
  cacheTtlInSeconds,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
});

const found = (keys: readonly string[], path: string, method: string, declared = method) => {
  const result = compileMethodSettings(Object.fromEntries(keys.map((key, index) => [key, setting(index)]))).find(path, method, declared);
  return result && [keys[result.setting.cacheTtlInSeconds], result.namesMethod];
};

describe("method settings", () => {
  it.each([
    ["~1pets~1{id}/GET", "/pets/{id}"],
    ["pets/{id}/GET", "/pets/{id}"],
    ["/pets/{id}/GET", "/pets/{id}"],
    ["/~1pets~1{id}/GET", "/pets/{id}"],
    ["~1/GET", "/"],
    ["/GET", "/"],
    ["~1a~0b/GET", "/a~b"],
    ["~1{proxy+}/GET", "/{proxy+}"],
  ])("the key %s stands for GET of %s", (key, path) => {
    expect(found([key, "*/*"], path, "GET")).toEqual([key, true]);
    expect(found([key, "*/*"], path, "POST")).toEqual(["*/*", false]);
    expect(found([key, "*/*"], "/other", "GET")).toEqual(["*/*", false]);
    expect(found([key], "/other", "GET")).toBeUndefined();
  });

  it("the most specific one holds, the resource before the method", () => {
    const keys = ["*/*", "*/GET", "~1pets/*", "~1pets/ANY", "~1pets/GET"];
    expect(found(keys, "/pets", "GET", "ANY")).toEqual(["~1pets/GET", true]);
    expect(found(keys.slice(0, 4), "/pets", "GET", "ANY")).toEqual(["~1pets/ANY", true]);
    expect(found(keys.slice(0, 4), "/pets", "GET")).toEqual(["~1pets/*", false]);
    expect(found(keys.slice(0, 3), "/pets", "GET", "ANY")).toEqual(["~1pets/*", false]);
    expect(found(keys.slice(0, 2), "/pets", "GET")).toEqual(["*/GET", true]);
    expect(found(keys.slice(0, 2), "/pets", "POST")).toEqual(["*/*", false]);
    expect(found([], "/pets", "GET")).toBeUndefined();
  });

  it("the last spelling of the same place holds", () => {
    expect(found(["~1pets/GET", "pets/GET"], "/pets", "GET")).toEqual(["pets/GET", true]);
  });
});
