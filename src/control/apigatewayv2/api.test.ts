import { expect, test } from "vitest";
import { call, callOf, NOW, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type { CreateApiRequest, UpdateApiRequest } from "../../model/apigatewayv2.types.gen.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:pets";

const shown = (apiId: string, members: object = {}) => ({
  ApiEndpoint: `https://${apiId}.execute-api.us-east-1.amazonaws.com`,
  ApiId: apiId,
  ApiKeySelectionExpression: "$request.header.x-api-key",
  CreatedDate: NOW,
  DisableExecuteApiEndpoint: false,
  IpAddressType: "ipv4",
  Name: "pets",
  ProtocolType: "HTTP",
  RouteSelectionExpression: "$request.method $request.path",
  Tags: {},
  ...members,
});

async function start(members: Partial<CreateApiRequest> = {}) {
  const plane = startControlPlane();
  const api = await plane.v2.CreateApi({ Name: "pets", ProtocolType: "HTTP", ...members }, call);
  return { ...plane, v1: plane.api, api, ApiId: api.ApiId as string };
}

test("CreateApi, GetApi, GetApis by pages, DeleteApi", async () => {
  const { v2, api, ApiId } = await start();
  expect(api).toEqual(shown("i000000001"));
  expect(await v2.GetApi({ ApiId }, call)).toEqual(api);
  const second = await v2.CreateApi({ Name: "pets", ProtocolType: "HTTP" }, call);
  const page = await v2.GetApis({ MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [api], NextToken: expect.any(String) });
  expect(await v2.GetApis({ NextToken: page.NextToken as string }, call)).toEqual({ Items: [second] });
  expect(await v2.DeleteApi({ ApiId }, call)).toEqual({});
  const missing = `NotFoundException: Invalid API identifier specified 000000000000:${ApiId}`;
  expect(await refusal(v2.GetApi({ ApiId }, call))).toBe(missing);
  expect(await refusal(v2.UpdateApi({ ApiId }, call))).toBe(missing);
  expect(await refusal(v2.DeleteApi({ ApiId }, call))).toBe(missing);
  expect(await refusal(v2.DeleteCorsConfiguration({ ApiId }, call))).toBe(missing);
});

test.each([
  ["0", "BadRequestException: Invalid maxResults specified: 0. Must be at least 1"],
  ["many", "BadRequestException: Invalid maxResults specified: many. Must be a whole number"],
])("GetApis refuses MaxResults %j", async (MaxResults, expected) => {
  expect(await refusal((await start()).v2.GetApis({ MaxResults }, call))).toBe(expected);
});

test("GetApis refuses a token that no page gave", async () => {
  expect(await refusal((await start()).v2.GetApis({ NextToken: "%" }, call))).toBe("BadRequestException: Invalid nextToken parameter specified");
});

test("other accounts and regions see nothing of an API, and the V1 API neither", async () => {
  const { v1, v2, ApiId } = await start();
  for (const other of [callOf("111111111111", "us-east-1"), callOf("000000000000", "eu-west-1")]) {
    expect(await v2.GetApis({}, other)).toEqual({ Items: [] });
    expect(await refusal(v2.GetApi({ ApiId }, other))).toBe(`NotFoundException: Invalid API identifier specified ${other.account}:${ApiId}`);
  }
  expect(await v1.GetRestApis({}, call)).toEqual({ items: [] });
});

test("CreateApi keeps all it is given", async () => {
  const { api } = await start({
    Description: "For pets",
    Version: "v1",
    CorsConfiguration: { AllowOrigins: ["https://example.com"], AllowMethods: ["GET", "*"], AllowHeaders: ["x-pet"], ExposeHeaders: ["*"], MaxAge: 300, AllowCredentials: true },
    DisableExecuteApiEndpoint: true,
    IpAddressType: "dualstack",
    Tags: { owner: "me" },
    // What Terraform always sends along.
    RouteSelectionExpression: "$request.method $request.path",
    ApiKeySelectionExpression: "$request.header.x-api-key",
    DisableSchemaValidation: false,
  });
  expect(api).toEqual(
    shown("i000000001", {
      Description: "For pets",
      Version: "v1",
      CorsConfiguration: { AllowOrigins: ["https://example.com"], AllowMethods: ["GET", "*"], AllowHeaders: ["x-pet"], ExposeHeaders: ["*"], MaxAge: 300, AllowCredentials: true },
      DisableExecuteApiEndpoint: true,
      IpAddressType: "dualstack",
      Tags: { owner: "me" },
    }),
  );
});

test("an endpoint in China has China's suffix", async () => {
  const { v2 } = await start();
  const api = await v2.CreateApi({ Name: "pets", ProtocolType: "HTTP" }, callOf("000000000000", "cn-north-1"));
  expect(api.ApiEndpoint).toBe(`https://${api.ApiId}.execute-api.cn-north-1.amazonaws.com.cn`);
});

test.each<[Partial<CreateApiRequest>, string]>([
  [{ Name: "" }, "BadRequestException: Name must be non-empty"],
  [{ Name: "a".repeat(129) }, "BadRequestException: Name must have at most 128 characters; this one has 129"],
  [{ Description: "a".repeat(1025) }, "BadRequestException: Description must have at most 1024 characters; this one has 1025"],
  [{ Version: "a".repeat(65) }, "BadRequestException: Version must have at most 64 characters; this one has 65"],
  [{ DisableSchemaValidation: true }, "BadRequestException: Models are not supported on protocolType HTTP"],
  [{ ApiKeySelectionExpression: "$context.authorizer.usageIdentifierKey" }, "BadRequestException: API key selection expressions are not supported on protocolType HTTP"],
  [
    { RouteSelectionExpression: "$request.body.action" },
    "BadRequestException: Invalid routeSelectionExpression specified: $request.body.action. For HTTP APIs it must be ${request.method} ${request.path}",
  ],
  [{ RouteKey: "GET /" }, "BadRequestException: A target is required with routeKey and credentialsArn"],
  [{ CredentialsArn: "arn:aws:iam::000000000000:role/a" }, "BadRequestException: A target is required with routeKey and credentialsArn"],
  [{ Target: "http://" }, "BadRequestException: Invalid HTTP endpoint specified for URI"],
  [{ Target: "pets" }, "BadRequestException: Invalid ARN specified in the request"],
  [{ Target: FUNCTION, RouteKey: "pets" }, "BadRequestException: Invalid route key specified: pets. Must be $default, or a method or ANY, a space and a path"],
  [{ Tags: { "aws:x": "y" } }, "BadRequestException: Invalid tag key: aws:x. Tag keys must not start with aws:"],
  // github.com/aws/aws-cdk/issues/9076
  [{ CorsConfiguration: { AllowCredentials: true, AllowOrigins: ["*"] } }, "BadRequestException: allow-credentials is not supported if 'allow-origin' is *"],
  [{ CorsConfiguration: { AllowOrigins: ["example.com"] } }, "BadRequestException: Invalid allow-origin specified: example.com. Must be * or a scheme, :// and a host"],
  [{ CorsConfiguration: { AllowMethods: ["get"] } }, "BadRequestException: Invalid allow-method specified: get. Must be one of: [GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE, *]"],
  [{ CorsConfiguration: { AllowHeaders: ["a b"] } }, "BadRequestException: Invalid header name specified: a b"],
  [{ CorsConfiguration: { ExposeHeaders: [""] } }, "BadRequestException: Invalid header name specified: "],
  [{ CorsConfiguration: { MaxAge: 86_401 } }, "BadRequestException: Invalid max-age specified: 86401. Must be between -1 and 86400 seconds"],
])("CreateApi refuses %j", async (members, expected) => {
  const { v2 } = startControlPlane();
  expect(await refusal(v2.CreateApi({ Name: "pets", ProtocolType: "HTTP", ...members }, call))).toBe(expected);
  expect(await v2.GetApis({}, call)).toEqual({ Items: [] });
});

test("UpdateApi merges: what is not given stays, empty texts go", async () => {
  const { v2, ApiId } = await start({ Description: "old", Version: "1", CorsConfiguration: { AllowOrigins: ["*"], MaxAge: 5 } });
  const merged = shown(ApiId, { Name: "cats", Version: "1", CorsConfiguration: { AllowCredentials: false, AllowMethods: ["GET"] }, DisableExecuteApiEndpoint: true, IpAddressType: "dualstack" });
  const update: UpdateApiRequest = { ApiId, Name: "cats", Description: "", CorsConfiguration: { AllowMethods: ["GET"] }, DisableExecuteApiEndpoint: true, IpAddressType: "dualstack" };
  expect(await v2.UpdateApi(update, call)).toEqual(merged);
  expect(await v2.GetApi({ ApiId }, call)).toEqual(merged);
  expect(await v2.DeleteCorsConfiguration({ ApiId }, call)).toEqual({});
  const { CorsConfiguration: _gone, ...rest } = merged as typeof merged & { CorsConfiguration: object };
  expect(await v2.GetApi({ ApiId }, call)).toEqual(rest);
});

test.each<[Partial<UpdateApiRequest>, string]>([
  [{ Name: "" }, "BadRequestException: Name must be non-empty"],
  [{ DisableSchemaValidation: true }, "BadRequestException: Models are not supported on protocolType HTTP"],
  [{ CorsConfiguration: { AllowCredentials: true, AllowOrigins: ["*"] } }, "BadRequestException: allow-credentials is not supported if 'allow-origin' is *"],
  [{ Target: "https://example.com" }, "BadRequestException: Only APIs made by quick create can be updated with target, routeKey and credentialsArn"],
])("UpdateApi refuses %j", async (members, expected) => {
  const { v2, api, ApiId } = await start();
  expect(await refusal(v2.UpdateApi({ ApiId, ...members }, call))).toBe(expected);
  expect(await v2.GetApi({ ApiId }, call)).toEqual(api);
});

test("http-api-develop: quick create makes an integration, a route and a stage that deploys automatically", async () => {
  const { v2, api, ApiId, published } = await start({ Target: "https://example.com/pets" });
  expect(api).toEqual(shown(ApiId));
  const integration = {
    ApiGatewayManaged: true,
    ConnectionType: "INTERNET",
    IntegrationId: "i000002",
    IntegrationMethod: "ANY",
    IntegrationType: "HTTP_PROXY",
    IntegrationUri: "https://example.com/pets",
    PayloadFormatVersion: "1.0",
    TimeoutInMillis: 30_000,
  };
  const route = { ApiGatewayManaged: true, ApiKeyRequired: false, AuthorizationType: "NONE", RouteId: "i000003", RouteKey: "$default", Target: "integrations/i000002" };
  expect(await v2.GetIntegrations({ ApiId }, call)).toEqual({ Items: [integration] });
  expect(await v2.GetRoutes({ ApiId }, call)).toEqual({ Items: [route] });
  expect(await v2.GetStages({ ApiId }, call)).toEqual({
    Items: [
      {
        ApiGatewayManaged: true,
        AutoDeploy: true,
        CreatedDate: NOW,
        DefaultRouteSettings: { DetailedMetricsEnabled: false },
        DeploymentId: "i00004",
        LastDeploymentStatusMessage: "Successfully deployed stage with deployment ID 'i00004'",
        LastUpdatedDate: NOW,
        RouteSettings: {},
        StageName: "$default",
        StageVariables: {},
        Tags: {},
      },
    ],
  });
  expect(published).toEqual([ApiId]);
  expect(await refusal(v2.DeleteIntegration({ ApiId, IntegrationId: "i000002" }, call))).toBe("BadRequestException: The integration is managed by API Gateway");
  expect(await refusal(v2.DeleteRoute({ ApiId, RouteId: "i000003" }, call))).toBe("BadRequestException: The route is managed by API Gateway");
  expect(await refusal(v2.UpdateRoute({ ApiId, RouteId: "i000003", RouteKey: "GET /" }, call))).toBe("BadRequestException: The route key is managed by API Gateway");
  expect((await v2.UpdateRoute({ ApiId, RouteId: "i000003", OperationName: "all" }, call)).OperationName).toBe("all");
});

test("quick create with a function, a route key and credentials; UpdateApi gives it others", async () => {
  const CredentialsArn = "arn:aws:iam::000000000000:role/a";
  const { v2, ApiId } = await start({ Target: FUNCTION, RouteKey: "GET /pets", CredentialsArn });
  const parts = async () => [(await v2.GetIntegrations({ ApiId }, call)).Items?.[0], (await v2.GetRoutes({ ApiId }, call)).Items?.[0]?.RouteKey];
  const fixed = { ApiGatewayManaged: true, ConnectionType: "INTERNET", IntegrationId: "i000002", TimeoutInMillis: 30_000 };
  const lambda = { ...fixed, CredentialsArn, IntegrationMethod: "POST", IntegrationType: "AWS_PROXY", IntegrationUri: FUNCTION, PayloadFormatVersion: "2.0" };
  expect(await parts()).toEqual([lambda, "GET /pets"]);
  await v2.UpdateApi({ ApiId, RouteKey: "POST /pets" }, call);
  expect(await parts()).toEqual([lambda, "POST /pets"]);
  await v2.UpdateApi({ ApiId, Target: "https://example.com" }, call);
  const http = { ...fixed, IntegrationMethod: "ANY", IntegrationType: "HTTP_PROXY", IntegrationUri: "https://example.com", PayloadFormatVersion: "1.0" };
  expect(await parts()).toEqual([http, "POST /pets"]);
});

test("DeleteApi takes everything along and has gateways drop it", async () => {
  const { v2, ApiId, store, published } = await start({ Target: FUNCTION });
  await v2.CreateAuthorizer({ ApiId, Name: "a", AuthorizerType: "JWT", IdentitySource: ["$request.header.a"], JwtConfiguration: { Issuer: "https://a.example" } }, call);
  published.length = 0;
  await v2.DeleteApi({ ApiId }, call);
  expect(published).toEqual([ApiId]);
  for (const name of ["v2-api", "v2-route", "v2-integration", "v2-authorizer", "v2-stage", "v2-deployment", "v2-snapshot"]) {
    expect(await store.count({ name, indexes: {} }, {}), name).toBe(0);
  }
});

test("http-api-vs-rest: what only REST APIs have is found for no HTTP API", async () => {
  const { api: v1, v2 } = startControlPlane();
  const { ApiId: restApiId = "" } = await v2.CreateApi({ Name: "pets", ProtocolType: "HTTP", Target: FUNCTION }, call);
  const stage = { restApiId, stageName: "$default" };
  const update = (path: string) => v1.UpdateStage({ ...stage, patchOperations: [{ op: "replace", path, value: "true" }] }, call);
  const noApi = `NotFoundException: Invalid API identifier specified 000000000000:${restApiId}`;
  const noStage = `NotFoundException: API Stage not found: ${restApiId}:$default`;
  // Caching, tracing, execution logs, canaries, request validation, usage plans and keys.
  expect(await refusal(update("/cacheClusterEnabled"))).toBe(noApi);
  expect(await refusal(v1.FlushStageCache(stage, call))).toBe(noApi);
  expect(await refusal(update("/tracingEnabled"))).toBe(noApi);
  expect(await refusal(update("/*/*/logging/dataTrace"))).toBe(noApi);
  expect(await refusal(v1.CreateRequestValidator({ restApiId, name: "body", validateRequestBody: true }, call))).toBe(noApi);
  expect(await refusal(v1.CreateUsagePlan({ name: "gold", apiStages: [{ apiId: restApiId, stage: "$default" }] }, call))).toBe(noStage);
  expect(await refusal(v1.CreateApiKey({ stageKeys: [stage] }, call))).toBe(noStage);
});

test("quotas: APIs of an account", async () => {
  const { v2 } = startControlPlane({ httpLimits: { apis: 1 } });
  await v2.CreateApi({ Name: "a", ProtocolType: "HTTP" }, call);
  expect(await refusal(v2.CreateApi({ Name: "b", ProtocolType: "HTTP" }, call))).toBe(
    "TooManyRequestsException: Maximum number of APIs for this account has been reached. Please contact AWS if you need additional APIs.",
  );
  await v2.CreateApi({ Name: "b", ProtocolType: "HTTP" }, callOf("000000000000", "eu-west-1"));
});
