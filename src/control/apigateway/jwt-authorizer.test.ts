// JWT authorizers of REST APIs: how they are made, shown, changed and referred to
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer.html).
import { expect, test } from "vitest";
import { call, type ControlPlane, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { checkSnapshot } from "../../plan/index.ts";

const ISSUER = { issuer: "https://identity.example.com/", audiences: ["orders-api"] };
const POOL = { issuer: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_a", audiences: ["client"] };
const CLAIM = { claimName: "tier", format: "single-string", expectedValues: ["gold"], required: true };
const CONFIGURATION = { issuers: [{ ...ISSUER, additionalClaims: [CLAIM] }, POOL], defaultAlgorithms: ["RS256", "ES256"] };
const JWT = { name: "tokens", type: "JWT", identitySource: "method.request.header.Authorization", jwtConfiguration: CONFIGURATION } as const;

async function start() {
  const { api } = startControlPlane({ publication: { checkSnapshot } });
  return { api, ...(await petStore(api)) };
}

const patch = (api: ControlPlane, key: { restApiId: string; authorizerId: string }, value: unknown, op: "replace" | "add" = "replace") =>
  api.UpdateAuthorizer({ ...key, patchOperations: [{ op, path: "/jwtConfiguration", value: typeof value === "string" ? value : JSON.stringify(value) }] }, call);

test("a JWT authorizer is made, shown, listed, replaced as a whole, and deleted", async () => {
  const { api, restApiId } = await start();
  const made = await api.CreateAuthorizer({ restApiId, ...JWT }, call);
  const key = { restApiId, authorizerId: made.id as string };
  expect(made).toEqual({ id: made.id, ...JWT, authType: "jwt" });
  expect(await api.GetAuthorizer(key, call)).toEqual(made);
  expect(await api.GetAuthorizers({ restApiId }, call)).toEqual({ items: [made] });
  expect(await refusal(api.TestInvokeAuthorizer({ ...key, headers: { Authorization: "t" } }, call))).toBe(
    "BadRequestException: Authorizers with additional claims (additionalClaims) cannot be tested: Gatehouse has not built them yet.",
  );
  // rest-api-jwt-authorizer-update: nothing is kept from the previous configuration.
  const next = { issuers: [POOL], defaultAlgorithms: ["RS256"] };
  expect(await patch(api, key, next)).toEqual({ ...made, jwtConfiguration: next });
  expect(await refusal(patch(api, key, next, "add"))).toBe("BadRequestException: Invalid patch path  '/jwtConfiguration' specified for op 'add'. Must be one of: [/identitySource, /providerARNs]");
  for (const value of ["", "[]", "{}", '{"issuers":[],"defaultAlgorithms":"RS256"}', JSON.stringify({ ...next, unknown: 1 }), JSON.stringify({ ...next, issuers: [{ ...POOL, audience: "a" }] })]) {
    expect(await refusal(patch(api, key, value))).toBe(`BadRequestException: Invalid patch value '${value}' specified for path '/jwtConfiguration'. Must be a JWT configuration as JSON`);
  }
  // rest-api-jwt-authorizer-update: jwksUri is to be removed from what GetAuthorizer has shown.
  expect(await refusal(patch(api, key, { ...next, issuers: [{ ...POOL, jwksUri: "https://a.example" }] }))).toBe(
    `BadRequestException: Invalid JWT configuration specified: the jwksUri of the issuer ${POOL.issuer} cannot be given`,
  );
  expect(await refusal(api.UpdateAuthorizer({ ...key, patchOperations: [{ op: "replace", path: "/type", value: "COGNITO_USER_POOLS" }] }, call))).toBe(
    "BadRequestException: An authorizer of type JWT cannot become one of type COGNITO_USER_POOLS",
  );
  expect(await api.DeleteAuthorizer(key, call)).toEqual({});
});

const issuedBy = (issuer: string) => ({ ...CONFIGURATION, issuers: [{ ...ISSUER, issuer }] });
const NOT_A_URL = "must be an absolute https URL without a query string or fragment";

test.each<[Model.JwtConfiguration | undefined, string]>([
  [undefined, "A JWT configuration must be specified for an authorizer of type JWT"],
  [{ ...CONFIGURATION, issuers: [] }, "Invalid JWT configuration specified: there must be an issuer"],
  [{ ...CONFIGURATION, defaultAlgorithms: [] }, "Invalid JWT configuration specified: there must be algorithms"],
  // rest-api-jwt-authorizer-create
  [issuedBy("http://identity.example.com"), `Invalid JWT configuration specified: the issuer http://identity.example.com ${NOT_A_URL}`],
  [issuedBy("https://identity.example.com?a=b"), `Invalid JWT configuration specified: the issuer https://identity.example.com?a=b ${NOT_A_URL}`],
  [issuedBy("https://identity.example.com/#a"), `Invalid JWT configuration specified: the issuer https://identity.example.com/#a ${NOT_A_URL}`],
  [issuedBy("identity.example.com"), `Invalid JWT configuration specified: the issuer identity.example.com ${NOT_A_URL}`],
  [issuedBy("https://"), `Invalid JWT configuration specified: the issuer https:// ${NOT_A_URL}`],
  [{ ...CONFIGURATION, issuers: [{ ...ISSUER, audiences: [] }] }, `Invalid JWT configuration specified: the issuer ${ISSUER.issuer} must have audiences`],
  [{ ...CONFIGURATION, issuers: [ISSUER, ISSUER] }, `Invalid JWT configuration specified: the issuer ${ISSUER.issuer} is there twice`],
])("CreateAuthorizer refuses %j", async (jwtConfiguration, message) => {
  const { api, restApiId } = await start();
  const { jwtConfiguration: _whole, ...members } = JWT;
  expect(await refusal(api.CreateAuthorizer({ restApiId, ...members, ...(jwtConfiguration && { jwtConfiguration }) }, call))).toBe(`BadRequestException: ${message}`);
  expect((await api.GetAuthorizers({ restApiId }, call)).items).toEqual([]);
});

test("only a JWT authorizer has a JWT configuration, and its identity source is a header", async () => {
  const { api, restApiId } = await start();
  const pools = { name: "p", type: "COGNITO_USER_POOLS", providerARNs: ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a"] } as const;
  expect(await refusal(api.CreateAuthorizer({ restApiId, ...JWT, ...pools }, call))).toBe(
    "BadRequestException: A JWT configuration can only be specified for an authorizer of type JWT",
  );
  expect(await refusal(api.CreateAuthorizer({ restApiId, ...JWT, identitySource: "method.request.querystring.a" }, call))).toMatch(/^BadRequestException: Invalid token source expression: /);
});

test("methods of authorization type JWT refer to a JWT authorizer, with scopes, and are deployed unless it has additional claims", async () => {
  const { api, restApiId, method } = await start();
  const authorizerId = (await api.CreateAuthorizer({ restApiId, ...JWT }, call)).id as string;
  const authorize = (authorizationType: string) =>
    api.UpdateMethod(
      { ...method, patchOperations: [{ op: "replace", path: "/authorizationType", value: authorizationType }, { op: "replace", path: "/authorizerId", value: authorizerId }, { op: "add", path: "/authorizationScopes", value: "orders:read" }] },
      call,
    );
  const NONE = "BadRequestException: Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.";
  for (const type of ["CUSTOM", "COGNITO_USER_POOLS"]) expect(await refusal(authorize(type))).toBe(NONE);
  expect(await refusal(api.UpdateMethod({ ...method, patchOperations: [{ op: "replace", path: "/authorizationType", value: "JWT" }] }, call))).toBe(NONE);
  expect(await authorize("JWT")).toMatchObject({ authorizationType: "JWT", authorizerId, authorizationScopes: ["orders:read"] });
  expect(await refusal(api.CreateDeployment({ restApiId }, call))).toBe(
    "BadRequestException: Method GET of resource /pets is authorized by a JWT authorizer with additional claims (additionalClaims), which Gatehouse has not built yet.",
  );
  await patch(api, { restApiId, authorizerId }, { issuers: [POOL], defaultAlgorithms: ["RS256"] });
  expect((await api.CreateDeployment({ restApiId }, call)).id).toBeTruthy();
});

test("imports define JWT authorizers", async () => {
  const { api, restApiId, method } = await start();
  const authorizer = { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "jwt", "x-amazon-apigateway-authorizer": { type: "jwt", jwtConfiguration: CONFIGURATION } };
  const operation = { security: [{ tokens: ["orders:read"] }], responses: {}, "x-amazon-apigateway-integration": { type: "mock" } };
  const document = { openapi: "3.0.1", info: { title: "a", version: "1" }, paths: { "/pets": { get: operation } }, components: { securitySchemes: { tokens: authorizer } } };
  const body = Buffer.from(JSON.stringify(document));
  await api.PutRestApi({ restApiId, mode: "merge", body }, call);
  const { items = [] } = await api.GetAuthorizers({ restApiId }, call);
  expect(items).toEqual([{ id: expect.any(String) as string, ...JWT, authType: "jwt" }]);
  const { items: resources = [] } = await api.GetResources({ restApiId, embed: ["methods"] }, call);
  const pets = resources.find(({ path }) => path === "/pets");
  expect(pets?.resourceMethods?.["GET"]).toMatchObject({ authorizationType: "JWT", authorizerId: items[0]?.id, authorizationScopes: ["orders:read"] });
  expect(method.resourceId).toBe(pets?.id);
  const broken = { ...document, components: { securitySchemes: { tokens: { ...authorizer, "x-amazon-apigateway-authorizer": { type: "jwt", jwtConfiguration: [] } } } } };
  expect(await refusal(api.PutRestApi({ restApiId, mode: "merge", body: Buffer.from(JSON.stringify(broken)) }, call))).toContain("Invalid JWT configuration specified");
});
