// Canary releases (https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html).
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { MethodSetting, Stage } from "../../src/domain/rest-api.ts";
import { compileRestStage } from "../../src/plan/index.ts";
import { startBackend } from "../harness/backend.ts";
import { startGateway } from "../harness/gateway.ts";
import { api, snapshotOf, stageOf } from "../harness/rest-api.ts";
import type { MethodParts } from "../harness/rest-api.ts";

let calls = 0;
const backend = await startBackend((response, request) => response.end(`${request.url} ${++calls}`));
afterAll(() => backend[Symbol.asyncDispose]());
beforeEach(() => void (calls = 0));

/** Answers with what it knows of its release. */
const shows = (release: string): MethodParts => {
  const headers = { "X-Release": `'${release}'`, "X-Canary": "context.isCanaryRequest", "X-Deployment": "context.deploymentId", "X-Sv0": "stageVariables.sv0", "X-Sv1": "stageVariables.sv1", "X-Sv2": "stageVariables.sv2" };
  const responseParameters = Object.fromEntries(Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, value]));
  return { integration: { requestTemplates: { "application/json": '{"statusCode": 200}' }, integrationResponses: { 200: { statusCode: "200", responseParameters } } } };
};

interface Releases {
  readonly production?: Readonly<Record<string, MethodParts>>;
  readonly canary?: Readonly<Record<string, MethodParts>>;
  readonly stage?: Partial<Stage>;
  readonly settings?: Partial<NonNullable<Stage["canarySettings"]>>;
}

const planWith = ({ production = { "GET /": shows("production") }, canary = { "GET /": shows("canary") }, stage = {}, settings = {} }: Releases = {}) =>
  compileRestStage({
    api,
    stage: stageOf({ deploymentId: "prod01", canarySettings: { percentTraffic: 50, deploymentId: "can001", useStageCache: false, ...settings }, ...stage }),
    snapshot: snapshotOf(production),
    canarySnapshot: snapshotOf(canary),
  });

async function countOf(plan: ReturnType<typeof planWith>, requests: number) {
  await using gate = await startGateway([plan], { accountThrottle: { rateLimit: requests, burstLimit: requests } });
  let canaries = 0;
  const ask = { method: "GET", target: "/prod/", headers: ["Host", "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"], protocol: "HTTP/1.1", encrypted: false, remoteAddress: "127.0.0.1", remotePort: 1, hasBody: false, signal: new AbortController().signal, readBody: async () => Buffer.alloc(0) };
  for (let i = 0; i < requests; i++) {
    const response = await gate.gateway.handle(ask);
    if (response?.headers.includes("canary") === true) canaries++;
  }
  return canaries;
}

describe("a canary", () => {
  it.each([
    [0, 0, 0],
    [0.1, 9, 11],
    [10.5, 1_049, 1_051],
    [25, 2_500, 2_500],
    [50, 5_000, 5_000],
    [99.9, 9_989, 9_991],
    [100, 10_000, 10_000],
  ])("of %d percent gets %d to %d of 10,000 requests", async (percentTraffic, least, most) => {
    const canaries = await countOf(planWith({ settings: { percentTraffic } }), 10_000);
    expect(canaries).toBeGreaterThanOrEqual(least);
    expect(canaries).toBeLessThanOrEqual(most);
  });

  const releaseOf = async (releases: Releases, percentTraffic: number) => {
    await using gate = await startGateway([planWith({ ...releases, settings: { ...releases.settings, percentTraffic } })]);
    const { headers } = await gate.ask({});
    return ["x-release", "x-canary", "x-deployment", "x-sv0", "x-sv1", "x-sv2"].map((name) => headers[name]);
  };

  it("create-canary-deployment: has its own deployment, and stage variables that override the stage's and add to them", async () => {
    const releases = { stage: { variables: { sv0: "val0", sv1: "val1" } }, settings: { stageVariableOverrides: { sv1: "val2", sv2: "val3" } } };
    expect(await releaseOf(releases, 0)).toEqual(["production", "false", "prod01", "val0", "val1", undefined]);
    expect(await releaseOf(releases, 100)).toEqual(["canary", "true", "can001", "val0", "val2", "val3"]);
  });

  it("api-gateway-mapping-template-reference: isCanaryRequest is only there when a canary is", async () => {
    const plan = compileRestStage({ api, stage: stageOf(), snapshot: snapshotOf({ "GET /": shows("production") }) });
    await using gate = await startGateway([plan]);
    expect((await gate.ask({})).headers["x-canary"]).toBeUndefined();
  });

  it("has methods of its own", async () => {
    const releases = { production: { "GET /old": shows("production") }, canary: { "GET /new": shows("canary") } };
    await using gate = await startGateway([planWith({ ...releases, settings: { percentTraffic: 100 } })]);
    expect([await gate.ask({ path: "/old" }), await gate.ask({ path: "/new" })]).toMatchObject([{ status: 403 }, { status: 200 }]);
    gate.gateway.put(planWith({ ...releases, settings: { percentTraffic: 0 } }));
    expect([await gate.ask({ path: "/old" }), await gate.ask({ path: "/new" })]).toMatchObject([{ status: 200 }, { status: 403 }]);
  });

  it("is not compiled without its snapshot", () => {
    const canarySettings = { percentTraffic: 1, deploymentId: "gone", useStageCache: false };
    expect(() => compileRestStage({ api, stage: stageOf({ canarySettings }), snapshot: snapshotOf({}) })).toThrow("The canary of stage prod has no snapshot");
  });
});

describe("a canary and the stage's cache", () => {
  const setting: MethodSetting = {
    metricsEnabled: false,
    loggingLevel: "OFF",
    dataTraceEnabled: false,
    cachingEnabled: true,
    cacheTtlInSeconds: 300,
    cacheDataEncrypted: false,
    requireAuthorizationForCacheControl: true,
    unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
  };
  const to = (path: string): MethodParts => ({ integration: { type: "HTTP_PROXY", httpMethod: "GET", uri: `${backend.url}${path}` } });
  const cached = (settings: Releases["settings"], canaryPath = "/canary") =>
    planWith({
      production: { "GET /": to("/production") },
      canary: { "GET /": to(canaryPath) },
      stage: { cacheClusterEnabled: true, methodSettings: { "*/*": setting } },
      settings: settings ?? {},
    });

  async function answers(settings: NonNullable<Releases["settings"]>) {
    await using gate = await startGateway([cached({ ...settings, percentTraffic: 0 })]);
    const bodies: string[] = [];
    for (const percentTraffic of [0, 0, 100, 100, 0]) {
      gate.gateway.put(cached({ ...settings, percentTraffic }));
      bodies.push((await gate.ask({})).body);
    }
    return bodies;
  }

  it("canary-release: different versions are cached separately", async () => {
    expect(await answers({ useStageCache: true })).toEqual(["/production 1", "/production 1", "/canary 2", "/canary 2", "/production 1"]);
  });

  it("canary-release: of the same deployment, both have the same answers", async () => {
    expect(await answers({ useStageCache: true, deploymentId: "prod01" })).toEqual(Array.from({ length: 5 }, () => "/production 1"));
  });

  it("a canary that does not use the stage's cache asks its backend each time", async () => {
    expect(await answers({ useStageCache: false })).toEqual(["/production 1", "/production 1", "/canary 2", "/canary 3", "/production 1"]);
  });
});
