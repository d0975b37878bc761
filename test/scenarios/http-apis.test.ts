// HTTP APIs as their users meet them: made through the AWS SDK on the started program, and called
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html).
import { readFileSync } from "node:fs";
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateApiMappingCommand,
  CreateAuthorizerCommand,
  CreateDomainNameCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  DeleteApiCommand,
  DeleteStageCommand,
  ExportApiCommand,
  GetApiCommand,
  GetStagesCommand,
  ImportApiCommand,
  UpdateApiCommand,
  UpdateIntegrationCommand,
  UpdateRouteCommand,
  UpdateStageCommand,
} from "@aws-sdk/client-apigatewayv2";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Backend, startBackend } from "../harness/backend.ts";
import { apiHost, call, type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";
import { startIssuer } from "../harness/issuer.ts";

let gatehouse: Gatehouse;
let client: ApiGatewayV2Client;
let backend: Backend;

const clientOf = ({ url }: Gatehouse) =>
  new ApiGatewayV2Client({ endpoint: url, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 });

beforeAll(async () => {
  backend = await startBackend((response, { url }) => response.end(`at ${url}`));
  gatehouse = await startGatehouse();
  client = clientOf(gatehouse);
});
afterAll(async () => {
  await gatehouse.stop();
  await removeDirectory(gatehouse.dataDir);
  await backend[Symbol.asyncDispose]();
});

const hostOf = (apiId: string | undefined) => apiHost(apiId ?? "");

/** Status and body of the answer to GET, over a connection of its own. */
async function get(host: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const { status, body } = await call(`${gatehouse.url}${path}`, { headers: { Host: host, ...headers } });
  return `${status} ${body}`;
}

const NOT_FOUND = '404 {"message":"Not Found"}';

/** A route that passes requests on to a path of the backend. */
async function addRoute(ApiId: string | undefined, RouteKey: string, path: string, parts: object = {}) {
  const integration = { IntegrationType: "HTTP_PROXY", IntegrationMethod: "ANY", IntegrationUri: `${backend.url}${path}`, PayloadFormatVersion: "1.0" } as const;
  const { IntegrationId } = await client.send(new CreateIntegrationCommand({ ApiId, ...integration }));
  const { RouteId } = await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}`, ...parts }));
  return { IntegrationId, RouteId };
}

it("quick create by a URL answers at once, until the API is deleted", async () => {
  const { ApiId } = await client.send(new CreateApiCommand({ Name: "quick", ProtocolType: "HTTP", Target: backend.url }));
  expect(await get(hostOf(ApiId), "/store/checkout?a=b")).toBe("200 at /store/checkout?a=b");
  await client.send(new DeleteApiCommand({ ApiId }));
  expect(await get(hostOf(ApiId), "/store/checkout")).toBe('403 {"message":"Forbidden"}');
});

it("a change is live when the call that made it has returned, where the stage deploys by itself", async () => {
  const { ApiId } = await client.send(new CreateApiCommand({ Name: "auto", ProtocolType: "HTTP" }));
  const { IntegrationId, RouteId } = await addRoute(ApiId, "GET /pets/{id}", "/a/{id}");
  await client.send(new CreateStageCommand({ ApiId, StageName: "$default", AutoDeploy: true, StageVariables: { v: "1" } }));
  await client.send(new CreateStageCommand({ ApiId, StageName: "beta", AutoDeploy: false }));
  const host = hostOf(ApiId);
  expect(await get(host, "/pets/7")).toBe("200 at /a/7");
  // A stage without a deployment serves nothing, and is no stage that a path could name.
  expect(await get(host, "/beta/pets/7")).toBe(NOT_FOUND);

  await client.send(new UpdateIntegrationCommand({ ApiId, IntegrationId, IntegrationUri: `${backend.url}/\${stageVariables.v}/{id}` }));
  expect(await get(host, "/pets/7")).toBe("200 at /1/7");
  await client.send(new UpdateStageCommand({ ApiId, StageName: "$default", StageVariables: { v: "2" } }));
  expect(await get(host, "/pets/7")).toBe("200 at /2/7");
  await client.send(new UpdateRouteCommand({ ApiId, RouteId, RouteKey: "GET /toys/{id}" }));
  expect([await get(host, "/pets/7"), await get(host, "/toys/7")]).toEqual([NOT_FOUND, "200 at /2/7"]);
  await client.send(new UpdateStageCommand({ ApiId, StageName: "$default", RouteSettings: { "GET /toys/{id}": { ThrottlingRateLimit: 0, ThrottlingBurstLimit: 0 } } }));
  expect(await get(host, "/toys/7")).toBe('429 {"message":"Too Many Requests"}');
  await client.send(new UpdateApiCommand({ ApiId, CorsConfiguration: { AllowOrigins: ["https://a.example.com"] } }));
  const preflight = { Host: host, Origin: "https://a.example.com", "Access-Control-Request-Method": "GET" };
  const answer = await call(`${gatehouse.url}/toys/7`, { method: "OPTIONS", headers: preflight });
  expect([answer.status, answer.headers["access-control-allow-origin"]]).toEqual([204, "https://a.example.com"]);
  await client.send(new DeleteStageCommand({ ApiId, StageName: "$default" }));
  expect(await get(host, "/toys/7")).toBe(NOT_FOUND);
});

it("JWT authorizers: tokens of the issuer, with the route's scopes", async () => {
  await using issuer = await startIssuer();
  const { ApiId } = await client.send(new CreateApiCommand({ Name: "tokens", ProtocolType: "HTTP" }));
  const { AuthorizerId } = await client.send(
    new CreateAuthorizerCommand({
      ApiId,
      Name: "tokens",
      AuthorizerType: "JWT",
      IdentitySource: ["$request.header.Authorization"],
      JwtConfiguration: { Issuer: issuer.issuer, Audience: ["pets"] },
    }),
  );
  await addRoute(ApiId, "GET /mail", "/mail", { AuthorizationType: "JWT", AuthorizerId, AuthorizationScopes: ["user.email"] });
  await client.send(new CreateStageCommand({ ApiId, StageName: "prod", AutoDeploy: true }));
  const mail = (claims: object) => get(hostOf(ApiId), "/prod/mail", { Authorization: `Bearer ${issuer.sign({ aud: "pets", ...claims })}` });
  expect(await mail({ scope: "openid user.email" })).toBe("200 at /mail");
  expect(await mail({ scope: "openid" })).toBe('403 {"message":"Forbidden"}');
  expect(await mail({ aud: "toys", scope: "user.email" })).toBe('401 {"message":"Unauthorized"}');
  expect(await get(hostOf(ApiId), "/prod/mail")).toBe('401 {"message":"Unauthorized"}');
});

it("a custom domain name leads to the stage of its mapping", async () => {
  const DomainName = "pets.example.com";
  const CertificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/fb1b9770-a305-495d-aefb-27e5e101ff3";
  await client.send(new CreateDomainNameCommand({ DomainName, DomainNameConfigurations: [{ CertificateArn, EndpointType: "REGIONAL", SecurityPolicy: "TLS_1_2" }] }));
  const { ApiId } = await client.send(new CreateApiCommand({ Name: "mapped", ProtocolType: "HTTP" }));
  await addRoute(ApiId, "ANY /orders/{id}", "/o/{id}");
  await client.send(new CreateStageCommand({ ApiId, StageName: "prod", AutoDeploy: true }));
  await client.send(new CreateApiMappingCommand({ DomainName, ApiId, Stage: "prod", ApiMappingKey: "v1/shop" }));
  expect(await get(DomainName, "/v1/shop/orders/1234")).toBe("200 at /o/1234");
  expect(await get(DomainName, "/v1/other/orders/1234")).toBe('403 {"message":"Forbidden"}');
  // "Clients can access your API only by using a custom domain name" once its own is disabled (.../http-api-disable-default-endpoint.html).
  await client.send(new UpdateApiCommand({ ApiId, DisableExecuteApiEndpoint: true }));
  expect([await get(DomainName, "/v1/shop/orders/1"), await get(hostOf(ApiId), "/prod/orders/1")]).toEqual(["200 at /o/1", NOT_FOUND]);
});

// The example of .../http-api-open-api.html; its URLs lead to the backend here.
it("imports the guide's example, serves it, and exports what makes the same API", async () => {
  const example = readFileSync(new URL("http-api-pet-store.json", import.meta.url), "utf8").replaceAll("http://petstore.execute-api.us-west-1.amazonaws.com", backend.url);
  const { ApiId } = await client.send(new ImportApiCommand({ Body: example }));
  await client.send(new CreateStageCommand({ ApiId, StageName: "$default", AutoDeploy: true }));
  const host = hostOf(ApiId);
  expect(await get(host, "/pets?type=dog&page=1")).toBe("200 at /petstore/pets?type=dog&page=1");
  expect((await call(`${gatehouse.url}/pets`, { method: "POST", headers: { Host: host }, body: "{}" })).body).toBe("at /petstore/pets");
  expect(await get(host, "/pets/7")).toBe("200 at /petstore/pets/7");

  const exported = async (id: string | undefined, OutputType: "JSON" | "YAML") => {
    const { body } = await client.send(new ExportApiCommand({ ApiId: id, OutputType, Specification: "OAS30" }));
    return Buffer.from(body as Uint8Array).toString();
  };
  const json = await exported(ApiId, "JSON");
  const again = await client.send(new ImportApiCommand({ Body: json }));
  const fromYaml = await client.send(new ImportApiCommand({ Body: await exported(ApiId, "YAML") }));
  const withoutServer = (text: string): unknown => ({ ...(JSON.parse(text) as object), servers: undefined });
  expect(withoutServer(await exported(again.ApiId, "JSON"))).toEqual(withoutServer(json));
  expect(withoutServer(await exported(fromYaml.ApiId, "JSON"))).toEqual(withoutServer(json));
});

it("keeps what was acknowledged over a kill, and answers after the restart as before", async () => {
  const { ApiId, CreatedDate } = await client.send(new CreateApiCommand({ Name: "kept", ProtocolType: "HTTP", Target: backend.url }));
  const { Items: stages } = await client.send(new GetStagesCommand({ ApiId }));
  await gatehouse.stop("SIGKILL");
  gatehouse = await startGatehouse({ dataDir: gatehouse.dataDir });
  expect(await get(hostOf(ApiId), "/kept")).toBe("200 at /kept");
  const restarted = clientOf(gatehouse);
  expect(await restarted.send(new GetApiCommand({ ApiId }))).toMatchObject({ Name: "kept", CreatedDate });
  expect((await restarted.send(new GetStagesCommand({ ApiId }))).Items).toEqual(stages);
});
