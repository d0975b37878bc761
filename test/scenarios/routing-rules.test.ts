// Routing rules of a custom domain name through the AWS SDK, and the requests that they route
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-routing-rules.html).
import { ImportRestApiCommand, CreateDeploymentCommand } from "@aws-sdk/client-api-gateway";
import {
  ApiGatewayV2Client,
  CreateApiMappingCommand,
  CreateDomainNameCommand,
  CreateRoutingRuleCommand,
  DeleteRoutingRuleCommand,
  GetRoutingRuleCommand,
  ListRoutingRulesCommand,
  PutRoutingRuleCommand,
  UpdateDomainNameCommand,
} from "@aws-sdk/client-apigatewayv2";
import { afterAll, beforeAll, expect, it } from "vitest";
import { call, type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";

const DomainName = "petstore.example.com";

let gatehouse: Gatehouse;
let client: ApiGatewayV2Client;
beforeAll(async () => {
  gatehouse = await startGatehouse();
  client = new ApiGatewayV2Client({ endpoint: gatehouse.url, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 });
});
afterAll(async () => {
  await gatehouse.stop();
  await removeDirectory(gatehouse.dataDir);
});

/** A REST API that says who it is and what it has been asked for. */
async function newApi(title: string): Promise<string> {
  const integration = {
    type: "mock",
    requestTemplates: { "application/json": '{"statusCode":200}' },
    responses: { default: { statusCode: "200", responseTemplates: { "application/json": `${title} $context.resourcePath $context.path` } } },
  };
  const get = { responses: { 200: { description: "ok" } }, "x-amazon-apigateway-integration": integration };
  const document = { openapi: "3.0.1", info: { title, version: "1" }, paths: { "/": { get }, "/{proxy+}": { get } } };
  const v1 = gatehouse.apiGateway();
  const { id: restApiId } = await v1.send(new ImportRestApiCommand({ body: Buffer.from(JSON.stringify(document)), parameters: { endpointConfigurationTypes: "REGIONAL" } }));
  await v1.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" }));
  return restApiId as string;
}

const ask = async (path: string, headers: Record<string, string> = {}): Promise<string> => {
  const { status, body } = await call(`${gatehouse.url}${path}`, { headers: { Host: DomainName, ...headers } });
  return `${status} ${body}`;
};

it("routes by headers and base paths, in the order of priorities, before mappings", async () => {
  const CertificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/fb1b9770-a305-495d-aefb-27e5e101ff3";
  const DomainNameConfigurations = [{ CertificateArn, EndpointType: "REGIONAL" as const, SecurityPolicy: "TLS_1_2" as const }];
  await client.send(new CreateDomainNameCommand({ DomainName, DomainNameConfigurations, RoutingMode: "ROUTING_RULE_THEN_API_MAPPING" }));
  const [one, two, mapped] = [await newApi("one"), await newApi("two"), await newApi("mapped")];
  await client.send(new CreateApiMappingCommand({ DomainName, ApiId: mapped, Stage: "prod" }));
  const invoke = (ApiId: string, StripBasePath = false) => [{ InvokeApi: { ApiId, Stage: "prod", StripBasePath } }];
  const hello = { MatchHeaders: { AnyOf: [{ Header: "Hello", ValueGlob: "World*" }] } };
  const shopper = { MatchBasePaths: { AnyOf: ["PetStoreShopper"] } };

  const first = await client.send(new CreateRoutingRuleCommand({ DomainName, Priority: 10, Conditions: [hello], Actions: invoke(one) }));
  const second = await client.send(new CreateRoutingRuleCommand({ DomainName, Priority: 50, Conditions: [shopper], Actions: invoke(two, true) }));
  expect(second).toMatchObject({ Priority: 50, Conditions: [shopper], Actions: invoke(two, true), RoutingRuleArn: `arn:aws:apigateway:us-east-1:000000000000:/domainnames/${DomainName}/routingrules/${second.RoutingRuleId}` });
  expect(await ask("/PetStoreShopper/dogs", { Hello: "Worlds" })).toBe("200 one /{proxy+} /PetStoreShopper/dogs");
  expect(await ask("/PetStoreShopper/dogs")).toBe("200 two /{proxy+} /PetStoreShopper/dogs");
  expect(await ask("/PetStoreShopper")).toBe("200 two / /PetStoreShopper");
  expect(await ask("/cats")).toBe("200 mapped /{proxy+} /cats");

  await client.send(new PutRoutingRuleCommand({ DomainName, RoutingRuleId: second.RoutingRuleId, Priority: 1, Conditions: [shopper], Actions: invoke(two) }));
  expect(await ask("/PetStoreShopper/dogs", { Hello: "Worlds" })).toBe("200 two /{proxy+} /PetStoreShopper/dogs");
  const { RoutingRules = [] } = await client.send(new ListRoutingRulesCommand({ DomainName }));
  expect(new Set(RoutingRules.map(({ RoutingRuleId }) => RoutingRuleId))).toEqual(new Set([first.RoutingRuleId, second.RoutingRuleId]));
  expect(await client.send(new GetRoutingRuleCommand({ DomainName, RoutingRuleId: first.RoutingRuleId }))).toMatchObject({ Priority: 10, Conditions: [hello], Actions: invoke(one) });

  await client.send(new UpdateDomainNameCommand({ DomainName, RoutingMode: "ROUTING_RULE_ONLY" }));
  expect(await ask("/cats")).toBe('403 {"message":"Forbidden"}');
  await client.send(new DeleteRoutingRuleCommand({ DomainName, RoutingRuleId: second.RoutingRuleId }));
  expect(await ask("/PetStoreShopper/dogs")).toBe('403 {"message":"Forbidden"}');
  await client.send(new UpdateDomainNameCommand({ DomainName, RoutingMode: "API_MAPPING_ONLY" }));
  expect(await ask("/PetStoreShopper/dogs", { Hello: "Worlds" })).toBe("200 mapped /{proxy+} /PetStoreShopper/dogs");
});
