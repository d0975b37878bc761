// What others do between an operation's decision and its commit.
import { describe, expect, test } from "vitest";
import { call, callOf, type ControlPlane, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { createMemoryStore } from "../../adapters/memory/index.ts";
import { authorizers } from "../../domain/authorizer.ts";
import { models } from "../../domain/data-model.ts";
import { gatewayResponses } from "../../domain/gateway-response.ts";
import { requestValidators } from "../../domain/request-validator.ts";
import { deployments, methods, resources, resourceTrees, restApis, snapshots, stages } from "../../domain/rest-api.ts";
import { type Store, VersionConflict } from "../../ports/store.ts";

/** Two control planes on one store; whatever `between` is set to happens once, just before the first one's next commit. */
function startTwo() {
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
  const { api } = startControlPlane({ store: interrupted });
  const other = startControlPlane({ store, firstId: 1000 }).api;
  return { api, other, store, meanwhile: (does: () => Promise<unknown>) => (between = does) };
}

async function start() {
  const two = startTwo();
  return { ...two, ...(await petStore(two.api)) };
}

const apiKinds = { restApis, resourceTrees, resources, methods, models, requestValidators, authorizers, gatewayResponses };
const kinds = { ...apiKinds, deployments, stages, snapshots };

async function counts(store: Store): Promise<Record<string, number>> {
  const each = Object.entries(kinds).map(async ([name, kind]) => [name, await store.count(kind as never, {})] as const);
  return Object.fromEntries(await Promise.all(each));
}

const NONE = Object.fromEntries(Object.keys(kinds).map((name) => [name, 0]));

type MethodKey = Awaited<ReturnType<typeof petStore>>["method"];
const PET = { "application/json": "Pet" };
const AUTHORIZER = {
  name: "tokens",
  type: "TOKEN",
  authorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations",
  identitySource: "method.request.header.Authorization",
} as const;

describe("in one process", () => {
  test("30 resources made at once are all there", async () => {
    const { api } = startControlPlane();
    const { restApiId, rootId } = await petStore(api);
    const names = Array.from({ length: 30 }, (_, i) => `r${i}`);
    await Promise.all(names.map((pathPart) => api.CreateResource({ restApiId, parentId: rootId, pathPart }, call)));
    const { items = [] } = await api.GetResources({ restApiId, limit: 500 }, call);
    expect(items.map(({ pathPart }) => pathPart)).toEqual(expect.arrayContaining(names));
  });

  test("of resources with one name, one is made", async () => {
    const { api } = startControlPlane();
    const { restApiId, rootId } = await petStore(api);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => refusal(api.CreateResource({ restApiId, parentId: rootId, pathPart: "one" }, call))));
    expect(outcomes.filter((each) => each === "ConflictException: Another resource with the same parent already has this name: one")).toHaveLength(4);
  });

  test("of variable siblings, one is made", async () => {
    const { api } = startControlPlane();
    const { restApiId, rootId } = await petStore(api);
    const outcomes = await Promise.all(["{a}", "{b}", "{c+}"].map((pathPart) => refusal(api.CreateResource({ restApiId, parentId: rootId, pathPart }, call))));
    expect(outcomes.filter((each) => /^BadRequestException: A sibling \(\{\w\+?\}\) of this resource/.test(each))).toHaveLength(2);
  });

  test("the quotas of resources and stages are kept", async () => {
    const { api } = startControlPlane({ limits: { resourcesPerApi: 5, stagesPerApi: 3 } });
    const { restApiId, rootId } = await petStore(api);
    const { id: deploymentId } = await api.CreateDeployment({ restApiId }, call);
    await Promise.all([
      ...Array.from({ length: 6 }, (_, i) => refusal(api.CreateResource({ restApiId, parentId: rootId, pathPart: `r${i}` }, call))),
      ...Array.from({ length: 6 }, (_, i) => refusal(api.CreateStage({ restApiId, stageName: `s${i}`, deploymentId: deploymentId as string }, call))),
    ]);
    expect((await api.GetResources({ restApiId }, call)).items).toHaveLength(5);
    expect((await api.GetStages({ restApiId }, call)).item).toHaveLength(3);
  });

  test("of request validators with one name one is made, and their quota is kept", async () => {
    const { api } = startControlPlane({ limits: { requestValidatorsPerApi: 3 } });
    const { restApiId } = await petStore(api);
    const named = await Promise.all(Array.from({ length: 4 }, () => refusal(api.CreateRequestValidator({ restApiId, name: "one" }, call))));
    expect(named.filter((each) => each === "ConflictException: Request Validator name must be unique")).toHaveLength(3);
    await Promise.all(Array.from({ length: 6 }, () => refusal(api.CreateRequestValidator({ restApiId }, call))));
    expect((await api.GetRequestValidators({ restApiId }, call)).items).toHaveLength(3);
  });

  test("20 patches of one method made at once are all in it", async () => {
    const { api } = startControlPlane();
    const { method } = await petStore(api);
    const names = Array.from({ length: 20 }, (_, i) => `method.request.header.h${i}`);
    await Promise.all(names.map((name) => api.UpdateMethod({ ...method, patchOperations: [{ op: "add", path: `/requestParameters/${name}`, value: "true" }] }, call)));
    expect(Object.keys((await api.GetMethod(method, call)).requestParameters ?? {}).sort()).toEqual(names.sort());
  });
});

