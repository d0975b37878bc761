// Caching as an API's developer meets it: turned on, overridden, invalidated and flushed by the SDK
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html).
import { type APIGatewayClient, DeleteStageCommand, FlushStageAuthorizersCacheCommand, FlushStageCacheCommand } from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";
import { makeReleaseApi, replace } from "../harness/release-api.ts";
import { type Backend, startBackend } from "../harness/backend.ts";

let gatehouse: Gatehouse;
let client: APIGatewayClient;
let backend: Backend;
let calls = 0;

beforeAll(async () => {
  backend = await startBackend((response, request) => response.end(`${request.url} ${++calls}`));
  gatehouse = await startGatehouse({ args: ["--in-memory", "--cache-bytes", "1000000"] });
  client = gatehouse.apiGateway();
});
afterAll(async () => {
  await gatehouse.stop();
  await backend[Symbol.asyncDispose]();
});
beforeEach(() => void (calls = 0));

const usage = async (): Promise<{ readonly entries: number; readonly bytes: number; readonly limitBytes: number }> =>
  (JSON.parse((await call(`${gatehouse.url}/_gatehouse/health`)).body) as { cache: never }).cache;

async function start() {
  const api = await makeReleaseApi(gatehouse, client, backend.url);
  await api.integrate("/one");
  await api.deploy("prod", { cacheClusterEnabled: true, cacheClusterSize: "0.5" });
  const get = async (query = "") => (await api.get(`/prod${query}`)).body;
  return { ...api, get, answer: api.get };
}

describe("a stage with a cache", () => {
  it("caches once its methods do, by their keys, and can be overridden for one of them", async () => {
    const api = await start();
    expect([await api.get(), await api.get()]).toEqual(["/one 1", "/one 2"]);
    await api.update("prod", [replace("/*/*/caching/enabled", "true")]);
    expect([await api.get("?q=a"), await api.get("?q=b"), await api.get("?q=a&other=1")]).toEqual(["/one?q=a 3", "/one?q=b 4", "/one?q=a 3"]);
    await api.update("prod", [replace("/~1/GET/caching/enabled", "false")]);
    expect([await api.get("?q=a"), await api.get("?q=a")]).toEqual(["/one?q=a 5", "/one?q=a 6"]);
    await api.update("prod", [replace("/~1/GET/caching/enabled", "true"), replace("/~1/GET/caching/ttlInSeconds", "0")]);
    expect([await api.get("?q=a"), await api.get("?q=a")]).toEqual(["/one?q=a 7", "/one?q=a 8"]);
    await api.update("prod", [replace("/~1/GET/caching/ttlInSeconds", "3600")]);
    expect(await api.get("?q=a")).toBe("/one?q=a 3");
  });

  it("is flushed by FlushStageCache, and loses what it has when it is resized or turned off", async () => {
    const api = await start();
    const { restApiId } = api;
    await api.update("prod", [replace("/*/*/caching/enabled", "true")]);
    expect([await api.get(), await api.get()]).toEqual(["/one 1", "/one 1"]);
    const { $metadata } = await client.send(new FlushStageCacheCommand({ restApiId, stageName: "prod" }));
    expect($metadata.httpStatusCode).toBe(202);
    expect([await api.get(), await api.get()]).toEqual(["/one 2", "/one 2"]);
    await api.update("prod", [replace("/cacheClusterSize", "1.6")]);
    expect([await api.get(), await api.get()]).toEqual(["/one 3", "/one 3"]);
    await api.update("prod", [replace("/cacheClusterEnabled", "false")]);
    expect([await api.get(), await api.get()]).toEqual(["/one 4", "/one 5"]);
    await api.update("prod", [replace("/cacheClusterEnabled", "true")]);
    expect([await api.get(), await api.get()]).toEqual(["/one 6", "/one 6"]);
    await expect(client.send(new FlushStageCacheCommand({ restApiId, stageName: "none" }))).rejects.toThrow("Invalid stage identifier specified");
  });

  it("is not touched by FlushStageAuthorizersCache", async () => {
    const api = await start();
    const { restApiId } = api;
    await api.update("prod", [replace("/*/*/caching/enabled", "true")]);
    expect(await api.get()).toBe("/one 1");
    const { $metadata } = await client.send(new FlushStageAuthorizersCacheCommand({ restApiId, stageName: "prod" }));
    expect($metadata.httpStatusCode).toBe(202);
    expect(await api.get()).toBe("/one 1");
  });

  it("is invalidated by whoever may, and tells those who may not", async () => {
    const api = await start();
    await api.update("prod", [replace("/*/*/caching/enabled", "true")]);
    const reload = () => api.answer("/prod", { headers: { "Cache-Control": "max-age=0" } });
    expect(await reload()).toMatchObject({ status: 200, body: "/one 1" });
    const ignored = await reload();
    expect([ignored.body, ignored.headers["warning"]]).toEqual([
      "/one 1",
      "199 Cache-control headers were ignored because the caller was unauthorized.",
    ]);
    await api.update("prod", [replace("/*/*/caching/unauthorizedCacheControlHeaderStrategy", "FAIL_WITH_403")]);
    expect(await reload()).toMatchObject({ status: 403 });
    await api.update("prod", [replace("/*/*/caching/requireAuthorizationForCacheControl", "false")]);
    expect(await reload()).toMatchObject({ status: 200, body: "/one 2" });
    expect(await api.get()).toBe("/one 2");
  });

  it("is kept within the bytes that the operator allows, for everybody to see", async () => {
    const api = await start();
    await api.update("prod", [replace("/*/*/caching/enabled", "true")]);
    await api.get();
    const before = await usage();
    expect(before).toMatchObject({ limitBytes: 1_000_000 });
    expect(before.entries).toBeGreaterThan(0);
    expect(before.bytes).toBeGreaterThan(0);
    await client.send(new DeleteStageCommand({ restApiId: api.restApiId, stageName: "prod" }));
    expect((await usage()).entries).toBe(before.entries - 1);
  });
});

