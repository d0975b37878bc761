import { expect, test } from "vitest";
import { call, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { SERVICE_ACTIONS } from "../../domain/service-actions.ts";
import type { CreateIntegrationRequest } from "../../model/apigatewayv2.types.gen.ts";

type Members = Omit<CreateIntegrationRequest, "ApiId">;

const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:pets";
const INVOCATION = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const LISTENER = "arn:aws:elasticloadbalancing:us-east-2:123456789012:listener/app/my-load-balancer/50dc6c495c0c9188/0467ef3c8400ae65";
const SERVICE = "arn:aws:servicediscovery:us-east-2:123456789012:service/srv-id?stage=prod&deployment=green_deployment";
const ROLE = "arn:aws:iam::123456789012:role/apigateway-sqs";
const HTTP = { IntegrationType: "HTTP_PROXY", IntegrationUri: "https://example.com/{proxy}", IntegrationMethod: "ANY", PayloadFormatVersion: "1.0" } as const;
const LAMBDA = { IntegrationType: "AWS_PROXY", IntegrationUri: FUNCTION, PayloadFormatVersion: "2.0" } as const;
const SQS = {
  IntegrationType: "AWS_PROXY",
  IntegrationSubtype: "SQS-SendMessage",
  PayloadFormatVersion: "1.0",
  CredentialsArn: ROLE,
  RequestParameters: { QueueUrl: "$request.header.queueUrl", MessageBody: "$request.body.message" },
} as const;
const PRIVATE = { ...HTTP, ConnectionType: "VPC_LINK", ConnectionId: "i00002", IntegrationUri: LISTENER } as const;

async function start(httpLimits = {}) {
  const plane = startControlPlane({ httpLimits });
  const { ApiId = "" } = await plane.v2.CreateApi({ Name: "pets", ProtocolType: "HTTP" }, call);
  await plane.v2.CreateVpcLink({ Name: "link", SubnetIds: ["subnet-a"] }, call);
  return { ...plane, ApiId, create: (members: Members) => plane.v2.CreateIntegration({ ApiId, ...members }, call) };
}

const DEFAULTS = { ConnectionType: "INTERNET", IntegrationId: "i000003", TimeoutInMillis: 30_000 };

test("CreateIntegration, GetIntegration, GetIntegrations by pages, DeleteIntegration", async () => {
  const { v2, ApiId, create } = await start();
  const integration = await create(HTTP);
  expect(integration).toEqual({ ...DEFAULTS, ...HTTP });
  const key = { ApiId, IntegrationId: "i000003" };
  expect(await v2.GetIntegration(key, call)).toEqual(integration);
  const second = await create(LAMBDA);
  const page = await v2.GetIntegrations({ ApiId, MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [integration], NextToken: expect.any(String) });
  expect(await v2.GetIntegrations({ ApiId, NextToken: page.NextToken as string }, call)).toEqual({ Items: [second] });
  expect(await v2.DeleteIntegration(key, call)).toEqual({});
  for (const gone of [v2.GetIntegration(key, call), v2.UpdateIntegration(key, call), v2.DeleteIntegration(key, call)]) {
    expect(await refusal(gone)).toBe("NotFoundException: Invalid Integration identifier specified");
  }
});

test.each<[Members, object]>([
  [LAMBDA, { ...DEFAULTS, ...LAMBDA, IntegrationMethod: "POST" }],
  [{ ...LAMBDA, IntegrationUri: INVOCATION, PayloadFormatVersion: "1.0" }, { ...DEFAULTS, ...LAMBDA, IntegrationUri: INVOCATION, IntegrationMethod: "POST", PayloadFormatVersion: "1.0" }],
  [{ ...LAMBDA, IntegrationUri: `${FUNCTION}:live`, CredentialsArn: "arn:aws:iam::*:user/*" }, { ...DEFAULTS, ...LAMBDA, IntegrationUri: `${FUNCTION}:live`, CredentialsArn: "arn:aws:iam::*:user/*", IntegrationMethod: "POST" }],
  [
    { ...HTTP, Description: "pets", TimeoutInMillis: 50, RequestParameters: { "append:header.header1": "$context.requestId", "overwrite:path": "/a/${request.path.id}" }, ResponseParameters: { "500": { "overwrite:statuscode": "403" } } },
    { ...DEFAULTS, ...HTTP, Description: "pets", TimeoutInMillis: 50, RequestParameters: { "append:header.header1": "$context.requestId", "overwrite:path": "/a/${request.path.id}" }, ResponseParameters: { "500": { "overwrite:statuscode": "403" } } },
  ],
  [SQS, { ...DEFAULTS, ...SQS }],
  [{ ...PRIVATE, TlsConfig: { ServerNameToVerify: "pets.internal" } }, { ...DEFAULTS, ...PRIVATE, TlsConfig: { ServerNameToVerify: "pets.internal" } }],
  [{ ...PRIVATE, IntegrationUri: SERVICE, TlsConfig: {} }, { ...DEFAULTS, ...PRIVATE, IntegrationUri: SERVICE }],
  [{ ...PRIVATE, ConnectionId: "${stageVariables.link}", IntegrationUri: "${stageVariables.listener}" }, { ...DEFAULTS, ...PRIVATE, ConnectionId: "${stageVariables.link}", IntegrationUri: "${stageVariables.listener}" }],
])("CreateIntegration: %j", async (members, expected) => {
  expect(await (await start()).create(members)).toEqual(expected);
});

// http-api-stages, API Gateway stage variables reference.
test.each([
  { ...HTTP, IntegrationUri: "http://${stageVariables.url}" },
  { ...HTTP, IntegrationUri: "http://${stageVariables.url}/resource/operation" },
  { ...HTTP, IntegrationUri: "http://${stageVariables.url}.example.com/resource/operation" },
  { ...HTTP, IntegrationUri: "http://example.com/${stageVariables.path}/bar" },
  { ...HTTP, IntegrationUri: "http://example.com/foo?q=${stageVariables.q}" },
  { ...LAMBDA, IntegrationUri: INVOCATION.replace(":pets/", ":${stageVariables.name}/") },
  { ...LAMBDA, IntegrationUri: INVOCATION.replace(":pets/", ":pets:${stageVariables.version}/") },
  { ...LAMBDA, CredentialsArn: "arn:aws:iam::123456789012:${stageVariables.role}" },
])("http-api-stages: stage variables may stand in $IntegrationUri", async (members) => {
  expect((await (await start()).create(members)).IntegrationUri).toBe(members.IntegrationUri);
});

const mapping = (error: string) => `BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [${error}]`;
const source = (name: string, value: string) =>
  `BadRequestException: Invalid selection expression specified: Validation Result: warnings : [], errors : [Invalid source: ${value} specified for destination: ${name}]`;
const not = (what: string) => `BadRequestException: ${what} are not supported on protocolType HTTP`;
const VPC_URI = "BadRequestException: For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map service ARN.";
const PROXIES = "BadRequestException: Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)";

test.each<[Members, string]>([
  [{ ...HTTP, IntegrationType: "HTTP" }, PROXIES],
  [{ ...HTTP, IntegrationType: "MOCK" }, PROXIES],
  [{ ...LAMBDA, IntegrationType: "AWS" }, PROXIES],
  [{ IntegrationType: "HTTP_PROXY", IntegrationUri: "https://example.com", IntegrationMethod: "GET" }, "BadRequestException: PayloadFormatVersion is a required parameter for integration"],
  [{ ...HTTP, PayloadFormatVersion: "2.0" }, "BadRequestException: Invalid payloadFormatVersion specified: 2.0. Must be one of: [1.0]"],
  [{ ...LAMBDA, PayloadFormatVersion: "3.0" }, "BadRequestException: Invalid payloadFormatVersion specified: 3.0. Must be one of: [1.0, 2.0]"],
  [{ ...SQS, PayloadFormatVersion: "2.0" }, "BadRequestException: Invalid payloadFormatVersion specified: 2.0. Must be one of: [1.0]"],
  [{ ...HTTP, IntegrationUri: "example.com" }, "BadRequestException: Invalid HTTP endpoint specified for URI"],
  [{ IntegrationType: "HTTP_PROXY", IntegrationMethod: "GET", PayloadFormatVersion: "1.0" }, "BadRequestException: Invalid HTTP endpoint specified for URI"],
  [{ IntegrationType: "HTTP_PROXY", IntegrationUri: "https://example.com", PayloadFormatVersion: "1.0" }, "BadRequestException: Enumeration value for HttpMethod must be non-empty"],
  [{ ...HTTP, IntegrationMethod: "TRACE" }, "BadRequestException: Invalid HTTP method specified: TRACE. Must be one of: [GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE, ANY]"],
  [{ ...HTTP, TimeoutInMillis: 49 }, "BadRequestException: Timeout should be between 50 ms and 30000 ms"],
  [{ ...HTTP, TimeoutInMillis: 30_001 }, "BadRequestException: Timeout should be between 50 ms and 30000 ms"],
  [{ ...LAMBDA, IntegrationUri: "pets" }, "BadRequestException: Invalid ARN specified in the request"],
  [{ ...LAMBDA, IntegrationUri: "arn:aws:sqs:us-east-1:000000000000:pets" }, "BadRequestException: Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."],
  [{ ...LAMBDA, CredentialsArn: "role" }, "BadRequestException: Invalid ARN specified in the request"],
  [{ ...HTTP, ConnectionId: "i00002" }, "BadRequestException: A connection id can only be specified with the connection type VPC_LINK"],
  [{ ...HTTP, TlsConfig: { ServerNameToVerify: "a" } }, "BadRequestException: A TLS configuration can only be specified with the connection type VPC_LINK"],
  [{ ...PRIVATE, IntegrationUri: "https://example.com" }, VPC_URI],
  [{ ...PRIVATE, IntegrationUri: "arn:aws:elasticloadbalancing:us-east-2:123456789012:loadbalancer/app/a/50dc6c495c0c9188" }, VPC_URI],
  [{ ...PRIVATE, ConnectionId: "nothere" }, "BadRequestException: Invalid Vpc Link identifier specified"],
  [{ ...HTTP, ConnectionType: "VPC_LINK", IntegrationUri: LISTENER }, "BadRequestException: A connection id is required with the connection type VPC_LINK"],
  [{ ...LAMBDA, ConnectionType: "VPC_LINK", ConnectionId: "i00002" }, "BadRequestException: The connection type VPC_LINK can only be specified with the integration type HTTP_PROXY"],
  [{ ...HTTP, RequestParameters: { "append:body": "a" } }, mapping("Invalid Request Actioned Parameter specified: append:body")],
  [{ ...HTTP, RequestParameters: { "integration.request.header.a": "'a'" } }, mapping("Invalid Request Actioned Parameter specified: integration.request.header.a")],
  [{ ...HTTP, RequestParameters: { "append:header.a": "$request.body..a" } }, mapping("Invalid mapping expression specified: $request.body..a")],
  [{ ...HTTP, RequestParameters: { "append:header.a": "$response.header.a" } }, mapping("Invalid mapping expression specified: $response.header.a")],
  [{ ...HTTP, RequestParameters: { "overwrite:header.Authorization": "a" } }, mapping("Operations on header authorization are restricted")],
  [{ ...HTTP, RequestParameters: { "remove:header.X-Amzn-Trace-Id": "''" } }, mapping("Operations on header x-amzn-trace-id are restricted")],
  [{ ...HTTP, ResponseParameters: { "200": { "append:header.Access-Control-Allow-Origin": "*" } } }, mapping("Operations on header access-control-allow-origin are restricted")],
  // github.com/hashicorp/terraform-provider-aws/pull/17997 begins so.
  [{ ...HTTP, ResponseParameters: { "200": { "append:overwrite.static": "a" } } }, mapping("Invalid Response Actioned Parameter specified: append:overwrite.static")],
  [{ ...HTTP, ResponseParameters: { "200": { "overwrite:statuscode": "99" } } }, mapping("Invalid status code specified: 99")],
  [{ ...HTTP, ResponseParameters: { "199": { "overwrite:statuscode": "200" } } }, "BadRequestException: Invalid status code specified: 199. Must be between 200 and 599"],
  [{ ...SQS, IntegrationType: "HTTP_PROXY" }, "BadRequestException: An integration subtype can only be specified with the integration type AWS_PROXY"],
  [{ ...SQS, IntegrationSubtype: "SNS-Publish" }, `BadRequestException: Operation: SNS-Publish is not supported. Must be one of: [${Object.keys(SERVICE_ACTIONS).join(", ")}]`],
  [{ ...SQS, IntegrationSubtype: "toString" }, `BadRequestException: Operation: toString is not supported. Must be one of: [${Object.keys(SERVICE_ACTIONS).join(", ")}]`],
  [{ ...SQS, IntegrationUri: FUNCTION }, "BadRequestException: An integration URI cannot be specified with an integration subtype"],
  // github.com/aws/aws-cdk/issues/26328
  [{ ...SQS, IntegrationSubtype: "StepFunctions-StartSyncExecution", RequestParameters: { stateMachineArn: "a" } }, "BadRequestException: Parameter: stateMachineArn does not fit schema for Operation: StepFunctions-StartSyncExecution."],
  [{ ...SQS, RequestParameters: { QueueUrl: "a" } }, "BadRequestException: Parameter: MessageBody is required for Operation: SQS-SendMessage."],
  [{ IntegrationType: "AWS_PROXY", IntegrationSubtype: "SQS-PurgeQueue", PayloadFormatVersion: "1.0", CredentialsArn: ROLE }, "BadRequestException: Parameter: QueueUrl is required for Operation: SQS-PurgeQueue."],
  [{ IntegrationType: "AWS_PROXY", IntegrationSubtype: "SQS-PurgeQueue", PayloadFormatVersion: "1.0", RequestParameters: { QueueUrl: "a" } }, "BadRequestException: Role ARN must be specified for AWS integrations"],
  // github.com/hashicorp/terraform-provider-aws/issues/17348
  [{ ...SQS, RequestParameters: { ...SQS.RequestParameters, MessageAttributes: '{"a":{"DataType":"String"}}' } }, source("MessageAttributes", '{"a":{"DataType":"String"}}')],
  [{ ...SQS, RequestParameters: { ...SQS.RequestParameters, MessageBody: "$request.body..a" } }, source("MessageBody", "$request.body..a")],
  [{ ...HTTP, ContentHandlingStrategy: "CONVERT_TO_TEXT" }, not("Content handling strategies")],
  [{ ...HTTP, PassthroughBehavior: "NEVER" }, not("Passthrough behaviors")],
  [{ ...HTTP, RequestTemplates: { "application/json": "{}" } }, not("Request templates")],
  [{ ...HTTP, TemplateSelectionExpression: "$request.body.a" }, not("Template selection expressions")],
])("CreateIntegration refuses %j", async (members, expected) => {
  const { v2, ApiId, create } = await start();
  expect(await refusal(create(members))).toBe(expected);
  expect(await v2.GetIntegrations({ ApiId }, call)).toEqual({ Items: [] });
});

test.each(Object.entries(SERVICE_ACTIONS))("http-api-develop-integrations-aws-services-reference: %s", async (IntegrationSubtype, { required, optional }) => {
  const { create } = await start();
  const parameters = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, "$request.body.a"]));
  const members = { IntegrationType: "AWS_PROXY", IntegrationSubtype, PayloadFormatVersion: "1.0", CredentialsArn: ROLE } as const;
  const all = parameters([...required, ...optional]);
  expect((await create({ ...members, RequestParameters: all })).RequestParameters).toEqual(all);
  await create({ ...members, RequestParameters: parameters(required) });
  for (const name of required) {
    const { [name]: _missing, ...rest } = all;
    expect(await refusal(create({ ...members, RequestParameters: rest }))).toBe(`BadRequestException: Parameter: ${name} is required for Operation: ${IntegrationSubtype}.`);
  }
});

