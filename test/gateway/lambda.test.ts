// AWS and AWS_PROXY integrations with Lambda.
import { describe, expect, it } from "vitest";
import { FunctionCallError } from "../../src/ports/functions.ts";
import type { FunctionFailure, FunctionInvocation, FunctionResult } from "../../src/ports/functions.ts";
import { EXTENDED_REQUEST_ID, HOST, NOW, OWN_HEADERS, REQUEST_ID, resultOf, startGateway, TRACE_ID } from "../harness/gateway.ts";
import type { Asked } from "../harness/gateway.ts";
import { planOf } from "../harness/rest-api.ts";
import type { MethodParts, PlanParts } from "../harness/rest-api.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:hello";
const URI = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const TRACE = { "x-amzn-trace-id": TRACE_ID };

type Invoke = (invocation: FunctionInvocation) => Promise<FunctionResult>;

async function called(method: MethodParts & { readonly key?: string }, asked: Asked, invoke: Invoke, plan: PlanParts = {}) {
  const { key = "ANY /", ...parts } = method;
  const invocations: FunctionInvocation[] = [];
  await using gate = await startGateway([planOf({ [key]: parts }, plan)], {
    invoke: (invocation) => (invocations.push(invocation), invoke(invocation)),
  });
  const { status, headers, body, bytes } = await gate.ask(asked);
  return { answer: { status, headers, body }, bytes, invocation: invocations[0], logged: gate.logged };
}

const proxy = (integration = {}) => ({ integration: { type: "AWS_PROXY", httpMethod: "POST", uri: URI, ...integration } }) as const;
const failure = (status: number, message: string, errorType = "InternalServerErrorException") => ({
  status,
  headers: { "content-type": "application/json", "x-amzn-errortype": errorType, ...OWN_HEADERS, ...TRACE },
  body: `{"message": ${JSON.stringify(message)}}`,
});

describe("set-up-lambda-proxy-integrations: the event", () => {
  const eventOf = async (asked: Asked, parts: MethodParts & { readonly key?: string } = {}, plan: PlanParts = {}): Promise<Record<string, unknown>> => {
    const { invocation } = await called({ ...proxy(), ...parts }, asked, () => Promise.resolve(resultOf({ statusCode: 200 })), plan);
    return JSON.parse(Buffer.from(invocation?.payload ?? "").toString()) as Record<string, unknown>;
  };

  it("holds the whole request", async () => {
    const event = await eventOf(
      {
        method: "POST",
        target: "/prod/pets/a%20b/x/y/?name=J%20D&tag=1&tag=2&empty=",
        headers: ["Host", HOST, "user-agent", "curl/8", "X-Twice", "1", "X-Twice", "2", "content-type", "application/json", "Authorization", "Bearer x"],
        body: '{ "time": "evening" }',
      },
      { key: "ANY /pets/{id}/{proxy+}" },
      { stage: { variables: { color: "red" } } },
    );
    expect(event).toEqual({
      resource: "/pets/{id}/{proxy+}",
      path: "/pets/a%20b/x/y/",
      httpMethod: "POST",
      headers: {
        Host: HOST,
        "user-agent": "curl/8",
        "X-Twice": "2",
        "content-type": "application/json",
        Authorization: "Bearer x",
        "X-Amzn-Trace-Id": TRACE_ID,
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Port": "80",
        "X-Forwarded-Proto": "http",
      },
      multiValueHeaders: {
        Host: [HOST],
        "user-agent": ["curl/8"],
        "X-Twice": ["1", "2"],
        "content-type": ["application/json"],
        Authorization: ["Bearer x"],
        "X-Amzn-Trace-Id": [TRACE_ID],
        "X-Forwarded-For": ["127.0.0.1"],
        "X-Forwarded-Port": ["80"],
        "X-Forwarded-Proto": ["http"],
      },
      queryStringParameters: { name: "J D", tag: "2", empty: "" },
      multiValueQueryStringParameters: { name: ["J D"], tag: ["1", "2"], empty: [""] },
      pathParameters: { id: "a%20b", proxy: "x/y" },
      stageVariables: { color: "red" },
      requestContext: {
        resourceId: "r3",
        resourcePath: "/pets/{id}/{proxy+}",
        httpMethod: "POST",
        extendedRequestId: EXTENDED_REQUEST_ID,
        requestTime: "04/Mar/2020:19:15:17 +0000",
        path: "/prod/pets/a%20b/x/y/",
        accountId: "123456789012",
        protocol: "HTTP/1.1",
        stage: "prod",
        domainPrefix: "a1b2c3d4e5",
        requestTimeEpoch: NOW,
        requestId: REQUEST_ID,
        identity: {
          cognitoIdentityPoolId: null,
          accountId: null,
          cognitoIdentityId: null,
          caller: null,
          sourceIp: "127.0.0.1",
          principalOrgId: null,
          accessKey: null,
          cognitoAuthenticationType: null,
          cognitoAuthenticationProvider: null,
          userArn: null,
          userAgent: "curl/8",
          user: null,
        },
        domainName: HOST,
        deploymentId: "d3pl0y",
        apiId: "a1b2c3d4e5",
      },
      body: '{ "time": "evening" }',
      isBase64Encoded: false,
    });
  });

  it("has null where there is nothing", async () => {
    expect(await eventOf({})).toMatchObject({
      resource: "/",
      path: "/",
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      requestContext: { identity: { userAgent: null } },
      body: null,
      isBase64Encoded: false,
    });
  });

  it("survives hostile names", async () => {
    const event = await eventOf({ path: "/?__proto__=1&constructor=2", headers: ["Host", HOST, "__proto__", "3"] });
    expect(JSON.stringify(event["multiValueQueryStringParameters"])).toBe('{"__proto__":["1"],"constructor":["2"]}');
    expect(JSON.stringify(event["headers"])).toContain('"__proto__":"3"');
  });

  it("lambda-proxy-binary-media: has a binary body in base64", async () => {
    const body = Buffer.from([0x89, 0x50, 0xff]);
    const asked = { method: "POST", headers: ["Host", HOST, "Content-Type", "image/png"], body };
    const plan = { snapshot: { binaryMediaTypes: ["image/*"] } };
    expect(await eventOf(asked, {}, plan)).toMatchObject({ body: "iVD/", isBase64Encoded: true });
    expect(await eventOf(asked)).toMatchObject({ body: "\u{fffd}P\u{fffd}", isBase64Encoded: false });
    expect(await eventOf({ ...asked, body: "" }, {}, plan)).toMatchObject({ body: null, isBase64Encoded: false });
  });
});

