// Lambda authorizers as an API's developer meets them: the guide's two examples, deployed and called
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html and
// .../call-api-with-api-gateway-lambda-authorization.html).
import {
  type APIGatewayClient,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  FlushStageAuthorizersCacheCommand,
  PutGatewayResponseCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from "@aws-sdk/client-api-gateway";
import { AddPermissionCommand, CreateFunctionCommand, type LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiHost, callApi, type Gatehouse, startGatehouse } from "../harness/gatehouse.ts";
import { zip } from "../harness/zip.ts";

const ACCOUNT = "123456789012";
const functionArn = (name: string) => `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`;
const uriOf = (name: string) => `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`;

/** The token says what becomes of the request. Each answer tells which call it is from, and what that was asked. */
const TOKENS = `
const policy = (Effect, Resource) => ({ Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect, Resource }] });
export const handler = (event, { awsRequestId }, callback) => {
  const [word, resource = event.methodArn] = event.authorizationToken.split(" ");
  const context = { stringKey: "stringval", numberKey: 123, booleanKey: true, call: awsRequestId, event: JSON.stringify(event) };
  if (word === "allow" || word === "deny") {
    callback(null, { principalId: "user", policyDocument: policy(word === "allow" ? "Allow" : "Deny", resource), context });
  } else callback(word === "unauthorized" ? "Unauthorized" : "Error: Invalid token");
};`;

/** All three parameters have to be what they should be. */
const PARAMETERS = `
export const handler = async (event, { awsRequestId }) => {
  const { headers, queryStringParameters, stageVariables } = event;
  if (headers.HeaderAuth1 !== "headerValue1" || queryStringParameters.QueryString1 !== "queryValue1" || stageVariables.StageVar1 !== "stageValue1") throw "Unauthorized";
  const Statement = [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: event.methodArn }];
  return { principalId: "me", policyDocument: { Version: "2012-10-17", Statement }, context: { call: awsRequestId, event: JSON.stringify(event) } };
};`;

const BACKEND = `export const handler = async ({ requestContext }) => ({ statusCode: 200, body: JSON.stringify(requestContext.authorizer ?? null) });`;

let gatehouse: Gatehouse;
let client: APIGatewayClient;
let lambda: LambdaClient;

beforeAll(async () => {
  gatehouse = await startGatehouse({ args: ["--in-memory"] });
  client = gatehouse.apiGateway({ account: ACCOUNT });
  lambda = gatehouse.lambda({ account: ACCOUNT });
  await Promise.all([createFunction("tokens", TOKENS), createFunction("parameters", PARAMETERS), createFunction("backend", BACKEND)]);
});
afterAll(async () => {
  lambda.destroy();
  client.destroy();
  await gatehouse.stop();
});

async function createFunction(FunctionName: string, code: string): Promise<void> {
  const Role = `arn:aws:iam::${ACCOUNT}:role/lambda`;
  const ZipFile = zip({ "index.mjs": code });
  await lambda.send(new CreateFunctionCommand({ FunctionName, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code: { ZipFile }, Timeout: 10 }));
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName });
}