describe("with two workers", () => {
  let several: Gatehouse;
  beforeAll(async () => {
    several = await startGatehouse({ args: ["--in-memory", "--workers", "2", "--cache-bytes", "200000"] });
  });
  afterAll(() => several.stop());

  async function startCached() {
    const api = await makeReleaseApi(several, several.apiGateway(), backend.url);
    await api.integrate("/one");
    await api.deploy("prod", { cacheClusterEnabled: true, cacheClusterSize: "0.5" });
    await api.update("prod", [replace("/*/*/caching/enabled", "true"), replace("/*/*/caching/requireAuthorizationForCacheControl", "false")]);
    // Each request comes over a connection of its own, and the system shares those out.
    const answers = async (query = "") => new Set(await Promise.all(Array.from({ length: 16 }, async () => (await api.get(`/prod${query}`)).body)));
    return { ...api, answers };
  }

  it("FlushStageCache and Cache-Control: max-age=0 reach both before they are answered", async () => {
    const api = await startCached();
    await api.answers();
    const before = await api.answers();
    expect(before.size).toBeLessThanOrEqual(2);
    await several.apiGateway().send(new FlushStageCacheCommand({ restApiId: api.restApiId, stageName: "prod" }));
    const flushed = await api.answers();
    for (const answer of before) expect(flushed).not.toContain(answer);
    for (let i = 0; i < 5; i++) {
      await api.answers();
      const kept = await api.answers();
      const { body } = await api.get("/prod", { headers: { "Cache-Control": "max-age=0" } });
      expect(kept).not.toContain(body);
      const next = await api.answers();
      for (const answer of kept) expect(next).not.toContain(answer);
    }
  });

  it("keep no more bytes together than the operator allows", async () => {
    const api = await startCached();
    for (let i = 0; i < 30; i++) await api.answers(`?q=${i}${"x".repeat(1000)}`);
    const health = JSON.parse((await call(`${several.url}/_gatehouse/health`)).body) as { workers: { cacheBytes: number }[] };
    const bytes = health.workers.map(({ cacheBytes }) => cacheBytes);
    expect(bytes).toHaveLength(2);
    for (const each of bytes) expect(each).toBeGreaterThan(0);
    expect(bytes.reduce((one, other) => one + other)).toBeLessThanOrEqual(200_000);
  });
});
