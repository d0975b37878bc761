// The calls that Terraform's AWS provider makes when it applies, refreshes, changes and destroys each of its resources of API
// Gateway, in its order and with its spellings, and what it makes of the answers
// (https://registry.terraform.io/providers/hashicorp/aws/latest/docs). Whatever it creates it reads at once, and plans a change
// where the two differ: so what an operation answers at the creation has to be what is read afterwards.
import type { APIGatewayServiceException } from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { throughSdk } from "../harness/control-plane-through-sdk.ts";
import { call, type ControlPlane } from "../harness/control-plane.ts";
import { type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";
import { add, EDGE_CERTIFICATE, FUNCTION, MUTUAL_URI, type Patch, POOL, ROLE, set } from "../harness/updatable.ts";

let gatehouse: Gatehouse;
let api: ControlPlane;
beforeAll(async () => {
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  api = throughSdk(gatehouse.apiGateway());
});
afterAll(async () => {
  await gatehouse.stop();
  await removeDirectory(gatehouse.dataDir);
});

const NLB = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/my-nlb/1234567890abcdef";
const POLICY = '{"Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2012-10-17"}';
const TAGS = { team: "pets" };
const remove = (path: string): Patch => ({ op: "remove", path });
const arnOf = (what: string) => `arn:aws:apigateway:us-east-1::/${what}`;

/** How the provider sees that something is gone. */
const gone = async (read: Promise<unknown>): Promise<void> => expect(await codeOf(read)).toBe("NotFoundException");
const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "nothing",
    (error: APIGatewayServiceException) => error.name,
  );
const wordsOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => "nothing",
    (error: APIGatewayServiceException) => `${error.name}: ${error.message}`,
  );

/** Changes the tags of what has an ARN, as the provider does for every resource that has tags, and puts them back. */
async function changeTags(resourceArn: string): Promise<void> {
  await api.UntagResource({ resourceArn, tagKeys: ["team"] }, call);
  await api.TagResource({ resourceArn, tags: { stage: "test" } }, call);
  expect((await api.GetTags({ resourceArn }, call)).tags).toEqual({ stage: "test" });
  await api.UntagResource({ resourceArn, tagKeys: ["stage"] }, call);
  await api.TagResource({ resourceArn, tags: TAGS }, call);
}

/** An API with `GET /pets`, a mock behind it, and its first deployment. */
async function start() {
  const { id: restApiId = "", rootResourceId: rootId = "" } = await api.CreateRestApi({ name: "terraform" }, call);
  const { id: resourceId = "" } = await api.CreateResource({ restApiId, parentId: rootId, pathPart: "pets" }, call);
  const method = { restApiId, resourceId, httpMethod: "GET" };
  await api.PutMethod({ ...method, authorizationType: "NONE", apiKeyRequired: false }, call);
  await api.PutIntegration({ ...method, type: "MOCK", connectionType: "INTERNET", timeoutInMillis: 29_000 }, call);
  // Without a description or variables, the provider sends empty ones.
  const { id: deploymentId = "" } = await api.CreateDeployment({ restApiId, description: "", variables: {} }, call);
  return { restApiId, rootId, resourceId, method, deploymentId };
}

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