describe("the invocation", () => {
  const ok: Invoke = () => Promise.resolve(resultOf({ statusCode: 200 }));

  it("names the method as called and the path as declared", async () => {
    const { invocation } = await called({ ...proxy(), key: "ANY /pets/{id}" }, { method: "PATCH", path: "/pets/7" }, ok);
    expect(invocation).toMatchObject({
      functionArn: FUNCTION,
      type: "RequestResponse",
      traceId: TRACE_ID,
      caller: {
        principal: "apigateway.amazonaws.com",
        sourceArn: "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/PATCH/pets/{id}",
        sourceAccount: "123456789012",
      },
    });
    expect((await called(proxy(), {}, ok)).invocation?.caller?.sourceArn).toBe("arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/GET/");
  });

  it("has no caller when the integration has a role's credentials", async () => {
    const { invocation } = await called(proxy({ credentials: "arn:aws:iam::123456789012:role/x" }), {}, ok);
    expect(invocation?.caller).toBeUndefined();
  });

  it("goes to the function that the stage's variables name", async () => {
    const uri = URI.replace("hello/", "${stageVariables.name}:${stageVariables.alias}/");
    const { invocation } = await called(proxy({ uri }), {}, ok, { stage: { variables: { name: "other", alias: "live" } } });
    expect(invocation?.functionArn).toBe(`${FUNCTION.replace("hello", "other")}:live`);
    expect((await called(proxy({ uri }), {}, ok)).answer).toMatchObject({ status: 500, body: '{"message": "Internal server error"}' });
  });
});

