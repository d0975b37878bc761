// The calls that Terraform's AWS provider makes when it applies, refreshes, changes and destroys its resources
// for REST APIs and what they are made of, in its order and with its spellings, and what it makes of the answers
// (https://registry.terraform.io/providers/hashicorp/aws/latest/docs).
import { afterAll, describe, expect, test } from "vitest";
import { call } from "../harness/control-plane.ts";
import { arnOf, codeOf, gone, POLICY, remove, TAGS, startForTerraform } from "../harness/terraform.ts";
import { add, FUNCTION, type Patch, POOL, ROLE, set } from "../harness/updatable.ts";

const { api, changeTags, start, stop } = await startForTerraform();
afterAll(stop);

const NLB = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/my-nlb/1234567890abcdef";

describe("aws_api_gateway_rest_api", () => {
  test("is created, read with its root, changed in one request, and deleted", async () => {
    const made = await api.CreateRestApi({ name: "pets", tags: TAGS }, call);
    const key = { restApiId: made.id as string };
    expect(await api.GetRestApi(key, call)).toEqual(made);
    expect(made.createdDate).toBeInstanceOf(Date);
    const { items } = await api.GetResources(key, call);
    expect(items).toEqual([{ id: made.rootResourceId, path: "/" }]);
    const changed = await api.UpdateRestApi(
      {
        ...key,
        patchOperations: [
          set("/apiKeySource", "AUTHORIZER"),
          { op: "add", path: "/binaryMediaTypes/image~1png" },
          set("/description", "d"),
          set("/disableExecuteApiEndpoint", "true"),
          set("/endpointConfiguration/types/0", "REGIONAL"),
          set("/minimumCompressionSize", "0"),
          set("/name", "cats"),
          set("/policy", POLICY),
        ],
      },
      call,
    );
    // The policy stands escaped, and is read as what is between quotes.
    expect(JSON.parse(JSON.parse(`"${changed.policy}"`) as string)).toEqual(JSON.parse(POLICY));
    expect(changed).toEqual({
      ...made,
      apiKeySource: "AUTHORIZER",
      binaryMediaTypes: ["image/png"],
      description: "d",
      disableExecuteApiEndpoint: true,
      endpointConfiguration: { types: ["REGIONAL"], ipAddressType: "ipv4" },
      minimumCompressionSize: 0,
      name: "cats",
      policy: changed.policy,
    });
    expect(await api.GetRestApi(key, call)).toEqual(changed);
    // Back to what it was: a compression size of -1 is one without a value, an empty policy none.
    const back = [
      set("/apiKeySource", "HEADER"),
      remove("/binaryMediaTypes/image~1png"),
      set("/description", ""),
      set("/disableExecuteApiEndpoint", "false"),
      set("/endpointConfiguration/types/0", "EDGE"),
      { op: "replace" as const, path: "/minimumCompressionSize" },
      set("/name", "pets"),
      set("/policy", ""),
    ];
    expect(await api.UpdateRestApi({ ...key, patchOperations: back }, call)).toEqual(made);
    await changeTags(arnOf(`restapis/${key.restApiId}`));
    expect(await api.GetRestApi(key, call)).toEqual(made);
    await api.DeleteRestApi(key, call);
    await gone(api.GetRestApi(key, call));
    expect(await codeOf(api.DeleteRestApi(key, call))).toBe("NotFoundException");
  });

  test("with a body is created, overwritten by it, and given its own settings again", async () => {
    const own = { name: "own", description: "own", binaryMediaTypes: ["image/png"] };
    const { id: restApiId = "" } = await api.CreateRestApi({ ...own, endpointConfiguration: { types: ["REGIONAL"] } }, call);
    const body = { openapi: "3.0.1", info: { title: "body", version: "1" }, paths: {}, "x-amazon-apigateway-binary-media-types": ["image/gif"] };
    const put = await api.PutRestApi({ restApiId, mode: "overwrite", body: Buffer.from(JSON.stringify(body)) }, call);
    expect(put).toMatchObject({ name: "body", binaryMediaTypes: ["image/gif"], endpointConfiguration: { types: ["REGIONAL"] } });
    expect(put.description).toBeUndefined();
    const operations = [remove("/binaryMediaTypes/image~1gif"), { op: "add" as const, path: "/binaryMediaTypes/image~1png" }, set("/description", "own"), set("/name", "own")];
    await api.UpdateRestApi({ restApiId, patchOperations: operations }, call);
    expect(await api.GetRestApi({ restApiId }, call)).toMatchObject({ ...own, endpointConfiguration: { types: ["REGIONAL"] } });
  });

  test("that is private has all its endpoints taken away and put back, the ones that stay as well", async () => {
    const endpointConfiguration = { types: ["PRIVATE"] as const, ipAddressType: "dualstack" as const, vpcEndpointIds: ["vpce-1", "vpce-2"] };
    const made = await api.CreateRestApi({ name: "private", endpointConfiguration }, call);
    expect(made.endpointConfiguration).toEqual(endpointConfiguration);
    const path = "/endpointConfiguration/vpcEndpointIds";
    const drop = (value: string): Patch => ({ op: "remove", path, value });
    const patchOperations = [drop("vpce-1"), drop("vpce-2"), add(path, "vpce-2"), add(path, "vpce-3")];
    const { endpointConfiguration: changed } = await api.UpdateRestApi({ restApiId: made.id as string, patchOperations }, call);
    expect(changed).toEqual({ ...endpointConfiguration, vpcEndpointIds: ["vpce-2", "vpce-3"] });
    // Private APIs are dualstack unless they are told to be, and the provider expects nothing else.
    const { endpointConfiguration: unsaid } = await api.CreateRestApi({ name: "private", endpointConfiguration: { types: ["PRIVATE"] } }, call);
    expect(unsaid?.ipAddressType).toBe("dualstack");
  });
});

