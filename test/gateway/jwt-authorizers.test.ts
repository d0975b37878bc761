// JWT authorizers on methods of REST APIs: which tokens let a caller in, and what backends learn of them
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer.html).
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import type { Authorizer, JwtAdditionalClaim, JwtConfiguration, JwtIssuer } from "../../src/domain/authorizer.ts";
import { createTestInvocations } from "../../src/publish/index.ts";
import { NOW, OWN_HEADERS, resultOf, startGateway, type TestGateway } from "../harness/gateway.ts";
import { newKey, startIssuer, type TestIssuer } from "../harness/issuer.ts";
import { api, type MethodParts, planOf } from "../harness/rest-api.ts";

const SECONDS = Math.floor(NOW / 1000);
const RSA = newKey("rsa");
const EC = newKey("ec", "ES256");

const BY_TOKEN = { authorizationType: "JWT", authorizerId: "abc123" } as const;
const answering = (template: string): MethodParts => ({
  ...BY_TOKEN,
  integration: { requestTemplates: { "application/json": '{"statusCode": 200}' }, integrationResponses: { 200: { statusCode: "200", responseTemplates: { "application/json": template } } } },
});
const IN = answering("in");
const uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:backend/invocations";

let issuer: TestIssuer;
let other: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer({ now: () => NOW, path: "tenant/", keys: [RSA, EC] });
  other = await startIssuer({ now: () => NOW, path: "other", keys: [RSA] });
});
afterAll(async () => {
  await issuer.stop();
  await other.stop();
});

interface Parts {
  readonly issuers?: readonly JwtIssuer[];
  readonly defaultAlgorithms?: JwtConfiguration["defaultAlgorithms"];
  readonly methods?: Readonly<Record<string, MethodParts>>;
}

const authorizerOf = ({ issuers = [{ issuer: issuer.issuer, audiences: ["orders", "pets"] }, { issuer: other.issuer, audiences: ["client"] }], defaultAlgorithms = ["RS256"] }: Parts): Authorizer => ({
  id: "abc123",
  name: "tokens",
  type: "JWT",
  authType: "jwt",
  identitySource: "method.request.header.Authorization",
  jwtConfiguration: { issuers, defaultAlgorithms },
});

const METHODS: Readonly<Record<string, MethodParts>> = {
  "GET /": IN,
  "GET /orders": { ...IN, authorizationScopes: ["orders:read", "orders/read"] },
  "GET /event": { ...BY_TOKEN, integration: { type: "AWS_PROXY", httpMethod: "POST", uri } },
};

/** A gateway whose functions give their events back. */
const start = (parts: Parts = {}): Promise<TestGateway> =>
  startGateway([planOf(parts.methods ?? METHODS, { snapshot: { authorizers: [authorizerOf(parts)] } })], {
    invoke: ({ payload }) => Promise.resolve(resultOf({ statusCode: 200, body: Buffer.from(payload).toString() })),
  });

const outcome = async (gate: TestGateway, token: string | undefined, path = "/") => {
  const { status, body } = await gate.ask({ path, headers: token === undefined ? [] : ["Authorization", token] });
  return `${status} ${body}`;
};

const UNAUTHORIZED = '401 {"message":"Unauthorized"}';
const FORBIDDEN = '403 {"Message":"User is not authorized to access this resource"}';
const good = { aud: "orders" };

