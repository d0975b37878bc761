import { describe, expect, test } from "vitest";
import { call, type ControlPlane, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { methods } from "../../domain/rest-api.ts";

/** An API with `/pets`, `/pets/{petId}` and `/files/{path+}`; ids by path. */
async function tree(api: ControlPlane) {
  const { id: restApiId, rootResourceId } = (await api.CreateRestApi({ name: "x" }, call)) as { id: string; rootResourceId: string };
  const add = async (parentId: string, pathPart: string) => (await api.CreateResource({ restApiId, parentId, pathPart }, call)).id as string;
  const pets = await add(rootResourceId, "pets");
  const petId = await add(pets, "{petId}");
  const files = await add(rootResourceId, "files");
  const path = await add(files, "{path+}");
  return { restApiId, root: rootResourceId, pets, petId, files, path, add };
}

test("CreateResource answers with the path that the parts add up to", async () => {
  const { api } = startControlPlane();
  const { restApiId, petId, add } = await tree(api);
  const id = await add(petId, "a.b_c-d:e");
  const expected = { id, parentId: petId, pathPart: "a.b_c-d:e", path: "/pets/{petId}/a.b_c-d:e" };
  expect(await api.GetResource({ restApiId, resourceId: id }, call)).toEqual(expected);
});

test.each<[string, string, string]>([
  ["root", "pets", "ConflictException: Another resource with the same parent already has this name: pets"],
  ["pets", "{id}", "BadRequestException: A sibling ({petId}) of this resource already has a variable path part -- only one is allowed"],
  ["pets", "{proxy+}", "BadRequestException: A sibling ({petId}) of this resource already has a variable path part -- only one is allowed"],
  ["files", "{id}", "BadRequestException: A sibling ({path+}) of this resource already has a variable path part -- only one is allowed"],
  ["path", "below", "BadRequestException: Cannot create a child of a resource with a greedy path variable: {path+}"],
  ...["", "a b", "a/b", "{a", "a}", "{}", "{+}", "{a}b", "{a}{b}", "a+", "{a++}", "é"].map((part): [string, string, string] => [
    "petId",
    part,
    "BadRequestException: Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
  ]),
])("under %s, CreateResource refuses %j", async (parent, pathPart, expected) => {
  const { api } = startControlPlane();
  const ids = await tree(api);
  const before = await api.GetResources({ restApiId: ids.restApiId }, call);
  const parentId = ids[parent as "root" | "pets" | "petId" | "files" | "path"];
  expect(await refusal(api.CreateResource({ restApiId: ids.restApiId, parentId, pathPart }, call))).toBe(expected);
  expect(await api.GetResources({ restApiId: ids.restApiId }, call)).toEqual(before);
});

test("a literal may stand beside a variable", async () => {
  const { api } = startControlPlane();
  const { restApiId, pets, files, add } = await tree(api);
  await add(pets, "new");
  await add(files, "index.html");
  expect((await api.GetResources({ restApiId }, call)).items?.map(({ path }) => path).sort()).toEqual([
    "/",
    "/files",
    "/files/index.html",
    "/files/{path+}",
    "/pets",
    "/pets/new",
    "/pets/{petId}",
  ]);
});

test("unknown resources and parents are not found", async () => {
  const { api } = startControlPlane();
  const { restApiId } = await tree(api);
  const expected = "NotFoundException: Invalid Resource identifier specified";
  expect(await refusal(api.CreateResource({ restApiId, parentId: "no", pathPart: "x" }, call))).toBe(expected);
  expect(await refusal(api.GetResource({ restApiId, resourceId: "no" }, call))).toBe(expected);
  expect(await refusal(api.UpdateResource({ restApiId, resourceId: "no" }, call))).toBe(expected);
  expect(await refusal(api.DeleteResource({ restApiId, resourceId: "no" }, call))).toBe(expected);
});

test("an API has 300 resources, the root included", async () => {
  const { api } = startControlPlane();
  const { id: restApiId, rootResourceId: parentId } = (await api.CreateRestApi({ name: "x" }, call)) as { id: string; rootResourceId: string };
  for (let i = 1; i < 300; i++) await api.CreateResource({ restApiId, parentId, pathPart: `r${i}` }, call);
  expect(await refusal(api.CreateResource({ restApiId, parentId, pathPart: "one-more" }, call))).toBe(
    "LimitExceededException: Maximum number of Resources for this API has been reached.  Please contact AWS if you need additional Resources.",
  );
});

describe("embed=methods", () => {
  test("shows methods whole, and by their names without it", async () => {
    const { api } = startControlPlane();
    const { restApiId, rootId, method } = await petStore(api);
    const whole = await api.GetMethod(method, call);
    const pets = { id: method.resourceId, parentId: rootId, pathPart: "pets", path: "/pets" };
    const root = { id: rootId, path: "/" };
    expect(await api.GetResources({ restApiId }, call)).toEqual({ items: [root, { ...pets, resourceMethods: { GET: {} } }] });
    expect(await api.GetResources({ restApiId, embed: ["methods"] }, call)).toEqual({ items: [root, { ...pets, resourceMethods: { GET: whole } }] });
    expect(await api.GetResource({ restApiId, resourceId: pets.id }, call)).toEqual({ ...pets, resourceMethods: { GET: {} } });
    expect(await api.GetResource({ restApiId, resourceId: pets.id, embed: ["methods"] }, call)).toEqual({ ...pets, resourceMethods: { GET: whole } });
  });

  test("is all there is to embed", async () => {
    const { api } = startControlPlane();
    const { restApiId } = await petStore(api);
    expect(await refusal(api.GetResources({ restApiId, embed: ["models"] }, call))).toBe(
      "BadRequestException: Invalid embed value 'models' specified. Must be one of: [methods]",
    );
  });
});

test("GetResources has pages", async () => {
  const { api } = startControlPlane();
  const { restApiId, root, pets, petId, files, path } = await tree(api);
  const first = await api.GetResources({ restApiId, limit: 3 }, call);
  const second = await api.GetResources({ restApiId, limit: 3, position: first.position as string }, call);
  expect([first, second].map(({ items }) => items?.map(({ id }) => id))).toEqual([[root, pets, petId], [files, path]]);
  expect(second.position).toBeUndefined();
});

describe("UpdateResource", () => {
  test("renames a resource, and so the paths below it", async () => {
    const { api } = startControlPlane();
    const { restApiId, root, pets, petId } = await tree(api);
    const patchOperations = [{ op: "replace", path: "/pathPart", value: "animals" }] as const;
    expect(await api.UpdateResource({ restApiId, resourceId: pets, patchOperations }, call)).toEqual({
      id: pets,
      parentId: root,
      pathPart: "animals",
      path: "/animals",
    });
    expect((await api.GetResource({ restApiId, resourceId: petId }, call)).path).toBe("/animals/{petId}");
  });

  test("moves a resource with all below it", async () => {
    const { api } = startControlPlane();
    const { restApiId, pets, petId, files, add } = await tree(api);
    await api.DeleteResource({ restApiId, resourceId: (await api.GetResources({ restApiId }, call)).items?.find((each) => each.pathPart === "{path+}")?.id as string }, call);
    const deep = await add(petId, "toys");
    const patchOperations = [{ op: "replace", path: "/parentId", value: files }] as const;
    expect((await api.UpdateResource({ restApiId, resourceId: pets, patchOperations }, call)).path).toBe("/files/pets");
    expect((await api.GetResource({ restApiId, resourceId: deep }, call)).path).toBe("/files/pets/{petId}/toys");
  });

  test.each([
    ["pets", "/pathPart", "files", "ConflictException: Another resource with the same parent already has this name: files"],
    ["pets", "/pathPart", "a b", "BadRequestException: Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end."],
    ["pets", "/pathPart", "{all+}", "BadRequestException: Cannot create a child of a resource with a greedy path variable: {all+}"],
    ["petId", "/parentId", "files", "BadRequestException: A sibling ({path+}) of this resource already has a variable path part -- only one is allowed"],
    ["pets", "/parentId", "path", "BadRequestException: Cannot create a child of a resource with a greedy path variable: {path+}"],
    ["pets", "/parentId", "petId", "BadRequestException: A resource cannot be moved below itself."],
    ["pets", "/parentId", "pets", "BadRequestException: A resource cannot be moved below itself."],
    ["pets", "/parentId", "nowhere", "NotFoundException: Invalid Resource identifier specified"],
    ["root", "/pathPart", "x", "BadRequestException: Root resource cannot be updated."],
    ["pets", "/path", "x", "BadRequestException: Invalid patch path  '/path' specified for op 'replace'. Must be one of: [/parentId, /pathPart]"],
  ] as const)("of %s refuses %s = %j", async (which, path, value, expected) => {
    const { api } = startControlPlane();
    const ids = await tree(api);
    const before = await api.GetResources({ restApiId: ids.restApiId }, call);
    const target = path === "/parentId" && value in ids ? ids[value as "pets"] : value;
    const patchOperations = [{ op: "replace", path, value: target }] as const;
    expect(await refusal(api.UpdateResource({ restApiId: ids.restApiId, resourceId: ids[which], patchOperations }, call))).toBe(expected);
    expect(await api.GetResources({ restApiId: ids.restApiId }, call)).toEqual(before);
  });
});

describe("DeleteResource", () => {
  test("takes all resources and methods below with it, and nothing else", async () => {
    const { api, store } = startControlPlane();
    const { restApiId, root, pets, petId, files, path } = await tree(api);
    for (const resourceId of [root, pets, petId, files]) await api.PutMethod({ restApiId, resourceId, httpMethod: "ANY", authorizationType: "NONE" }, call);
    expect(await api.DeleteResource({ restApiId, resourceId: pets }, call)).toEqual({});
    expect((await api.GetResources({ restApiId }, call)).items?.map(({ id }) => id)).toEqual([root, files, path]);
    expect((await store.list(methods, {})).items.map(({ value }) => value.resourceId)).toEqual([root, files]);
    await api.CreateResource({ restApiId, parentId: root, pathPart: "pets" }, call);
  });

  test("leaves the root alone", async () => {
    const { api } = startControlPlane();
    const { restApiId, root } = await tree(api);
    expect(await refusal(api.DeleteResource({ restApiId, resourceId: root }, call))).toBe("BadRequestException: Root resource cannot be deleted.");
  });
});
