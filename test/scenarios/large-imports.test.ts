// Large OpenAPI documents: they are read by a process of their own, so that requests are answered meanwhile, and what befalls
// that process befalls the import alone.
import { execFileSync } from "node:child_process";
import { setTimeout as after } from "node:timers/promises";
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  GetDocumentationPartsCommand,
  GetModelCommand,
  GetResourcesCommand,
  GetRestApisCommand,
  ImportDocumentationPartsCommand,
  ImportRestApiCommand,
  PutRestApiCommand,
} from "@aws-sdk/client-api-gateway";
import { ApiGatewayV2Client, GetRoutesCommand, ImportApiCommand } from "@aws-sdk/client-apigatewayv2";
import { afterAll, beforeAll, expect, it } from "vitest";
import { callApi, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";

let gatehouse: Gatehouse;
let client: APIGatewayClient;

beforeAll(async () => {
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  // What fails is not tried again.
  client = new APIGatewayClient({ endpoint: gatehouse.url, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  expect(await gatehouse.stop()).toBe(0);
});

const ping = { responses: { 200: { description: "" } }, "x-amazon-apigateway-integration": { type: "mock", requestTemplates: { "application/json": '{"statusCode": 200}' }, responses: { default: { statusCode: "200" } } } };
const PADDING = "p".repeat(120_000);

function documentOf(parts: object, padding = ""): Buffer {
  return Buffer.from(JSON.stringify({ openapi: "3.0.1", info: { title: "large", version: "1" }, "x-padding": padding, paths: { "/ping": { get: ping } }, ...parts }));
}

/** About 6 MB that take more than a second to read, wherever that is. */
const LARGE = Array.from({ length: 60_000 }, (_, index) => `    Model${index}: {type: object, properties: {${"n".repeat(20)}: {type: string}}}\n`);
const YAML = Buffer.from(`openapi: 3.0.1\ninfo: {title: large, version: "1"}\nx-padding: ${"p".repeat(500_000)}\npaths: {}\ncomponents:\n  schemas:\n${LARGE.join("")}`);

/** The process that reads, once there is one. */
async function reader(): Promise<number> {
  for (;;) {
    const lines = execFileSync("ps", ["-A", "-o", "ppid=,pid=,args="], { encoding: "utf8" }).split("\n");
    const found = lines.map((line) => /^\s*(\d+)\s+(\d+)\s.*task-process/.exec(line)).find((match) => match?.[1] === String(gatehouse.child.pid));
    if (found) return Number(found[2]);
    await after(10);
  }
}

it("requests are answered while a document of 6 MB is read; when that fails, the import alone does", async () => {
  expect(YAML.length).toBeGreaterThan(5_000_000);
  const { id: restApiId = "" } = await client.send(new ImportRestApiCommand({ body: documentOf({}) }));
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));
  let isUnderWay = true;
  const importing = client.send(new PutRestApiCommand({ restApiId, body: YAML })).catch((error: Error) => error).finally(() => (isUnderWay = false));
  const pid = await reader();
  for (let count = 0; count < 20; count++) {
    const { status } = await callApi(gatehouse, restApiId, "/test/ping");
    expect({ status, isUnderWay }).toEqual({ status: 200, isUnderWay: true });
  }
  process.kill(pid, "SIGTERM");
  expect(await importing).toMatchObject({
    name: "InternalFailure",
    message: "The document could not be read: Gatehouse has failed at it, and says why in its log.",
    $metadata: { httpStatusCode: 500 },
  });
  expect(gatehouse.output()).toContain("its process ended with SIGTERM");
  expect((await callApi(gatehouse, restApiId, "/test/ping")).status).toBe(200);
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId }));
  expect(new Set(items.map(({ path }) => path))).toEqual(new Set(["/", "/ping"]));
});

it("what is read there is as what is read at once", async () => {
  const components = { schemas: { Pet: { type: "object", properties: { name: { type: "string" } } } } };
  const large = documentOf({ components }, PADDING);
  const { id: restApiId = "", warnings } = await client.send(new ImportRestApiCommand({ body: large }));
  expect(warnings).toBeUndefined();
  const { schema } = await client.send(new GetModelCommand({ restApiId, modelName: "Pet" }));
  const { id: other = "" } = await client.send(new ImportRestApiCommand({ body: documentOf({ components }) }));
  expect(schema).toBe((await client.send(new GetModelCommand({ restApiId: other, modelName: "Pet" }))).schema);
  await client.send(new PutRestApiCommand({ restApiId, mode: "merge", body: documentOf({ paths: { "/more": { get: ping } } }, PADDING) }));
  await client.send(new CreateDeploymentCommand({ restApiId, stageName: "test" }));
  for (const path of ["/test/ping", "/test/more"]) expect((await callApi(gatehouse, restApiId, path)).status).toBe(200);
  const parts = { "x-amazon-apigateway-documentation": { documentationParts: [{ location: { type: "API" }, properties: { description: PADDING } }] } };
  await client.send(new ImportDocumentationPartsCommand({ restApiId, mode: "overwrite", body: documentOf(parts) }));
  const { items = [] } = await client.send(new GetDocumentationPartsCommand({ restApiId }));
  expect(items.map(({ location }) => location?.type)).toEqual(["API"]);
});

it.each<[string, object, string]>([
  ["the models", { components: { schemas: { Pet: { $ref: "https://example.com/pet" } } } }, "Unable to create model for 'Pet': Invalid model specified: Validation Result: warnings : [], errors : [Model reference must be in canonical form]"],
  ["the number of paths", { paths: Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`/p${index}`, { get: ping }])) }, "Unable to create resource at path '/p299': Maximum number of Resources for this API has been reached.  Please contact AWS if you need additional Resources."],
])("what is wrong with %s of a large document is told, and makes nothing", async (_what, parts, message) => {
  const { items: before = [] } = await client.send(new GetRestApisCommand({ limit: 500 }));
  const refused = client.send(new ImportRestApiCommand({ body: documentOf(parts, PADDING) }));
  await expect(refused).rejects.toMatchObject({ name: "BadRequestException", message: `Errors found during import:\n\t${message}` });
  const { items: now = [] } = await client.send(new GetRestApisCommand({ limit: 500 }));
  expect(now.length).toBe(before.length);
});

it("documents of HTTP APIs are read there as well", async () => {
  const v2 = new ApiGatewayV2Client({ endpoint: gatehouse.url, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const integration = { type: "http_proxy", httpMethod: "GET", uri: "https://example.com", payloadFormatVersion: "1.0" };
  const http = (paths: object) => documentOf({ paths }, PADDING).toString();
  const { ApiId } = await v2.send(new ImportApiCommand({ Body: http({ "/pets": { get: { responses: {}, "x-amazon-apigateway-integration": integration } } }) }));
  const { Items = [] } = await v2.send(new GetRoutesCommand({ ApiId }));
  expect(Items.map(({ RouteKey }) => RouteKey)).toEqual(["GET /pets"]);
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`/p${index}`, { get: { responses: {}, "x-amazon-apigateway-integration": integration } }]));
  await expect(v2.send(new ImportApiCommand({ Body: http(many) }))).rejects.toMatchObject({ name: "TooManyRequestsException", message: expect.stringContaining("Routes") as unknown });
  v2.destroy();
});