describe("aws_api_gateway_deployment and aws_api_gateway_stage", () => {
  test("a deployment that is replaced is made before the old one is deleted", async () => {
    const { restApiId, deploymentId } = await start();
    const read = await api.GetDeployment({ restApiId, deploymentId }, call);
    expect(read).toEqual({ id: deploymentId, createdDate: expect.any(Date) as Date });
    await api.UpdateDeployment({ restApiId, deploymentId, patchOperations: [set("/description", "d")] }, call);
    expect(await api.GetDeployment({ restApiId, deploymentId }, call)).toEqual({ ...read, description: "d" });
    const stage = { restApiId, stageName: "prod" };
    await api.CreateStage({ ...stage, deploymentId }, call);
    expect(await wordsOf(api.DeleteDeployment({ restApiId, deploymentId }, call))).toBe(
      "BadRequestException: Active stages pointing to this deployment must be moved or deleted",
    );
    const made = await api.CreateDeployment({ restApiId, description: "", variables: {} }, call);
    expect(await api.GetDeployment({ restApiId, deploymentId: made.id as string }, call)).toEqual(made);
    await api.UpdateStage({ ...stage, patchOperations: [set("/deploymentId", made.id as string)] }, call);
    await api.DeleteDeployment({ restApiId, deploymentId }, call);
    await gone(api.GetDeployment({ restApiId, deploymentId }, call));
    expect((await api.GetStage(stage, call)).deploymentId).toBe(made.id);
    await api.DeleteStage(stage, call);
    await gone(api.GetStage(stage, call));
    await api.DeleteDeployment({ restApiId, deploymentId: made.id as string }, call);
  });

  test("a stage with a certificate and logs is created without them and updated with all that it has", async () => {
    const { restApiId, deploymentId } = await start();
    await api.UpdateAccount({ patchOperations: [set("/cloudwatchRoleArn", ROLE)] }, call);
    const { clientCertificateId = "" } = await api.GenerateClientCertificate({}, call);
    await api.CreateDocumentationVersion({ restApiId, documentationVersion: "1" }, call);
    const stage = { restApiId, stageName: "prod" };
    const canarySettings = { deploymentId, percentTraffic: 33.33, stageVariableOverrides: { b: "3" }, useStageCache: true };
    const settings = { description: "d", documentationVersion: "1", variables: { a: "1", b: "2" }, canarySettings, tags: TAGS };
    const made = await api.CreateStage({ ...stage, deploymentId, cacheClusterEnabled: true, cacheClusterSize: "0.5", ...settings }, call);
    expect(await api.GetStage(stage, call)).toEqual(made);
    expect(made).toMatchObject({ cacheClusterEnabled: true, cacheClusterSize: "0.5", cacheClusterStatus: "AVAILABLE", ...settings });
    // With nothing in its state yet, everything is a change.
    const destinationArn = "arn:aws:logs:us-east-1:000000000000:log-group:api";
    const patchOperations = [
      set("/cacheClusterEnabled", "true"),
      set("/cacheClusterSize", "0.5"),
      set("/clientCertificateId", clientCertificateId),
      set("/canarySettings/stageVariableOverrides/b", "3"),
      set("/canarySettings/percentTraffic", "33.330000"),
      set("/canarySettings/useStageCache", "true"),
      set("/deploymentId", deploymentId),
      set("/canarySettings/deploymentId", deploymentId),
      set("/description", "d"),
      set("/documentationVersion", "1"),
      set("/variables/a", "1"),
      set("/variables/b", "2"),
      set("/accessLogSettings/destinationArn", destinationArn),
      set("/accessLogSettings/format", "$context.requestId"),
    ];
    const applied = await api.UpdateStage({ ...stage, patchOperations }, call);
    expect({ ...applied, lastUpdatedDate: undefined }).toEqual({
      ...made,
      clientCertificateId,
      accessLogSettings: { destinationArn, format: "$context.requestId" },
      lastUpdatedDate: undefined,
    });
    await changeTags(arnOf(`restapis/${restApiId}/stages/prod`));
    // Everything away again.
    const away = [
      set("/cacheClusterEnabled", "false"),
      set("/clientCertificateId", ""),
      remove("/canarySettings"),
      set("/description", ""),
      set("/documentationVersion", ""),
      remove("/variables/a"),
      set("/variables/b", "4"),
      remove("/accessLogSettings"),
    ];
    await api.UpdateStage({ ...stage, patchOperations: away }, call);
    const { createdDate, lastUpdatedDate, ...bare } = await api.GetStage(stage, call);
    expect([createdDate, lastUpdatedDate]).toEqual([expect.any(Date), expect.any(Date)]);
    expect(bare).toEqual({
      stageName: "prod",
      deploymentId,
      cacheClusterEnabled: false,
      cacheClusterSize: "0.5",
      cacheClusterStatus: "NOT_AVAILABLE",
      methodSettings: {},
      tracingEnabled: false,
      variables: { b: "4" },
      tags: TAGS,
    });
    // A canary comes to a stage without a deployment of its own: it has the stage's.
    const canary = [set("/canarySettings/stageVariableOverrides/b", "5"), set("/canarySettings/percentTraffic", "10.000000")];
    expect((await api.UpdateStage({ ...stage, patchOperations: canary }, call)).canarySettings).toEqual({
      deploymentId,
      percentTraffic: 10,
      stageVariableOverrides: { b: "5" },
      useStageCache: false,
    });
  });
});

