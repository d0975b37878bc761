// User pool authorizers on methods: which tokens let a caller in, what refused callers are told, and what backends learn of
// those that are let in (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html).
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import type { Authorizer } from "../../src/domain/authorizer.ts";
import { createTestInvocations } from "../../src/publish/index.ts";
import { NOW, OWN_HEADERS, REQUEST_ID, resultOf, startGateway, type TestGateway } from "../harness/gateway.ts";
import { newKey, startIssuer, type TestIssuer } from "../harness/issuer.ts";
import { api, type MethodParts, planOf, type PlanParts } from "../harness/rest-api.ts";

const SECONDS = Math.floor(NOW / 1000);
const KEY = newKey("key-1");
const OTHER_KEY = newKey("key-2");
const poolArn = (name: string) => `arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_${name}`;

const POOLS: Authorizer = {
  id: "abc123",
  name: "pools",
  type: "COGNITO_USER_POOLS",
  authType: "cognito_user_pools",
  providerARNs: [poolArn("a")],
  identitySource: "method.request.header.Authorization",
};
const BY_POOLS = { authorizationType: "COGNITO_USER_POOLS", authorizerId: "abc123" } as const;
const answering = (template: string): MethodParts => ({
  ...BY_POOLS,
  integration: { requestTemplates: { "application/json": '{"statusCode": 200}' }, integrationResponses: { 200: { statusCode: "200", responseTemplates: { "application/json": template } } } },
});
const IN = answering("in");
const uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:backend/invocations";
const FUNCTION: MethodParts = { ...BY_POOLS, integration: { type: "AWS_PROXY", httpMethod: "POST", uri } };

const METHODS: Readonly<Record<string, MethodParts>> = {
  "GET /": IN,
  "GET /event": FUNCTION,
  "GET /scoped": { ...IN, authorizationScopes: ["pets/read", "pets/write"] },
  "GET /open": { ...IN, authorizationType: "NONE" },
};

interface Parts {
  readonly authorizer?: Partial<Authorizer>;
  readonly methods?: Readonly<Record<string, MethodParts>>;
  readonly plan?: PlanParts;
  readonly now?: () => number;
}

let issuer: TestIssuer;
let other: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer({ now: () => NOW, path: "us-east-1_a", keys: [KEY] });
  other = await startIssuer({ now: () => NOW, path: "us-east-1_b", keys: [OTHER_KEY] });
});
afterAll(async () => {
  await issuer.stop();
  await other.stop();
});

const plan = ({ authorizer = {}, methods = METHODS, plan: parts = {} }: Parts) =>
  planOf(methods, {
    userPools: new Map([[poolArn("a"), issuer.issuer], [poolArn("b"), other.issuer]]),
    ...parts,
    snapshot: { authorizers: [{ ...POOLS, ...authorizer }], ...parts.snapshot },
  });

/** A gateway whose functions give their events back. */
const start = (parts: Parts = {}): Promise<TestGateway> =>
  startGateway([plan(parts)], {
    ...(parts.now && { now: parts.now }),
    invoke: ({ payload }) => Promise.resolve(resultOf({ statusCode: 200, body: Buffer.from(payload).toString() })),
  });

const ask = async (gate: TestGateway, token: string | undefined, path = "/") => {
  const { status, headers, body } = await gate.ask({ path, headers: token === undefined ? [] : ["Authorization", token] });
  return { status, headers, body };
};
const outcome = async (gate: TestGateway, token: string | undefined, path?: string) => {
  const { status, body } = await ask(gate, token, path);
  return `${status} ${body}`;
};

const refused = (message: string) => ({
  status: 401,
  headers: { "content-type": "application/json", "x-amzn-errortype": "UnauthorizedException", ...OWN_HEADERS },
  body: JSON.stringify({ message }),
});
const UNAUTHORIZED = refused("Unauthorized");
const SAID_UNAUTHORIZED = '401 {"message":"Unauthorized"}';

const ID = { token_use: "id", aud: "client" };
const ACCESS = { token_use: "access", client_id: "client", scope: "openid pets/read" };