describe("a token", () => {
  let gate: TestGateway;
  beforeAll(async () => {
    gate = await start();
  });
  afterAll(() => gate[Symbol.asyncDispose]());

  it.each<[string, () => string | undefined, string]>([
    ["for one of the issuer's audiences", () => issuer.sign(good), "200 in"],
    ["as a bearer's", () => `Bearer ${issuer.sign({ aud: ["x", "pets"] })}`, "200 in"],
    ["of another issuer, for its client", () => other.sign({ aud: "client" }), "200 in"],
    // Model, JwtIssuerInput: "the token's aud claim must contain at least one of these values".
    ["that says for whom in client_id alone", () => other.sign({ client_id: "client" }), UNAUTHORIZED],
    ["of one issuer for the other's audience", () => other.sign(good), UNAUTHORIZED],
    ["for nobody", () => issuer.sign(), UNAUTHORIZED],
    ["of an issuer without its slash", () => issuer.sign({ ...good, iss: issuer.issuer.slice(0, -1) }), UNAUTHORIZED],
    ["signed by another algorithm", () => issuer.sign(good, { key: EC }), UNAUTHORIZED],
    ["that has expired", () => issuer.sign({ ...good, exp: SECONDS }), UNAUTHORIZED],
    ["that is none", () => "secret", UNAUTHORIZED],
    ["that is not there", () => undefined, UNAUTHORIZED],
  ])("rest-api-jwt-authorizer: %s", async (_what, token, expected) => {
    expect(await outcome(gate, token())).toBe(expected);
  });

  it.each<[string, object, string]>([
    ["with the scope among others", { scope: "openid orders:read" }, "200 in"],
    ["with the other scope, in scp", { scp: ["orders/read"] }, "200 in"],
    ["with the scope in scp, in words", { scp: "a orders:read" }, "200 in"],
    ["with another scope", { scope: "orders:write" }, FORBIDDEN],
    ["without any scope", {}, FORBIDDEN],
    ["for nobody, though with the scope", { aud: "x", scope: "orders:read" }, UNAUTHORIZED],
  ])("rest-api-jwt-authorizer-methods: %s where the method wants one", async (_what, claims, expected) => {
    expect(await outcome(gate, issuer.sign({ ...good, ...claims }), "/orders")).toBe(expected);
  });

  it("that is refused is told so through the API's gateway responses", async () => {
    const { status, headers, body } = await gate.ask({ path: "/" });
    expect({ status, headers, body }).toEqual({
      status: 401,
      headers: { "content-type": "application/json", "x-amzn-errortype": "UnauthorizedException", ...OWN_HEADERS },
      body: '{"message":"Unauthorized"}',
    });
  });
});

it("algorithms are those that the authorizer allows", async () => {
  await using gate = await start({ defaultAlgorithms: ["ES256"] });
  expect(await outcome(gate, issuer.sign(good, { key: EC }))).toBe("200 in");
  expect(await outcome(gate, issuer.sign(good))).toBe(UNAUTHORIZED);
});

describe("rest-api-jwt-authorizer-claims: claims", () => {
  /** Those of the page, and one that is not ASCII. */
  const CLAIMS = { name: 'Doe, "Jane"', version: "42", roles: ["user", "editor"], address: { city: "Seattle" }, given_name: "Zoé", emoji: "😀", active: true, nothing: null };

  it("are JSON texts in templates, at the top level alone", async () => {
    const names = ["name", "iat", "version", "roles", "address", "given_name", "emoji", "active", "nothing", "address.city", "none"];
    await using gate = await start({ methods: { "GET /": answering(names.map((name) => `$!context.authorizer.claims['${name}']`).join("\n")) } });
    expect(await outcome(gate, issuer.sign({ ...good, ...CLAIMS }))).toBe(
      ['200 "Doe, \\"Jane\\""', String(SECONDS), '"42"', '["user","editor"]', '{"city":"Seattle"}', '"Zo\\u00E9"', '"\\uD83D\\uDE00"', "true", "null", "", ""].join("\n"),
    );
  });

  it("keep their JSON types in the events of functions", async () => {
    await using gate = await start();
    const { body } = await gate.ask({ path: "/event", headers: ["Authorization", issuer.sign({ ...good, ...CLAIMS })] });
    const event = JSON.parse(body) as { requestContext: { authorizer: unknown } };
    expect(event.requestContext.authorizer).toEqual({ claims: { iss: issuer.issuer, sub: "user", iat: SECONDS, exp: SECONDS + 3600, ...good, ...CLAIMS } });
  });
});

it("a test of the authorizer shows the claims", async () => {
  await using gate = await startGateway([]);
  const tester = { account: "123456789012", accessKeyId: "AKIDEXAMPLE", userAgent: "test" };
  const headers = ["Authorization", issuer.sign({ ...good, n: 1 })];
  const asked = { api, authorizer: authorizerOf({}), pathWithQuery: "/", headers, body: "", stageVariables: {}, additionalContext: {}, tester };
  const result = await createTestInvocations(gate.gateway, { store: createMemoryStore(), privateAddresses: new Map() }).testAuthorizer(asked);
  expect(result).toMatchObject({ clientStatus: 0, claims: { aud: '"orders"', n: "1" } });
});

