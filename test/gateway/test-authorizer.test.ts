// Tests of Lambda authorizers: what the function is asked, the answer, and the whole log
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html).
import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import type { Authorizer } from "../../src/domain/authorizer.ts";
import { FunctionCallError } from "../../src/ports/functions.ts";
import type { FunctionInvocation, FunctionResult } from "../../src/ports/functions.ts";
import type { AuthorizerTest } from "../../src/ports/test-invocation.ts";
import { createTestInvocations } from "../../src/publish/index.ts";
import { EXTENDED_REQUEST_ID, NOW, REQUEST_ID, resultOf, startGateway, TRACE_ID } from "../harness/gateway.ts";
import { api } from "../harness/rest-api.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:auth";
const URI = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const ENDPOINT = `https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/${FUNCTION}/invocations`;
const SOURCE_ARN = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/authorizers/abc123";
const METHOD_ARN = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/ESTestInvoke-stage/GET/";
const HEADER = "method.request.header.Auth";

const TOKEN: Authorizer = { id: "abc123", name: "auth", type: "TOKEN", authType: "custom", authorizerUri: URI, identitySource: HEADER };
const REQUEST: Authorizer = { ...TOKEN, type: "REQUEST" };

const policy = (Effect: string) => ({ Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect, Resource: METHOD_ARN }] });
const ALLOWED = { principalId: "user|a1b2c3d4", policyDocument: policy("Allow") };

interface Tested {
  readonly authorizer?: Authorizer;
  readonly invoke?: (invocation: FunctionInvocation) => Promise<FunctionResult>;
  readonly asked?: Partial<AuthorizerTest>;
}

async function test({ authorizer = TOKEN, invoke = () => Promise.resolve(resultOf(ALLOWED)), asked = {} }: Tested) {
  const invocations: FunctionInvocation[] = [];
  await using gate = await startGateway([], {
    invoke: (invocation) => {
      invocations.push(invocation);
      return invoke(invocation);
    },
  });
  const { log, ...result } = await createTestInvocations(gate.gateway, { store: createMemoryStore(), privateAddresses: new Map() }).testAuthorizer({
    api,
    authorizer,
    pathWithQuery: "/",
    headers: ["Auth", "Bearer 1234567"],
    body: "",
    stageVariables: {},
    additionalContext: {},
    tester: { account: "123456789012", accessKeyId: "AKIDEXAMPLE", userAgent: "aws-cli/2.15.51" },
    ...asked,
  });
  return { result, log: lines(log), invocations, event: invocations[0] && (JSON.parse(Buffer.from(invocations[0].payload).toString()) as unknown) };
}

const TIME = "Wed Mar 04 19:15:17 UTC 2020 : ";

function lines(log: string): readonly string[] {
  const [first, ...rest] = log.slice(0, -1).split("\n");
  expect(first).toBe(`Execution log for request ${REQUEST_ID}`);
  expect(rest.filter((line) => !line.startsWith(TIME))).toEqual([]);
  return rest.map((line) => line.slice(TIME.length));
}

const started = (identity: string) => [`Starting authorizer: abc123 for request: ${REQUEST_ID}`, `Incoming identity: ${identity}`];
const IDENTITY = "********234567";
const sent = (event: unknown, sourceArn = `X-Amz-Source-Arn=${SOURCE_ARN}, `) => [
  `Endpoint request URI: ${ENDPOINT}`,
  `Endpoint request headers: {x-amzn-lambda-integration-tag=${REQUEST_ID}, x-amzn-apigateway-api-id=a1b2c3d4e5, ${sourceArn}Accept=application/json, User-Agent=AmazonAPIGateway_a1b2c3d4e5}`,
  `Endpoint request body after transformations: ${JSON.stringify(event)}`,
  `Sending request to ${ENDPOINT}`,
];
const TOKEN_EVENT = { type: "TOKEN", methodArn: METHOD_ARN, authorizationToken: "Bearer 1234567" };
const UNAUTHORIZED = [`Unauthorized request: ${REQUEST_ID}`, "Unauthorized"];
const misconfigured = (...reasons: string[]) => [
  ...reasons.map((reason) => `Execution failed due to configuration error: ${reason}`),
  "AuthorizerConfigurationException",
];

