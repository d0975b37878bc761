// WebSocket APIs through the AWS SDK: every operation, made, shown, listed, changed, deployed, kept over a restart and taken away
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api.html).
import { CreateVpcLinkCommand, GenerateClientCertificateCommand, UpdateAccountCommand } from "@aws-sdk/client-api-gateway";
import * as v2 from "@aws-sdk/client-apigatewayv2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aws, awsInstalled } from "../harness/aws-command.ts";
import { callApi, type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";

const FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:chat/invocations";
const LOAD_BALANCER = "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/net/chat/0123456789abcdef";
const LOG_GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:chat";
const ROLE = "arn:aws:iam::000000000000:role/chat";
const CHAT = { Name: "chat", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" } as const;

let gatehouse: Gatehouse;
let client: v2.ApiGatewayV2Client;

const clientOf = ({ url }: Gatehouse) =>
  new v2.ApiGatewayV2Client({ endpoint: url, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 });

beforeAll(async () => {
  gatehouse = await startGatehouse();
  client = clientOf(gatehouse);
});
afterAll(async () => {
  await gatehouse.stop();
  await removeDirectory(gatehouse.dataDir);
});

const newApi = async (): Promise<string> => (await client.send(new v2.CreateApiCommand(CHAT))).ApiId as string;

/** Nothing but what the operation answers. */
const bare = <T extends { $metadata: unknown }>(answer: T): Partial<T> => {
  const { $metadata: _metadata, ...rest } = answer;
  return rest as Partial<T>;
};

async function refusalOf(answer: Promise<unknown>) {
  const { name, message, $metadata } = (await answer.then(
    () => expect.fail("was not refused"),
    (error: unknown) => error,
  )) as v2.ApiGatewayV2ServiceException;
  return [$metadata.httpStatusCode, name, message];
}

/** All pages of a list, at most two items each. */
async function pagesOf(list: (page: { MaxResults: string; NextToken: string | undefined }) => Promise<{ Items?: readonly object[] | undefined; NextToken?: string | undefined }>): Promise<number[]> {
  const sizes: number[] = [];
  let NextToken: string | undefined;
  do {
    const page = await list({ MaxResults: "2", NextToken });
    sizes.push(page.Items?.length ?? 0);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return sizes;
}

describe("with the AWS SDK", () => {
  it("an API: CreateApi, GetApi, GetApis, UpdateApi, tags, DeleteApi", async () => {
    const made = await client.send(new v2.CreateApiCommand({ ...CHAT, Description: "talk", Tags: { team: "pets" } }));
    const ApiId = made.ApiId as string;
    const shown = {
      ApiEndpoint: `wss://${ApiId}.execute-api.us-east-1.amazonaws.com`,
      ApiId,
      ApiKeySelectionExpression: "$request.header.x-api-key",
      CreatedDate: made.CreatedDate,
      Description: "talk",
      DisableExecuteApiEndpoint: false,
      IpAddressType: "ipv4",
      Name: "chat",
      ProtocolType: "WEBSOCKET",
      RouteSelectionExpression: "$request.body.action",
      Tags: { team: "pets" },
    };
    expect(made.CreatedDate).toBeInstanceOf(Date);
    expect(bare(made)).toEqual(shown);
    expect((await client.send(new v2.GetApisCommand({}))).Items).toContainEqual(shown);
    const ResourceArn = `arn:aws:apigateway:us-east-1::/apis/${ApiId}`;
    await client.send(new v2.TagResourceCommand({ ResourceArn, Tags: { a: "1" } }));
    await client.send(new v2.UntagResourceCommand({ ResourceArn, TagKeys: ["team"] }));
    expect((await client.send(new v2.GetTagsCommand({ ResourceArn }))).Tags).toEqual({ a: "1" });
    const update = { ApiId, RouteSelectionExpression: "${request.body.service}/${request.body.action}", DisableSchemaValidation: true };
    expect(bare(await client.send(new v2.UpdateApiCommand(update)))).toEqual({ ...shown, ...update, Tags: { a: "1" } });
    await client.send(new v2.DeleteApiCommand({ ApiId }));
    expect(await refusalOf(client.send(new v2.GetApiCommand({ ApiId })))).toEqual([404, "NotFoundException", `Invalid API identifier specified 000000000000:${ApiId}`]);
  });

  it("routes and their responses", async () => {
    const ApiId = await newApi();
    const { ModelId } = await client.send(new v2.CreateModelCommand({ ApiId, Name: "Message", Schema: '{"type":"object"}' }));
    const { RouteId } = await client.send(new v2.CreateRouteCommand({ ApiId, RouteKey: "$connect" }));
    const connect = { ApiId, RouteId };
    const members = {
      ApiKeyRequired: true,
      AuthorizationType: "AWS_IAM",
      ModelSelectionExpression: "$request.body.kind",
      OperationName: "ConnectRoute",
      RequestModels: { $default: "Message" },
      RequestParameters: { "route.request.querystring.token": { Required: true } },
      RouteResponseSelectionExpression: "$default",
    } as const;
    const shown = { RouteId, RouteKey: "$connect", ...members };
    expect(bare(await client.send(new v2.UpdateRouteCommand({ ...connect, ...members })))).toEqual(shown);
    expect(bare(await client.send(new v2.GetRouteCommand(connect)))).toEqual(shown);
    await client.send(new v2.DeleteRouteRequestParameterCommand({ ...connect, RequestParameterKey: "route.request.querystring.token" }));
    expect((await client.send(new v2.GetRouteCommand(connect))).RequestParameters).toBeUndefined();
    for (const RouteKey of ["$disconnect", "$default"]) await client.send(new v2.CreateRouteCommand({ ApiId, RouteKey }));
    expect(await pagesOf((page) => client.send(new v2.GetRoutesCommand({ ApiId, ...page })))).toEqual([2, 1]);

    const response = await client.send(new v2.CreateRouteResponseCommand({ ...connect, RouteResponseKey: "$default" }));
    const key = { ...connect, RouteResponseId: response.RouteResponseId };
    const updated = { RouteResponseId: response.RouteResponseId, RouteResponseKey: "$default", ModelSelectionExpression: "action", ResponseModels: { action: "Message" } };
    expect(bare(await client.send(new v2.UpdateRouteResponseCommand({ ...key, ModelSelectionExpression: "action", ResponseModels: { action: "Message" } })))).toEqual(updated);
    expect(bare(await client.send(new v2.GetRouteResponseCommand(key)))).toEqual(updated);
    expect((await client.send(new v2.GetRouteResponsesCommand(connect))).Items).toEqual([updated]);
    expect((await refusalOf(client.send(new v2.DeleteModelCommand({ ApiId, ModelId })))).slice(0, 2)).toEqual([409, "ConflictException"]);
    await client.send(new v2.DeleteRouteResponseCommand(key));
    expect((await refusalOf(client.send(new v2.GetRouteResponseCommand(key))))[0]).toBe(404);
    await client.send(new v2.DeleteRouteCommand(connect));
    expect((await refusalOf(client.send(new v2.GetRouteCommand(connect))))[0]).toBe(404);
  });

  it("integrations of every type, and their responses", async () => {
    const ApiId = await newApi();
    const { id: ConnectionId } = await gatehouse.apiGateway().send(new CreateVpcLinkCommand({ name: "chat", targetArns: [LOAD_BALANCER] }));
    const types = [
      { IntegrationType: "MOCK", RequestTemplates: { "application/json": '{"statusCode":200}' } },
      { IntegrationType: "AWS_PROXY", IntegrationUri: FUNCTION },
      { IntegrationType: "AWS", IntegrationUri: FUNCTION, IntegrationMethod: "POST", ContentHandlingStrategy: "CONVERT_TO_TEXT", CredentialsArn: ROLE },
      { IntegrationType: "HTTP", IntegrationUri: "http://example.com", IntegrationMethod: "GET", RequestParameters: { "integration.request.header.id": "context.connectionId" }, TemplateSelectionExpression: "$request.body.a" },
      { IntegrationType: "HTTP_PROXY", IntegrationUri: "http://example.com", IntegrationMethod: "PUT", ConnectionType: "VPC_LINK", ConnectionId, PassthroughBehavior: "NEVER", TimeoutInMillis: 12_345 },
    ] as const;
    for (const members of types) {
      const made = await client.send(new v2.CreateIntegrationCommand({ ApiId, ...members }));
      expect(made).toMatchObject({ ConnectionType: "INTERNET", PassthroughBehavior: "WHEN_NO_MATCH", PayloadFormatVersion: "1.0", TimeoutInMillis: 29_000, ...members });
      expect(bare(await client.send(new v2.GetIntegrationCommand({ ApiId, IntegrationId: made.IntegrationId })))).toEqual(bare(made));
    }
    expect(await pagesOf((page) => client.send(new v2.GetIntegrationsCommand({ ApiId, ...page })))).toEqual([2, 2, 1]);
    const { Items = [] } = await client.send(new v2.GetIntegrationsCommand({ ApiId }));
    const http = Items.find(({ IntegrationType }) => IntegrationType === "HTTP");
    const integration = { ApiId, IntegrationId: http?.IntegrationId };
    const changed = await client.send(new v2.UpdateIntegrationCommand({ ...integration, RequestParameters: { "integration.request.header.id": "" }, Description: "changed", TimeoutInMillis: 50 }));
    const { RequestParameters: _gone, ...kept } = http ?? {};
    expect(bare(changed)).toEqual({ ...kept, Description: "changed", TimeoutInMillis: 50 });

    const made = await client.send(new v2.CreateIntegrationResponseCommand({ ...integration, IntegrationResponseKey: "/2\\d\\d/", ResponseTemplates: { $default: "$input.body" } }));
    const key = { ...integration, IntegrationResponseId: made.IntegrationResponseId };
    for (const IntegrationResponseKey of ["$default", "/4../"]) await client.send(new v2.CreateIntegrationResponseCommand({ ...integration, IntegrationResponseKey }));
    expect(await pagesOf((page) => client.send(new v2.GetIntegrationResponsesCommand({ ...integration, ...page })))).toEqual([2, 1]);
    const update = { TemplateSelectionExpression: "${integration.response.statuscode}", ContentHandlingStrategy: "CONVERT_TO_BINARY" } as const;
    expect(bare(await client.send(new v2.UpdateIntegrationResponseCommand({ ...key, ...update })))).toEqual({ ...bare(made), ...update });
    expect(bare(await client.send(new v2.GetIntegrationResponseCommand(key)))).toEqual({ ...bare(made), ...update });
    await client.send(new v2.DeleteIntegrationResponseCommand(key));
    expect((await refusalOf(client.send(new v2.GetIntegrationResponseCommand(key))))[0]).toBe(404);
    await client.send(new v2.DeleteIntegrationCommand(integration));
    expect((await refusalOf(client.send(new v2.GetIntegrationCommand(integration))))[0]).toBe(404);
  });

  it("models and authorizers", async () => {
    const ApiId = await newApi();
    const made = await client.send(new v2.CreateModelCommand({ ApiId, Name: "Message", ContentType: "application/json", Schema: '{"type":"object","properties":{"text":{"type":"string"}}}' }));
    const model = { ApiId, ModelId: made.ModelId };
    expect(bare(await client.send(new v2.GetModelCommand(model)))).toEqual(bare(made));
    expect((await client.send(new v2.GetModelsCommand({ ApiId }))).Items).toEqual([bare(made)]);
    expect((await client.send(new v2.GetModelTemplateCommand(model))).Value).toBe("#set($inputRoot = $input.path('$'))\n{\n  \"text\" : \"foo\"\n}");
    expect(await client.send(new v2.UpdateModelCommand({ ...model, Name: "Said", Description: "what was said" }))).toMatchObject({ Name: "Said", Description: "what was said" });
    await client.send(new v2.DeleteModelCommand(model));
    expect((await refusalOf(client.send(new v2.GetModelCommand(model))))[0]).toBe(404);

    const auth = { Name: "auth", AuthorizerType: "REQUEST", AuthorizerUri: FUNCTION, IdentitySource: ["route.request.querystring.token"] } satisfies Partial<v2.CreateAuthorizerCommandInput>;
    const { AuthorizerId } = await client.send(new v2.CreateAuthorizerCommand({ ApiId, ...auth }));
    const authorizer = { ApiId, AuthorizerId };
    expect(bare(await client.send(new v2.GetAuthorizerCommand(authorizer)))).toEqual({ AuthorizerId, ...auth });
    expect(bare(await client.send(new v2.UpdateAuthorizerCommand({ ...authorizer, AuthorizerCredentialsArn: ROLE })))).toEqual({ AuthorizerId, ...auth, AuthorizerCredentialsArn: ROLE });
    expect((await client.send(new v2.GetAuthorizersCommand({ ApiId }))).Items?.map(({ Name }) => Name)).toEqual(["auth"]);
    await client.send(new v2.DeleteAuthorizerCommand(authorizer));
    expect((await refusalOf(client.send(new v2.GetAuthorizerCommand(authorizer))))[0]).toBe(404);
  });

  it("stages and deployments", async () => {
    const ApiId = await newApi();
    await client.send(new v2.CreateRouteCommand({ ApiId, RouteKey: "$default" }));
    await gatehouse.apiGateway().send(new UpdateAccountCommand({ patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value: ROLE }] }));
    const { clientCertificateId: ClientCertificateId } = await gatehouse.apiGateway().send(new GenerateClientCertificateCommand({}));
    const { DeploymentId } = await client.send(new v2.CreateDeploymentCommand({ ApiId, Description: "first" }));
    const stage = { ApiId, StageName: "prod" };
    const made = await client.send(new v2.CreateStageCommand({ ...stage, DeploymentId, StageVariables: { url: "example.com" } }));
    const members = {
      AccessLogSettings: { DestinationArn: LOG_GROUP, Format: "$context.requestId" },
      ClientCertificateId,
      DefaultRouteSettings: { DataTraceEnabled: false, DetailedMetricsEnabled: true, LoggingLevel: "OFF", ThrottlingBurstLimit: 100, ThrottlingRateLimit: 2000 },
      RouteSettings: { $default: { LoggingLevel: "OFF" } },
    } as const;
    const updated = await client.send(new v2.UpdateStageCommand({ ...stage, ...members }));
    expect(bare(updated)).toEqual({ ...bare(made), ...members, LastUpdatedDate: updated.LastUpdatedDate });
    await client.send(new v2.DeleteRouteSettingsCommand({ ...stage, RouteKey: "$default" }));
    await client.send(new v2.DeleteAccessLogSettingsCommand(stage));
    await client.send(new v2.ResetAuthorizersCacheCommand(stage));
    const shown = await client.send(new v2.GetStageCommand(stage));
    expect(shown).toMatchObject({ DeploymentId, ClientCertificateId, StageVariables: { url: "example.com" } });
    expect([shown.AccessLogSettings, shown.RouteSettings ?? {}]).toEqual([undefined, {}]);
    for (const StageName of ["test", "auto"]) await client.send(new v2.CreateStageCommand({ ApiId, StageName, AutoDeploy: StageName === "auto" }));
    expect(await pagesOf((page) => client.send(new v2.GetStagesCommand({ ApiId, ...page })))).toEqual([2, 1]);

    const second = await client.send(new v2.CreateDeploymentCommand({ ...stage }));
    expect((await client.send(new v2.GetStageCommand(stage))).DeploymentId).toBe(second.DeploymentId);
    const deployment = { ApiId, DeploymentId };
    expect(await client.send(new v2.UpdateDeploymentCommand({ ...deployment, Description: "old" }))).toMatchObject({ Description: "old", DeploymentStatus: "DEPLOYED" });
    expect(await client.send(new v2.GetDeploymentCommand(deployment))).toMatchObject({ AutoDeployed: false, Description: "old" });
    expect(await pagesOf((page) => client.send(new v2.GetDeploymentsCommand({ ApiId, ...page })))).toEqual([2, 1]);
    await client.send(new v2.DeleteDeploymentCommand(deployment));
    expect((await refusalOf(client.send(new v2.GetDeploymentCommand(deployment))))[0]).toBe(404);
    await client.send(new v2.DeleteStageCommand({ ApiId, StageName: "test" }));
    expect((await refusalOf(client.send(new v2.GetStageCommand({ ApiId, StageName: "test" }))))[0]).toBe(404);
  });

  it("API mappings, apart from those of HTTP APIs", async () => {
    const DomainName = "chat.example.com";
    const CertificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/fb1b9770-a305-495d-aefb-27e5e101ff3";
    await client.send(new v2.CreateDomainNameCommand({ DomainName, DomainNameConfigurations: [{ CertificateArn, EndpointType: "REGIONAL", SecurityPolicy: "TLS_1_2" }] }));
    const ApiId = await newApi();
    await client.send(new v2.CreateStageCommand({ ApiId, StageName: "prod" }));
    const { ApiMappingId } = await client.send(new v2.CreateApiMappingCommand({ DomainName, ApiId, Stage: "prod", ApiMappingKey: "v1" }));
    const mapping = { DomainName, ApiMappingId };
    expect(bare(await client.send(new v2.UpdateApiMappingCommand({ ...mapping, ApiId, ApiMappingKey: "v2" })))).toEqual({ ApiId, ApiMappingId, ApiMappingKey: "v2", Stage: "prod" });
    expect(bare(await client.send(new v2.GetApiMappingCommand(mapping)))).toEqual({ ApiId, ApiMappingId, ApiMappingKey: "v2", Stage: "prod" });
    expect((await client.send(new v2.GetApiMappingsCommand({ DomainName }))).Items?.length).toBe(1);
    const http = await client.send(new v2.CreateApiCommand({ Name: "pets", ProtocolType: "HTTP", Target: "https://example.com" }));
    const mixed = await refusalOf(client.send(new v2.CreateApiMappingCommand({ DomainName, ApiId: http.ApiId, Stage: "$default" })));
    expect(mixed).toEqual([400, "BadRequestException", expect.stringContaining("Currently, WebSocket APIs can only be attached to a domain name with other WebSocket APIs.")]);
    await client.send(new v2.DeleteApiMappingCommand(mapping));
    expect((await refusalOf(client.send(new v2.GetApiMappingCommand(mapping))))[0]).toBe(404);
  });

  it("refusals have the status, type and words of AWS", async () => {
    const ApiId = await newApi();
    const refusals = [
      [new v2.CreateRouteCommand({ ApiId, RouteKey: "$other" }), 400, "BadRequestException", "The provided route key is not formatted properly"],
      [new v2.CreateDeploymentCommand({ ApiId }), 400, "BadRequestException", "At least one route is required before deploying the Api"],
      [new v2.UpdateApiCommand({ ApiId, CorsConfiguration: { AllowOrigins: ["*"] } }), 400, "BadRequestException", "CorsConfiguration cannot be set for WEBSOCKET protocol Apis"],
      [new v2.ExportApiCommand({ ApiId, OutputType: "JSON", Specification: "OAS30" }), 400, "BadRequestException", "Exports are not supported on protocolType WEBSOCKET"],
      [new v2.ReimportApiCommand({ ApiId, Body: "{}" }), 400, "BadRequestException", "Imports are not supported on protocolType WEBSOCKET"],
      [new v2.DeleteCorsConfigurationCommand({ ApiId }), 400, "BadRequestException", "CorsConfiguration cannot be set for WEBSOCKET protocol Apis"],
    ] as const;
    for (const [command, ...refusal] of refusals) expect(await refusalOf(client.send(command as v2.GetApiCommand))).toEqual(refusal);
  });
});

it("keeps WebSocket APIs over a restart", async () => {
  const first = await startGatehouse();
  const before = clientOf(first);
  const { ApiId } = await before.send(new v2.CreateApiCommand(CHAT));
  const { RouteId } = await before.send(new v2.CreateRouteCommand({ ApiId, RouteKey: "$default" }));
  await before.send(new v2.CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: "$default" }));
  const made = await before.send(new v2.CreateStageCommand({ ApiId, StageName: "prod", AutoDeploy: true }));
  before.destroy();
  await first.stop();
  const second = await startGatehouse({ dataDir: first.dataDir });
  const after = clientOf(second);
  expect(bare(await after.send(new v2.GetStageCommand({ ApiId, StageName: "prod" })))).toEqual(bare(made));
  expect((await after.send(new v2.GetRouteResponsesCommand({ ApiId, RouteId }))).Items?.length).toBe(1);
  after.destroy();
  await second.stop();
  await removeDirectory(first.dataDir);
});

