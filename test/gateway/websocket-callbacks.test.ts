// Callbacks to clients of WebSocket APIs over real sockets: what backends are answered, and what clients get
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html).
import { describe, expect, test } from "vitest";
import { createMemoryCounters } from "../../src/adapters/memory/index.ts";
import { type ConnectionCallback, HolderUnreachable } from "../../src/ports/connections.ts";
import { NOW, OWN_HEADERS, resultOf, type TestGatewayOptions } from "../harness/gateway.ts";
import { keyOf, OWNER, policyOf, saying, statementOf, STRANGER, userOf } from "../harness/identities.ts";
import { signedHeaders, type SigningKey } from "../harness/signed.ts";
import { connect, startWebSocketApi, WEBSOCKET_API_ID, WEBSOCKET_HOST, type WebSocketApiParts, webSocketStage } from "../harness/websocket-api.ts";

const MANAGE = "execute-api:ManageConnections";
const ARN = `arn:aws:execute-api:us-east-1:${OWNER}:${WEBSOCKET_API_ID}`;
/** Tells a client its connection's id. */
const WHO = {
  twoWay: true,
  integration: { requestTemplates: { $default: '{"statusCode":200}' } },
  responses: { $default: { responseTemplates: { $default: "$context.connectionId" } } },
};
const FUNCTION = { integration: { integrationType: "AWS_PROXY" as const, integrationMethod: "POST", integrationUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:${OWNER}:function:f/invocations` } };
const ROUTES = { $default: WHO };

interface Call {
  readonly method?: string;
  readonly host?: string;
  /** In place of the connection's own path. */
  readonly target?: string;
  readonly body?: string | Buffer;
  readonly chunked?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Undefined for a request that nobody has signed. */
  readonly key?: SigningKey | undefined;
  readonly region?: string;
}

interface StartParts extends TestGatewayOptions, Partial<WebSocketApiParts> {}

async function start({ routes = ROUTES, disableExecuteApiEndpoint = false, identities = userOf({ policies: [saying("Allow", MANAGE)] }), ...options }: StartParts = {}) {
  const stages = ["prod", "test"].map((stageName) => webSocketStage({ routes, disableExecuteApiEndpoint, stage: { stageName } }));
  const gate = await startWebSocketApi(stages, { identities, ...options });
  async function call(connectionId: string, call: Call = {}) {
    const { method = "POST", host = WEBSOCKET_HOST, target = `/prod/@connections/${encodeURIComponent(connectionId)}`, body, chunked, headers: more = {}, region = "us-east-1" } = call;
    const key = "key" in call ? call.key : keyOf();
    const unsigned = Object.entries({ Host: host, ...more }).flat();
    const headers = key === undefined ? unsigned : await signedHeaders({ method, host, target, headers: more, ...(body !== undefined && { body }) }, { key, at: NOW, region });
    const { status, headers: answered, body: text } = await gate.ask({ method, target, headers, ...(body !== undefined && { body }), ...(chunked && { chunked }) });
    return { status, headers: answered, body: text };
  }
  /** A client with its connection's id. */
  async function client(connecting: Parameters<typeof connect>[1] = {}) {
    const connected = await connect(gate.port, connecting);
    connected.send("who am I?");
    return { ...connected, id: String(await connected.next()) };
  }
  return { ...gate, call, client, [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose]() };
}

const done = (status: number) => ({ status, headers: OWN_HEADERS, body: "" });
const error = (status: number, errorType: string, body: string) => ({ status, headers: { ...OWN_HEADERS, "content-type": "application/json", "x-amzn-errortype": errorType }, body });
const GONE = error(410, "GoneException", "");
const FORBIDDEN = error(403, "ForbiddenException", '{"message":"Forbidden"}');

describe("PostToConnection", () => {
  test("sends a text, whole", async () => {
    await using gate = await start();
    const { id, next } = await gate.client();
    for (const body of ["hello", "☃", "x".repeat(128 * 1024)]) {
      expect(await gate.call(id, { body })).toEqual(done(200));
      expect(await next()).toBe(body);
    }
    expect(await gate.call(id)).toEqual(done(200));
    expect(await next()).toBe("");
  });

  test("sends what is no UTF-8 in a binary frame", async () => {
    await using gate = await start();
    const { id, next } = await gate.client();
    expect(await gate.call(id, { body: Buffer.from([0xff, 0, 1]) })).toEqual(done(200));
    expect(await next()).toEqual(Buffer.from([0xff, 0, 1]));
  });

  test("takes no more than 128 KB", async () => {
    await using gate = await start();
    const { id } = await gate.client();
    const tooLarge = error(413, "PayloadTooLargeException", '{"message":"Request Entity Too Large"}');
    const body = "x".repeat(128 * 1024 + 1);
    expect(await gate.call(id, { body })).toEqual(tooLarge);
    expect(await gate.call(id, { body, chunked: true })).toEqual(tooLarge);
  });
});

describe("GetConnection", () => {
  test("tells who is connected, and since when", async () => {
    let now = NOW;
    await using gate = await start({ now: () => now });
    const { id } = await gate.client({ headers: { "User-Agent": "a client" } });
    now += 1_234;
    expect(await gate.call(id, { body: "hello" })).toEqual(done(200));
    now += 1;
    expect(await gate.call(id, { method: "GET" })).toEqual({
      status: 200,
      headers: { ...OWN_HEADERS, "content-type": "application/json" },
      body: '{"connectedAt":"2020-03-04T19:15:17.135Z","identity":{"sourceIp":"127.0.0.1","userAgent":"a client"},"lastActiveAt":"2020-03-04T19:15:18.369Z"}',
    });
  });

  // websocket-api-chat-app: "UserAgent":null
  test("has no user agent of a client that does not say it", async () => {
    await using gate = await start();
    const { id } = await gate.client();
    expect(JSON.parse((await gate.call(id, { method: "GET" })).body)).toMatchObject({ identity: { sourceIp: "127.0.0.1", userAgent: null } });
  });
});

describe("DeleteConnection", () => {
  test("closes with 1000, and $disconnect has its reason (github.com/boto/boto3/issues/3789)", async () => {
    const events: { requestContext: Record<string, unknown> }[] = [];
    const invoke: TestGatewayOptions["invoke"] = ({ payload }) => {
      events.push(JSON.parse(Buffer.from(payload).toString()) as (typeof events)[number]);
      return Promise.resolve(resultOf({ statusCode: 200 }));
    };
    await using gate = await start({ routes: { ...ROUTES, $disconnect: FUNCTION }, invoke });
    const { closed, id } = await gate.client();
    expect(await gate.call(id, { method: "DELETE" })).toEqual(done(204));
    expect(await closed).toEqual({ code: 1000, reason: "Connection Closed Normally" });
    for (const method of ["POST", "GET", "DELETE"]) expect(await gate.call(id, { method })).toEqual(GONE);
    await expect.poll(() => events.map(({ requestContext }) => requestContext)).toMatchObject([
      { eventType: "DISCONNECT", connectionId: id, disconnectStatusCode: 1000, disconnectReason: "Connection Closed Normally" },
    ]);
  });
});

describe("GoneException", () => {
  test.each([
    ["a client that has left", "left"],
    ["an id that nobody has", "L0SM9cOFvHcAAAA="],
    ["what is no id (repost.aws/knowledge-center/410-gone-api-gateway)", "../nobody"],
  ])("for %s", async (_what, given) => {
    await using gate = await start();
    const { id, leave } = await gate.client();
    await leave();
    const asked = given === "left" ? id : given;
    for (const method of ["POST", "GET", "DELETE"]) await expect.poll(() => gate.call(asked, { method })).toEqual(GONE);
  });

  test("for a client of another stage", async () => {
    await using gate = await start();
    const { id } = await gate.client({ path: "/test" });
    expect(await gate.call(id, { body: "x" })).toEqual(GONE);
    expect(await gate.call(id, { body: "x", target: `/test/@connections/${id}` })).toEqual(done(200));
  });

  // repost.aws/knowledge-center/410-gone-api-gateway: "A message was posted to the WebSocket API before the connection was established".
  test("until $connect has completed", async () => {
    const statuses: number[] = [];
    const invoke: TestGatewayOptions["invoke"] = async ({ payload }) => {
      const { requestContext } = JSON.parse(Buffer.from(payload).toString()) as { requestContext: { connectionId: string } };
      statuses.push((await gate.call(requestContext.connectionId, { body: "too early" })).status);
      return resultOf({ statusCode: 200 });
    };
    await using gate = await start({ routes: { ...ROUTES, $connect: FUNCTION }, invoke });
    const { id, next } = await gate.client();
    expect(statuses).toEqual([410]);
    expect(await gate.call(id, { body: "now" })).toEqual(done(200));
    expect(await next()).toBe("now");
  });
});

describe("whoever calls has signed", () => {
  test("without a signature, with that of another key, or too late", async () => {
    await using gate = await start();
    const { id } = await gate.client();
    expect(await gate.call(id, { body: "x", key: undefined })).toEqual(error(403, "MissingAuthenticationTokenException", '{"message":"Missing Authentication Token"}'));
    expect(await gate.call(id, { body: "x", key: { accessKeyId: "AKIANOBODY", secretAccessKey: "x" } })).toEqual(
      error(403, "UnrecognizedClientException", '{"message":"The security token included in the request is invalid."}'),
    );
    const wrong = await gate.call(id, { body: "x", key: { ...keyOf(), secretAccessKey: "x" } });
    expect(wrong).toMatchObject({ status: 403, headers: { "x-amzn-errortype": "InvalidSignatureException" } });
    // github.com/okigan/awscurl/issues/61 shows the whole of it: canonical, the path that was sent is encoded once more.
    expect((JSON.parse(wrong.body) as { message: string }).message).toMatch(
      new RegExp(`^The request signature we calculated does not match the signature you provided\\. .*\\n\\nThe Canonical String for this request should have been\\n'POST\\n/prod/%40connections/${id.replace("=", "%253D")}\\n`, "s"),
    );
    expect(await gate.call(id, { body: "x", region: "eu-west-1" })).toMatchObject({ status: 403, headers: { "x-amzn-errortype": "InvalidSignatureException" } });
  });

  test("the keys of development are good, with the token that functions have or without", async () => {
    await using gate = await start();
    const { id, next } = await gate.client();
    const key = { accessKeyId: OWNER, secretAccessKey: "test" };
    for (const each of [key, { ...key, sessionToken: "test" }]) {
      expect(await gate.call(id, { body: "hello", key: each })).toEqual(done(200));
      expect(await next()).toBe("hello");
    }
  });
});

