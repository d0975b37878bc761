import { expect, test } from "vitest";
import { call, callOf, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*"}]}';
const urlOf = (restApiId: string, name: string) => `https://apigateway.amazonaws.com/restapis/${restApiId}/models/${name}`;

async function start() {
  const { api } = startControlPlane();
  const source = await petStore(api);
  const { restApiId, method } = source;
  const bin = { restApiId, name: "Bin", contentType: "application/json", schema: '{ "type": "object" }' };
  const store = { ...bin, name: "Store", schema: JSON.stringify({ items: { $ref: urlOf(restApiId, "Bin") } }) };
  await api.CreateModel(bin, call);
  await api.CreateModel(store, call);
  const validator = await api.CreateRequestValidator({ restApiId, name: "all", validateRequestBody: true }, call);
  await api.PutGatewayResponse({ restApiId, responseType: "THROTTLED", statusCode: "420" }, call);
  const patchOperations = [
    { op: "replace", path: "/requestValidatorId", value: validator.id as string },
    { op: "add", path: "/requestModels/application~1json", value: "Store" },
  ] as const;
  await api.UpdateMethod({ ...method, patchOperations }, call);
  await api.CreateDeployment({ restApiId, stageName: "prod" }, call);
  return { api, ...source, validator };
}

test("a clone has all that the other API has, under identifiers of its own", async () => {
  const { api, restApiId, rootId, method, validator } = await start();
  const { id, rootResourceId } = await api.CreateRestApi({ name: "clone", cloneFrom: restApiId }, call);
  const clone = { restApiId: id as string };
  const { items: resources = [] } = await api.GetResources({ ...clone, embed: ["methods"] }, call);
  const pets = resources.find(({ path }) => path === "/pets");
  const { items: [copied] = [] } = await api.GetRequestValidators(clone, call);
  expect(copied).toEqual({ id: expect.any(String), name: "all", validateRequestBody: true, validateRequestParameters: false });
  const get = {
    ...(await api.GetMethod(method, call)),
    requestValidatorId: copied?.id,
    methodIntegration: { ...(await api.GetIntegration(method, call)), cacheNamespace: pets?.id },
  };
  expect(resources).toEqual([
    { id: rootResourceId, path: "/" },
    { id: expect.any(String), parentId: rootResourceId, pathPart: "pets", path: "/pets", resourceMethods: { GET: get } },
  ]);
  const { items: models } = await api.GetModels(clone, call);
  expect(models?.map(({ name, schema }) => [name, schema]).slice(2)).toEqual([
    ["Error", expect.any(String)],
    ["Store", JSON.stringify({ items: { $ref: urlOf(clone.restApiId, "Bin") } })],
  ]);
  expect(models?.[0]).toMatchObject({ name: "Bin", schema: '{ "type": "object" }' });
  expect((await api.GetGatewayResponses(clone, call)).items?.filter(({ defaultResponse }) => !defaultResponse)).toEqual([
    { responseType: "THROTTLED", statusCode: "420", responseParameters: {}, responseTemplates: {}, defaultResponse: false },
  ]);
  expect(await api.GetStages(clone, call)).toEqual({ item: [] });
  expect(await api.GetDeployments(clone, call)).toEqual({ items: [] });
  const old = [restApiId, rootId, method.resourceId, validator.id];
  expect([id, rootResourceId, pets?.id, copied?.id].filter((each) => old.includes(each as string))).toEqual([]);
});

test("a clone and the other API go their own ways", async () => {
  const { api, restApiId } = await start();
  const { id } = await api.CreateRestApi({ name: "clone", cloneFrom: restApiId }, call);
  await api.DeleteRestApi({ restApiId }, call);
  await api.CreateDeployment({ restApiId: id as string, stageName: "prod" }, call);
  const { items = [] } = await api.GetResources({ restApiId: id as string }, call);
  expect(items.map(({ path }) => path)).toEqual(["/", "/pets"]);
});

test("a clone has the settings that belong to the definition, unless its request chooses others", async () => {
  const { api } = startControlPlane();
  const settings = { binaryMediaTypes: ["image/png"], minimumCompressionSize: 10, apiKeySource: "AUTHORIZER", policy: POLICY } as const;
  const own = { description: "d", version: "1", tags: { a: "b" }, disableExecuteApiEndpoint: true } as const;
  const source = await api.CreateRestApi({ name: "source", ...settings, ...own }, call);
  const cloneFrom = source.id as string;
  const clone = await api.CreateRestApi({ name: "clone", cloneFrom }, call);
  const { description: _description, version: _version, tags: _tags, ...shared } = source;
  expect(clone).toEqual({ ...shared, id: clone.id, rootResourceId: clone.rootResourceId, name: "clone", disableExecuteApiEndpoint: false });
  const chosen = { binaryMediaTypes: ["a/b"], minimumCompressionSize: 0, apiKeySource: "HEADER", policy: "" } as const;
  const { policy, ...rest } = await api.CreateRestApi({ name: "clone", cloneFrom, ...chosen }, call);
  expect(policy).toBeUndefined();
  expect(rest).toMatchObject({ binaryMediaTypes: ["a/b"], minimumCompressionSize: 0, apiKeySource: "HEADER" });
});

test("an API of another account or region is not found", async () => {
  const { api, restApiId } = await start();
  for (const caller of [callOf("111111111111", call.region), callOf(call.account, "eu-west-1")]) {
    expect(await refusal(api.CreateRestApi({ name: "clone", cloneFrom: restApiId }, caller))).toBe(
      `NotFoundException: Invalid API identifier specified ${caller.account}:${restApiId}`,
    );
  }
});
