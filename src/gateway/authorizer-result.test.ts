// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
import { describe, expect, it } from "vitest";
import { parseAuthorizerResult } from "./authorizer-result.ts";

const STATEMENT = { Action: "execute-api:Invoke", Effect: "Allow", Resource: "*" };
const POLICY = { Version: "2012-10-17", Statement: [STATEMENT] };
const RESULT = { principalId: "user", policyDocument: POLICY };
const parse = (result: unknown) => {
  const parsed = parseAuthorizerResult(Buffer.from(JSON.stringify(result)));
  if (typeof parsed === "string") return parsed;
  const { policy, ...rest } = parsed;
  expect(policy.statements).toHaveLength(1);
  return rest;
};
const withStatement = (...Statement: unknown[]) => ({ ...RESULT, policyDocument: { ...POLICY, Statement } });

describe("an authorizer's result", () => {
  it("has context values as strings", () => {
    const context = { stringKey: "value", numberKey: 1.5, booleanKey: true, nothing: null };
    expect(parse({ ...RESULT, context, usageIdentifierKey: "key" })).toEqual({
      principalId: "user",
      policyDocument: POLICY,
      context: { stringKey: "value", numberKey: "1.5", booleanKey: "true" },
      usageIdentifierKey: "key",
    });
  });

  it.each([
    [RESULT, "user"],
    [{ ...RESULT, principalId: "" }, ""],
    [{ ...RESULT, principalId: 7 }, "7"],
    [{ ...RESULT, context: null, usageIdentifierKey: null }, "user"],
    [withStatement({ Effect: "Deny", NotAction: ["a", "b"], NotResource: ["*"] }), "user"],
    [{ ...RESULT, policyDocument: { Statement: STATEMENT } }, "user"],
    [withStatement({ ...STATEMENT, Resource: "x".repeat(512) }), "user"],
  ])("is %j", (result, principalId) => {
    expect(parse(result)).toEqual({ principalId, policyDocument: result.policyDocument, context: {}, usageIdentifierKey: undefined });
  });

  it.each([
    [null, "Could not parse policy"],
    ["allow", "Could not parse policy"],
    [[RESULT], "Could not parse policy"],
    [{ principalId: "user" }, "Could not parse policy"],
    [{ ...RESULT, policyDocument: JSON.stringify(POLICY) }, "Could not parse policy"],
    [{ ...RESULT, policyDocument: { Version: "2012-10-17" } }, "Could not parse policy"],
    [{ ...RESULT, policyDocument: { version: "2012-10-17", statement: [STATEMENT] } }, "Could not parse policy"],
    [withStatement({ ...STATEMENT, Effect: "allow" }), "Could not parse policy"],
    [withStatement(STATEMENT, { Effect: "Allow", Action: "*" }), "Could not parse policy"],
    [withStatement({ Effect: "Allow", Resource: "*" }), "Could not parse policy"],
    [withStatement({ ...STATEMENT, Resource: [1] }), "Could not parse policy"],
    [withStatement({ ...STATEMENT, Resource: "x".repeat(513) }), "Could not parse policy"],
    [withStatement(STATEMENT, { Effect: "Deny", Action: "*", NotResource: ["*", "x".repeat(513)] }), "Could not parse policy"],
    [withStatement({ ...STATEMENT, Condition: null }), "Could not parse policy"],
    [{ policyDocument: POLICY }, "Invalid JSON in response: principalId is missing"],
    [{ ...RESULT, principalId: null }, "Invalid JSON in response: principalId is missing"],
    [{ ...RESULT, principalId: ["user"] }, "Invalid JSON in response: Can not deserialize instance of java.lang.String out of START_ARRAY token"],
    [{ ...RESULT, context: { roles: ["a"] } }, "Invalid JSON in response: Can not deserialize instance of java.lang.String out of START_ARRAY token"],
    [{ ...RESULT, context: { user: {} } }, "Invalid JSON in response: Can not deserialize instance of java.lang.String out of START_OBJECT token"],
    [{ ...RESULT, context: "user" }, "Invalid JSON in response: context is not an object"],
    [{ ...RESULT, usageIdentifierKey: {} }, "Invalid JSON in response: Can not deserialize instance of java.lang.String out of START_OBJECT token"],
    [{ errorType: "Error", errorMessage: "no" }, 'Invalid JSON in response: Unrecognized field "errorType" , not marked as ignorable'],
    [{ ...RESULT, statusCode: 200 }, 'Invalid JSON in response: Unrecognized field "statusCode" , not marked as ignorable'],
  ])("is none: %j", (result, reason) => {
    expect(parse(result)).toBe(reason);
  });

  it("repost.aws QUzilwCUByQz6iUi-9hwPFJQ: may have more than the 8 KB of WebSocket APIs", () => {
    const context = { roles: "r".repeat(1_000_000) };
    expect(parse({ ...RESULT, context })).toMatchObject({ principalId: "user", context });
  });

  it("is none that is no JSON", () => {
    expect(parseAuthorizerResult(Buffer.from("{"))).toBe("Could not parse policy");
  });
});