describe("aws_api_gateway_method_settings", () => {
  // The path is that of the resource without its first slash, and the method; it is looked up as it was given.
  test.each(["*/*", "pets/GET", "pets/{id}/GET"])("%s come with their first setting and go at once", async (methodPath) => {
    const { restApiId, deploymentId } = await start();
    await api.UpdateAccount({ patchOperations: [set("/cloudwatchRoleArn", ROLE)] }, call);
    const stage = { restApiId, stageName: "prod" };
    await api.CreateStage({ ...stage, deploymentId }, call);
    const patchOperations = [
      set(`/${methodPath}/metrics/enabled`, "true"),
      set(`/${methodPath}/logging/loglevel`, "ERROR"),
      set(`/${methodPath}/logging/dataTrace`, "true"),
      // What is not configured is -1, as what is not limited.
      set(`/${methodPath}/throttling/burstLimit`, "-1"),
      set(`/${methodPath}/throttling/rateLimit`, "-1.000000"),
      set(`/${methodPath}/caching/enabled`, "true"),
      set(`/${methodPath}/caching/ttlInSeconds`, "60"),
      set(`/${methodPath}/caching/dataEncrypted`, "true"),
      set(`/${methodPath}/caching/requireAuthorizationForCacheControl`, "false"),
      set(`/${methodPath}/caching/unauthorizedCacheControlHeaderStrategy`, "FAIL_WITH_403"),
    ];
    await api.UpdateStage({ ...stage, patchOperations }, call);
    const settings = {
      metricsEnabled: true,
      loggingLevel: "ERROR",
      dataTraceEnabled: true,
      throttlingBurstLimit: -1,
      throttlingRateLimit: -1,
      cachingEnabled: true,
      cacheTtlInSeconds: 60,
      cacheDataEncrypted: true,
      requireAuthorizationForCacheControl: false,
      unauthorizedCacheControlHeaderStrategy: "FAIL_WITH_403",
    };
    expect((await api.GetStage(stage, call)).methodSettings).toEqual({ [methodPath]: settings });
    await api.UpdateStage({ ...stage, patchOperations: [set(`/${methodPath}/throttling/rateLimit`, "10.500000"), set(`/${methodPath}/throttling/burstLimit`, "20")] }, call);
    expect((await api.GetStage(stage, call)).methodSettings).toEqual({ [methodPath]: { ...settings, throttlingRateLimit: 10.5, throttlingBurstLimit: 20 } });
    const destroy = () => api.UpdateStage({ ...stage, patchOperations: [remove(`/${methodPath}`)] }, call);
    await destroy();
    expect((await api.GetStage(stage, call)).methodSettings).toEqual({});
    // The provider looks for these words where they are gone already.
    expect(await wordsOf(destroy())).toBe(`BadRequestException: Cannot remove method setting ${methodPath} because there is no method setting for this method`);
    await api.DeleteRestApi({ restApiId }, call);
    expect(await codeOf(destroy())).toBe("NotFoundException");
  });
});

