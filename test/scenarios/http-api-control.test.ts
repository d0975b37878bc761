// HTTP APIs through the AWS SDK and the `aws` command: made, changed, deployed
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html). What they answer is in http-apis.test.ts.
import { CreateBasePathMappingCommand, CreateRestApiCommand, GetBasePathMappingsCommand, GetDomainNameCommand as GetV1DomainNameCommand } from "@aws-sdk/client-api-gateway";
import {
  ApiGatewayV2Client,
  type ApiGatewayV2ServiceException,
  CreateApiCommand,
  CreateApiMappingCommand,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateDomainNameCommand,
  CreateIntegrationCommand,
  CreateIntegrationResponseCommand,
  CreateRouteCommand,
  CreateStageCommand,
  CreateVpcLinkCommand,
  DeleteCorsConfigurationCommand,
  DeleteRouteSettingsCommand,
  ExportApiCommand,
  GetApiCommand,
  GetApiMappingsCommand,
  GetApisCommand,
  GetAuthorizersCommand,
  GetDeploymentsCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStageCommand,
  GetStagesCommand,
  GetTagsCommand,
  GetVpcLinkCommand,
  ImportApiCommand,
  ReimportApiCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiCommand,
  UpdateRouteCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aws, awsInstalled } from "../harness/aws-command.ts";
