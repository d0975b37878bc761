// A canary from its creation to its promotion and its end, by the SDK and as the developer guide's pages have it:
// create-, update-, promote- and delete-canary-deployment.
import type { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callApi, type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";
import { makeReleaseApi, replace } from "../harness/release-api.ts";
import { type Backend, startBackend } from "../harness/backend.ts";

let gatehouse: Gatehouse;
let client: APIGatewayClient;
let backend: Backend;

beforeAll(async () => {
  backend = await startBackend((response, request) => response.end(request.url));
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  client = gatehouse.apiGateway();
});
afterAll(async () => {
  await gatehouse.stop();
  await backend[Symbol.asyncDispose]();
});

async function start() {
  const api = await makeReleaseApi(gatehouse, client, backend.url);
  await api.integrate("/base/${stageVariables.sv0}/${stageVariables.sv1}/${stageVariables.sv2}");
  const base = await api.deploy("prod", { variables: { sv0: "val0", sv1: "val1" } });
  /** How often each body was answered. */
  const answers = async (requests: number): Promise<Readonly<Record<string, number>>> => {
    const counts: Record<string, number> = {};
    for (let i = 0; i < requests; i++) {
      const { body } = await api.get("/prod");
      counts[body] = (counts[body] ?? 0) + 1;
    }
    return counts;
  };
  return { ...api, base, answers };
}

const BASE = "/base/val0/val1/";

describe("a canary release", () => {
  it("is created by a deployment, gets its share, is promoted, and ends", async () => {
    const api = await start();
    await api.integrate("/next/${stageVariables.sv1}/${stageVariables.sv2}");
    const canarySettings = { percentTraffic: 10.5, useStageCache: false, stageVariableOverrides: { sv1: "val2", sv2: "val3" } };
    const next = await api.deploy("prod", { canarySettings });
    expect(await api.stage("prod")).toMatchObject({ deploymentId: api.base, canarySettings: { ...canarySettings, deploymentId: next } });
    const { [BASE]: base = 0, "/next/val2/val3": canary = 0, ...others } = await api.answers(200);
    expect(others).toEqual({});
    expect([base + canary, canary]).toEqual([200, 21]);

    await api.update("prod", [
      replace("/canarySettings/percentTraffic", "25.0"),
      replace("/canarySettings/stageVariableOverrides/sv2", "val4"),
    ]);
    expect(await api.answers(200)).toEqual({ [BASE]: 150, "/next/val2/val4": 50 });

    await api.update("prod", [
      replace("/canarySettings/percentTraffic", "0.0"),
      { op: "copy", from: "/canarySettings/stageVariableOverrides", path: "/variables" },
      { op: "copy", from: "/canarySettings/deploymentId", path: "/deploymentId" },
    ]);
    expect(await api.stage("prod")).toMatchObject({
      deploymentId: next,
      variables: { sv1: "val2", sv2: "val4" },
      canarySettings: { percentTraffic: 0, deploymentId: next },
    });
    expect(await api.answers(100)).toEqual({ "/next/val2/val4": 100 });

    await api.update("prod", [{ op: "remove", path: "/canarySettings" }]);
    const stage = await api.stage("prod");
    expect([stage.canarySettings, stage.deploymentId]).toEqual([undefined, next]);
    expect(await api.answers(100)).toEqual({ "/next/val2/val4": 100 });
  });

  it("is made of a stage that has none, all or nothing, and discarded", async () => {
    const api = await start();
    await api.update("prod", [
      replace("/canarySettings/percentTraffic", "100"),
      replace("/canarySettings/stageVariableOverrides/sv2", "new"),
    ]);
    expect(await api.answers(100)).toEqual({ "/base/val0/val1/new": 100 });
    await api.update("prod", [{ op: "remove", path: "/canarySettings" }]);
    expect(await api.answers(100)).toEqual({ [BASE]: 100 });
  });

  it("is live when the deployment is acknowledged, and so is its end", async () => {
    const api = await start();
    for (let i = 0; i < 5; i++) {
      await api.integrate(`/canary/${i}`);
      await api.deploy("prod", { canarySettings: { percentTraffic: 100 } });
      expect((await api.get("/prod")).body).toBe(`/canary/${i}`);
      await api.update("prod", [{ op: "remove", path: "/canarySettings" }]);
      expect((await api.get("/prod")).body).toBe(BASE);
    }
  });

  it("is served again after a restart", async () => {
    await using stack = new AsyncDisposableStack();
    const first = await startGatehouse();
    stack.defer(() => removeDirectory(first.dataDir));
    const api = await makeReleaseApi(first, first.apiGateway(), backend.url);
    await api.integrate("/base");
    await api.deploy("prod");
    await api.integrate("/next");
    await api.deploy("prod", { canarySettings: { percentTraffic: 100 } });
    await first.stop();
    const second = await startGatehouse({ dataDir: first.dataDir });
    stack.defer(async () => void (await second.stop()));
    expect((await callApi(second, api.restApiId, "/prod")).body).toBe("/next");
  });
});
