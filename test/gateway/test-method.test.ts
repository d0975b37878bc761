// Tests of methods: the whole execution log, and what answers and events look like, as AWS shows them
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-develop.html has the logs of both kinds of HTTP
// integration, .../getting-started-lambda-non-proxy-integration.html one of a function with bodies).
import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import type { RestApiSnapshot } from "../../src/domain/rest-api.ts";
import { FunctionCallError } from "../../src/ports/functions.ts";
import type { FunctionInvocation, FunctionResult } from "../../src/ports/functions.ts";
import type { TestInvocation } from "../../src/ports/test-invocation.ts";
import { createTestInvocations } from "../../src/publish/index.ts";
import { startBackend } from "../harness/backend.ts";
import { NOW, REQUEST_ID, resultOf, startGateway, TRACE_ID } from "../harness/gateway.ts";
import { api, snapshotOf } from "../harness/rest-api.ts";
import type { MethodParts } from "../harness/rest-api.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:pets";
const URI = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const ENDPOINT = `https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/${FUNCTION}/invocations`;
const template = (text: string) => ({ "application/json": text });
const mocked = { requestTemplates: template('{"statusCode": 200}'), integrationResponses: { 200: { statusCode: "200" } } };

interface Tested {
  readonly method?: MethodParts;
  readonly key?: string;
  readonly invoke?: (invocation: FunctionInvocation) => Promise<FunctionResult>;
  readonly snapshot?: Partial<RestApiSnapshot>;
  readonly asked?: Partial<TestInvocation>;
}

/** Tests the method under the key, which is the only one but for those on the way to it. */
async function test({ method = {}, key = "GET /pets/{id}", invoke, snapshot: parts = {}, asked = {} }: Tested) {
  await using gate = await startGateway([], invoke === undefined ? {} : { invoke });
  const snapshot = snapshotOf({ [key]: method }, parts);
  const invocation: TestInvocation = {
    api,
    snapshot,
    resourceId: snapshot.methods[0]?.resourceId as string,
    httpMethod: "GET",
    pathWithQuery: "/pets/7?color=red",
    headers: ["x-version", "beta"],
    body: "",
    stageVariables: {},
    clientCertificateId: undefined,
    tester: { account: "123456789012", accessKeyId: "AKIDEXAMPLE", userAgent: "aws-cli/2.15.51" },
    ...asked,
  };
  const { body, log, ...result } = await createTestInvocations(gate.gateway, { store: createMemoryStore(), privateAddresses: new Map() }).testInvoke(invocation);
  return { ...result, body: body.toString(), log: lines(log), logged: gate.logged };
}

const TIME = "Wed Mar 04 19:15:17 UTC 2020 : ";

/** The lines without their time, which stands still, and the measured time of the integration. */
function lines(log: string): readonly string[] {
  expect(log.endsWith("\n")).toBe(true);
  const [first, ...rest] = log.slice(0, -1).split("\n");
  expect(first).toBe(`Execution log for request ${REQUEST_ID}`);
  expect(rest.filter((line) => !line.startsWith(TIME))).toEqual([]);
  return rest.map((line) => line.slice(TIME.length));
}

const asked = (path = "/pets/7", parameters = "{id=7}", query = "{color=red}", headers = "{x-version=beta}", body = "") => [
  `Starting execution for request: ${REQUEST_ID}`,
  `HTTP Method: GET, Resource Path: ${path}`,
  `Method request path: ${parameters}`,
  `Method request query string: ${query}`,
  `Method request headers: ${headers}`,
  `Method request body before transformations: ${body}`,
];

const answered = (status: number, body: string, headers: string) => [
  `Method response body after transformations: ${body}`,
  `Method response headers: ${headers}`,
  "Successfully completed execution",
  `Method completed with status: ${status}`,
];

const ERROR = { status: 500, headers: ["x-amzn-ErrorType", "InternalServerErrorException"], body: '{"message": "Internal server error"}', latencyMs: 0 };

