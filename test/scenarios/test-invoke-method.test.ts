// TestInvokeMethod through the AWS SDK over a started Gatehouse: each kind of integration, whole logs, and what is not
// deployed (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-test-method.html).
import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  GetStagesCommand,
  type PutIntegrationCommandInput,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
  TestInvokeMethodCommand,
  type TestInvokeMethodCommandInput,
  type TestInvokeMethodCommandOutput,
} from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, CreateFunctionCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callApi, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";
import { type PetStore, startPetStore } from "../harness/pet-store.ts";
import { zip } from "../harness/zip.ts";

let gatehouse: Gatehouse;
let petStore: PetStore;
let client: APIGatewayClient;
let restApiId: string;
let rootResourceId: string;

beforeAll(async () => {
  petStore = await startPetStore();
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  client = gatehouse.apiGateway({ account: "123456789012" });
  const api = await client.send(new CreateRestApiCommand({ name: "tested" }));
  restApiId = api.id as string;
  rootResourceId = api.rootResourceId as string;
});
afterAll(async () => {
  await gatehouse.stop();
  await petStore[Symbol.asyncDispose]();
});

interface Key {
  readonly restApiId: string;
  readonly resourceId: string;
  readonly httpMethod: string;
}

/** A method on a resource of its own, integrated. */
async function method(pathParts: readonly string[], httpMethod: string, integration: Partial<PutIntegrationCommandInput>): Promise<Key> {
  let resourceId = rootResourceId;
  for (const pathPart of pathParts) {
    resourceId = (await client.send(new CreateResourceCommand({ restApiId, parentId: resourceId, pathPart }))).id as string;
  }
  const key = { restApiId, resourceId, httpMethod };
  const names = pathParts.filter((part) => part.startsWith("{")).map((part) => `method.request.path.${part.slice(1, -1)}`);
  const requestParameters = Object.fromEntries(names.map((name) => [name, true]));
  await client.send(new PutMethodCommand({ ...key, authorizationType: "AWS_IAM", requestParameters }));
  await client.send(new PutIntegrationCommand({ ...key, type: "MOCK", ...integration }));
  return key;
}

async function respond(key: Key, text: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const statusCode = "200";
  const declared = Object.fromEntries(Object.keys(headers).map((name) => [`method.response.header.${name}`, false]));
  const responseParameters = Object.fromEntries(Object.entries(headers).map(([name, source]) => [`method.response.header.${name}`, source]));
  await client.send(new PutMethodResponseCommand({ ...key, statusCode, responseParameters: declared }));
  await client.send(new PutIntegrationResponseCommand({ ...key, statusCode, responseParameters, responseTemplates: { "application/json": text } }));
}

const test = (input: TestInvokeMethodCommandInput) => client.send(new TestInvokeMethodCommand(input));

const TIME = /^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d\d \d\d:\d\d:\d\d UTC \d{4} : /;

/** The lines without times, with ids, durations and what of a header is the connection's own made alike. */
function logOf({ log = "" }: TestInvokeMethodCommandOutput): readonly string[] {
  const [first = "", ...rest] = log.replace(/\n$/, "").split("\n");
  const id = /^Execution log for request ([0-9a-f-]{36})$/.exec(first)?.[1] as string;
  expect(rest.filter((line) => !TIME.test(line))).toEqual([]);
  return rest.map((line) =>
    line
      .replace(TIME, "")
      .replaceAll(id, "<id>")
      .replace(/Integration latency: \d+ ms/, "Integration latency: <n> ms")
      .replace(/Root=1-[0-9a-f]{8}-[0-9a-f]{24}/, "<trace>")
      .replace(/(x-amzn-RequestId=|Lambda request id: )[0-9a-f-]{36}/, "$1<lambda id>")
      .replace(/Date=[^}]*? GMT/, "Date=<date>"),
  );
}

const asked = (verb: string, path: string, parameters = "{}", query = "{}", headers = "{}", body = "") => [
  "Starting execution for request: <id>",
  `HTTP Method: ${verb}, Resource Path: ${path}`,
  `Method request path: ${parameters}`,
  `Method request query string: ${query}`,
  `Method request headers: ${headers}`,
  `Method request body before transformations: ${body}`,
];
const answered = (body: string, headers: string) => [
  `Method response body after transformations: ${body}`,
  `Method response headers: ${headers}`,
  "Successfully completed execution",
  "Method completed with status: 200",
];

describe("a MOCK method", () => {
  it("shows what is not deployed, before there is a deployment and after", async () => {
    const key = await method(["mock"], "GET", { requestTemplates: { "application/json": '{"statusCode": 200}' } });
    await respond(key, "old", { kind: "'mock'" });
    const { $metadata: _metadata, log: _log, latency, ...result } = await test(key);
    expect(result).toEqual({
      status: 200,
      body: "old",
      headers: { "Content-Type": "application/json", kind: "mock" },
      multiValueHeaders: { "Content-Type": ["application/json"], kind: ["mock"] },
    });
    expect(latency).toBeTypeOf("number");
    expect(logOf(await test(key))).toEqual([...asked("GET", "/mock"), ...answered("old", "{Content-Type=application/json, kind=mock}")]);
    expect((await client.send(new GetStagesCommand({ restApiId }))).item).toEqual([]);
  });
});

