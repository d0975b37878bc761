// Custom domain names through the AWS SDK and the `aws` command, and calls to APIs under them over real connections
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html).
import {
  type APIGatewayClient,
  CreateBasePathMappingCommand,
  CreateDeploymentCommand,
  CreateDomainNameAccessAssociationCommand,
  CreateDomainNameCommand,
  type CreateDomainNameCommandInput,
  CreateRestApiCommand,
  DeleteBasePathMappingCommand,
  DeleteDomainNameAccessAssociationCommand,
  DeleteDomainNameCommand,
  DeleteRestApiCommand,
  DeleteStageCommand,
  GetBasePathMappingCommand,
  GetDomainNameAccessAssociationsCommand,
  GetDomainNameCommand,
  GetTagsCommand,
  paginateGetBasePathMappings,
  paginateGetDomainNames,
  PutIntegrationCommand,
  PutMethodCommand,
  RejectDomainNameAccessAssociationCommand,
  UpdateBasePathMappingCommand,
  UpdateDomainNameCommand,
  UpdateRestApiCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aws as awsOn, awsInstalled } from "../harness/aws-command.ts";
import { type Backend, startBackend } from "../harness/backend.ts";
import { call, callApi, type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";

const EDGE_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/fb1b9770-a305-495d-aefb-27e5e101ff3";
const REGIONAL: Omit<CreateDomainNameCommandInput, "domainName"> = { regionalCertificateArn: EDGE_CERTIFICATE, endpointConfiguration: { types: ["REGIONAL"] } };

let gatehouse: Gatehouse;
let backend: Backend;
let client: APIGatewayClient;

beforeAll(async () => {
  backend = await startBackend((response, { url }) => response.end(url));
  gatehouse = await startGatehouse();
  client = gatehouse.apiGateway();
});
afterAll(async () => {
  await gatehouse.stop();
  await removeDirectory(gatehouse.dataDir);
  await backend[Symbol.asyncDispose]();
});

/** An API with `ANY /` in front of the backend, which answers with the path that it is asked for. */
async function deployed(path: string, stageName = "prod"): Promise<string> {
  const { id, rootResourceId } = await client.send(new CreateRestApiCommand({ name: path }));
  const restApiId = id as string;
  const method = { restApiId, resourceId: rootResourceId as string, httpMethod: "ANY" };
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  await client.send(new PutIntegrationCommand({ ...method, type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: `${backend.url}${path}` }));
  await client.send(new CreateDeploymentCommand({ restApiId, stageName }));
  return restApiId;
}

const ask = async (host: string, path: string) => {
  const { status, body } = await call(`${gatehouse.url}${path}`, { headers: { Host: host } });
  return `${status} ${body}`;
};
const FORBIDDEN = '403 {"message":"Forbidden"}';

describe("an API under its custom domain name", () => {
  it("answers from the moment that its mapping is acknowledged, changed and taken away", async () => {
    const domainName = "live.example.com";
    const [first, second] = [await deployed("/first"), await deployed("/second", "dev")];
    // Until then, nobody knows the name.
    expect(await ask(domainName, "/")).toContain("404 ");
    await client.send(new CreateDomainNameCommand({ domainName, certificateArn: EDGE_CERTIFICATE }));
    expect(await ask(domainName, "/")).toBe(FORBIDDEN);
    await client.send(new CreateBasePathMappingCommand({ domainName, restApiId: first, stage: "prod" }));
    await client.send(new CreateBasePathMappingCommand({ domainName, basePath: "second", restApiId: second }));
    expect(await ask(domainName, "/")).toBe("200 /first");
    expect(await ask(domainName, "/second/dev")).toBe("200 /second");
    expect(await ask(domainName, "/second/prod")).toBe(FORBIDDEN);
    await client.send(
      new UpdateBasePathMappingCommand({
        domainName,
        basePath: "(none)",
        patchOperations: [{ op: "replace", path: "/restapiId", value: second }, { op: "replace", path: "/stage", value: "dev" }],
      }),
    );
    expect(await ask(domainName, "/")).toBe("200 /second");
    await client.send(new DeleteBasePathMappingCommand({ domainName, basePath: "(none)" }));
    expect(await ask(domainName, "/")).toBe(FORBIDDEN);
    await client.send(new DeleteDomainNameCommand({ domainName }));
    expect(await ask(domainName, "/")).toContain("404 ");
  });

  it("answers there alone when its own endpoint is disabled (rest-api-disable-default-endpoint)", async () => {
    const domainName = "*.wild.example.com";
    const restApiId = await deployed("/wild");
    await client.send(new CreateDomainNameCommand({ domainName, ...REGIONAL }));
    await client.send(new CreateBasePathMappingCommand({ domainName, restApiId, stage: "prod" }));
    await client.send(new UpdateRestApiCommand({ restApiId, patchOperations: [{ op: "replace", path: "/disableExecuteApiEndpoint", value: "True" }] }));
    await client.send(new CreateDeploymentCommand({ restApiId, stageName: "prod" }));
    expect((await callApi(gatehouse, restApiId, "/prod")).status).toBe(403);
    expect(await ask("customer.wild.example.com", "/")).toBe("200 /wild");
  });

  it("is there after a restart", async () => {
    const domainName = "kept.example.com";
    const restApiId = await deployed("/kept");
    await client.send(new CreateDomainNameCommand({ domainName, ...REGIONAL }));
    await client.send(new CreateBasePathMappingCommand({ domainName, basePath: "a", restApiId, stage: "prod" }));
    await gatehouse.stop();
    gatehouse = await startGatehouse({ dataDir: gatehouse.dataDir });
    client = gatehouse.apiGateway();
    expect(await ask(domainName, "/a")).toBe("200 /kept");
  });

  it("cannot be deleted, nor can its stage", async () => {
    const domainName = "mapped.example.com";
    const restApiId = await deployed("/mapped");
    await client.send(new CreateDomainNameCommand({ domainName, ...REGIONAL }));
    await client.send(new CreateBasePathMappingCommand({ domainName, restApiId, stage: "prod" }));
    const remove = "Please remove all base path mappings related to the";
    await expect(client.send(new DeleteRestApiCommand({ restApiId }))).rejects.toMatchObject({
      name: "BadRequestException",
      message: `Deleting RestApi ${restApiId} failed. ${remove} RestApi in your domains: ${domainName}`,
    });
    await expect(client.send(new DeleteStageCommand({ restApiId, stageName: "prod" }))).rejects.toMatchObject({
      name: "BadRequestException",
      message: `Deleting stage prod failed. ${remove} stage in your domains: ${domainName}`,
    });
  });
});

it("What is not built is refused where it would be needed: private domain names and mutual TLS", async () => {
  const { domainNameId = "" } = await client.send(
    new CreateDomainNameCommand({ domainName: "private.example.com", certificateArn: EDGE_CERTIFICATE, endpointConfiguration: { types: ["PRIVATE"] } }),
  );
  expect(await ask("private.example.com", "/")).toBe(
    '501 {"message":"Gatehouse has not built private domain names yet: private.example.com is not served, as neither its policy nor its access associations would be enforced."}',
  );
  await client.send(new DeleteDomainNameCommand({ domainName: "private.example.com", domainNameId }));

  const domainName = "mutual.example.com";
  await client.send(new CreateDomainNameCommand({ domainName, ...REGIONAL, mutualTlsAuthentication: { truststoreUri: "s3://bucket-name/key" } }));
  expect(await ask(domainName, "/")).toBe(
    '501 {"message":"Gatehouse has not built mutual TLS yet: mutual.example.com is not served, as its clients would not be authenticated."}',
  );
  await client.send(
    new UpdateDomainNameCommand({ domainName, patchOperations: [{ op: "replace", path: "/mutualTlsAuthentication/truststoreUri", value: "" }] }),
  );
  expect(await ask(domainName, "/")).toBe(FORBIDDEN);
});

it("The names of Gatehouse itself are no custom domain names", async () => {
  const domainName = "localhost.localstack.cloud";
  await expect(client.send(new CreateDomainNameCommand({ domainName, ...REGIONAL }))).rejects.toMatchObject({
    name: "BadRequestException",
    message: `Invalid domain name specified: ${domainName}. Gatehouse itself is called by this name`,
  });
});

it("A domain name and its mappings, listed over pages", async () => {
  const caller = gatehouse.apiGateway({ account: "111122223333", region: "us-west-2" });
  const regionalCertificateArn = EDGE_CERTIFICATE.replace("us-east-1", "us-west-2");
  const created = await caller.send(new CreateDomainNameCommand({ domainName: "a.pages.example.com", ...REGIONAL, regionalCertificateArn, tags: { team: "a" } }));
  const { $metadata, certificateUploadDate, ...answer } = created;
  expect($metadata.httpStatusCode).toBe(201);
  expect(certificateUploadDate).toBeInstanceOf(Date);
  expect(answer).toEqual({
    domainName: "a.pages.example.com",
    domainNameArn: "arn:aws:apigateway:us-west-2::/domainnames/a.pages.example.com",
    regionalCertificateArn,
    regionalDomainName: expect.stringMatching(/^d-[a-z0-9]{10}\.execute-api\.us-west-2\.amazonaws\.com$/) as string,
    regionalHostedZoneId: "Z2OJLYMUO9EFXC",
    endpointConfiguration: { types: ["REGIONAL"], ipAddressType: "ipv4" },
    domainNameStatus: "AVAILABLE",
    securityPolicy: "TLS_1_2",
    routingMode: "BASE_PATH_MAPPING_ONLY",
    tags: { team: "a" },
  });
  for (const name of ["b", "c"]) await caller.send(new CreateDomainNameCommand({ domainName: `${name}.pages.example.com`, ...REGIONAL, regionalCertificateArn }));
  const names: (string | undefined)[] = [];
  for await (const { items = [] } of paginateGetDomainNames({ client: caller, pageSize: 2 }, {})) names.push(...items.map(({ domainName }) => domainName));
  expect(names).toEqual(["a.pages.example.com", "b.pages.example.com", "c.pages.example.com"]);
  expect((await caller.send(new GetTagsCommand({ resourceArn: created.domainNameArn }))).tags).toEqual({ team: "a" });

  const { id: restApiId } = await caller.send(new CreateRestApiCommand({ name: "pages" }));
  const domainName = "a.pages.example.com";
  for (const basePath of ["(none)", "$-_.+!*'()", "z"]) await caller.send(new CreateBasePathMappingCommand({ domainName, basePath, restApiId }));
  const basePaths: (string | undefined)[] = [];
  for await (const { items = [] } of paginateGetBasePathMappings({ client: caller, pageSize: 1 }, { domainName })) {
    basePaths.push(...items.map(({ basePath }) => basePath));
  }
  expect(basePaths).toEqual(["$-_.+!*'()", "(none)", "z"]);
  expect(await caller.send(new GetBasePathMappingCommand({ domainName, basePath: "$-_.+!*'()" }))).toMatchObject({ basePath: "$-_.+!*'()", restApiId });
});

it("A private domain name, shared with another account, which loses it again (apigateway-private-custom-domains-provider-share-cli)", async () => {
  const consumer = gatehouse.apiGateway({ account: "444455556666" });
  const { domainName, domainNameArn, domainNameId } = await client.send(
    new CreateDomainNameCommand({ domainName: "shared.example.com", certificateArn: EDGE_CERTIFICATE, endpointConfiguration: { types: ["PRIVATE"] } }),
  );
  const source = { domainNameArn, accessAssociationSourceType: "VPCE", accessAssociationSource: "vpce-abcd1234" } as const;
  await expect(consumer.send(new CreateDomainNameAccessAssociationCommand(source))).rejects.toMatchObject({ name: "UnauthorizedException" });
  const value = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "apigateway:CreateAccessAssociation", Resource: domainNameArn }],
  });
  await client.send(new UpdateDomainNameCommand({ domainName, domainNameId, patchOperations: [{ op: "replace", path: "/managementPolicy", value }] }));
  const { domainNameAccessAssociationArn } = await consumer.send(new CreateDomainNameAccessAssociationCommand(source));
  expect(domainNameAccessAssociationArn).toBe(
    `arn:aws:apigateway:us-east-1:444455556666:/domainnameaccessassociations/domainname/shared.example.com+${domainNameId}/vpcesource/vpce-abcd1234`,
  );
  const listed = await client.send(new GetDomainNameAccessAssociationsCommand({ resourceOwner: "OTHER_ACCOUNTS" }));
  expect(listed.items).toEqual([{ ...source, domainNameAccessAssociationArn }]);
  await client.send(new RejectDomainNameAccessAssociationCommand({ domainNameAccessAssociationArn, domainNameArn }));
  await expect(consumer.send(new DeleteDomainNameAccessAssociationCommand({ domainNameAccessAssociationArn }))).rejects.toMatchObject({
    name: "NotFoundException",
  });
});

