import { describe, expect, test } from "vitest";
import { call, callOf, type ControlPlaneOptions, NOW, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type { CreateApiKeyRequest, PatchOperation } from "../../model/apigateway.types.gen.ts";

const VALUE = "apikey1234abcdefghij";
const NOT_FOUND = "NotFoundException: Invalid API Key identifier specified";

/** An API with a stage `prod`, whose ids are known. */
async function start(options?: ControlPlaneOptions) {
  const plane = startControlPlane(options);
  const { restApiId } = await petStore(plane.api);
  await plane.api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  return { ...plane, restApiId };
}

const made = { enabled: false, stageKeys: [], createdDate: NOW, lastUpdatedDate: NOW };

describe("CreateApiKey", () => {
  test("makes a value of 40 alphanumeric characters and an id of 10, and shows the value", async () => {
    const { api } = await start();
    const key = await api.CreateApiKey({}, call);
    expect(key).toEqual({ ...made, id: expect.stringMatching(/^[a-z0-9]{10}$/), value: expect.stringMatching(/^[a-z0-9]{40}$/) });
  });

  test("keeps every member it is given", async () => {
    const { api, restApiId } = await start();
    const stageKeys = [{ restApiId, stageName: "prod" }];
    const members = { name: "n", description: "d", customerId: "c", enabled: true, value: VALUE, tags: { a: "b" } };
    const key = await api.CreateApiKey({ ...members, stageKeys }, call);
    expect(key).toEqual({ ...made, ...members, id: key.id, stageKeys: [`${restApiId}/prod`] });
    expect(await api.GetApiKey({ apiKey: key.id as string, includeValue: true }, call)).toEqual(key);
  });

  test.each([true, false, undefined])("gives an id that is not the value, whatever generateDistinctId (%s) says (model: CreateApiKeyRequest)", async (given) => {
    const { api } = await start();
    const key = await api.CreateApiKey({ value: VALUE, ...(given === undefined ? {} : { generateDistinctId: given }) }, call);
    expect(key.id).not.toBe(key.value);
  });

  test.each<[string, CreateApiKeyRequest, string]>([
    ["a value of 19 characters", { value: "x".repeat(19) }, "BadRequestException: API Key value should be at least 20 characters"],
    ["a value of 129 characters", { value: "x".repeat(129) }, "BadRequestException: API Key value exceeds maximum size of 128 characters"],
    ["a name of 1025 characters", { name: "x".repeat(1025) }, "BadRequestException: API Key name exceeds maximum size of 1024 characters"],
    ["a value that another key has", { value: VALUE }, "ConflictException: API Key already exists"],
    ["a stage that is not there", { stageKeys: [{ restApiId: "none", stageName: "prod" }] }, "NotFoundException: API Stage not found: none:prod"],
    ["tags that begin with aws:", { tags: { "aws:a": "b" } }, "BadRequestException: Invalid tag key: aws:a. Tag keys must not start with aws:"],
  ])("refuses %s", async (_what, members, expected) => {
    const { api } = await start();
    await api.CreateApiKey({ value: VALUE }, call);
    const before = await api.GetApiKeys({}, call);
    expect(await refusal(api.CreateApiKey(members, call))).toBe(expected);
    expect(await api.GetApiKeys({}, call)).toEqual(before);
  });

  test.each([20, 128])("takes a value of %d characters", async (length) => {
    const { api } = await start();
    expect(await api.CreateApiKey({ value: "x".repeat(length) }, call)).toMatchObject({ value: "x".repeat(length) });
  });

  test("takes the same value in another account and in another region", async () => {
    const { api } = await start();
    for (const caller of [call, callOf("111111111111", "us-east-1"), callOf("000000000000", "eu-west-1")]) {
      expect(await api.CreateApiKey({ value: VALUE }, caller)).toMatchObject({ value: VALUE });
    }
  });

  test("makes no more than the quota, of many at once, in each region", async () => {
    const { api } = await start({ limits: { apiKeys: 3 } });
    const expected = "LimitExceededException: Maximum number of API Keys for this account has been reached.  Please contact AWS if you need additional API Keys.";
    const refusals = await Promise.all(Array.from({ length: 8 }, () => refusal(api.CreateApiKey({}, call))));
    expect(refusals.filter((each) => each === expected)).toHaveLength(5);
    expect((await api.GetApiKeys({}, call)).items).toHaveLength(3);
    await api.CreateApiKey({}, callOf("000000000000", "eu-west-1"));
  });

  test("makes one key of two at once with the same value", async () => {
    const { api } = await start();
    const both = await Promise.all([refusal(api.CreateApiKey({ value: VALUE }, call)), refusal(api.CreateApiKey({ value: VALUE }, call))]);
    expect(both.filter((each) => each === "ConflictException: API Key already exists")).toHaveLength(1);
    expect((await api.GetApiKeys({}, call)).items).toHaveLength(1);
  });
});

test("GetApiKey shows the value only when asked", async () => {
  const { api } = await start();
  const { value: _value, ...shown } = await api.CreateApiKey({ name: "n" }, call);
  const apiKey = shown.id as string;
  expect(await api.GetApiKey({ apiKey }, call)).toEqual(shown);
  expect(await api.GetApiKey({ apiKey, includeValue: false }, call)).toEqual(shown);
  expect(await refusal(api.GetApiKey({ apiKey: "none" }, call))).toBe(NOT_FOUND);
  expect(await refusal(api.GetApiKey({ apiKey }, callOf("111111111111", "us-east-1")))).toBe(NOT_FOUND);
});

describe("GetApiKeys", () => {
  async function startWithKeys() {
    const { api } = await start();
    const keys = [];
    for (const [name, customerId] of [["alpha", "c1"], ["alphabet", "c2"], ["beta", "c1"], ["Alpha", "c1"]]) {
      keys.push(await api.CreateApiKey({ name: name as string, customerId: customerId as string }, call));
    }
    await api.CreateApiKey({ name: "alpha" }, callOf("000000000000", "eu-west-1"));
    return { api, keys };
  }

  test.each([
    [{}, ["alpha", "alphabet", "beta", "Alpha"]],
    [{ nameQuery: "alpha" }, ["alpha", "alphabet"]],
    [{ nameQuery: "" }, ["alpha", "alphabet", "beta", "Alpha"]],
    [{ nameQuery: "none" }, []],
    [{ customerId: "c1" }, ["alpha", "beta", "Alpha"]],
    [{ customerId: "c1", nameQuery: "alpha" }, ["alpha"]],
    [{ customerId: "none" }, []],
  ])("%j", async (input, names) => {
    const { api } = await startWithKeys();
    expect((await api.GetApiKeys(input, call)).items?.map(({ name }) => name)).toEqual(names);
  });

  test("shows values only when asked", async () => {
    const { api, keys } = await startWithKeys();
    expect(await api.GetApiKeys({}, call)).toEqual({ items: keys.map(({ value: _value, ...shown }) => shown) });
    expect(await api.GetApiKeys({ includeValues: true }, call)).toEqual({ items: keys });
  });

  test("gives full pages of what it selects, and a position only where there is more", async () => {
    const { api } = startControlPlane();
    for (let i = 0; i < 9; i++) await api.CreateApiKey({ name: i % 3 === 0 ? `shown${i}` : `other${i}` }, call);
    const first = await api.GetApiKeys({ nameQuery: "shown", limit: 2 }, call);
    expect(first.items?.map(({ name }) => name)).toEqual(["shown0", "shown3"]);
    const second = await api.GetApiKeys({ nameQuery: "shown", limit: 2, position: first.position as string }, call);
    expect(second).toEqual({ items: [expect.objectContaining({ name: "shown6" })] });
    expect(await api.GetApiKeys({ limit: 9 }, call)).not.toHaveProperty("position");
    expect(await refusal(api.GetApiKeys({ limit: 0 }, call))).toBe("BadRequestException: Invalid limit specified: 0. Must be at least 1");
    expect(await refusal(api.GetApiKeys({ position: "?" }, call))).toBe("BadRequestException: Invalid position parameter specified");
  });
});

describe("UpdateApiKey", () => {
  const replace = (path: string, value: string) => ({ op: "replace", path, value }) as const;
  const SUPPORTED = "/customerId, /description, /enabled, /name";

  test.each<[PatchOperation, object]>([
    [replace("/customerId", "c2"), { customerId: "c2" }],
    [replace("/customerId", ""), { customerId: undefined }],
    [replace("/description", "e"), { description: "e" }],
    [replace("/description", ""), { description: undefined }],
    [replace("/enabled", "true"), { enabled: true }],
    [replace("/name", "m"), { name: "m" }],
    [{ op: "add", path: "/labels", value: "l" }, {}],
    [{ op: "remove", path: "/labels", value: "l" }, {}],
    [{ op: "add", path: "/stages", value: "API/prod" }, { stageKeys: ["API/prod"] }],
    [{ op: "remove", path: "/stages", value: "API/prod" }, { stageKeys: [] }],
  ])("%j, and the answer is without the value (github.com/aws/aws-sdk/issues/560)", async (operation, changed) => {
    const { api, advance, restApiId } = await start();
    const named = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll("API/", `${restApiId}/`)) as T;
    const { value, ...before } = await api.CreateApiKey({ name: "n", description: "d", customerId: "c1" }, call);
    const apiKey = before.id as string;
    advance(1000);
    const answer = await api.UpdateApiKey({ apiKey, patchOperations: [named(operation)] }, call);
    expect(answer).toEqual({ ...before, lastUpdatedDate: NOW + 1000, ...("stageKeys" in changed ? named(changed) : changed) });
    expect(await api.GetApiKey({ apiKey, includeValue: true }, call)).toEqual({ ...answer, value });
  });

  test.each<[PatchOperation, string]>([
    [replace("/value", "x"), `BadRequestException: Invalid patch path  '/value' specified for op 'replace'. Must be one of: [${SUPPORTED}]`],
    [replace("/stages", "x"), `BadRequestException: Invalid patch path  '/stages' specified for op 'replace'. Must be one of: [${SUPPORTED}]`],
    [{ op: "add", path: "/name", value: "x" }, "BadRequestException: Invalid patch path  '/name' specified for op 'add'. Must be one of: [/labels, /stages]"],
    [{ op: "remove", path: "/name" }, "BadRequestException: Invalid patch path  '/name' specified for op 'remove'. Must be one of: [/labels, /stages]"],
    [{ op: "copy", path: "/name", from: "/description" }, "BadRequestException: Invalid patch path  '/name' specified for op 'copy'. Must be one of: []"],
    [{ op: "move", path: "/name", from: "/description" }, "BadRequestException: Invalid patch path  '/name' specified for op 'move'. Must be one of: []"],
    [replace("/enabled", "yes"), "BadRequestException: Invalid patch value 'yes' specified for path '/enabled'. Must be true or false"],
    [replace("/name", "x".repeat(1025)), "BadRequestException: API Key name exceeds maximum size of 1024 characters"],
    [{ op: "add", path: "/stages", value: "x" }, "BadRequestException: Invalid patch value 'x' specified for path '/stages'. Must be an API id and a stage, {apiId}/{stage}"],
    [{ op: "add", path: "/stages", value: "none/prod" }, "NotFoundException: API Stage not found: none:prod"],
  ])("refuses %j, and changes nothing", async (operation, expected) => {
    const { api } = await start();
    const before = await api.CreateApiKey({ name: "n" }, call);
    const apiKey = before.id as string;
    expect(await refusal(api.UpdateApiKey({ apiKey, patchOperations: [replace("/name", "m"), operation] }, call))).toBe(expected);
    expect(await api.GetApiKey({ apiKey, includeValue: true }, call)).toEqual(before);
  });

  test("of two writers loses neither's change", async () => {
    const { api } = await start();
    const apiKey = (await api.CreateApiKey({}, call)).id as string;
    const update = (path: string) => api.UpdateApiKey({ apiKey, patchOperations: [replace(path, "x")] }, call);
    await Promise.all([update("/name"), update("/description"), update("/customerId")]);
    expect(await api.GetApiKey({ apiKey }, call)).toMatchObject({ name: "x", description: "x", customerId: "x" });
  });
});