describe("aws_api_gateway_usage_plan, _api_key and _usage_plan_key", () => {
  test("are made, changed by removing all stages and adding them again, and deleted without any", async () => {
    const { restApiId, deploymentId } = await start();
    for (const stageName of ["prod", "beta"]) await api.CreateStage({ restApiId, stageName, deploymentId }, call);
    const apiStages = [{ apiId: restApiId, stage: "prod", throttle: { "/pets/GET": { burstLimit: 2, rateLimit: 1.5 } } }];
    const limits = { quota: { limit: 20, offset: 2, period: "WEEK" as const }, throttle: { burstLimit: 5, rateLimit: 10 } };
    const made = await api.CreateUsagePlan({ name: "plan", description: "d", tags: TAGS, apiStages, ...limits }, call);
    const key = { usagePlanId: made.id as string };
    expect(made).toEqual({ id: made.id, name: "plan", description: "d", tags: TAGS, apiStages, ...limits });
    await api.UpdateUsagePlan({ ...key, patchOperations: [add("/productCode", "p")] }, call);
    expect(await api.GetUsagePlan(key, call)).toEqual({ ...made, productCode: "p" });
    const at = (stage: string) => `/apiStages/${restApiId}:${stage}/throttle//pets/GET`;
    const patchOperations = [
      set("/name", "other"),
      set("/description", ""),
      remove("/productCode"),
      { ...remove("/apiStages"), value: `${restApiId}:prod` },
      add("/apiStages", `${restApiId}:prod`),
      set(`${at("prod")}/rateLimit`, "3"),
      set(`${at("prod")}/burstLimit`, "4"),
      add("/apiStages", `${restApiId}:beta`),
      set("/throttle/rateLimit", "6.5"),
      set("/throttle/burstLimit", "7"),
      set("/quota/limit", "30"),
      set("/quota/offset", "0"),
      set("/quota/period", "MONTH"),
    ];
    await api.UpdateUsagePlan({ ...key, patchOperations }, call);
    const changed = await api.GetUsagePlan(key, call);
    expect(changed).toEqual({
      id: made.id,
      name: "other",
      tags: TAGS,
      apiStages: [{ apiId: restApiId, stage: "prod", throttle: { "/pets/GET": { burstLimit: 4, rateLimit: 3 } } }, { apiId: restApiId, stage: "beta" }],
      throttle: { burstLimit: 7, rateLimit: 6.5 },
      quota: { limit: 30, offset: 0, period: "MONTH" },
    });
    // Stages first, then the limits; and limits come to a plan without any by replacing their parts.
    const bare = [...["prod", "beta"].map((stage) => ({ ...remove("/apiStages"), value: `${restApiId}:${stage}` })), remove("/throttle"), remove("/quota")];
    expect(await api.UpdateUsagePlan({ ...key, patchOperations: bare }, call)).toEqual({ id: made.id, name: "other", tags: TAGS, apiStages: [] });
    const again = [set("/throttle/rateLimit", "10"), set("/throttle/burstLimit", "5"), set("/quota/limit", "20"), set("/quota/offset", "2"), set("/quota/period", "WEEK")];
    expect(await api.UpdateUsagePlan({ ...key, patchOperations: again }, call)).toMatchObject(limits);
    await changeTags(arnOf(`usageplans/${made.id}`));

    // A value that is not configured is sent empty.
    const apiKey = await api.CreateApiKey({ name: "key", description: "Managed by Terraform", enabled: true, value: "", tags: TAGS }, call);
    expect(apiKey.value).toMatch(/^[A-Za-z0-9]{20,}$/);
    const keyId = apiKey.id as string;
    expect(await api.GetApiKey({ apiKey: keyId, includeValue: true }, call)).toEqual(apiKey);
    await api.UpdateApiKey({ apiKey: keyId, patchOperations: [set("/enabled", "false"), set("/description", "")] }, call);
    const { description, lastUpdatedDate, ...rest } = apiKey;
    const updated = await api.GetApiKey({ apiKey: keyId, includeValue: true }, call);
    expect(updated).toEqual({ ...rest, enabled: false, lastUpdatedDate: updated.lastUpdatedDate });
    expect([description, Number(updated.lastUpdatedDate) >= Number(lastUpdatedDate)]).toEqual(["Managed by Terraform", true]);
    await changeTags(arnOf(`apikeys/${keyId}`));
    const planKey = await api.CreateUsagePlanKey({ ...key, keyId, keyType: "API_KEY" }, call);
    expect(await api.GetUsagePlanKey({ ...key, keyId }, call)).toEqual(planKey);
    expect(planKey).toEqual({ id: keyId, type: "API_KEY", name: "key", value: apiKey.value });

    await api.DeleteUsagePlanKey({ ...key, keyId }, call);
    await gone(api.GetUsagePlanKey({ ...key, keyId }, call));
    await api.DeleteApiKey({ apiKey: keyId }, call);
    await gone(api.GetApiKey({ apiKey: keyId, includeValue: true }, call));
    await api.DeleteUsagePlan(key, call);
    await gone(api.GetUsagePlan(key, call));
  });
});

