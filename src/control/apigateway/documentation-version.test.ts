import { expect, test } from "vitest";
import { call, NOW, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const NOT_FOUND = "NotFoundException: Invalid Documentation version specified";

async function start() {
  const { api, advance } = startControlPlane();
  const found = await petStore(api);
  const { restApiId } = found;
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  await api.CreateDocumentationPart({ restApiId, location: { type: "API" }, properties: '{"description":"first"}' }, call);
  const create = (documentationVersion: string, more: { stageName?: string; description?: string } = {}) =>
    api.CreateDocumentationVersion({ restApiId, documentationVersion, ...more }, call);
  const setStage = (value: string) =>
    api.UpdateStage({ restApiId, stageName: "prod", patchOperations: [{ op: "replace", path: "/documentationVersion", value }] }, call);
  return { api, advance, ...found, create, setStage, key: (documentationVersion: string) => ({ restApiId, documentationVersion }) };
}

test("CreateDocumentationVersion, GetDocumentationVersion, GetDocumentationVersions by pages, DeleteDocumentationVersion", async () => {
  const { api, restApiId, create, key } = await start();
  const first = await create("1.0.0", { description: "My API Documentation v1.0.0" });
  expect(first).toEqual({ version: "1.0.0", createdDate: NOW, description: "My API Documentation v1.0.0" });
  expect(await api.GetDocumentationVersion(key("1.0.0"), call)).toEqual(first);
  expect(await create("1.0.1")).toEqual({ version: "1.0.1", createdDate: NOW });
  const page = await api.GetDocumentationVersions({ restApiId, limit: 1 }, call);
  expect(page).toEqual({ items: [first], position: expect.any(String) });
  expect(await api.GetDocumentationVersions({ restApiId, position: page.position as string }, call)).toEqual({ items: [{ version: "1.0.1", createdDate: NOW }] });
  expect(await refusal(create("1.0.0"))).toBe("ConflictException: Documentation version already exists");
  expect(await refusal(create(""))).toBe("BadRequestException: Documentation version must be non-empty");
  expect(await api.DeleteDocumentationVersion(key("1.0.0"), call)).toEqual({});
  expect(await refusal(api.GetDocumentationVersion(key("1.0.0"), call))).toBe(NOT_FOUND);
  expect(await refusal(api.UpdateDocumentationVersion(key("1.0.0"), call))).toBe(NOT_FOUND);
  expect(await refusal(api.DeleteDocumentationVersion(key("1.0.0"), call))).toBe(NOT_FOUND);
});

// api-gateway-documenting-api-quick-start-publishing
test("UpdateDocumentationVersion changes the description, and nothing else", async () => {
  const { api, create, key } = await start();
  const version = await create("1.0.0");
  const update = (path: string, value: string) => api.UpdateDocumentationVersion({ ...key("1.0.0"), patchOperations: [{ op: "replace", path, value }] }, call);
  expect(await update("/description", "My API for testing purposes.")).toEqual({ ...version, description: "My API for testing purposes." });
  expect(await update("/description", "")).toEqual(version);
  expect(await refusal(update("/version", "2"))).toBe("BadRequestException: Invalid patch path  '/version' specified for op 'replace'. Must be one of: [/description]");
});

test("a version is associated with a stage when it is made, or later by UpdateStage", async () => {
  const { api, advance, restApiId, create, setStage } = await start();
  advance(1000);
  await create("1.0.0", { stageName: "prod" });
  const stage = await api.GetStage({ restApiId, stageName: "prod" }, call);
  expect([stage.documentationVersion, stage.lastUpdatedDate]).toEqual(["1.0.0", NOW + 1000]);
  await create("2.0.0");
  expect((await setStage("2.0.0")).documentationVersion).toBe("2.0.0");
  expect((await setStage("")).documentationVersion).toBeUndefined();
  expect(await refusal(setStage("3"))).toBe("BadRequestException: Invalid Documentation version specified");
  expect(await refusal(create("3", { stageName: "none" }))).toBe("NotFoundException: Invalid stage identifier specified");
  expect(await refusal(api.GetDocumentationVersion({ restApiId, documentationVersion: "3" }, call))).toBe(NOT_FOUND);
  const { items = [] } = await api.GetDeployments({ restApiId }, call);
  const deploymentId = items[0]?.id as string;
  expect((await api.CreateStage({ restApiId, stageName: "test", deploymentId, documentationVersion: "2.0.0" }, call)).documentationVersion).toBe("2.0.0");
});

test("a version that a stage has is not deleted", async () => {
  const { api, create, key, setStage } = await start();
  await create("1.0.0", { stageName: "prod" });
  expect(await refusal(api.DeleteDocumentationVersion(key("1.0.0"), call))).toBe(
    "ConflictException: Cannot delete Documentation version '1.0.0', is referenced in stage: prod",
  );
  await setStage("");
  expect(await api.DeleteDocumentationVersion(key("1.0.0"), call)).toEqual({});
});

test("a stage never ends up with a version that is deleted at the same moment", async () => {
  const { api, restApiId, create, key, setStage } = await start();
  await create("1.0.0");
  const [set, deleted] = await Promise.all([refusal(setStage("1.0.0")), refusal(api.DeleteDocumentationVersion(key("1.0.0"), call))]);
  const stage = await api.GetStage({ restApiId, stageName: "prod" }, call);
  const version = await refusal(api.GetDocumentationVersion(key("1.0.0"), call));
  expect(stage.documentationVersion === undefined).toBe(version === NOT_FOUND);
  expect([set, deleted].filter((answer) => answer.startsWith("accepted"))).toHaveLength(1);
});

test("parts that are made at the same moment keep to their quota and their locations", async () => {
  const { api, restApiId } = await start();
  const made = await Promise.all(
    Array.from({ length: 10 }, () => refusal(api.CreateDocumentationPart({ restApiId, location: { type: "RESOURCE" }, properties: "{}" }, call))),
  );
  expect(made.filter((answer) => answer.startsWith("accepted"))).toHaveLength(1);
  expect(new Set(made.filter((answer) => !answer.startsWith("accepted")))).toEqual(
    new Set(["ConflictException: Documentation part already exists for the specified location: type 'RESOURCE', path '/'."]),
  );
});
