// Lambda authorizers on routes of HTTP APIs: what they are asked, whom they let in, and how long that holds
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { HttpAuthorizer } from "../../src/domain/http-api.ts";
import { FunctionCallError, type FunctionInvocation, type FunctionResult } from "../../src/ports/functions.ts";
import type { LogSink } from "../../src/ports/log-sink.ts";
import { type Answer, EXTENDED_REQUEST_ID, NOW, resultOf, type TestGateway, TRACE_ID } from "../harness/gateway.ts";
import { HTTP_API_ID, HTTP_HOST, type HttpApiParts, httpStage, serveHttpApi, startHttpApi } from "../harness/http-api.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:pets";
const AUTHORIZER = "arn:aws:lambda:us-east-1:123456789012:function:auth";
const ROUTES = `arn:aws:execute-api:us-east-1:123456789012:${HTTP_API_ID}/$default`;

let gate: TestGateway;
let now = NOW;
/** What the authorizer's function was asked. */
const asked: FunctionInvocation[] = [];
const events: unknown[] = [];
const lines: string[] = [];
let authorizer: () => Promise<FunctionResult>;

beforeAll(async () => {
  const logs: LogSink = { write: (_group, _at, line) => void lines.push(line), usage: () => ({ written: 0, dropped: 0 }), close: () => Promise.resolve() };
  gate = await startHttpApi([], {
    logs,
    now: () => now,
    invoke(invocation) {
      if (invocation.functionArn === AUTHORIZER) return asked.push(invocation), authorizer();
      events.push(JSON.parse(Buffer.from(invocation.payload).toString()));
      return Promise.resolve(resultOf({ statusCode: 200, body: "let in" }));
    },
  });
});
afterAll(() => gate[Symbol.asyncDispose]());
beforeEach(() => {
  now += 10_000_000;
  for (const list of [asked, events, lines]) list.splice(0);
});

const lambda = (payloadFormatVersion: "1.0" | "2.0" = "2.0") =>
  ({ authorizationType: "CUSTOM", authorizerId: "auth", integration: { integrationType: "AWS_PROXY", integrationUri: FUNCTION, payloadFormatVersion } }) as const;