describe("the log of a test", () => {
  it("of a MOCK says nothing of an endpoint", async () => {
    expect(await test({ method: { integration: mocked } })).toEqual({
      status: 200,
      headers: ["Content-Type", "application/json"],
      body: "",
      latencyMs: 0,
      log: [...asked(), ...answered(200, "", "{Content-Type=application/json}")],
      logged: [],
    });
  });

  it("rest-api-develop: of an HTTP proxy has the backend's answer as it came", async () => {
    await using backend = await startBackend((response) => {
      response.setHeader("Server", "petstore");
      response.setHeader("Set-Cookie", ["a=1", "b=2"]);
      response.end("[]");
    });
    const uri = `${backend.url}/petstore/{id}`;
    const requestParameters = { "integration.request.path.id": "method.request.path.id" };
    const { headers, log, ...result } = await test({ method: { integration: { type: "HTTP_PROXY", httpMethod: "GET", uri, requestParameters } } });
    const raw = "{Server=petstore, Set-Cookie=a=1,b=2, Connection=keep-alive, Keep-Alive=timeout=5, Content-Length=2}";
    expect(result).toEqual({ status: 200, body: "[]", latencyMs: 0, logged: [] });
    expect(headers.slice(0, 6)).toEqual(["Server", "petstore", "Set-Cookie", "a=1", "Set-Cookie", "b=2"]);
    expect(log).toEqual([
      ...asked(),
      `Endpoint request URI: ${backend.url}/petstore/7?color=red`,
      `Endpoint request headers: {Host=${backend.host}, x-version=beta, User-Agent=AmazonAPIGateway_a1b2c3d4e5, x-amzn-apigateway-api-id=a1b2c3d4e5}`,
      "Endpoint request body after transformations: ",
      `Sending request to ${backend.url}/petstore/7?color=red`,
      "Received response. Status: 200, Integration latency: 0 ms",
      `Endpoint response headers: ${raw}`,
      "Endpoint response body before transformations: []",
      ...answered(200, "[]", raw),
    ]);
  });

  it("rest-api-develop: of an HTTP integration has what is mapped, both ways", async () => {
    await using backend = await startBackend((response) => {
      response.setHeader("X-Kind", "cat");
      response.end("meow");
    });
    const method: MethodParts = {
      methodResponses: { 200: { statusCode: "200", responseParameters: { "method.response.header.kind": false } } },
      integration: {
        type: "HTTP",
        httpMethod: "POST",
        uri: `${backend.url}/v1`,
        requestParameters: { "integration.request.header.app-version": "method.request.header.x-version" },
        requestTemplates: template("mapped"),
        integrationResponses: {
          200: {
            statusCode: "200",
            responseParameters: { "method.response.header.kind": "integration.response.header.X-Kind" },
            responseTemplates: template("done"),
          },
        },
      },
    };
    const { log, ...result } = await test({ method, asked: { body: '{"a":1}' } });
    expect(result).toMatchObject({ status: 200, headers: ["Content-Type", "application/json", "kind", "cat", "X-Amzn-Trace-Id", TRACE_ID], body: "done" });
    expect(log).toEqual([
      ...asked(undefined, undefined, undefined, undefined, '{"a":1}'),
      `Endpoint request URI: ${backend.url}/v1`,
      `Endpoint request headers: {Host=${backend.host}, app-version=beta, Accept=application/json, User-Agent=AmazonAPIGateway_a1b2c3d4e5, Content-Type=application/json, x-amzn-apigateway-api-id=a1b2c3d4e5, X-Amzn-Trace-Id=${TRACE_ID}}`,
      "Endpoint request body after transformations: mapped",
      `Sending request to ${backend.url}/v1`,
      "Received response. Status: 200, Integration latency: 0 ms",
      "Endpoint response headers: {X-Kind=cat, Connection=keep-alive, Keep-Alive=timeout=5, Content-Length=4}",
      "Endpoint response body before transformations: meow",
      ...answered(200, "done", `{Content-Type=application/json, kind=cat, X-Amzn-Trace-Id=${TRACE_ID}}`),
    ]);
  });

  it("getting-started-lambda-non-proxy-integration: says that the body is what its model says, or why not", async () => {
    const validated = (body: string) => {
      const snapshot = {
        models: [{ id: "m", name: "Pet", contentType: "application/json", schema: '{"type":"object","required":["name"]}' }],
        requestValidators: [{ id: "v", name: "body", validateRequestBody: true, validateRequestParameters: false }],
      };
      const method: MethodParts = { requestValidatorId: "v", requestModels: { "application/json": "Pet" }, integration: mocked };
      return test({ method, snapshot, asked: { body } });
    };
    const valid = await validated('{"name":"Rex"}');
    expect(valid.log.slice(6, 7)).toEqual(["Request validation succeeded for content type application/json"]);
    expect(valid.status).toBe(200);
    const invalid = await validated("{}");
    expect(invalid).toMatchObject({ status: 400, headers: ["x-amzn-ErrorType", "BadRequestException"], body: '{"message": "Invalid request body"}' });
    expect(invalid.log.slice(6)).toEqual([
      'Request body does not match model schema for content type application/json: [object has missing required properties (["name"])]',
      "Method completed with status: 400",
    ]);
  });

  it("masks authorization and API keys, and truncates bodies", async () => {
    const headers = ["Authorization", "Bearer 0123456789", "X-API-Key", "abcdefghij"];
    const { log } = await test({ method: { integration: mocked }, asked: { headers, body: "b".repeat(2000) } });
    expect(log.slice(4, 6)).toEqual([
      "Method request headers: {Authorization=***********456789, X-API-Key=****efghij}",
      `Method request body before transformations: ${"b".repeat(980)} [TRUNCATED]`,
    ]);
  });
});