describe("set-up-lambda-proxy-integrations: the response", () => {
  const respond = (value: unknown, asked: Asked = {}, plan: PlanParts = {}) => called(proxy(), asked, () => Promise.resolve(resultOf(value)), plan);

  it("is what the function says", async () => {
    const { answer } = await respond({
      statusCode: 201,
      headers: { "Content-Type": "text/plain", "X-Number": 1, "X-Bool": true, "X-Null": null, "X-Both": "a", Location: "/x" },
      multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"], "x-both": ["a", "b"] },
      body: "grüße",
      isBase64Encoded: false,
    });
    expect(answer).toEqual({
      status: 201,
      headers: {
        "content-type": "text/plain",
        "x-number": "1",
        "x-bool": "true",
        location: "/x",
        "set-cookie": "a=1, b=2",
        "x-both": "a, b",
        ...OWN_HEADERS,
        ...TRACE,
      },
      body: "grüße",
    });
  });

  it("is application/json and empty by default", async () => {
    expect((await respond({ statusCode: 200 })).answer).toEqual({
      status: 200,
      headers: { "content-type": "application/json", ...OWN_HEADERS, ...TRACE },
      body: "",
    });
  });

  it.each([["200"], [200]])("takes the status %j", async (statusCode) => {
    expect((await respond({ statusCode, headers: null, body: null })).answer).toMatchObject({ status: 200, body: "" });
  });

  it("api-gateway-known-issues: has the headers renamed that AWS needs itself", async () => {
    const names = ["WWW-Authenticate", "Server", "Date", "Authorization", "Connection", "Content-Length", "X-Forwarded-For"];
    const { answer } = await respond({ statusCode: 401, headers: Object.fromEntries([...names, "Via", "Host"].map((name) => [name, "x"])) });
    expect(answer.headers).toEqual({
      "content-type": "application/json",
      ...Object.fromEntries(names.map((name) => [`x-amzn-remapped-${name.toLowerCase()}`, "x"])),
      ...OWN_HEADERS,
      ...TRACE,
    });
  });

  it("lambda-proxy-binary-media: is decoded from base64 when the first media type of Accept is binary", async () => {
    const png = Buffer.from([0x89, 0x50, 0xff]);
    const value = { statusCode: 200, headers: { "Content-Type": "image/png" }, body: png.toString("base64"), isBase64Encoded: true };
    const accepting = (accept: string) => ({ headers: ["Host", HOST, "Accept", accept] });
    const plan = { snapshot: { binaryMediaTypes: ["image/png"] } };
    expect((await respond(value, accepting("image/png,*/*"), plan)).bytes).toEqual(png);
    expect((await respond(value, accepting("*/*"), plan)).answer.body).toBe("iVD/");
    expect((await respond(value, accepting("image/png"))).answer.body).toBe("iVD/");
    expect((await respond(value, {}, { snapshot: { binaryMediaTypes: ["*/*"] } })).bytes).toEqual(png);
    expect((await respond({ ...value, body: "no base64!" }, accepting("image/png"), plan)).answer).toEqual(failure(500, "Internal server error"));
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["text", "hello"],
    ["a list", []],
    ["no status", {}],
    ["no status but a body", { body: "x" }],
    ["a status that is no number", { statusCode: "ok" }],
    ["a status that is no integer", { statusCode: 200.5 }],
    ["a status out of range", { statusCode: 99 }],
    ["an object as body", { statusCode: 200, body: { a: 1 } }],
    ["a list as headers", { statusCode: 200, headers: [] }],
    ["an object as a header's value", { statusCode: 200, headers: { a: {} } }],
    ["text as a multi-value header", { statusCode: 200, multiValueHeaders: { a: "b" } }],
    ["a header name that is none", { statusCode: 200, headers: { "a b": "c" } }],
    ["members that a response does not have", { statusCode: 200, cookies: [] }],
    ["base64 or not, neither", { statusCode: 200, isBase64Encoded: 1 }],
  ])("502 for %s", async (_, value) => {
    const { answer, logged } = await respond(value);
    expect(answer).toEqual(failure(502, "Internal server error"));
    expect(logged).toMatchObject([{ fields: { reason: "Malformed Lambda proxy response" } }]);
  });

  it("502 for what is no JSON", async () => {
    const { answer } = await called(proxy(), {}, () => Promise.resolve(resultOf(0, { payload: Buffer.from("{") })));
    expect(answer).toEqual(failure(502, "Internal server error"));
  });

  it("502 for a function that fails", async () => {
    const failed = resultOf({ statusCode: 200, errorMessage: "boom" }, { functionError: "Unhandled" });
    expect((await called(proxy(), {}, () => Promise.resolve(failed))).answer).toEqual(failure(502, "Internal server error"));
  });
});

