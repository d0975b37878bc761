import { describe, expect, test } from "vitest";
import { call, type ControlPlane, NOW, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type { CreateUsagePlanRequest, PatchOperation } from "../../model/apigateway.types.gen.ts";
import { dailyUsages } from "../../domain/usage-plan.ts";
import { put, type Store } from "../../ports/store.ts";

const NO_PLAN = "NotFoundException: Invalid Usage Plan ID specified";
const NO_KEY = "NotFoundException: Invalid Key identifier specified";
/** The day of {@link NOW}, a Friday. */
const TODAY = "2026-01-02";
const DAY_MILLIS = 86_400_000;

/** What the gateway notes of a key's requests. */
const note = (store: Store, usagePlanId: string, keyId: string, day: string, used: number) =>
  store.commit([put(dailyUsages, [call.account, call.region, usagePlanId, keyId, day], { used, extension: 0 }, "any")]);

async function newKeyIn(api: ControlPlane, usagePlanId: string): Promise<string> {
  const keyId = (await api.CreateApiKey({}, call)).id as string;
  await api.CreateUsagePlanKey({ usagePlanId, keyId, keyType: "API_KEY" }, call);
  return keyId;
}

/** A plan of 100 requests a week, with one key. */
async function start(quota: CreateUsagePlanRequest["quota"] = { limit: 100, period: "WEEK" }) {
  const plane = startControlPlane();
  const { api, store } = plane;
  const usagePlanId = (await api.CreateUsagePlan({ name: "basic", ...(quota ? { quota } : {}) }, call)).id as string;
  const keyId = await newKeyIn(api, usagePlanId);
  return { ...plane, usagePlanId, keyId, noted: (day: string, used: number, key = keyId) => note(store, usagePlanId, key, day, used) };
}

const range = { startDate: "2025-12-31", endDate: TODAY };

describe("GetUsage", () => {
  test("shows used and remaining for each day of the range, both ends included", async () => {
    const { api, usagePlanId, keyId, noted } = await start();
    await noted("2025-12-29", 10);
    await noted("2025-12-31", 20);
    await noted(TODAY, 5);
    await noted("2026-01-03", 50);
    const expected = { usagePlanId, ...range, items: { [keyId]: [[20, 70], [0, 70], [5, 65]] } };
    expect(await api.GetUsage({ usagePlanId, ...range }, call)).toEqual(expected);
    expect(await api.GetUsage({ usagePlanId, keyId, ...range }, call)).toEqual(expected);
  });

  test("keeps the figures of each plan, and shows those of a plan as its quota now is", async () => {
    const { api, usagePlanId, keyId, noted } = await start();
    await noted(TODAY, 5);
    const other = (await api.CreateUsagePlan({ name: "other" }, call)).id as string;
    await api.CreateUsagePlanKey({ usagePlanId: other, keyId, keyType: "API_KEY" }, call);
    await api.UpdateUsagePlan({ usagePlanId, patchOperations: [{ op: "replace", path: "/quota/limit", value: "200" }] }, call);
    const day = { startDate: TODAY, endDate: TODAY };
    expect(await api.GetUsage({ usagePlanId, ...day }, call)).toMatchObject({ items: { [keyId]: [[5, 195]] } });
    expect(await api.GetUsage({ usagePlanId: other, ...day }, call)).toMatchObject({ items: { [keyId]: [[0, 0]] } });
  });

  test.each([
    ["DeleteUsagePlanKey", (api: ControlPlane, usagePlanId: string, keyId: string) => api.DeleteUsagePlanKey({ usagePlanId, keyId }, call)],
    ["DeleteApiKey", (api: ControlPlane, _usagePlanId: string, keyId: string) => api.DeleteApiKey({ apiKey: keyId }, call)],
  ])("keeps what a key had used after %s, and nothing of one that had used nothing", async (_name, deletion) => {
    const { api, usagePlanId, keyId, noted } = await start();
    const unused = await newKeyIn(api, usagePlanId);
    await noted(TODAY, 5);
    for (const key of [keyId, unused]) await deletion(api, usagePlanId, key);
    const expected = { usagePlanId, startDate: TODAY, endDate: TODAY, items: { [keyId]: [[5, 95]] } };
    expect(await api.GetUsage({ usagePlanId, startDate: TODAY, endDate: TODAY }, call)).toEqual(expected);
    expect(await api.GetUsage({ usagePlanId, keyId, startDate: TODAY, endDate: TODAY }, call)).toEqual(expected);
    expect(await refusal(api.GetUsage({ usagePlanId, keyId: unused, startDate: TODAY, endDate: TODAY }, call))).toBe(NO_KEY);
    expect(await api.GetUsage({ usagePlanId, startDate: "2026-01-03", endDate: "2026-01-03" }, call)).toMatchObject({ items: {} });
    expect(await api.GetUsagePlanKeys({ usagePlanId }, call)).toEqual({ items: [] });
    expect(await refusal(api.UpdateUsage({ usagePlanId, keyId }, call))).toBe(NO_KEY);
  });

  test("goes on with what a key had used when it comes back, and ends with the plan", async () => {
    const { api, store, usagePlanId, keyId, noted } = await start();
    await noted(TODAY, 5);
    await api.DeleteUsagePlanKey({ usagePlanId, keyId }, call);
    await api.CreateUsagePlanKey({ usagePlanId, keyId, keyType: "API_KEY" }, call);
    expect(await api.GetUsage({ usagePlanId, startDate: TODAY, endDate: TODAY }, call)).toMatchObject({ items: { [keyId]: [[5, 95]] } });
    await api.DeleteUsagePlan({ usagePlanId }, call);
    expect(await store.count(dailyUsages, {})).toBe(0);
  });

  test("gives pages of keys", async () => {
    const { api, usagePlanId, keyId } = await start();
    const second = await newKeyIn(api, usagePlanId);
    const third = await newKeyIn(api, usagePlanId);
    const request = { usagePlanId, startDate: TODAY, endDate: TODAY };
    const page = await api.GetUsage({ ...request, limit: 2 }, call);
    expect(page).toEqual({ ...request, items: { [keyId]: [[0, 100]], [second]: [[0, 100]] }, position: expect.any(String) });
    expect(await api.GetUsage({ ...request, limit: 2, position: page.position as string }, call)).toEqual({ ...request, items: { [third]: [[0, 100]] } });
  });

  test.each([
    [{ usagePlanId: "none" }, NO_PLAN],
    [{ keyId: "none" }, NO_KEY],
    [{ startDate: "2026-1-1" }, "BadRequestException: Invalid date '2026-1-1' specified. Must be of the form YYYY-MM-DD"],
    [{ endDate: "2026-02-30" }, "BadRequestException: Invalid date '2026-02-30' specified. Must be of the form YYYY-MM-DD"],
    [{ endDate: "2026-13-01" }, "BadRequestException: Invalid date '2026-13-01' specified. Must be of the form YYYY-MM-DD"],
    [{ startDate: "2026-01-03" }, "BadRequestException: Start date must not be after end date"],
    [{ startDate: "2025-01-01" }, "BadRequestException: At most 366 days of usage can be read at once; these are 367"],
    [{ startDate: "0000-01-01", endDate: "9999-12-31" }, "BadRequestException: At most 366 days of usage can be read at once; these are 3652425"],
    [{ limit: 0 }, "BadRequestException: Invalid limit specified: 0. Must be at least 1"],
  ])("refuses %j", async (members, expected) => {
    const { api, usagePlanId } = await start();
    expect(await refusal(api.GetUsage({ usagePlanId, ...range, ...members }, call))).toBe(expected);
  });
});

describe("UpdateUsage", () => {
  const remaining = (value: string): PatchOperation => ({ op: "replace", path: "/remaining", value });

  test("sets what remains, until the period ends", async () => {
    const { api, advance, usagePlanId, keyId, noted } = await start();
    await noted("2025-12-31", 60);
    await noted(TODAY, 10);
    const today = { usagePlanId, startDate: TODAY, endDate: TODAY };
    expect(await api.UpdateUsage({ usagePlanId, keyId, patchOperations: [remaining("90")] }, call)).toEqual({ ...today, items: { [keyId]: [[10, 90]] } });
    expect(await api.GetUsage({ usagePlanId, ...range }, call)).toMatchObject({ items: { [keyId]: [[60, 40], [0, 40], [10, 90]] } });
    await api.UpdateUsage({ usagePlanId, keyId, patchOperations: [remaining("70"), remaining("0")] }, call);
    expect(await api.GetUsage(today, call)).toEqual({ ...today, items: { [keyId]: [[10, 0]] } });
    advance(DAY_MILLIS);
    await api.UpdateUsage({ usagePlanId, keyId, patchOperations: [remaining("7")] }, call);
    const week = { startDate: TODAY, endDate: "2026-01-05" };
    expect(await api.GetUsage({ usagePlanId, ...week }, call)).toMatchObject({ items: { [keyId]: [[10, 0], [0, 7], [0, 7], [0, 100]] } });
  });

  test("sets what remains where more was used than there was", async () => {
    const { api, usagePlanId, keyId, noted } = await start();
    await noted(TODAY, 130);
    await api.UpdateUsage({ usagePlanId, keyId, patchOperations: [remaining("5")] }, call);
    expect(await api.GetUsage({ usagePlanId, startDate: TODAY, endDate: TODAY }, call)).toMatchObject({ items: { [keyId]: [[130, 5]] } });
  });

  test("shows today's figures when nothing is updated", async () => {
    const { api, usagePlanId, keyId, noted } = await start();
    await noted(TODAY, 1);
    expect(await api.UpdateUsage({ usagePlanId, keyId }, call)).toEqual({ usagePlanId, startDate: TODAY, endDate: TODAY, items: { [keyId]: [[1, 99]] } });
  });

  test("loses nothing of what is noted at the same moment", async () => {
    const { api, store, usagePlanId, keyId } = await start();
    const place = [call.account, call.region, usagePlanId, keyId, TODAY];
    await note(store, usagePlanId, keyId, TODAY, 1);
    const before = await store.get(dailyUsages, place);
    const updating = api.UpdateUsage({ usagePlanId, keyId, patchOperations: [remaining("500")] }, call);
    await store.commit([put(dailyUsages, place, { used: 2, extension: 0 }, before?.version ?? "absent")]);
    await updating;
    expect((await store.get(dailyUsages, place))?.value).toEqual({ used: 2, extension: 402 });
  });

  test.each<[string, object, string]>([
    ["a plan that is not there", { usagePlanId: "none" }, NO_PLAN],
    ["a key that is not in the plan", { keyId: "none" }, NO_KEY],
    ["add (github.com/boto/boto3/issues/2504)", { patchOperations: [{ op: "add", path: "/extension", value: "1" }] }, "BadRequestException: Invalid patch path  '/extension' specified for op 'add'. Must be one of: []"],
    ["another path", { patchOperations: [{ op: "replace", path: "/used", value: "1" }] }, "BadRequestException: Invalid patch path  '/used' specified for op 'replace'. Must be one of: [/remaining]"],
    ["less than nothing", { patchOperations: [remaining("-1")] }, "BadRequestException: Invalid patch value '-1' specified for path '/remaining'. Must be an integer between 0 and 2147483647"],
  ])("refuses %s", async (_what, members, expected) => {
    const { api, usagePlanId, keyId } = await start();
    expect(await refusal(api.UpdateUsage({ usagePlanId, keyId, ...members }, call))).toBe(expected);
  });

  test("refuses a plan without a quota", async () => {
    const { api } = startControlPlane();
    const usagePlanId = (await api.CreateUsagePlan({ name: "open" }, call)).id as string;
    const keyId = await newKeyIn(api, usagePlanId);
    expect(await refusal(api.UpdateUsage({ usagePlanId, keyId, patchOperations: [remaining("5")] }, call))).toBe(
      `BadRequestException: Usage Plan ${usagePlanId} has no quota to extend`,
    );
  });
});

test("the clock of these tests stands on a Friday", () => expect(new Date(NOW).getUTCDay()).toBe(5));