describe("a TOKEN authorizer", () => {
  it.each(["Allow", "Deny"])("that says %s has succeeded: its policy is shown, not asked", async (effect) => {
    const result = { ...ALLOWED, policyDocument: policy(effect), context: { a: 1 } };
    const tested = await test({ invoke: () => Promise.resolve(resultOf(result)) });
    expect(tested.result).toEqual({ clientStatus: 0, latencyMs: 0, principalId: "user|a1b2c3d4", policy: JSON.stringify(policy(effect)) });
    expect(tested.log).toEqual([
      ...started(IDENTITY),
      ...sent(TOKEN_EVENT),
      `Authorizer result body before parsing: ${JSON.stringify(result)}`,
      "Using valid authorizer policy for principal: *******b2c3d4",
      "Successfully completed authorizer execution",
    ]);
    expect(tested.invocations).toEqual([
      {
        functionArn: FUNCTION,
        type: "RequestResponse",
        payload: expect.any(Uint8Array),
        caller: { principal: "apigateway.amazonaws.com", sourceArn: SOURCE_ARN, sourceAccount: "123456789012" },
        traceId: TRACE_ID,
        signal: expect.any(AbortSignal),
      },
    ]);
    expect(tested.event).toEqual(TOKEN_EVENT);
  });

  it("with a role calls its function in the role's name", async () => {
    const { log, invocations } = await test({ authorizer: { ...TOKEN, authorizerCredentials: "arn:aws:iam::123456789012:role/auth" } });
    expect(invocations[0]?.caller).toBeUndefined();
    expect(log.slice(2, 6)).toEqual(sent(TOKEN_EVENT, ""));
  });

  it.each<[string, readonly string[], string | undefined, string]>([
    ["no token", [], undefined, ""],
    ["an empty token", ["Auth", ""], undefined, ""],
    ["a token that is not as it should be", ["auth", "Bearer 1234567"], "Bearer \\p{Alpha}+", IDENTITY],
    ["a token of which a part is as it should be", ["auth", "Bearer 1234567"], "Bearer", IDENTITY],
  ])("is not asked for %s", async (_what, headers, identityValidationExpression, identity) => {
    const authorizer = { ...TOKEN, ...(identityValidationExpression === undefined ? {} : { identityValidationExpression }) };
    const { result, log, invocations } = await test({ authorizer, asked: { headers } });
    expect(result).toEqual({ clientStatus: 401, latencyMs: 0 });
    expect(log).toEqual([...started(identity), ...UNAUTHORIZED]);
    expect(invocations).toEqual([]);
  });

  it("is asked for a token that is as it should be", async () => {
    expect((await test({ authorizer: { ...TOKEN, identityValidationExpression: "Bearer \\d{7}" } })).result.clientStatus).toBe(0);
  });

  it("answers 401 when its function fails with Unauthorized", async () => {
    const { result, log } = await test({ invoke: () => Promise.resolve(resultOf({ errorMessage: "Unauthorized" }, { functionError: "Unhandled" })) });
    expect(result).toEqual({ clientStatus: 401, latencyMs: 0 });
    expect(log).toEqual([...started(IDENTITY), ...sent(TOKEN_EVENT), ...UNAUTHORIZED]);
  });

  it.each<[string, FunctionResult, string, string]>([
    [
      "fails otherwise",
      resultOf({ errorType: "Error", errorMessage: "Unauthorized: expired", trace: [] }, { functionError: "Unhandled" }),
      '{"errorType":"Error","errorMessage":"Unauthorized: expired","trace":[]}',
      'Invalid JSON in response: Unrecognized field "errorType" , not marked as ignorable',
    ],
    ["returns null", resultOf(null), "null", "Could not parse policy"],
    ["returns no policy", resultOf({ principalId: "user" }), '{"principalId":"user"}', "Could not parse policy"],
  ])("answers 500 when its function %s", async (_what, given, body, reason) => {
    const { result, log } = await test({ invoke: () => Promise.resolve(given) });
    expect(result).toEqual({ clientStatus: 500, latencyMs: 0 });
    expect(log).toEqual([...started(IDENTITY), ...sent(TOKEN_EVENT), `Authorizer result body before parsing: ${body}`, ...misconfigured(reason)]);
  });

  it.each([
    ["AccessDeniedException", "Invalid permissions on Lambda function"],
    ["ResourceNotFoundException", "Invalid permissions on Lambda function"],
    ["TooManyRequestsException", "Lambda invocation failed: refused"],
  ] as const)("answers 500 when its function cannot be called: %s", async (code, reason) => {
    const { result, log } = await test({ invoke: () => Promise.reject(new FunctionCallError(code, "refused")) });
    expect(result).toEqual({ clientStatus: 500, latencyMs: 0 });
    expect(log).toEqual([...started(IDENTITY), ...sent(TOKEN_EVENT), ...misconfigured(reason, "Authorizer error")]);
  });

  it("terraform-provider-aws 737: answers 500 when its URI leads to no function", async () => {
    const authorizerUri = URI.replace(":auth/", ":${stageVariables.name}/");
    const { result, log } = await test({ authorizer: { ...TOKEN, authorizerUri } });
    expect(result).toEqual({ clientStatus: 500, latencyMs: 0 });
    expect(log).toEqual([...started(IDENTITY), ...misconfigured("Invalid endpoint address", "Authorizer error")]);
    const { invocations } = await test({ authorizer: { ...TOKEN, authorizerUri }, asked: { stageVariables: { name: "auth" } } });
    expect(invocations.map(({ functionArn }) => functionArn)).toEqual([FUNCTION]);
  });
});