describe("a token of the user pool", () => {
  let gate: TestGateway;
  beforeAll(async () => {
    gate = await start();
  });
  afterAll(() => gate[Symbol.asyncDispose]());

  it.each<[string, () => string | undefined, string]>([
    ["an identity token", () => issuer.sign(ID), "200 in"],
    ["an identity token as a bearer's", () => `Bearer ${issuer.sign(ID)}`, "200 in"],
    ["an identity token as a bearer's, in lower case", () => `bearer  ${issuer.sign(ID)}`, "200 in"],
    ["an access token", () => issuer.sign(ACCESS), SAID_UNAUTHORIZED],
    ["no token", () => undefined, SAID_UNAUTHORIZED],
    ["an empty token", () => "", SAID_UNAUTHORIZED],
    ["a bearer's without one", () => "Bearer ", SAID_UNAUTHORIZED],
    ["another scheme", () => `Basic ${issuer.sign(ID)}`, SAID_UNAUTHORIZED],
    ["a signature for AWS", () => "AWS4-HMAC-SHA256 Credential=test/20200304/us-east-1/execute-api/aws4_request", SAID_UNAUTHORIZED],
    ["an expired token", () => issuer.sign({ ...ID, exp: SECONDS }), '401 {"message":"The incoming token has expired"}'],
    ["an expired token of somebody else's making", () => issuer.sign({ ...ID, exp: SECONDS }, { key: { ...OTHER_KEY, kid: "key-1" } }), SAID_UNAUTHORIZED],
    ["a token of another pool", () => other.sign(ID), SAID_UNAUTHORIZED],
  ])("apigateway-integrate-with-cognito: %s without scopes on the method", async (_what, token, expected) => {
    expect(await outcome(gate, token())).toBe(expected);
  });

  it.each<[string, () => string, string]>([
    ["an access token with one of the scopes", () => issuer.sign(ACCESS), "200 in"],
    ["an access token with another", () => issuer.sign({ ...ACCESS, scope: "pets/write email" }), "200 in"],
    ["an access token with none of them", () => issuer.sign({ ...ACCESS, scope: "pets pets/read/all" }), SAID_UNAUTHORIZED],
    ["an access token without any", () => issuer.sign({ ...ACCESS, scope: undefined }), SAID_UNAUTHORIZED],
    ["an identity token", () => issuer.sign(ID), SAID_UNAUTHORIZED],
    ["an identity token that has the scope", () => issuer.sign({ ...ID, scope: "pets/read" }), SAID_UNAUTHORIZED],
    ["an expired access token", () => issuer.sign({ ...ACCESS, exp: SECONDS }), '401 {"message":"The incoming token has expired"}'],
  ])("apigateway-enable-cognito-user-pool: %s with scopes on the method", async (_what, token, expected) => {
    expect(await outcome(gate, token(), "/scoped")).toBe(expected);
  });

  it.each<[string, object, string, string]>([
    ["with an audience and no scopes identifies", { aud: "client" }, "200 in", SAID_UNAUTHORIZED],
    ["with scopes gives access", { aud: "client", scope: "pets/read" }, SAID_UNAUTHORIZED, "200 in"],
    ["with scopes in a list gives access", { aud: "client", scp: ["pets/read"] }, SAID_UNAUTHORIZED, "200 in"],
    ["with neither does neither", {}, SAID_UNAUTHORIZED, SAID_UNAUTHORIZED],
  ])("of an issuer that does not say what its tokens are for %s", async (_what, claims, asIdentity, asAccess) => {
    const token = issuer.sign({ ...claims });
    expect(await outcome(gate, token)).toBe(asIdentity);
    expect(await outcome(gate, token, "/scoped")).toBe(asAccess);
  });

  it("that is refused is told so in AWS's words", async () => {
    expect(await ask(gate, undefined)).toEqual(UNAUTHORIZED);
    expect(await ask(gate, issuer.sign({ ...ID, exp: SECONDS - 1 }))).toEqual(refused("The incoming token has expired"));
  });

  it("is refused when it is forged", async () => {
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const payload = encoded({ iss: issuer.issuer, exp: SECONDS + 60, ...ID });
    const hs256 = `${encoded({ alg: "HS256", kid: "key-1" })}.${payload}`;
    const secret = KEY.publicKey.export({ type: "spki", format: "pem" });
    const forged = [
      `${encoded({ alg: "none", kid: "key-1" })}.${payload}.`,
      `${encoded({ alg: "none", kid: "key-1" })}.${payload}.AAAA`,
      `${hs256}.${createHmac("sha256", secret).update(hs256).digest("base64url")}`,
      issuer.sign(ID, { key: { ...OTHER_KEY, kid: "key-1" } }),
      issuer.sign({}, { payload: `{"iss":"${issuer.issuer}","exp":${SECONDS + 60},"token_use":"access","token_use":"id","aud":"client"}` }),
      issuer.sign({ ...ID, pad: "x".repeat(7_000) }).slice(0, 9_000),
    ];
    for (const token of forged) expect(await ask(gate, token)).toEqual(UNAUTHORIZED);
  });

  it("that is huge is refused before anybody looks at it", async () => {
    expect(await outcome(gate, "a".repeat(10_241))).toBe("431 HTTP header is larger than 10240 bytes.");
  });
});