describe("HTTP methods", () => {
  it("rest-api-develop: a proxy's request and answer pass, and are logged", async () => {
    const key = await method(["store", "{id}"], "ANY", {
      type: "HTTP_PROXY",
      integrationHttpMethod: "GET",
      uri: `${petStore.url}/petstore/pets/{id}`,
      requestParameters: { "integration.request.path.id": "method.request.path.id" },
    });
    const result = await test({ ...key, httpMethod: "GET", pathWithQueryString: "/store/3?a=1", headers: { Authorization: "Bearer 0123456789" } });
    const { host } = new URL(petStore.url);
    const pet = result.body as string;
    expect(JSON.parse(pet)).toEqual({ id: 3, type: "fish", price: 0.99 });
    expect(petStore.seen.at(-1)).toMatchObject({ method: "GET", url: "/petstore/pets/3?a=1", headers: { authorization: "Bearer 0123456789" } });
    const raw = `{Content-Type=application/json, Content-Length=${Buffer.byteLength(pet)}, X-Backend=PetStore, Server=petstore/1.0, Date=<date>, Connection=keep-alive, Keep-Alive=timeout=5}`;
    const id = /x-amzn-apigateway-api-id=(\w+)/.exec(result.log as string)?.[1];
    expect(id).toBe(restApiId);
    expect(logOf(result)).toEqual([
      ...asked("GET", "/store/3", "{id=3}", "{a=1}", "{Authorization=***********456789}"),
      `Endpoint request URI: ${petStore.url}/petstore/pets/3?a=1`,
      `Endpoint request headers: {Host=${host}, Authorization=***********456789, User-Agent=AmazonAPIGateway_${restApiId}, x-amzn-apigateway-api-id=${restApiId}}`,
      "Endpoint request body after transformations: ",
      `Sending request to ${petStore.url}/petstore/pets/3?a=1`,
      "Received response. Status: 200, Integration latency: <n> ms",
      `Endpoint response headers: ${raw}`,
      `Endpoint response body before transformations: ${pet}`,
      ...answered(pet, raw),
    ]);
  });

  it("parameters are mapped both ways, with the test's stage variables", async () => {
    const key = await method(["mapped"], "GET", {
      type: "HTTP",
      integrationHttpMethod: "GET",
      uri: `${petStore.url}/petstore/pets/\${stageVariables.pet}`,
      requestParameters: { "integration.request.header.app-version": "context.stage" },
    });
    await respond(key, "mapped", { backend: "integration.response.header.X-Backend" });
    const result = await test({ ...key, stageVariables: { pet: "2" } });
    expect(result).toMatchObject({ status: 200, body: "mapped", headers: { backend: "PetStore" } });
    expect(petStore.seen.at(-1)).toMatchObject({ url: "/petstore/pets/2", headers: { "app-version": "test-invoke-stage" } });
    const log = logOf(result);
    expect(log.slice(0, 10)).toEqual([
      ...asked("GET", "/mapped"),
      `Endpoint request URI: ${petStore.url}/petstore/pets/2`,
      `Endpoint request headers: {Host=${new URL(petStore.url).host}, app-version=test-invoke-stage, Accept=application/json, User-Agent=AmazonAPIGateway_${restApiId}, x-amzn-apigateway-api-id=${restApiId}, X-Amzn-Trace-Id=<trace>}`,
      "Endpoint request body after transformations: ",
      `Sending request to ${petStore.url}/petstore/pets/2`,
    ]);
    expect(log.slice(-4)).toEqual(answered("mapped", "{Content-Type=application/json, backend=PetStore, X-Amzn-Trace-Id=<trace>}"));
  });
});