describe("a REQUEST authorizer", () => {
  const identitySource = `${HEADER}, method.request.querystring.name,stageVariables.key,context.identity.sourceIp`;
  const authorizer = { ...REQUEST, identitySource };
  const asked = {
    pathWithQuery: "/pets/7?name=a&name=tom",
    headers: ["Auth", "one", "Auth", "Bearer 1234567"],
    stageVariables: { key: "value" },
    additionalContext: { "identity.sourceIp": "192.0.2.1", "custom.inner.most": "x" },
  };

  it("is asked with the whole request and AWS's synthetic context", async () => {
    const { result, event, log } = await test({ authorizer, asked });
    expect(result).toEqual({ clientStatus: 0, latencyMs: 0, principalId: "user|a1b2c3d4", policy: JSON.stringify(policy("Allow")) });
    expect(event).toEqual({
      type: "REQUEST",
      methodArn: `${METHOD_ARN}pets/7`,
      resource: "/",
      path: "/pets/7",
      httpMethod: "GET",
      headers: { Auth: "Bearer 1234567" },
      multiValueHeaders: { Auth: ["one", "Bearer 1234567"] },
      queryStringParameters: { name: "tom" },
      multiValueQueryStringParameters: { name: ["a", "tom"] },
      pathParameters: {},
      stageVariables: { key: "value" },
      requestContext: {
        resourceId: "test-invoke-resource-id",
        resourcePath: "/",
        httpMethod: "GET",
        extendedRequestId: EXTENDED_REQUEST_ID,
        requestTime: "04/Mar/2020:19:15:17 +0000",
        path: "/",
        accountId: "123456789012",
        protocol: "HTTP/1.1",
        stage: "test-invoke-stage",
        domainPrefix: "testPrefix",
        requestTimeEpoch: NOW,
        requestId: REQUEST_ID,
        identity: {
          cognitoIdentityPoolId: null,
          accountId: "123456789012",
          cognitoIdentityId: null,
          apiKey: "test-invoke-api-key",
          apiKeyId: "test-invoke-api-key-id",
          caller: "123456789012",
          sourceIp: "192.0.2.1",
          principalOrgId: null,
          accessKey: "AKIDEXAMPLE",
          cognitoAuthenticationType: null,
          cognitoAuthenticationProvider: null,
          userArn: "arn:aws:iam::123456789012:root",
          userAgent: "aws-cli/2.15.51",
          user: "123456789012",
        },
        domainName: "testPrefix.testDomainName",
        apiId: "a1b2c3d4e5",
        custom: { inner: { most: "x" } },
      },
    });
    expect(log.slice(0, 2)).toEqual(
      started(
        "{method.request.header.Auth=********234567, method.request.querystring.name=***, stageVariables.key=*****, context.identity.sourceIp=***.0.2.1}",
      ),
    );
  });

  it("has empty maps where there is nothing, and needs no identity", async () => {
    const { identitySource: _source, ...without } = REQUEST;
    const { event, log } = await test({ authorizer: without, asked: { headers: [] } });
    expect(event).toMatchObject({
      path: "/",
      headers: {},
      multiValueHeaders: {},
      queryStringParameters: {},
      multiValueQueryStringParameters: {},
      pathParameters: {},
      stageVariables: {},
      requestContext: { identity: { sourceIp: "test-invoke-source-ip" } },
    });
    expect(log.slice(0, 2)).toEqual(started("{}"));
  });

  it.each([
    [{ ...asked, headers: [] }],
    [{ ...asked, pathWithQuery: "/?name=" }],
    [{ ...asked, stageVariables: {} }],
    [{ ...asked, additionalContext: { "identity.sourceIp": "" } }],
  ])("is not asked for a request that lacks one identity: %j", async (lacking) => {
    const { result, log, invocations } = await test({ authorizer, asked: lacking });
    expect(result).toEqual({ clientStatus: 401, latencyMs: 0 });
    expect(log.slice(2)).toEqual(UNAUTHORIZED);
    expect(invocations).toEqual([]);
  });

  it("does not look at a validation expression", async () => {
    expect((await test({ authorizer: { ...REQUEST, identityValidationExpression: "x" } })).result.clientStatus).toBe(0);
  });
});