it("an ordinary request to a stage is Forbidden", async () => {
  const ApiId = await newApi();
  await client.send(new v2.CreateRouteCommand({ ApiId, RouteKey: "$default" }));
  await client.send(new v2.CreateStageCommand({ ApiId, StageName: "prod", AutoDeploy: true }));
  expect(await callApi(gatehouse, ApiId, "/prod")).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
});

it("the accounts of others have none of it", async () => {
  const ApiId = await newApi();
  const other = new v2.ApiGatewayV2Client({ endpoint: gatehouse.url, region: "us-east-1", credentials: { accessKeyId: "999999999999", secretAccessKey: "test" } });
  expect((await other.send(new v2.GetApisCommand({}))).Items).toEqual([]);
  expect((await refusalOf(other.send(new v2.GetRoutesCommand({ ApiId }))))[1]).toBe("NotFoundException");
});

it.skipIf(!awsInstalled)("apigateway-websocket-api-create-empty-api, -integration-requests and -route-response: the guide's commands", { timeout: 120_000 }, async () => {
  const cli = (...args: string[]) => aws(gatehouse, "apigatewayv2", ...args);
  const idOf = async (member: string, ...args: string[]) => (await cli(...args))[member] as string;
  const api = await idOf("ApiId", "create-api", "--name", "myWebSocketApi3", "--protocol-type", "WEBSOCKET", "--route-selection-expression", "$request.body.action");
  const mock = JSON.stringify({ PassthroughBehavior: "WHEN_NO_MATCH", TimeoutInMillis: 29000, ConnectionType: "INTERNET", RequestTemplates: { "application/json": '{"statusCode":200}' }, IntegrationType: "MOCK" });
  const integration = await idOf("IntegrationId", "create-integration", "--api-id", api, "--cli-input-json", mock);
  await cli("create-integration-response", "--api-id", api, "--integration-id", integration, "--integration-response-key", "$default");
  const route = await idOf("RouteId", "create-route", "--api-id", api, "--route-key", "$default", "--target", `integrations/${integration}`);
  expect(await cli("create-route-response", "--api-id", api, "--route-id", route, "--route-response-key", "$default")).toMatchObject({ RouteResponseKey: "$default" });
  expect(await cli("create-deployment", "--api-id", api)).toMatchObject({ DeploymentStatus: "DEPLOYED" });
});
