// WebSocket APIs as their developers meet them: made through the AWS SDK, served by two workers, with real functions behind them
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api.html).
import { ApiGatewayManagementApiClient, DeleteConnectionCommand, GetConnectionCommand, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateDeploymentCommand,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateIntegrationResponseCommand,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateRouteResponseCommand,
  CreateStageCommand,
  DeleteApiCommand,
} from "@aws-sdk/client-apigatewayv2";
import { CreateApiKeyCommand, CreateUsagePlanCommand, CreateUsagePlanKeyCommand } from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, CreateFunctionCommand, type LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Backend, startBackend } from "../harness/backend.ts";
import { apiHost, type Gatehouse, removeDirectory, startGatehouse } from "../harness/gatehouse.ts";
import { connect, type Connecting, refusal } from "../harness/websocket-api.ts";
import { zip } from "../harness/zip.ts";

const ACCOUNT = "123456789012";
const uriOf = (name: string) => `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}/invocations`;

/** The guide's function that takes one subprotocol (websocket-connect-route-subprotocol). */
const SUBPROTOCOL = `
export const handler = async (event) => {
  const headers = Object.fromEntries(Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",");
  return offered.includes("myprotocol") ? { statusCode: 200, headers: { "Sec-WebSocket-Protocol": "myprotocol" } } : { statusCode: 400 };
};`;

const ECHO = `export const handler = async ({ requestContext: { routeKey, connectionId, authorizer }, body }) => ({ statusCode: 200, body: JSON.stringify({ routeKey, connectionId, authorizer, body }) });`;

const FAILING = `export const handler = async () => { throw new Error("boom"); };`;

/** The guide's authorizer function (apigateway-websocket-api-lambda-auth). */
const AUTHORIZER = `
export const handler = async ({ headers, queryStringParameters, methodArn }) => {
  if (headers.HeaderAuth1 !== "headerValue1" || queryStringParameters.QueryString1 !== "queryValue1") throw "Unauthorized";
  return {
    principalId: "me",
    policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: methodArn }] },
    context: { stringKey: "stringval", numberKey: 123, booleanKey: true },
  };
};`;

let gatehouse: Gatehouse;
let client: ApiGatewayV2Client;
let lambda: LambdaClient;
let backend: Backend;

beforeAll(async () => {
  [gatehouse, backend] = await Promise.all([startGatehouse({ args: ["--workers", "2"] }), startBackend()]);
  client = new ApiGatewayV2Client({ endpoint: gatehouse.url, region: "us-east-1", credentials: { accessKeyId: ACCOUNT, secretAccessKey: "test" }, maxAttempts: 1 });
  lambda = gatehouse.lambda({ account: ACCOUNT });
  await Promise.all(Object.entries({ subprotocol: SUBPROTOCOL, echo: ECHO, failing: FAILING, authorizer: AUTHORIZER }).map(createFunction));
});
afterAll(async () => {
  lambda.destroy();
  client.destroy();
  await gatehouse.stop();
  await backend[Symbol.asyncDispose]();
  await removeDirectory(gatehouse.dataDir);
});

async function createFunction([FunctionName, code]: readonly [string, string]): Promise<void> {
  const Role = `arn:aws:iam::${ACCOUNT}:role/lambda`;
  await lambda.send(new CreateFunctionCommand({ FunctionName, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code: { ZipFile: zip({ "index.mjs": code }) }, Timeout: 10 }));
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName });
  const Principal = "apigateway.amazonaws.com";
  await lambda.send(new AddPermissionCommand({ FunctionName, StatementId: "api", Action: "lambda:InvokeFunction", Principal, SourceArn: `arn:aws:execute-api:us-east-1:${ACCOUNT}:*` }));
}

interface Route extends Omit<Partial<CreateRouteCommandInput>, "ApiId" | "RouteKey" | "Target"> {
  readonly integration?: Omit<CreateIntegrationCommandInput, "ApiId">;
  /** Makes the route a two-way one, its answer mapped by this template where it is no proxy. */
  readonly answer?: string;
}

const proxyTo = (name: string): NonNullable<Route["integration"]> => ({ IntegrationType: "AWS_PROXY", IntegrationMethod: "POST", IntegrationUri: uriOf(name) });
const MOCK: NonNullable<Route["integration"]> = { IntegrationType: "MOCK", RequestTemplates: { $default: '{"statusCode":200}' }, TemplateSelectionExpression: String.raw`\$default` };

