// Lambda authorizers on methods: whom they let in, what refused callers are told, and what is kept of their answers
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html).
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { createMemoryCache } from "../../src/adapters/memory/index.ts";
import type { Authorizer } from "../../src/domain/authorizer.ts";
import type { GatewayResponse } from "../../src/domain/gateway-response.ts";
import type { RoutedMethod } from "../../src/plan/index.ts";
import type { Cache } from "../../src/ports/cache.ts";
import { FunctionCallError } from "../../src/ports/functions.ts";
import type { FunctionInvocation, FunctionResult } from "../../src/ports/functions.ts";
import { EXTENDED_REQUEST_ID, HOST, NOW, OWN_HEADERS, REQUEST_ID, resultOf, startGateway, TRACE_ID } from "../harness/gateway.ts";
import type { Asked, TestGatewayOptions } from "../harness/gateway.ts";
import { API_ID, planOf } from "../harness/rest-api.ts";
import type { MethodParts, PlanParts } from "../harness/rest-api.ts";

const functionArn = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
const uriOf = (name: string) => `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`;
const arnOf = (rest: string) => `arn:aws:execute-api:us-east-1:123456789012:${API_ID}/${rest}`;

const TOKEN: Authorizer = { id: "abc123", name: "auth", type: "TOKEN", authType: "custom", authorizerUri: uriOf("auth"), identitySource: "method.request.header.Auth" };
const SOURCES = "method.request.header.Auth, method.request.querystring.tenant,stageVariables.key,context.identity.sourceIp";
const REQUEST: Authorizer = { ...TOKEN, type: "REQUEST", identitySource: SOURCES };

type Effect = "Allow" | "Deny";
const statement = (Effect: Effect, ...Resource: string[]) => ({ Action: "execute-api:Invoke", Effect, Resource });
const policyOf = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });
const resultFor = (...statements: object[]) => ({ principalId: "user", policyDocument: policyOf(...statements) });
const ALLOW_ALL = resultFor(statement("Allow", "*"));

const CUSTOM = { authorizationType: "CUSTOM", authorizerId: "abc123" } as const;
const MOCK: MethodParts = {
  ...CUSTOM,
  integration: { requestTemplates: { "application/json": '{"statusCode": 200}' }, integrationResponses: { 200: { statusCode: "200", responseTemplates: { "application/json": "in" } } } },
};
const FUNCTION: MethodParts = { ...CUSTOM, integration: { type: "AWS_PROXY", httpMethod: "POST", uri: uriOf("backend") } };

interface Parts extends TestGatewayOptions {
  readonly authorizer?: Authorizer;
  readonly methods?: Readonly<Record<string, MethodParts>>;
  readonly plan?: PlanParts;
  /** What the authorizer's function does. */
  readonly decide?: (event: AuthorizerEvent, invocation: FunctionInvocation) => FunctionResult | Promise<FunctionResult>;
}

interface AuthorizerEvent {
  readonly methodArn: string;
  readonly authorizationToken?: string;
}

const planWith = ({ authorizer = TOKEN, methods = { "GET /": MOCK, "GET /pets/{id}": MOCK, "DELETE /pets/{id}": MOCK }, plan = {} }: Parts) =>
  planOf(methods, { ...plan, snapshot: { authorizers: [authorizer], ...plan.snapshot } });

/** A gateway whose authorizer's function counts its calls, and whose backend gives its event back. */
async function start(parts: Parts = {}) {
  const { decide = () => resultOf(ALLOW_ALL) } = parts;
  const invocations: FunctionInvocation[] = [];
  const gate = await startGateway([planWith(parts)], {
    ...parts,
    async invoke(invocation) {
      const event = JSON.parse(Buffer.from(invocation.payload).toString()) as AuthorizerEvent;
      if (invocation.functionArn === functionArn("backend")) return resultOf({ statusCode: 200, body: JSON.stringify(event) });
      invocations.push(invocation);
      return decide(event, invocation);
    },
  });
  const ask = async (path: string, token = "allow", asked: Asked = {}) => gate.ask({ path, headers: ["Auth", token], ...asked });
  return {
    ...gate,
    ask,
    invocations,
    events: () => invocations.map(({ payload }) => JSON.parse(Buffer.from(payload).toString()) as unknown),
    status: async (...asked: Parameters<typeof ask>) => (await ask(...asked)).status,
    async answer(...asked: Parameters<typeof ask>) {
      const { status, headers, body } = await ask(...asked);
      return { status, headers, body };
    },
  };
}