describe("model, JwtAdditionalClaim: additional claims", () => {
  const rule = (parts: Partial<JwtAdditionalClaim>): JwtAdditionalClaim => ({ claimName: "tier", format: "SINGLE_STRING", ...parts });
  const claiming = (...additionalClaims: readonly JwtAdditionalClaim[]) => ({
    issuers: [{ issuer: issuer.issuer, audiences: ["orders"], additionalClaims }, { issuer: other.issuer, audiences: ["orders"] }],
  });
  const required = rule({ required: true });
  const gold = rule({ expectedValues: ["gold"] });
  const precious = rule({ expectedValues: ["gold", "silver"], required: true });

  it.each<[string, JwtAdditionalClaim, object, string]>([
    ["required, is there", required, { tier: "any" }, "200 in"],
    ["required, is there and empty", required, { tier: "" }, "200 in"],
    ["required, is missing", required, {}, UNAUTHORIZED],
    ["required, is null", required, { tier: null }, UNAUTHORIZED],
    ["required, is a number", required, { tier: 42 }, UNAUTHORIZED],
    ["required, is a list of one text", required, { tier: ["gold"] }, UNAUTHORIZED],
    ["required, is an object", required, { tier: { gold: true } }, UNAUTHORIZED],
    ["required, has another name by its case", required, { Tier: "gold" }, UNAUTHORIZED],
    ["expected, is so", gold, { tier: "gold" }, "200 in"],
    ["expected, is another", gold, { tier: "tin" }, UNAUTHORIZED],
    ["expected, is another by its case", gold, { tier: "Gold" }, UNAUTHORIZED],
    ["expected, is more", gold, { tier: "gold silver" }, UNAUTHORIZED],
    ["expected, is empty", gold, { tier: "" }, UNAUTHORIZED],
    ["expected, is a list of it", gold, { tier: ["gold"] }, UNAUTHORIZED],
    ["expected and not required, is missing", gold, {}, "200 in"],
    ["one of two, is the second", precious, { tier: "silver" }, "200 in"],
    ["one of two, is neither", precious, { tier: "tin" }, UNAUTHORIZED],
    ["one of two and required, is missing", precious, {}, UNAUTHORIZED],
    ["not required, is missing", rule({}), {}, "200 in"],
    ["not required, is a number", rule({}), { tier: 1 }, UNAUTHORIZED],
    ["named like what every object has, is missing", rule({ claimName: "toString", required: true }), {}, UNAUTHORIZED],
    ["named like what every object has, is there", rule({ claimName: "__proto__", expectedValues: ["a"], required: true }), JSON.parse('{"__proto__":"a"}') as object, "200 in"],
  ])("%s", async (_what, claim, claims, expected) => {
    await using gate = await start(claiming(claim));
    expect(await outcome(gate, issuer.sign({ ...good, ...claims }))).toBe(expected);
  });

  it("are all asked for, of their issuer's tokens alone, for every request", async () => {
    await using gate = await start(claiming(required, rule({ claimName: "tenant", required: true })));
    const whole = issuer.sign({ ...good, tier: "a", tenant: "b" });
    for (const token of [whole, whole]) expect(await outcome(gate, token)).toBe("200 in");
    const half = issuer.sign({ ...good, tier: "a" });
    for (const token of [half, half]) expect(await outcome(gate, token)).toBe(UNAUTHORIZED);
    expect(await outcome(gate, other.sign(good))).toBe("200 in");
  });

  it("come before the method's scopes", async () => {
    await using gate = await start(claiming(required));
    expect(await outcome(gate, issuer.sign(good), "/orders")).toBe(UNAUTHORIZED);
    expect(await outcome(gate, issuer.sign({ ...good, tier: "a" }), "/orders")).toBe(FORBIDDEN);
  });
});

it("rest-api-jwt-authorizer-keys: keys are where the authorizer has recorded them, whatever the issuer says now", async () => {
  await using moved = await startIssuer({ now: () => NOW, keys: [RSA] });
  await using gate = await start({ issuers: [{ issuer: moved.issuer, audiences: ["orders"], jwksUri: `${moved.issuer}/keys?v=1` }] });
  expect(await outcome(gate, moved.sign(good))).toBe("200 in");
  expect(moved.asked).toEqual({ discovery: 0, keys: 1 });
});