/** A deployed API. @param routes by their keys */
async function newApi(routes: Readonly<Record<string, Route>>, by = client): Promise<string> {
  const { ApiId = "" } = await by.send(new CreateApiCommand({ Name: "chat", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" }));
  await Promise.all(Object.entries(routes).map(([RouteKey, route]) => addRoute(ApiId, RouteKey, route, by)));
  const { DeploymentId } = await by.send(new CreateDeploymentCommand({ ApiId }));
  await by.send(new CreateStageCommand({ ApiId, StageName: "prod", DeploymentId }));
  return ApiId;
}

async function addRoute(ApiId: string, RouteKey: string, { answer, integration, ...route }: Route, by = client): Promise<void> {
  const made = integration && (await by.send(new CreateIntegrationCommand({ ApiId, ...integration })));
  const target = made && { Target: `integrations/${made.IntegrationId}` };
  const twoWay = answer !== undefined && { RouteResponseSelectionExpression: "$default" };
  const { RouteId } = await by.send(new CreateRouteCommand({ ApiId, RouteKey, ...route, ...target, ...twoWay }));
  if (answer === undefined) return;
  await by.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: "$default" }));
  if (made?.IntegrationType === "AWS_PROXY") return;
  await by.send(new CreateIntegrationResponseCommand({ ApiId, IntegrationId: made?.IntegrationId, IntegrationResponseKey: "$default", ResponseTemplates: { $default: answer }, TemplateSelectionExpression: String.raw`\$default` }));
}

const at = (apiId: string, { headers, ...connecting }: Connecting = {}): Connecting => ({ ...connecting, headers: { Host: apiHost(apiId), ...headers } });
const join = (apiId: string, connecting?: Connecting) => connect(gatehouse.port, at(apiId, connecting));
const refused = async (apiId: string, connecting?: Connecting): Promise<number> => (await refusal(gatehouse.port, at(apiId, connecting))).status;

describe("messages", () => {
  it("a two-way MOCK route answers by its template, by host and by path", async () => {
    const apiId = await newApi({ ping: { integration: MOCK, answer: "pong from $context.stage of $context.apiId" } });
    for (const connecting of [at(apiId), { path: `/_aws/execute-api/${apiId}/prod`, headers: { Host: `localhost:${gatehouse.port}` } }]) {
      const one = await connect(gatehouse.port, connecting);
      one.send('{"action":"ping"}');
      expect(await one.next()).toBe(`pong from prod of ${apiId}`);
      one.send('{"action":"pong"}');
      expect(await one.next()).toMatch(/^\{"message": "Forbidden", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}$/);
      await one.leave();
    }
  });

  it("a function behind a two-way route answers, one behind a one-way route only when it fails", async () => {
    const apiId = await newApi({ echo: { integration: proxyTo("echo"), answer: "" }, quiet: { integration: proxyTo("echo") }, $default: { integration: proxyTo("failing") } });
    const one = await join(apiId);
    one.send('{"action":"quiet"}');
    one.send('{"action":"echo"}');
    const { connectionId, ...rest } = JSON.parse(String(await one.next())) as { connectionId: string };
    expect(rest).toEqual({ routeKey: "echo", body: '{"action":"echo"}' });
    one.send("hello");
    expect(await one.next()).toMatch(new RegExp(`^\\{"message": "Internal server error", "connectionId":"${connectionId}", "requestId":"[\\w-]{15}="\\}$`));
    await one.leave();
  });
});