/** The same method, whose authorizer's function has a millisecond to answer. */
function hurried(routed: RoutedMethod | undefined): RoutedMethod | undefined {
  const authorizer = routed?.method.authorizer;
  if (routed === undefined || authorizer === undefined || !("timeoutMs" in authorizer)) return routed;
  return { ...routed, method: { ...routed.method, authorizer: { ...authorizer, timeoutMs: 1 } } };
}

const refused = (status: number, errorType: string, body: string) => ({
  status,
  headers: { "content-type": "application/json", "x-amzn-errortype": errorType, ...OWN_HEADERS },
  body,
});
const UNAUTHORIZED = refused(401, "UnauthorizedException", '{"message":"Unauthorized"}');
const NOT_ALLOWED = refused(403, "AccessDeniedException", '{"Message":"User is not authorized to access this resource"}');
const DENIED = refused(403, "AccessDeniedException", '{"Message":"User is not authorized to access this resource with an explicit deny"}');
const MISCONFIGURED = refused(500, "AuthorizerConfigurationException", '{"message":null}');

const failing = (errorMessage: string) => resultOf({ errorType: "Error", errorMessage, trace: [] }, { functionError: "Unhandled" });

describe("a TOKEN authorizer", () => {
  it("is asked with the token and the method's ARN, and tells the backend who calls", async () => {
    let now = NOW;
    const context = { stringKey: "stringval", numberKey: 123, booleanKey: true, nothing: null };
    await using gate = await start({
      methods: { "ANY /pets/{id}": FUNCTION },
      now: () => now,
      decide: () => {
        now += 42;
        return resultOf({ ...ALLOW_ALL, context });
      },
    });
    const answer = await gate.ask("/pets/7?x=1", "Bearer me", { method: "POST", body: "secret body" });
    expect(answer.status).toBe(200);
    expect(gate.invocations).toEqual([
      {
        functionArn: functionArn("auth"),
        type: "RequestResponse",
        payload: expect.any(Uint8Array),
        caller: { principal: "apigateway.amazonaws.com", sourceArn: arnOf("authorizers/abc123"), sourceAccount: "123456789012" },
        traceId: TRACE_ID,
        signal: expect.any(AbortSignal),
      },
    ]);
    expect(gate.events()).toEqual([{ type: "TOKEN", methodArn: arnOf("prod/POST/pets/7"), authorizationToken: "Bearer me" }]);
    const event = JSON.parse(answer.body) as { body: string; requestContext: { authorizer: unknown } };
    expect(event.body).toBe("secret body");
    expect(event.requestContext.authorizer).toEqual({
      principalId: "user",
      integrationLatency: 42,
      stringKey: "stringval",
      numberKey: "123",
      booleanKey: "true",
    });
    const again = JSON.parse((await gate.ask("/pets/7", "Bearer me")).body) as typeof event;
    expect(again.requestContext.authorizer).toMatchObject({ principalId: "user", integrationLatency: 0, numberKey: "123" });
  });

  it("events of methods without an authorizer have none", async () => {
    await using gate = await start({ methods: { "GET /": { ...FUNCTION, authorizationType: "NONE" } } });
    expect(JSON.parse((await gate.ask("/")).body)).not.toHaveProperty("requestContext.authorizer");
    expect(gate.invocations).toEqual([]);
  });

  it("calls its function in the name of its role", async () => {
    await using gate = await start({ authorizer: { ...TOKEN, authorizerCredentials: "arn:aws:iam::123456789012:role/auth" } });
    expect(await gate.status("/")).toBe(200);
    expect(gate.invocations[0]?.caller).toBeUndefined();
  });

  it.each<[string, readonly string[], string | undefined]>([
    ["there is no token", [], undefined],
    ["the token is empty", ["Auth", ""], undefined],
    ["the token is not what it should be", ["Auth", "Bearer 1"], "Bearer \\p{Alpha}+"],
    ["only a part of the token is what it should be", ["Auth", "Bearer 1"], "Bearer"],
  ])("model Authorizer.identitySource: 401 without asking the function, when %s, cached or not", async (_what, headers, identityValidationExpression) => {
    for (const authorizerResultTtlInSeconds of [0, 300]) {
      const authorizer = { ...TOKEN, authorizerResultTtlInSeconds, ...(identityValidationExpression === undefined ? {} : { identityValidationExpression }) };
      await using gate = await start({ authorizer });
      expect(await gate.answer("/", "", { headers })).toEqual(UNAUTHORIZED);
      expect(gate.invocations).toEqual([]);
    }
  });

  it.each<[string, FunctionResult, object]>([
    ["says Allow", resultOf(resultFor(statement("Allow", arnOf("prod/GET/")))), { status: 200, body: "in" }],
    ["says Deny", resultOf(resultFor(statement("Deny", arnOf("prod/GET/")))), DENIED],
    ["says Deny and Allow", resultOf(resultFor(statement("Allow", "*"), statement("Deny", arnOf("*/GET/*")))), DENIED],
    ["allows another method", resultOf(resultFor(statement("Allow", arnOf("prod/POST/")))), NOT_ALLOWED],
    ["allows another stage", resultOf(resultFor(statement("Allow", arnOf("test/GET/")))), NOT_ALLOWED],
    ["allows another action", resultOf(resultFor({ ...statement("Allow", "*"), Action: "execute-api:InvalidateCache" })), NOT_ALLOWED],
    ["has no statement for the method", resultOf({ ...ALLOW_ALL, policyDocument: policyOf({ Effect: "Allow", NotAction: "execute-api:*", Resource: "*" }) }), NOT_ALLOWED],
    ["fails with Unauthorized", failing("Unauthorized"), UNAUTHORIZED],
    ["fails with Unauthorized alone", resultOf({ errorMessage: "Unauthorized" }, { functionError: "Unhandled" }), UNAUTHORIZED],
    ["fails with other words", failing("Unauthorized: expired"), MISCONFIGURED],
    ["fails with a result that would allow", resultOf(ALLOW_ALL, { functionError: "Unhandled" }), MISCONFIGURED],
    ["returns null", resultOf(null), MISCONFIGURED],
    ["returns no principal", resultOf({ policyDocument: ALLOW_ALL.policyDocument }), MISCONFIGURED],
    ["returns no policy", resultOf({ principalId: "user" }), MISCONFIGURED],
    ["returns what a proxy's function does", resultOf({ statusCode: 200, body: "in" }), MISCONFIGURED],
    ["aws-lambda-rust-runtime 863: returns a policy with a condition of null", resultOf(resultFor({ ...statement("Allow", "*"), Condition: null })), MISCONFIGURED],
    ["returns a list in its context", resultOf({ ...ALLOW_ALL, context: { roles: ["a"] } }), MISCONFIGURED],
  ])("whose function %s", async (_what, result, expected) => {
    await using gate = await start({ decide: () => result });
    expect(await gate.answer("/")).toMatchObject(expected);
  });

  it.each(["AccessDeniedException", "ResourceNotFoundException", "TooManyRequestsException", "ServiceException"] as const)(
    "whose function cannot be called answers 500, and the log says why: %s",
    async (code) => {
      await using gate = await start({ decide: () => Promise.reject(new FunctionCallError(code, "refused")) });
      expect(await gate.answer("/")).toEqual(MISCONFIGURED);
      expect(gate.logged).toEqual([
        {
          level: "warn",
          message: "execution failed",
          fields: {
            requestId: REQUEST_ID,
            apiId: API_ID,
            stage: "prod",
            httpMethod: "GET",
            resource: "/",
            type: "AUTHORIZER_CONFIGURATION_ERROR",
            reason: expect.stringMatching(/^Execution failed due to configuration error: .*; Execution failed due to configuration error: Authorizer error$/) as string,
            cause: undefined,
          },
        },
      ]);
    },
  );

  it("limits: whose function takes too long answers 500", async () => {
    await using gate = await start({ decide: () => new Promise(() => undefined) });
    const plan = planWith({});
    gate.gateway.put({ ...plan, route: (path, method) => hurried(plan.route(path, method)) });
    expect(await gate.answer("/")).toEqual(refused(500, "AuthorizerFailureException", '{"message":null}'));
    expect(gate.logged).toMatchObject([{ fields: { type: "AUTHORIZER_FAILURE", reason: "Execution failed due to a timeout error" } }]);
  });

  it("limits: answers 414 past 1,600 bytes of the method's ARN, of which the query is no part", async () => {
    await using gate = await start();
    const fits = 1600 - arnOf("prod/GET/pets/").length;
    expect(await gate.status(`/pets/${"x".repeat(fits)}?${"y".repeat(1000)}`)).toBe(200);
    expect(await gate.answer(`/pets/${"x".repeat(fits + 1)}`)).toEqual({
      status: 414,
      headers: { "content-type": "application/json" },
      body: '{"message":"Request URI too long"}',
    });
    expect(gate.invocations).toHaveLength(1);
  });
});