test("DeleteApiKey takes the key away, and its value is free again", async () => {
  const { api } = await start();
  const apiKey = (await api.CreateApiKey({ value: VALUE }, call)).id as string;
  expect(await api.DeleteApiKey({ apiKey }, call)).toEqual({});
  expect(await refusal(api.GetApiKey({ apiKey }, call))).toBe(NOT_FOUND);
  expect(await refusal(api.UpdateApiKey({ apiKey }, call))).toBe(NOT_FOUND);
  expect(await refusal(api.DeleteApiKey({ apiKey }, call))).toBe(NOT_FOUND);
  await api.CreateApiKey({ value: VALUE }, call);
});

test("stage keys go with their stage, and with their API", async () => {
  const { api, restApiId } = await start();
  await api.CreateDeployment({ restApiId, stageName: "test" }, call);
  const stageKeys = ["prod", "test"].map((stageName) => ({ restApiId, stageName }));
  const apiKey = (await api.CreateApiKey({ stageKeys }, call)).id as string;
  await api.DeleteStage({ restApiId, stageName: "prod" }, call);
  expect(await api.GetApiKey({ apiKey }, call)).toMatchObject({ stageKeys: [`${restApiId}/test`] });
  await api.DeleteRestApi({ restApiId }, call);
  expect(await api.GetApiKey({ apiKey }, call)).toMatchObject({ stageKeys: [] });
});

test("keys are tagged by their ARN", async () => {
  const { api } = await start();
  const apiKey = (await api.CreateApiKey({ tags: { a: "1" } }, call)).id as string;
  const resourceArn = `arn:aws:apigateway:us-east-1::/apikeys/${apiKey}`;
  await api.TagResource({ resourceArn, tags: { b: "2" } }, call);
  await api.UntagResource({ resourceArn, tagKeys: ["a"] }, call);
  expect(await api.GetTags({ resourceArn }, call)).toEqual({ tags: { b: "2" } });
  expect(await api.GetApiKey({ apiKey }, call)).toMatchObject({ tags: { b: "2" } });
  expect(await refusal(api.GetTags({ resourceArn: `${resourceArn}x` }, call))).toBe(NOT_FOUND);
});
