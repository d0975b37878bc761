// Lambda integrations of HTTP APIs: the whole events of both payload formats, and what becomes of functions' answers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { HttpAuthorizer, HttpIntegration } from "../../src/domain/http-api.ts";
import { type FunctionFailure, FunctionCallError, type FunctionInvocation, type FunctionResult } from "../../src/ports/functions.ts";
import type { LogSink } from "../../src/ports/log-sink.ts";
import { type Answer, type Asked, EXTENDED_REQUEST_ID, NOW, resultOf, type TestGateway, TRACE_ID } from "../harness/gateway.ts";
import { HTTP_API_ID, HTTP_HOST, type HttpApiParts, httpStage, serveHttpApi, startHttpApi } from "../harness/http-api.ts";
import { newKey, startIssuer, type TestIssuer } from "../harness/issuer.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:hello";
const INVOCATION = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;

let gate: TestGateway;
let issuer: TestIssuer;
const invocations: FunctionInvocation[] = [];
const lines: string[] = [];
let invoke: (invocation: FunctionInvocation) => Promise<FunctionResult>;
const logs: LogSink = { write: (_group, _at, line) => void lines.push(line), usage: () => ({ written: 0, dropped: 0 }), close: () => Promise.resolve() };

beforeAll(async () => {
  issuer = await startIssuer({ now: () => NOW, keys: [newKey("rsa")] });
  gate = await startHttpApi([], { logs, invoke: (invocation) => (invocations.push(invocation), invoke(invocation)) });
});
afterAll(async () => {
  await gate[Symbol.asyncDispose]();
  await issuer.stop();
});
beforeEach(() => {
  invocations.splice(0);
  lines.splice(0);
  invoke = () => Promise.resolve(resultOf({ statusCode: 200 }));
});

const lambda = (parts: Partial<HttpIntegration> = {}) =>
  ({ integration: { integrationType: "AWS_PROXY", integrationMethod: "POST", integrationUri: FUNCTION, payloadFormatVersion: "2.0", ...parts } }) as const;