describe("a REQUEST authorizer", () => {
  const plan = { stage: { variables: { key: "value" } } };
  const start$ = (parts: Parts = {}) => start({ authorizer: REQUEST, plan, ...parts });

  it("is asked with the whole request but its body", async () => {
    await using gate = await start$({ methods: { "ANY /pets/{id}": MOCK } });
    const headers = ["Host", HOST, "Auth", "me", "X-Twice", "1", "X-Twice", "2", "User-Agent", "curl/8"];
    expect(await gate.status("/pets/a%20b?tenant=a&tenant=b", "", { method: "POST", headers, body: "secret body" })).toBe(200);
    const all = { Host: HOST, Auth: "me", "User-Agent": "curl/8", "X-Amzn-Trace-Id": TRACE_ID, "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Port": "80", "X-Forwarded-Proto": "http" };
    expect(gate.events()).toEqual([
      {
        type: "REQUEST",
        methodArn: arnOf("prod/POST/pets/a%20b"),
        resource: "/pets/{id}",
        path: "/pets/a%20b",
        httpMethod: "POST",
        headers: { ...all, "X-Twice": "2" },
        multiValueHeaders: { ...Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])), "X-Twice": ["1", "2"] },
        queryStringParameters: { tenant: "b" },
        multiValueQueryStringParameters: { tenant: ["a", "b"] },
        pathParameters: { id: "a%20b" },
        stageVariables: { key: "value" },
        requestContext: {
          resourceId: "r2",
          resourcePath: "/pets/{id}",
          httpMethod: "POST",
          extendedRequestId: EXTENDED_REQUEST_ID,
          requestTime: "04/Mar/2020:19:15:17 +0000",
          path: "/prod/pets/a%20b",
          accountId: "123456789012",
          protocol: "HTTP/1.1",
          stage: "prod",
          domainPrefix: API_ID,
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
          apiId: API_ID,
        },
      },
    ]);
  });

  it.each<[string, Asked, PlanParts]>([
    ["header", { path: "/?tenant=a", headers: [] }, plan],
    ["query string parameter", { path: "/?tenant=" }, plan],
    ["stage variable", { path: "/?tenant=a" }, {}],
  ])("answers 401 without asking its function when one identity is missing, cached or not: a %s", async (_what, asked, parts) => {
    for (const authorizerResultTtlInSeconds of [0, 300]) {
      await using gate = await start$({ authorizer: { ...REQUEST, authorizerResultTtlInSeconds }, plan: parts });
      expect(await gate.answer("/", "me", asked)).toEqual(UNAUTHORIZED);
      expect(gate.invocations).toEqual([]);
    }
  });

  it("without identity sources is asked for every request, whatever its TTL: its result would be everybody's", async () => {
    const { identitySource: _source, ...authorizer } = REQUEST;
    await using gate = await start$({ authorizer: { ...authorizer, authorizerResultTtlInSeconds: 300 } });
    expect([await gate.status("/", "a"), await gate.status("/", "a")]).toEqual([200, 200]);
    expect(gate.invocations).toHaveLength(2);
  });

  it("configure-api-gateway-lambda-authorization-with-console: all identities together are the key of the cache", async () => {
    await using gate = await start$();
    const count = async (path: string, token: string) => [await gate.status(path, token), gate.invocations.length];
    expect(await count("/?tenant=a", "x")).toEqual([200, 1]);
    expect(await count("/?tenant=a&other=1", "x")).toEqual([200, 1]);
    expect(await count("/?tenant=b", "x")).toEqual([200, 2]);
    expect(await count("/?tenant=a", "y")).toEqual([200, 3]);
    expect(await count('/?tenant=a","x', "")).toEqual([401, 3]);
    expect(await count("/?tenant=a", "x")).toEqual([200, 3]);
  });
});

