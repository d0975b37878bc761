import { expect, test } from "vitest";
import type { HttpAuthorizer } from "../../domain/http-api.ts";
import { PUBLIC_BACKENDS } from "../backend-access.ts";
import { compileHttpLambdaAuthorizer } from "./lambda-authorizer.ts";

const FUNCTION = "arn:aws-cn:lambda:cn-north-1:123456789012:function:auth";

const compile = (parts: Partial<HttpAuthorizer>) =>
  compileHttpLambdaAuthorizer(
    {
      authorizerId: "a1",
      name: "auth",
      authorizerType: "REQUEST",
      identitySource: ["$request.header.Auth"],
      authorizerUri: `arn:aws-cn:apigateway:cn-north-1:lambda:path/2015-03-31/functions/${FUNCTION.replace("auth", "${stageVariables.name}")}/invocations`,
      authorizerPayloadFormatVersion: "2.0",
      ...parts,
    },
    { account: "123456789012", region: "cn-north-1", apiId: "h1", stageName: "prod", deploymentId: "d1", stageVariables: { name: "auth" }, backends: PUBLIC_BACKENDS },
  );

test("an authorizer's plan; limits: 10000 ms for its response", () => {
  const { identitySources, ...plan } = compile({ authorizerResultTtlInSeconds: 300, enableSimpleResponses: true });
  expect(identitySources).toHaveLength(1);
  expect(plan).toEqual({
    type: "REQUEST",
    id: "a1",
    functionArn: FUNCTION,
    payloadFormat: "2.0",
    simpleResponses: true,
    byResourcePolicy: true,
    sourceArn: "arn:aws-cn:execute-api:cn-north-1:123456789012:h1/authorizers/a1",
    timeoutMs: 10_000,
    cacheTtlMs: 300_000,
  });
});

test.each<[Partial<HttpAuthorizer>, number]>([
  [{}, 0],
  [{ authorizerResultTtlInSeconds: 0 }, 0],
  [{ authorizerResultTtlInSeconds: 3600 }, 3_600_000],
  [{ authorizerResultTtlInSeconds: 99_999 }, 3_600_000],
  [{ authorizerResultTtlInSeconds: 300, identitySource: [] }, 0],
])("results of %j are kept for %i ms", (parts, expected) => {
  expect(compile(parts).cacheTtlMs).toBe(expected);
});

test("an identity source of another form does not compile", () => {
  expect(() => compile({ identitySource: ["method.request.header.Auth"] })).toThrow(new TypeError("Not an identity source: method.request.header.Auth"));
});
