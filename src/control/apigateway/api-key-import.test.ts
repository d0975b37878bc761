import { expect, test } from "vitest";
import { call, type ControlPlaneOptions, NOW, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { dailyUsages, dayOf } from "../../domain/usage-plan.ts";
import { put } from "../../ports/store.ts";

const KEY = "apikey1234abcdefghij0123456789";
const OTHER = "apikey5678abcdefghij0123456789";

/** Plans `first`, with the stage `prod`, and `second`, with none. */
async function start(options?: ControlPlaneOptions) {
  const plane = startControlPlane(options);
  const { api } = plane;
  const { restApiId } = await petStore(api);
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  const apiStages = [{ apiId: restApiId, stage: "prod" }];
  const first = (await api.CreateUsagePlan({ name: "first", apiStages }, call)).id as string;
  const second = (await api.CreateUsagePlan({ name: "second" }, call)).id as string;
  const importing = (text: string, failOnWarnings = false) => api.ImportApiKeys({ body: Buffer.from(text), format: "csv", failOnWarnings }, call);
  const plansOf = async (keyId: string) => (await api.GetUsagePlans({ keyId }, call)).items?.map(({ id }) => id);
  return { ...plane, restApiId, apiStages, first, second, importing, plansOf };
}

test("makes keys, puts them into their plans, and answers with their ids", async () => {
  const { api, first, second, importing, plansOf } = await start();
  const answer = await importing(`Name,Key,Description,Enabled,UsagePlanIds\na,${KEY},d,false,"${first},${second}"\nb,${OTHER},,,`);
  const [a, b] = answer.ids as [string, string];
  expect(answer).toEqual({ ids: [a, b], warnings: [] });
  const made = { createdDate: NOW, lastUpdatedDate: NOW, stageKeys: [] };
  expect(await api.GetApiKey({ apiKey: a, includeValue: true }, call)).toEqual({ ...made, id: a, name: "a", value: KEY, description: "d", enabled: false });
  expect(await api.GetApiKey({ apiKey: b, includeValue: true }, call)).toEqual({ ...made, id: b, name: "b", value: OTHER, enabled: true });
  expect(await plansOf(a)).toEqual([first, second]);
  expect(await plansOf(b)).toEqual([]);
});

test("overwrites a key with the same value, and keeps what a file cannot say", async () => {
  const { api, advance, first, second, importing, plansOf } = await start();
  const before = await api.CreateApiKey({ name: "old", description: "d", customerId: "c", value: KEY, tags: { a: "b" } }, call);
  const keyId = before.id as string;
  await api.CreateUsagePlanKey({ usagePlanId: first, keyId, keyType: "API_KEY" }, call);
  advance(1000);
  expect(await importing(`Name,Key,UsagePlanIds\nnew,${KEY},${second}`)).toEqual({ ids: [keyId], warnings: [] });
  const { description: _description, ...kept } = before;
  expect(await api.GetApiKey({ apiKey: keyId, includeValue: true }, call)).toEqual({ ...kept, name: "new", enabled: true, lastUpdatedDate: NOW + 1000 });
  expect(await plansOf(keyId)).toEqual([first, second]);
});

test("takes the last of several rows with the same key, and the plans of all", async () => {
  const { api, first, second, importing, plansOf } = await start();
  const { ids = [] } = await importing(`Name,Key,Description,UsagePlanIds\na,${KEY},d,${first}\nb,${KEY},,"${first},${second}"`);
  expect(ids).toHaveLength(1);
  expect(await api.GetApiKey({ apiKey: ids[0] as string }, call)).toMatchObject({ name: "b" });
  expect(await api.GetApiKey({ apiKey: ids[0] as string }, call)).not.toHaveProperty("description");
  expect(await plansOf(ids[0] as string)).toEqual([first, second]);
});

test("imports what it can, with warnings", async () => {
  const { api, apiStages, first, importing, plansOf } = await start();
  const third = (await api.CreateUsagePlan({ name: "third", apiStages }, call)).id as string;
  const stage = `${apiStages[0]?.apiId}:prod`;
  const { ids = [], warnings } = await importing(`Name,Key,UsagePlanIds\nshort,x,\na,${KEY},"none,${first},${third}"`);
  expect(warnings).toEqual([
    "Row 2: the Key has 1 characters and must have between 30 and 128",
    "Row 3: Invalid Usage Plan ID specified: none",
    `Row 3: API Key ${ids[0]} cannot be in usage plans ${third} and ${first}, as both have the API Stage ${stage}`,
  ]);
  expect(await plansOf(ids[0] as string)).toEqual([first]);
});

test("fails on warnings when asked to, and imports nothing", async () => {
  const { api, importing } = await start();
  expect(await refusal(importing(`Name,Key,UsagePlanIds\na,${KEY},none\nshort,x,`, true))).toBe(
    "BadRequestException: Row 2: Invalid Usage Plan ID specified: none\nRow 3: the Key has 1 characters and must have between 30 and 128",
  );
  expect(await api.GetApiKeys({}, call)).toEqual({ items: [] });
  expect(await importing(`Name,Key\na,${KEY}`, true)).toMatchObject({ warnings: [] });
});

test("refuses a file that is none, and more keys than the quota, and imports nothing", async () => {
  const { api, importing } = await start({ limits: { apiKeys: 2 } });
  await api.CreateApiKey({ value: OTHER }, call);
  expect(await refusal(importing("Name\na"))).toBe("BadRequestException: Missing required column 'Key'");
  expect(await refusal(importing(`Name,Key\na,${KEY}\nb,${KEY}x`))).toBe(
    "LimitExceededException: Maximum number of API Keys for this account has been reached.  Please contact AWS if you need additional API Keys.",
  );
  expect((await api.GetApiKeys({}, call)).items).toHaveLength(1);
  expect((await importing(`Name,Key\na,${KEY}\nb,${OTHER}`)).ids).toHaveLength(2);
});

test("brings a key back into a plan that it has left with some usage, from any row", async () => {
  const { api, store, first, second, importing, plansOf } = await start();
  const [keyId = ""] = (await importing(`Name,Key,UsagePlanIds\na,${KEY},"${first},${second}"`)).ids ?? [];
  for (const plan of [first, second]) {
    await store.commit([put(dailyUsages, [call.account, call.region, plan, keyId, dayOf(NOW)], { used: 1, extension: 0 }, "absent")]);
    await api.DeleteUsagePlanKey({ usagePlanId: plan, keyId }, call);
  }
  expect(await plansOf(keyId)).toEqual([]);
  expect(await importing(`Name,Key,UsagePlanIds\na,${KEY},${first}\na,${KEY},${second}`)).toEqual({ ids: [keyId], warnings: [] });
  expect(await plansOf(keyId)).toEqual([first, second]);
});

test("makes each key once of two imports at once", async () => {
  const { api, first, importing } = await start();
  const text = `Name,Key,UsagePlanIds\na,${KEY},${first}\nb,${OTHER},${first}`;
  const [one, other] = await Promise.all([importing(text), importing(text)]);
  expect(one).toEqual(other);
  expect((await api.GetApiKeys({}, call)).items).toHaveLength(2);
});

test("imports as many keys as an account may have", async () => {
  const { api, first, importing } = await start();
  const rows = Array.from({ length: 10_000 }, (_, i) => `key${i},${String(i).padStart(30, "k")},${first}`);
  const { ids, warnings } = await importing(`Name,Key,UsagePlanIds\n${rows.join("\n")}`);
  expect(ids).toHaveLength(10_000);
  expect(warnings).toEqual([]);
  expect(await refusal(api.CreateApiKey({}, call))).toMatch("LimitExceededException");
});