describe("a result", () => {
  it.each<[string, number | undefined, number]>([
    ["its authorizer's TTL", 60, 60_000],
    ["300 seconds, where the authorizer has no TTL", undefined, 300_000],
    ["no longer than 3,600 seconds", 1_000_000, 3_600_000],
  ])("is kept for %s", async (_what, ttl, ms) => {
    let now = NOW;
    await using gate = await start({ authorizer: { ...TOKEN, ...(ttl === undefined ? {} : { authorizerResultTtlInSeconds: ttl }) }, now: () => now });
    const count = async (token = "a") => [await gate.status("/", token), gate.invocations.length];
    expect(await count()).toEqual([200, 1]);
    now += ms - 1;
    expect(await count()).toEqual([200, 1]);
    expect(await count("b")).toEqual([200, 2]);
    now += 1;
    expect(await count()).toEqual([200, 3]);
  });

  it("is not kept where the TTL is 0", async () => {
    await using gate = await start({ authorizer: { ...TOKEN, authorizerResultTtlInSeconds: 0 } });
    expect([await gate.status("/"), await gate.status("/"), gate.invocations.length]).toEqual([200, 200, 2]);
  });

  it("knowledge-center api-gateway-lambda-authorization-errors: an Allow that is kept for one method opens no other", async () => {
    await using gate = await start({ decide: ({ methodArn }) => resultOf(resultFor(statement("Allow", methodArn))) });
    expect(await gate.status("/pets/7")).toBe(200);
    expect(await gate.answer("/pets/8")).toEqual(NOT_ALLOWED);
    expect(await gate.answer("/pets/7", "allow", { method: "DELETE" })).toEqual(NOT_ALLOWED);
    expect(await gate.answer("/")).toEqual(NOT_ALLOWED);
    expect(await gate.status("/pets/7")).toBe(200);
    expect(gate.invocations).toHaveLength(1);
  });

  it("is kept whatever it says, a Deny as much as an Allow", async () => {
    await using gate = await start({ decide: () => resultOf(resultFor(statement("Deny", arnOf("prod/GET/")), statement("Allow", arnOf("prod/GET/pets/*")))) });
    expect(await gate.answer("/")).toEqual(DENIED);
    expect(await gate.status("/pets/7")).toBe(200);
    expect(await gate.answer("/", "allow", { method: "GET" })).toEqual(DENIED);
    expect(gate.invocations).toHaveLength(1);
  });

  it.each<[string, () => FunctionResult | Promise<FunctionResult>]>([
    ["Unauthorized", () => failing("Unauthorized")],
    ["a function that fails", () => failing("broken")],
    ["no result", () => resultOf({ principalId: "user" })],
    ["a function that cannot be called", () => Promise.reject(new FunctionCallError("TooManyRequestsException", "busy"))],
  ])("is kept, a failure is not: %s", async (_what, fail) => {
    let fails = true;
    await using gate = await start({ decide: () => (fails ? fail() : resultOf(ALLOW_ALL)) });
    expect(await gate.status("/")).not.toBe(200);
    fails = false;
    expect([await gate.status("/"), await gate.status("/"), gate.invocations.length]).toEqual([200, 200, 2]);
  });

  it("is one deployment's, one stage's, and one function's", async () => {
    const authorizer = { ...TOKEN, authorizerUri: uriOf("${stageVariables.fn}") };
    const plan = (stage: PlanParts["stage"] = {}) => ({ authorizer, plan: { stage: { variables: { fn: "auth" }, ...stage } } });
    await using gate = await start(plan());
    const count = async (target = "/prod/") => [await gate.status("/", "a", { target }), gate.invocations.length];
    expect([await count(), await count()]).toEqual([[200, 1], [200, 1]]);
    gate.gateway.put(planWith(plan()));
    expect(await count()).toEqual([200, 1]);
    gate.gateway.put(planWith(plan({ stageName: "test" })));
    expect(await count("/test/")).toEqual([200, 2]);
    gate.gateway.put(planWith(plan({ variables: { fn: "other" } })));
    expect(await count()).toEqual([200, 3]);
    gate.gateway.put(planWith(plan({ deploymentId: "newer" })));
    expect(await count()).toEqual([200, 4]);
    gate.gateway.drop(API_ID, "prod");
    gate.gateway.put(planWith(plan({ deploymentId: "newer" })));
    expect(await count()).toEqual([200, 5]);
    expect(await count("/test/")).toEqual([200, 5]);
  });

  it("FlushStageAuthorizersCache: nobody is let in by what was said, or asked, before it", async () => {
    const waiting: ((result: FunctionResult) => void)[] = [];
    let slow = false;
    await using gate = await start({ decide: () => (slow ? new Promise((resolve) => void waiting.push(resolve)) : resultOf(ALLOW_ALL)) });
    expect([await gate.status("/", "a"), await gate.status("/", "a"), gate.invocations.length]).toEqual([200, 200, 1]);
    slow = true;
    const late = gate.status("/", "b");
    await expect.poll(() => waiting.length).toBe(1);
    await gate.gateway.flushAuthorizers(API_ID, "prod");
    waiting[0]?.(resultOf(ALLOW_ALL));
    expect(await late).toBe(200);
    slow = false;
    expect([await gate.status("/", "a"), await gate.status("/", "b"), gate.invocations.length]).toEqual([200, 200, 4]);
  });

  it("is what each of several requests is told that come at the same time", async () => {
    const waiting: ((result: FunctionResult) => void)[] = [];
    await using gate = await start({ decide: () => new Promise((resolve) => void waiting.push(resolve)) });
    const both = [gate.status("/"), gate.status("/")];
    await expect.poll(() => waiting.length).toBe(2);
    waiting[1]?.(resultOf(ALLOW_ALL));
    expect(await both[1]).toBe(200);
    waiting[0]?.(failing("Unauthorized"));
    expect(new Set(await Promise.all(both))).toEqual(new Set([200, 401]));
    expect(await gate.status("/")).toBe(200);
    expect(waiting).toHaveLength(2);
  });

  it("gives way, the least recently used first, under the operator's limit", async () => {
    const cache = createMemoryCache({ clock: { now: () => NOW, after: () => () => undefined }, limitBytes: 25_000 });
    await using gate = await start({ cache, decide: () => resultOf({ ...ALLOW_ALL, context: { long: "x".repeat(10_000) } }) });
    const count = async (token: string) => [await gate.status("/", token), gate.invocations.length];
    expect([await count("a"), await count("b"), await count("a"), await count("c"), await count("a"), await count("b")]).toEqual([
      [200, 1],
      [200, 2],
      [200, 2],
      [200, 3],
      [200, 3],
      [200, 4],
    ]);
    expect(cache.usage().entries).toBe(2);
    expect(cache.usage().bytes).toBeLessThan(25_000);
  });

  it("is kept under a key that gives no token away", async () => {
    const keys: string[] = [];
    const behind = createMemoryCache({ clock: { now: () => NOW, after: () => () => undefined }, limitBytes: 1_000_000 });
    const cache: Cache = {
      provision: (...args) => behind.provision(...args),
      evict: (...args) => behind.evict(...args),
      flush: (name) => behind.flush(name),
      usage: () => behind.usage(),
      open: async (name, key) => (keys.push(key), behind.open(name, key)),
    };
    await using gate = await start({ cache });
    expect([await gate.status("/", "key-secret"), await gate.status("/", "key-secret"), gate.invocations.length]).toEqual([200, 200, 1]);
    expect(keys).toHaveLength(2);
    expect(keys.join()).not.toContain("secret");
  });
});

