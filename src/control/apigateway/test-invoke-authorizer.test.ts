import { expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type { AuthorizerTest } from "../../ports/test-invocation.ts";

const TOKEN = {
  name: "tokens",
  type: "TOKEN",
  authorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations",
  identitySource: "method.request.header.Authorization",
} as const;

async function start() {
  const asked: AuthorizerTest[] = [];
  const { api } = startControlPlane({
    testInvocations: {
      testAuthorizer: (it) => {
        asked.push(it);
        const said = it.authorizer.type === "COGNITO_USER_POOLS" ? { claims: { sub: "who" } } : { principalId: "user", policy: "{}" };
        return Promise.resolve({ clientStatus: 0, log: "log", latencyMs: 7, ...said });
      },
    },
  });
  const { restApiId } = await petStore(api);
  const authorizer = await api.CreateAuthorizer({ restApiId, ...TOKEN }, call);
  return { api, asked, restApiId, authorizer, key: { restApiId, authorizerId: authorizer.id as string } };
}

test("TestInvokeAuthorizer asks the authorizer as it now is", async () => {
  const { api, asked, authorizer, key } = await start();
  const headers = { Authorization: "a", other: "b" };
  const multiValueHeaders = { authorization: ["c", "d"] };
  const request = { headers, multiValueHeaders, pathWithQueryString: "/a?b=c", body: "text", stageVariables: { v: "1" }, additionalContext: { "identity.sourceIp": "ip" } };
  expect(await api.TestInvokeAuthorizer({ ...key, ...request }, call)).toEqual({ clientStatus: 0, log: "log", latency: 7, principalId: "user", policy: "{}" });
  await api.TestInvokeAuthorizer(key, call);
  const tester = { account: call.account, accessKeyId: call.accessKeyId, userAgent: call.userAgent };
  const shared = { api: expect.objectContaining({ id: key.restApiId }), authorizer, tester };
  expect(asked).toEqual([
    {
      ...shared,
      pathWithQuery: "/a?b=c",
      headers: ["other", "b", "authorization", "c", "authorization", "d"],
      body: "text",
      stageVariables: { v: "1" },
      additionalContext: { "identity.sourceIp": "ip" },
    },
    { ...shared, pathWithQuery: "/", headers: [], body: "", stageVariables: {}, additionalContext: {} },
  ]);
});

test.each([
  [{ authorizerId: "none" }, "NotFoundException: Invalid Authorizer identifier specified"],
  [{ headers: { "a b": "c" } }, "BadRequestException: Invalid header name: a b"],
  [{ stageVariables: { "a-b": "c" } }, "BadRequestException: Invalid stage variable name: a-b.  Please use names with only word characters."],
  [{ additionalContext: { "__proto__.a": "c" } }, "BadRequestException: Invalid context variable specified: __proto__.a"],
  [{ additionalContext: { "a.b.c.d.e": "c" } }, "BadRequestException: Invalid context variable specified: a.b.c.d.e"],
])("TestInvokeAuthorizer refuses %j", async (members, expected) => {
  const { api, asked, key } = await start();
  expect(await refusal(api.TestInvokeAuthorizer({ ...key, ...members }, call))).toBe(expected);
  expect(asked).toEqual([]);
});

test("TestInvokeAuthorizer tests user pools too, and shows a token's claims", async () => {
  const { api, asked, restApiId } = await start();
  const providerARNs = ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a"];
  const { id } = await api.CreateAuthorizer({ restApiId, name: "pools", type: "COGNITO_USER_POOLS", providerARNs, identitySource: TOKEN.identitySource }, call);
  const { claims } = await api.TestInvokeAuthorizer({ restApiId, authorizerId: id as string }, call);
  expect(claims).toEqual({ sub: "who" });
  expect(asked).toMatchObject([{ authorizer: { type: "COGNITO_USER_POOLS", providerARNs } }]);
});