describe("between the decision and the commit", () => {
  const addStage = (api: ControlPlane, restApiId: string, deploymentId: string) => api.CreateStage({ restApiId, stageName: "late", deploymentId }, call);

  test("the deployment that a new stage points at is deleted", async () => {
    const { api, other, restApiId, meanwhile } = await start();
    const deploymentId = (await api.CreateDeployment({ restApiId }, call)).id as string;
    meanwhile(() => other.DeleteDeployment({ restApiId, deploymentId }, call));
    expect(await refusal(addStage(api, restApiId, deploymentId))).toBe("NotFoundException: Invalid Deployment identifier specified");
  });

  test("a stage begins to point at the deployment that is deleted", async () => {
    const { api, other, restApiId, meanwhile } = await start();
    const deploymentId = (await api.CreateDeployment({ restApiId }, call)).id as string;
    meanwhile(() => addStage(other, restApiId, deploymentId));
    expect(await refusal(api.DeleteDeployment({ restApiId, deploymentId }, call))).toBe(
      "BadRequestException: Active stages pointing to this deployment must be moved or deleted",
    );
  });

  test("a stage is moved to the deployment that is deleted", async () => {
    const { api, other, restApiId, meanwhile } = await start();
    await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
    const deploymentId = (await api.CreateDeployment({ restApiId }, call)).id as string;
    const patchOperations = [{ op: "replace", path: "/deploymentId", value: deploymentId }] as const;
    meanwhile(() => other.UpdateStage({ restApiId, stageName: "prod", patchOperations }, call));
    expect(await refusal(api.DeleteDeployment({ restApiId, deploymentId }, call))).toBe(
      "BadRequestException: Active stages pointing to this deployment must be moved or deleted",
    );
  });

  test("an equal deployment is made while the last one with its snapshot is deleted", async () => {
    const { api, other, store, restApiId, meanwhile } = await start();
    const deploymentId = (await api.CreateDeployment({ restApiId }, call)).id as string;
    meanwhile(() => other.CreateDeployment({ restApiId }, call));
    await api.DeleteDeployment({ restApiId, deploymentId }, call);
    expect(await counts(store)).toMatchObject({ deployments: 1, snapshots: 1 });
  });

  test.each<[string, (api: ControlPlane, restApiId: string) => Promise<unknown>]>([
    ["it is deployed", (api, restApiId) => api.CreateDeployment({ restApiId, stageName: "prod" }, call)],
    ["a model is made", (api, restApiId) => api.CreateModel({ restApiId, name: "Late", contentType: "application/json" }, call)],
    ["a request validator is made", (api, restApiId) => api.CreateRequestValidator({ restApiId }, call)],
    ["an authorizer is made", (api, restApiId) => api.CreateAuthorizer({ restApiId, ...AUTHORIZER }, call)],
    ["a gateway response is put", (api, restApiId) => api.PutGatewayResponse({ restApiId, responseType: "THROTTLED" }, call)],
    ["a gateway response is updated", (api, restApiId) => api.UpdateGatewayResponse({ restApiId, responseType: "THROTTLED" }, call)],
    ["it is cloned", (api, restApiId) => api.CreateRestApi({ name: "clone", cloneFrom: restApiId }, call)],
  ])("the API is deleted while %s", async (_what, does) => {
    const { api, other, store, restApiId, meanwhile } = await start();
    meanwhile(() => other.DeleteRestApi({ restApiId }, call));
    expect(await refusal(does(api, restApiId))).toBe(`NotFoundException: Invalid API identifier specified 000000000000:${restApiId}`);
    expect(await counts(store)).toEqual(NONE);
  });

  test.each([
    "CreateDeployment",
    "CreateResource",
    "PutMethod",
    "CreateModel",
    "CreateRequestValidator",
    "CreateAuthorizer",
    "PutGatewayResponse",
    "UpdateGatewayResponse",
  ] as const)("%s happens while the API is deleted", async (operation) => {
    const { api, other, store, restApiId, rootId, meanwhile } = await start();
    const does = {
      CreateDeployment: () => other.CreateDeployment({ restApiId, stageName: "prod" }, call),
      CreateResource: () => other.CreateResource({ restApiId, parentId: rootId, pathPart: "late" }, call),
      PutMethod: () => other.PutMethod({ restApiId, resourceId: rootId, httpMethod: "PUT", authorizationType: "NONE" }, call),
      CreateModel: () => other.CreateModel({ restApiId, name: "Late", contentType: "application/json" }, call),
      CreateRequestValidator: () => other.CreateRequestValidator({ restApiId, name: "late" }, call),
      CreateAuthorizer: () => other.CreateAuthorizer({ restApiId, ...AUTHORIZER }, call),
      PutGatewayResponse: () => other.PutGatewayResponse({ restApiId, responseType: "THROTTLED" }, call),
      UpdateGatewayResponse: () => other.UpdateGatewayResponse({ restApiId, responseType: "THROTTLED" }, call),
    };
    meanwhile(does[operation]);
    await api.DeleteRestApi({ restApiId }, call);
    expect(await counts(store)).toEqual(NONE);
  });

  test("the resource of a new method is deleted", async () => {
    const { api, other, store, method, meanwhile } = await start();
    meanwhile(() => other.DeleteResource(method, call));
    expect(await refusal(api.PutMethod({ ...method, httpMethod: "PUT", authorizationType: "NONE" }, call))).toBe(
      "NotFoundException: Invalid Resource identifier specified",
    );
    expect(await counts(store)).toMatchObject({ methods: 0 });
  });

  test("a child is made below the resource that is deleted", async () => {
    const { api, other, store, restApiId, method, meanwhile } = await start();
    meanwhile(() => other.CreateResource({ restApiId, parentId: method.resourceId, pathPart: "late" }, call));
    await api.DeleteResource(method, call);
    expect(await counts(store)).toMatchObject({ resources: 1, methods: 0 });
  });

  test("two resources are not moved below each other", async () => {
    const { api, other, restApiId, rootId, method, meanwhile } = await start();
    const second = (await api.CreateResource({ restApiId, parentId: rootId, pathPart: "second" }, call)).id as string;
    const move = (plane: ControlPlane, resourceId: string, value: string) =>
      plane.UpdateResource({ restApiId, resourceId, patchOperations: [{ op: "replace", path: "/parentId", value }] }, call);
    meanwhile(() => move(other, second, method.resourceId));
    expect(await refusal(move(api, method.resourceId, second))).toBe("BadRequestException: A resource cannot be moved below itself.");
  });

  test("a deployment freezes resources and methods of one moment", async () => {
    const { api, other, store, restApiId, rootId, meanwhile } = await start();
    meanwhile(async () => {
      const { id } = await other.CreateResource({ restApiId, parentId: rootId, pathPart: "late" }, call);
      const late = { restApiId, resourceId: id as string, httpMethod: "GET" };
      await other.PutMethod({ ...late, authorizationType: "NONE" }, call);
      await other.PutIntegration({ ...late, type: "MOCK" }, call);
    });
    await api.CreateDeployment({ restApiId }, call);
    const [snapshot] = (await store.list(snapshots, {})).items;
    expect(snapshot?.value.resources.map(({ pathPart }) => pathPart)).toEqual(expect.arrayContaining(["late"]));
    expect(snapshot?.value.methods).toHaveLength(2);
  });

  test.each([
    ["request", (api: ControlPlane, method: MethodKey) => api.PutMethod({ ...method, httpMethod: "PUT", authorizationType: "NONE", requestModels: PET }, call)],
    ["response", (api: ControlPlane, method: MethodKey) => api.PutMethodResponse({ ...method, statusCode: "200", responseModels: PET }, call)],
  ])("the model of a method %s is deleted", async (_where, refer) => {
    const { api, other, restApiId, method, meanwhile } = await start();
    await api.CreateModel({ restApiId, name: "Pet", contentType: "application/json" }, call);
    meanwhile(() => other.DeleteModel({ restApiId, modelName: "Pet" }, call));
    expect(await refusal(refer(api, method))).toBe("BadRequestException: Invalid model identifier specified: Pet");
  });

  test("a method begins to refer to the model that is deleted", async () => {
    const { api, other, restApiId, method, meanwhile } = await start();
    await api.CreateModel({ restApiId, name: "Pet", contentType: "application/json" }, call);
    const patchOperations = [{ op: "add", path: "/requestModels/application~1json", value: "Pet" }] as const;
    meanwhile(() => other.UpdateMethod({ ...method, patchOperations }, call));
    expect(await refusal(api.DeleteModel({ restApiId, modelName: "Pet" }, call))).toBe(
      "ConflictException: Cannot delete model 'Pet', is referenced in method request: /pets/GET",
    );
  });

  test("another model begins to refer to the model that is deleted", async () => {
    const { api, other, restApiId, meanwhile } = await start();
    await api.CreateModel({ restApiId, name: "Pet", contentType: "application/json" }, call);
    const schema = JSON.stringify({ items: { $ref: `https://apigateway.amazonaws.com/restapis/${restApiId}/models/Pet` } });
    meanwhile(() => other.CreateModel({ restApiId, name: "Pets", contentType: "application/json", schema }, call));
    expect(await refusal(api.DeleteModel({ restApiId, modelName: "Pet" }, call))).toBe(
      "ConflictException: Cannot delete model 'Pet', is referenced in model: Pets",
    );
  });

  test("a method begins to use the request validator that is deleted, and the other way round", async () => {
    const { api, other, restApiId, method, meanwhile } = await start();
    const requestValidatorId = (await api.CreateRequestValidator({ restApiId, name: "all" }, call)).id as string;
    const use = (plane: ControlPlane) =>
      plane.UpdateMethod({ ...method, patchOperations: [{ op: "replace", path: "/requestValidatorId", value: requestValidatorId }] }, call);
    const remove = (plane: ControlPlane) => plane.DeleteRequestValidator({ restApiId, requestValidatorId }, call);
    meanwhile(() => use(other));
    expect(await refusal(remove(api))).toBe("ConflictException: Cannot delete Request Validator 'all', is referenced in method: GET//pets");
    await api.UpdateMethod({ ...method, patchOperations: [{ op: "replace", path: "/requestValidatorId", value: "" }] }, call);
    meanwhile(() => remove(other));
    expect(await refusal(use(api))).toBe("BadRequestException: Invalid Request Validator identifier specified");
  });

  test("a method begins to use the authorizer that is deleted, and the other way round", async () => {
    const { api, other, restApiId, method, meanwhile } = await start();
    const authorizerId = (await api.CreateAuthorizer({ restApiId, ...AUTHORIZER }, call)).id as string;
    const authorize = (plane: ControlPlane, type: string, value: string) => {
      const operations = { "/authorizationType": type, "/authorizerId": value };
      const patchOperations = Object.entries(operations).map(([path, each]) => ({ op: "replace", path, value: each }) as const);
      return plane.UpdateMethod({ ...method, patchOperations }, call);
    };
    const remove = (plane: ControlPlane) => plane.DeleteAuthorizer({ restApiId, authorizerId }, call);
    meanwhile(() => authorize(other, "CUSTOM", authorizerId));
    expect(await refusal(remove(api))).toBe("ConflictException: Cannot delete authorizer 'tokens', is referenced in method: GET//pets");
    await authorize(api, "NONE", "");
    meanwhile(() => remove(other));
    expect(await refusal(authorize(api, "CUSTOM", authorizerId))).toBe(
      "BadRequestException: Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
    );
  });

  test("a deployment freezes what its methods refer to, though both change", async () => {
    const { api, other, store, restApiId, method, meanwhile } = await start();
    const requestValidatorId = (await api.CreateRequestValidator({ restApiId, name: "all" }, call)).id as string;
    const use = (value: string) => other.UpdateMethod({ ...method, patchOperations: [{ op: "replace", path: "/requestValidatorId", value }] }, call);
    await use(requestValidatorId);
    meanwhile(async () => {
      await use("");
      await other.DeleteRequestValidator({ restApiId, requestValidatorId }, call);
    });
    await api.CreateDeployment({ restApiId }, call);
    const [snapshot] = (await store.list(snapshots, {})).items;
    expect(snapshot?.value.requestValidators).toEqual([]);
    expect(snapshot?.value.methods.map((each) => each.requestValidatorId)).toEqual([undefined]);
  });

  test("the API that is cloned gets other settings", async () => {
    const { api, other, restApiId, meanwhile } = await start();
    meanwhile(() => other.UpdateRestApi({ restApiId, patchOperations: [{ op: "add", path: "/binaryMediaTypes/a~1b" }] }, call));
    const clone = await api.CreateRestApi({ name: "clone", cloneFrom: restApiId }, call);
    expect(clone.binaryMediaTypes).toEqual(["a/b"]);
  });

  test("the API that is cloned gets another resource", async () => {
    const { api, other, restApiId, rootId, meanwhile } = await start();
    meanwhile(() => other.CreateResource({ restApiId, parentId: rootId, pathPart: "late" }, call));
    const clone = await api.CreateRestApi({ name: "clone", cloneFrom: restApiId }, call);
    const { items = [] } = await api.GetResources({ restApiId: clone.id as string }, call);
    expect(new Set(items.map(({ path }) => path))).toEqual(new Set(["/", "/late", "/pets"]));
  });

  test("an id that is taken in another account is drawn again: ids are unique in the installation", async () => {
    const store = createMemoryStore();
    const [first, second] = [startControlPlane({ store }).api, startControlPlane({ store }).api];
    const mine = await first.CreateRestApi({ name: "x" }, call);
    const theirs = await second.CreateRestApi({ name: "x" }, callOf("111111111111", "eu-west-1"));
    expect([mine.id, theirs.id]).toEqual(["i000000001", "i000000005"]);
  });
});

test("an operation that others overtake each time gives up in AWS's words, and has changed nothing", async () => {
  const store = createMemoryStore();
  let commits = 0;
  const contended: Store = { ...bound(store), commit: async () => Promise.reject(new VersionConflict("restapi", [`${++commits}`])) };
  expect(await refusal(startControlPlane({ store: contended }).api.CreateRestApi({ name: "x" }, call))).toBe(
    "ConflictException: Unable to complete operation due to concurrent modification. Please try again later.",
  );
  expect(commits).toBe(50);
  expect(await counts(store)).toEqual(NONE);
});

test("a store that fails is no conflict", async () => {
  const broken: Store = { ...bound(createMemoryStore()), commit: async () => Promise.reject(new Error("disk full")) };
  await expect(startControlPlane({ store: broken }).api.CreateRestApi({ name: "x" }, call)).rejects.toThrow("disk full");
});

function bound(store: Store): Store {
  return {
    get: (kind, key) => store.get(kind, key),
    getAll: (kind, keys) => store.getAll(kind, keys),
    list: (kind, query) => store.list(kind, query),
    count: (kind, query) => store.count(kind, query),
    commit: (changes) => store.commit(changes),
    close: () => store.close(),
  };
}
