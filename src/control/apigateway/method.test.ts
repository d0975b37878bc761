import { describe, expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const AUTHORIZER = "BadRequestException: Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.";
const invalidMapping = (error: string) => `BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [${error}]`;

async function start() {
  const plane = startControlPlane();
  const { restApiId, method } = await petStore(plane.api);
  const post = { ...method, httpMethod: "POST" };
  return { ...plane, restApiId, method, post };
}

test("PutMethod answers as in the guide (create-api-using-awscli)", async () => {
  const { api, post } = await start();
  const input = { ...post, authorizationType: "NONE", requestParameters: { "method.request.path.petId": true } };
  const expected = { httpMethod: "POST", authorizationType: "NONE", apiKeyRequired: false, requestParameters: { "method.request.path.petId": true } };
  expect(await api.PutMethod(input, call)).toEqual(expected);
  expect(await api.GetMethod(post, call)).toEqual(expected);
});

test("PutMethod keeps every member it is given", async () => {
  const { api, post } = await start();
  const members = {
    authorizationType: "AWS_IAM",
    apiKeyRequired: true,
    operationName: "createPet",
    requestParameters: { "method.request.header.X-A": true, "method.request.querystring.$b.c_d-e": false },
    requestModels: { "application/json": "Empty" },
    authorizationScopes: ["a"],
  };
  expect(await api.PutMethod({ ...post, ...members }, call)).toEqual({ httpMethod: "POST", ...members });
});

test("GetMethod shows the method with all that hangs on it", async () => {
  const { api, method } = await start();
  await api.PutMethodResponse({ ...method, statusCode: "200", responseModels: { "application/json": "Empty" } }, call);
  await api.PutIntegrationResponse({ ...method, statusCode: "200" }, call);
  expect(await api.GetMethod(method, call)).toEqual({
    httpMethod: "GET",
    authorizationType: "NONE",
    apiKeyRequired: false,
    methodResponses: { 200: { statusCode: "200", responseModels: { "application/json": "Empty" } } },
    methodIntegration: {
      type: "MOCK",
      passthroughBehavior: "WHEN_NO_MATCH",
      responseTransferMode: "BUFFERED",
      timeoutInMillis: 29_000,
      cacheNamespace: method.resourceId,
      cacheKeyParameters: [],
      integrationResponses: { 200: { statusCode: "200" } },
    },
  });
});

test.each([
  [{ httpMethod: "GET" }, "ConflictException: Method already exists for this resource"],
  [{ httpMethod: "get" }, "BadRequestException: Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY"],
  [{ authorizationType: "none" }, "BadRequestException: Invalid authorization type specified. Valid options are NONE,AWS_IAM,CUSTOM,COGNITO_USER_POOLS,JWT"],
  [{ authorizationType: "CUSTOM" }, AUTHORIZER],
  [{ authorizationType: "CUSTOM", authorizerId: "abc123" }, AUTHORIZER],
  [{ authorizationType: "COGNITO_USER_POOLS", authorizerId: "abc123" }, AUTHORIZER],
  [{ requestValidatorId: "abc123" }, "BadRequestException: Invalid Request Validator identifier specified"],
  [{ requestModels: { "application/json": "Pet" } }, "BadRequestException: Invalid model identifier specified: Pet"],
  [{ requestParameters: { paths: true } }, invalidMapping("Invalid mapping expression specified: paths")],
  [{ requestParameters: { "method.request.body": true } }, invalidMapping("Invalid mapping expression specified: method.request.body")],
  [{ requestParameters: { "method.request.header.a b": true } }, invalidMapping("Invalid mapping expression specified: method.request.header.a b")],
])("PutMethod refuses %j", async (members, expected) => {
  const { api, post } = await start();
  expect(await refusal(api.PutMethod({ ...post, authorizationType: "NONE", ...members }, call))).toBe(expected);
  expect(await refusal(api.GetMethod(post, call))).toBe("NotFoundException: Invalid Method identifier specified");
});

test.each([
  [{ op: "add", path: "/authorizationScopes", value: "read" }, { authorizationScopes: ["read"] }],
  [{ op: "replace", path: "/authorizationType", value: "AWS_IAM" }, { authorizationType: "AWS_IAM" }],
  [{ op: "replace", path: "/apiKeyRequired", value: "true" }, { apiKeyRequired: true }],
  [{ op: "replace", path: "/operationName", value: "listPets" }, { operationName: "listPets" }],
  [{ op: "replace", path: "/operationName", value: "" }, {}],
  [{ op: "replace", path: "/authorizerId", value: "" }, {}],
  [{ op: "replace", path: "/requestValidatorId", value: "" }, {}],
  [{ op: "add", path: "/requestParameters/method.request.header.X", value: "true" }, { requestParameters: { "method.request.header.X": true } }],
  [{ op: "replace", path: "/requestParameters/method.request.header.X", value: "false" }, { requestParameters: { "method.request.header.X": false } }],
  [{ op: "remove", path: "/requestParameters/method.request.header.X" }, {}],
  [{ op: "add", path: "/requestModels/application~1json", value: "Empty" }, { requestModels: { "application/json": "Empty" } }],
  [{ op: "replace", path: "/requestModels/application~1json", value: "Error" }, { requestModels: { "application/json": "Error" } }],
  [{ op: "remove", path: "/requestModels/application~1json" }, {}],
] as const)("UpdateMethod: %j", async (operation, changed) => {
  const { api, method } = await start();
  const before = await api.GetMethod(method, call);
  const answer = await api.UpdateMethod({ ...method, patchOperations: [operation] }, call);
  expect(answer).toEqual({ ...before, ...changed });
  expect(await api.GetMethod(method, call)).toEqual(answer);
});

test("UpdateMethod removes a scope", async () => {
  const { api, method } = await start();
  const patchOperations = [
    { op: "add", path: "/authorizationScopes", value: "a" },
    { op: "add", path: "/authorizationScopes", value: "b" },
    { op: "remove", path: "/authorizationScopes", value: "a" },
  ] as const;
  expect((await api.UpdateMethod({ ...method, patchOperations }, call)).authorizationScopes).toEqual(["b"]);
});

test.each([
  [{ op: "replace", path: "/authorizationType", value: "CUSTOM" }, AUTHORIZER],
  [{ op: "replace", path: "/authorizerId", value: "abc" }, AUTHORIZER],
  [{ op: "replace", path: "/requestValidatorId", value: "abc" }, "BadRequestException: Invalid Request Validator identifier specified"],
  [{ op: "replace", path: "/apiKeyRequired", value: "1" }, "BadRequestException: Invalid patch value '1' specified for path '/apiKeyRequired'. Must be true or false"],
  [{ op: "add", path: "/requestModels/a~1b", value: "Pet" }, "BadRequestException: Invalid model identifier specified: Pet"],
  [{ op: "replace", path: "/httpMethod", value: "PUT" }, "BadRequestException: Invalid patch path  '/httpMethod' specified for op 'replace'. Must be one of: [/authorizationType, /authorizerId, /apiKeyRequired, /operationName, /requestParameters/{name}, /requestModels/{contentType}, /requestValidatorId]"],
  [{ op: "copy", path: "/operationName", from: "/httpMethod" }, "BadRequestException: Invalid patch path  '/operationName' specified for op 'copy'. Must be one of: []"],
] as const)("UpdateMethod refuses %j and changes nothing", async (operation, expected) => {
  const { api, method } = await start();
  const before = await api.GetMethod(method, call);
  const patchOperations = [{ op: "replace", path: "/operationName", value: "new" }, operation] as const;
  expect(await refusal(api.UpdateMethod({ ...method, patchOperations }, call))).toBe(expected);
  expect(await api.GetMethod(method, call)).toEqual(before);
});

test("DeleteMethod takes the method away; an unknown one is not found", async () => {
  const { api, method } = await start();
  expect(await api.DeleteMethod(method, call)).toEqual({});
  const expected = "NotFoundException: Invalid Method identifier specified";
  expect(await refusal(api.GetMethod(method, call))).toBe(expected);
  expect(await refusal(api.DeleteMethod(method, call))).toBe(expected);
  expect(await refusal(api.UpdateMethod(method, call))).toBe(expected);
  expect(await refusal(api.PutIntegration({ ...method, type: "MOCK" }, call))).toBe(expected);
});

describe("MethodResponse", () => {
  test("is put, shown, listed with its method and deleted", async () => {
    const { api, method } = await start();
    const response = { statusCode: "404", responseParameters: { "method.response.header.X": true }, responseModels: { "text/html": "Error" } };
    expect(await api.PutMethodResponse({ ...method, ...response }, call)).toEqual(response);
    expect(await api.GetMethodResponse({ ...method, statusCode: "404" }, call)).toEqual(response);
    expect(await refusal(api.PutMethodResponse({ ...method, statusCode: "404" }, call))).toBe("ConflictException: Response already exists for this resource");
    expect(await api.DeleteMethodResponse({ ...method, statusCode: "404" }, call)).toEqual({});
    const expected = "NotFoundException: Invalid Response status code specified";
    expect(await refusal(api.GetMethodResponse({ ...method, statusCode: "404" }, call))).toBe(expected);
    expect(await refusal(api.DeleteMethodResponse({ ...method, statusCode: "404" }, call))).toBe(expected);
    expect(await refusal(api.UpdateMethodResponse({ ...method, statusCode: "constructor" }, call))).toBe(expected);
  });

  test.each([
    [{ statusCode: "600" }, "BadRequestException: Invalid Response status code specified"],
    [{ statusCode: "20" }, "BadRequestException: Invalid Response status code specified"],
    [{ statusCode: "200", responseModels: { "a/b": "Pet" } }, "BadRequestException: Invalid model identifier specified: Pet"],
    [{ statusCode: "200", responseParameters: { "method.response.body": true } }, invalidMapping("Invalid mapping expression specified: method.response.body")],
  ])("put refuses %j", async (members, expected) => {
    const { api, method } = await start();
    expect(await refusal(api.PutMethodResponse({ ...method, ...members }, call))).toBe(expected);
  });

  test.each([
    [{ op: "add", path: "/responseModels/a~1b", value: "Empty" }, { responseModels: { "x/y": "Empty", "a/b": "Empty" } }],
    [{ op: "replace", path: "/responseModels/x~1y", value: "Error" }, { responseModels: { "x/y": "Error" } }],
    [{ op: "remove", path: "/responseModels/x~1y" }, { responseModels: undefined }],
    [{ op: "add", path: "/responseParameters/method.response.header.A", value: "false" }, { responseParameters: { "method.response.header.X": true, "method.response.header.A": false } }],
    [{ op: "replace", path: "/responseParameters/method.response.header.X", value: "false" }, { responseParameters: { "method.response.header.X": false } }],
    [{ op: "remove", path: "/responseParameters/method.response.header.X" }, { responseParameters: undefined }],
  ] as const)("update: %j", async (operation, changed) => {
    const { api, method } = await start();
    const response = { ...method, statusCode: "200" };
    const before = await api.PutMethodResponse(
      { ...response, responseModels: { "x/y": "Empty" }, responseParameters: { "method.response.header.X": true } },
      call,
    );
    const answer = await api.UpdateMethodResponse({ ...response, patchOperations: [operation] }, call);
    expect(answer).toEqual({ ...before, ...changed });
    expect(await api.GetMethodResponse(response, call)).toEqual(answer);
  });

  test("update refuses what it does not know", async () => {
    const { api, method } = await start();
    await api.PutMethodResponse({ ...method, statusCode: "200" }, call);
    const patchOperations = [{ op: "replace", path: "/statusCode", value: "201" }] as const;
    expect(await refusal(api.UpdateMethodResponse({ ...method, statusCode: "200", patchOperations }, call))).toBe(
      "BadRequestException: Invalid patch path  '/statusCode' specified for op 'replace'. Must be one of: [/responseModels/{contentType}, /responseParameters/{name}]",
    );
  });
});