const byFunction = (parts: Partial<HttpAuthorizer> = {}): HttpAuthorizer => ({
  authorizerId: "auth",
  name: "auth",
  authorizerType: "REQUEST",
  identitySource: ["$request.header.Authorization"],
  authorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${AUTHORIZER}/invocations`,
  authorizerPayloadFormatVersion: "2.0",
  authorizerResultTtlInSeconds: 0,
  enableSimpleResponses: true,
  ...parts,
});

const FORMAT = "$context.authorizer.error|$context.authorizer.principalId|$context.authorizer.key|$context.authorizer.claims|$context.integrationErrorMessage";

function serve(parts: Partial<HttpAuthorizer> = {}, { stage, ...api }: Partial<HttpApiParts> = {}): void {
  const accessLogSettings = { destinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:/pets", format: FORMAT };
  serveHttpApi(gate, [httpStage({ routes: { "GET /pets": lambda(), "GET /dogs": lambda(), "GET /pets/{id}": lambda() }, authorizers: [byFunction(parts)], ...api, stage: { accessLogSettings, ...stage } })]);
}

const shown = ({ status, headers, body }: Answer) => ({ status, headers, body });
const own = { "content-type": "application/json", "apigw-requestid": EXTENDED_REQUEST_ID };
const LET_IN = { status: 200, headers: { ...own, "content-type": "text/plain; charset=utf-8" }, body: "let in" };
const UNAUTHORIZED = { status: 401, headers: own, body: '{"message":"Unauthorized"}' };
const FORBIDDEN = { status: 403, headers: own, body: '{"message":"Forbidden"}' };
const FAILED = { status: 500, headers: own, body: '{"message":"Internal Server Error"}' };

const ask = async (path = "/pets", token: string | undefined = "good", headers: readonly string[] = []) =>
  shown(await gate.ask({ path, headers: token === "" ? headers : ["Authorization", token, ...headers] }));

const says = (answer: unknown, parts: Partial<FunctionResult> = {}): void => {
  authorizer = () => Promise.resolve(resultOf(answer, parts));
};

const policy = (Effect: "Allow" | "Deny", Resource: string | readonly string[], rest: object = {}) => ({
  principalId: "abcdef",
  policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect, Resource }] },
  ...rest,
});

describe("the event", () => {
  it("of format 2.0 is the one that the guide prints, with this request's values", async () => {
    says({ isAuthorized: true });
    serve({ identitySource: ["$request.header.Auth", "$request.querystring.id"] }, {
      routes: { "GET /pets/{parameter1}": lambda() },
      stage: { stageName: "test", stageVariables: { stageVariable1: "value1" } },
    });
    const query = "parameter1=value1&parameter1=value2&id=123";
    expect(await ask(`/test/pets/a%20b?${query}`, "", ["Auth", "user1", "Cookie", "cookie1; cookie2", "User-Agent", "agent"])).toEqual(LET_IN);
    expect(Buffer.from(asked[0]?.payload ?? "").toString()).toBe(
      JSON.stringify({
        version: "2.0",
        type: "REQUEST",
        routeArn: `arn:aws:execute-api:us-east-1:123456789012:${HTTP_API_ID}/test/GET/pets/a%20b`,
        identitySource: ["user1", "123"],
        routeKey: "GET /pets/{parameter1}",
        rawPath: "/test/pets/a b",
        rawQueryString: query,
        cookies: ["cookie1", "cookie2"],
        headers: {
          auth: "user1",
          "content-length": "0",
          host: HTTP_HOST,
          "user-agent": "agent",
          "x-amzn-trace-id": `Root=1-${Math.floor(now / 1000).toString(16)}-${TRACE_ID.slice(-24)}`,
          "x-forwarded-for": "127.0.0.1",
          "x-forwarded-port": "80",
          "x-forwarded-proto": "http",
        },
        queryStringParameters: { parameter1: "value1,value2", id: "123" },
        requestContext: {
          accountId: "123456789012",
          apiId: HTTP_API_ID,
          domainName: HTTP_HOST,
          domainPrefix: HTTP_API_ID,
          http: { method: "GET", path: "/test/pets/a b", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "agent" },
          requestId: EXTENDED_REQUEST_ID,
          routeKey: "GET /pets/{parameter1}",
          stage: "test",
          time: timeOf(now),
          timeEpoch: now,
        },
        pathParameters: { parameter1: "a b" },
        stageVariables: { stageVariable1: "value1" },
      }),
    );
  });

  it("of format 1.0 is the one that the guide prints, with this request's values and the context of integrations' events", async () => {
    says(policy("Allow", "*"));
    serve({ authorizerPayloadFormatVersion: "1.0", enableSimpleResponses: false, identitySource: ["$request.header.Auth", "$request.querystring.id"] }, { routes: { $default: lambda() } });
    expect(await ask("/request?id=123", "", ["Auth", "user1"])).toEqual(LET_IN);
    expect(Buffer.from(asked[0]?.payload ?? "").toString()).toBe(
      JSON.stringify({
        version: "1.0",
        type: "REQUEST",
        methodArn: `${ROUTES}/GET/request`,
        identitySource: "user1,123",
        authorizationToken: "user1,123",
        resource: "$default",
        path: "/request",
        httpMethod: "GET",
        headers: {
          "Content-Length": "0",
          Host: HTTP_HOST,
          "X-Amzn-Trace-Id": `Root=1-${Math.floor(now / 1000).toString(16)}-${TRACE_ID.slice(-24)}`,
          "X-Forwarded-For": "127.0.0.1",
          "X-Forwarded-Port": "80",
          "X-Forwarded-Proto": "http",
          auth: "user1",
        },
        queryStringParameters: { id: "123" },
        pathParameters: {},
        stageVariables: {},
        requestContext: {
          accountId: "123456789012",
          apiId: HTTP_API_ID,
          domainName: HTTP_HOST,
          domainPrefix: HTTP_API_ID,
          extendedRequestId: EXTENDED_REQUEST_ID,
          httpMethod: "GET",
          identity: {
            accessKey: null, accountId: null, caller: null, cognitoAmr: null, cognitoAuthenticationProvider: null, cognitoAuthenticationType: null,
            cognitoIdentityId: null, cognitoIdentityPoolId: null, principalOrgId: null, sourceIp: "127.0.0.1", user: null, userAgent: null, userArn: null,
          },
          path: "/request",
          protocol: "HTTP/1.1",
          requestId: EXTENDED_REQUEST_ID,
          requestTime: timeOf(now),
          requestTimeEpoch: now,
          resourceId: "$default",
          resourcePath: "$default",
          stage: "$default",
        },
      }),
    );
  });

  it("names no identity where the authorizer looks at none", async () => {
    says({ isAuthorized: true });
    serve({ identitySource: [] });
    expect(await ask("/pets", "")).toEqual(LET_IN);
    expect(JSON.parse(Buffer.from(asked[0]?.payload ?? "").toString())).toMatchObject({ identitySource: null });
  });

  it("goes to the function in the name of the API, or of a role", async () => {
    says({ isAuthorized: true });
    serve();
    await ask();
    expect(asked[0]?.caller).toEqual({
      principal: "apigateway.amazonaws.com",
      sourceArn: `arn:aws:execute-api:us-east-1:123456789012:${HTTP_API_ID}/authorizers/auth`,
      sourceAccount: "123456789012",
    });
    serve({ authorizerCredentialsArn: "arn:aws:iam::123456789012:role/auth" });
    await ask();
    expect(asked[1]?.caller).toBeUndefined();
  });
});

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
function timeOf(at: number): string {
  const [, year = "", month = "", day = "", time = ""] = /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(new Date(at).toISOString()) ?? [];
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}

describe("identity sources", () => {
  const sources = ["$request.header.X-Key", "$request.querystring.Key", "$context.routeKey", "$stageVariables.v"];

  it("are told to the function in their order", async () => {
    says({ isAuthorized: true });
    serve({ identitySource: sources }, { stage: { stageVariables: { v: "1" } } });
    expect(await ask("/pets?Key=b&Key=c", "", ["x-key", "a", "X-KEY", "z"])).toEqual(LET_IN);
    expect(JSON.parse(Buffer.from(asked[0]?.payload ?? "").toString())).toMatchObject({ identitySource: ["a,z", "b,c", "GET /pets", "1"] });
  });

  it.each([
    ["a header", "/pets?Key=b", []],
    ["an empty header", "/pets?Key=b", ["X-Key", ""]],
    ["a parameter in its very spelling", "/pets?key=b", ["X-Key", "a"]],
    ["a parameter's value", "/pets?Key=", ["X-Key", "a"]],
  ])("that lack %s are 401, and the function is not asked", async (_what, path, headers) => {
    serve({ identitySource: sources }, { stage: { stageVariables: { v: "1" } } });
    expect(await ask(path, "", headers)).toEqual(UNAUTHORIZED);
    expect(asked).toEqual([]);
    expect(lines).toEqual(["The request lacks an identity source|-|-|-|-"]);
  });

  it("that the stage does not have are 401", async () => {
    serve({ identitySource: ["$stageVariables.v"] });
    expect(await ask()).toEqual(UNAUTHORIZED);
  });
});

describe("simple responses", () => {
  const context = { key: "value", numberKey: 1, booleanKey: true, arrayKey: ["value1", "value2"], mapKey: { value1: "value2" } };

  it("that say true let a request in, and their context goes to the function and the log", async () => {
    says({ isAuthorized: true, context });
    serve();
    expect(await ask()).toEqual(LET_IN);
    expect(events).toMatchObject([{ requestContext: { authorizer: { lambda: context } } }]);
    expect(lines).toEqual(["-|-|value|-|-"]);
  });

  it("without a context give the function none", async () => {
    says({ isAuthorized: true });
    serve();
    await ask();
    expect(events).toMatchObject([{ requestContext: { authorizer: { lambda: null } } }]);
  });

  it("that say false are 403", async () => {
    says({ isAuthorized: false, context });
    serve();
    expect(await ask()).toEqual(FORBIDDEN);
    expect(events).toEqual([]);
    expect(lines).toEqual(["The caller is not authorized|-|value|-|-"]);
  });

  it.each([[{ isAuthorized: "true" }], [{}], [null], ["true"], [true], [[]], [{ isAuthorized: true, context: "x" }], [policy("Allow", "*")]])("cannot be %j: 500", async (answer) => {
    says(answer);
    serve();
    expect(await ask()).toEqual(FAILED);
    expect(events).toEqual([]);
  });
});

describe("policies", () => {
  const serveByPolicy = (parts: Partial<HttpAuthorizer> = {}, api: Partial<HttpApiParts> = {}) => serve({ enableSimpleResponses: false, ...parts }, api);

  it.each<[string, object, string, typeof LET_IN]>([
    ["that allow the route's ARN", policy("Allow", `${ROUTES}/GET/pets`), "/pets", LET_IN],
    ["that allow all routes", policy("Allow", `${ROUTES}/*`), "/pets", LET_IN],
    ["that allow another route", policy("Allow", `${ROUTES}/GET/dogs`), "/pets", FORBIDDEN],
    ["that allow another method", policy("Allow", `${ROUTES}/POST/pets`), "/pets", FORBIDDEN],
    ["that deny it", policy("Deny", `${ROUTES}/GET/pets`), "/pets", FORBIDDEN],
    ["that deny it in a plainer spelling", { ...policy("Allow", "*"), policyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }, { Effect: "Deny", Action: "*", Resource: `${ROUTES}/GET/pets/secret` }] } }, "/pets/secre%74", FORBIDDEN],
  ])("%s", async (_what, answer, path, expected) => {
    says(answer);
    serveByPolicy();
    expect(await ask(path)).toEqual(expected);
  });

  it("have a principal for the log, and for functions that get format 1.0", async () => {
    says(policy("Allow", "*", { context: { key: "value", numKey: 1, claims: { a: "b" } } }));
    serveByPolicy({ authorizerPayloadFormatVersion: "1.0" }, { routes: { "GET /pets": lambda("1.0"), "GET /dogs": lambda("2.0") } });
    await ask("/pets");
    await ask("/dogs");
    expect(JSON.stringify((events[0] as { requestContext: { authorizer: unknown } }).requestContext.authorizer)).toBe('{"claims":null,"key":"value","numKey":1,"principalId":"abcdef","scopes":null}');
    expect(events[1]).toMatchObject({ requestContext: { authorizer: { lambda: { key: "value", numKey: 1 } } } });
    expect(lines).toEqual(["-|abcdef|value|-|-", "-|abcdef|value|-|-"]);
  });

  it.each([
    [{ isAuthorized: true }],
    [{ principalId: "a" }],
    [{ policyDocument: policy("Allow", "*").policyDocument }],
    [{ principalId: "a", policyDocument: { Version: "2012-10-17", Statement: [{ Effect: "allow", Action: "*", Resource: "*" }] } }],
    [{ ...policy("Allow", "*"), context: [] }],
  ])("cannot be %j: 500", async (answer) => {
    says(answer);
    serveByPolicy();
    expect(await ask()).toEqual(FAILED);
    expect(events).toEqual([]);
  });
});

describe("an authorizer that fails", () => {
  it("by an error is 500, and by the error Unauthorized 401", async () => {
    serve();
    says({ errorMessage: "boom", errorType: "Error" }, { functionError: "Unhandled" });
    expect(await ask()).toEqual(FAILED);
    says({ errorMessage: "Unauthorized", errorType: "Error" }, { functionError: "Unhandled" });
    expect(await ask()).toEqual(UNAUTHORIZED);
    expect(lines).toEqual(["The authorizer's function returned the following error: boom|-|-|-|-", "Unauthorized|-|-|-|-"]);
  });

  // https://repost.aws/knowledge-center/api-gateway-http-lambda-integrations
  it("because it may not be called is 500", async () => {
    serve();
    authorizer = () => Promise.reject(new FunctionCallError("AccessDeniedException", "no"));
    expect(await ask()).toEqual(FAILED);
    expect(lines).toEqual(["The IAM role configured on the authorizer or API Gateway doesn't have permissions to call the authorizer. Check the permissions and try again.|-|-|-|-"]);
  });

  it("because its URI leads nowhere is 500", async () => {
    serve({ authorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${stageVariables.none}/invocations" });
    expect(await ask()).toEqual(FAILED);
    expect(asked).toEqual([]);
  });

  it("because it takes too long is 500, and given up", async () => {
    authorizer = () => new Promise(() => undefined);
    const plan = httpStage({ routes: { "GET /pets": lambda() }, authorizers: [byFunction()] });
    const route = (path: string, method: string) => {
      const routed = plan.route(path, method);
      const quick = routed?.route.authorizer?.type === "REQUEST" ? { ...routed.route.authorizer, timeoutMs: 50 } : undefined;
      return routed && { ...routed, route: { ...routed.route, authorizer: quick } };
    };
    serveHttpApi(gate, [{ ...plan, route }]);
    expect(await ask()).toEqual(FAILED);
    expect(asked[0]?.signal?.aborted).toBe(true);
  });

  it("is not remembered", async () => {
    serve({ authorizerResultTtlInSeconds: 300 });
    says({ isAuthorized: "maybe" });
    expect(await ask()).toEqual(FAILED);
    says({ isAuthorized: true });
    expect(await ask()).toEqual(LET_IN);
    expect(asked).toHaveLength(2);
  });
});

describe("a result that is kept", () => {
  const kept = { authorizerResultTtlInSeconds: 60 };

  it("is asked for once for each identity, until its time is over", async () => {
    says({ isAuthorized: true, context: { key: "value" } });
    serve(kept);
    for (const token of ["a", "a", "b", "a"]) expect(await ask("/pets", token)).toEqual(LET_IN);
    expect(asked).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ requestContext: { authorizer: { lambda: { key: "value" } } } });
    now += 59_999;
    await ask("/pets", "a");
    expect(asked).toHaveLength(2);
    now += 1;
    await ask("/pets", "a");
    expect(asked).toHaveLength(3);
  });

  it("holds for all routes of the authorizer, refusals too", async () => {
    says({ isAuthorized: false });
    serve(kept);
    expect([await ask("/pets"), await ask("/dogs")]).toEqual([FORBIDDEN, FORBIDDEN]);
    expect(asked).toHaveLength(1);
  });

  it("holds for one route where $context.routeKey is an identity source", async () => {
    says({ isAuthorized: true });
    serve({ ...kept, identitySource: ["$request.header.Authorization", "$context.routeKey"] });
    for (const path of ["/pets", "/dogs", "/pets", "/pets/1", "/pets/2"]) await ask(path);
    expect(asked).toHaveLength(3);
  });

  it("opens with its policy for one route no other", async () => {
    says(policy("Allow", `${ROUTES}/GET/pets`));
    serve({ ...kept, enableSimpleResponses: false });
    expect([await ask("/pets"), await ask("/dogs"), await ask("/pets")]).toEqual([LET_IN, FORBIDDEN, LET_IN]);
    expect(asked).toHaveLength(1);
  });

  it("is nobody's without an identity source", async () => {
    says({ isAuthorized: true });
    serve({ ...kept, identitySource: [] });
    await ask();
    await ask();
    expect(asked).toHaveLength(2);
  });

  it("is another authorizer's, stage's or deployment's no more than it is another caller's", async () => {
    says({ isAuthorized: true });
    const routes = { "GET /pets": lambda(), "GET /dogs": { ...lambda(), authorizerId: "other" } };
    const authorizers = [byFunction(kept), byFunction({ ...kept, authorizerId: "other" })];
    serve({}, { routes, authorizers });
    await ask("/pets");
    await ask("/dogs");
    expect(asked).toHaveLength(2);
    serve({}, { routes, authorizers, stage: { deploymentId: "d2" } });
    await ask("/pets");
    expect(asked).toHaveLength(3);
  });

  it("is gone once the authorizers' cache is reset, and once its stage is gone", async () => {
    says({ isAuthorized: true });
    serve(kept);
    await ask();
    await gate.gateway.flushAuthorizers(HTTP_API_ID, "$default");
    await ask();
    expect(asked).toHaveLength(2);
    gate.gateway.dropHttpApi(HTTP_API_ID);
    serve(kept);
    await ask();
    expect(asked).toHaveLength(3);
  });
});
