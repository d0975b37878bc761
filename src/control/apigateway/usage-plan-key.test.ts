import { describe, expect, test } from "vitest";
import { call, type ControlPlane, type ControlPlaneOptions, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { createMemoryStore } from "../../adapters/memory/index.ts";
import type { Store } from "../../ports/store.ts";

const NO_KEY = "NotFoundException: Invalid API Key identifier specified";
const NO_PLAN = "NotFoundException: Invalid Usage Plan ID specified";
const VALUE = "apikey1234abcdefghij";

/** Plans `first`, with the stage `prod`, and `second`, with none; a key in neither. */
async function start(options?: ControlPlaneOptions) {
  const { api } = startControlPlane(options);
  const { restApiId } = await petStore(api);
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  const prod = `${restApiId}:prod`;
  const first = (await api.CreateUsagePlan({ name: "first", apiStages: [{ apiId: restApiId, stage: "prod" }] }, call)).id as string;
  const second = (await api.CreateUsagePlan({ name: "second" }, call)).id as string;
  const keyId = (await api.CreateApiKey({ name: "mine", value: VALUE }, call)).id as string;
  return { api, restApiId, prod, first, second, keyId };
}

const enter = (api: ControlPlane, usagePlanId: string, keyId: string) => api.CreateUsagePlanKey({ usagePlanId, keyId, keyType: "API_KEY" }, call);
const addStage = (api: ControlPlane, usagePlanId: string, value: string) =>
  api.UpdateUsagePlan({ usagePlanId, patchOperations: [{ op: "add", path: "/apiStages", value }] }, call);

test("a key enters a plan, is shown there with its value, and leaves it", async () => {
  const { api, first, keyId } = await start();
  const expected = { id: keyId, type: "API_KEY", value: VALUE, name: "mine" };
  expect(await enter(api, first, keyId)).toEqual(expected);
  const key = { usagePlanId: first, keyId };
  expect(await api.GetUsagePlanKey(key, call)).toEqual(expected);
  expect(await api.GetUsagePlanKeys({ usagePlanId: first }, call)).toEqual({ items: [expected] });
  await api.UpdateApiKey({ apiKey: keyId, patchOperations: [{ op: "replace", path: "/name", value: "ours" }] }, call);
  expect(await api.GetUsagePlanKey(key, call)).toEqual({ ...expected, name: "ours" });
  expect(await api.DeleteUsagePlanKey(key, call)).toEqual({});
  expect(await refusal(api.GetUsagePlanKey(key, call))).toBe(NO_PLAN);
  expect(await refusal(api.DeleteUsagePlanKey(key, call))).toBe(NO_PLAN);
  expect(await api.GetUsagePlanKeys({ usagePlanId: first }, call)).toEqual({ items: [] });
  await enter(api, first, keyId);
});

test.each([
  ["a key that is not there", "first", "none", NO_KEY],
  ["a plan that is not there", "none", "keyId", NO_PLAN],
  ["a key and a plan that are not there", "none", "none", NO_KEY],
] as const)("refuses %s", async (_what, plan, key, expected) => {
  const started = await start();
  const { api } = started;
  const input = { usagePlanId: plan === "first" ? started.first : plan, keyId: key === "keyId" ? started.keyId : key };
  expect(await refusal(api.CreateUsagePlanKey({ ...input, keyType: "API_KEY" }, call))).toBe(expected);
  expect(await refusal(api.GetUsagePlanKey(input, call))).toBe(expected);
  expect(await refusal(api.DeleteUsagePlanKey(input, call))).toBe(expected);
});

test("names the plan where the key is not in it", async () => {
  const { api, first, keyId } = await start();
  expect(await refusal(api.GetUsagePlanKey({ usagePlanId: first, keyId }, call))).toBe(NO_PLAN);
  expect(await refusal(api.GetUsagePlanKeys({ usagePlanId: "none" }, call))).toBe(NO_PLAN);
});

test("refuses a type that is not API_KEY, and a key that is there already", async () => {
  const { api, first, keyId } = await start();
  expect(await refusal(api.CreateUsagePlanKey({ usagePlanId: first, keyId, keyType: "api_key" }, call))).toBe(
    "BadRequestException: Invalid key type 'api_key' specified. Must be one of: [API_KEY]",
  );
  await enter(api, first, keyId);
  expect(await refusal(enter(api, first, keyId))).toBe(`ConflictException: API Key ${keyId} is already in usage plan ${first}`);
});

test("GetUsagePlanKeys gives full pages of what it selects by name", async () => {
  const { api, first } = await start();
  for (const name of ["ab", "b", "abc", "c", "a"]) await enter(api, first, (await api.CreateApiKey({ name }, call)).id as string);
  const page = await api.GetUsagePlanKeys({ usagePlanId: first, nameQuery: "a", limit: 2 }, call);
  expect(page).toEqual({ items: [expect.objectContaining({ name: "ab" }), expect.objectContaining({ name: "abc" })], position: expect.any(String) });
  const rest = await api.GetUsagePlanKeys({ usagePlanId: first, nameQuery: "a", position: page.position as string }, call);
  expect(rest).toEqual({ items: [expect.objectContaining({ name: "a" })] });
});

test("a key that is deleted leaves its plans", async () => {
  const { api, first, second, keyId } = await start();
  await enter(api, first, keyId);
  await enter(api, second, keyId);
  await api.DeleteApiKey({ apiKey: keyId }, call);
  for (const usagePlanId of [first, second]) expect(await api.GetUsagePlanKeys({ usagePlanId }, call)).toEqual({ items: [] });
});

test("a key enters no more plans than its quota, of many at once", async () => {
  const { api, keyId } = await start({ limits: { usagePlansPerApiKey: 3 } });
  const plans: string[] = [];
  for (let i = 0; i < 6; i++) plans.push((await api.CreateUsagePlan({ name: `${i}` }, call)).id ?? "");
  const refusals = await Promise.all(plans.map((plan) => refusal(enter(api, plan, keyId))));
  const expected = "LimitExceededException: Maximum number of Usage Plans for this API Key has been reached.  Please contact AWS if you need additional Usage Plans.";
  expect(refusals.filter((each) => each === expected)).toHaveLength(3);
  expect((await api.GetUsagePlans({ keyId }, call)).items).toHaveLength(3);
});

describe("a key has one plan for each stage (guide: api-gateway-api-usage-plans)", () => {
  const conflict = (keyId: string, one: string, other: string, stage: string) =>
    `ConflictException: API Key ${keyId} cannot be in usage plans ${one} and ${other}, as both have the API Stage ${stage}`;

  test("when it enters another", async () => {
    const { api, first, second, keyId, prod } = await start();
    await addStage(api, second, prod);
    await enter(api, first, keyId);
    expect(await refusal(enter(api, second, keyId))).toBe(conflict(keyId, second, first, prod));
    expect(await api.GetUsagePlanKeys({ usagePlanId: second }, call)).toEqual({ items: [] });
  });

  test("when another gets the stage", async () => {
    const { api, first, second, keyId, prod } = await start();
    await enter(api, first, keyId);
    await enter(api, second, keyId);
    expect(await refusal(addStage(api, second, prod))).toBe(conflict(keyId, second, first, prod));
    await api.DeleteUsagePlanKey({ usagePlanId: first, keyId }, call);
    await addStage(api, second, prod);
  });

  test.each([
    ["it enters while the plan gets the stage", "enter"],
    ["the plan gets the stage while it enters", "add"],
    ["the other plan gets the stage while it enters", "other"],
  ] as const)("when %s", async (_when, which) => {
    const store = createMemoryStore();
    let between: (() => Promise<unknown>) | undefined;
    const interrupted: Store = {
      get: (kind, key) => store.get(kind, key),
      getAll: (kind, keys) => store.getAll(kind, keys),
      list: (kind, query) => store.list(kind, query),
      count: (kind, query) => store.count(kind, query),
      close: () => store.close(),
      async commit(changes) {
        const now = between;
        between = undefined;
        await now?.();
        return store.commit(changes);
      },
    };
    const { api, first, second, keyId, prod } = await start({ store: interrupted });
    const other = startControlPlane({ store, firstId: 1000 }).api;
    if (which === "other") {
      // The key is in `second`, which gets the stage while the key enters `first`.
      await enter(api, second, keyId);
      between = () => addStage(other, second, prod);
      expect(await refusal(enter(api, first, keyId))).toBe(conflict(keyId, first, second, prod));
      return;
    }
    await enter(api, first, keyId);
    between = () => (which === "enter" ? addStage(other, second, prod) : enter(other, second, keyId));
    const outcome = await refusal(which === "enter" ? enter(api, second, keyId) : addStage(api, second, prod));
    expect(outcome).toBe(conflict(keyId, second, first, prod));
  });
});

test("of a key that is deleted while it enters a plan nothing stays", async () => {
  const { api, first, keyId } = await start();
  await Promise.allSettled([api.DeleteApiKey({ apiKey: keyId }, call), enter(api, first, keyId)]);
  expect(await api.GetUsagePlanKeys({ usagePlanId: first }, call)).toEqual({ items: [] });
});