describe("what backends learn", () => {
  const CLAIMS = {
    ...ID,
    "cognito:groups": ["admins", "users"],
    "cognito:username": "jane",
    "custom:role": "chef",
    email_verified: true,
    auth_time: 1583349000,
    identities: [{ userId: "1", primary: "true" }],
    nothing: null,
  };
  const TEXTS = {
    iss: "",
    sub: "user",
    iat: "Wed Mar 04 19:15:17 UTC 2020",
    exp: "Wed Mar 04 20:15:17 UTC 2020",
    token_use: "id",
    aud: "client",
    "cognito:groups": "admins,users",
    "cognito:username": "jane",
    "custom:role": "chef",
    email_verified: "true",
    auth_time: "1583349000",
    identities: '{"userId":"1","primary":"true"}',
  };

  it("amazon-cognito-identity-js/issues/92: functions are given the claims, all of them strings", async () => {
    await using gate = await start();
    const event = JSON.parse((await ask(gate, issuer.sign(CLAIMS), "/event")).body) as { requestContext: Record<string, unknown> };
    expect(event.requestContext["authorizer"]).toEqual({ claims: { ...TEXTS, iss: issuer.issuer } });
  });

  it("apigateway-enable-cognito-user-pool: templates see claims by both notations", async () => {
    const template = `$context.authorizer.claims.sub|$context.authorizer.claims['custom:role']|$context.authorizer.claims["cognito:groups"]|$!context.authorizer.claims.none|$!context.authorizer.principalId`;
    await using gate = await start({ methods: { "GET /": answering(template) } });
    expect(await outcome(gate, issuer.sign(CLAIMS))).toBe("200 user|chef|admins,users||");
  });

  it("request parameters are mapped from claims", async () => {
    const mapped = {
      "integration.request.header.x-sub": "context.authorizer.claims.sub",
      "integration.request.header.x-role": "context.authorizer.claims['custom:role']",
      "integration.request.header.x-none": "context.authorizer.claims.none",
    };
    const method = { ...BY_POOLS, integration: { ...FUNCTION.integration, type: "AWS" as const, requestParameters: mapped, integrationResponses: { default: { statusCode: "200" } } } };
    await using gate = await start({ methods: { "GET /": { ...method, integration: { ...method.integration, requestTemplates: { "application/json": '{"sub":"$context.authorizer.claims.sub"}' } } } } });
    expect(JSON.parse((await ask(gate, issuer.sign(CLAIMS))).body)).toEqual({ statusCode: 200, body: '{"sub":"user"}' });
  });
});