const proxied: MethodParts = { integration: { type: "AWS_PROXY", httpMethod: "POST", uri: URI } };
const invoked = (payload: string) => [
  `Endpoint request URI: ${ENDPOINT}`,
  `Endpoint request headers: {x-amzn-apigateway-api-id=a1b2c3d4e5, Accept=application/json, User-Agent=AmazonAPIGateway_a1b2c3d4e5, Host=lambda.us-east-1.amazonaws.com, X-Amzn-Trace-Id=${TRACE_ID}, x-amzn-lambda-integration-tag=${REQUEST_ID}, X-Amz-Source-Arn=arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/test-invoke-stage/GET/pets/{id}}`,
  `${`Endpoint request body after transformations: ${payload}`.slice(0, 1024)} [TRUNCATED]`,
  `Sending request to ${ENDPOINT}`,
];
const returned = (payload: string, more = "") => [
  "Received response. Status: 200, Integration latency: 0 ms",
  `Endpoint response headers: {Content-Type=application/json, Content-Length=${payload.length}, x-amzn-RequestId=f00${more}, X-Amz-Executed-Version=$LATEST}`,
  `Endpoint response body before transformations: ${payload}`,
];

describe("the test of a proxied function", () => {
  const event = {
    resource: "/pets/{id}",
    path: "/pets/7",
    httpMethod: "GET",
    headers: { "x-version": "beta" },
    multiValueHeaders: { "x-version": ["beta"] },
    queryStringParameters: { color: "red" },
    multiValueQueryStringParameters: { color: ["red"] },
    pathParameters: { id: "7" },
    stageVariables: { version: "two" },
    requestContext: {
      resourceId: "r2",
      resourcePath: "/pets/{id}",
      httpMethod: "GET",
      extendedRequestId: "ERERESIiQzOERFU=",
      requestTime: "04/Mar/2020:19:15:17 +0000",
      path: "/pets/{id}",
      accountId: "123456789012",
      protocol: "HTTP/1.1",
      stage: "test-invoke-stage",
      domainPrefix: "testPrefix",
      requestTimeEpoch: NOW,
      requestId: REQUEST_ID,
      identity: {
        cognitoIdentityPoolId: null,
        accountId: "123456789012",
        cognitoIdentityId: null,
        apiKey: "test-invoke-api-key",
        apiKeyId: "test-invoke-api-key-id",
        caller: "123456789012",
        sourceIp: "test-invoke-source-ip",
        principalOrgId: null,
        accessKey: "AKIDEXAMPLE",
        cognitoAuthenticationType: null,
        cognitoAuthenticationProvider: null,
        userArn: "arn:aws:iam::123456789012:root",
        userAgent: "aws-cli/2.15.51",
        user: "123456789012",
      },
      domainName: "testPrefix.testDomainName",
      apiId: "a1b2c3d4e5",
    },
    body: null,
    isBase64Encoded: false,
  };

  it("has AWS's synthetic context in its event, and none of the headers that the way of a request adds", async () => {
    const invocations: FunctionInvocation[] = [];
    const invoke = (invocation: FunctionInvocation) => {
      invocations.push(invocation);
      return Promise.resolve(resultOf({ statusCode: 200, body: "hi" }, { requestId: "f00" }));
    };
    const { log, ...result } = await test({ method: proxied, invoke, asked: { stageVariables: { version: "two" } } });
    const [{ payload, caller } = {} as FunctionInvocation] = invocations;
    const sent = Buffer.from(payload).toString();
    expect(JSON.parse(sent)).toEqual(event);
    expect(caller?.sourceArn).toBe("arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/test-invoke-stage/GET/pets/{id}");
    expect(result).toEqual({ status: 200, headers: ["X-Amzn-Trace-Id", TRACE_ID], body: "hi", latencyMs: 0, logged: [] });
    expect(log).toEqual([
      ...asked(),
      ...invoked(sent),
      ...returned('{"statusCode":200,"body":"hi"}'),
      ...answered(200, "hi", `{X-Amzn-Trace-Id=${TRACE_ID}}`),
    ]);
  });

  it("has null for headers when there are none", async () => {
    let sent: unknown;
    const invoke = ({ payload }: FunctionInvocation) => {
      sent = JSON.parse(Buffer.from(payload).toString());
      return Promise.resolve(resultOf({ statusCode: 200 }));
    };
    await test({ method: proxied, invoke, asked: { headers: [] } });
    expect(sent).toMatchObject({ headers: null, multiValueHeaders: null });
  });

  it("handle-errors-in-lambda-integration: that fails is told with the function's message and the invocation's id", async () => {
    const failure = { errorMessage: "'LambdaContext' object has no attribute 'succeed'", errorType: "AttributeError" };
    const result = await test({ method: proxied, invoke: () => Promise.resolve(resultOf(failure, { functionError: "Unhandled", requestId: "f00" })) });
    expect(result).toMatchObject({ ...ERROR, status: 502 });
    expect(result.log.slice(10)).toEqual([
      ...returned(JSON.stringify(failure), ", X-Amz-Function-Error=Unhandled"),
      "Lambda execution failed with status 200 due to customer function error: 'LambdaContext' object has no attribute 'succeed'. Lambda request id: f00",
      "Method completed with status: 502",
    ]);
  });

  it("malformed-502-api-gateway: whose result is no response", async () => {
    const result = await test({ method: proxied, invoke: () => Promise.resolve(resultOf("hello world", { requestId: "f00" })) });
    expect(result).toMatchObject({ ...ERROR, status: 502 });
    expect(result.log.slice(10)).toEqual([
      ...returned('"hello world"'),
      "Execution failed due to configuration error: Malformed Lambda proxy response",
      "Method completed with status: 502",
    ]);
  });

  it("that may not be called has sent a request and got no response", async () => {
    const invoke = () => Promise.reject(new FunctionCallError("AccessDeniedException", "not for you"));
    const result = await test({ method: proxied, invoke });
    expect(result).toMatchObject(ERROR);
    expect(result.log.slice(9)).toEqual([
      `Sending request to ${ENDPOINT}`,
      "Execution failed due to configuration error: Invalid permissions on Lambda function",
      "Method completed with status: 500",
    ]);
    expect(result.logged).toMatchObject([{ fields: { reason: "Invalid permissions on Lambda function", cause: "not for you" } }]);
  });

  it("api-gateway-504-errors: that takes too long", async () => {
    const method: MethodParts = { integration: { ...proxied.integration, timeoutInMillis: 50 } };
    const result = await test({ method, invoke: () => new Promise(() => undefined) });
    expect(result).toMatchObject({ status: 504, headers: ["x-amzn-ErrorType", "InternalServerErrorException"], body: '{"message": "Endpoint request timed out"}' });
    expect(result.log.slice(10)).toEqual(["Execution failed due to a timeout error", "Method completed with status: 504"]);
  });
});

