// How clients connect to WebSocket APIs: who is let in, what functions are told, and how others are refused
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html).
import { describe, expect, it } from "vitest";
import { createMemoryCounters } from "../../src/adapters/memory/index.ts";
import type { TokenBucket } from "../../src/domain/token-bucket.ts";
import type { WebSocketAuthorizer } from "../../src/domain/websocket-api.ts";
import { FunctionCallError, type FunctionInvocation, type FunctionResult } from "../../src/ports/functions.ts";
import type { KeyChange } from "../../src/ports/key-lookup.ts";
import { startBackend } from "../harness/backend.ts";
import { keyOf, saying, userOf } from "../harness/identities.ts";
import { signedHeaders } from "../harness/signed.ts";
import { EXTENDED_REQUEST_ID, NOW, resultOf, type TestGatewayOptions, TRACE_ID } from "../harness/gateway.ts";
import { connect, type Connecting, refusal, startWebSocketApi, WEBSOCKET_API_ID, WEBSOCKET_HOST, type WebSocketApiParts, webSocketStage } from "../harness/websocket-api.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:connect";
const uriOf = (functionArn: string): string => `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
const PROXY = { integration: { integrationType: "AWS_PROXY", integrationMethod: "POST", integrationUri: uriOf(FUNCTION) } } as const;
const ECHO = {
  twoWay: true,
  integration: { requestTemplates: { $default: '{"statusCode":200}' } },
  responses: { $default: { responseTemplates: { $default: "$context.authorizer.principalId $context.authorizer.key $context.identity.apiKey $context.identity.apiKeyId" } } },
};

/** The API under test, and what its functions were called with. */
async function start(parts: WebSocketApiParts, answer: (invocation: FunctionInvocation) => unknown = () => ({ statusCode: 200 }), options: TestGatewayOptions = {}) {
  const invocations: FunctionInvocation[] = [];
  const invoke = async (invocation: FunctionInvocation): Promise<FunctionResult> => {
    invocations.push(invocation);
    const result = await answer(invocation);
    return isResult(result) ? result : resultOf(result);
  };
  const gate = await startWebSocketApi([webSocketStage(parts)], { invoke, ...options });
  return { gate, invocations, eventOf: (at: number) => JSON.parse(Buffer.from(invocations[at]?.payload ?? []).toString()) as Record<string, unknown>, [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose]() };
}

const isResult = (result: unknown): result is FunctionResult => typeof result === "object" && result !== null && "payload" in result;

/** Its ids, which are another one's with each handshake, in place. */
function withIds(body: string): string {
  const { connectionId } = JSON.parse(body) as { connectionId: string };
  expect(connectionId).toMatch(/^[\w-]{15}=$/);
  return body.replace(connectionId, "{id}");
}

/** Whether a client is let in. */
async function connects(port: number, connecting: Connecting): Promise<boolean> {
  const client = await connect(port, connecting);
  await client.leave();
  return client.subprotocol === "";
}

const refusedWith = (message: string) => `{"message": "${message}", "connectionId":"{id}", "requestId":"${EXTENDED_REQUEST_ID}"}`;

describe("without a $connect route", () => {
  it("anybody may connect, with a slash behind the stage too", async () => {
    await using api = await start({ routes: {} });
    for (const path of ["/prod", "/prod/", "/prod?a=b"]) expect(await connects(api.gate.port, { path })).toBe(true);
  });

  it("by path, for clients that cannot choose a host name", async () => {
    await using api = await start({ routes: {} });
    expect(await connects(api.gate.port, { path: `/_aws/execute-api/${WEBSOCKET_API_ID}/prod`, headers: { Host: "localhost:4566" } })).toBe(true);
  });

  it("under a custom domain name, by its mapping", async () => {
    await using api = await start({ routes: {} });
    api.gate.gateway.putDomain({
      domainName: "chat.example.com",
      mappings: [{ basePath: "v1", restApiId: WEBSOCKET_API_ID, stage: "prod" }],
    } as never);
    await (await connect(api.gate.port, { path: "/v1", headers: { Host: "chat.example.com" } })).leave();
    expect((await refusal(api.gate.port, { path: "/v2", headers: { Host: "chat.example.com" } })).status).toBe(403);
  });

  it.each<Connecting>([
    { path: "/test" },
    { path: "/" },
    { headers: { Host: `${WEBSOCKET_API_ID}.execute-api.eu-west-1.amazonaws.com` } },
  ])("is Forbidden where there is no such stage: %j", async (connecting) => {
    await using api = await start({ routes: {} });
    const { status, headers, body } = await refusal(api.gate.port, connecting);
    expect({ status, type: headers["content-type"], body }).toEqual({ status: 403, type: "application/json", body: '{"message":"Forbidden"}' });
  });

  it("is Forbidden under the default endpoint once that is disabled", async () => {
    await using api = await start({ routes: {}, disableExecuteApiEndpoint: true });
    expect((await refusal(api.gate.port)).status).toBe(403);
  });

  it("an ordinary request is Forbidden", async () => {
    await using api = await start({ routes: {} });
    const { status, body } = await api.gate.ask({ target: "/prod", headers: ["Host", WEBSOCKET_HOST] });
    expect({ status, body }).toEqual({ status: 403, body: '{"message":"Forbidden"}' });
  });
});

describe("a Lambda proxy of $connect", () => {
  it("is told of the handshake", async () => {
    await using api = await start({ routes: { $connect: PROXY }, stage: { stageVariables: { color: "red" } } });
    const client = await connect(api.gate.port, { path: "/prod?a=1&a=2&b=", headers: { "User-Agent": "test/1", "X-Own": "x" } });
    const event = api.eventOf(0);
    const { connectionId } = event["requestContext"] as { connectionId: string };
    expect(connectionId).toMatch(/^[\w-]{15}=$/);
    const key = (event["headers"] as Record<string, string>)["Sec-WebSocket-Key"];
    const headers = {
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": key,
      Host: WEBSOCKET_HOST,
      "User-Agent": "test/1",
      "X-Own": "x",
      "X-Amzn-Trace-Id": TRACE_ID,
      "X-Forwarded-For": "127.0.0.1",
      "X-Forwarded-Port": "80",
      "X-Forwarded-Proto": "http",
    };
    expect(event).toEqual({
      headers,
      multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      queryStringParameters: { a: "2", b: "" },
      multiValueQueryStringParameters: { a: ["1", "2"], b: [""] },
      stageVariables: { color: "red" },
      requestContext: {
        routeKey: "$connect",
        eventType: "CONNECT",
        extendedRequestId: EXTENDED_REQUEST_ID,
        requestTime: "04/Mar/2020:19:15:17 +0000",
        messageDirection: "IN",
        stage: "prod",
        connectedAt: NOW,
        requestTimeEpoch: NOW,
        identity: { userAgent: "test/1", sourceIp: "127.0.0.1" },
        requestId: EXTENDED_REQUEST_ID,
        domainName: WEBSOCKET_HOST,
        connectionId,
        apiId: WEBSOCKET_API_ID,
      },
      isBase64Encoded: false,
    });
    const [{ caller, functionArn, type } = {} as FunctionInvocation] = api.invocations;
    expect({ caller, functionArn, type }).toEqual({
      functionArn: FUNCTION,
      type: "RequestResponse",
      caller: { principal: "apigateway.amazonaws.com", sourceArn: `arn:aws:execute-api:us-east-1:123456789012:${WEBSOCKET_API_ID}/prod/$connect`, sourceAccount: "123456789012" },
    });
    await client.leave();
  });

  it("refuses with its own status and body", async () => {
    await using api = await start({ routes: { $connect: PROXY } }, () => ({ statusCode: 418, body: '{"tea":true}' }));
    const { status, body } = await refusal(api.gate.port);
    expect({ status, body }).toEqual({ status: 418, body: '{"tea":true}' });
  });

  // github.com/serverless/serverless-websockets-plugin/issues/13: "error: Unexpected server response: 502".
  it.each([
    ["fails", () => resultOf({ errorMessage: "boom" }, { functionError: "Unhandled" })],
    ["answers with no response", () => "hello"],
    ["answers with nothing", () => null],
  ])("that %s is a 502", async (_, answer) => {
    await using api = await start({ routes: { $connect: PROXY } }, answer);
    const { status, body } = await refusal(api.gate.port);
    expect({ status, body: withIds(body) }).toEqual({ status: 502, body: refusedWith("Internal server error") });
  });

  it("that may not be called is a 500", async () => {
    await using api = await start({ routes: { $connect: PROXY } }, () => Promise.reject(new FunctionCallError("AccessDeniedException", "no")));
    const { status, body } = await refusal(api.gate.port);
    expect({ status, body: withIds(body) }).toEqual({ status: 500, body: refusedWith("Internal server error") });
  });

  // Guide: websocket-connect-route-subprotocol.
  it("chooses the subprotocol", async () => {
    await using api = await start({ routes: { $connect: PROXY } }, ({ payload }) => {
      const { headers } = JSON.parse(Buffer.from(payload).toString()) as { headers: Record<string, string> };
      const offered = (headers["Sec-WebSocket-Protocol"] ?? "").split(",");
      return offered.includes("myprotocol") ? { statusCode: 200, headers: { "sec-websocket-protocol": "myprotocol" } } : { statusCode: 400 };
    });
    const client = await connect(api.gate.port, { subprotocols: ["chat1", "myprotocol"] });
    expect(client.subprotocol).toBe("myprotocol");
    await client.leave();
    expect((await refusal(api.gate.port, { subprotocols: ["chat1"] })).status).toBe(400);
  });
});

describe("other integrations of $connect", () => {
  it("HTTP_PROXY gets the handshake's headers and query, and decides by its status", async () => {
    await using backend = await startBackend((response, { url = "" }) => {
      response.writeHead(url.includes("in") ? 204 : 401, { "Sec-WebSocket-Protocol": "two" });
      response.end();
    });
    await using api = await start({ routes: { $connect: { integration: { integrationType: "HTTP_PROXY", integrationMethod: "POST", integrationUri: backend.url } } } });
    const client = await connect(api.gate.port, { path: "/prod?in=1", subprotocols: ["one", "two"] });
    expect(client.subprotocol).toBe("two");
    await client.leave();
    expect((await refusal(api.gate.port, { path: "/prod?out=1" })).status).toBe(401);
    const [{ method, rawHeaders, url } = backend.reached[0] as never] = backend.reached;
    const names = (rawHeaders as string[]).filter((_, i) => i % 2 === 0);
    expect({ method, url }).toEqual({ method: "POST", url: "/?in=1" });
    expect(names).toEqual(expect.arrayContaining(["Sec-WebSocket-Version", "Sec-WebSocket-Key", "X-Forwarded-For", "x-amzn-apigateway-api-id"]));
  });

  it("MOCK refuses with its status, and needs an integration response", async () => {
    const mock = (statusCode: number, responses = {}) => ({ routes: { $connect: { integration: { requestTemplates: { $default: `{"statusCode":${statusCode}}` } }, responses } } });
    await using open = await start(mock(200, { "/2\\d\\d/": {} }));
    await (await connect(open.gate.port)).leave();
    await using shut = await start(mock(403, { $default: {} }));
    expect((await refusal(shut.gate.port)).status).toBe(403);
    await using none = await start(mock(200));
    const { status, body } = await refusal(none.gate.port);
    expect({ status, body: withIds(body) }).toEqual({ status: 500, body: refusedWith("Internal server error") });
  });
});

describe("required parameters", () => {
  it("have to be there", async () => {
    const requestParameters = { "route.request.querystring.room": true, "route.request.header.X-Room": true, "route.request.querystring.nick": false };
    await using api = await start({ routes: { $connect: { requestParameters } } });
    const { status, body } = await refusal(api.gate.port);
    expect({ status, body: withIds(body) }).toEqual({ status: 400, body: refusedWith("Missing required request parameters: [room, X-Room]") });
    await (await connect(api.gate.port, { path: "/prod?room=1", headers: { "X-Room": "1" } })).leave();
  });
});

describe("a Lambda authorizer", () => {
  const authorizer: WebSocketAuthorizer = {
    authorizerId: "auth1",
    name: "callers",
    authorizerType: "REQUEST",
    identitySource: ["route.request.header.HeaderAuth1", "route.request.querystring.QueryString1"],
    authorizerUri: uriOf("arn:aws:lambda:us-east-1:123456789012:function:auth"),
  };
  const parts: WebSocketApiParts = { routes: { $connect: { authorizationType: "CUSTOM", authorizerId: "auth1" }, $default: ECHO }, authorizers: [authorizer] };
  const policy = (Effect: string, Resource: string) => ({
    principalId: "me",
    policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect, Resource }] },
    context: { key: "value", numKey: 1, boolKey: true },
  });
  const known: Connecting = { path: "/prod?QueryString1=queryValue1", headers: { HeaderAuth1: "headerValue1" } };
  const methodArn = `arn:aws:execute-api:us-east-1:123456789012:${WEBSOCKET_API_ID}/prod/$connect`;

  it("is asked with the guide's event, and what it says stays with the connection", async () => {
    await using api = await start(parts, () => policy("Allow", methodArn));
    const client = await connect(api.gate.port, known);
    const event = api.eventOf(0);
    expect(event).toMatchObject({
      type: "REQUEST",
      methodArn,
      headers: { Connection: "upgrade", "content-length": "0", Upgrade: "websocket", HeaderAuth1: "headerValue1", Host: WEBSOCKET_HOST, "Sec-WebSocket-Version": "13" },
      multiValueHeaders: { HeaderAuth1: ["headerValue1"] },
      queryStringParameters: { QueryString1: "queryValue1" },
      multiValueQueryStringParameters: { QueryString1: ["queryValue1"] },
      stageVariables: {},
    });
    expect(event["requestContext"]).toEqual({
      routeKey: "$connect",
      eventType: "CONNECT",
      extendedRequestId: EXTENDED_REQUEST_ID,
      requestTime: "04/Mar/2020:19:15:17 +0000",
      messageDirection: "IN",
      stage: "prod",
      connectedAt: NOW,
      requestTimeEpoch: NOW,
      identity: { sourceIp: "127.0.0.1" },
      requestId: EXTENDED_REQUEST_ID,
      domainName: WEBSOCKET_HOST,
      connectionId: expect.stringMatching(/=$/) as string,
      apiId: WEBSOCKET_API_ID,
    });
    expect(Object.keys(event)).toEqual(["type", "methodArn", "headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters", "stageVariables", "requestContext"]);
    client.send("hello");
    expect(await client.next()).toBe("me value  ");
  });

  it("is not asked without an identity: 401", async () => {
    await using api = await start(parts, () => policy("Allow", methodArn));
    const { status, body } = await refusal(api.gate.port);
    expect({ status, body: withIds(body), asked: api.invocations.length }).toEqual({ status: 401, body: refusedWith("Unauthorized"), asked: 0 });
  });

  it.each([
    ["a policy that denies", () => policy("Deny", "*"), 403, "User is not authorized to access this resource with an explicit deny"],
    ["a policy for another route", () => policy("Allow", methodArn.replace("$connect", "other")), 403, "User is not authorized to access this resource"],
    ["Unauthorized", () => resultOf({ errorMessage: "Unauthorized" }, { functionError: "Handled" }), 401, "Unauthorized"],
    ["another error", () => resultOf({ errorMessage: "boom" }, { functionError: "Handled" }), 500, "Internal server error"],
    ["no policy", () => ({}), 500, "Internal server error"],
    ["nobody to call", () => Promise.reject(new FunctionCallError("ResourceNotFoundException", "none")), 500, "Internal server error"],
  ])("that answers with %s refuses", async (_, answer, status, message) => {
    await using api = await start(parts, answer);
    const refused = await refusal(api.gate.port, known);
    expect({ status: refused.status, body: withIds(refused.body) }).toEqual({ status, body: refusedWith(message) });
  });
});

describe("an API key", () => {
  const VALUE = "apikey1234abcdefghij0123456789";
  const account = { account: "123456789012", region: "us-east-1" };
  const keys = (plan: object = {}): readonly KeyChange[] => [
    { type: "plan", plan: { ...account, id: "p1", apiStages: [{ apiId: WEBSOCKET_API_ID, stage: "prod" }], ...plan } },
    { type: "key", key: { ...account, id: "k1", value: VALUE, enabled: true, planIds: ["p1"] } },
  ];
  const parts: WebSocketApiParts = { routes: { $connect: { apiKeyRequired: true }, $default: ECHO } };

  it("has to be in the header, and stays with the connection", async () => {
    await using api = await start(parts, undefined, { keys: keys() });
    const { status, body } = await refusal(api.gate.port);
    expect({ status, body: withIds(body) }).toEqual({ status: 403, body: refusedWith("Forbidden") });
    const client = await connect(api.gate.port, { headers: { "x-api-key": VALUE } });
    client.send("hello");
    expect(await client.next()).toBe(`  ${VALUE} k1`);
  });

  it("has a plan's throttle and quota", async () => {
    await using throttled = await start(parts, undefined, { keys: keys({ throttle: { rateLimit: 0.001, burstLimit: 1 } }) });
    const headers = { "x-api-key": VALUE };
    await (await connect(throttled.gate.port, { headers })).leave();
    const tooMany = await refusal(throttled.gate.port, { headers });
    expect({ status: tooMany.status, body: withIds(tooMany.body) }).toEqual({ status: 429, body: refusedWith("Too Many Requests") });
    await using limited = await start(parts, undefined, { keys: keys({ quota: { limit: 1, offset: 0, period: "DAY" } }) });
    await (await connect(limited.gate.port, { headers })).leave();
    const exceeded = await refusal(limited.gate.port, { headers });
    expect({ status: exceeded.status, body: withIds(exceeded.body) }).toEqual({ status: 429, body: refusedWith("Limit Exceeded") });
  });
});

describe("throttles", () => {
  it("a route's own holds for connecting", async () => {
    await using api = await start({ routes: {}, stage: { routeSettings: { $connect: { throttlingRateLimit: 0.001, throttlingBurstLimit: 1 } } } });
    await (await connect(api.gate.port)).leave();
    expect((await refusal(api.gate.port)).status).toBe(429);
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
  it("new connections of an account are limited by themselves, and messages are not", async () => {
    let now = NOW;
    await using api = await start({ routes: { $default: ECHO } }, undefined, { now: () => now, connectionThrottle: { rateLimit: 2, burstLimit: 3 } });
    const { port } = api.gate;
    const clients = [await connect(port), await connect(port), await connect(port)];
    const refused = await refusal(port);
    expect({ status: refused.status, body: withIds(refused.body) }).toEqual({ status: 429, body: refusedWith("Too Many Requests") });
    for (const client of clients) {
      client.send("hello");
      expect(await client.next()).toBe("   ");
    }
    now += 500;
    await connect(port);
    expect((await refusal(port)).status).toBe(429);
  });

  it("500 connections a second are taken unless the operator has it otherwise, and as many at once", async () => {
    const asked: TokenBucket[] = [];
    const counters = createMemoryCounters();
    await using api = await start({ routes: {} }, undefined, { counters: { ...counters, allow: (bucket, now) => asked.push({ ...bucket }) > 0 && counters.allow(bucket, now) } });
    await (await connect(api.gate.port)).leave();
    expect(asked).toEqual([
      { name: "connections/123456789012/us-east-1", rateLimit: 500, burstLimit: 500 },
      { name: "account/123456789012/us-east-1", rateLimit: 10_000, burstLimit: 5_000 },
    ]);
  });

  it("connections and messages take of what all APIs of the account have together", async () => {
    await using api = await start({ routes: { $default: ECHO } }, undefined, { accountThrottle: { rateLimit: 0, burstLimit: 3 } });
    const [one, other] = [await connect(api.gate.port), await connect(api.gate.port)];
    one.send("hello");
    expect(await one.next()).toBe("   ");
    other.send("hello");
    expect(withIds(String(await other.next()))).toBe(refusedWith("Too Many Requests"));
    expect((await refusal(api.gate.port)).status).toBe(429);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
describe("AWS_IAM", () => {
  const WHO = "$context.identity.accountId $context.identity.userArn";
  const parts: WebSocketApiParts = { routes: { $connect: { authorizationType: "AWS_IAM" }, $default: { ...ECHO, responses: { $default: { responseTemplates: { $default: WHO } } } } } };
  const headersOf = async (target = "/prod"): Promise<Record<string, string>> => {
    const list = await signedHeaders({ host: WEBSOCKET_HOST, target }, { key: keyOf(), at: NOW });
    return Object.fromEntries(list.flatMap((name, i) => (i % 2 === 0 ? [[name, list[i + 1] ?? ""]] : [])));
  };

  it("lets in who may call $connect, knows them from then on, and logs both steps", async () => {
    const lines: string[] = [];
    const logs = { write: (_group: object, _at: number, line: string) => void lines.push(line), usage: () => ({ written: 0, dropped: 0 }), close: () => Promise.resolve() };
    const format = "$context.authenticate.status $context.authorize.status $context.authenticate.error $context.authorize.error $context.waf.status $context.identity.userArn";
    const stage = { accessLogSettings: { destinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:/chat", format } };
    await using api = await start({ ...parts, stage }, undefined, { identities: userOf({ policies: [saying("Allow")] }), logs });
    expect((await refusal(api.gate.port)).status).toBe(403);
    const client = await connect(api.gate.port, { headers: await headersOf() });
    client.send("x");
    expect(await client.next()).toBe("123456789012 arn:aws:iam::123456789012:user/ann");
    expect(lines.slice(0, 2)).toEqual(["403 - Missing Authentication Token - - -", "200 200 - - - arn:aws:iam::123456789012:user/ann"]);
  });

  it("refuses who may not, and a signature for something else", async () => {
    await using api = await start(parts, undefined, { identities: userOf({ policies: [saying("Deny")] }) });
    const denied = await refusal(api.gate.port, { headers: await headersOf() });
    const message = `User: arn:aws:iam::123456789012:user/ann is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:${WEBSOCKET_API_ID}/prod/$connect with an explicit deny`;
    expect({ status: denied.status, body: withIds(denied.body) }).toEqual({ status: 403, body: refusedWith(message) });
    const wrong = await refusal(api.gate.port, { path: "/prod?a=b", headers: await headersOf() });
    expect([wrong.status, wrong.headers["x-amzn-errortype"]]).toEqual([403, "InvalidSignatureException"]);
  });

  it("is Forbidden without a signature", async () => {
    await using api = await start({ routes: { $connect: { authorizationType: "AWS_IAM" } } });
    const { status, body } = await refusal(api.gate.port);
    expect({ status, body: withIds(body) }).toEqual({ status: 403, body: refusedWith("Missing Authentication Token") });
  });
});