describe("an authorizer", () => {
  it("takes tokens of any of its user pools", async () => {
    await using gate = await start({ authorizer: { providerARNs: [poolArn("a"), poolArn("b")] } });
    expect(await outcome(gate, issuer.sign(ID))).toBe("200 in");
    expect(await outcome(gate, other.sign(ID))).toBe("200 in");
    expect(await outcome(gate, issuer.sign({ ...ID, iss: other.issuer }))).toBe(SAID_UNAUTHORIZED);
  });

  it("looks for the token where its identity source says", async () => {
    await using gate = await start({ authorizer: { identitySource: "method.request.header.X-Auth" } });
    expect(await outcome(gate, issuer.sign(ID))).toBe(SAID_UNAUTHORIZED);
    expect((await gate.ask({ path: "/", headers: ["x-auth", issuer.sign(ID)] })).status).toBe(200);
  });

  it("matches the audience with its validation expression, which access tokens have none of", async () => {
    await using gate = await start({ authorizer: { identityValidationExpression: "client-[ab]" } });
    expect(await outcome(gate, issuer.sign({ ...ID, aud: "client-a" }))).toBe("200 in");
    expect(await outcome(gate, issuer.sign({ ...ID, aud: ["x", "client-b"] }))).toBe("200 in");
    expect(await outcome(gate, issuer.sign({ ...ID, aud: "client-c" }))).toBe(SAID_UNAUTHORIZED);
    expect(await outcome(gate, issuer.sign({ ...ID, aud: "my-client-a" }))).toBe(SAID_UNAUTHORIZED);
    expect(await outcome(gate, issuer.sign(ACCESS), "/scoped")).toBe(SAID_UNAUTHORIZED);
  });

  it("asks Cognito where nobody stands in its place", () => {
    const authorizer = plan({ plan: { userPools: new Map() } }).route("/", "GET")?.method.authorizer;
    expect(authorizer).toMatchObject({
      type: "COGNITO_USER_POOLS",
      trust: { issuers: [{ issuer: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_a" }] },
    });
    const china = { ...POOLS, providerARNs: ["arn:aws-cn:cognito-idp:cn-north-1:123456789012:userpool/cn-north-1_a"] };
    expect(plan({ authorizer: china }).route("/", "GET")?.method.authorizer).toMatchObject({
      trust: { issuers: [{ issuer: "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_a" }] },
    });
  });

  it("that the API does not have, or that is of another kind, is a configuration error", async () => {
    await using gate = await start({ methods: { "GET /": { ...IN, authorizerId: "gone" } } });
    expect(await ask(gate, issuer.sign(ID))).toEqual({
      status: 500,
      headers: { "content-type": "application/json", "x-amzn-errortype": "AuthorizerConfigurationException", ...OWN_HEADERS },
      body: '{"message":null}',
    });
    expect(gate.logged).toMatchObject([{ fields: { reason: "The method refers to the authorizer gone, which the API does not have" } }]);
  });

  it("answers through the API's gateway responses", async () => {
    const responseTemplates = { "application/json": '{"said":$context.error.messageString}' };
    await using gate = await start({ plan: { snapshot: { gatewayResponses: [{ responseType: "UNAUTHORIZED", responseParameters: {}, responseTemplates, statusCode: "418" }] } } });
    expect(await outcome(gate, issuer.sign({ ...ID, exp: SECONDS }))).toBe('418 {"said":"The incoming token has expired"}');
  });

  it("refuses an ARN of a method that is too long", async () => {
    await using gate = await start({ methods: { "GET /{proxy+}": IN } });
    expect((await ask(gate, issuer.sign(ID), `/${"a".repeat(1_600)}`)).status).toBe(414);
  });
});

describe("what was found to be good", () => {
  it("is asked of the issuer once, and good for as long as the token", async () => {
    await using fresh = await startIssuer({ now: () => NOW, keys: [KEY] });
    let now = NOW;
    await using gate = await start({ now: () => now, plan: { userPools: new Map([[poolArn("a"), fresh.issuer]]) } });
    const token = fresh.sign({ ...ID, exp: SECONDS + 60 });
    for (let i = 0; i < 5; i++) expect(await outcome(gate, token)).toBe("200 in");
    expect(await outcome(gate, fresh.sign({ ...ID, another: 1 }))).toBe("200 in");
    expect(fresh.asked).toEqual({ discovery: 1, keys: 1 });
    now = (SECONDS + 60) * 1000 - 1;
    expect(await outcome(gate, token)).toBe("200 in");
    now++;
    expect(await outcome(gate, token)).toBe('401 {"message":"The incoming token has expired"}');
  });

  it("of one authorizer opens nothing of another", async () => {
    const authorizers = [POOLS, { ...POOLS, id: "other", name: "other", providerARNs: [poolArn("b")] }];
    await using gate = await start({ methods: { ...METHODS, "GET /other": { ...IN, authorizerId: "other" } }, plan: { snapshot: { authorizers } } });
    const token = issuer.sign(ID);
    expect(await outcome(gate, token)).toBe("200 in");
    expect(await outcome(gate, token, "/other")).toBe(SAID_UNAUTHORIZED);
    expect(await outcome(gate, token)).toBe("200 in");
  });

  it("opens no method whose scopes it does not have", async () => {
    await using gate = await start({ methods: { "GET /a": { ...IN, authorizationScopes: ["openid"] }, "GET /b": { ...IN, authorizationScopes: ["none"] }, "GET /": IN } });
    const token = issuer.sign(ACCESS);
    expect([await outcome(gate, token, "/a"), await outcome(gate, token, "/b"), await outcome(gate, token)]).toEqual(["200 in", SAID_UNAUTHORIZED, SAID_UNAUTHORIZED]);
  });
});

describe("an issuer", () => {
  it("that is silent refuses its own callers within its time, and slows no others", async () => {
    await using silent = await startIssuer({ now: () => NOW, keys: [KEY] });
    silent.respond = () => undefined;
    const authorizers = [POOLS, { ...POOLS, id: "silent", name: "silent", providerARNs: [poolArn("b")] }];
    const userPools = new Map([[poolArn("a"), issuer.issuer], [poolArn("b"), silent.issuer]]);
    await using gate = await start({ methods: { ...METHODS, "GET /silent": { ...IN, authorizerId: "silent" } }, plan: { snapshot: { authorizers }, userPools } });
    let isWaiting = true;
    const startedAt = performance.now();
    const waiting = outcome(gate, silent.sign(ID), "/silent").finally(() => (isWaiting = false));
    await expect.poll(() => silent.asked.discovery).toBe(1);
    expect(await outcome(gate, issuer.sign(ID))).toBe("200 in");
    expect(await outcome(gate, undefined, "/open")).toBe("200 in");
    expect(isWaiting).toBe(true);
    expect(await waiting).toBe(SAID_UNAUTHORIZED);
    // 1,500 ms, and what a busy machine takes.
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(gate.logged).toMatchObject([{ level: "warn", message: "the keys of an issuer of tokens cannot be had", fields: { issuer: silent.issuer } }]);
  });

  it("that is stopped refuses its own callers", async () => {
    await using stopped = await startIssuer({ now: () => NOW, keys: [KEY] });
    await using gate = await start({ plan: { userPools: new Map([[poolArn("a"), stopped.issuer]]) } });
    await stopped.stop();
    expect(await ask(gate, stopped.sign(ID))).toEqual(UNAUTHORIZED);
    expect(await outcome(gate, undefined, "/open")).toBe("200 in");
  });

  it("with 10,000 keys is more than an issuer may say", async () => {
    await using large = await startIssuer({ now: () => NOW, keys: [KEY] });
    large.extraKeys = Array.from({ length: 10_000 }, (_, index) => ({ kty: "RSA", kid: `k${index}`, n: "AQAB", e: "AQAB" }));
    await using gate = await start({ plan: { userPools: new Map([[poolArn("a"), large.issuer]]) } });
    expect(await ask(gate, large.sign(ID))).toEqual(UNAUTHORIZED);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html, "Amazon Cognito
// authentication and resource policy": its prose wants an explicit allow, its table A does not; the stricter reading holds.
describe("beside a resource policy", () => {
  const policy = (Effect: string, Resource: string) => JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect, Principal: "*", Action: "execute-api:Invoke", Resource }] });

  it.each([
    ["Allow", policy("Allow", "execute-api:/*"), 200],
    ["neither Allow nor Deny", policy("Allow", "execute-api:/*/DELETE/*"), 403],
    ["Deny", policy("Deny", "execute-api:/*"), 403],
  ])("that says %s, a good token is answered %#", async (_, resourcePolicy, status) => {
    await using gate = await start({ plan: { snapshot: { policy: resourcePolicy } } });
    expect((await ask(gate, issuer.sign(ID))).status).toBe(status);
  });

  it("that does not deny, a token that is not good is 401", async () => {
    await using gate = await start({ plan: { snapshot: { policy: policy("Allow", "execute-api:/*") } } });
    expect((await ask(gate, "none")).status).toBe(401);
  });
});

describe("a test of the authorizer", () => {
  const TIME = "Wed Mar 04 19:15:17 UTC 2020 : ";
  const TESTER = { account: "123456789012", accessKeyId: "AKIDEXAMPLE", userAgent: "aws-cli/2.15.51" };

  async function test(token: string | undefined) {
    await using gate = await startGateway([]);
    const sources = { store: createMemoryStore(), privateAddresses: new Map(), userPools: new Map([[poolArn("a"), issuer.issuer]]) };
    const headers = token === undefined ? [] : ["Authorization", token];
    const asked = { api, authorizer: POOLS, pathWithQuery: "/", headers, body: "", stageVariables: {}, additionalContext: {}, tester: TESTER };
    const { log, ...result } = await createTestInvocations(gate.gateway, sources).testAuthorizer(asked);
    return { result, lines: log.split(`\n${TIME}`) };
  }
  const started = (identity: string) => [
    `Execution log for request ${REQUEST_ID}`,
    `Starting authorizer: abc123 for request: ${REQUEST_ID}`,
    `Incoming identity: ${identity}`,
  ];
  const stars = (token: string) => `${"*".repeat(token.length - 6)}${token.slice(-6)}`;

  it("shows the claims of an identity token", async () => {
    const token = issuer.sign(ID);
    const { result, lines } = await test(`Bearer ${token}`);
    const claims = { iss: issuer.issuer, sub: "user", iat: "Wed Mar 04 19:15:17 UTC 2020", exp: "Wed Mar 04 20:15:17 UTC 2020", ...ID };
    expect(result).toEqual({ clientStatus: 0, latencyMs: 0, claims });
    expect(lines.slice(0, 2)).toEqual(started("").slice(0, 2));
    expect(lines.slice(3)).toEqual(["Successfully completed authorizer execution\n"]);
    expect(lines[2]).toMatch(/^Incoming identity: \*{100}/);
    expect(lines[2]).not.toContain(token.slice(0, 20));
  });

  it.each<[string, () => string, string]>([
    ["an access token", () => issuer.sign(ACCESS), "Unauthorized"],
    ["an expired token", () => issuer.sign({ ...ID, exp: SECONDS }), "The incoming token has expired"],
  ])("says why %s is refused", async (_what, sign, message) => {
    const { result, lines } = await test(sign());
    expect(result).toEqual({ clientStatus: 401, latencyMs: 0 });
    expect(lines.slice(3)).toEqual([`Unauthorized request: ${REQUEST_ID}`, `${message}\n`]);
  });

  it("says that there is no token, or none that is one", async () => {
    expect(await test(undefined)).toEqual({ result: { clientStatus: 401, latencyMs: 0 }, lines: [...started(""), `Unauthorized request: ${REQUEST_ID}`, "Unauthorized\n"] });
    expect((await test("Bearer not.a.token")).lines.slice(2)).toEqual([`Incoming identity: ${stars("not.a.token")}`, `Unauthorized request: ${REQUEST_ID}`, "Unauthorized\n"]);
  });
});