describe("policies", () => {
  it.each<[string, object, string, boolean]>([
    ["* within an ARN", statement("Allow", arnOf("*/GET/pets/*")), "/pets/7", true],
    ["? within an ARN", statement("Allow", arnOf("prod/GET/pets/?")), "/pets/77", false],
    ["several resources", statement("Allow", arnOf("prod/GET/"), arnOf("prod/GET/pets/7")), "/pets/7", true],
    ["NotResource", { Action: "execute-api:Invoke", Effect: "Allow", NotResource: arnOf("prod/GET/pets/7") }, "/pets/7", false],
    ["NotAction", { NotAction: "execute-api:ManageConnections", Effect: "Allow", Resource: "*" }, "/pets/7", true],
    ["the path as it travelled", statement("Allow", arnOf("prod/GET/pets/7")), "/pets/%37", false],
    ["another account's API", statement("Allow", arnOf("prod/GET/*").replace("123456789012", "210987654321")), "/", false],
  ])("%s", async (_what, only, path, allowed) => {
    await using gate = await start({ decide: () => resultOf(resultFor(only)) });
    expect(await gate.answer(path)).toMatchObject(allowed ? { status: 200 } : NOT_ALLOWED);
  });

  it.each<[string, object, boolean]>([
    ["whose condition holds", { IpAddress: { "aws:SourceIp": "127.0.0.0/8" }, Bool: { "aws:SecureTransport": "false" } }, true],
    ["whose condition does not hold", { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } }, false],
    ["whose condition is about what the request has not", { StringLike: { "aws:UserAgent": "*" } }, false],
  ])("a statement %s", async (_what, Condition, allowed) => {
    await using gate = await start({ decide: () => resultOf(resultFor({ ...statement("Allow", "*"), Condition })) });
    expect(await gate.answer("/")).toMatchObject(allowed ? { status: 200 } : NOT_ALLOWED);
  });

  // The backend of a proxy may take any of these for the first.
  const spellings = ["/pets/7", "/pets/7/", "/pets/%37", "/pets/%37/", "/pets/7//", "//pets/7", "/pets//7", "/pets%2F7", "/%2Fpets/7"];
  const withDots = ["/%zz/../pets/7", "/x/../pets/7", "/x/%2e%2E/pets/7", "/pets/./7", "/pets/7/.", "/../pets/7"];
  it.each([...spellings, ...withDots])("what is denied is denied however its path is spelled: %s", async (path) => {
    const methods = { "GET /pets/{id}": MOCK, "GET /{proxy+}": MOCK };
    const denied = statement("Deny", arnOf("prod/GET/pets/7"), arnOf("prod/GET/%zz/*"));
    await using gate = await start({ methods, decide: () => resultOf(resultFor(statement("Allow", "*"), denied)) });
    expect(await gate.answer(path)).toEqual(DENIED);
    expect(await gate.status("/pets/8")).toBe(200);
  });
});