describe("apigateway-websocket-control-access-iam: execute-api:ManageConnections", () => {
  const denied = (method: string, how = "") =>
    error(
      403, "AccessDeniedException",
      JSON.stringify({ Message: `User: arn:aws:iam::${OWNER}:user/ann is not authorized to perform: ${MANAGE} on resource: arn:aws:execute-api:us-east-1:********9012:${WEBSOCKET_API_ID}/prod/${method}/@connections/{connectionId}${how}` }),
    );
  const allow = (resource: string) => statementOf("Allow", MANAGE, resource);

  test.each([
    ["everything", saying("Allow", MANAGE), { POST: done(200), DELETE: done(204) }],
    ["nothing", undefined, { POST: denied("POST"), GET: denied("GET"), DELETE: denied("DELETE") }],
    ["Invoke alone", saying("Allow"), { POST: denied("POST") }],
    // github.com/aws/aws-cdk/issues/18410
    ["POST alone", policyOf(allow(`${ARN}/prod/POST/@connections/*`)), { POST: done(200), GET: denied("GET"), DELETE: denied("DELETE") }],
    ["another stage", policyOf(allow(`${ARN}/test/*`)), { POST: denied("POST") }],
    ["the guide's example", policyOf(statementOf("Allow", "execute-api:*", "*"), statementOf("Deny", MANAGE, `${ARN}/*`)), { POST: denied("POST", " with an explicit deny") }],
  ])("allowing %s", async (_what, policy, outcomes: Readonly<Record<string, object>>) => {
    await using gate = await start({ identities: userOf({ policies: policy === undefined ? [] : [policy] }) });
    const { id } = await gate.client();
    for (const [method, outcome] of Object.entries(outcomes)) expect(await gate.call(id, { method })).toEqual(outcome);
  });

  test("a policy may name a connection, which no other then is", async () => {
    const [mine, other] = ["L0SM9cOFvHcAAAA=", "L0SM9cOFvHcBBAA="];
    await using gate = await start({ identities: userOf({ policies: [policyOf(allow(`${ARN}/prod/*/@connections/${mine}`))] }) });
    // Callers are judged before the connection is looked for.
    expect([await gate.call(mine), await gate.call(other)]).toEqual([GONE, denied("POST")]);
  });

  test("callers of another account may nothing", async () => {
    await using gate = await start({ identities: userOf({ account: STRANGER, policies: [saying("Allow", MANAGE)] }) });
    const { id } = await gate.client();
    expect(await gate.call(id)).toMatchObject({ status: 403, headers: { "x-amzn-errortype": "AccessDeniedException" } });
    expect(await gate.call(id, { key: { accessKeyId: STRANGER, secretAccessKey: "test" } })).toMatchObject({ status: 403, headers: { "x-amzn-errortype": "AccessDeniedException" } });
  });
});