describe("a test that fails on its way", () => {
  const failure = async (method: MethodParts, parts: Omit<Tested, "method"> = {}) => {
    const { status, log } = await test({ method, ...parts });
    expect(log.at(-1)).toBe(`Method completed with status: ${status}`);
    return [status, log.at(-2)];
  };
  const configurationError = "Execution failed due to configuration error: ";

  it("says that no integration response is meant, and for which status", async () => {
    expect(await failure({ integration: { ...mocked, integrationResponses: {} } })).toEqual([
      500,
      `${configurationError}No match for output mapping and no default output mapping configured. Endpoint Response Status Code: 200`,
    ]);
  });

  it("tsnote-output-mapping-refers-to-an-invalid-method-response: says which method response is missing", async () => {
    expect(await failure({ methodResponses: {}, integration: mocked })).toEqual([500, `${configurationError}Output mapping refers to an invalid method response: 200`]);
  });

  it("says why the backend cannot be reached", async () => {
    await using backend = await startBackend();
    const uri = backend.url;
    await backend[Symbol.asyncDispose]();
    const [status, line] = await failure({ integration: { type: "HTTP_PROXY", httpMethod: "GET", uri } });
    expect(status).toBe(504);
    expect(line).toMatch(/^Execution failed due to a network error communicating with endpoint: ./);
  });

  it("says no more than the status of what is refused before", async () => {
    const integration = { ...mocked, passthroughBehavior: "NEVER" } as const;
    expect(await failure({ integration }, { asked: { headers: ["Content-Type", "text/plain"] } })).toEqual([
      415,
      "Method request body before transformations: ",
    ]);
  });

  it("api-gateway-500-error-vpc: does not explain a bug, which the operator's log does", async () => {
    const bug = new TypeError("a bug");
    const result = await test({ method: proxied, invoke: () => Promise.reject(bug) });
    expect(result).toMatchObject(ERROR);
    expect(result.log.slice(10)).toEqual([`${configurationError}There was an internal error while executing your request`, "Method completed with status: 500"]);
    expect(result.logged).toMatchObject([{ level: "error", error: bug }]);
  });
});