test("aws_api_gateway_rest_api_policy is put, read and taken away", async () => {
  const { restApiId } = await start();
  const { id } = await api.UpdateRestApi({ restApiId, patchOperations: [set("/policy", POLICY)] }, call);
  expect(id).toBe(restApiId);
  const { policy } = await api.GetRestApi({ restApiId }, call);
  expect(JSON.parse(JSON.parse(`"${policy}"`) as string)).toEqual(JSON.parse(POLICY));
  await api.UpdateRestApi({ restApiId, patchOperations: [set("/policy", "")] }, call);
  expect((await api.GetRestApi({ restApiId }, call)).policy).toBeUndefined();
});

test("aws_api_gateway_resource moves with a new name in one request", async () => {
  const { restApiId, rootId: parentId } = await start();
  const made = await api.CreateResource({ restApiId, parentId, pathPart: "cats" }, call);
  const key = { restApiId, resourceId: made.id as string };
  expect(await api.GetResource(key, call)).toEqual(made);
  const { id: other = "" } = await api.CreateResource({ restApiId, parentId, pathPart: "animals" }, call);
  await api.UpdateResource({ ...key, patchOperations: [set("/pathPart", "dogs"), set("/parentId", other)] }, call);
  expect(await api.GetResource(key, call)).toEqual({ ...made, parentId: other, pathPart: "dogs", path: "/animals/dogs" });
  await api.DeleteResource(key, call);
  await gone(api.GetResource(key, call));
});

