// Caching, with a backend that counts: what is answered from the cache, for how long, and for whom
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html).
import type { ServerResponse } from "node:http";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createMemoryCache } from "../../src/adapters/memory/index.ts";
import type { MethodSetting } from "../../src/domain/rest-api.ts";
import type { Cache } from "../../src/ports/cache.ts";
import { startBackend } from "../harness/backend.ts";
import { NOW, OWN_HEADERS, resultOf, startGateway } from "../harness/gateway.ts";
import type { TestGatewayOptions } from "../harness/gateway.ts";
import { API_ID, planOf, settingOf } from "../harness/rest-api.ts";
import type { MethodParts, PlanParts } from "../harness/rest-api.ts";

let respond: (response: ServerResponse) => void;
let calls = 0;
const backend = await startBackend((response) => {
  calls++;
  respond(response);
});
afterAll(() => backend[Symbol.asyncDispose]());
beforeEach(() => {
  calls = 0;
  respond = (response) => response.setHeader("Content-Type", "text/plain").end(`answer ${calls}`);
});

const SETTING = settingOf({ cachingEnabled: true });

interface CacheParts extends TestGatewayOptions {
  readonly methods?: Readonly<Record<string, MethodParts>>;
  readonly settings?: Readonly<Record<string, Partial<MethodSetting>>>;
  readonly stage?: PlanParts["stage"];
}

const PROXY: MethodParts = {
  requestParameters: { "method.request.querystring.q": false },
  integration: { type: "HTTP_PROXY", httpMethod: "ANY", uri: backend.url, cacheKeyParameters: ["method.request.querystring.q"] },
};

const planWith = ({ methods = { "ANY /": PROXY }, settings = { "*/*": {} }, stage = {} }: CacheParts = {}) =>
  planOf(methods, {
    stage: {
      cacheClusterEnabled: true,
      cacheClusterSize: "0.5",
      methodSettings: Object.fromEntries(Object.entries(settings).map(([key, parts]) => [key, { ...SETTING, ...parts }])),
      ...stage,
    },
  });

async function start(parts: CacheParts = {}) {
  let now = NOW;
  const clock = { now: () => now, after: () => () => undefined };
  const cache = parts.cache ?? createMemoryCache({ clock, limitBytes: 64 * 2 ** 20 });
  const gate = await startGateway([planWith(parts)], { ...parts, cache, now: clock.now });
  const get = async (path = "/", headers: readonly string[] = [], method = "GET") => (await gate.ask({ method, path, headers })).body;
  return {
    ...gate,
    cache,
    get,
    advance: (ms: number) => void (now += ms),
    [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose](),
  };
}

/** The second may have changed between two answers. */
const undated = (rawHeaders: readonly string[]): readonly string[] => rawHeaders.map((text, index) => (rawHeaders[index - 1]?.toLowerCase() === "date" ? "then" : text));