describe("$context.authorizer", () => {
  const context = { tenant: 'a"b', numberKey: 1, status: "gold" };
  const decide = ({ authorizationToken }: AuthorizerEvent) =>
    resultOf({ ...resultFor(statement(authorizationToken === "deny" ? "Deny" : "Allow", "*")), context });

  it("stands in parameter mappings and templates, as texts", async () => {
    const template = '{"id":"$context.authorizer.principalId","tenant":"$util.escapeJavaScript($context.authorizer.tenant)","n":$context.authorizer.numberKey,"none":"$context.authorizer.none","latency":"$context.authorizer.integrationLatency"}';
    const method: MethodParts = {
      ...CUSTOM,
      integration: {
        requestTemplates: { "application/json": '{"statusCode": 200}' },
        integrationResponses: {
          200: {
            statusCode: "200",
            responseParameters: { "method.response.header.x-principal": "context.authorizer.principalId", "method.response.header.x-none": "context.authorizer.none" },
            responseTemplates: { "application/json": template },
          },
        },
      },
    };
    await using gate = await start({ methods: { "GET /": method }, decide });
    const { headers, body } = await gate.ask("/");
    expect(headers).toEqual({ "content-type": "application/json", "x-principal": "user", ...OWN_HEADERS });
    expect(body).toBe('{"id":"user","tenant":"a\\"b","n":1,"none":"","latency":"0"}');
  });

  const gatewayResponses: readonly GatewayResponse[] = [
    {
      responseType: "ACCESS_DENIED",
      statusCode: "404",
      responseParameters: { "gatewayresponse.header.x-tenant": "context.authorizer.tenant", "gatewayresponse.header.x-type": "context.error.responseType" },
      responseTemplates: { "application/json": '{"who":"$context.authorizer.principalId","what":"$context.authorizer.status","why":$context.error.messageString}' },
    },
    {
      responseType: "UNAUTHORIZED",
      responseParameters: { "gatewayresponse.header.WWW-Authenticate": "'Bearer'" },
      responseTemplates: { "application/json": '{"who":"$context.authorizer.principalId","why":$context.error.messageString}' },
    },
    { responseType: "DEFAULT_5XX", statusCode: "503", responseParameters: {}, responseTemplates: { "application/json": '{"type":"$context.error.responseType"}' } },
  ];

  it("stands in the gateway responses of the refused", async () => {
    await using gate = await start({ plan: { snapshot: { gatewayResponses } }, decide });
    expect(await gate.answer("/", "deny")).toEqual({
      status: 404,
      headers: { "content-type": "application/json", "x-amzn-errortype": "AccessDeniedException", "x-tenant": 'a"b', "x-type": "ACCESS_DENIED", ...OWN_HEADERS },
      body: '{"who":"user","what":"gold","why":"User is not authorized to access this resource with an explicit deny"}',
    });
    expect(await gate.answer("/", "")).toEqual({
      status: 401,
      headers: { "content-type": "application/json", "x-amzn-errortype": "UnauthorizedException", "www-authenticate": "Bearer", ...OWN_HEADERS },
      body: '{"who":"","why":"Unauthorized"}',
    });
  });

  it("supported-gateway-response-types: a failing authorizer has the answers of its class", async () => {
    await using gate = await start({ plan: { snapshot: { gatewayResponses } }, decide: () => resultOf(null) });
    expect(await gate.answer("/")).toMatchObject({ status: 503, body: '{"type":"AUTHORIZER_CONFIGURATION_ERROR"}' });
  });
});

