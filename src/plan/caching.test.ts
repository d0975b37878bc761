// Which methods are cached, for how long, and under which keys (developer guide: api-gateway-caching).
import { describe, expect, it } from "vitest";
import { settingOf } from "../../test/harness/rest-api.ts";
import type { Integration, Method, MethodSetting } from "../domain/rest-api.ts";
import { compileCaching } from "./caching.ts";
import type { RequestFacts } from "./facts.ts";
import { compileMethodSettings } from "./method-settings.ts";

const SETTING = settingOf({ cachingEnabled: true });

const INTEGRATION: Integration = {
  type: "HTTP",
  connectionType: "INTERNET",
  passthroughBehavior: "WHEN_NO_MATCH",
  timeoutInMillis: 29_000,
  cacheNamespace: "r1",
  cacheKeyParameters: [],
  integrationResponses: {},
};

interface Parts {
  readonly httpMethod?: string;
  readonly integration?: Partial<Integration>;
  readonly settings?: Readonly<Record<string, Partial<MethodSetting>>>;
  readonly deploymentId?: string;
  readonly stageVariables?: Readonly<Record<string, string>>;
}

function plansOf({ httpMethod = "GET", integration, settings = { "*/*": {} }, deploymentId = "d1", stageVariables = {} }: Parts) {
  const method: Method = {
    resourceId: "r1",
    httpMethod,
    authorizationType: "NONE",
    apiKeyRequired: false,
    methodResponses: {},
    methodIntegration: { ...INTEGRATION, ...integration },
  };
  const methodSettings = compileMethodSettings(Object.fromEntries(Object.entries(settings).map(([key, parts]) => [key, { ...SETTING, ...parts }])));
  return compileCaching(method, { resourcePath: "/pets/{id}", variables: ["id"], stageVariables, deploymentId, methodSettings });
}

describe("which methods are cached", () => {
  it.each<[string, Parts, string[]]>([
    ["only GET by default", {}, ["GET"]],
    ["POST not by a setting for all methods", { httpMethod: "POST" }, []],
    ["HEAD not by a setting for all methods", { httpMethod: "HEAD" }, []],
    ["POST by a setting of its own", { httpMethod: "POST", settings: { "~1pets~1{id}/POST": {} } }, ["POST"]],
    ["POST of all resources by a setting that names it", { httpMethod: "POST", settings: { "*/POST": {} } }, ["POST"]],
    ["of ANY only GET by default", { httpMethod: "ANY" }, ["GET"]],
    ["all of ANY by a setting for ANY", { httpMethod: "ANY", settings: { "pets/{id}/ANY": {} } }, ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]],
    ["what is turned off for the method is off", { settings: { "*/*": {}, "~1pets~1{id}/GET": { cachingEnabled: false } } }, []],
    ["what is turned on for the method is on", { settings: { "*/*": { cachingEnabled: false }, "~1pets~1{id}/GET": {} } }, ["GET"]],
    ["nothing without a setting", { settings: {} }, []],
    ["nothing for a time to live of 0", { settings: { "*/*": { cacheTtlInSeconds: 0 } } }, []],
    ["nothing that is streamed", { integration: { responseTransferMode: "STREAM" } }, []],
  ])("%s", (_, parts, expected) => {
    expect([...plansOf(parts).keys()].toSorted()).toEqual(expected);
  });

  it.each([
    [1, 1_000],
    [300, 300_000],
    [3600, 3_600_000],
    [4000, 3_600_000],
  ])("a time to live of %d s is %d ms, 3,600 s at most", (cacheTtlInSeconds, ttlMs) => {
    expect(plansOf({ settings: { "*/*": { cacheTtlInSeconds } } }).get("GET")?.ttlMs).toBe(ttlMs);
  });

  it("settings say what is encrypted and who may invalidate", () => {
    const plan = (parts: Partial<MethodSetting>) => plansOf({ settings: { "*/*": parts } }).get("GET");
    expect(plan({})).toMatchObject({ encrypted: false, invalidation: "SUCCEED_WITH_RESPONSE_HEADER" });
    expect(plan({ cacheDataEncrypted: true, unauthorizedCacheControlHeaderStrategy: "FAIL_WITH_403" })).toMatchObject({
      encrypted: true,
      invalidation: "FAIL_WITH_403",
    });
    expect(plan({ requireAuthorizationForCacheControl: false, unauthorizedCacheControlHeaderStrategy: "FAIL_WITH_403" })).toMatchObject({
      invalidation: "ALLOWED",
    });
  });
});

interface Asked {
  readonly id?: string;
  readonly query?: string;
  readonly headers?: readonly string[];
}

