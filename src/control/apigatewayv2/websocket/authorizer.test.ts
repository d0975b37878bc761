import { expect, test } from "vitest";
import { call, refusal, startControlPlane } from "../../../../test/harness/control-plane.ts";
import type { CreateAuthorizerRequest } from "../../../model/apigatewayv2.types.gen.ts";

const FUNCTION = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations";
const ROLE = "arn:aws:iam::000000000000:role/auth";

async function start(httpLimits = {}) {
  const plane = startControlPlane({ httpLimits });
  const { ApiId = "" } = await plane.v2.CreateApi({ Name: "chat", ProtocolType: "WEBSOCKET", RouteSelectionExpression: "$request.body.action" }, call);
  const create = (members: Partial<CreateAuthorizerRequest> = {}) =>
    plane.v2.CreateAuthorizer({ ApiId, Name: "auth", AuthorizerType: "REQUEST", IdentitySource: ["route.request.header.Auth"], AuthorizerUri: FUNCTION, ...members }, call);
  return { ...plane, ApiId, create };
}

const shown = { AuthorizerId: "i00002", AuthorizerType: "REQUEST", AuthorizerUri: FUNCTION, IdentitySource: ["route.request.header.Auth"], Name: "auth" } as const;

test("CreateAuthorizer, GetAuthorizer, GetAuthorizers by pages, UpdateAuthorizer, DeleteAuthorizer", async () => {
  const { v2, ApiId, create } = await start();
  expect(await create({ AuthorizerCredentialsArn: ROLE })).toEqual({ ...shown, AuthorizerCredentialsArn: ROLE });
  const key = { ApiId, AuthorizerId: "i00002" };
  expect(await v2.GetAuthorizer(key, call)).toEqual({ ...shown, AuthorizerCredentialsArn: ROLE });
  const second = await create({ Name: "second", IdentitySource: [] });
  const page = await v2.GetAuthorizers({ ApiId, MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [{ ...shown, AuthorizerCredentialsArn: ROLE }], NextToken: expect.any(String) });
  expect(await v2.GetAuthorizers({ ApiId, NextToken: page.NextToken as string }, call)).toEqual({ Items: [second] });
  const IdentitySource = ["route.request.querystring.Name", "stageVariables.a", "context.identity.sourceIp"];
  const changed = { ...shown, Name: "new", IdentitySource };
  expect(await v2.UpdateAuthorizer({ ...key, Name: "new", IdentitySource, AuthorizerCredentialsArn: "", AuthorizerType: "REQUEST" }, call)).toEqual(changed);
  expect(await v2.GetAuthorizer(key, call)).toEqual(changed);
  expect(await v2.DeleteAuthorizer(key, call)).toEqual({});
  for (const gone of [v2.GetAuthorizer(key, call), v2.UpdateAuthorizer(key, call), v2.DeleteAuthorizer(key, call)]) {
    expect(await refusal(gone)).toBe("NotFoundException: Invalid Authorizer identifier specified");
  }
});

const cannot = (member: string) => `BadRequestException: ${member} cannot be set for WEBSOCKET protocol Apis`;

test.each<[Partial<CreateAuthorizerRequest>, string]>([
  [{ Name: "" }, "BadRequestException: Authorizer name must not be empty"],
  [{ Name: "taken" }, "BadRequestException: Authorizer name must be unique. Authorizer taken already exists in this RestApi."],
  [{ AuthorizerType: "JWT" }, "BadRequestException: JWT authorizers are not supported on protocolType WEBSOCKET"],
  [{ JwtConfiguration: { Issuer: "https://example.com" } }, cannot("JwtConfiguration")],
  // github.com/anomalyco/sst/issues/905
  [{ AuthorizerResultTtlInSeconds: 0 }, cannot("AuthorizerResultTtlInSeconds")],
  [{ AuthorizerPayloadFormatVersion: "2.0" }, cannot("AuthorizerPayloadFormatVersion")],
  [{ EnableSimpleResponses: true }, cannot("EnableSimpleResponses")],
  [{ IdentityValidationExpression: "a" }, "BadRequestException: identityValidationExpression is not supported for REQUEST and JWT authorizers"],
  [{ AuthorizerUri: "lambda" }, "BadRequestException: Invalid Authorizer URI: lambda. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation."],
  [{ AuthorizerCredentialsArn: "role" }, "BadRequestException: Invalid ARN specified in the request"],
  [
    // github.com/aws/aws-cdk/issues/18307
    { IdentitySource: ["$request.header.Authorization"] },
    "BadRequestException: Invalid request identity source expression: $request.header.Authorization. The sources must be separated by comma, and each source must be either a request parameter, matching 'route.request.querystring|header.[a-zA-Z0-9.\\_-]+', or a stage variable, matching 'stageVariables.[a-zA-Z0-9.\\_-]+', or a context parameter, matching 'context.[a-zA-Z0-9.\\_-]+'",
  ],
])("CreateAuthorizer and UpdateAuthorizer refuse %j", async (members, expected) => {
  const { v2, ApiId, create } = await start();
  await create();
  await create({ Name: "taken" });
  expect(await refusal(create({ Name: "other", ...members }))).toBe(expected);
  expect(await refusal(v2.UpdateAuthorizer({ ApiId, AuthorizerId: "i00002", ...members }, call))).toBe(expected);
  expect((await v2.GetAuthorizers({ ApiId }, call)).Items?.length).toBe(2);
});

test("an authorizer that a route uses is not deleted", async () => {
  const { v2, ApiId, create } = await start();
  const { AuthorizerId = "" } = await create();
  await v2.CreateRoute({ ApiId, RouteKey: "$connect", AuthorizationType: "CUSTOM", AuthorizerId }, call);
  expect(await refusal(v2.DeleteAuthorizer({ ApiId, AuthorizerId }, call))).toBe("ConflictException: Cannot delete authorizer 'auth', is referenced in route: $connect");
});

test("quotas: authorizers of an API", async () => {
  const { create } = await start({ authorizersPerApi: 1 });
  await create();
  expect(await refusal(create({ Name: "second" }))).toBe("TooManyRequestsException: Maximum number of Authorizers for this API has been reached. Please contact AWS if you need additional Authorizers.");
});