describe("a function that cannot be called", () => {
  it.each<[FunctionFailure, number, string, string]>([
    ["ResourceNotFoundException", 500, "Internal server error", "InternalServerErrorException"],
    ["AccessDeniedException", 500, "Internal server error", "InternalServerErrorException"],
    ["TooManyRequestsException", 500, "Internal server error", "InternalServerErrorException"],
    ["ServiceException", 500, "Internal server error", "InternalServerErrorException"],
    ["RequestTooLargeException", 413, "Request Too Long", "BadRequestException"],
    ["InvalidRequestContentException", 400, "Could not parse request body into json", "BadRequestException"],
  ])("%s: %d", async (code, status, message, errorType) => {
    const { answer } = await called(proxy(), {}, () => Promise.reject(new FunctionCallError(code, "why")));
    expect(answer).toEqual(failure(status, message, errorType));
  });

  it("504 when it takes longer than timeoutInMillis, and is told to stop", async () => {
    const { answer, invocation } = await called(proxy({ timeoutInMillis: 50 }), {}, () => new Promise(() => undefined));
    expect(answer).toEqual(failure(504, "Endpoint request timed out"));
    expect(invocation?.signal?.aborted).toBe(true);
  });

  it("500 for a bug, and the whole cause in the log", async () => {
    const bug = new TypeError("a bug");
    const { answer, logged } = await called(proxy(), {}, () => Promise.reject(bug));
    expect(answer).toEqual(failure(500, "Internal server error"));
    expect(logged).toEqual([
      {
        level: "error",
        message: "a request failed on a bug",
        error: bug,
        fields: { requestId: REQUEST_ID, apiId: "a1b2c3d4e5", stage: "prod", httpMethod: "GET", resource: "/" },
      },
    ]);
  });
});

describe("handle-errors-in-lambda-integration: an AWS integration", () => {
  const integrationResponses = {
    200: { statusCode: "200" },
    400: { statusCode: "400", selectionPattern: "Malformed.*" },
    500: { statusCode: "500", selectionPattern: ".+" },
  };
  const custom = (parts = {}) =>
    ({
      methodResponses: { 200: { statusCode: "200" }, 400: { statusCode: "400" }, 500: { statusCode: "500" } },
      integration: { type: "AWS", httpMethod: "POST", uri: URI, integrationResponses, ...parts },
    }) as const;
  const failed = (errorMessage: unknown) => () => Promise.resolve(resultOf({ errorMessage }, { functionError: "Handled" }));

  it("passes the body to the function and its result back", async () => {
    const { answer, invocation } = await called(custom(), { method: "POST", body: '{"a":1}' }, () => Promise.resolve(resultOf({ errorMessage: "no error" })));
    expect(Buffer.from(invocation?.payload ?? "").toString()).toBe('{"a":1}');
    expect(answer).toEqual({
      status: 200,
      headers: { "content-type": "application/json", ...OWN_HEADERS, ...TRACE },
      body: '{"errorMessage":"no error"}',
    });
  });

  it("passes an empty object for an empty body", async () => {
    const { invocation } = await called(custom(), {}, () => Promise.resolve(resultOf(1)));
    expect(Buffer.from(invocation?.payload ?? "").toString()).toBe("{}");
  });

  it.each<[unknown, number]>([
    ["Malformed input ...", 400],
    ["Input is Malformed", 500],
    [undefined, 200],
    ["", 200],
  ])("answers the error %j with %d", async (message, status) => {
    expect((await called(custom(), {}, failed(message))).answer.status).toBe(status);
  });

  it("API_Invoke: maps the headers of Lambda's own answer", async () => {
    const names = ["x-amzn-RequestId", "X-Amz-Function-Error", "X-Amz-Executed-Version", "Content-Length"];
    const responseParameters = Object.fromEntries(names.map((name) => [`method.response.header.on-${name}`, `integration.response.header.${name}`]));
    const method = custom({ integrationResponses: { 200: { statusCode: "200", responseParameters } } });
    const result = (parts: Partial<FunctionResult>) => () => Promise.resolve(resultOf("hi", { requestId: "f00", executedVersion: "7", ...parts }));
    const mapped = { "on-x-amzn-requestid": "f00", "on-x-amz-executed-version": "7", "on-content-length": "4" };
    const own = { "content-type": "application/json", ...OWN_HEADERS, ...TRACE };
    expect((await called(method, {}, result({}))).answer.headers).toEqual({ ...mapped, ...own });
    const failing = await called(method, {}, result({ functionError: "Unhandled" }));
    expect(failing.answer.headers).toEqual({ ...mapped, "on-x-amz-function-error": "Unhandled", ...own });
  });

  it("set-up-lambda-integration-async: does not wait when X-Amz-Invocation-Type is Event", async () => {
    const method = custom({ requestParameters: { "integration.request.header.X-Amz-Invocation-Type": "'Event'" } });
    const { answer, invocation } = await called(method, {}, () => Promise.resolve(resultOf(0, { status: 202, payload: Buffer.alloc(0) })));
    expect(invocation?.type).toBe("Event");
    expect(answer).toMatchObject({ status: 200, body: "" });
  });
});