describe("a cached method", () => {
  it("answers a second request from the cache, with the first one's answer and its own ids", async () => {
    await using gate = await start();
    respond = (response) => response.writeHead(201, { "Content-Type": "text/plain", Date: "then", "X-A": ["1", "2"] }).end("made");
    const first = await gate.ask({});
    const { status, headers, rawHeaders, body } = await gate.ask({});
    expect({ status, headers, body }).toEqual({
      status: 201,
      headers: {
        "content-type": "text/plain",
        "x-amzn-remapped-connection": "keep-alive",
        "x-amzn-remapped-date": "then",
        "x-a": "1, 2",
        ...OWN_HEADERS,
      },
      body: "made",
    });
    expect(undated(rawHeaders)).toEqual(undated(first.rawHeaders));
    expect(calls).toBe(1);
  });

  it("asks the backend again when the time to live is over", async () => {
    await using gate = await start({ settings: { "*/*": { cacheTtlInSeconds: 60 } } });
    expect(await gate.get()).toBe("answer 1");
    gate.advance(59_999);
    expect(await gate.get()).toBe("answer 1");
    gate.advance(1);
    expect(await gate.get()).toBe("answer 2");
    expect(await gate.get()).toBe("answer 2");
  });

  it.each<[string, CacheParts]>([
    ["when the stage has no cache cluster", { stage: { cacheClusterEnabled: false } }],
    ["when the method's caching is off", { settings: { "*/*": { cachingEnabled: false } } }],
    ["when its time to live is 0", { settings: { "*/*": { cacheTtlInSeconds: 0 } } }],
    ["when nothing is set", { settings: {} }],
  ])("is not cached %s", async (_, parts) => {
    await using gate = await start(parts);
    expect([await gate.get(), await gate.get()]).toEqual(["answer 1", "answer 2"]);
    expect(gate.cache.usage().entries).toBe(0);
  });

  it("only GET is cached by default; a setting for the method includes others", async () => {
    await using gate = await start();
    expect([await gate.get("/", [], "POST"), await gate.get("/", [], "POST")]).toEqual(["answer 1", "answer 2"]);
    await using own = await start({ settings: { "~1/POST": {}, "*/*": {} } });
    expect([await own.get("/", [], "POST"), await own.get("/", [], "POST"), await own.get()]).toEqual(["answer 3", "answer 3", "answer 4"]);
  });

  it("HEAD is not answered with what was kept for GET, nor GET with what was kept for HEAD", async () => {
    await using gate = await start({ settings: { "~1/ANY": {} } });
    expect(await gate.get()).toBe("answer 1");
    expect(await gate.ask({ method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    expect(await gate.ask({ method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    expect(calls).toBe(2);
    expect(await gate.get()).toBe("answer 1");
  });

  it("cache keys tell requests apart, and nothing else does", async () => {
    await using gate = await start();
    expect(await gate.get("/?q=a")).toBe("answer 1");
    expect(await gate.get("/?q=b")).toBe("answer 2");
    expect(await gate.get("/?q=a&other=1", ["X-Other", "1"])).toBe("answer 1");
    expect(await gate.get("/")).toBe("answer 3");
  });

  it("github.com/patheard/aws-fastapi-lambda/pull/8: without a key for it, all paths under {proxy+} are one", async () => {
    await using gate = await start({ methods: { "ANY /{proxy+}": { integration: { type: "HTTP_PROXY", httpMethod: "ANY", uri: backend.url } } } });
    expect([await gate.get("/a"), await gate.get("/b/c")]).toEqual(["answer 1", "answer 1"]);
  });

  it("resources with the same cacheNamespace share their answers", async () => {
    const method = (path: string, cacheNamespace: string): MethodParts => ({
      integration: { type: "HTTP_PROXY", httpMethod: "GET", uri: `${backend.url}${path}`, cacheNamespace },
    });
    await using gate = await start({ methods: { "GET /a": method("/a", "shared"), "GET /b": method("/b", "shared"), "GET /c": method("/c", "own") } });
    expect([await gate.get("/a"), await gate.get("/b"), await gate.get("/c")]).toEqual(["answer 1", "answer 1", "answer 2"]);
  });

  it("github.com/DianaIonita/serverless-api-gateway-caching/issues/125: answers of any status are kept", async () => {
    await using gate = await start();
    respond = (response) => response.writeHead(429).end(`slow down ${calls}`);
    expect(await gate.ask({})).toMatchObject({ status: 429, body: "slow down 1" });
    expect(await gate.ask({})).toMatchObject({ status: 429, body: "slow down 1" });
    respond = (response) => response.writeHead(500).end(`broken ${calls}`);
    expect([await gate.get("/?q=500"), await gate.get("/?q=500")]).toEqual(["broken 2", "broken 2"]);
  });

  it("repost.aws/questions/QUDxOW-WXVQV-7rhfpG-cbqQ: the backend's own Cache-Control changes nothing", async () => {
    await using gate = await start();
    respond = (response) => response.setHeader("Cache-Control", "no-store, max-age=0").end(`answer ${calls}`);
    expect([await gate.get(), await gate.get()]).toEqual(["answer 1", "answer 1"]);
  });

  it("what the gateway answers for a backend that fails is not kept", async () => {
    await using gate = await start();
    respond = (response) => response.destroy();
    expect(await gate.ask({})).toMatchObject({ status: 504 });
    respond = (response) => response.end(`answer ${calls}`);
    expect(await gate.get()).toMatch(/^answer \d$/);
  });

  it("nor is an answer that cannot be mapped", async () => {
    let invoked = 0;
    const methods = { "GET /": { integration: { type: "AWS_PROXY", uri: FUNCTION_URI } } } as const;
    await using gate = await start({ methods, invoke: async () => resultOf(++invoked === 1 ? "malformed" : { statusCode: 200, body: `result ${invoked}` }) });
    expect(await gate.ask({})).toMatchObject({ status: 502 });
    expect([await gate.get(), await gate.get()]).toEqual(["result 2", "result 2"]);
  });

  it("a function's answer is kept like another", async () => {
    let invoked = 0;
    const methods = { "GET /": { integration: { type: "AWS_PROXY", uri: FUNCTION_URI } } } as const;
    await using gate = await start({ methods, invoke: async () => resultOf({ statusCode: 404, headers: { "X-A": "b" }, body: `none ${++invoked}` }) });
    await gate.ask({});
    expect(await gate.ask({})).toMatchObject({ status: 404, headers: { "x-a": "b" }, body: "none 1" });
    expect(invoked).toBe(1);
  });

  it("the backend's answer is what is kept: it is mapped for each request anew", async () => {
    const mapped: MethodParts = {
      methodResponses: { 200: { statusCode: "200", responseParameters: { "method.response.header.X-Path": false } } },
      integration: {
        type: "HTTP",
        httpMethod: "GET",
        uri: backend.url,
        integrationResponses: { 200: { statusCode: "200", responseParameters: { "method.response.header.X-Path": "context.path" } } },
      },
    };
    await using gate = await start({ methods: { "GET /{id}": mapped } });
    expect(await gate.ask({ path: "/1" })).toMatchObject({ headers: { "x-path": "/prod/1" }, body: "answer 1" });
    expect(await gate.ask({ path: "/2" })).toMatchObject({ headers: { "x-path": "/prod/2" }, body: "answer 1" });
  });

  it.each([
    [1_048_576, false, 1],
    [1_048_577, false, 2],
    [1_048_548, true, 1],
    [1_048_549, true, 2],
  ])("an answer of %d bytes, encrypted: %s, takes %d calls for two requests", async (size, cacheDataEncrypted, expected) => {
    await using gate = await start({ settings: { "*/*": { cacheDataEncrypted } } });
    respond = (response) => response.end(Buffer.alloc(size, "a"));
    for (let i = 0; i < 2; i++) expect((await gate.ask({})).bytes.length).toBe(size);
    expect(calls).toBe(expected);
  });

  it("requests that find nothing at the same time all ask, and the answer to the last of them stays", async () => {
    await using gate = await start();
    const waiting: (() => void)[] = [];
    respond = (response) => {
      const number = calls;
      waiting.push(() => response.end(`answer ${number}`));
    };
    const asked = Array.from({ length: 10 }, () => gate.get());
    await expect.poll(() => waiting.length).toBe(10);
    for (const answer of waiting.toReversed()) answer();
    const answers = await Promise.all(asked);
    expect(new Set(answers).size).toBe(10);
    expect(await gate.get()).toMatch(/^answer \d+$/);
    expect(calls).toBe(10);
    expect(gate.cache.usage().entries).toBe(1);
  });
});

const FUNCTION_URI =
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations";

describe("Cache-Control: max-age=0", () => {
  const open = { "*/*": { requireAuthorizationForCacheControl: false } };

  it.each([
    ["max-age=0", true],
    ["Max-Age = 0", true],
    ["no-transform, max-age=0", true],
    ["max-age=00", true],
    ['max-age="0"', true],
    ["max-age=1", false],
    ["s-max-age=0", false],
    ["x-max-age=0", false],
    ["no-cache", false],
    ["max-age=0.5", false],
  ])("%s replaces the entry where anybody may: %s", async (value, replaces) => {
    await using gate = await start({ settings: open });
    expect(await gate.get()).toBe("answer 1");
    const reloaded = await gate.ask({ headers: ["cache-control", value] });
    expect(reloaded).toMatchObject({ body: replaces ? "answer 2" : "answer 1" });
    expect(reloaded.headers["warning"]).toBeUndefined();
    expect(await gate.get()).toBe(replaces ? "answer 2" : "answer 1");
  });

  it("replaces one entry and leaves the others", async () => {
    await using gate = await start({ settings: open });
    expect([await gate.get("/?q=a"), await gate.get("/?q=b")]).toEqual(["answer 1", "answer 2"]);
    expect(await gate.get("/?q=a", ["Cache-Control", "max-age=0"])).toBe("answer 3");
    expect([await gate.get("/?q=a"), await gate.get("/?q=b")]).toEqual(["answer 3", "answer 2"]);
  });

  it("an answer that is asked for later stays, though an earlier one comes after it", async () => {
    await using gate = await start({ settings: open });
    const waiting: ServerResponse[] = [];
    respond = (response) => void waiting.push(response);
    const early = gate.get();
    await expect.poll(() => waiting.length).toBe(1);
    const late = gate.get("/", ["Cache-Control", "max-age=0"]);
    await expect.poll(() => waiting.length).toBe(2);
    waiting[1]?.end("late");
    expect(await late).toBe("late");
    waiting[0]?.end("early");
    expect(await early).toBe("early");
    expect(await gate.get()).toBe("late");
  });

  it("drops the entry when the new answer is too large to keep", async () => {
    await using gate = await start({ settings: open });
    expect(await gate.get()).toBe("answer 1");
    respond = (response) => response.end(Buffer.alloc(1_048_577, "a"));
    expect(await gate.get("/", ["Cache-Control", "max-age=0"])).toHaveLength(1_048_577);
    respond = (response) => response.end(`answer ${calls}`);
    expect(await gate.get()).toBe("answer 3");
  });

  it("keeps the entry when no new answer comes", async () => {
    await using gate = await start({ settings: open });
    expect(await gate.get()).toBe("answer 1");
    respond = (response) => response.destroy();
    expect(await gate.ask({ headers: ["Cache-Control", "max-age=0"] })).toMatchObject({ status: 504 });
    expect(await gate.get()).toBe("answer 1");
  });

  it("FAIL_WITH_403: is refused, whether or not there is an entry", async () => {
    const settings = { "*/*": { unauthorizedCacheControlHeaderStrategy: "FAIL_WITH_403" } } as const;
    await using gate = await start({ settings });
    const refused = {
      status: 403,
      headers: { "content-type": "application/json", "x-amzn-errortype": "AccessDeniedException", ...OWN_HEADERS },
      body: '{"Message":"User is not authorized to access this resource"}',
    };
    const { status, headers, body } = await gate.ask({ headers: ["Cache-Control", "max-age=0"] });
    expect({ status, headers, body }).toEqual(refused);
    expect(calls).toBe(0);
    expect(await gate.get()).toBe("answer 1");
    expect(await gate.ask({ headers: ["Cache-Control", "max-age=0"] })).toMatchObject(refused);
    expect(await gate.get()).toBe("answer 1");
    expect(gate.logged).toEqual([]);
  });

  it.each([
    ["SUCCEED_WITH_RESPONSE_HEADER", "199 Cache-control headers were ignored because the caller was unauthorized."],
    ["SUCCEED_WITHOUT_RESPONSE_HEADER", undefined],
  ] as const)("%s: is ignored, with the header Warning: %s", async (unauthorizedCacheControlHeaderStrategy, warning) => {
    await using gate = await start({ settings: { "*/*": { unauthorizedCacheControlHeaderStrategy } } });
    const asked = { headers: ["Cache-Control", "max-age=0"] };
    for (const answer of [await gate.ask(asked), await gate.ask(asked)]) {
      expect(answer).toMatchObject({ status: 200, body: "answer 1" });
      expect(answer.headers["warning"]).toBe(warning);
    }
    expect((await gate.ask({})).headers["warning"]).toBeUndefined();
    expect(calls).toBe(1);
  });

  it("means nothing to a method that is not cached", async () => {
    await using gate = await start({ settings: { "*/*": { cachingEnabled: false, unauthorizedCacheControlHeaderStrategy: "FAIL_WITH_403" } } });
    expect(await gate.get("/", ["Cache-Control", "max-age=0"])).toBe("answer 1");
  });
});

describe("encryption", () => {
  /** A cache that shows what is put into it. */
  function glassCache(): { readonly cache: Cache; readonly kept: Buffer[]; readonly keys: string[] } {
    const cache = createMemoryCache({ clock: { now: () => NOW, after: () => () => undefined }, limitBytes: 2 ** 20 });
    const kept: Buffer[] = [];
    const keys: string[] = [];
    return {
      kept,
      keys,
      cache: {
        provision: (name, bytes) => cache.provision(name, bytes),
        evict: (name, key) => cache.evict(name, key),
        flush: (name) => cache.flush(name),
        usage: () => cache.usage(),
        // Answers late, as a cache on another machine does.
        async open(name, key) {
          keys.push(key);
          const slot = await cache.open(name, key);
          return { value: slot.value, clear: () => slot.clear(), fill: (value, ttlMs) => (kept.push(value), slot.fill(value, ttlMs)) };
        },
      },
    };
  }

  it.each([true, false])("cacheDataEncrypted %s: bytes at rest, and the same answers", async (cacheDataEncrypted) => {
    const { cache, kept, keys } = glassCache();
    await using gate = await start({ cache, settings: { "*/*": { cacheDataEncrypted } } });
    respond = (response) => response.setHeader("X-Secret", "header-secret").end("body-secret");
    for (let i = 0; i < 2; i++) {
      const answer = await gate.ask({ path: "/?q=key-secret" });
      expect(answer).toMatchObject({ body: "body-secret", headers: { "x-secret": "header-secret" } });
    }
    expect(calls).toBe(1);
    expect(kept).toHaveLength(1);
    expect(kept[0]?.includes("body-secret")).toBe(!cacheDataEncrypted);
    expect(kept[0]?.includes("header-secret")).toBe(!cacheDataEncrypted);
    expect(keys.join()).not.toContain("secret");
  });

  it("entries survive that the setting changes", async () => {
    const { cache } = glassCache();
    await using gate = await start({ cache });
    expect(await gate.get()).toBe("answer 1");
    gate.gateway.put(planWith({ settings: { "*/*": { cacheDataEncrypted: true } } }));
    expect(await gate.get()).toBe("answer 1");
  });
});

describe("a stage's cache", () => {
  it("flushed, it answers nothing that was asked for before", async () => {
    await using gate = await start();
    expect([await gate.get("/?q=a"), await gate.get("/?q=b")]).toEqual(["answer 1", "answer 2"]);
    const waiting: ServerResponse[] = [];
    respond = (response) => void waiting.push(response);
    const slow = gate.get("/?q=slow");
    await expect.poll(() => waiting.length).toBe(1);
    await gate.gateway.flushCache(API_ID, "prod");
    waiting[0]?.end("before the flush");
    expect(await slow).toBe("before the flush");
    respond = (response) => response.end(`answer ${calls}`);
    expect([await gate.get("/?q=slow"), await gate.get("/?q=a"), await gate.get("/?q=a")]).toEqual(["answer 4", "answer 5", "answer 5"]);
  });

  it("stays when the stage is published again, and goes when it is resized, turned off, or the stage is gone", async () => {
    await using gate = await start();
    const publish = (parts: CacheParts = {}) => gate.gateway.put(planWith(parts));
    expect(await gate.get()).toBe("answer 1");
    publish();
    expect(await gate.get()).toBe("answer 1");
    publish({ stage: { cacheClusterSize: "1.6" } });
    expect(await gate.get()).toBe("answer 2");
    publish({ stage: { cacheClusterEnabled: false } });
    publish({ stage: { cacheClusterSize: "1.6" } });
    expect(await gate.get()).toBe("answer 3");
    gate.gateway.drop(API_ID, "prod");
    expect(gate.cache.usage().entries).toBe(0);
    publish({ stage: { cacheClusterSize: "1.6" } });
    expect(await gate.get()).toBe("answer 4");
  });

  it("a new deployment has answers of its own", async () => {
    await using gate = await start();
    expect(await gate.get()).toBe("answer 1");
    gate.gateway.put(planWith({ stage: { deploymentId: "newer" } }));
    expect(await gate.get()).toBe("answer 2");
  });

  it("gives way, the least recently used first, when all caches together reach the operator's limit", async () => {
    const cache = createMemoryCache({ clock: { now: () => NOW, after: () => () => undefined }, limitBytes: 250_000 });
    await using gate = await start({ cache });
    respond = (response) => response.end(`${calls}`.padEnd(100_000));
    const ask = async (q: string) => (await gate.get(`/?q=${q}`)).trim();
    expect([await ask("a"), await ask("b"), await ask("a"), await ask("c"), await ask("a"), await ask("b")]).toEqual(["1", "2", "1", "3", "1", "4"]);
    expect(cache.usage()).toMatchObject({ entries: 2 });
    expect(cache.usage().bytes).toBeLessThan(250_000);
  });

  it.each([
    ["0.5", 536_870_912],
    ["1.6", 1_717_986_918],
    ["237", 254_476_812_288],
  ])("of %s gigabytes has %d bytes", (cacheClusterSize, bytes) => {
    expect(planWith({ stage: { cacheClusterSize } }).cacheBytes).toBe(bytes);
  });
});