import { type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";
import { newKey, startIssuer, type TestIssuer } from "../harness/issuer.ts";

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/fb1b9770-a305-495d-aefb-27e5e101ff3";
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:pets";

let gatehouse: Gatehouse;
let client: ApiGatewayV2Client;
let issuer: TestIssuer;

const clientOf = ({ url }: Gatehouse) =>
  new ApiGatewayV2Client({ endpoint: url, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 });

beforeAll(async () => {
  gatehouse = await startGatehouse();
  client = clientOf(gatehouse);
  issuer = await startIssuer({ keys: [newKey("ec", "ES256")] });
});
afterAll(async () => {
  await issuer.stop();
  await gatehouse.stop();
  await removeDirectory(gatehouse.dataDir);
});

const newApi = async (Name: string): Promise<string> => (await client.send(new CreateApiCommand({ Name, ProtocolType: "HTTP" }))).ApiId as string;

/** Nothing but what the operation answers. */
const bare = <T extends { $metadata: unknown }>(answer: T): Partial<T> => {
  const { $metadata: _metadata, ...rest } = answer;
  return rest as Partial<T>;
};

async function refusalOf(answer: Promise<unknown>) {
  const { name, message, $metadata } = (await answer.then(
    () => expect.fail("was not refused"),
    (error: unknown) => error,
  )) as ApiGatewayV2ServiceException;
  return [$metadata.httpStatusCode, name, message];
}

describe("with the AWS SDK", () => {
  it("quick create makes an API that is deployed", async () => {
    const made = await client.send(new CreateApiCommand({ Name: "pets", ProtocolType: "HTTP", Target: FUNCTION, CorsConfiguration: { AllowOrigins: ["*"] }, Tags: { team: "pets" } }));
    const ApiId = made.ApiId as string;
    expect(made.CreatedDate).toBeInstanceOf(Date);
    expect(Math.abs(Date.now() - (made.CreatedDate as Date).getTime())).toBeLessThan(60_000);
    expect(bare(made)).toEqual({
      ApiId,
      ApiEndpoint: `https://${ApiId}.execute-api.us-east-1.amazonaws.com`,
      Name: "pets",
      ProtocolType: "HTTP",
      RouteSelectionExpression: "$request.method $request.path",
      ApiKeySelectionExpression: "$request.header.x-api-key",
      DisableExecuteApiEndpoint: false,
      IpAddressType: "ipv4",
      CorsConfiguration: { AllowCredentials: false, AllowOrigins: ["*"] },
      CreatedDate: made.CreatedDate,
      Tags: { team: "pets" },
    });
    const { Items: [integration] = [] } = await client.send(new GetIntegrationsCommand({ ApiId }));
    expect(integration).toMatchObject({ IntegrationType: "AWS_PROXY", IntegrationUri: FUNCTION, PayloadFormatVersion: "2.0", ApiGatewayManaged: true });
    const { Items: routes } = await client.send(new GetRoutesCommand({ ApiId }));
    expect(routes).toMatchObject([{ RouteKey: "$default", Target: `integrations/${integration?.IntegrationId}`, ApiGatewayManaged: true }]);
    const { Items: [stage] = [] } = await client.send(new GetStagesCommand({ ApiId }));
    expect(stage).toMatchObject({ StageName: "$default", AutoDeploy: true, ApiGatewayManaged: true });
    const { Items: deployments } = await client.send(new GetDeploymentsCommand({ ApiId }));
    expect(deployments).toMatchObject([{ DeploymentId: stage?.DeploymentId, DeploymentStatus: "DEPLOYED", AutoDeployed: true }]);
  });

  it("makes routes, an integration, an authorizer and a stage, and deploys them", async () => {
    const ApiId = await newApi("by parts");
    const { IntegrationId } = await client.send(new CreateIntegrationCommand({ ApiId, IntegrationType: "HTTP_PROXY", IntegrationMethod: "ANY", IntegrationUri: "https://example.com/{proxy}", PayloadFormatVersion: "1.0" }));
    const { AuthorizerId } = await client.send(
      new CreateAuthorizerCommand({ ApiId, Name: "jwt", AuthorizerType: "JWT", IdentitySource: ["$request.header.Authorization"], JwtConfiguration: { Audience: ["pets"], Issuer: issuer.issuer } }),
    );
    const stopped = { Issuer: `${issuer.issuer}/other` };
    const [status, name, message] = await refusalOf(client.send(new CreateAuthorizerCommand({ ApiId, Name: "other", AuthorizerType: "JWT", IdentitySource: ["$request.header.Authorization"], JwtConfiguration: stopped })));
    expect([status, name]).toEqual([400, "BadRequestException"]);
    expect(message).toBe(
      `Caught exception when connecting to ${stopped.Issuer}/.well-known/openid-configuration for issuer ${stopped.Issuer}. Please try again later. Error: Invalid issuer: ${stopped.Issuer}. ` +
        `Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration': ${stopped.Issuer}/.well-known/openid-configuration answers 404`,
    );
    const { RouteId } = await client.send(new CreateRouteCommand({ ApiId, RouteKey: "ANY /{proxy+}", Target: `integrations/${IntegrationId}` }));
    const secured = { AuthorizationType: "JWT" as const, AuthorizerId, AuthorizationScopes: ["pets.read"] };
    expect(bare(await client.send(new UpdateRouteCommand({ ApiId, RouteId, ...secured })))).toEqual({
      RouteId,
      RouteKey: "ANY /{proxy+}",
      Target: `integrations/${IntegrationId}`,
      ApiKeyRequired: false,
      ...secured,
    });
    const { DeploymentId } = await client.send(new CreateDeploymentCommand({ ApiId, Description: "first" }));
    const made = await client.send(new CreateStageCommand({ ApiId, StageName: "test", DeploymentId, RouteSettings: { "ANY /{proxy+}": { ThrottlingBurstLimit: 2, ThrottlingRateLimit: 1 } } }));
    expect(made).toMatchObject({ StageName: "test", DeploymentId, AutoDeploy: false, RouteSettings: { "ANY /{proxy+}": { ThrottlingBurstLimit: 2, ThrottlingRateLimit: 1 } } });

    await client.send(new DeleteRouteSettingsCommand({ ApiId, StageName: "test", RouteKey: "ANY /{proxy+}" }));
    await client.send(new UpdateStageCommand({ ApiId, StageName: "test", AutoDeploy: true, StageVariables: { a: "1" } }));
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: "GET /pets", Target: `integrations/${IntegrationId}` }));
    const stage = await client.send(new GetStageCommand({ ApiId, StageName: "test" }));
    expect(stage).toMatchObject({ AutoDeploy: true, StageVariables: { a: "1" } });
    expect(stage.RouteSettings ?? {}).toEqual({});
    expect(stage.LastDeploymentStatusMessage).toBe(`Successfully deployed stage with deployment ID '${stage.DeploymentId}'`);
    expect(stage.DeploymentId).not.toBe(DeploymentId);
    const { Items: deployments = [] } = await client.send(new GetDeploymentsCommand({ ApiId }));
    expect(deployments.find((each) => each.DeploymentId === DeploymentId)).toMatchObject({ AutoDeployed: false, Description: "first" });
    expect(deployments.find((each) => each.DeploymentId === stage.DeploymentId)).toMatchObject({ AutoDeployed: true });
  });

  it("updates merge, and what has its own operation is deleted by it", async () => {
    const { ApiId } = await client.send(new CreateApiCommand({ Name: "merged", ProtocolType: "HTTP", Version: "1", Description: "kept", CorsConfiguration: { AllowMethods: ["GET"] } }));
    expect(await client.send(new UpdateApiCommand({ ApiId, Version: "2" }))).toMatchObject({ Name: "merged", Version: "2", Description: "kept", CorsConfiguration: { AllowMethods: ["GET"] } });
    await client.send(new DeleteCorsConfigurationCommand({ ApiId }));
    expect((await client.send(new GetApiCommand({ ApiId }))).CorsConfiguration).toBeUndefined();
  });

  it("lists are paged", async () => {
    const ApiId = await newApi("paged");
    for (const RouteKey of ["GET /a", "GET /b", "GET /c"]) await client.send(new CreateRouteCommand({ ApiId, RouteKey }));
    const pages: (string | undefined)[][] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(new GetRoutesCommand({ ApiId, MaxResults: "2", NextToken }));
      pages.push((page.Items ?? []).map(({ RouteKey }) => RouteKey));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(pages.map(({ length }) => length)).toEqual([2, 1]);
    expect(new Set(pages.flat())).toEqual(new Set(["GET /a", "GET /b", "GET /c"]));
  });

  it("refusals have the status, type and words of AWS", async () => {
    const ApiId = await newApi("refusals");
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: "GET /pets" }));
    const refusals = [
      [() => client.send(new CreateRouteCommand({ ApiId, RouteKey: "GET /pets" })), 409, "ConflictException", "Route with key GET /pets already exists for this API"],
      [() => client.send(new CreateRouteCommand({ ApiId, RouteKey: "GET /x", Target: "integrations/nothere" })), 404, "NotFoundException", "Invalid Integration identifier specified"],
      [() => client.send(new GetApiCommand({ ApiId: "nothere" })), 404, "NotFoundException", expect.stringContaining("nothere")],
      [() => client.send(new CreateIntegrationResponseCommand({ ApiId, IntegrationId: "abc", IntegrationResponseKey: "$default" })), 400, "BadRequestException", expect.stringContaining("protocolType HTTP")],
    ] as const;
    for (const [answer, ...refusal] of refusals) expect(await refusalOf(answer())).toEqual(refusal);
  });

  it("tags by ARN", async () => {
    const ApiId = await newApi("tagged");
    const ResourceArn = `arn:aws:apigateway:us-east-1::/apis/${ApiId}`;
    await client.send(new TagResourceCommand({ ResourceArn, Tags: { a: "1", b: "2" } }));
    await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["a"] }));
    expect((await client.send(new GetTagsCommand({ ResourceArn }))).Tags).toEqual({ b: "2" });
  });

  it("both versions show a domain name and each other's mappings", async () => {
    const DomainName = "api.example.com";
    const made = await client.send(new CreateDomainNameCommand({ DomainName, DomainNameConfigurations: [{ CertificateArn: CERTIFICATE, EndpointType: "REGIONAL", SecurityPolicy: "TLS_1_2" }] }));
    const v1 = gatehouse.apiGateway();
    const seen = await v1.send(new GetV1DomainNameCommand({ domainName: DomainName }));
    expect(seen).toMatchObject({ domainName: DomainName, regionalCertificateArn: CERTIFICATE, regionalDomainName: made.DomainNameConfigurations?.[0]?.ApiGatewayDomainName });

    const { ApiId } = await client.send(new CreateApiCommand({ Name: "mapped", ProtocolType: "HTTP", Target: "https://example.com" }));
    const { ApiMappingId } = await client.send(new CreateApiMappingCommand({ DomainName, ApiId, Stage: "$default", ApiMappingKey: "v2/pets" }));
    const { id: restApiId } = await v1.send(new CreateRestApiCommand({ name: "rest" }));
    await v1.send(new CreateBasePathMappingCommand({ domainName: DomainName, restApiId, basePath: "v1" }));
    const { Items: mappings = [] } = await client.send(new GetApiMappingsCommand({ DomainName }));
    expect(mappings).toContainEqual({ ApiId, ApiMappingId, ApiMappingKey: "v2/pets", Stage: "$default" });
    expect(new Set(mappings.map((each) => each.ApiMappingKey))).toEqual(new Set(["v1", "v2/pets"]));
    const { items = [] } = await v1.send(new GetBasePathMappingsCommand({ domainName: DomainName }));
    expect(items.map(({ basePath }) => basePath)).toContain("v1");
  });

  it("makes VPC links that become available", async () => {
    const { VpcLinkId } = await client.send(new CreateVpcLinkCommand({ Name: "link", SubnetIds: ["subnet-0123456789abcdef0"], SecurityGroupIds: [] }));
    await expect.poll(async () => (await client.send(new GetVpcLinkCommand({ VpcLinkId }))).VpcLinkStatus).toBe("AVAILABLE");
  });

  it("exports what it imported", async () => {
    const definition = (path: string) => ({
      openapi: "3.0.1",
      info: { title: "imported", version: "1.0" },
      paths: { [path]: { get: { responses: {}, "x-amazon-apigateway-integration": { type: "http_proxy", httpMethod: "GET", uri: "https://example.com", payloadFormatVersion: "1.0" } } } },
    });
    const { ApiId } = await client.send(new ImportApiCommand({ Body: JSON.stringify(definition("/pets")) }));
    await client.send(new ReimportApiCommand({ ApiId, Body: JSON.stringify(definition("/toys")) }));
    const { Items: routes = [] } = await client.send(new GetRoutesCommand({ ApiId }));
    expect(routes.map(({ RouteKey }) => RouteKey)).toEqual(["GET /toys"]);
    const { body } = await client.send(new ExportApiCommand({ ApiId, OutputType: "JSON", Specification: "OAS30" }));
    expect(JSON.parse(Buffer.from(body as Uint8Array).toString())).toMatchObject({
      openapi: "3.0.1",
      info: { title: "imported", version: "1.0" },
      paths: { "/toys": { get: { "x-amazon-apigateway-integration": { type: "http_proxy", uri: "https://example.com" } } } },
    });
  });
});

