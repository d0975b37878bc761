import { expect, test } from "vitest";
import { call, NOW, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type { CreateApiMappingRequest, CreateDomainNameRequest, UpdateDomainNameRequest } from "../../model/apigatewayv2.types.gen.ts";

const CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/123456789012-1234-1234-1234-12345678";
const REGIONAL = { CertificateArn: CERTIFICATE, EndpointType: "REGIONAL", SecurityPolicy: "TLS_1_2" } as const;
const DomainName = "api.example.com";

const shown = (members: object = {}, configuration: object = {}) => ({
  ApiMappingSelectionExpression: "$request.basepath",
  DomainName,
  DomainNameArn: `arn:aws:apigateway:us-east-1::/domainnames/${DomainName}`,
  DomainNameConfigurations: [
    {
      ApiGatewayDomainName: "d-i000000001.execute-api.us-east-1.amazonaws.com",
      ...REGIONAL,
      DomainNameStatus: "AVAILABLE",
      HostedZoneId: "Z1UJRXOUMOOFQ8",
      IpAddressType: "ipv4",
      ...configuration,
    },
  ],
  RoutingMode: "API_MAPPING_ONLY",
  Tags: {},
  ...members,
});

async function start(members: Partial<CreateDomainNameRequest> = {}) {
  const plane = startControlPlane();
  const domain = await plane.v2.CreateDomainName({ DomainName, DomainNameConfigurations: [REGIONAL], ...members }, call);
  return { ...plane, domain };
}

async function startMapped(members: Partial<CreateApiMappingRequest> = {}) {
  const plane = await start();
  const { ApiId = "" } = await plane.v2.CreateApi({ Name: "pets", ProtocolType: "HTTP" }, call);
  for (const StageName of ["test", "$default"]) await plane.v2.CreateStage({ ApiId, StageName }, call);
  const create = (more: Partial<CreateApiMappingRequest> = {}) => plane.v2.CreateApiMapping({ DomainName, ApiId, Stage: "test", ...more }, call);
  const mapping = await create({ ApiMappingKey: "v1/orders", ...members });
  return { ...plane, ApiId, create, mapping, key: { DomainName, ApiMappingId: mapping.ApiMappingId as string } };
}

const NOT_THERE = "NotFoundException: Invalid domain name identifier specified";

test("CreateDomainName, GetDomainName, GetDomainNames by pages, DeleteDomainName; the V1 API has the same", async () => {
  const { v2, api: v1, domain, domainsPublished } = await start();
  expect(domain).toEqual(shown());
  expect(await v2.GetDomainName({ DomainName }, call)).toEqual(domain);
  expect(await v1.GetDomainName({ domainName: DomainName }, call)).toMatchObject({
    domainName: DomainName,
    certificateUploadDate: NOW,
    regionalCertificateArn: CERTIFICATE,
    endpointConfiguration: { types: ["REGIONAL"], ipAddressType: "ipv4" },
    securityPolicy: "TLS_1_2",
  });
  await v1.CreateDomainName({ domainName: "other.example.com", regionalCertificateArn: CERTIFICATE, endpointConfiguration: { types: ["REGIONAL"] } }, call);
  await v1.CreateDomainName({ domainName: "edge.example.com", certificateArn: CERTIFICATE }, call);
  const page = await v2.GetDomainNames({ MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [domain], NextToken: expect.any(String) });
  const rest = await v2.GetDomainNames({ NextToken: page.NextToken as string }, call);
  expect(rest.Items?.map((each) => each.DomainName)).toEqual(["other.example.com"]);
  expect(await v2.DeleteDomainName({ DomainName }, call)).toEqual({});
  expect(domainsPublished).toEqual([DomainName, "other.example.com", "edge.example.com", DomainName]);
  for (const operation of [v2.GetDomainName, v2.UpdateDomainName, v2.DeleteDomainName, v2.GetApiMappings]) {
    expect(await refusal(operation({ DomainName }, call))).toBe(NOT_THERE);
  }
});

test("CreateDomainName and UpdateDomainName keep all they are given", async () => {
  const MutualTlsAuthentication = { TruststoreUri: "s3://bucket/key.pem", TruststoreVersion: "1" };
  const { v2, domain } = await start({
    DomainNameConfigurations: [{ CertificateArn: CERTIFICATE, IpAddressType: "dualstack", OwnershipVerificationCertificateArn: CERTIFICATE }],
    MutualTlsAuthentication,
    RoutingMode: "ROUTING_RULE_THEN_API_MAPPING",
    Tags: { a: "b" },
  });
  const kept = { IpAddressType: "dualstack", OwnershipVerificationCertificateArn: CERTIFICATE };
  expect(domain).toEqual(shown({ MutualTlsAuthentication, RoutingMode: "ROUTING_RULE_THEN_API_MAPPING", Tags: { a: "b" } }, kept));
  const other = CERTIFICATE.replace("12345678", "87654321");
  const update: UpdateDomainNameRequest = { DomainName, DomainNameConfigurations: [{ CertificateArn: other, IpAddressType: "ipv4" }], MutualTlsAuthentication: { TruststoreUri: "" }, RoutingMode: "API_MAPPING_ONLY" };
  expect(await v2.UpdateDomainName(update, call)).toEqual(shown({ Tags: { a: "b" } }, { ...kept, CertificateArn: other, IpAddressType: "ipv4" }));
});

const EDGE =
  "BadRequestException: Only REGIONAL domain names can be managed through the API Gateway V2 API. For EDGE domain names, please use the API Gateway V1 API. Also note that only REST APIs can be attached to EDGE domain names.";

test.each<[Partial<CreateDomainNameRequest>, string]>([
  [{ DomainNameConfigurations: [] }, "BadRequestException: A domain name must have exactly one configuration"],
  [{ DomainNameConfigurations: [REGIONAL, REGIONAL] }, "BadRequestException: A domain name must have exactly one configuration"],
  [{ DomainNameConfigurations: [{ ...REGIONAL, EndpointType: "EDGE" }] }, EDGE],
  // github.com/hashicorp/terraform-provider-aws/issues/37869
  [{ DomainNameConfigurations: [{ ...REGIONAL, SecurityPolicy: "TLS_1_0" }] }, "BadRequestException: TLS_1_0 is not supported for APIGatewayV2 domainName."],
  [{ DomainNameConfigurations: [{}] }, "BadRequestException: A certificate was not provided for the endpoint type REGIONAL."],
  [{ DomainName: "api.example.com" }, "BadRequestException: The domain name you provided already exists."],
])("CreateDomainName refuses %j", async (members, expected) => {
  const { v2 } = await start();
  expect(await refusal(v2.CreateDomainName({ DomainName: "new.example.com", DomainNameConfigurations: [REGIONAL], ...members }, call))).toBe(expected);
});

test("domain names of the V1 API that the V2 API does not manage (github.com/amplify-education/serverless-domain-manager/issues/381 and 401)", async () => {
  const { v2, api: v1 } = await start();
  await v1.CreateDomainName({ domainName: "edge.example.com", certificateArn: CERTIFICATE }, call);
  await v1.CreateDomainName({ domainName: "old.example.com", regionalCertificateArn: CERTIFICATE, endpointConfiguration: { types: ["REGIONAL"] }, securityPolicy: "TLS_1_0" }, call);
  expect(await refusal(v2.GetDomainName({ DomainName: "edge.example.com" }, call))).toBe(EDGE);
  expect(await refusal(v2.GetApiMappings({ DomainName: "old.example.com" }, call))).toBe(
    "BadRequestException: Only REGIONAL domain names with a security policy of TLS 1.2 can be managed through the API Gateway V2 API. For TLS 1.0 domain names, please use the API Gateway V1 API to upgrade your security policy to TLS 1.2. Currently, only REST APIs can be attached to a domain name with a security policy of TLS 1.0.",
  );
});

test("a domain name that an HTTP API is mapped to gets neither TLS 1.0 nor an edge-optimized endpoint in place of its regional one", async () => {
  const { v2, api: v1, key } = await startMapped();
  const replace = (...changes: readonly [path: string, value: string][]) =>
    v1.UpdateDomainName({ domainName: DomainName, patchOperations: changes.map(([path, value]) => ({ op: "replace", path, value })) }, call);
  expect(await refusal(replace(["/securityPolicy", "TLS_1_0"]))).toBe(
    "BadRequestException: Currently, only REST APIs can be attached to a domain name with a security policy of TLS 1.0.",
  );
  expect(await refusal(replace(["/endpointConfiguration/types/REGIONAL", "EDGE"], ["/certificateArn", CERTIFICATE], ["/regionalCertificateArn", ""]))).toBe(
    "BadRequestException: Only REST APIs can be attached to EDGE domain names.",
  );
  await v2.DeleteApiMapping(key, call);
  expect(await replace(["/securityPolicy", "TLS_1_0"])).toMatchObject({ securityPolicy: "TLS_1_0" });
});

test("CreateApiMapping, GetApiMapping, GetApiMappings by pages, DeleteApiMapping", async () => {
  const { v2, ApiId, create, mapping, key, domainsPublished } = await startMapped();
  expect(mapping).toEqual({ ApiId, ApiMappingId: "i00003", ApiMappingKey: "v1/orders", Stage: "test" });
  expect(await v2.GetApiMapping(key, call)).toEqual(mapping);
  const root = await create({ Stage: "$default" });
  expect(root).toEqual({ ApiId, ApiMappingId: "i00004", ApiMappingKey: "", Stage: "$default" });
  const page = await v2.GetApiMappings({ DomainName, MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [root], NextToken: expect.any(String) });
  expect(await v2.GetApiMappings({ DomainName, NextToken: page.NextToken as string }, call)).toEqual({ Items: [mapping] });
  domainsPublished.length = 0;
  expect(await v2.DeleteApiMapping(key, call)).toEqual({});
  expect(domainsPublished).toEqual([DomainName]);
  for (const gone of [v2.GetApiMapping(key, call), v2.UpdateApiMapping({ ...key, ApiId }, call), v2.DeleteApiMapping(key, call)]) {
    expect(await refusal(gone)).toBe("NotFoundException: Invalid API mapping identifier specified");
  }
});

const KEY = "BadRequestException: An ApiMapping key may contain only letters, numbers and one of $-_.+!*'()";

test.each<[Partial<CreateApiMappingRequest>, string]>([
  [{ DomainName: "nothere.example.com" }, NOT_THERE],
  [{ ApiId: "nothere" }, "NotFoundException: Invalid API identifier specified 000000000000:nothere"],
  [{ Stage: "nothere" }, "BadRequestException: Invalid stage identifier specified"],
  [{ ApiMappingKey: "/" }, KEY],
  [{ ApiMappingKey: "a//b" }, KEY],
  [{ ApiMappingKey: "a b" }, KEY],
  [{ ApiMappingKey: "a".repeat(301) }, KEY],
  [{ ApiMappingKey: "v1/orders" }, "ConflictException: ApiMapping key already exists for this domain name"],
])("CreateApiMapping refuses %j", async (members, expected) => {
  const { create } = await startMapped();
  expect(await refusal(create(members))).toBe(expected);
});

test("UpdateApiMapping moves a mapping, which keeps its id", async () => {
  const { v2, ApiId, create, key } = await startMapped();
  await create();
  const moved = { ApiId, ApiMappingId: "i00003", ApiMappingKey: "v2", Stage: "$default" };
  expect(await v2.UpdateApiMapping({ ...key, ApiId, ApiMappingKey: "v2", Stage: "$default" }, call)).toEqual(moved);
  expect(await v2.GetApiMapping(key, call)).toEqual(moved);
  expect(await refusal(v2.UpdateApiMapping({ ...key, ApiId, ApiMappingKey: "" }, call))).toBe("ConflictException: ApiMapping key already exists for this domain name");
  expect(await refusal(v2.UpdateApiMapping({ ...key, ApiId, Stage: "nothere" }, call))).toBe("BadRequestException: Invalid stage identifier specified");
});

test("a REST API can be mapped too, and what the V1 API has mapped has an id", async () => {
  const { v2, api: v1, create } = await startMapped();
  const { restApiId } = await petStore(v1);
  await v1.CreateDeployment({ restApiId, stageName: "prod" }, call);
  expect(await create({ ApiId: restApiId, ApiMappingKey: "rest/pets", Stage: "prod" })).toEqual({ ApiId: restApiId, ApiMappingId: expect.any(String), ApiMappingKey: "rest/pets", Stage: "prod" });
  expect(await refusal(create({ ApiId: restApiId, Stage: "nothere" }))).toBe("BadRequestException: Invalid stage identifier specified");
  await v1.CreateBasePathMapping({ domainName: DomainName, basePath: "old", restApiId, stage: "prod" }, call);
  const old = (await v2.GetApiMappings({ DomainName }, call)).Items?.find(({ ApiMappingKey }) => ApiMappingKey === "old");
  expect(old).toEqual({ ApiId: restApiId, ApiMappingId: expect.stringMatching(/^[0-9a-f]{10}$/), ApiMappingKey: "old", Stage: "prod" });
  const key = { DomainName, ApiMappingId: old?.ApiMappingId as string };
  expect(await v2.UpdateApiMapping({ ...key, ApiId: restApiId, ApiMappingKey: "new" }, call)).toEqual({ ...old, ApiMappingKey: "new" });
  expect(await v2.GetApiMapping(key, call)).toEqual({ ...old, ApiMappingKey: "new" });
});

test("an API and a stage that are mapped are not deleted", async () => {
  const { v2, ApiId, key } = await startMapped();
  expect(await refusal(v2.DeleteStage({ ApiId, StageName: "test" }, call))).toBe(
    "BadRequestException: Deleting stage test failed. Please remove all base path mappings related to the stage in your domains: api.example.com",
  );
  expect(await refusal(v2.DeleteApi({ ApiId }, call))).toBe(
    `BadRequestException: Deleting API ${ApiId} failed. Please remove all base path mappings related to the API in your domains: api.example.com`,
  );
  await v2.DeleteApiMapping(key, call);
  expect(await v2.DeleteStage({ ApiId, StageName: "test" }, call)).toEqual({});
  expect(await v2.DeleteApi({ ApiId }, call)).toEqual({});
});
