import { describe, expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type { CreateAuthorizerRequest } from "../../model/apigateway.types.gen.ts";

const NOT_FOUND = "NotFoundException: Invalid Authorizer identifier specified";
const URI = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:auth/invocations";
const POOL = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_aWcZeQbuD";
const OTHER_POOL = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_other";
const ROLE = "arn:aws:iam::000000000000:role/authorizer";
const HEADER = "method.request.header.Authorization";

const TOKEN = { name: "tokens", type: "TOKEN", authorizerUri: URI, identitySource: HEADER } as const;
const REQUEST = { name: "requests", type: "REQUEST", authorizerUri: URI, identitySource: HEADER } as const;
const POOLS = { name: "pools", type: "COGNITO_USER_POOLS", providerARNs: [POOL], identitySource: HEADER } as const;

type Members = Omit<CreateAuthorizerRequest, "restApiId">;

async function start(members: Members = TOKEN) {
  const { api } = startControlPlane();
  const found = await petStore(api);
  const { restApiId } = found;
  const authorizer = await api.CreateAuthorizer({ restApiId, ...members }, call);
  return { api, ...found, authorizer, key: { restApiId, authorizerId: authorizer.id as string } };
}

const replace = (path: string, value: string) => ({ op: "replace", path, value }) as const;

test("CreateAuthorizer, GetAuthorizer, GetAuthorizers by pages, DeleteAuthorizer", async () => {
  const { api, restApiId, authorizer, key } = await start();
  expect(authorizer).toEqual({ id: "i00006", ...TOKEN, authType: "custom", authorizerResultTtlInSeconds: 300 });
  expect(await api.GetAuthorizer(key, call)).toEqual(authorizer);
  const second = await api.CreateAuthorizer({ restApiId, ...POOLS }, call);
  const page = await api.GetAuthorizers({ restApiId, limit: 1 }, call);
  expect(page).toEqual({ items: [authorizer], position: expect.any(String) });
  expect(await api.GetAuthorizers({ restApiId, position: page.position as string }, call)).toEqual({ items: [second] });
  expect(await api.DeleteAuthorizer(key, call)).toEqual({});
  expect(await refusal(api.GetAuthorizer(key, call))).toBe(NOT_FOUND);
  expect(await refusal(api.UpdateAuthorizer(key, call))).toBe(NOT_FOUND);
  expect(await refusal(api.DeleteAuthorizer(key, call))).toBe(NOT_FOUND);
});

test.each<[Members, object]>([
  [TOKEN, { ...TOKEN, authType: "custom", authorizerResultTtlInSeconds: 300 }],
  [
    { ...TOKEN, authType: "mine", authorizerCredentials: ROLE, identityValidationExpression: "^Bearer \\p{Alnum}+$", authorizerResultTtlInSeconds: 0 },
    { ...TOKEN, authType: "mine", authorizerCredentials: ROLE, identityValidationExpression: "^Bearer \\p{Alnum}+$", authorizerResultTtlInSeconds: 0 },
  ],
  [{ ...TOKEN, providerARNs: [], authorizerCredentials: "", identityValidationExpression: "" }, { ...TOKEN, authType: "custom", authorizerResultTtlInSeconds: 300 }],
  [
    { ...REQUEST, identitySource: `${HEADER}, method.request.querystring.Name,stageVariables.key,context.identity.sourceIp`, authorizerResultTtlInSeconds: 3600 },
    {
      ...REQUEST,
      identitySource: `${HEADER}, method.request.querystring.Name,stageVariables.key,context.identity.sourceIp`,
      authType: "custom",
      authorizerResultTtlInSeconds: 3600,
    },
  ],
  [
    { name: "requests", type: "REQUEST", authorizerUri: URI, authorizerResultTtlInSeconds: 0 },
    { name: "requests", type: "REQUEST", authorizerUri: URI, authType: "custom", authorizerResultTtlInSeconds: 0 },
  ],
  [POOLS, { ...POOLS, authType: "cognito_user_pools" }],
  [{ ...POOLS, providerARNs: [POOL, OTHER_POOL, POOL] }, { ...POOLS, providerARNs: [POOL, OTHER_POOL], authType: "cognito_user_pools" }],
])("CreateAuthorizer: %j", async (members, expected) => {
  expect((await start(members)).authorizer).toEqual({ id: "i00006", ...expected });
});

test("aws-api-gateway-stage-variables-reference: a stage variable may name an authorizer's function", async () => {
  const authorizerUri = URI.replace("function:auth", "function:${stageVariables.auth}");
  expect((await start({ ...TOKEN, authorizerUri })).authorizer.authorizerUri).toBe(authorizerUri);
});

const invalidUri = (uri: string) =>
  `BadRequestException: Invalid Authorizer URI: ${uri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`;
const invalidSource = (source: string) =>
  `BadRequestException: Invalid token source expression: ${source}. The source must be a method request header, matching 'method.request.header.[a-zA-Z0-9._-]+'.`;
const invalidExpression = (source: string) =>
  `BadRequestException: Invalid identity source expression: ${source}. The source must be a header, query string, stage variable or context variable of the request.`;

test.each<[Partial<Members>, string]>([
  [{ name: "" }, "BadRequestException: Authorizer name must not be empty"],
  [{ authorizerUri: "" }, invalidUri("")],
  [{ authorizerUri: URI.replace("us-east-1", "region") }, invalidUri(URI.replace("us-east-1", "region"))],
  [{ authorizerUri: URI.replace("us-east-1", "cn-north-1") }, invalidUri(URI.replace("us-east-1", "cn-north-1"))],
  [{ authorizerUri: "https://example.com" }, invalidUri("https://example.com")],
  [{ authorizerUri: "arn:aws:lambda:us-east-1:000000000000:function:auth" }, invalidUri("arn:aws:lambda:us-east-1:000000000000:function:auth")],
  [{ identitySource: "" }, invalidSource("")],
  [{ identitySource: "Authorization" }, invalidSource("Authorization")],
  [{ identitySource: "method.request.querystring.key" }, invalidSource("method.request.querystring.key")],
  [{ identitySource: `${HEADER},${HEADER}` }, invalidSource(`${HEADER},${HEADER}`)],
  [{ authorizerCredentials: "role" }, "BadRequestException: Invalid ARN specified in the request"],
  [{ authorizerResultTtlInSeconds: -1 }, "BadRequestException: Invalid authorizer result TTL specified: -1. Must be between 0 and 3600 seconds"],
  [{ authorizerResultTtlInSeconds: 3601 }, "BadRequestException: Invalid authorizer result TTL specified: 3601. Must be between 0 and 3600 seconds"],
  [{ ...REQUEST, identitySource: "" }, "BadRequestException: Identity source must be set if authorizer caching is enabled (TTL is greater than 0)"],
  [{ ...REQUEST, identitySource: `${HEADER}, method.request.path.id` }, invalidExpression("method.request.path.id")],
  [{ ...REQUEST, identitySource: "$context.identity.sourceIp" }, invalidExpression("$context.identity.sourceIp")],
  [{ ...REQUEST, authorizerUri: "a" }, invalidUri("a")],
  [{ ...POOLS, providerARNs: [] }, "BadRequestException: At least one provider ARN must be specified for an authorizer of type COGNITO_USER_POOLS"],
  [{ ...POOLS, providerARNs: [POOL, "pool"] }, "BadRequestException: Invalid provider ARN specified: pool. Must be the ARN of an Amazon Cognito user pool"],
  [{ ...POOLS, identitySource: "context.path" }, invalidSource("context.path")],
])("CreateAuthorizer refuses %j", async (members, expected) => {
  const { api, restApiId, authorizer } = await start({ ...TOKEN, name: "first" });
  expect(await refusal(api.CreateAuthorizer({ restApiId, ...TOKEN, ...members }, call))).toBe(expected);
  expect(await api.GetAuthorizers({ restApiId }, call)).toEqual({ items: [authorizer] });
});

test("CreateAuthorizer refuses an expression that is no pattern, or none of linear time", async () => {
  const { api, restApiId } = await start({ ...TOKEN, name: "first" });
  for (const identityValidationExpression of ["(", "(?=a)b"]) {
    const refused = await refusal(api.CreateAuthorizer({ restApiId, ...TOKEN, identityValidationExpression }, call));
    expect(refused.startsWith(`BadRequestException: Invalid identity validation expression specified: ${identityValidationExpression}. `)).toBe(true);
  }
});

test("names are unique within an API", async () => {
  const { api, restApiId, key } = await start();
  const expected = "BadRequestException: Authorizer name must be unique. Authorizer tokens already exists in this RestApi.";
  expect(await refusal(api.CreateAuthorizer({ restApiId, ...TOKEN }, call))).toBe(expected);
  const other = await api.CreateAuthorizer({ restApiId, ...REQUEST }, call);
  const rename = (authorizerId: string) => api.UpdateAuthorizer({ restApiId, authorizerId, patchOperations: [replace("/name", "tokens")] }, call);
  expect(await refusal(rename(other.id as string))).toBe(expected);
  expect((await rename(key.authorizerId)).name).toBe("tokens");
  const elsewhere = await petStore(api);
  expect((await api.CreateAuthorizer({ restApiId: elsewhere.restApiId, ...TOKEN }, call)).name).toBe("tokens");
});

test("limits: an API has 10 authorizers", async () => {
  const { api, restApiId } = await start();
  for (let i = 1; i < 10; i++) await api.CreateAuthorizer({ restApiId, ...TOKEN, name: `a${i}` }, call);
  expect(await refusal(api.CreateAuthorizer({ restApiId, ...TOKEN, name: "a10" }, call))).toBe(
    "LimitExceededException: Maximum number of Authorizers for this API has been reached. Please contact AWS if you need additional Authorizers.",
  );
});

test.each<[Members, { readonly op: "add" | "remove" | "replace"; readonly path: string; readonly value: string }, object]>([
  [TOKEN, replace("/authType", "oauth"), { authType: "oauth" }],
  [TOKEN, replace("/authorizerCredentials", ROLE), { authorizerCredentials: ROLE }],
  [{ ...TOKEN, authorizerCredentials: ROLE }, replace("/authorizerCredentials", ""), { authorizerCredentials: undefined }],
  [TOKEN, replace("/authorizerResultTtlInSeconds", "0"), { authorizerResultTtlInSeconds: 0 }],
  [TOKEN, replace("/authorizerUri", URI.replace(":auth/", ":other/")), { authorizerUri: URI.replace(":auth/", ":other/") }],
  [TOKEN, replace("/identitySource", "method.request.header.X-Token"), { identitySource: "method.request.header.X-Token" }],
  [{ ...REQUEST, authorizerResultTtlInSeconds: 0 }, replace("/identitySource", ""), { identitySource: undefined }],
  [TOKEN, replace("/identityValidationExpression", "\\w+"), { identityValidationExpression: "\\w+" }],
  [{ ...TOKEN, identityValidationExpression: "a" }, replace("/identityValidationExpression", ""), { identityValidationExpression: undefined }],
  [TOKEN, replace("/name", "renamed"), { name: "renamed" }],
  [POOLS, { op: "add", path: "/providerARNs", value: OTHER_POOL }, { providerARNs: [POOL, OTHER_POOL] }],
  [{ ...POOLS, providerARNs: [POOL, OTHER_POOL] }, { op: "remove", path: "/providerARNs", value: POOL }, { providerARNs: [OTHER_POOL] }],
  [TOKEN, replace("/type", "REQUEST"), { type: "REQUEST" }],
])("UpdateAuthorizer: %j, %j", async (members, operation, changed) => {
  const { api, authorizer, key } = await start(members);
  const answer = await api.UpdateAuthorizer({ ...key, patchOperations: [operation] }, call);
  expect(answer).toEqual({ ...authorizer, ...changed });
  expect(await api.GetAuthorizer(key, call)).toEqual(answer);
});

const PATHS =
  "/authType, /authorizerCredentials, /authorizerResultTtlInSeconds, /authorizerUri, /identitySource, /identityValidationExpression, /jwtConfiguration, /name, /type";

test.each<[Members, { readonly op: "add" | "remove" | "replace"; readonly path: string; readonly value: string }, string]>([
  [TOKEN, replace("/id", "x"), `BadRequestException: Invalid patch path  '/id' specified for op 'replace'. Must be one of: [${PATHS}]`],
  [TOKEN, { op: "add", path: "/name", value: "x" }, "BadRequestException: Invalid patch path  '/name' specified for op 'add'. Must be one of: [/identitySource, /providerARNs]"],
  [TOKEN, { op: "remove", path: "/name", value: "x" }, "BadRequestException: Invalid patch path  '/name' specified for op 'remove'. Must be one of: [/identitySource, /providerARNs]"],
  [
    TOKEN,
    replace("/authorizerResultTtlInSeconds", "3601"),
    "BadRequestException: Invalid patch value '3601' specified for path '/authorizerResultTtlInSeconds'. Must be an integer between 0 and 3600",
  ],
  [TOKEN, replace("/type", "AWS_IAM"), "BadRequestException: Invalid patch value 'AWS_IAM' specified for path '/type'. Must be one of: [TOKEN, REQUEST, COGNITO_USER_POOLS, JWT]"],
  [TOKEN, replace("/type", "COGNITO_USER_POOLS"), "BadRequestException: An authorizer of type TOKEN cannot become one of type COGNITO_USER_POOLS"],
  [TOKEN, replace("/authorizerUri", ""), invalidUri("")],
  [TOKEN, replace("/identitySource", "context.path"), invalidSource("context.path")],
  [{ ...REQUEST, identitySource: "context.path" }, replace("/type", "TOKEN"), invalidSource("context.path")],
  [
    POOLS,
    { op: "remove", path: "/providerARNs", value: POOL },
    "BadRequestException: At least one provider ARN must be specified for an authorizer of type COGNITO_USER_POOLS",
  ],
])("UpdateAuthorizer refuses %j, %j and changes nothing", async (members, operation, expected) => {
  const { api, authorizer, key } = await start(members);
  expect(await refusal(api.UpdateAuthorizer({ ...key, patchOperations: [replace("/name", "new"), operation] }, call))).toBe(expected);
  expect(await api.GetAuthorizer(key, call)).toEqual(authorizer);
});

test("terraform-provider-aws 16613: credentials of a user pools authorizer are taken from updates alone", async () => {
  const { api, authorizer, key } = await start({ ...POOLS, authorizerCredentials: ROLE });
  expect(authorizer.authorizerCredentials).toBeUndefined();
  const patchOperations = [replace("/authorizerCredentials", ROLE)];
  expect((await api.UpdateAuthorizer({ ...key, patchOperations }, call)).authorizerCredentials).toBe(ROLE);
});

describe("methods", () => {
  const INVALID =
    "BadRequestException: Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.";

  test.each([
    [TOKEN, "CUSTOM", "COGNITO_USER_POOLS"],
    [REQUEST, "CUSTOM", "COGNITO_USER_POOLS"],
    [POOLS, "COGNITO_USER_POOLS", "CUSTOM"],
  ] as const)("use %j by the type %s, not %s", async (members, type, wrongType) => {
    const { api, restApiId, rootId, key, method } = await start(members);
    const { authorizerId } = key;
    const root = { restApiId, resourceId: rootId, httpMethod: "ANY" };
    expect(await refusal(api.PutMethod({ ...root, authorizationType: wrongType, authorizerId }, call))).toBe(INVALID);
    expect(await api.PutMethod({ ...root, authorizationType: type, authorizerId }, call)).toEqual({
      httpMethod: "ANY",
      authorizationType: type,
      authorizerId,
      apiKeyRequired: false,
    });
    const update = (...patchOperations: ReturnType<typeof replace>[]) => api.UpdateMethod({ ...method, patchOperations }, call);
    expect(await refusal(update(replace("/authorizationType", type)))).toBe(INVALID);
    expect(await refusal(update(replace("/authorizationType", type), replace("/authorizerId", "none")))).toBe(INVALID);
    expect(await update(replace("/authorizationType", type), replace("/authorizerId", authorizerId))).toMatchObject({ authorizationType: type, authorizerId });
    expect(await refusal(update(replace("/authorizationType", wrongType)))).toBe(INVALID);
    expect(await refusal(update(replace("/authorizerId", "")))).toBe(INVALID);
    expect((await update(replace("/authorizationType", "NONE"), replace("/authorizerId", ""))).authorizerId).toBeUndefined();
  });

  test("keep an authorizer that they use from being deleted", async () => {
    const { api, restApiId, rootId, key, method } = await start();
    const { authorizerId } = key;
    const root = { restApiId, resourceId: rootId, httpMethod: "ANY" };
    await api.PutMethod({ ...root, authorizationType: "CUSTOM", authorizerId }, call);
    expect(await refusal(api.DeleteAuthorizer(key, call))).toBe("ConflictException: Cannot delete authorizer 'tokens', is referenced in method: ANY//");
    await api.UpdateMethod({ ...method, patchOperations: [replace("/authorizationType", "CUSTOM"), replace("/authorizerId", authorizerId)] }, call);
    await api.DeleteMethod(root, call);
    expect(await refusal(api.DeleteAuthorizer(key, call))).toBe("ConflictException: Cannot delete authorizer 'tokens', is referenced in method: GET//pets");
    await api.DeleteMethod(method, call);
    expect(await api.DeleteAuthorizer(key, call)).toEqual({});
  });

  test("use authorizers of their own API alone", async () => {
    const { api, key } = await start();
    const other = await petStore(api);
    const patchOperations = [replace("/authorizationType", "CUSTOM"), replace("/authorizerId", key.authorizerId)];
    expect(await refusal(api.UpdateMethod({ ...other.method, patchOperations }, call))).toBe(INVALID);
  });
});

test("a clone has authorizers of its own, and its methods use them", async () => {
  const { api, restApiId, authorizer, method } = await start();
  const { authorizerId } = { authorizerId: authorizer.id as string };
  await api.UpdateMethod({ ...method, patchOperations: [replace("/authorizationType", "CUSTOM"), replace("/authorizerId", authorizerId)] }, call);
  const clone = { restApiId: (await api.CreateRestApi({ name: "clone", cloneFrom: restApiId }, call)).id as string };
  const { items: [copied] = [] } = await api.GetAuthorizers(clone, call);
  expect(copied).toEqual({ ...authorizer, id: expect.any(String) });
  expect(copied?.id).not.toBe(authorizerId);
  const { items = [] } = await api.GetResources({ ...clone, embed: ["methods"] }, call);
  expect(items.find(({ path }) => path === "/pets")?.resourceMethods?.["GET"]?.authorizerId).toBe(copied?.id);
});