it("A private key that is uploaded shows in no answer, and in no line of the log", async () => {
  const certificatePrivateKey = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0LXNlY3JldA==\n-----END PRIVATE KEY-----";
  const upload = { certificateName: "mine", certificateBody: certificatePrivateKey, certificatePrivateKey };
  await expect(client.send(new CreateDomainNameCommand({ domainName: "uploaded.example.com", ...upload }))).rejects.toMatchObject({
    name: "BadRequestException",
    message: "Invalid certificate specified. Certificates must be PEM-encoded X.509 certificates",
  });
  expect(gatehouse.output()).not.toContain("c2VjcmV0");
});

describe.skipIf(!awsInstalled)("with the aws command (pip install awscli)", { timeout: 120_000 }, () => {
  const aws = (...args: string[]) => awsOn(gatehouse, "apigateway", ...args);

  it("sets up a regional custom domain name and calls its API, as the guide does (apigateway-regional-api-custom-domain-create)", async () => {
    const restApiId = await deployed("/cli", "test");
    const domain = ["--domain-name", "regional.example.com"];
    const created = await aws("create-domain-name", ...domain, "--regional-certificate-arn", EDGE_CERTIFICATE, "--endpoint-configuration", "types=REGIONAL");
    expect(created).toMatchObject({ domainName: "regional.example.com", regionalHostedZoneId: "Z1UJRXOUMOOFQ8", domainNameStatus: "AVAILABLE" });
    const mapping = { basePath: "myApi", restApiId, stage: "test" };
    expect(await aws("create-base-path-mapping", ...domain, "--base-path", "myApi", "--rest-api-id", restApiId, "--stage", "test")).toEqual(mapping);
    expect(await ask("regional.example.com", "/myApi")).toBe("200 /cli");
    const moved = await aws("update-base-path-mapping", ...domain, "--base-path", "myApi", "--patch-operations", "op=replace,path=/basePath,value=(none)");
    expect(moved).toEqual({ ...mapping, basePath: "(none)" });
    expect(await aws("get-base-path-mappings", ...domain)).toEqual({ items: [moved] });
    expect(await ask("regional.example.com", "/")).toBe("200 /cli");
    const updated = await aws("update-domain-name", ...domain, "--patch-operations", "op=replace,path=/securityPolicy,value=TLS_1_0");
    expect(updated).toEqual({ ...created, securityPolicy: "TLS_1_0" });
    expect(await aws("delete-base-path-mapping", ...domain, "--base-path", "(none)")).toEqual({});
    expect(await aws("delete-domain-name", ...domain)).toEqual({});
    await expect(client.send(new GetDomainNameCommand({ domainName: "regional.example.com" }))).rejects.toMatchObject({ name: "NotFoundException" });
  });
});