describe.skipIf(!awsInstalled)("with the aws command (pip install awscli)", { timeout: 120_000 }, () => {
  const v2 = (...args: string[]) => aws(gatehouse, "apigatewayv2", ...args);
  const text = (value: unknown): string => {
    if (typeof value !== "string") throw new TypeError(`not a string: ${String(value)}`);
    return value;
  };

  it("makes an API with an authorized route and deploys it by itself", async () => {
    const id = text((await v2("create-api", "--name", "cli", "--protocol-type", "HTTP"))["ApiId"]);
    const jwt = ["--jwt-configuration", `Audience=pets,Issuer=${issuer.issuer}`, "--identity-source", "$request.header.Authorization"];
    const authorizer = text((await v2("create-authorizer", "--api-id", id, "--name", "jwt", "--authorizer-type", "JWT", ...jwt))["AuthorizerId"]);
    const lambda = ["--integration-type", "AWS_PROXY", "--integration-uri", FUNCTION, "--payload-format-version", "2.0"];
    const integration = text((await v2("create-integration", "--api-id", id, ...lambda))["IntegrationId"]);
    const secured = ["--authorization-type", "JWT", "--authorizer-id", authorizer, "--target", `integrations/${integration}`];
    await v2("create-route", "--api-id", id, "--route-key", "GET /pets/{id}", ...secured);
    expect(await v2("create-stage", "--api-id", id, "--stage-name", "$default", "--auto-deploy")).toMatchObject({ StageName: "$default", AutoDeploy: true });
    const stage = await v2("get-stage", "--api-id", id, "--stage-name", "$default");
    expect(stage["LastDeploymentStatusMessage"]).toBe(`Successfully deployed stage with deployment ID '${text(stage["DeploymentId"])}'`);
    expect((await v2("get-routes", "--api-id", id))["Items"]).toMatchObject([{ RouteKey: "GET /pets/{id}", AuthorizerId: authorizer }]);
    await expect(v2("create-route", "--api-id", id, "--route-key", "GET /pets/{id}")).rejects.toThrow("(ConflictException)");
    await v2("delete-api", "--api-id", id);
    await expect(v2("get-api", "--api-id", id)).rejects.toThrow("(NotFoundException)");
  });

  it("puts SQS behind a route", async () => {
    const id = text((await v2("create-api", "--name", "queue", "--protocol-type", "HTTP"))["ApiId"]);
    const sqs = ["--integration-type", "AWS_PROXY", "--integration-subtype", "SQS-SendMessage", "--payload-format-version", "1.0", "--credentials-arn", "arn:aws:iam::000000000000:role/any"];
    const parameters = "QueueUrl=$request.header.queueUrl,MessageBody=$request.body.message";
    expect(await v2("create-integration", "--api-id", id, ...sqs, "--request-parameters", parameters)).toMatchObject({
      IntegrationSubtype: "SQS-SendMessage",
      RequestParameters: { QueueUrl: "$request.header.queueUrl", MessageBody: "$request.body.message" },
    });
    await expect(v2("create-integration", "--api-id", id, ...sqs, "--request-parameters", "QueueUrl=$request.header.queueUrl")).rejects.toThrow("MessageBody");
  });
});

it("the accounts of others have none of it", async () => {
  const other = new ApiGatewayV2Client({ endpoint: gatehouse.url, region: "us-east-1", credentials: { accessKeyId: "999999999999", secretAccessKey: "test" } });
  expect((await other.send(new GetApisCommand({}))).Items).toEqual([]);
  const { Items: [mine] = [] } = await client.send(new GetApisCommand({}));
  expect((await refusalOf(other.send(new GetAuthorizersCommand({ ApiId: mine?.ApiId }))))[1]).toBe("NotFoundException");
});
