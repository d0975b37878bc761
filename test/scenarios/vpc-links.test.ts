// VPC links and private integrations through the AWS SDK and the `aws` command
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-cli.html).
import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateVpcLinkCommand,
  DeleteVpcLinkCommand,
  GetSdkCommand,
  GetSdkTypeCommand,
  GetSdkTypesCommand,
  GetTagsCommand,
  GetVpcLinkCommand,
  paginateGetVpcLinks,
  PutIntegrationCommand,
  type PutIntegrationCommandInput,
  PutMethodCommand,
  TestInvokeMethodCommand,
  UpdateIntegrationCommand,
  UpdateStageCommand,
  UpdateVpcLinkCommand,
} from "@aws-sdk/client-api-gateway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aws, awsInstalled } from "../harness/aws-command.ts";
import { type Backend, startBackend } from "../harness/backend.ts";
import { callApi, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";

const NLB = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/my-vpclink-test-nlb/1234567890abcdef";
const OTHER_NLB = NLB.replace("my-vpclink", "other");
const LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/my-alb/1234567890abcdef/fedcba0987654321";
const URI = "http://my-vpclink-test-nlb-1234567890abcdef.us-east-1.amazonaws.com/v1";

let blue: Backend;
let green: Backend;
let gatehouse: Gatehouse;
let client: APIGatewayClient;

beforeAll(async () => {
  blue = await startBackend((response) => response.end("blue"));
  green = await startBackend((response) => response.end("green"));
  // Given once and again, as a list and one by one.
  const targets = [`${NLB}=${blue.host},${OTHER_NLB}=${green.host}`, `${LISTENER}=${green.host.replace("127.0.0.1", "localhost")}`];
  gatehouse = await startGatehouse({ args: ["--in-memory", ...targets.flatMap((target) => ["--vpc-links", target])] });
  client = gatehouse.apiGateway();
});
afterAll(async () => {
  await gatehouse.stop();
  await blue[Symbol.asyncDispose]();
  await green[Symbol.asyncDispose]();
});

const link = async (targetArn: string): Promise<string> =>
  (await client.send(new CreateVpcLinkCommand({ name: "my-test-vpc-link", targetArns: [targetArn] }))).id as string;

/** An API with `GET /`, connected as the guide's. */
async function connected(connection: Partial<PutIntegrationCommandInput>) {
  const { id: restApiId = "", rootResourceId: resourceId = "" } = await client.send(new CreateRestApiCommand({ name: "My VPC Link Test" }));
  const method = { restApiId, resourceId, httpMethod: "GET" };
  await client.send(new PutMethodCommand({ ...method, authorizationType: "NONE" }));
  const given = { type: "HTTP_PROXY", integrationHttpMethod: "GET", uri: URI, connectionType: "VPC_LINK", ...connection } as const;
  return { restApiId, method, integration: await client.send(new PutIntegrationCommand({ ...method, ...given })) };
}

const deploy = (restApiId: string, variables?: Record<string, string>) =>
  client.send(new CreateDeploymentCommand({ restApiId, stageName: "test", ...(variables && { variables }) }));

it("a VPC link is made, waited for, listed over pages, changed, tagged and deleted", async () => {
  const { $metadata, ...created } = await client.send(new CreateVpcLinkCommand({ name: "first", targetArns: [NLB], tags: { team: "pets" } }));
  const vpcLinkId = created.id as string;
  expect($metadata.httpStatusCode).toBe(202);
  expect(created).toEqual({ id: expect.stringMatching(/^[a-z][a-z0-9]{5}$/), name: "first", targetArns: [NLB], status: "PENDING", tags: { team: "pets" } });
  const { $metadata: _, ...ready } = await client.send(new GetVpcLinkCommand({ vpcLinkId }));
  expect(ready).toEqual({ ...created, status: "AVAILABLE", statusMessage: "Your vpc link is ready for use" });
  const ids = [vpcLinkId, await link(NLB), await link(OTHER_NLB)];
  const listed: (string | undefined)[] = [];
  for await (const page of paginateGetVpcLinks({ client, pageSize: 2 }, {})) listed.push(...(page.items ?? []).map(({ id }) => id));
  expect(new Set(listed)).toEqual(new Set(ids));
  expect(listed).toHaveLength(ids.length);
  const patchOperations = [
    { op: "replace", path: "/name", value: "my-vpc-link" },
    { op: "replace", path: "/description", value: "My custom description" },
  ] as const;
  const changed = await client.send(new UpdateVpcLinkCommand({ vpcLinkId, patchOperations: [...patchOperations] }));
  expect([changed.name, changed.description]).toEqual(["my-vpc-link", "My custom description"]);
  expect((await client.send(new GetTagsCommand({ resourceArn: `arn:aws:apigateway:us-east-1::/vpclinks/${vpcLinkId}` }))).tags).toEqual({ team: "pets" });
  await expect(client.send(new UpdateVpcLinkCommand({ vpcLinkId, patchOperations: [{ op: "add", path: "/targetArns", value: OTHER_NLB }] }))).rejects.toMatchObject({
    name: "BadRequestException",
    message: "Target arns are not allowed to be changed/added.",
  });
  for (const id of ids) expect((await client.send(new DeleteVpcLinkCommand({ vpcLinkId: id }))).$metadata.httpStatusCode).toBe(202);
  await expect(client.send(new GetVpcLinkCommand({ vpcLinkId }))).rejects.toMatchObject({ name: "NotFoundException", message: "Invalid Vpc Link identifier specified" });
});

it("a private integration reaches its load balancer; the URI gives Host and path", async () => {
  const vpcLinkId = await link(NLB);
  const { restApiId, method, integration } = await connected({ connectionId: vpcLinkId });
  expect(integration).toMatchObject({ type: "HTTP_PROXY", uri: URI, connectionType: "VPC_LINK", connectionId: vpcLinkId });
  await deploy(restApiId);
  blue.reached.length = 0;
  expect(await callApi(gatehouse, restApiId, "/test")).toMatchObject({ status: 200, body: "blue" });
  const { url, rawHeaders = [] } = blue.reached[0] ?? {};
  expect(url).toBe("/v1");
  expect(rawHeaders[rawHeaders.findIndex((name) => name.toLowerCase() === "host") + 1]).toBe("my-vpclink-test-nlb-1234567890abcdef.us-east-1.amazonaws.com");
  // "When you hardcode the connection-id property ..., you can also call test-invoke-method"
  expect(await client.send(new TestInvokeMethodCommand(method))).toMatchObject({ status: 200, body: "blue" });
  await expect(client.send(new DeleteVpcLinkCommand({ vpcLinkId }))).rejects.toMatchObject({
    name: "BadRequestException",
    message: `Cannot delete vpc link. Vpc link '${vpcLinkId}', is referenced in [${restApiId}:GET:${method.resourceId}:test] in format of [RESTApiId:Method:Resource:Stage].`,
  });
});

// "You can use a stage variable to integrate your API with a different VPC or Network Load Balancer"
it("a stage variable names the VPC link, and another one from the next request on", async () => {
  const [first, second] = [await link(NLB), await link(OTHER_NLB)];
  const { restApiId, method } = await connected({ connectionId: first });
  const value = "${stageVariables.vpcLinkId}";
  await client.send(new UpdateIntegrationCommand({ ...method, patchOperations: [{ op: "replace", path: "/connectionId", value }] }));
  await deploy(restApiId, { vpcLinkId: first });
  expect((await callApi(gatehouse, restApiId, "/test")).body).toBe("blue");
  const set = (id: string) =>
    client.send(new UpdateStageCommand({ restApiId, stageName: "test", patchOperations: [{ op: "replace", path: "/variables/vpcLinkId", value: id }] }));
  await set(second);
  expect((await callApi(gatehouse, restApiId, "/test")).body).toBe("green");
  await set("none");
  expect((await callApi(gatehouse, restApiId, "/test")).status).toBe(500);
});

it("an integration target is what a VPC link V2 leads to", async () => {
  const { restApiId } = await connected({ connectionId: "v2link", integrationTarget: LISTENER });
  await deploy(restApiId);
  expect(await callApi(gatehouse, restApiId, "/test")).toMatchObject({ status: 200, body: "green" });
});

it("a deployment is refused when nobody has said where its VPC link leads, and the refusal names the setting", async () => {
  const unknown = NLB.replace("1234567890abcdef", "0000000000000000");
  const vpcLinkId = await link(unknown);
  const { restApiId } = await connected({ connectionId: vpcLinkId });
  await expect(deploy(restApiId)).rejects.toMatchObject({
    name: "BadRequestException",
    message: `Method GET of resource / connects through VPC link ${vpcLinkId}, and Gatehouse does not know where that leads to: set vpc-links (--vpc-links ${unknown}=HOST:PORT).`,
  });
});

it("SDK types are listed; SDKs are not generated yet", async () => {
  const { restApiId } = await connected({ connectionId: await link(NLB) });
  await deploy(restApiId);
  const { items = [] } = await client.send(new GetSdkTypesCommand({}));
  expect(items.map(({ id }) => id)).toEqual(["android", "java", "javascript", "objectivec", "ruby", "swift"]);
  const { $metadata: _, ...swift } = await client.send(new GetSdkTypeCommand({ id: "swift" }));
  expect(swift).toEqual({ id: "swift", friendlyName: "iOS (Swift)", configurationProperties: [{ name: "classPrefix", friendlyName: "Prefix", required: true }] });
  const sdk = { restApiId, stageName: "test" };
  const java = { ...sdk, sdkType: "java", parameters: { "service.name": "Pets" } };
  await expect(client.send(new GetSdkCommand(java))).rejects.toMatchObject({
    name: "BadRequestException",
    message: "Missing required parameter for SDK type java: java.package-name",
  });
  await expect(client.send(new GetSdkCommand({ ...java, parameters: { ...java.parameters, "java.package-name": "com.pets" } }))).rejects.toMatchObject({
    name: "BadRequestException",
    message: "Gatehouse has not built the generator of Java SDKs yet.",
  });
});

describe.skipIf(!awsInstalled)("with the aws command", { timeout: 120_000 }, () => {
  it("a VPC link is made, shown and deleted (the guide's commands)", async () => {
    const created = await aws(gatehouse, "apigateway", "create-vpc-link", "--name", "my-test-vpc-link", "--target-arns", NLB);
    const id = created["id"] as string;
    expect(created).toEqual({ id, name: "my-test-vpc-link", targetArns: [NLB], status: "PENDING" });
    const [listed, shown] = await Promise.all([
      aws(gatehouse, "apigateway", "get-vpc-links"),
      aws(gatehouse, "apigateway", "get-vpc-link", "--vpc-link-id", id),
    ]);
    expect(shown).toEqual({ ...created, status: "AVAILABLE", statusMessage: "Your vpc link is ready for use" });
    expect(listed["items"]).toContainEqual(shown);
    expect(await aws(gatehouse, "apigateway", "delete-vpc-link", "--vpc-link-id", id)).toEqual({});
  });
});