const permit = (FunctionName: string, StatementId: string, SourceArn: string) =>
  lambda.send(
    new AddPermissionCommand({ FunctionName, StatementId, Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com", SourceArn }),
  );

interface Authorized {
  readonly restApiId: string;
  readonly authorizerId: string;
  deploy(variables?: Readonly<Record<string, string>>): Promise<unknown>;
  /** Calls the stage `test`. */
  get(path: string, headers?: Readonly<Record<string, string>>): ReturnType<typeof callApi>;
}

/** An API with GET methods at the root and at `/request`, which an authorizer guards and a function answers. */
async function makeApi(members: Pick<CreateAuthorizerCommandInput, "type" | "identitySource" | "authorizerResultTtlInSeconds">, name: string): Promise<Authorized> {
  const { id: restApiId = "", rootResourceId = "" } = await client.send(new CreateRestApiCommand({ name }));
  const { id: authorizerId = "" } = await client.send(new CreateAuthorizerCommand({ restApiId, name, authorizerUri: uriOf(name), ...members }));
  const apiArn = `arn:aws:execute-api:us-east-1:${ACCOUNT}:${restApiId}`;
  await permit(name, restApiId, `${apiArn}/authorizers/${authorizerId}`);
  await permit("backend", restApiId, `${apiArn}/*/GET/*`);
  const { id: requestId = "" } = await client.send(new CreateResourceCommand({ restApiId, parentId: rootResourceId, pathPart: "request" }));
  for (const resourceId of [rootResourceId, requestId]) {
    const method = { restApiId, resourceId, httpMethod: "GET" };
    await client.send(new PutMethodCommand({ ...method, authorizationType: "CUSTOM", authorizerId }));
    await client.send(new PutIntegrationCommand({ ...method, type: "AWS_PROXY", integrationHttpMethod: "POST", uri: uriOf("backend") }));
  }
  const deploy = (variables = {}) => client.send(new CreateDeploymentCommand({ restApiId, stageName: "test", variables }));
  return { restApiId, authorizerId, deploy, get: (path, headers = {}) => callApi(gatehouse, restApiId, `/test${path}`, { headers }) };
}

/** What the backend is told by the authorizer, with the event that the authorizer was asked with. */
function told(body: string) {
  const { call, event, integrationLatency, ...authorizer } = JSON.parse(body) as Record<string, unknown>;
  return { call, integrationLatency: integrationLatency as number, authorizer, event: JSON.parse(event as string) as Record<string, unknown> };
}

describe("a TOKEN authorizer", () => {
  let api: Authorized;
  beforeAll(async () => {
    api = await makeApi({ type: "TOKEN", identitySource: "method.request.header.Auth" }, "tokens");
    await api.deploy();
  });
  const get = (token: string, path = "/") => api.get(path, { Auth: token });
  const answer = async (token: string) => {
    const { status, headers, body } = await get(token);
    return [status, headers["x-amzn-errortype"], body];
  };
  const arnOf = (rest: string) => `arn:aws:execute-api:us-east-1:${ACCOUNT}:${api.restApiId}/${rest}`;
  const callOf = async (token: string) => told((await get(token)).body).call;

  it("lets `allow` in, and tells the backend who calls", async () => {
    const { status, body } = await get("allow");
    expect(status).toBe(200);
    const { authorizer, event, integrationLatency } = told(body);
    expect(event).toEqual({ type: "TOKEN", methodArn: arnOf("test/GET/"), authorizationToken: "allow" });
    expect(authorizer).toEqual({ principalId: "user", stringKey: "stringval", numberKey: "123", booleanKey: "true" });
    expect(integrationLatency).toBeGreaterThan(0);
  });

  it("keeps `deny` out with 403, `unauthorized` and no token with 401, and any other with 500", async () => {
    expect(await answer("deny")).toEqual([403, "AccessDeniedException", '{"Message":"User is not authorized to access this resource with an explicit deny"}']);
    expect(await answer(`allow ${arnOf("prod/GET/")}`)).toEqual([403, "AccessDeniedException", '{"Message":"User is not authorized to access this resource"}']);
    expect(await answer("unauthorized")).toEqual([401, "UnauthorizedException", '{"message":"Unauthorized"}']);
    expect(await answer("fail")).toEqual([500, "AuthorizerConfigurationException", '{"message":null}']);
    expect(await answer("")).toEqual([401, "UnauthorizedException", '{"message":"Unauthorized"}']);
  });

  it("is asked once for a token, until its answers are flushed or the API is deployed again", async () => {
    const token = `allow ${arnOf("*")}`;
    const first = await callOf(token);
    const { body } = await get(token, "/request");
    expect(told(body)).toMatchObject({ call: first, integrationLatency: 0, event: { methodArn: arnOf("test/GET/") } });
    const { $metadata } = await client.send(new FlushStageAuthorizersCacheCommand({ restApiId: api.restApiId, stageName: "test" }));
    expect($metadata.httpStatusCode).toBe(202);
    const second = await callOf(token);
    expect([second === first, (await callOf(token)) === second]).toEqual([false, true]);
    await api.deploy();
    expect(await callOf(token)).not.toBe(second);
  });

  it("opens with what is kept for one method no other", async () => {
    const token = `allow ${arnOf("test/GET/request")}`;
    expect([(await get(token, "/request")).status, (await get(token, "/")).status, (await get(token, "/request")).status]).toEqual([200, 403, 200]);
  });

  it("has its refusals worded by the API's gateway responses", async () => {
    const { restApiId } = api;
    const put = (responseType: "ACCESS_DENIED" | "UNAUTHORIZED", statusCode: string, template: string) =>
      client.send(new PutGatewayResponseCommand({ restApiId, responseType, statusCode, responseTemplates: { "application/json": template } }));
    await put("ACCESS_DENIED", "404", '{"who":"$context.authorizer.principalId","key":"$context.authorizer.numberKey","why":$context.error.messageString}');
    await put("UNAUTHORIZED", "407", '{"type":"$context.error.responseType"}');
    await api.deploy();
    expect(await answer("deny")).toEqual([
      404,
      "AccessDeniedException",
      '{"who":"user","key":"123","why":"User is not authorized to access this resource with an explicit deny"}',
    ]);
    expect(await answer("unauthorized")).toEqual([407, "UnauthorizedException", '{"type":"UNAUTHORIZED"}']);
  });
});

describe("a REQUEST authorizer", () => {
  const identitySource = "method.request.header.HeaderAuth1,method.request.querystring.QueryString1,stageVariables.StageVar1";
  let api: Authorized;
  beforeAll(async () => {
    api = await makeApi({ type: "REQUEST", identitySource }, "parameters");
    await api.deploy({ StageVar1: "stageValue1" });
  });
  const get = (query: string, header?: string) => api.get(`/request${query}`, header === undefined ? {} : { HeaderAuth1: header });

  it("api-gateway-lambda-authorizer-input: is asked with the event that the page prints, and what has come to it since", async () => {
    const { status, body } = await api.get("/request?QueryString1=queryValue1", { HeaderAuth1: "headerValue1", Accept: "*/*", "User-Agent": "curl/8" });
    expect(status).toBe(200);
    const { authorizer, event } = told(body);
    expect(authorizer).toEqual({ principalId: "me" });
    const headers = { HeaderAuth1: "headerValue1", Accept: "*/*", "User-Agent": "curl/8" };
    expect(event).toEqual({
      type: "REQUEST",
      methodArn: `arn:aws:execute-api:us-east-1:${ACCOUNT}:${api.restApiId}/test/GET/request`,
      resource: "/request",
      path: "/request",
      httpMethod: "GET",
      headers: expect.objectContaining({ ...headers, Host: apiHost(api.restApiId) }) as unknown,
      multiValueHeaders: expect.objectContaining({ HeaderAuth1: ["headerValue1"], Accept: ["*/*"] }) as unknown,
      queryStringParameters: { QueryString1: "queryValue1" },
      multiValueQueryStringParameters: { QueryString1: ["queryValue1"] },
      pathParameters: {},
      stageVariables: { StageVar1: "stageValue1" },
      requestContext: expect.objectContaining({
        path: "/test/request",
        accountId: ACCOUNT,
        resourceId: expect.stringMatching(/^[a-z0-9]+$/) as unknown,
        stage: "test",
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
        identity: expect.objectContaining({ sourceIp: "127.0.0.1", userAgent: "curl/8" }) as unknown,
        resourcePath: "/request",
        httpMethod: "GET",
        apiId: api.restApiId,
      }) as unknown,
    });
    expect(event["requestContext"]).not.toHaveProperty("authorizer");
  });

  it("lets nobody in whose parameters are missing or others", async () => {
    const statuses = [get("?QueryString1=queryValue1"), get("", "headerValue1"), get("?QueryString1=other", "headerValue1"), get("?QueryString1=queryValue1", "other")];
    expect((await Promise.all(statuses)).map(({ status, body }) => [status, body])).toEqual(statuses.map(() => [401, '{"message":"Unauthorized"}']));
  });

  it("is asked once for the same parameters, and again for others", async () => {
    const callOf = async (query: string) => told((await get(query, "headerValue1")).body).call;
    const first = await callOf("?QueryString1=queryValue1");
    expect(await callOf("?QueryString1=queryValue1&other=1")).toBe(first);
    await api.deploy({ StageVar1: "another" });
    expect((await get("?QueryString1=queryValue1", "headerValue1")).status).toBe(401);
    await api.deploy({ StageVar1: "stageValue1" });
    expect(await callOf("?QueryString1=queryValue1")).not.toBe(first);
  });

  it("without caching is asked for every request, and needs no identity source", async () => {
    const other = await makeApi({ type: "REQUEST", authorizerResultTtlInSeconds: 0 }, "parameters");
    await other.deploy({ StageVar1: "stageValue1" });
    const callOf = async () => told((await other.get("/?QueryString1=queryValue1", { HeaderAuth1: "headerValue1" })).body).call;
    expect(await callOf()).not.toBe(await callOf());
    expect((await other.get("/")).body).toBe('{"message":"Unauthorized"}');
  });
});
