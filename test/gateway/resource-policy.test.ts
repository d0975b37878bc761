// Resource policies of REST APIs, alone and beside Lambda authorizers, as the rows of AWS's tables have it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html).
import { describe, expect, test } from "vitest";
import type { Authorizer } from "../../src/domain/authorizer.ts";
import { checkSnapshot } from "../../src/plan/index.ts";
import { OWN_HEADERS, resultOf, startGateway } from "../harness/gateway.ts";
import { API_ID, type MethodParts, planOf, snapshotOf } from "../harness/rest-api.ts";

const AUTHORIZER: Authorizer = {
  id: "abc123",
  name: "auth",
  type: "TOKEN",
  authType: "custom",
  authorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:auth/invocations",
  identitySource: "method.request.header.Auth",
};
const MOCK: MethodParts = { integration: { requestTemplates: { "application/json": '{"statusCode": 200}' }, integrationResponses: { 200: { statusCode: "200" } } } };

type Effect = "Allow" | "Deny";
const statement = (Effect: Effect, Resource: string, more: object = {}) => ({ Effect, Principal: "*", Action: "execute-api:Invoke", Resource, ...more });
const policy = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

/** A policy that says so of `GET /pets`, and nothing of anything else. */
const SAYING: Readonly<Record<string, string>> = {
  Allow: policy(statement("Allow", "execute-api:/*")),
  Deny: policy(statement("Allow", "execute-api:/*"), statement("Deny", "execute-api:/prod/GET/pets")),
  neither: policy(statement("Allow", "execute-api:/prod/DELETE/*")),
};

const DENIED = (path: string, how = "") =>
  `{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:${API_ID}/prod/GET${path}${how}"}`;
const EXPLICIT = " with an explicit deny";

async function start(resourcePolicy: string, method: MethodParts = MOCK, decision?: string) {
  let asked = 0;
  const snapshot = { policy: resourcePolicy, authorizers: [AUTHORIZER] };
  const gate = await startGateway([planOf({ "GET /pets": method, "GET /pets/{id}": method }, { snapshot })], {
    invoke: async () => {
      asked++;
      return resultOf({ principalId: "user", policyDocument: JSON.parse(decision ?? SAYING["neither"] as string) as object });
    },
  });
  return { ask: (path = "/pets", headers: readonly string[] = []) => gate.ask({ path, headers: ["Auth", "token", ...headers] }), asked: () => asked };
}

describe("alone", () => {
  test.each([
    ["Allow", 200, ""],
    ["neither", 403, DENIED("/pets")],
    ["Deny", 403, DENIED("/pets", EXPLICIT)],
  ])("%s: %d", async (says, status, body) => {
    const { ask } = await start(SAYING[says] as string);
    const answer = await ask();
    expect([answer.status, answer.body]).toEqual([status, body]);
    if (status === 403) expect(answer.headers).toEqual({ ...OWN_HEADERS, "content-type": "application/json", "x-amzn-errortype": "AccessDeniedException" });
  });

  test("a denial holds for every spelling of a path, and an allowance for the one that it names", async () => {
    const denied = await start(policy(statement("Allow", "execute-api:/*"), statement("Deny", "execute-api:/prod/GET/pets/secret")));
    for (const path of ["/pets/secret", "/pets/secret/", "/pets/%73ecret"]) expect((await denied.ask(path)).status).toBe(403);
    expect((await denied.ask("/pets/open")).status).toBe(200);
    const allowed = await start(policy(statement("Allow", `arn:aws:execute-api:us-east-1:123456789012:${API_ID}/prod/GET/pets/open`)));
    expect((await allowed.ask("/pets/open")).status).toBe(200);
    expect((await allowed.ask("/pets/%6Fpen")).status).toBe(403);
  });

  test("apigateway-resource-policies-examples: source addresses and other conditions", async () => {
    const from = (range: string) => ({ Condition: { IpAddress: { "aws:SourceIp": [range] } } });
    expect((await (await start(policy(statement("Allow", "execute-api:/*", from("127.0.0.0/8"))))).ask()).status).toBe(200);
    expect((await (await start(policy(statement("Allow", "execute-api:/*", from("192.0.2.0/24"))))).ask()).status).toBe(403);
    const agent = await start(policy(statement("Allow", "execute-api:/*", { Condition: { StringLike: { "aws:UserAgent": "good*" } } })));
    expect((await agent.ask("/pets", ["User-Agent", "good 1.0"])).status).toBe(200);
    expect((await agent.ask("/pets", ["User-Agent", "bad"])).status).toBe(403);
    // There is no VPC endpoint that a request comes through: a policy that asks for one lets nobody in.
    const vpc = policy(statement("Allow", "execute-api:/*"), statement("Deny", "execute-api:/*", { Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } } }));
    expect((await (await start(vpc)).ask()).body).toBe(DENIED("/pets", EXPLICIT));
  });

  test("apigateway-resource-policies-create-attach: a principal with a name is nobody's who is anonymous", async () => {
    const named = policy({ ...statement("Allow", "execute-api:/*"), Principal: { AWS: ["arn:aws:iam::123456789012:role/developer"] } });
    expect((await (await start(named)).ask()).body).toBe(DENIED("/pets"));
  });
});

describe("beside a Lambda authorizer (table A)", () => {
  const custom: MethodParts = { ...MOCK, authorizationType: "CUSTOM", authorizerId: "abc123" };
  const deciding = (says: string): string => policy(...(JSON.parse(SAYING[says] as string) as { Statement: object[] }).Statement.map(ofFunction));
  /** Without a principal, and with a whole ARN. */
  const ofFunction = (each: object): object => {
    const { Principal: _principal, ...rest } = each as ReturnType<typeof statement>;
    return { ...rest, Resource: rest.Resource.replace("execute-api:/", `arn:aws:execute-api:us-east-1:123456789012:${API_ID}/`) };
  };

  test.each([
    ["Allow", "Allow", 200, ""],
    ["Allow", "neither", 200, ""],
    ["Allow", "Deny", 403, DENIED("/pets", EXPLICIT)],
    ["neither", "Allow", 200, ""],
    ["neither", "neither", 403, '{"Message":"User is not authorized to access this resource"}'],
    ["neither", "Deny", 403, DENIED("/pets", EXPLICIT)],
    ["Deny", "Allow", 403, '{"Message":"User is not authorized to access this resource with an explicit deny"}'],
    ["Deny", "neither", 403, '{"Message":"User is not authorized to access this resource with an explicit deny"}'],
    ["Deny", "Deny", 403, DENIED("/pets", EXPLICIT)],
  ])("the function says %s, the API %s: %d", async (decision, says, status, body) => {
    const { ask, asked } = await start(SAYING[says] as string, custom, deciding(decision));
    const answer = await ask();
    expect([answer.status, answer.body]).toEqual([status, body]);
    // "Before calling the Lambda authorizer, API Gateway first evaluates the policy and checks for any explicit denials."
    expect(asked()).toBe(says === "Deny" ? 0 : 1);
  });
});

test("a policy that cannot be evaluated is refused when the API is deployed", () => {
  const wrong = policy({ ...statement("Allow", "execute-api:/*"), Condition: { Nonsense: { "aws:SourceIp": "1" } } });
  const [finding, ...others] = checkSnapshot(snapshotOf({ "GET /": MOCK }, { policy: wrong }));
  expect(finding).toMatch(/^The API has a resource policy that cannot be evaluated: .+\.$/);
  expect(others).toEqual([]);
  expect(checkSnapshot(snapshotOf({ "GET /": MOCK }, { policy: SAYING["Allow"] as string }))).toEqual([]);
});