describe("aws_api_gateway_method", () => {
  test("takes an authorizer and its type in one request, and settings without a value", async () => {
    const { restApiId, rootId: resourceId } = await start();
    const method = { restApiId, resourceId, httpMethod: "POST" };
    const { id: requestValidatorId = "" } = await api.CreateRequestValidator({ restApiId, name: "v", validateRequestBody: true, validateRequestParameters: false }, call);
    const { id: authorizerId = "" } = await api.CreateAuthorizer(
      { restApiId, name: "a", type: "TOKEN", authorizerUri: FUNCTION, identitySource: "method.request.header.Authorization", authorizerResultTtlInSeconds: 300 },
      call,
    );
    const settings = { requestModels: { "application/json": "Error" }, requestParameters: { "method.request.path.id": true }, requestValidatorId, operationName: "op" };
    const made = await api.PutMethod({ ...method, authorizationType: "NONE", apiKeyRequired: true, ...settings }, call);
    expect(made).toEqual({ httpMethod: "POST", authorizationType: "NONE", apiKeyRequired: true, ...settings });
    expect(await api.GetMethod(method, call)).toEqual(made);
    const patchOperations = [
      set("/requestModels/application~1json", "Empty"),
      remove("/requestParameters/method.request.path.id"),
      add("/requestParameters/method.request.header.a", "false"),
      set("/authorizationType", "CUSTOM"),
      set("/authorizerId", authorizerId),
      set("/apiKeyRequired", "false"),
      { op: "replace" as const, path: "/requestValidatorId" },
      { op: "replace" as const, path: "/operationName" },
    ];
    await api.UpdateMethod({ ...method, patchOperations }, call);
    expect(await api.GetMethod(method, call)).toEqual({
      httpMethod: "POST",
      authorizationType: "CUSTOM",
      authorizerId,
      apiKeyRequired: false,
      requestModels: { "application/json": "Empty" },
      requestParameters: { "method.request.header.a": false },
    });
    // A method is destroyed before its authorizer; one that is still in use is left to the API's end.
    expect(await codeOf(api.DeleteAuthorizer({ restApiId, authorizerId }, call))).toBe("ConflictException");
    await api.DeleteMethod(method, call);
    await api.DeleteAuthorizer({ restApiId, authorizerId }, call);
    expect(await codeOf(api.DeleteMethod(method, call))).toBe("NotFoundException");
  });

  test("aws_api_gateway_method_response and aws_api_gateway_integration_response are put, read, changed and deleted", async () => {
    const { method } = await start();
    const key = { ...method, statusCode: "200" };
    const made = await api.PutMethodResponse({ ...key, responseModels: { "application/json": "Empty" }, responseParameters: { "method.response.header.a": true } }, call);
    expect(await api.GetMethodResponse(key, call)).toEqual(made);
    expect(await codeOf(api.PutMethodResponse(key, call))).toBe("ConflictException");
    const put = { ...key, responseTemplates: { "application/json": "" }, responseParameters: {} };
    const first = await api.PutIntegrationResponse(put, call);
    const read = await api.GetIntegrationResponse(key, call);
    expect(read).toEqual(first);
    // An empty template travels as null, and counts as an empty text.
    expect(Object.keys(read.responseTemplates ?? {})).toEqual(["application/json"]);
    expect(read.responseTemplates?.["application/json"] ?? "").toBe("");
    // It is changed by being put again.
    const second = await api.PutIntegrationResponse({ ...put, selectionPattern: "2..", responseParameters: { "method.response.header.a": "'b'" } }, call);
    expect(await api.GetIntegrationResponse(key, call)).toEqual(second);
    expect(second).toMatchObject({ selectionPattern: "2..", responseParameters: { "method.response.header.a": "'b'" } });
    const patchOperations = [remove("/responseModels/application~1json"), set("/responseParameters/method.response.header.a", "false")];
    await api.UpdateMethodResponse({ ...key, patchOperations }, call);
    expect(await api.GetMethodResponse(key, call)).toEqual({ statusCode: "200", responseParameters: { "method.response.header.a": false } });
    for (const destroy of [api.DeleteIntegrationResponse, api.DeleteMethodResponse]) {
      await destroy(key, call);
      expect(await codeOf(destroy(key, call))).toBe("NotFoundException");
    }
  });
});