describe("a function behind AWS_PROXY", () => {
  const FunctionName = "tested";
  const arn = `arn:aws:lambda:us-east-1:123456789012:function:${FunctionName}`;
  const endpoint = `https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/${arn}/invocations`;
  let key: Key;

  beforeAll(async () => {
    const lambda = gatehouse.lambda({ account: "123456789012" });
    const code = `export const handler = async ({ queryStringParameters: query, requestContext: { stage, identity } }) => {
      if (query?.fail) throw new Error("no " + query.fail);
      return { statusCode: 200, headers: { "Content-Type": "text/plain" }, body: stage + " " + identity.sourceIp };
    };`;
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: "arn:aws:iam::123456789012:role/lambda",
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: zip({ "index.mjs": code }) },
        Timeout: 10,
      }),
    );
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName });
    await lambda.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: "test",
        Action: "lambda:InvokeFunction",
        Principal: "apigateway.amazonaws.com",
        SourceArn: `arn:aws:execute-api:us-east-1:123456789012:${restApiId}/test-invoke-stage/GET/function`,
      }),
    );
    lambda.destroy();
    key = await method(["function"], "GET", {
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      uri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
    });
  });

  const invoked = [
    `Endpoint request URI: ${endpoint}`,
    expect.stringMatching(
      /^Endpoint request headers: \{x-amzn-apigateway-api-id=\w+, Accept=application\/json, User-Agent=AmazonAPIGateway_\w+, Host=lambda\.us-east-1\.amazonaws\.com, X-Amzn-Trace-Id=<trace>, x-amzn-lambda-integration-tag=<id>, X-Amz-Source-Arn=arn:aws:execute-api:us-east-1:123456789012:\w+\/test-invoke-stage\/GET\/function\}$/,
    ) as string,
    expect.stringMatching(/^Endpoint request body after transformations: \{"resource":"\/function",.* \[TRUNCATED\]$/) as string,
    `Sending request to ${endpoint}`,
    "Received response. Status: 200, Integration latency: <n> ms",
  ];

  it("create-api-using-awscli: sees the test's stage and source", async () => {
    const result = await test(key);
    expect(result).toMatchObject({ status: 200, body: "test-invoke-stage test-invoke-source-ip" });
    const payload = '{"statusCode":200,"headers":{"Content-Type":"text/plain"},"body":"test-invoke-stage test-invoke-source-ip"}';
    expect(logOf(result)).toEqual([
      ...asked("GET", "/function"),
      ...invoked,
      `Endpoint response headers: {Content-Type=application/json, Content-Length=${payload.length}, x-amzn-RequestId=<lambda id>, X-Amz-Executed-Version=$LATEST}`,
      `Endpoint response body before transformations: ${payload}`,
      ...answered("test-invoke-stage test-invoke-source-ip", "{Content-Type=text/plain, X-Amzn-Trace-Id=<trace>}"),
    ]);
  });

  it("handle-errors-in-lambda-integration: that fails is a 502 whose log has the error", async () => {
    const { $metadata: _metadata, latency: _latency, log, ...result } = await test({ ...key, pathWithQueryString: "/function?fail=luck" });
    expect(result).toEqual({
      status: 502,
      body: '{"message": "Internal server error"}',
      headers: { "x-amzn-ErrorType": "InternalServerErrorException" },
      multiValueHeaders: { "x-amzn-ErrorType": ["InternalServerErrorException"] },
    });
    const lines = logOf({ log, $metadata: {} });
    expect(lines.slice(0, 11)).toEqual([...asked("GET", "/function", "{}", "{fail=luck}"), ...invoked]);
    expect(lines[11]).toMatch(/^Endpoint response headers: \{.*x-amzn-RequestId=<lambda id>, X-Amz-Function-Error=Unhandled, X-Amz-Executed-Version=\$LATEST\}$/);
    expect(lines[12]).toMatch(/^Endpoint response body before transformations: \{.*"errorMessage":"no luck"/);
    expect(lines.slice(13)).toEqual([
      "Lambda execution failed with status 200 due to customer function error: no luck. Lambda request id: <lambda id>",
      "Method completed with status: 502",
    ]);
  });
});

describe("the working copy", () => {
  it("how-to-test-method: a change is in the test at once, and in the stage after a deployment", async () => {
    const api = await client.send(new CreateRestApiCommand({ name: "changing" }));
    const key = { restApiId: api.id as string, resourceId: api.rootResourceId as string, httpMethod: "GET" };
    await client.send(new PutMethodCommand({ ...key, authorizationType: "NONE" }));
    await client.send(new PutIntegrationCommand({ ...key, type: "MOCK", requestTemplates: { "application/json": '{"statusCode": 200}' } }));
    await respond(key, "old");
    const deploy = () => client.send(new CreateDeploymentCommand({ restApiId: key.restApiId, stageName: "prod" }));
    const bodies = async () => [(await test(key)).body, (await callApi(gatehouse, key.restApiId, "/prod/")).body];
    await deploy();
    expect(await bodies()).toEqual(["old", "old"]);
    await client.send(new PutIntegrationResponseCommand({ ...key, statusCode: "200", responseTemplates: { "application/json": "new" } }));
    expect(await bodies()).toEqual(["new", "old"]);
    await deploy();
    expect(await bodies()).toEqual(["new", "new"]);
  });
});

describe("what cannot be tested", () => {
  it("is refused as AWS does", async () => {
    const key = { restApiId, resourceId: rootResourceId, httpMethod: "GET" };
    await expect(test(key)).rejects.toMatchObject({ name: "NotFoundException", message: "Invalid Method identifier specified" });
    await expect(test({ ...key, resourceId: "none" })).rejects.toMatchObject({ name: "NotFoundException", message: "Invalid Resource identifier specified" });
  });
});