describe("nobody is let in by mistake", () => {
  const bug = refused(500, "InternalServerErrorException", '{"message": "Internal server error"}');

  it("when calling the function fails in a way that nobody foresaw", async () => {
    await using gate = await start({ decide: () => Promise.reject(new RangeError("bug")) });
    expect(await gate.answer("/")).toEqual(bug);
    expect(gate.logged).toMatchObject([{ level: "error", message: "a request failed on a bug", error: new RangeError("bug") }]);
  });

  it.each<[string, Cache["open"]]>([
    ["throws", () => { throw new RangeError("bug"); }],
    ["rejects", () => Promise.reject(new RangeError("bug"))],
  ])("when the cache %s", async (_what, open) => {
    const cache: Cache = { provision: () => undefined, evict: () => undefined, flush: () => Promise.resolve(), usage: () => ({ entries: 0, bytes: 0, limitBytes: 0 }), open };
    await using gate = await start({ cache });
    expect(await gate.answer("/")).toEqual(bug);
  });

  it("when the cache holds what is no result: the function is asked", async () => {
    const filled: Buffer[] = [];
    const slot = { value: Buffer.from('{"principalId":"user"}'), fill: (value: Buffer) => void filled.push(value), clear: () => undefined };
    const cache: Cache = { provision: () => undefined, evict: () => undefined, flush: () => Promise.resolve(), usage: () => ({ entries: 0, bytes: 0, limitBytes: 0 }), open: () => slot };
    await using gate = await start({ cache });
    expect([await gate.status("/"), gate.invocations.length, filled.map(String)]).toEqual([200, 1, [JSON.stringify(ALLOW_ALL)]]);
  });

  it.each<[string, Partial<MethodParts>, string]>([
    ["has no authorizer", { authorizationType: "CUSTOM" }, "The method has no authorizer"],
    ["refers to one that is not there", { ...CUSTOM, authorizerId: "gone" }, "The method refers to the authorizer gone, which the API does not have"],
    ["wants another kind of authorization", { authorizationType: "AWS" }, "The method uses authorization AWS"],
  ])("by a method that %s, although it should never have been deployed", async (_what, parts, reason) => {
    const { authorizationType: _type, authorizerId: _id, ...rest } = MOCK;
    await using gate = await start({ methods: { "GET /": { ...rest, ...parts } } });
    expect(await gate.answer("/")).toEqual(MISCONFIGURED);
    expect(gate.logged).toMatchObject([{ fields: { type: "AUTHORIZER_CONFIGURATION_ERROR", reason } }]);
  });

  it("and nobody waits for a body to turn a caller away", async () => {
    await using gate = await start({ methods: { "POST /": FUNCTION }, decide: () => resultOf(resultFor(statement("Deny", "*"))) });
    const socket = connect(gate.port, "127.0.0.1");
    socket.write(`POST /prod/ HTTP/1.1\r\nHost: ${HOST}\r\nAuth: me\r\nContent-Length: 1000000\r\nConnection: close\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain("with an explicit deny");
  });
});
