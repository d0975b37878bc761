import { expect, test } from "vitest";
import { call, refusal, startControlPlane } from "../../../../test/harness/control-plane.ts";
import type { CreateIntegrationRequest, UpdateIntegrationRequest } from "../../../model/apigatewayv2.types.gen.ts";

const FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123412341234:function:simpleproxy-echo-e2e/invocations";
const LOAD_BALANCER = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/chat/0123456789abcdef";

type Members = Omit<CreateIntegrationRequest, "ApiId">;

async function start(httpLimits = {}) {
  const plane = startControlPlane({ httpLimits });
  const { ApiId = "" } = await plane.v2.CreateApi({ Name: "chat", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" }, call);
  const create = (members: Members = { IntegrationType: "MOCK" }) => plane.v2.CreateIntegration({ ApiId, ...members }, call);
  return { ...plane, ApiId, create };
}

const mock = (members: object = {}) => ({
  ConnectionType: "INTERNET",
  IntegrationId: "i000002",
  IntegrationResponseSelectionExpression: "${integration.response.statuscode}",
  IntegrationType: "MOCK",
  PassthroughBehavior: "WHEN_NO_MATCH",
  PayloadFormatVersion: "1.0",
  TimeoutInMillis: 29_000,
  ...members,
});

test("apigateway-websocket-api-integration-requests: CreateIntegration, GetIntegration, GetIntegrations by pages, DeleteIntegration", async () => {
  const { v2, ApiId, create } = await start();
  const members = { PassthroughBehavior: "WHEN_NO_MATCH", TimeoutInMillis: 29_000, ConnectionType: "INTERNET", RequestTemplates: { "application/json": '{"statusCode":200}' }, IntegrationType: "MOCK" } as const;
  const made = await create(members);
  expect(made).toEqual(mock({ RequestTemplates: { "application/json": '{"statusCode":200}' } }));
  const key = { ApiId, IntegrationId: "i000002" };
  expect(await v2.GetIntegration(key, call)).toEqual(made);
  const proxy = await create({ IntegrationType: "AWS_PROXY", IntegrationUri: FUNCTION });
  expect(proxy).toEqual({
    ConnectionType: "INTERNET",
    IntegrationId: "i000003",
    IntegrationMethod: "POST",
    IntegrationType: "AWS_PROXY",
    IntegrationUri: FUNCTION,
    PassthroughBehavior: "WHEN_NO_MATCH",
    PayloadFormatVersion: "1.0",
    TimeoutInMillis: 29_000,
  });
  const page = await v2.GetIntegrations({ ApiId, MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [made], NextToken: expect.any(String) });
  expect(await v2.GetIntegrations({ ApiId, NextToken: page.NextToken as string }, call)).toEqual({ Items: [proxy] });
  expect(await v2.DeleteIntegration(key, call)).toEqual({});
  for (const gone of [v2.GetIntegration(key, call), v2.UpdateIntegration(key, call), v2.DeleteIntegration(key, call), v2.GetIntegrationResponses(key, call)]) {
    expect(await refusal(gone)).toBe("NotFoundException: Invalid Integration identifier specified");
  }
});

test.each<[Members["IntegrationType"], Partial<Members>, string | undefined]>([
  ["MOCK", {}, "${integration.response.statuscode}"],
  ["HTTP", { IntegrationUri: "http://example.com", IntegrationMethod: "GET" }, "${integration.response.statuscode}"],
  ["AWS", { IntegrationUri: FUNCTION, IntegrationMethod: "POST" }, "${integration.response.body.errorMessage}"],
  ["HTTP_PROXY", { IntegrationUri: "http://example.com", IntegrationMethod: "GET" }, undefined],
  ["AWS_PROXY", { IntegrationUri: FUNCTION }, undefined],
])("websocket-api-data-transformations: what the responses of %s are selected by", async (IntegrationType, members, expression) => {
  const { create } = await start();
  expect((await create({ IntegrationType, ...members })).IntegrationResponseSelectionExpression).toBe(expression);
});

test("CreateIntegration keeps all it is given", async () => {
  const { create } = await start();
  const members = {
    IntegrationType: "AWS",
    IntegrationUri: "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem",
    IntegrationMethod: "POST",
    ContentHandlingStrategy: "CONVERT_TO_BINARY",
    CredentialsArn: "arn:aws:iam::000000000000:role/chat",
    Description: "keeps",
    PassthroughBehavior: "NEVER",
    RequestParameters: { "integration.request.header.connectionId": "context.connectionId", "integration.request.querystring.a": "'b'", "integration.request.header.c": "route.request.multivalueheader.c" },
    RequestTemplates: { $default: "$input.body", empty: "" },
    TemplateSelectionExpression: "${request.body.action}",
    TimeoutInMillis: 50,
  } as const;
  expect(await create(members)).toEqual({
    ...members,
    ConnectionType: "INTERNET",
    IntegrationId: "i000002",
    IntegrationResponseSelectionExpression: "${integration.response.body.errorMessage}",
    PayloadFormatVersion: "1.0",
  });
});

test("UpdateIntegration: parameters are merged and taken away by empty values, templates replaced", async () => {
  const { v2, ApiId, create } = await start();
  await create({
    IntegrationType: "HTTP",
    IntegrationUri: "http://www.example.com",
    IntegrationMethod: "GET",
    ContentHandlingStrategy: "CONVERT_TO_TEXT",
    Description: "Test HTTP",
    RequestParameters: { "integration.request.querystring.stage": "'value1'" },
    RequestTemplates: { "application/json": "", other: "a" },
    TemplateSelectionExpression: "$request.body.name",
  });
  const update: UpdateIntegrationRequest = {
    ApiId,
    IntegrationId: "i000002",
    IntegrationMethod: "POST",
    Description: "",
    PassthroughBehavior: "WHEN_NO_TEMPLATES",
    RequestParameters: { "integration.request.querystring.stage": "", "integration.request.header.x-userid": "'value2'" },
    RequestTemplates: { "application/json": "#set($number=42)" },
    TemplateSelectionExpression: "$request.body.id",
    TimeoutInMillis: 51,
  };
  const merged = mock({
    ContentHandlingStrategy: "CONVERT_TO_TEXT",
    IntegrationMethod: "POST",
    IntegrationType: "HTTP",
    IntegrationUri: "http://www.example.com",
    PassthroughBehavior: "WHEN_NO_TEMPLATES",
    RequestParameters: { "integration.request.header.x-userid": "'value2'" },
    RequestTemplates: { "application/json": "#set($number=42)" },
    TemplateSelectionExpression: "$request.body.id",
    TimeoutInMillis: 51,
  });
  expect(await v2.UpdateIntegration(update, call)).toEqual(merged);
  expect(await v2.GetIntegration(update, call)).toEqual(merged);
});

const invalidMapping = (text: string) =>
  `BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${text}]`;
const cannot = (member: string) => `BadRequestException: ${member} cannot be set for WEBSOCKET protocol Apis`;
const HTTP = { IntegrationType: "HTTP", IntegrationUri: "http://example.com", IntegrationMethod: "GET" } as const;

test.each<[Members, string]>([
  [{ ...HTTP, IntegrationUri: "example.com" }, "BadRequestException: Invalid HTTP endpoint specified for URI"],
  [{ ...HTTP, IntegrationMethod: "get" }, "BadRequestException: Invalid HTTP method specified: get. Must be one of: [GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE, ANY]"],
  [{ IntegrationType: "HTTP", IntegrationUri: "http://example.com" }, "BadRequestException: Enumeration value for HttpMethod must be non-empty"],
  [{ IntegrationType: "AWS_PROXY", IntegrationUri: "lambda" }, "BadRequestException: Invalid ARN specified in the request"],
  [{ IntegrationType: "AWS_PROXY" }, "BadRequestException: Invalid ARN specified in the request"],
  [
    { IntegrationType: "AWS_PROXY", IntegrationUri: "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem" },
    "BadRequestException: Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
  ],
  [{ IntegrationType: "AWS", IntegrationUri: "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem", IntegrationMethod: "POST" }, "BadRequestException: Role ARN must be specified for AWS integrations"],
  [{ IntegrationType: "AWS", IntegrationUri: FUNCTION, IntegrationMethod: "POST", CredentialsArn: "role" }, "BadRequestException: Invalid ARN specified in the request"],
  [{ IntegrationType: "MOCK", TimeoutInMillis: 49 }, "BadRequestException: Timeout should be between 50 ms and 29000 ms"],
  [{ IntegrationType: "MOCK", TimeoutInMillis: 29_001 }, "BadRequestException: Timeout should be between 50 ms and 29000 ms"],
  [{ IntegrationType: "MOCK", PayloadFormatVersion: "2.0" }, "BadRequestException: Invalid payloadFormatVersion specified: 2.0. Must be one of: [1.0]"],
  [{ IntegrationType: "MOCK", Description: "a".repeat(1025) }, "BadRequestException: Description must have at most 1024 characters; this one has 1025"],
  [{ IntegrationType: "MOCK", IntegrationSubtype: "SQS-SendMessage" }, cannot("IntegrationSubtype")],
  [{ IntegrationType: "MOCK", ResponseParameters: { 200: { "append:header.a": "b" } } }, cannot("ResponseParameters")],
  [{ ...HTTP, TlsConfig: { ServerNameToVerify: "example.com" } }, cannot("TlsConfig")],
  [{ ...HTTP, ConnectionId: "abc" }, "BadRequestException: A connection id can only be specified with the connection type VPC_LINK"],
  [{ ...HTTP, ConnectionType: "VPC_LINK" }, "BadRequestException: A connection id is required with the connection type VPC_LINK"],
  [{ ...HTTP, ConnectionType: "VPC_LINK", ConnectionId: "nothere" }, "BadRequestException: Invalid Vpc Link identifier specified"],
  [{ IntegrationType: "AWS_PROXY", IntegrationUri: FUNCTION, ConnectionType: "VPC_LINK", ConnectionId: "a" }, "BadRequestException: The connection type VPC_LINK can only be specified with the integration types HTTP and HTTP_PROXY"],
  [{ IntegrationType: "MOCK", RequestParameters: { "append:header.a": "'b'" } }, invalidMapping("append:header.a")],
  [{ IntegrationType: "MOCK", RequestParameters: { "integration.request.header.a": "method.request.header.a" } }, invalidMapping("method.request.header.a")],
  [{ IntegrationType: "MOCK", RequestParameters: { "integration.request.header.a": "b" } }, invalidMapping("b")],
  [
    { IntegrationType: "MOCK", TemplateSelectionExpression: "$integration.response.statuscode" },
    "BadRequestException: Invalid selection expression specified: Validation Result: warnings : [], errors : [Invalid selection expression specified: $integration.response.statuscode]",
  ],
  [{ IntegrationType: "MOCK", RequestTemplates: { a: "a".repeat(32_769) } }, "BadRequestException: RequestTemplates.a must have at most 32768 characters; this one has 32769"],
])("CreateIntegration refuses %j", async (members, expected) => {
  const { v2, ApiId, create } = await start();
  await create();
  expect(await refusal(create(members))).toBe(expected);
  const { IntegrationType: _type, ...others } = members;
  if (members.IntegrationType === "MOCK") expect(await refusal(v2.UpdateIntegration({ ApiId, IntegrationId: "i000002", ...others }, call))).toBe(expected);
  expect((await v2.GetIntegrations({ ApiId }, call)).Items).toEqual([mock()]);
});

test("a mapping template that cannot be compiled is refused when it is put, with its place", async () => {
  const { v2, ApiId, create } = await start();
  expect(await refusal(create({ IntegrationType: "MOCK", RequestTemplates: { a: "#if(" } }))).toMatch(/^BadRequestException: Invalid mapping template for a: /);
  await create();
  const response = { ApiId, IntegrationId: "i000003", IntegrationResponseKey: "$default" };
  expect(await refusal(v2.CreateIntegrationResponse({ ...response, ResponseTemplates: { a: "#if(" } }, call))).toMatch(/^BadRequestException: Invalid mapping template for a: /);
});

test("an integration that a route leads to is not deleted", async () => {
  const { v2, ApiId, create } = await start();
  const { IntegrationId = "" } = await create();
  const { RouteId = "" } = await v2.CreateRoute({ ApiId, RouteKey: "$default", Target: `integrations/${IntegrationId}` }, call);
  expect(await refusal(v2.DeleteIntegration({ ApiId, IntegrationId }, call))).toBe(
    `ConflictException: Cannot delete Integration because it is referenced by the following Routes with Ids: [${RouteId}]`,
  );
});

test("private integrations connect through VPC links of the V1 API, which are not deleted meanwhile", async () => {
  const { api, v2, ApiId, create } = await start();
  const { id = "" } = await api.CreateVpcLink({ name: "chat", targetArns: [LOAD_BALANCER] }, call);
  const made = await create({ ...HTTP, ConnectionType: "VPC_LINK", ConnectionId: id });
  expect(made).toMatchObject({ ConnectionType: "VPC_LINK", ConnectionId: id });
  const IntegrationId = made.IntegrationId as string;
  const used = (users: string) => `BadRequestException: Cannot delete vpc link. Vpc link '${id}', is referenced in [${users}] in format of [ApiId:Method:IntegrationId or ApiId:Stage].`;
  expect(await refusal(api.DeleteVpcLink({ vpcLinkId: id }, call))).toBe(used(`${ApiId}:GET:${IntegrationId}`));
  const { RouteId = "" } = await v2.CreateRoute({ ApiId, RouteKey: "$default", Target: `integrations/${IntegrationId}` }, call);
  const { DeploymentId = "" } = await v2.CreateDeployment({ ApiId }, call);
  await v2.CreateStage({ ApiId, StageName: "prod", DeploymentId }, call);
  await v2.DeleteRoute({ ApiId, RouteId }, call);
  await v2.DeleteIntegration({ ApiId, IntegrationId }, call);
  expect(await refusal(api.DeleteVpcLink({ vpcLinkId: id }, call))).toBe(used(`${ApiId}:prod`));
  await v2.DeleteStage({ ApiId, StageName: "prod" }, call);
  expect(await api.DeleteVpcLink({ vpcLinkId: id }, call)).toEqual({});
  expect(await create({ ...HTTP, ConnectionType: "VPC_LINK", ConnectionId: "${stageVariables.link}" })).toMatchObject({ ConnectionId: "${stageVariables.link}" });
});

test("quotas: integrations of an API", async () => {
  const { create } = await start({ integrationsPerApi: 1 });
  await create();
  expect(await refusal(create())).toBe("TooManyRequestsException: Maximum number of Integrations for this API has been reached. Please contact AWS if you need additional Integrations.");
});

async function startWithResponses() {
  const plane = await start();
  await plane.create();
  const integration = { ApiId: plane.ApiId, IntegrationId: "i000002" };
  const respond = (members: object = {}) => plane.v2.CreateIntegrationResponse({ ...integration, IntegrationResponseKey: "$default", ...members }, call);
  return { ...plane, integration, respond };
}

test("CreateIntegrationResponse, GetIntegrationResponse, GetIntegrationResponses by pages, UpdateIntegrationResponse, DeleteIntegrationResponse", async () => {
  const { v2, integration, respond } = await startWithResponses();
  const members = {
    IntegrationResponseKey: "/2\\d\\d/",
    ContentHandlingStrategy: "CONVERT_TO_TEXT",
    ResponseParameters: { "method.response.header.a": "'b'" },
    ResponseTemplates: { "application/json": "" },
    TemplateSelectionExpression: "${integration.response.statuscode}",
  } as const;
  const made = await respond(members);
  expect(made).toEqual({ ...members, IntegrationResponseId: "i00003" });
  const key = { ...integration, IntegrationResponseId: "i00003" };
  expect(await v2.GetIntegrationResponse(key, call)).toEqual(made);
  const second = await respond();
  expect(second).toEqual({ IntegrationResponseId: "i00004", IntegrationResponseKey: "$default" });
  const page = await v2.GetIntegrationResponses({ ...integration, MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [made], NextToken: expect.any(String) });
  expect(await v2.GetIntegrationResponses({ ...integration, NextToken: page.NextToken as string }, call)).toEqual({ Items: [second] });
  const update = { ...key, IntegrationResponseKey: "/404/", ResponseParameters: { "method.response.header.a": "", "method.response.header.c": "'d'" }, ResponseTemplates: { a: "#set($number=42)" }, TemplateSelectionExpression: "" };
  const changed = {
    ContentHandlingStrategy: "CONVERT_TO_TEXT",
    IntegrationResponseId: "i00003",
    IntegrationResponseKey: "/404/",
    ResponseParameters: { "method.response.header.c": "'d'" },
    ResponseTemplates: { a: "#set($number=42)" },
  };
  expect(await v2.UpdateIntegrationResponse(update, call)).toEqual(changed);
  expect(await v2.GetIntegrationResponse(key, call)).toEqual(changed);
  expect(await v2.DeleteIntegrationResponse(key, call)).toEqual({});
  for (const gone of [v2.GetIntegrationResponse(key, call), v2.UpdateIntegrationResponse(key, call), v2.DeleteIntegrationResponse(key, call)]) {
    expect(await refusal(gone)).toBe("NotFoundException: Invalid IntegrationResponse identifier specified");
  }
});

test.each<[object, string]>([
  [{ IntegrationResponseKey: "200" }, "BadRequestException: Invalid integrationResponseKey specified: 200. Must be $default, or a regular expression between slashes"],
  [{ IntegrationResponseKey: "$other" }, "BadRequestException: Invalid integrationResponseKey specified: $other. Must be $default, or a regular expression between slashes"],
  [{ IntegrationResponseKey: "/taken/" }, "ConflictException: IntegrationResponse with key /taken/ already exists for this Integration"],
  [{ ResponseParameters: { "integration.request.header.a": "'b'" } }, invalidMapping("integration.request.header.a")],
  [{ ResponseParameters: { "method.response.header.a": "route.request.header.a" } }, invalidMapping("route.request.header.a")],
  [
    { TemplateSelectionExpression: "$response.statuscode" },
    "BadRequestException: Invalid selection expression specified: Validation Result: warnings : [], errors : [Invalid selection expression specified: $response.statuscode]",
  ],
])("CreateIntegrationResponse refuses %j", async (members, expected) => {
  const { v2, integration, respond } = await startWithResponses();
  await respond({ IntegrationResponseKey: "/taken/" });
  expect(await refusal(respond(members))).toBe(expected);
  expect((await v2.GetIntegrationResponses(integration, call)).Items?.length).toBe(1);
});

test("a key that is no pattern is refused, and there are no more than 100", async () => {
  const { respond } = await startWithResponses();
  expect(await refusal(respond({ IntegrationResponseKey: "/(/" }))).toMatch(/^BadRequestException: Invalid integrationResponseKey specified: \/\(\/\. /);
  for (let i = 0; i < 100; i++) await respond({ IntegrationResponseKey: `/${i}/` });
  expect(await refusal(respond())).toBe("TooManyRequestsException: Maximum number of IntegrationResponses for this Integration has been reached.");
});