// github.com/aws-samples/serverless-patterns (custom-http-headers-to-sqs-message-attributes-using-http-api-gateway)
test("CreateIntegration takes JSON with expressions in it for a parameter of a service action", async () => {
  const { create } = await start();
  const MessageAttributes = '{ "Agent": { "DataType": "String", "StringValue": "${request.header.user-agent}" } }';
  expect((await create({ ...SQS, RequestParameters: { ...SQS.RequestParameters, MessageAttributes } })).RequestParameters).toMatchObject({ MessageAttributes });
});

test("http-api-parameter-mapping: UpdateIntegration merges mappings, and empty ones take theirs away", async () => {
  const { v2, ApiId, create } = await start();
  await create({ ...HTTP, RequestParameters: { "append:header.header1": "a", "append:header.header2": "b" }, ResponseParameters: { "200": { "remove:header.a": "''" }, "404": { "append:header.error": "c" } } });
  const key = { ApiId, IntegrationId: "i000003" };
  const first = await v2.UpdateIntegration({ ...key, RequestParameters: { "append:header.header1": "", "append:header.header3": "d" }, ResponseParameters: { "200": {} } }, call);
  expect(first).toEqual({ ...DEFAULTS, ...HTTP, RequestParameters: { "append:header.header2": "b", "append:header.header3": "d" }, ResponseParameters: { "404": { "append:header.error": "c" } } });
  const second = await v2.UpdateIntegration({ ...key, RequestParameters: { "append:header.header2": "", "append:header.header3": "" }, ResponseParameters: { "404": {} } }, call);
  expect(second).toEqual({ ...DEFAULTS, ...HTTP });
  expect(await v2.GetIntegration(key, call)).toEqual(second);
});

