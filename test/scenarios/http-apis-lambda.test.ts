// HTTP APIs in front of functions, as their developers meet them: made through the AWS SDK, served by two workers, with real
// functions behind them (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop.html,
// .../http-api-lambda-authorizer.html and .../http-api-dynamo-db.html).
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  DeleteApiCommand,
  ResetAuthorizersCacheCommand,
  UpdateApiCommand,
  UpdateRouteCommand,
} from "@aws-sdk/client-apigatewayv2";
import { AddPermissionCommand, CreateFunctionCommand, type LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AwsServices, awsServicesMissing, startAwsServices } from "../harness/aws-services.ts";
import { startBackend } from "../harness/backend.ts";
import { type Answer, apiHost, callApi, type CallOptions, type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";
import { zip } from "../harness/zip.ts";

const ACCOUNT = "123456789012";
const functionArn = (name: string) => `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`;
const uriOf = (name: string) => `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`;

const ECHO = `export const handler = async (event) => ({ statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(event) });`;

const GREETING = `export const handler = async () => "Hello from Lambda!";`;

/** The guide's example function for simple responses; its context tells which call a result is from. */
const SIMPLE = `
export const handler = async (event, { awsRequestId }) => ({
  isAuthorized: event.headers.authorization.startsWith("secretToken"),
  context: { stringKey: "value", numberKey: 1, booleanKey: true, arrayKey: ["value1", "value2"], mapKey: { value1: "value2" }, call: awsRequestId },
});`;

/** And the one for policies, which allows no route but `GET /pets`. */
const POLICY = `
export const handler = async ({ headers, routeArn }) => ({
  principalId: "abcdef",
  policyDocument: {
    Version: "2012-10-17",
    Statement: [{ Action: "execute-api:Invoke", Effect: headers.authorization === "secretToken" ? "Allow" : "Deny", Resource: routeArn.replace(/[^/]*$/, "pets") }],
  },
});`;

let gatehouse: Gatehouse;
let client: ApiGatewayV2Client;
let lambda: LambdaClient;
let services: AwsServices | undefined;

beforeAll(async () => {
  [gatehouse, services] = await Promise.all([startGatehouse({ args: ["--workers", "2"] }), awsServicesMissing === undefined ? startAwsServices() : undefined]);
  client = new ApiGatewayV2Client({ endpoint: gatehouse.url, region: "us-east-1", credentials: { accessKeyId: ACCOUNT, secretAccessKey: "test" }, maxAttempts: 1 });
  lambda = gatehouse.lambda({ account: ACCOUNT });
  const functions = { echo: ECHO, greeting: GREETING, simple: SIMPLE, policy: POLICY };
  await Promise.all(Object.entries(functions).map(([name, code]) => createFunction(name, { "index.mjs": code })));
});
afterAll(async () => {
  lambda.destroy();
  client.destroy();
  await gatehouse.stop();
  await services?.[Symbol.asyncDispose]();
  await removeDirectory(gatehouse.dataDir);
});

async function createFunction(FunctionName: string, files: Readonly<Record<string, string>>, Variables: Record<string, string> = {}): Promise<void> {
  const Role = `arn:aws:iam::${ACCOUNT}:role/lambda`;
  const Code = { ZipFile: zip(files) };
  await lambda.send(new CreateFunctionCommand({ FunctionName, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code, Timeout: 10, Environment: { Variables } }));
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName });
}

/** @param what of the API may call the function: `{stage}/{METHOD}/{path}`, or `authorizers/{id}` */
const permit = (FunctionName: string, apiId: string, what: string) =>
  lambda.send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: `${apiId}-${what.replace(/\W/g, "_")}`,
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      SourceArn: `arn:aws:execute-api:us-east-1:${ACCOUNT}:${apiId}/${what}`,
    }),
  );

const newApi = async (Name: string, Target?: string): Promise<string> =>
  (await client.send(new CreateApiCommand({ Name, ProtocolType: "HTTP", ...(Target === undefined ? {} : { Target }) }))).ApiId as string;