describe("$connect", () => {
  it("the guide's function takes one subprotocol and refuses others", async () => {
    const apiId = await newApi({ $connect: { integration: proxyTo("subprotocol") } });
    const one = await join(apiId, { subprotocols: ["chat1", "myprotocol"] });
    expect(one.subprotocol).toBe("myprotocol");
    await one.leave();
    expect(await refused(apiId, { subprotocols: ["chat1"] })).toBe(400);
  });

  it("a function that fails refuses with 502, and what is not there with 403", async () => {
    const apiId = await newApi({ $connect: { integration: proxyTo("failing") } });
    expect(await refused(apiId)).toBe(502);
    expect(await refused(apiId, { path: "/test" })).toBe(403);
  });

  it("the guide's authorizer lets in whom it knows", async () => {
    const apiId = await newApi({ echo: { integration: proxyTo("echo"), answer: "" } });
    const authorizer = await client.send(
      new CreateAuthorizerCommand({
        ApiId: apiId,
        Name: "callers",
        AuthorizerType: "REQUEST",
        AuthorizerUri: uriOf("authorizer"),
        IdentitySource: ["route.request.header.HeaderAuth1", "route.request.querystring.QueryString1"],
      }),
    );
    await addRoute(apiId, "$connect", { AuthorizationType: "CUSTOM", AuthorizerId: authorizer.AuthorizerId });
    await client.send(new CreateDeploymentCommand({ ApiId: apiId, StageName: "prod" }));
    expect(await refused(apiId)).toBe(401);
    expect(await refused(apiId, { path: "/prod?QueryString1=queryValue1", headers: { HeaderAuth1: "wrong" } })).toBe(401);
    const one = await join(apiId, { path: "/prod?QueryString1=queryValue1", headers: { HeaderAuth1: "headerValue1" } });
    one.send('{"action":"echo"}');
    const { authorizer: known } = JSON.parse(String(await one.next())) as { authorizer: object };
    expect(known).toEqual({ principalId: "me", stringKey: "stringval", numberKey: "123", booleanKey: "true", integrationLatency: expect.any(Number) as number });
    await one.leave();
  });

  it("an API key of a usage plan is asked for", async () => {
    const apiId = await newApi({ $connect: { ApiKeyRequired: true }, key: { integration: MOCK, answer: "$context.identity.apiKeyId" } });
    const v1 = gatehouse.apiGateway({ account: ACCOUNT });
    const key = await v1.send(new CreateApiKeyCommand({ name: "chat", enabled: true }));
    const plan = await v1.send(new CreateUsagePlanCommand({ name: "chat", apiStages: [{ apiId, stage: "prod" }] }));
    await v1.send(new CreateUsagePlanKeyCommand({ usagePlanId: plan.id, keyId: key.id, keyType: "API_KEY" }));
    expect(await refused(apiId)).toBe(403);
    const one = await join(apiId, { headers: { "x-api-key": key.value ?? "" } });
    one.send('{"action":"key"}');
    expect(await one.next()).toBe(key.id);
    await one.leave();
  });
});

// github.com/aws/aws-sdk-php/issues/1955
it("a callback to an endpoint without an API is Forbidden, as one without its stage is", async () => {
  const management = new ApiGatewayManagementApiClient({ endpoint: gatehouse.url, region: "us-east-1", credentials: { accessKeyId: ACCOUNT, secretAccessKey: "test" }, maxAttempts: 1 });
  const ConnectionId = "L0SM9cOFvHcAAAA=";
  for (const command of [new PostToConnectionCommand({ ConnectionId, Data: "x" }), new GetConnectionCommand({ ConnectionId }), new DeleteConnectionCommand({ ConnectionId })]) {
    const refusal: unknown = await management.send(command as PostToConnectionCommand).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: "ForbiddenException", message: "Forbidden", $metadata: { httpStatusCode: 403 } });
  }
  management.destroy();
});

describe("the end", () => {
  const TELL = {
    IntegrationType: "HTTP",
    IntegrationMethod: "POST",
    RequestTemplates: { $default: '{"event":"$context.eventType","id":"$context.connectionId","api":"$context.apiId"}' },
    TemplateSelectionExpression: String.raw`\$default`,
  } as const;
  const toldOf = (apiId: string): string[] => backend.reached.map(({ body }) => JSON.parse(body.toString()) as { event: string; api: string }).filter(({ api }) => api === apiId).map(({ event }) => event);

  it("is told when a client leaves", async () => {
    const apiId = await newApi({ $disconnect: { integration: { ...TELL, IntegrationUri: backend.url } } });
    await (await join(apiId)).leave();
    await expect.poll(() => toldOf(apiId)).toEqual(["DISCONNECT"]);
  });

  it("comes with the program's own: clients go away, and $disconnect is delivered before it ends", async () => {
    const other = await startGatehouse();
    const calls = new ApiGatewayV2Client({ endpoint: other.url, region: "us-east-1", credentials: { accessKeyId: ACCOUNT, secretAccessKey: "test" } });
    const apiId = await newApi({ $disconnect: { integration: { ...TELL, IntegrationUri: backend.url } } }, calls);
    calls.destroy();
    const one = await connect(other.port, at(apiId));
    expect(await other.stop("SIGTERM")).toBe(0);
    expect((await one.closed).code).toBe(1001);
    expect(toldOf(apiId)).toEqual(["DISCONNECT"]);
    await removeDirectory(other.dataDir);
  });

  it("comes with the API's own", async () => {
    const apiId = await newApi({ ping: { integration: MOCK, answer: "pong" } });
    const one = await join(apiId);
    await client.send(new DeleteApiCommand({ ApiId: apiId }));
    expect((await one.closed).code).toBe(1001);
  });
});