test("callbacks take of what all APIs of the account have together", async () => {
  const counters = createMemoryCounters();
  let isEmpty = false;
  await using gate = await start({ counters: { ...counters, allow: (bucket, now) => !(isEmpty && bucket.name === `account/${OWNER}/us-east-1`) && counters.allow(bucket, now) } });
  const { id } = await gate.client();
  isEmpty = true;
  expect(await gate.call(id, { body: "x" })).toEqual(error(429, "LimitExceededException", '{"message":"Too Many Requests"}'));
});

describe("where callbacks go", () => {
  const id = encodeURIComponent;

  test("by host, by path, and by custom domain names, encoded or not", async () => {
    await using gate = await start();
    gate.gateway.putDomain({ domainName: "ws.example.com", domainNameId: undefined, refusal: undefined, mappings: [{ basePath: "chat", restApiId: WEBSOCKET_API_ID, stage: "prod" }, { basePath: "any", restApiId: WEBSOCKET_API_ID }] });
    const client = await gate.client();
    const path = `/@connections/${id(client.id)}`;
    const places: readonly Call[] = [
      { target: `/prod/@connections/${client.id}` },
      { target: `/prod/%40connections/${id(client.id)}` },
      { host: "127.0.0.1", target: `/_aws/execute-api/${WEBSOCKET_API_ID}/prod${path}` },
      { host: "ws.example.com", target: `/chat${path}` },
      { host: "ws.example.com", target: `/any/prod${path}` },
    ];
    for (const [i, place] of places.entries()) {
      expect(await gate.call(client.id, { ...place, body: `${i}` })).toEqual(done(200));
      expect(await client.next()).toBe(`${i}`);
    }
  });

  // github.com/aws/aws-sdk-php/issues/1955: an endpoint without its stage.
  test("nowhere else", async () => {
    await using gate = await start();
    const client = await gate.client();
    const path = `/@connections/${id(client.id)}`;
    for (const target of [path, `/other${path}`, `/prod/other`, `/prod${path}/`, "/prod/@connections"]) expect(await gate.call(client.id, { target })).toEqual(FORBIDDEN);
    for (const method of ["PUT", "PATCH", "OPTIONS"]) expect(await gate.call(client.id, { method })).toEqual(FORBIDDEN);
    const elsewhere = WEBSOCKET_HOST.replace("us-east-1", "eu-west-1");
    expect(await gate.call(client.id, { host: elsewhere, region: "eu-west-1" })).toEqual(FORBIDDEN);
  });

  test("not by the default endpoint once it is disabled (websocket-api-disable-default-endpoint)", async () => {
    await using gate = await start({ disableExecuteApiEndpoint: true });
    expect(await gate.call("L0SM9cOFvHcAAAA=")).toEqual(FORBIDDEN);
  });
});