test("aws_api_gateway_integration changes its cache keys by empty values at their paths", async () => {
  const { restApiId, method } = await start();
  await api.UpdateMethod({ ...method, patchOperations: ["a", "b"].map((name) => add(`/requestParameters/method.request.header.${name}`, "true")) }, call);
  const made = await api.PutIntegration(
    {
      ...method,
      type: "HTTP",
      integrationHttpMethod: "GET",
      uri: "https://backend.example",
      connectionType: "INTERNET",
      timeoutInMillis: 29_000,
      cacheKeyParameters: ["method.request.header.a"],
      cacheNamespace: method.resourceId,
      requestTemplates: { "application/json": "", "application/xml": "x" },
      tlsConfig: { insecureSkipVerification: true },
    },
    call,
  );
  expect(await api.GetIntegration(method, call)).toEqual(made);
  expect(made).toMatchObject({ cacheNamespace: method.resourceId, passthroughBehavior: "WHEN_NO_MATCH", tlsConfig: { insecureSkipVerification: true } });
  const { id: connectionId = "" } = await api.CreateVpcLink({ name: "v", targetArns: [NLB] }, call);
  const patchOperations = [
    remove("/requestTemplates/application~1xml"),
    set("/requestTemplates/application~1json", "{}"),
    add("/requestTemplates/text~1plain", "t"),
    add("/requestParameters/integration.request.header.a", "'a'"),
    { ...remove("/cacheKeyParameters/method.request.header.a"), value: "" },
    add("/cacheKeyParameters/method.request.header.b", ""),
    set("/cacheNamespace", "other"),
    set("/uri", "http://backend.internal"),
    set("/contentHandling", "CONVERT_TO_TEXT"),
    set("/connectionType", "VPC_LINK"),
    set("/connectionId", connectionId),
    set("/timeoutInMillis", "1000"),
    set("/tlsConfig/insecureSkipVerification", "false"),
  ];
  await api.UpdateIntegration({ ...method, patchOperations }, call);
  const read = await api.GetIntegration(method, call);
  expect(read).toMatchObject({
    requestTemplates: { "application/json": "{}", "text/plain": "t" },
    requestParameters: { "integration.request.header.a": "'a'" },
    cacheKeyParameters: ["method.request.header.b"],
    cacheNamespace: "other",
    uri: "http://backend.internal",
    contentHandling: "CONVERT_TO_TEXT",
    connectionType: "VPC_LINK",
    connectionId,
    timeoutInMillis: 1000,
    tlsConfig: { insecureSkipVerification: false },
  });
  await api.UpdateIntegration({ ...method, patchOperations: [set("/contentHandling", ""), set("/connectionType", "INTERNET"), set("/connectionId", "")] }, call);
  const back = await api.GetIntegration(method, call);
  expect([back.contentHandling, back.connectionType, back.connectionId]).toEqual([undefined, "INTERNET", undefined]);
  await api.DeleteIntegration(method, call);
  await gone(api.GetIntegration(method, call));
  await api.DeleteRestApi({ restApiId }, call);
});

test("aws_api_gateway_authorizer of a user pool gets its credentials by an update, and new pools before the old ones go", async () => {
  const { restApiId } = await start();
  const input = { name: "a", identitySource: "method.request.header.Authorization", authorizerResultTtlInSeconds: 300 };
  const made = await api.CreateAuthorizer({ restApiId, type: "COGNITO_USER_POOLS", providerARNs: [POOL], ...input }, call);
  const key = { restApiId, authorizerId: made.id as string };
  expect(await api.GetAuthorizer(key, call)).toEqual(made);
  await api.UpdateAuthorizer({ ...key, patchOperations: [set("/authorizerCredentials", ROLE)] }, call);
  expect(await api.GetAuthorizer(key, call)).toEqual({ ...made, authorizerCredentials: ROLE });
  await api.UpdateAuthorizer({ ...key, patchOperations: [add("/providerARNs", `${POOL}1`), { ...remove("/providerARNs"), value: POOL }] }, call);
  expect((await api.GetAuthorizer(key, call)).providerARNs).toEqual([`${POOL}1`]);
  await api.DeleteAuthorizer(key, call);
  await gone(api.GetAuthorizer(key, call));

  const token = await api.CreateAuthorizer({ restApiId, type: "TOKEN", authorizerUri: FUNCTION, authorizerCredentials: ROLE, identityValidationExpression: "[a-z]+", ...input }, call);
  const tokenKey = { restApiId, authorizerId: token.id as string };
  expect(await api.GetAuthorizer(tokenKey, call)).toEqual(token);
  const patchOperations = [
    set("/identitySource", "method.request.header.Other"),
    set("/name", "b"),
    set("/type", "REQUEST"),
    set("/authorizerCredentials", ""),
    set("/authorizerResultTtlInSeconds", "0"),
    set("/identityValidationExpression", ""),
  ];
  await api.UpdateAuthorizer({ ...tokenKey, patchOperations }, call);
  expect(await api.GetAuthorizer(tokenKey, call)).toEqual({
    id: token.id,
    name: "b",
    type: "REQUEST",
    authType: token.authType,
    authorizerUri: FUNCTION,
    identitySource: "method.request.header.Other",
    authorizerResultTtlInSeconds: 0,
  });
});