const facts = ({ id = "7", query = "", headers = [] }: Asked): RequestFacts =>
  ({ pathValues: [id], rawQuery: query, query: undefined, headers, body: Buffer.alloc(0) }) as unknown as RequestFacts;

function sameKey(parts: Parts, one: Asked, other: Asked, otherParts: Parts = parts): boolean {
  const keyOf = (from: Parts, asked: Asked): string | undefined => {
    const [plan] = plansOf(from).values();
    return plan?.key(facts(asked));
  };
  const key = keyOf(parts, one);
  expect(key).toBeTypeOf("string");
  return key === keyOf(otherParts, other);
}

describe("cache keys", () => {
  const by = (...cacheKeyParameters: string[]): Parts => ({ integration: { cacheKeyParameters } });

  it.each<[string, Parts, Asked, Asked, boolean]>([
    ["nothing counts that is no key parameter", by(), { id: "1", query: "a=1", headers: ["X", "1"] }, { id: "2", query: "a=2", headers: ["X", "2"] }, true],
    ["a path variable", by("method.request.path.id"), { id: "1" }, { id: "2" }, false],
    ["the same path variable", by("method.request.path.id"), { id: "1", query: "a" }, { id: "1", query: "b" }, true],
    ["the guide's example: type counts", by("method.request.querystring.type"), { query: "type=admin" }, { query: "type=regular" }, false],
    ["the guide's example: department does not", by("method.request.querystring.type"), { query: "type=admin&department=A" }, { query: "type=admin&department=B" }, true],
    ["all values of a query parameter", by("method.request.querystring.a"), { query: "a=1&a=2" }, { query: "a=3&a=2" }, false],
    ["an absent parameter is not an empty one", by("method.request.querystring.a"), {}, { query: "a=" }, false],
    ["an encoded value is the value", by("method.request.querystring.a"), { query: "a=%41" }, { query: "a=A" }, true],
    ["a header, in any case", by("method.request.header.X"), { headers: ["x", "1"] }, { headers: ["X", "1"] }, true],
    ["a header's value", by("method.request.header.X"), { headers: ["X", "1"] }, { headers: ["X", "2"] }, false],
    ["a multi-value query parameter", by("method.request.multivaluequerystring.a"), { query: "a=1&a=2" }, { query: "a=1" }, false],
    ["a multi-value header", by("method.request.multivalueheader.X"), { headers: ["X", "1", "X", "2"] }, { headers: ["X", "2"] }, false],
    ["values do not run into each other", by("method.request.querystring.a", "method.request.querystring.b"), { query: "a=1&b=23" }, { query: "a=12&b=3" }, false],
    ["values are not taken for names", by("method.request.querystring.a", "method.request.querystring.b"), { query: "a=1" }, { query: "b=1" }, false],
  ])("%s", (_, parts, one, other, expected) => {
    expect(sameKey(parts, one, other)).toBe(expected);
  });

  it("a parameter of the integration request is what is mapped to it", () => {
    const parts: Parts = {
      integration: {
        cacheKeyParameters: ["integration.request.querystring.q", "integration.request.header.H", "integration.request.path.p"],
        requestParameters: {
          "integration.request.querystring.q": "method.request.querystring.type",
          "integration.request.header.H": "stageVariables.tenant",
          "integration.request.path.p": "'static'",
        },
      },
    };
    expect(sameKey(parts, { query: "type=a" }, { query: "type=a&q=b" })).toBe(true);
    expect(sameKey(parts, { query: "type=a" }, { query: "type=b" })).toBe(false);
    expect(sameKey(parts, {}, {}, { ...parts, stageVariables: { tenant: "t" } })).toBe(false);
  });

  it("the order in which parameters were given does not count", () => {
    const one = by("method.request.querystring.a", "method.request.path.id");
    expect(sameKey(one, { query: "a=1" }, { query: "a=1" }, by("method.request.path.id", "method.request.querystring.a"))).toBe(true);
  });

  it("resources that share a namespace share entries, others do not", () => {
    const shared: Parts = { integration: { cacheNamespace: "shared" } };
    expect(sameKey(shared, {}, {}, { integration: { cacheNamespace: "shared", uri: "http://other" } })).toBe(true);
    expect(sameKey(shared, {}, {}, {})).toBe(false);
  });

  it("HTTP methods do not share entries", () => {
    const settings = { "*/POST": {}, "*/*": {} };
    expect(sameKey({ settings }, {}, {}, { settings, httpMethod: "POST" })).toBe(false);
  });

  it("canary-release: deployments do not share entries", () => {
    expect(sameKey({}, {}, {}, { deploymentId: "d2" })).toBe(false);
  });
});