test("UpdateIntegration changes every member", async () => {
  const { v2, ApiId, create } = await start();
  await create({ ...PRIVATE, Description: "a", TlsConfig: { ServerNameToVerify: "a" } });
  const key = { ApiId, IntegrationId: "i000003" };
  const changed = { IntegrationType: "AWS_PROXY", IntegrationUri: FUNCTION, IntegrationMethod: "POST", ConnectionType: "INTERNET", CredentialsArn: ROLE, PayloadFormatVersion: "2.0", TimeoutInMillis: 1000 } as const;
  expect(await v2.UpdateIntegration({ ...key, ...changed, ConnectionId: "", Description: "", TlsConfig: {} }, call)).toEqual({ IntegrationId: "i000003", ...changed });
  expect(await refusal(v2.UpdateIntegration({ ...key, IntegrationType: "MOCK" }, call))).toBe(PROXIES);
  expect(await refusal(v2.UpdateIntegration({ ...key, PassthroughBehavior: "NEVER" }, call))).toBe(not("Passthrough behaviors"));
});

test("DeleteIntegration refuses while routes name it (github.com/hashicorp/terraform-provider-aws/issues/12195)", async () => {
  const { v2, ApiId, create } = await start();
  await create(HTTP);
  const route = await v2.CreateRoute({ ApiId, RouteKey: "$default", Target: "integrations/i000003" }, call);
  expect(await refusal(v2.DeleteIntegration({ ApiId, IntegrationId: "i000003" }, call))).toBe(
    `ConflictException: Cannot delete Integration because it is referenced by the following Routes with Ids: [${route.RouteId}]`,
  );
});

test("quotas: integrations of an API", async () => {
  const { create } = await start({ integrationsPerApi: 1 });
  await create(HTTP);
  expect(await refusal(create(HTTP))).toBe("TooManyRequestsException: Maximum number of Integrations for this API has been reached. Please contact AWS if you need additional Integrations.");
});