describe("a connection that another process holds", () => {
  /** Number 7's. */
  const THEIRS = "L0SM9cOFvHcCAAc=";

  test("is asked there", async () => {
    const asked: [number, ConnectionCallback][] = [];
    await using gate = await start({ holders: { ask: (holder, callback) => (asked.push([holder, callback]), Promise.resolve({ kind: "done" })) } });
    expect(await gate.call(THEIRS, { body: "hello" })).toEqual(done(200));
    expect(asked).toEqual([[7, { operation: "PostToConnection", apiId: WEBSOCKET_API_ID, stageName: "prod", connectionId: THEIRS, data: Buffer.from("hello") }]]);
  });

  test("may be there still when nobody can be asked", async () => {
    await using gate = await start({ holders: { ask: () => Promise.reject(new HolderUnreachable("the primary process is gone")) } });
    expect(await gate.call(THEIRS, { body: "hello" })).toEqual(error(503, "ServiceUnavailableException", '{"message":"Service Unavailable"}'));
    expect(gate.logged).toEqual([{ level: "warn", message: "a callback did not reach whoever holds the connection", fields: { reason: "the primary process is gone" } }]);
  });

  test("is gone where there are no others", async () => {
    await using gate = await start();
    expect(await gate.call(THEIRS)).toEqual(GONE);
  });
});