describe("aws_api_gateway_domain_name and aws_api_gateway_base_path_mapping", () => {
  test("move from an edge-optimized endpoint to a regional one, and gain and lose mutual TLS", async () => {
    const domainName = "terraform.example.com";
    const made = await api.CreateDomainName({ domainName, certificateArn: EDGE_CERTIFICATE, tags: TAGS }, call);
    expect(await api.GetDomainName({ domainName }, call)).toEqual(made);
    expect(made.domainNameStatus).toBe("AVAILABLE");
    const regional = [set("/certificateArn", ""), set("/endpointConfiguration/types/0", "REGIONAL"), set("/regionalCertificateArn", EDGE_CERTIFICATE)];
    await api.UpdateDomainName({ domainName, patchOperations: regional }, call);
    const moved = await api.GetDomainName({ domainName }, call);
    expect(moved).toMatchObject({ endpointConfiguration: { types: ["REGIONAL"] }, regionalCertificateArn: EDGE_CERTIFICATE, domainNameStatus: "AVAILABLE" });
    expect([moved.certificateArn, moved.distributionDomainName]).toEqual([undefined, undefined]);
    const mutual = [
      set("/mutualTlsAuthentication/truststoreUri", MUTUAL_URI),
      set("/mutualTlsAuthentication/truststoreVersion", "1"),
      set("/ownershipVerificationCertificateArn", EDGE_CERTIFICATE),
      set("/securityPolicy", "TLS_1_2"),
    ];
    expect(await api.UpdateDomainName({ domainName, patchOperations: mutual }, call)).toEqual({
      ...moved,
      mutualTlsAuthentication: { truststoreUri: MUTUAL_URI, truststoreVersion: "1" },
      ownershipVerificationCertificateArn: EDGE_CERTIFICATE,
    });
    const none = [set("/mutualTlsAuthentication/truststoreUri", ""), set("/ownershipVerificationCertificateArn", "")];
    expect(await api.UpdateDomainName({ domainName, patchOperations: none }, call)).toEqual(moved);
    await changeTags(arnOf(`domainnames/${domainName}`));

    const { restApiId, deploymentId } = await start();
    await api.CreateStage({ restApiId, stageName: "prod", deploymentId }, call);
    // What is not configured is sent empty, and read as (none).
    const mapping = await api.CreateBasePathMapping({ domainName, restApiId, basePath: "", stage: "" }, call);
    expect(mapping).toEqual({ basePath: "(none)", restApiId });
    expect(await api.GetBasePathMapping({ domainName, basePath: "(none)" }, call)).toEqual(mapping);
    const named = [set("/restapiId", restApiId), set("/basePath", "v1"), set("/stage", "prod")];
    await api.UpdateBasePathMapping({ domainName, basePath: "(none)", patchOperations: named }, call);
    expect(await api.GetBasePathMapping({ domainName, basePath: "v1" }, call)).toEqual({ basePath: "v1", restApiId, stage: "prod" });
    await api.UpdateBasePathMapping({ domainName, basePath: "v1", patchOperations: [set("/basePath", ""), set("/stage", "")] }, call);
    expect(await api.GetBasePathMapping({ domainName, basePath: "(none)" }, call)).toEqual(mapping);
    await api.DeleteBasePathMapping({ domainName, basePath: "(none)" }, call);
    await gone(api.GetBasePathMapping({ domainName, basePath: "(none)" }, call));
    await api.DeleteDomainName({ domainName }, call);
    await gone(api.GetDomainName({ domainName }, call));
  });

  test("a private one is read and mapped by its id, and aws_api_gateway_domain_name_access_association is made and found", async () => {
    const domainName = "private.example.com";
    const made = await api.CreateDomainName({ domainName, certificateArn: EDGE_CERTIFICATE, endpointConfiguration: { types: ["PRIVATE"] }, policy: POLICY }, call);
    const key = { domainName, domainNameId: made.domainNameId as string };
    expect(await api.GetDomainName(key, call)).toEqual(made);
    const { id: restApiId = "" } = await api.CreateRestApi({ name: "p", endpointConfiguration: { types: ["PRIVATE"] } }, call);
    const mapping = await api.CreateBasePathMapping({ ...key, restApiId, basePath: "v1" }, call);
    expect(await api.GetBasePathMapping({ ...key, basePath: "v1" }, call)).toEqual(mapping);
    const source = { domainNameArn: made.domainNameArn as string, accessAssociationSource: "vpce-1", accessAssociationSourceType: "VPCE" } as const;
    const association = await api.CreateDomainNameAccessAssociation({ ...source, tags: TAGS }, call);
    const { items } = await api.GetDomainNameAccessAssociations({}, call);
    expect(items).toEqual([association]);
    await api.DeleteDomainNameAccessAssociation({ domainNameAccessAssociationArn: association.domainNameAccessAssociationArn as string }, call);
    await api.DeleteBasePathMapping({ ...key, basePath: "v1" }, call);
    await api.DeleteDomainName(key, call);
    await gone(api.GetDomainName(key, call));
  });
});