/** An API by parts, with a stage that is deployed by itself. */
async function apiOf(name: string) {
  const ApiId = await newApi(name);
  await client.send(new CreateStageCommand({ ApiId, StageName: "$default", AutoDeploy: true }));
  return {
    ApiId,
    ask: (path: string, options?: CallOptions) => callApi(gatehouse, ApiId, path, options),
    async integrate(functionName: string, PayloadFormatVersion = "2.0"): Promise<string> {
      const { IntegrationId } = await client.send(new CreateIntegrationCommand({ ApiId, IntegrationType: "AWS_PROXY", IntegrationUri: functionArn(functionName), PayloadFormatVersion }));
      return `integrations/${IntegrationId}`;
    },
    route: (RouteKey: string, parts: { Target?: string; AuthorizationType?: "CUSTOM"; AuthorizerId?: string } = {}) => client.send(new CreateRouteCommand({ ApiId, RouteKey, ...parts })),
    async authorizer(parts: Partial<CreateAuthorizerCommandInput>, functionName: string): Promise<string> {
      const byFunction = { AuthorizerType: "REQUEST", AuthorizerUri: uriOf(functionName), AuthorizerPayloadFormatVersion: "2.0" } as const;
      const { AuthorizerId = "" } = await client.send(new CreateAuthorizerCommand({ ApiId, Name: functionName, ...byFunction, IdentitySource: ["$request.header.Authorization"], ...parts }));
      await permit(functionName, ApiId, `authorizers/${AuthorizerId}`);
      return AuthorizerId;
    },
  };
}

const parsed = ({ status, body }: Answer): { readonly status: number; readonly body: unknown } => ({ status, body: JSON.parse(body) });
const json = (value: unknown) => ({ status: 200, body: value });

describe("quick create", () => {
  it("by a function's ARN calls it for every path, once its policy lets the API (.../http-api-troubleshooting-lambda.html)", async () => {
    const apiId = await newApi("by function", functionArn("echo"));
    const forbidden = await callApi(gatehouse, apiId, "/pets/1");
    expect(forbidden).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' });
    await permit("echo", apiId, "$default/$default");
    const answer = await callApi(gatehouse, apiId, "/pets/1?a=b", { method: "PUT", headers: { Cookie: "c=1; d=2", "Content-Type": "application/json" }, body: '{"x":1}' });
    expect(parsed(answer)).toMatchObject(
      json({
        version: "2.0",
        routeKey: "$default",
        rawPath: "/pets/1",
        rawQueryString: "a=b",
        cookies: ["c=1", "d=2"],
        headers: { "content-length": "7", host: apiHost(apiId) },
        requestContext: { accountId: ACCOUNT, apiId, http: { method: "PUT" }, requestId: answer.headers["apigw-requestid"], stage: "$default" },
        body: '{"x":1}',
        isBase64Encoded: false,
      }),
    );
  });

  it("by a URL passes every request on", async () => {
    await using backend = await startBackend((response, { url }) => response.end(`at ${url}`));
    const apiId = await newApi("by URL", `${backend.url}/base`);
    expect(await callApi(gatehouse, apiId, "/pets/1?a=b")).toMatchObject({ status: 200, body: "at /base/pets/1?a=b" });
  });

  it("is changed in every worker when the call that made the change has returned", async () => {
    await using backend = await startBackend((response, { url }) => response.end(`at ${url}`));
    const apiId = await newApi("changing", `${backend.url}/0`);
    // Connections of their own, which the workers share among them.
    const answers = async () => new Set((await Promise.all(Array.from({ length: 8 }, () => callApi(gatehouse, apiId, "/")))).map(({ status, body }) => `${status} ${body}`));
    for (let change = 1; change <= 5; change++) {
      await client.send(new UpdateApiCommand({ ApiId: apiId, Target: `${backend.url}/${change}` }));
      expect(await answers()).toEqual(new Set([`200 at /${change}/`]));
    }
    await client.send(new DeleteApiCommand({ ApiId: apiId }));
    expect(await answers()).toEqual(new Set(['403 {"message":"Forbidden"}']));
  });
});