test("aws_api_gateway_model, _request_validator and _gateway_response", async () => {
  const { restApiId } = await start();
  const model = await api.CreateModel({ restApiId, name: "Pet", contentType: "application/json", description: "d", schema: '{"type":"object"}' }, call);
  const modelKey = { restApiId, modelName: "Pet" };
  expect(await api.GetModel(modelKey, call)).toEqual(model);
  await api.UpdateModel({ ...modelKey, patchOperations: [set("/description", ""), set("/schema", '{"type":"array"}')] }, call);
  expect(await api.GetModel(modelKey, call)).toEqual({ id: model.id, name: "Pet", contentType: "application/json", schema: '{"type":"array"}' });
  await api.DeleteModel(modelKey, call);
  await gone(api.GetModel(modelKey, call));

  const validator = await api.CreateRequestValidator({ restApiId, name: "v", validateRequestBody: true, validateRequestParameters: false }, call);
  const validatorKey = { restApiId, requestValidatorId: validator.id as string };
  expect(await api.GetRequestValidator(validatorKey, call)).toEqual(validator);
  const patchOperations = [set("/name", "w"), set("/validateRequestBody", "false"), set("/validateRequestParameters", "true")];
  await api.UpdateRequestValidator({ ...validatorKey, patchOperations }, call);
  expect(await api.GetRequestValidator(validatorKey, call)).toEqual({ id: validator.id, name: "w", validateRequestBody: false, validateRequestParameters: true });
  await api.DeleteRequestValidator(validatorKey, call);
  await gone(api.GetRequestValidator(validatorKey, call));

  const responseKey = { restApiId, responseType: "UNAUTHORIZED" } as const;
  const before = await api.GetGatewayResponse(responseKey, call);
  const parameters = { "gatewayresponse.header.Authorization": "'Basic'" };
  const response = await api.PutGatewayResponse({ ...responseKey, statusCode: "401", responseTemplates: { "application/json": "{}" }, responseParameters: parameters }, call);
  expect(await api.GetGatewayResponse(responseKey, call)).toEqual(response);
  // It is changed by being put again, with nothing for what is not configured.
  const again = await api.PutGatewayResponse({ ...responseKey, statusCode: "418", responseTemplates: {}, responseParameters: {} }, call);
  expect(await api.GetGatewayResponse(responseKey, call)).toEqual(again);
  expect(again).toEqual({ responseType: "UNAUTHORIZED", statusCode: "418", responseParameters: {}, responseTemplates: {}, defaultResponse: false });
  await api.DeleteGatewayResponse(responseKey, call);
  expect(await api.GetGatewayResponse(responseKey, call)).toEqual(before);
});

test("aws_api_gateway_documentation_part and aws_api_gateway_documentation_version", async () => {
  const { restApiId } = await start();
  // What a location does not have is sent empty by some versions of the provider.
  const empty = { method: "", name: "", path: "", statusCode: "" };
  const part = await api.CreateDocumentationPart({ restApiId, location: { ...empty, type: "METHOD", method: "GET", path: "/pets" }, properties: '{"description":"d"}' }, call);
  const key = { restApiId, documentationPartId: part.id as string };
  expect(part).toEqual({ id: part.id, location: { type: "METHOD", method: "GET", path: "/pets" }, properties: '{"description":"d"}' });
  expect(await api.GetDocumentationPart(key, call)).toEqual(part);
  await api.UpdateDocumentationPart({ ...key, patchOperations: [set("/properties", "{}")] }, call);
  expect(await api.GetDocumentationPart(key, call)).toEqual({ ...part, properties: "{}" });
  const version = await api.CreateDocumentationVersion({ restApiId, documentationVersion: "1.0", description: "d" }, call);
  const versionKey = { restApiId, documentationVersion: "1.0" };
  expect(await api.GetDocumentationVersion(versionKey, call)).toEqual(version);
  expect(version).toEqual({ version: "1.0", description: "d", createdDate: expect.any(Date) as Date });
  await api.UpdateDocumentationVersion({ ...versionKey, patchOperations: [set("/description", "")] }, call);
  expect(await api.GetDocumentationVersion(versionKey, call)).toEqual({ version: "1.0", createdDate: version.createdDate });
  await api.DeleteDocumentationVersion(versionKey, call);
  await gone(api.GetDocumentationVersion(versionKey, call));
  await api.DeleteDocumentationPart(key, call);
  await gone(api.GetDocumentationPart(key, call));
});