test("aws_api_gateway_vpc_link is waited for, changed and waited for again", async () => {
  const made = await api.CreateVpcLink({ name: "link", description: "d", targetArns: [NLB], tags: TAGS }, call);
  const key = { vpcLinkId: made.id as string };
  expect(made).toEqual({ id: made.id, name: "link", description: "d", targetArns: [NLB], tags: TAGS, status: "PENDING" });
  const ready = { status: "AVAILABLE", statusMessage: "Your vpc link is ready for use" };
  expect(await api.GetVpcLink(key, call)).toEqual({ ...made, ...ready });
  expect(await api.UpdateVpcLink({ ...key, patchOperations: [set("/name", "other"), set("/description", "")] }, call)).toEqual({
    id: made.id,
    name: "other",
    targetArns: [NLB],
    tags: TAGS,
    ...ready,
  });
  await changeTags(arnOf(`vpclinks/${made.id}`));
  // Where only tags have changed, the update is an empty one.
  expect(await api.UpdateVpcLink({ ...key, patchOperations: [] }, call)).toMatchObject({ name: "other", tags: TAGS });
  await api.DeleteVpcLink(key, call);
  await gone(api.GetVpcLink(key, call));
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

test("aws_api_gateway_account and aws_api_gateway_client_certificate", async () => {
  await api.UpdateAccount({ patchOperations: [set("/cloudwatchRoleArn", ROLE)] }, call);
  const account = await api.GetAccount({}, call);
  expect(account).toEqual({ cloudwatchRoleArn: ROLE, throttleSettings: { burstLimit: 5000, rateLimit: 10_000 }, features: ["UsagePlans"], apiKeyVersion: "4" });
  // With reset_on_delete.
  await api.UpdateAccount({ patchOperations: [set("/cloudwatchRoleArn", "")] }, call);
  expect((await api.GetAccount({}, call)).cloudwatchRoleArn).toBeUndefined();
  await api.UpdateAccount({ patchOperations: [] }, call);

  const certificate = await api.GenerateClientCertificate({ description: "d", tags: TAGS }, call);
  const key = { clientCertificateId: certificate.clientCertificateId as string };
  expect(await api.GetClientCertificate(key, call)).toEqual(certificate);
  expect([certificate.createdDate, certificate.expirationDate]).toEqual([expect.any(Date), expect.any(Date)]);
  await api.UpdateClientCertificate({ ...key, patchOperations: [set("/description", "other")] }, call);
  expect(await api.GetClientCertificate(key, call)).toEqual({ ...certificate, description: "other" });
  await changeTags(arnOf(`clientcertificates/${key.clientCertificateId}`));
  await api.DeleteClientCertificate(key, call);
  await gone(api.GetClientCertificate(key, call));
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