it("functions get both payload formats, and answer in theirs", async () => {
  const api = await apiOf("formats");
  for (const [path, name, format] of [["/one", "echo", "1.0"], ["/two", "echo", "2.0"], ["/hello-one", "greeting", "1.0"], ["/hello-two", "greeting", "2.0"]] as const) {
    await api.route(`GET ${path}`, { Target: await api.integrate(name, format) });
  }
  await permit("echo", api.ApiId, "*/GET/*");
  await permit("greeting", api.ApiId, "*/GET/*");
  expect(parsed(await api.ask("/one?a=1&a=2"))).toMatchObject(json({ version: "1.0", resource: "/one", path: "/one", httpMethod: "GET", multiValueQueryStringParameters: { a: ["1", "2"] }, body: null }));
  expect(parsed(await api.ask("/two?a=1&a=2"))).toMatchObject(json({ version: "2.0", routeKey: "GET /two", queryStringParameters: { a: "1,2" } }));
  expect(await api.ask("/hello-one")).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' });
  expect(await api.ask("/hello-two")).toMatchObject({ status: 200, headers: { "content-type": "application/json" }, body: "Hello from Lambda!" });
});

describe("Lambda authorizers", () => {
  const bearing = (Authorization: string): CallOptions => ({ headers: { Authorization } });

  it("let in whom their function lets in; results are kept by both workers, until their cache is reset", async () => {
    const api = await apiOf("simple responses");
    const AuthorizerId = await api.authorizer({ EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: 300 }, "simple");
    await api.route("GET /pets", { Target: await api.integrate("echo"), AuthorizationType: "CUSTOM", AuthorizerId });
    await permit("echo", api.ApiId, "*/GET/pets");

    expect(await api.ask("/pets")).toMatchObject({ status: 401, body: '{"message":"Unauthorized"}' });
    expect(await api.ask("/pets", bearing("other"))).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
    const context = { stringKey: "value", numberKey: 1, booleanKey: true, arrayKey: ["value1", "value2"], mapKey: { value1: "value2" }, call: expect.any(String) as unknown };
    const first = parsed(await api.ask("/pets", bearing("secretToken")));
    expect(first).toMatchObject(json({ requestContext: { authorizer: { lambda: context } } }));

    /** By which calls of the function requests are let in, each worker having a cache of its own. */
    async function calls(token: string, requests = 12): Promise<Set<string>> {
      const found = new Set<string>();
      for (let i = 0; i < requests; i++) {
        const { body } = parsed(await api.ask("/pets", bearing(token)));
        found.add((body as { requestContext: { authorizer: { lambda: { call: string } } } }).requestContext.authorizer.lambda.call);
      }
      return found;
    }
    const before = await calls("secretToken");
    expect(before.size).toBeLessThanOrEqual(2);
    expect([...(await calls("secretToken 2", 1))].filter((call) => before.has(call))).toEqual([]);
    await client.send(new ResetAuthorizersCacheCommand({ ApiId: api.ApiId, StageName: "$default" }));
    const after = await calls("secretToken");
    expect(after.size).toBeLessThanOrEqual(2);
    expect([...after].filter((call) => before.has(call))).toEqual([]);
  });

  it("let in by policies, which open no other route", async () => {
    const api = await apiOf("policies");
    const AuthorizerId = await api.authorizer({ AuthorizerResultTtlInSeconds: 300 }, "policy");
    const secured = { Target: await api.integrate("greeting"), AuthorizationType: "CUSTOM", AuthorizerId } as const;
    await api.route("GET /pets", secured);
    await api.route("GET /dogs", secured);
    await permit("greeting", api.ApiId, "*");
    for (let i = 0; i < 4; i++) {
      const statuses = [];
      for (const [path, token] of [["/pets", "secretToken"], ["/dogs", "secretToken"], ["/pets", "other"]] as const) statuses.push((await api.ask(path, bearing(token))).status);
      expect(statuses).toEqual([200, 403, 403]);
    }
  });
});

/** What the tutorial's function asks of the SDK, by signed requests of its own: functions have no packages but their own here. */
const DYNAMODB = `
import { createHash, createHmac } from "node:crypto";
const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret, AWS_REGION: region, DYNAMODB: endpoint } = process.env;
const hmac = (k, text) => createHmac("sha256", k).update(text).digest();
const sha = (text) => createHash("sha256").update(text).digest("hex");
export async function dynamo(operation, input) {
  const body = JSON.stringify({ TableName: "http-crud-tutorial-items", ...input });
  const { host } = new URL(endpoint);
  const date = new Date().toISOString().replace(/[-:]|\\.\\d+/g, "");
  const target = "DynamoDB_20120810." + operation;
  const scope = [date.slice(0, 8), region, "dynamodb", "aws4_request"];
  const canonical = ["POST", "/", "", "host:" + host, "x-amz-date:" + date, "x-amz-target:" + target, "", "host;x-amz-date;x-amz-target", sha(body)].join("\\n");
  const signature = hmac(scope.reduce(hmac, "AWS4" + secret), ["AWS4-HMAC-SHA256", date, scope.join("/"), sha(canonical)].join("\\n")).toString("hex");
  const Authorization = "AWS4-HMAC-SHA256 Credential=" + [key, ...scope].join("/") + ", SignedHeaders=host;x-amz-date;x-amz-target, Signature=" + signature;
  const headers = { Authorization, "X-Amz-Date": date, "X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0" };
  const response = await fetch(endpoint, { method: "POST", headers, body });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer;
}
export const marshalled = (item) => Object.fromEntries(Object.entries(item).map(([name, value]) => [name, typeof value === "number" ? { N: String(value) } : { S: value }]));
export const plain = (item) => Object.fromEntries(Object.entries(item).map(([name, { N, S }]) => [name, N === undefined ? S : Number(N)]));
`;

