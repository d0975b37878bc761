import { expect, test } from "vitest";
import { call, type ControlPlaneOptions, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type { CreateAuthorizerRequest, UpdateAuthorizerRequest } from "../../model/apigatewayv2.types.gen.ts";

type Members = Omit<CreateAuthorizerRequest, "ApiId">;

const ISSUER = "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_abc123";
const URI = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations";
const ROLE = "arn:aws:iam::000000000000:role/authorizer";
const JWT = { Name: "my-jwt-authorizer", AuthorizerType: "JWT", IdentitySource: ["$request.header.Authorization"], JwtConfiguration: { Audience: ["123456abc"], Issuer: ISSUER } } as const;
const REQUEST = { Name: "lambda", AuthorizerType: "REQUEST", IdentitySource: ["$request.header.Auth"], AuthorizerUri: URI, AuthorizerPayloadFormatVersion: "2.0" } as const;

async function start(httpLimits = {}, options: ControlPlaneOptions = {}) {
  const plane = startControlPlane({ httpLimits, ...options });
  const { ApiId = "" } = await plane.v2.CreateApi({ Name: "pets", ProtocolType: "HTTP" }, call);
  return { ...plane, ApiId, create: (members: Members) => plane.v2.CreateAuthorizer({ ApiId, ...members }, call), key: { ApiId, AuthorizerId: "i00002" } };
}

test("CreateAuthorizer, GetAuthorizer, GetAuthorizers by pages, DeleteAuthorizer", async () => {
  const { v2, ApiId, create, key } = await start();
  const authorizer = await create(JWT);
  expect(authorizer).toEqual({ AuthorizerId: "i00002", ...JWT });
  expect(await v2.GetAuthorizer(key, call)).toEqual(authorizer);
  const second = await create(REQUEST);
  const page = await v2.GetAuthorizers({ ApiId, MaxResults: "1" }, call);
  expect(page).toEqual({ Items: [authorizer], NextToken: expect.any(String) });
  expect(await v2.GetAuthorizers({ ApiId, NextToken: page.NextToken as string }, call)).toEqual({ Items: [second] });
  expect(await v2.DeleteAuthorizer(key, call)).toEqual({});
  for (const operation of [v2.GetAuthorizer, v2.UpdateAuthorizer, v2.DeleteAuthorizer]) {
    expect(await refusal(operation(key, call))).toBe("NotFoundException: Invalid Authorizer identifier specified");
  }
});

test.each<[Members, object]>([
  [{ ...JWT, IdentitySource: ["$request.querystring.token"], JwtConfiguration: { Issuer: "http://localhost:9000/pool" } }, { AuthorizerId: "i00002", ...JWT, IdentitySource: ["$request.querystring.token"], JwtConfiguration: { Issuer: "http://localhost:9000/pool" } }],
  [REQUEST, { AuthorizerId: "i00002", ...REQUEST, AuthorizerResultTtlInSeconds: 300, EnableSimpleResponses: false }],
  [
    { ...REQUEST, IdentitySource: ["$request.header.a", "$request.querystring.b", "$context.identity.sourceIp", "$stageVariables.c"], AuthorizerCredentialsArn: ROLE, EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: 3600 },
    { AuthorizerId: "i00002", ...REQUEST, IdentitySource: ["$request.header.a", "$request.querystring.b", "$context.identity.sourceIp", "$stageVariables.c"], AuthorizerCredentialsArn: ROLE, EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: 3600 },
  ],
  [
    { ...REQUEST, IdentitySource: [], AuthorizerPayloadFormatVersion: "1.0", AuthorizerResultTtlInSeconds: 0 },
    { AuthorizerId: "i00002", ...REQUEST, IdentitySource: [], AuthorizerPayloadFormatVersion: "1.0", AuthorizerResultTtlInSeconds: 0, EnableSimpleResponses: false },
  ],
])("CreateAuthorizer: %j", async (members, expected) => {
  expect(await (await start()).create(members)).toEqual(expected);
});

const issuer = (text: string) => `BadRequestException: Invalid issuer: ${text}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'`;
const jwtSource = (text: string) => `BadRequestException: Invalid identity source specified: ${text}. JWT authorizers have one, $request.header.{name} or $request.querystring.{name}`;
const source = (text: string) => `BadRequestException: Invalid identity source specified: ${text}. Must be a header, query string, stage variable or context variable of the request`;
const { AuthorizerPayloadFormatVersion: _version, ...VERSIONLESS } = REQUEST;

test.each<[Members, string]>([
  [{ ...JWT, Name: "" }, "BadRequestException: Authorizer name must not be empty"],
  [{ ...JWT, Name: "a".repeat(129) }, "BadRequestException: Name must have at most 128 characters; this one has 129"],
  [{ ...JWT, Name: "first" }, "BadRequestException: Authorizer name must be unique. Authorizer first already exists in this RestApi."],
  [{ ...JWT, IdentitySource: [] }, jwtSource("")],
  [{ ...JWT, IdentitySource: ["$request.header.a", "$request.header.b"] }, jwtSource("$request.header.a,$request.header.b")],
  [{ ...JWT, IdentitySource: ["$context.a"] }, jwtSource("$context.a")],
  [{ ...JWT, IdentitySource: ["method.request.header.Authorization"] }, jwtSource("method.request.header.Authorization")],
  [{ ...JWT, JwtConfiguration: {} }, "BadRequestException: JwtConfiguration with an issuer is a required parameter for JWT authorizer"],
  [{ ...JWT, JwtConfiguration: { Issuer: "accounts.google.com" } }, issuer("accounts.google.com")],
  [{ ...JWT, JwtConfiguration: { Issuer: "http://example.com" } }, issuer("http://example.com")],
  [{ ...JWT, JwtConfiguration: { Issuer: "https://example.com?a=b" } }, issuer("https://example.com?a=b")],
  [{ ...JWT, JwtConfiguration: { Issuer: ISSUER, Audience: Array.from({ length: 51 }, (_, i) => `a${i}`) } }, "BadRequestException: An authorizer has at most 50 audiences; this would have 51"],
  [{ ...JWT, AuthorizerUri: URI }, "BadRequestException: authorizerUri is only supported for REQUEST authorizers"],
  [{ ...JWT, EnableSimpleResponses: true }, "BadRequestException: enableSimpleResponses is only supported for REQUEST authorizers"],
  [{ ...JWT, IdentityValidationExpression: "^a$" }, "BadRequestException: identityValidationExpression is not supported for REQUEST and JWT authorizers"],
  // github.com/hashicorp/terraform-provider-aws/issues/15181
  [VERSIONLESS, "BadRequestException: AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer"],
  [{ ...REQUEST, AuthorizerPayloadFormatVersion: "3.0" }, "BadRequestException: Invalid authorizerPayloadFormatVersion specified: 3.0. Must be one of: [1.0, 2.0]"],
  [{ ...REQUEST, AuthorizerPayloadFormatVersion: "1.0", EnableSimpleResponses: true }, "BadRequestException: Simple responses are only supported for the authorizerPayloadFormatVersion 2.0"],
  [{ ...REQUEST, JwtConfiguration: { Issuer: ISSUER } }, "BadRequestException: jwtConfiguration is only supported for JWT authorizers"],
  [{ ...REQUEST, AuthorizerUri: "auth" }, "BadRequestException: Invalid Authorizer URI: auth. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation."],
  [{ ...REQUEST, AuthorizerCredentialsArn: "role" }, "BadRequestException: Invalid ARN specified in the request"],
  [{ ...REQUEST, AuthorizerResultTtlInSeconds: 3601 }, "BadRequestException: Invalid authorizer result TTL specified: 3601. Must be between 0 and 3600 seconds"],
  [{ ...REQUEST, IdentitySource: ["$request.path.a"] }, source("$request.path.a")],
  // github.com/hashicorp/terraform-provider-aws/pull/32629
  [{ ...REQUEST, IdentitySource: [] }, "BadRequestException: Identity source must be set if authorizer caching is enabled (TTL is greater than 0)"],
])("CreateAuthorizer refuses %j", async (members, expected) => {
  const { v2, ApiId, create } = await start();
  const first = await create({ ...JWT, Name: "first" });
  expect(await refusal(create(members))).toBe(expected);
  expect(await v2.GetAuthorizers({ ApiId }, call)).toEqual({ Items: [first] });
});

test("UpdateAuthorizer merges", async () => {
  const { v2, create, key } = await start();
  await create({ ...REQUEST, AuthorizerCredentialsArn: ROLE, EnableSimpleResponses: true });
  const update: UpdateAuthorizerRequest = { ...key, Name: "new", AuthorizerCredentialsArn: "", AuthorizerResultTtlInSeconds: 0, IdentitySource: [], EnableSimpleResponses: false, AuthorizerPayloadFormatVersion: "1.0" };
  expect(await v2.UpdateAuthorizer(update, call)).toEqual({
    AuthorizerId: "i00002",
    AuthorizerPayloadFormatVersion: "1.0",
    AuthorizerResultTtlInSeconds: 0,
    AuthorizerType: "REQUEST",
    AuthorizerUri: URI,
    EnableSimpleResponses: false,
    IdentitySource: [],
    Name: "new",
  });
  expect(await refusal(v2.UpdateAuthorizer({ ...key, AuthorizerType: "JWT" }, call))).toBe("BadRequestException: An authorizer of type REQUEST cannot become one of type JWT");
  expect(await refusal(v2.UpdateAuthorizer({ ...key, AuthorizerResultTtlInSeconds: 1 }, call))).toBe("BadRequestException: Identity source must be set if authorizer caching is enabled (TTL is greater than 0)");
});

test("UpdateAuthorizer replaces the configuration of tokens as a whole", async () => {
  const { v2, create, key } = await start();
  await create(JWT);
  const { JwtConfiguration } = await v2.UpdateAuthorizer({ ...key, JwtConfiguration: { Issuer: "https://example.com" } }, call);
  expect(JwtConfiguration).toEqual({ Issuer: "https://example.com" });
});

test("an issuer that cannot be asked is refused whenever an authorizer gets it (github.com/haandol/cognito-kakao-example/issues/1)", async () => {
  const asked: string[] = [];
  const discover = async (issuer: string) => {
    asked.push(issuer);
    return issuer.includes("gone") ? { failure: "nobody answers" } : { jwksUri: `${issuer}/keys` };
  };
  const { v2, ApiId, create, key } = await start({}, { discover });
  const gone = (url: string, name: string) =>
    `BadRequestException: Caught exception when connecting to ${url}/.well-known/openid-configuration for issuer ${name}. Please try again later. ` +
    `Error: Invalid issuer: ${name}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration': nobody answers`;
  expect(await refusal(create({ ...JWT, JwtConfiguration: { Issuer: "https://gone.example" } }))).toBe(gone("https://gone.example", "https://gone.example"));
  expect(await v2.GetAuthorizers({ ApiId }, call)).toEqual({ Items: [] });
  const { AuthorizerId = "" } = await create(JWT);
  const update = (members: Partial<UpdateAuthorizerRequest>) => v2.UpdateAuthorizer({ ...key, AuthorizerId, ...members }, call);
  expect(await refusal(update({ JwtConfiguration: { Issuer: "https://gone.example/pool/" } }))).toBe(gone("https://gone.example/pool", "https://gone.example/pool/"));
  // What does not concern the issuer does not ask it, nor does what is refused anyway.
  await update({ Name: "renamed" });
  await refusal(create({ ...JWT, Name: "renamed" }));
  await refusal(create({ ...JWT, IdentitySource: [] }));
  expect(asked).toEqual(["https://gone.example", ISSUER, "https://gone.example/pool/"]);
});

test("a call that is decided again, since others were faster, does not ask its issuer again", async () => {
  let asked = 0;
  const plane: { others?: () => Promise<unknown> } = {};
  const discover = async (issuer: string) => {
    asked++;
    await plane.others?.();
    return { jwksUri: `${issuer}/keys` };
  };
  const { v2, ApiId, create } = await start({}, { discover });
  plane.others = () => v2.CreateRoute({ ApiId, RouteKey: "GET /faster" }, call);
  expect(await create(JWT)).toMatchObject(JWT);
  expect(asked).toBe(1);
});

test("DeleteAuthorizer refuses while a route uses it (github.com/anomalyco/sst/issues/5586)", async () => {
  const { v2, ApiId, create, key } = await start();
  await create(JWT);
  await v2.CreateRoute({ ApiId, RouteKey: "POST /pdf/generate", AuthorizationType: "JWT", AuthorizerId: "i00002" }, call);
  expect(await refusal(v2.DeleteAuthorizer(key, call))).toBe("ConflictException: Cannot delete authorizer 'my-jwt-authorizer', is referenced in route: POST /pdf/generate");
});

test("quotas: authorizers of an API (github.com/anomalyco/sst/issues/4522)", async () => {
  const { create } = await start({ authorizersPerApi: 1 });
  await create(JWT);
  expect(await refusal(create(REQUEST))).toBe("TooManyRequestsException: Maximum number of Authorizers for this API has been reached. Please contact AWS if you need additional Authorizers.");
});
