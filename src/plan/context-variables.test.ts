// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference
import { describe, expect, it } from "vitest";
import { contextVariable, loggedVariable } from "./context-variables.ts";
import type { AuthorizerFacts, EarlyFacts } from "./facts.ts";

const AUTHORIZER: AuthorizerFacts = {
  principalId: "user",
  context: { key: "value", numKey: "1", principalId: "somebody else", status: "gold" },
  usageIdentifierKey: "secret",
  status: 200,
  error: undefined,
  latencyMs: 12,
  integrationLatencyMs: 10,
  integrationStatus: 200,
  integrationRequestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
};

const factsWith = (authorizer: AuthorizerFacts | undefined): EarlyFacts => ({
  stage: undefined,
  method: undefined,
  pathValues: undefined,
  requestId: "",
  extendedRequestId: "",
  receivedAt: 0,
  httpMethod: "GET",
  protocol: "HTTP/1.1",
  path: "/",
  domainName: "",
  sourceIp: "",
  authorizer,
  headers: [],
  rawQuery: "",
  query: undefined,
  body: Buffer.alloc(0),
});

describe("$context.authorizer", () => {
  it.each([
    ["principalId", "user", "user"],
    ["key", "value", "value"],
    ["numKey", "1", "1"],
    ["none", undefined, undefined],
    ["usageIdentifierKey", undefined, undefined],
    ["constructor", undefined, undefined],
    ["integrationLatency", "10", "10"],
    ["latency", undefined, "12"],
    ["status", "gold", "200"],
    ["error", undefined, undefined],
    ["integrationStatus", undefined, "200"],
    ["requestId", undefined, "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"],
    ["claims.sub", undefined, undefined],
  ])(".%s is %j, and %j in access logs", (name, mapped, logged) => {
    const facts = factsWith(AUTHORIZER);
    expect(contextVariable(`authorizer.${name}`)?.(facts)).toBe(mapped);
    expect(loggedVariable(`authorizer.${name}`)?.(facts)).toBe(logged);
  });

  it.each([
    ["claims.sub", "who"],
    ["claims['custom:role']", "admin"],
    ["claims.custom:role", "admin"],
    ["claims.none", undefined],
    ["claims.constructor", undefined],
    ["claims", undefined],
    ["sub", undefined],
    ["principalId", undefined],
  ])("apigateway-enable-cognito-user-pool: .%s of a user pool's token is %j", (name, value) => {
    const facts = factsWith({ ...AUTHORIZER, principalId: undefined, context: {}, claims: { sub: "who", "custom:role": "admin" } });
    expect(contextVariable(`authorizer.${name}`)?.(facts)).toBe(value);
    expect(loggedVariable(`authorizer.${name}`)?.(facts)).toBe(value);
  });

  it("says why a caller was not let in, in access logs alone", () => {
    const facts = factsWith({ ...AUTHORIZER, principalId: undefined, context: {}, status: 401, error: "Unauthorized" });
    const names = ["principalId", "status", "error"];
    expect(names.map((name) => contextVariable(`authorizer.${name}`)?.(facts))).toEqual([undefined, undefined, undefined]);
    expect(names.map((name) => loggedVariable(`authorizer.${name}`)?.(facts))).toEqual([undefined, "401", "Unauthorized"]);
  });

  it("is empty where no authorizer was asked", () => {
    const facts = factsWith(undefined);
    for (const name of ["principalId", "key", "integrationLatency"]) expect(contextVariable(`authorizer.${name}`)?.(facts)).toBeUndefined();
    for (const name of ["status", "latency"]) expect(loggedVariable(`authorizer.${name}`)?.(facts)).toBeUndefined();
  });
});

it("access logs have all other variables too, and none that AWS has not", () => {
  expect(loggedVariable("httpMethod")?.(factsWith(undefined))).toBe("GET");
  expect([contextVariable("nothing"), loggedVariable("nothing"), contextVariable("authorizer."), contextVariable("constructor")]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