const CRUD = `
import { dynamo, marshalled, plain } from "./dynamodb.mjs";
const routes = {
  "DELETE /items/{id}": async ({ pathParameters: { id } }) => (await dynamo("DeleteItem", { Key: { id: { S: id } } }), \`Deleted item \${id}\`),
  "GET /items/{id}": async ({ pathParameters: { id } }) => { const { Item } = await dynamo("GetItem", { Key: { id: { S: id } } }); return Item && plain(Item); },
  "GET /items": async () => (await dynamo("Scan")).Items.map(plain),
  "PUT /items": async ({ body }) => { const { id, price, name } = JSON.parse(body); await dynamo("PutItem", { Item: marshalled({ id, price, name }) }); return \`Put item \${id}\`; },
};
export const handler = async (event) => {
  const headers = { "Content-Type": "application/json" };
  try {
    if (routes[event.routeKey] === undefined) throw new Error(\`Unsupported route: "\${event.routeKey}"\`);
    return { statusCode: 200, body: JSON.stringify(await routes[event.routeKey](event)), headers };
  } catch (error) {
    return { statusCode: 400, body: JSON.stringify(error.message), headers };
  }
};`;

if (awsServicesMissing !== undefined) console.warn(`The tutorial with DynamoDB is skipped: ${awsServicesMissing}`);

describe.skipIf(awsServicesMissing !== undefined)("with DynamoDB", () => {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-dynamo-db.html
  it("Tutorial: Build a CRUD API with Lambda and DynamoDB", async () => {
    const table = { TableName: "http-crud-tutorial-items", AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }], BillingMode: "PAY_PER_REQUEST" };
    const headers = { "X-Amz-Target": "DynamoDB_20120810.CreateTable", "Content-Type": "application/x-amz-json-1.0", Authorization: "AWS4-HMAC-SHA256 Credential=test/20200304/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0" };
    const { url } = services as AwsServices;
    expect(await fetch(url, { method: "POST", headers, body: JSON.stringify(table) })).toMatchObject({ status: 200 });
    await createFunction("http-crud-tutorial-function", { "index.mjs": CRUD, "dynamodb.mjs": DYNAMODB }, { DYNAMODB: url });

    const api = await apiOf("http-crud-tutorial-api");
    const routes = await Promise.all(["GET /items/{id}", "GET /items", "PUT /items", "DELETE /items/{id}"].map((key) => api.route(key)));
    const Target = await api.integrate("http-crud-tutorial-function");
    for (const { RouteId } of routes) await client.send(new UpdateRouteCommand({ ApiId: api.ApiId, RouteId, Target }));
    for (const path of ["items", "items/{id}"]) await permit("http-crud-tutorial-function", api.ApiId, `*/*/${path}`);

    const item = { id: "123", price: 12345, name: "myitem" };
    const put = { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(item) };
    expect(parsed(await api.ask("/items", put))).toEqual(json("Put item 123"));
    expect(parsed(await api.ask("/items"))).toEqual(json([item]));
    expect(parsed(await api.ask("/items/123"))).toEqual(json(item));
    expect(parsed(await api.ask("/items/123", { method: "DELETE" }))).toEqual(json("Deleted item 123"));
    expect(parsed(await api.ask("/items"))).toEqual(json([]));
    expect(await api.ask("/items", { method: "PATCH" })).toMatchObject({ status: 404, body: '{"message":"Not Found"}' });
  });
});
