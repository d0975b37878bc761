// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
import { describe, expect, test } from "vitest";
import type { ServiceCaller } from "../../ports/functions.ts";
import { allowsInvocation, policyText, type PolicyStatement } from "./policy.ts";

const SOURCE = "arn:aws:execute-api:us-east-1:000000000000:abc123/prod/GET/pets/1";

const caller: ServiceCaller = { principal: "apigateway.amazonaws.com", sourceArn: SOURCE, sourceAccount: "000000000000" };
const plain: PolicyStatement = {
  Sid: "s",
  Effect: "Allow",
  Principal: { Service: "apigateway.amazonaws.com" },
  Action: "lambda:InvokeFunction",
  Resource: "arn:aws:lambda:us-east-1:000000000000:function:f",
};
const fromSource = (value: string): Partial<PolicyStatement> => ({ Condition: { ArnLike: { "AWS:SourceArn": value } } });

describe("a source", () => {
  const rows: readonly [pattern: string, arn: string, matches: boolean][] = [
    [SOURCE, SOURCE, true],
    ["arn:aws:execute-api:us-east-1:000000000000:abc123/*/GET/pets/*", SOURCE, true],
    ["arn:aws:execute-api:us-east-1:000000000000:abc123/*/*/*", SOURCE, true],
    ["arn:aws:execute-api:us-east-1:000000000000:abc123/*", SOURCE, true],
    ["arn:aws:execute-api:us-east-1:000000000000:abc12?/prod/GET/pets/?", SOURCE, true],
    ["arn:aws:execute-api:*:*:abc123/*", SOURCE, true],
    ["arn:*:*:*:*:*", SOURCE, true],
    ["arn:aws:execute-api:us-east-?:000000000000:*", SOURCE, true],
    // A star stops at a colon of the first five...
    ["arn:aws:*", SOURCE, false],
    ["arn:aws:execute-api:*:abc123/*", SOURCE, false],
    // ... and goes past those of the resource.
    ["arn:aws:lambda:us-east-1:000000000000:function:*", "arn:aws:lambda:us-east-1:000000000000:function:x:1", true],
    ["arn:aws:lambda:us-east-1:000000000000:*", "arn:aws:lambda:us-east-1:000000000000:function:x:1", true],
    ["arn:aws:execute-api:us-east-1:000000000000:abc123/*/POST/pets/*", SOURCE, false],
    ["arn:aws:execute-api:us-east-1:000000000000:abc123/prod/get/pets/1", SOURCE, false],
    ["arn:aws:execute-api:us-east-1:111111111111:abc123/*", SOURCE, false],
    ["arn:aws:execute-api:us-east-1:000000000000:abc123", SOURCE, false],
    ["arn:aws:execute-api:us-east-1:000000000000:abc123/prod/GET/pets/??", SOURCE, false],
    ["arn:aws:execute-api:us-east-1:000000000000:*/pets", SOURCE, false],
    ["arn:aws:execute-api:us-east-1:000000000000:*/pets/1", SOURCE, true],
    ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket", true],
    ["arn:aws:s3:::buck*t*", "arn:aws:s3:::bucket", true],
  ];
  test.each(rows)("%s against %s: %s", (pattern, sourceArn, matches) => {
    expect(allowsInvocation({ ...plain, ...fromSource(pattern) }, { ...caller, sourceArn })).toBe(matches);
  });

  test("of many stars against a long resource takes no time", () => {
    const statement = { ...plain, ...fromSource(`arn:aws:s3:::${"a*".repeat(600)}b`) };
    const sourceArn = `arn:aws:s3:::${"a".repeat(20_000)}`;
    expect(allowsInvocation(statement, { ...caller, sourceArn })).toBe(false);
    expect(allowsInvocation(statement, { ...caller, sourceArn: `${sourceArn}b` })).toBe(true);
  });
});

describe("which statements let API Gateway invoke", () => {
  const rows: readonly [string, Partial<PolicyStatement>, boolean][] = [
    ["the service without conditions", {}, true],
    ["another service", { Principal: { Service: "s3.amazonaws.com" } }, false],
    ["an account", { Principal: { AWS: "arn:aws:iam::000000000000:root" } }, false],
    ["everyone", { Principal: "*" }, true],
    ["all of Lambda's actions", { Action: "lambda:*" }, true],
    ["all actions", { Action: "*" }, true],
    ["the action in another case", { Action: "lambda:invokefunction" }, true],
    ["another action", { Action: "lambda:GetFunction" }, false],
    ["function URLs", { Action: "lambda:InvokeFunctionUrl" }, false],
    ["its source", fromSource("arn:aws:execute-api:us-east-1:000000000000:abc123/*/GET/pets/*"), true],
    ["another source", fromSource("arn:aws:execute-api:us-east-1:000000000000:abc123/*/POST/*"), false],
    ["its account", { Condition: { StringEquals: { "AWS:SourceAccount": "000000000000" } } }, true],
    ["another account", { Condition: { StringEquals: { "AWS:SourceAccount": "111111111111" } } }, false],
    [
      "its account, but another source",
      { Condition: { StringEquals: { "AWS:SourceAccount": "000000000000" }, ArnLike: { "AWS:SourceArn": "arn:aws:s3:::b" } } },
      false,
    ],
    ["a user of any name, which is no principal", { Principal: { AWS: "arn:aws:iam::000000000000:user/*" } }, false],
    ["a token, which API Gateway has none of", { Condition: { StringEquals: { "lambda:EventSourceToken": "t" } } }, false],
    ["an organization", { Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1234567890" } } }, false],
  ];
  test.each(rows)("%s: %o gives %s", (_name, change, allowed) => {
    expect(allowsInvocation({ ...plain, ...change }, caller)).toBe(allowed);
  });

  // https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
  test("the policy's text is written as Lambda writes it", () => {
    expect(policyText([plain])).toBe(
      '{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"s","Effect":"Allow",' +
        '"Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction",' +
        '"Resource":"arn:aws:lambda:us-east-1:000000000000:function:f"}]}',
    );
  });
});