const LOG = { destinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:/pets", format: "$context.integration.integrationStatus $context.integration.status $context.integration.requestId $context.integrationErrorMessage" };

function serve(routes: HttpApiParts["routes"], { stage, ...parts }: Omit<HttpApiParts, "routes"> = {}): void {
  serveHttpApi(gate, [httpStage({ routes, ...parts, stage: { accessLogSettings: LOG, ...stage } })]);
}

/** The event as it travelled: the order of members counts too. */
async function eventOf(asked: Asked): Promise<string> {
  expect(await gate.ask(asked)).toMatchObject({ status: 200 });
  return Buffer.from(invocations[0]?.payload ?? "").toString();
}

const jwt = (): HttpAuthorizer => ({
  authorizerId: "jwt",
  name: "jwt",
  authorizerType: "JWT",
  identitySource: ["$request.querystring.token"],
  jwtConfiguration: { issuer: issuer.issuer, audience: ["pets"] },
});

describe("payload format 2.0", () => {
  it("is the event that the guide prints, with this request's values", async () => {
    const secured = { authorizationType: "JWT", authorizerId: "jwt", authorizationScopes: ["scope1", "scope2"] } as const;
    serve({ "POST /my/{parameter1}": { ...lambda(), ...secured } }, { authorizers: [jwt()], stage: { stageVariables: { stageVariable1: "value1", stageVariable2: "value2" } } });
    const token = issuer.sign({ aud: "pets", scope: "scope1 scope2 scope3" });
    const query = `parameter1=value1&parameter1=value2&parameter2=value&token=${token}`;
    const event = await eventOf({
      method: "POST",
      path: `/my/path?${query}`,
      headers: ["Header1", "value1", "Header2", "value1", "header2", "value2", "Cookie", "cookie1; cookie2", "User-Agent", "agent", "Content-Type", "text/plain"],
      body: "Hello from Lambda",
    });
    const seconds = String(Math.floor(NOW / 1000));
    expect(event).toBe(
      JSON.stringify({
        version: "2.0",
        routeKey: "POST /my/{parameter1}",
        rawPath: "/my/path",
        rawQueryString: query,
        cookies: ["cookie1", "cookie2"],
        headers: {
          "content-length": "17",
          "content-type": "text/plain",
          header1: "value1",
          header2: "value1,value2",
          host: HTTP_HOST,
          "user-agent": "agent",
          "x-amzn-trace-id": TRACE_ID,
          "x-forwarded-for": "127.0.0.1",
          "x-forwarded-port": "80",
          "x-forwarded-proto": "http",
        },
        queryStringParameters: { parameter1: "value1,value2", parameter2: "value", token },
        requestContext: {
          accountId: "123456789012",
          apiId: HTTP_API_ID,
          authorizer: {
            jwt: {
              claims: { aud: "pets", exp: String(Number(seconds) + 3600), iat: seconds, iss: issuer.issuer, scope: "scope1 scope2 scope3", sub: "user" },
              scopes: ["scope1", "scope2"],
            },
          },
          domainName: HTTP_HOST,
          domainPrefix: HTTP_API_ID,
          http: { method: "POST", path: "/my/path", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "agent" },
          requestId: EXTENDED_REQUEST_ID,
          routeKey: "POST /my/{parameter1}",
          stage: "$default",
          time: "04/Mar/2020:19:15:17 +0000",
          timeEpoch: NOW,
        },
        body: "Hello from Lambda",
        pathParameters: { parameter1: "path" },
        isBase64Encoded: false,
        stageVariables: { stageVariable1: "value1", stageVariable2: "value2" },
      }),
    );
  });

  // github.com/adamchainz/apig-wsgi/issues/124 and others show events of such requests.
  it("leaves out what there is none of", async () => {
    serve({ $default: lambda() });
    const event = await eventOf({ path: "/" });
    expect(event).toBe(
      JSON.stringify({
        version: "2.0",
        routeKey: "$default",
        rawPath: "/",
        rawQueryString: "",
        headers: {
          "content-length": "0",
          host: HTTP_HOST,
          "x-amzn-trace-id": TRACE_ID,
          "x-forwarded-for": "127.0.0.1",
          "x-forwarded-port": "80",
          "x-forwarded-proto": "http",
        },
        requestContext: {
          accountId: "123456789012",
          apiId: HTTP_API_ID,
          domainName: HTTP_HOST,
          domainPrefix: HTTP_API_ID,
          http: { method: "GET", path: "/", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "" },
          requestId: EXTENDED_REQUEST_ID,
          routeKey: "$default",
          stage: "$default",
          time: "04/Mar/2020:19:15:17 +0000",
          timeEpoch: NOW,
        },
        isBase64Encoded: false,
      }),
    );
  });

  it("has the stage in its path, decoded, and the query as it travelled beside the decoded one", async () => {
    serve({ "ANY /pets/{name}/{proxy+}": lambda() }, { stage: { stageName: "prod" } });
    const event = JSON.parse(await eventOf({ path: "/prod/pets/Chester%20Mall/a/%C3%A9/?q=a%20b&q=c&e&__proto__=x" })) as Record<string, unknown>;
    expect(event).toMatchObject({
      rawPath: "/prod/pets/Chester Mall/a/é/",
      rawQueryString: "q=a%20b&q=c&e&__proto__=x",
      pathParameters: { name: "Chester Mall", proxy: "a/é/" },
      requestContext: { http: { path: "/prod/pets/Chester Mall/a/é/" }, stage: "prod" },
    });
    expect(Object.entries(event["queryStringParameters"] as object)).toEqual([["q", "a b,c"], ["e", ""], ["__proto__", "x"]]);
  });

  it("has the path as it travelled under a custom domain name, where the stage is the mapping's", async () => {
    serve({ "GET /pets": lambda() }, { stage: { stageName: "prod" } });
    const mappings = [{ basePath: "shop", restApiId: HTTP_API_ID, stage: "prod" }];
    gate.gateway.putDomain({ domainName: "api.example.com", domainNameId: undefined, refusal: undefined, mappings });
    expect(JSON.parse(await eventOf({ path: "/shop/pets", headers: ["Host", "api.example.com"] }))).toMatchObject({
      rawPath: "/shop/pets",
      requestContext: { domainName: "api.example.com", domainPrefix: "api", http: { path: "/shop/pets" }, stage: "prod" },
    });
    gate.gateway.dropDomain("api.example.com", undefined);
  });

  it("goes on with what proxies before have said, and not with what is of one connection", async () => {
    serve({ $default: lambda() });
    const headers = ["X-Forwarded-For", "1.2.3.4", "X-Forwarded-Proto", "gopher", "X-Amzn-Trace-Id", "Root=1-2-3", "Connection", "close", "TE", "trailers", "Host", `${HTTP_HOST}:4566`];
    expect(JSON.parse(await eventOf({ path: "/", headers }))).toMatchObject({
      headers: {
        host: `${HTTP_HOST}:4566`,
        "x-amzn-trace-id": "Root=1-2-3",
        "x-forwarded-for": "1.2.3.4, 127.0.0.1",
        "x-forwarded-port": "4566",
        "x-forwarded-proto": "http",
      },
      requestContext: { domainName: HTTP_HOST },
    });
    expect(JSON.parse(Buffer.from(invocations[0]?.payload ?? "").toString())).not.toMatchObject({ headers: { te: expect.anything() } });
    expect(invocations[0]?.traceId).toBe("Root=1-2-3");
  });

  it("shows parameter mappings (.../http-api-parameter-mapping.html)", async () => {
    const requestParameters = {
      "append:header.stage": "$context.stage",
      "overwrite:header.x-one": "1",
      "remove:header.x-two": "''",
      "append:querystring.id": "$request.path.id",
      "remove:querystring.gone": "''",
      "overwrite:path": "/dogs/${request.path.id}",
    };
    serve({ "GET /pets/{id}": lambda({ requestParameters }) });
    expect(JSON.parse(await eventOf({ path: "/pets/7?a=b&gone=1", headers: ["X-One", "0", "X-Two", "2"] }))).toMatchObject({
      rawPath: "/dogs/7",
      rawQueryString: "a=b&id=7",
      headers: expect.not.objectContaining({ "x-two": "2" }),
      queryStringParameters: { a: "b", id: "7" },
      pathParameters: { id: "7" },
    });
    expect(JSON.parse(Buffer.from(invocations[0]?.payload ?? "").toString())).toMatchObject({ headers: { stage: "$default", "x-one": "1" } });
  });
});

describe("payload format 1.0", () => {
  const identity = {
    accessKey: null,
    accountId: null,
    caller: null,
    cognitoAmr: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: "127.0.0.1",
    user: null,
  };

  it("is the event that the guide prints, with this request's values and the members of captured events", async () => {
    serve({ "GET /my/{name}": { ...lambda({ payloadFormatVersion: "1.0" }), authorizationType: "JWT", authorizerId: "jwt" } }, { authorizers: [jwt()], stage: { stageName: "dev" } });
    const token = issuer.sign({ aud: "pets" });
    const event = await eventOf({
      path: `/dev/my/a%20path?parameter1=value1&parameter1=value2&parameter2=value&token=${token}`,
      headers: ["header1", "value1", "Header2", "value1", "Header2", "value2", "user-agent", "user-agent", "content-type", "text/plain", "cookie", "a=1; b=2"],
      body: "Hello from Lambda!",
    });
    const seconds = String(Math.floor(NOW / 1000));
    expect(event).toBe(
      JSON.stringify({
        version: "1.0",
        resource: "/my/{name}",
        path: "/dev/my/a path",
        httpMethod: "GET",
        headers: {
          "Content-Length": "18",
          "Content-Type": "text/plain",
          Host: HTTP_HOST,
          "User-Agent": "user-agent",
          "X-Amzn-Trace-Id": TRACE_ID,
          "X-Forwarded-For": "127.0.0.1",
          "X-Forwarded-Port": "80",
          "X-Forwarded-Proto": "http",
          cookie: "a=1; b=2",
          header1: "value1",
          header2: "value2",
        },
        multiValueHeaders: {
          "Content-Length": ["18"],
          "Content-Type": ["text/plain"],
          Host: [HTTP_HOST],
          "User-Agent": ["user-agent"],
          "X-Amzn-Trace-Id": [TRACE_ID],
          "X-Forwarded-For": ["127.0.0.1"],
          "X-Forwarded-Port": ["80"],
          "X-Forwarded-Proto": ["http"],
          cookie: ["a=1; b=2"],
          header1: ["value1"],
          header2: ["value1", "value2"],
        },
        queryStringParameters: { parameter1: "value2", parameter2: "value", token },
        multiValueQueryStringParameters: { parameter1: ["value1", "value2"], parameter2: ["value"], token: [token] },
        requestContext: {
          accountId: "123456789012",
          apiId: HTTP_API_ID,
          authorizer: { claims: { aud: "pets", exp: String(Number(seconds) + 3600), iat: seconds, iss: issuer.issuer, sub: "user" }, scopes: null },
          domainName: HTTP_HOST,
          domainPrefix: HTTP_API_ID,
          extendedRequestId: EXTENDED_REQUEST_ID,
          httpMethod: "GET",
          identity: { ...identity, userAgent: "user-agent", userArn: null },
          path: "/dev/my/a path",
          protocol: "HTTP/1.1",
          requestId: EXTENDED_REQUEST_ID,
          requestTime: "04/Mar/2020:19:15:17 +0000",
          requestTimeEpoch: NOW,
          resourceId: "GET /my/{name}",
          resourcePath: "/my/{name}",
          stage: "dev",
        },
        pathParameters: { name: "a path" },
        stageVariables: null,
        body: "Hello from Lambda!",
        isBase64Encoded: false,
      }),
    );
  });

  it("has null for what there is none of", async () => {
    serve({ $default: lambda({ payloadFormatVersion: "1.0" }) }, { stage: { stageVariables: { a: "b" } } });
    expect(JSON.parse(await eventOf({ path: "/x" }))).toMatchObject({
      resource: "$default",
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      requestContext: { identity: { ...identity, userAgent: null, userArn: null }, resourceId: "$default", resourcePath: "$default" },
      pathParameters: null,
      stageVariables: { a: "b" },
      body: null,
      isBase64Encoded: false,
    });
  });
});

describe("a body", () => {
  const BASE64 = Buffer.from("{}").toString("base64");
  it.each<[string[], string, boolean]>([
    [["Content-Type", "application/json; charset=utf-8"], "{}", false],
    [["Content-Type", "Text/HTML"], "{}", false],
    [["Content-Type", "application/xml"], "{}", false],
    [["Content-Type", "application/javascript"], "{}", false],
    // github.com/middyjs/middy/pull/603
    [["Content-Type", "application/x-www-form-urlencoded"], BASE64, true],
    // github.com/dherault/serverless-offline/pull/1776
    [["Content-Type", "multipart/form-data; boundary=x"], BASE64, true],
    [["Content-Type", "application/octet-stream"], BASE64, true],
    [["Content-Type", "application/jsonx"], BASE64, true],
    [["Content-Type", "application/json", "Content-Encoding", "gzip"], BASE64, true],
    [[], BASE64, true],
  ])("with %j is %s, in base64: %s", async (headers, body, isBase64Encoded) => {
    serve({ $default: lambda() });
    for (const chunked of [false, true]) {
      invocations.splice(0);
      expect(JSON.parse(await eventOf({ method: "POST", path: "/", headers, body: "{}", chunked }))).toMatchObject({ body, isBase64Encoded, headers: { "content-length": "2" } });
    }
  });
});

const own = { "apigw-requestid": EXTENDED_REQUEST_ID };
const shown = ({ status, headers, body }: Answer) => ({ status, headers, body });

/** What the client gets for a function's answer. */
async function answered(result: unknown, payloadFormatVersion: "1.0" | "2.0" = "2.0") {
  invoke = () => Promise.resolve(resultOf(result, { requestId: "lambda-1" }));
  serve({ $default: lambda({ payloadFormatVersion }) });
  return shown(await gate.ask({ path: "/" }));
}

const FAILED = { status: 500, headers: { "content-type": "application/json", ...own }, body: '{"message":"Internal Server Error"}' };
const json = (body: string) => ({ status: 200, headers: { "content-type": "application/json", ...own }, body });

describe("an answer in format 2.0", () => {
  it.each<[unknown, string]>([
    // The page's two rows.
    ["Hello from Lambda!", "Hello from Lambda!"],
    [{ message: "Hello from Lambda!" }, '{"message":"Hello from Lambda!"}'],
    [[1, "a"], '[1,"a"]'],
    [7, "7"],
    [null, "null"],
    [{ body: "x", headers: 7 }, '{"body":"x","headers":7}'],
  ])("without a statusCode is inferred: %j", async (result, body) => {
    expect(await answered(result)).toEqual(json(body));
    expect(lines).toEqual(["200 200 lambda-1 -"]);
  });

  it("that is no JSON goes out as it is, which only runtimes of one's own can do", async () => {
    invoke = () => Promise.resolve(resultOf(null, { payload: Buffer.from("{fdasfdsa}") }));
    serve({ $default: lambda() });
    expect(shown(await gate.ask({ path: "/" }))).toEqual(json("{fdasfdsa}"));
  });

  it("has headers, a body and cookies, each of which becomes a set-cookie header", async () => {
    invoke = () => Promise.resolve(resultOf({ statusCode: 201, headers: { "Content-Type": "text/html", "X-Number": 7, "X-None": null, "X-Line": "a\r\nb: c" }, cookies: ["a=1; Secure", "b=2"], body: "é" }));
    serve({ $default: lambda() });
    const { status, rawHeaders, body } = await gate.ask({ path: "/" });
    expect([status, body]).toEqual([201, "é"]);
    expect(rawHeaders.slice(0, 12)).toEqual(["Content-Type", "text/html", "X-Number", "7", "X-Line", "a  b: c", "Set-Cookie", "a=1; Secure", "Set-Cookie", "b=2", "apigw-requestid", EXTENDED_REQUEST_ID]);
  });

  // https://aasisodiya.github.io/nodejs/nodejs-aws/nodejs-aws-apigw
  it("is text/plain where it does not say what it is", async () => {
    expect(await answered({ statusCode: 404, body: '"Hello from Lambda!"' })).toEqual({ status: 404, headers: { "content-type": "text/plain; charset=utf-8", ...own }, body: '"Hello from Lambda!"' });
    expect(lines).toEqual(["200 404 lambda-1 -"]);
  });

  it("is decoded where it is in base64, whatever the client accepts", async () => {
    invoke = () => Promise.resolve(resultOf({ statusCode: 200, headers: { "content-type": "image/png" }, body: Buffer.from([0, 255, 254]).toString("base64"), isBase64Encoded: true }));
    serve({ $default: lambda() });
    expect((await gate.ask({ path: "/", headers: ["Accept", "text/plain"] })).bytes).toEqual(Buffer.from([0, 255, 254]));
  });

  it("keeps its connection's headers to itself, and the gateway's", async () => {
    expect(await answered({ statusCode: 200, headers: { "Content-Length": "999", "Transfer-Encoding": "chunked", "Apigw-Requestid": "x", "Content-Type": "a/b" }, body: "x" })).toEqual({ status: 200, headers: { "content-type": "a/b", ...own }, body: "x" });
  });

  const MISMATCH = "The response from the Lambda function doesn't match the format that API Gateway expects.";
  it.each<[unknown, string]>([
    [{ statusCode: 200, body: {} }, `${MISMATCH} Lambda body contains the wrong type for field "body"`],
    [{ statusCode: 200, headers: { a: {} } }, `${MISMATCH} Lambda body contains the wrong type for field "headers"`],
    [{ statusCode: 200, headers: [] }, `${MISMATCH} Lambda body contains the wrong type for field "headers"`],
    [{ statusCode: 200, cookies: "a=1" }, `${MISMATCH} Lambda body contains the wrong type for field "cookies"`],
    [{ statusCode: "fine" }, `${MISMATCH} Lambda body contains the wrong type for field "statusCode"`],
    [{ statusCode: 99 }, `${MISMATCH} Lambda body contains the wrong type for field "statusCode"`],
    [{ statusCode: 200, isBase64Encoded: 1 }, `${MISMATCH} Lambda body contains the wrong type for field "isBase64Encoded"`],
    [{ statusCode: 200, isBase64Encoded: true, body: "%" }, "The body of the function's response is not the base64 that it is said to be"],
  ])("that is malformed is 500: %j", async (result, reason) => {
    expect(await answered(result)).toEqual(FAILED);
    expect(lines).toEqual([`200 200 lambda-1 ${reason.replaceAll('"', '\\"')}`]);
  });
});

describe("an answer in format 1.0", () => {
  it("has headers of one value and of several", async () => {
    invoke = () => Promise.resolve(resultOf({ statusCode: 200, headers: { "Content-Type": "text/plain", "X-A": "1" }, multiValueHeaders: { "X-A": ["1", "2"], "Set-Cookie": ["a=1", "b=2"] }, body: "x", cookies: ["c=3"] }));
    serve({ $default: lambda({ payloadFormatVersion: "1.0" }) });
    const { rawHeaders } = await gate.ask({ path: "/" });
    expect(rawHeaders.slice(0, 12)).toEqual(["Content-Type", "text/plain", "X-A", "1", "X-A", "2", "Set-Cookie", "a=1", "Set-Cookie", "b=2", "apigw-requestid", EXTENDED_REQUEST_ID]);
  });

  // https://repost.aws/knowledge-center/api-gateway-status-codes-http-api: "API Gateway doesn't make assumptions".
  it.each([["Hello from Lambda!"], [{ message: "Hello" }], [null], [{ statusCode: 200, multiValueHeaders: { a: "b" } }]])("is not inferred: %j", async (result) => {
    expect(await answered(result, "1.0")).toEqual(FAILED);
  });
});

describe("functions that cannot be had", () => {
  it("are 500 when they fail, with what they say in the log", async () => {
    invoke = () => Promise.resolve(resultOf({ errorMessage: "Task timed out after 5.00 seconds", errorType: "Sandbox.Timedout" }, { functionError: "Unhandled" }));
    serve({ $default: lambda() });
    expect(shown(await gate.ask({ path: "/" }))).toEqual(FAILED);
    expect(lines).toEqual(["200 200 - The Lambda function returned the following error: Task timed out after 5.00 seconds. Check your Lambda function code and try again."]);
  });

  it.each<[FunctionFailure, number, string, string]>([
    ["AccessDeniedException", 500, "Internal Server Error", "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. Check the permissions and try again."],
    ["ResourceNotFoundException", 500, "Internal Server Error", "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. Check the permissions and try again."],
    ["ServiceException", 500, "Internal Server Error", "no"],
    ["TooManyRequestsException", 503, "Service Unavailable", "no"],
    ["RequestTooLargeException", 413, "Request Entity Too Large", "no"],
  ])("by %s are %i", async (code, status, message, reason) => {
    invoke = () => Promise.reject(new FunctionCallError(code, "no"));
    serve({ $default: lambda() });
    expect(shown(await gate.ask({ path: "/" }))).toEqual({ ...FAILED, status, body: JSON.stringify({ message }) });
    expect(lines).toEqual([`- - - ${reason}`]);
  });

  it("are 503 when they take longer than the integration allows, and given up", async () => {
    invoke = () => new Promise(() => undefined);
    serve({ $default: lambda({ timeoutInMillis: 50 }) });
    expect(shown(await gate.ask({ path: "/" }))).toEqual({ ...FAILED, status: 503, body: '{"message":"Service Unavailable"}' });
    expect(invocations[0]?.signal?.aborted).toBe(true);
    expect(lines).toEqual(["- - - The function did not answer within 50 ms"]);
  });

  it("are 500 when a stage variable of their name is missing", async () => {
    serve({ $default: lambda({ integrationUri: FUNCTION.replace("hello", "${stageVariables.name}") }) });
    expect(shown(await gate.ask({ path: "/" }))).toEqual(FAILED);
    expect(invocations).toEqual([]);
  });
});

describe("the function that is invoked", () => {
  const named = FUNCTION.replace("hello", "${stageVariables.name}");
  it.each<[string, string]>([
    [FUNCTION, FUNCTION],
    [`${FUNCTION}:live`, `${FUNCTION}:live`],
    [INVOCATION, FUNCTION],
    [named, `${FUNCTION}-2`],
    [`${FUNCTION}:\${stageVariables.version}`, `${FUNCTION}:7`],
    [INVOCATION.replace("hello", "${stageVariables.name}"), `${FUNCTION}-2`],
  ])("by %s is %s", async (integrationUri, functionArn) => {
    serve({ $default: lambda({ integrationUri }) }, { stage: { stageVariables: { name: "hello-2", version: "7" } } });
    await gate.ask({ path: "/" });
    expect(invocations).toMatchObject([{ functionArn, type: "RequestResponse", traceId: TRACE_ID }]);
  });

  // .../http-api-troubleshooting-lambda.html prints the ARN of `$default`.
  it.each<[string, string, string, string]>([
    ["$default", "$default", "/any/path", "$default/$default"],
    ["$default", "prod", "/prod/any", "prod/$default"],
    ["ANY /pets/{id}", "prod", "/prod/pets/1", "prod/GET/pets/{id}"],
    ["GET /pets/{proxy+}", "$default", "/pets/1/2", "$default/GET/pets/{proxy+}"],
  ])("is asked by its policy for %s of the stage %s", async (routeKey, stageName, path, end) => {
    serve({ [routeKey]: lambda() }, { stage: { stageName } });
    await gate.ask({ path });
    const sourceArn = `arn:aws:execute-api:us-east-1:123456789012:${HTTP_API_ID}/${end}`;
    expect(invocations[0]?.caller).toEqual({ principal: "apigateway.amazonaws.com", sourceArn, sourceAccount: "123456789012" });
  });

  it("is not asked by its policy where the integration has a role's credentials", async () => {
    serve({ $default: lambda({ credentialsArn: "arn:aws:iam::123456789012:role/apigateway" }) });
    await gate.ask({ path: "/" });
    expect(invocations[0]?.caller).toBeUndefined();
  });
});