describe("the request of a test", () => {
  it("is for ANY method by one of its verbs", async () => {
    expect(await test({ key: "ANY /pets/{id}", method: { integration: mocked } })).toMatchObject({ status: 200 });
  });

  it("has no path parameters where its path is not the resource's", async () => {
    const { log } = await test({ method: { integration: mocked }, asked: { pathWithQuery: "/elsewhere" } });
    expect(log.slice(1, 4)).toEqual(["HTTP Method: GET, Resource Path: /elsewhere", "Method request path: {}", "Method request query string: {}"]);
  });

  it("is encoded as it would travel, with a slash before it", async () => {
    const { log } = await test({ method: { integration: mocked }, asked: { pathWithQuery: "pets/é 1?a=ü\ud800&a=2" } });
    expect(log.slice(1, 4)).toEqual([
      "HTTP Method: GET, Resource Path: /pets/%C3%A9%201",
      "Method request path: {id=%C3%A9%201}",
      "Method request query string: {a=ü\ufffd,2}",
    ]);
  });

  it("needs no leave: authorization, keys and the resource policy are left out", async () => {
    const method: MethodParts = { authorizationType: "AWS_IAM", apiKeyRequired: true, integration: mocked };
    expect(await test({ method })).toMatchObject({ status: 200 });
  });

  it("maps the context of a test", async () => {
    const names = ["stage", "path", "domainName", "identity.sourceIp", "identity.apiKey", "identity.userArn", "identity.userAgent", "identity.caller"];
    const parameters = Object.fromEntries(names.map((name) => [`method.response.header.${name.replace(".", "-")}`, `context.${name}`]));
    const method: MethodParts = { integration: { ...mocked, integrationResponses: { 200: { statusCode: "200", responseParameters: parameters } } } };
    expect((await test({ method })).headers).toEqual([
      "Content-Type", "application/json",
      "stage", "test-invoke-stage",
      "path", "/pets/{id}",
      "domainName", "testPrefix.testDomainName",
      "identity-sourceIp", "test-invoke-source-ip",
      "identity-apiKey", "test-invoke-api-key",
      "identity-userArn", "arn:aws:iam::123456789012:root",
      "identity-userAgent", "aws-cli/2.15.51",
      "identity-caller", "123456789012",
    ]);
  });
});
