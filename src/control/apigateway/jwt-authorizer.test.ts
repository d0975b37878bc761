// JWT authorizers of REST APIs: how they are made, shown, changed and referred to
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer.html).
import { describe, expect, it, test } from "vitest";
import { call, type ControlPlane, type ControlPlaneOptions, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";
import { authorizers } from "../../domain/authorizer.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { checkSnapshot } from "../../plan/index.ts";
import { checkOpenApi } from "./check-open-api.ts";

const ISSUER = { issuer: "https://identity.example.com/", audiences: ["orders-api"] };
const POOL = { issuer: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_a", audiences: ["client"] };
const CLAIM = { claimName: "tier", format: "SINGLE_STRING", expectedValues: ["gold"], required: true } as const;
const CONFIGURATION = { issuers: [{ ...ISSUER, additionalClaims: [CLAIM] }, POOL], defaultAlgorithms: ["RS256", "ES256"] } as const;
const JWT = { name: "tokens", type: "JWT", identitySource: "method.request.header.Authorization", jwtConfiguration: CONFIGURATION } as const;

/** The configuration as it is shown, by the harness's issuers. */
const shown = ({ issuers, defaultAlgorithms }: Model.JwtConfiguration): Model.JwtConfiguration => ({
  issuers: issuers.map((each) => ({ ...each, jwksUri: `${each.issuer}#keys` })),
  defaultAlgorithms,
});

async function start(options: ControlPlaneOptions = {}) {
  const started = startControlPlane({ publication: { checkSnapshot }, ...options });
  return { ...started, ...(await petStore(started.api)) };
}

/** A control plane whose issuers note that they were asked. */
async function startAsking(discover: NonNullable<ControlPlaneOptions["discover"]>) {
  const asked: string[] = [];
  const started = await start({ discover: (issuer) => (asked.push(issuer), discover(issuer)) });
  return { ...started, asked };
}

const patch = (api: ControlPlane, key: { restApiId: string; authorizerId: string }, value: unknown, op: "replace" | "add" = "replace") =>
  api.UpdateAuthorizer({ ...key, patchOperations: [{ op, path: "/jwtConfiguration", value: typeof value === "string" ? value : JSON.stringify(value) }] }, call);

test("a JWT authorizer is made, shown, listed, replaced as a whole, and deleted", async () => {
  const { api, restApiId } = await start();
  const made = await api.CreateAuthorizer({ restApiId, ...JWT }, call);
  const key = { restApiId, authorizerId: made.id as string };
  // rest-api-jwt-authorizer-keys: "returns the resolved key set location as a jwksUri for each issuer".
  expect(made).toEqual({ id: made.id, ...JWT, authType: "jwt", jwtConfiguration: shown(CONFIGURATION) });
  expect(await api.GetAuthorizer(key, call)).toEqual(made);
  expect(await api.GetAuthorizers({ restApiId }, call)).toEqual({ items: [made] });
  // rest-api-jwt-authorizer-update: nothing is kept from the previous configuration.
  const next = { issuers: [POOL], defaultAlgorithms: ["RS256" as const] };
  expect(await patch(api, key, next)).toEqual({ ...made, jwtConfiguration: shown(next) });
  expect(await refusal(patch(api, key, next, "add"))).toBe("BadRequestException: Invalid patch path  '/jwtConfiguration' specified for op 'add'. Must be one of: [/identitySource, /providerARNs]");
  for (const value of ["", "[]", "{}", '{"issuers":[],"defaultAlgorithms":"RS256"}', JSON.stringify({ ...next, unknown: 1 }), JSON.stringify({ ...next, issuers: [{ ...POOL, audience: "a" }] })]) {
    expect(await refusal(patch(api, key, value))).toBe(`BadRequestException: Invalid patch value '${value}' specified for path '/jwtConfiguration'. Must be a JWT configuration as JSON`);
  }
  // rest-api-jwt-authorizer-update: jwksUri is to be removed from what GetAuthorizer has shown.
  expect(await refusal(patch(api, key, shown(next)))).toBe(
    `BadRequestException: Invalid JWT configuration specified: the jwksUri of the issuer ${POOL.issuer} cannot be given`,
  );
  expect(await refusal(api.UpdateAuthorizer({ ...key, patchOperations: [{ op: "replace", path: "/type", value: "COGNITO_USER_POOLS" }] }, call))).toBe(
    "BadRequestException: An authorizer of type JWT cannot become one of type COGNITO_USER_POOLS",
  );
  expect(await api.DeleteAuthorizer(key, call)).toEqual({});
});

const issuedBy = (issuer: string) => ({ ...CONFIGURATION, issuers: [{ ...ISSUER, issuer }] });
const claiming = (...additionalClaims: readonly object[]) => ({ ...CONFIGURATION, issuers: [{ ...ISSUER, additionalClaims }] });
const NOT_A_URL = "must be an absolute https URL without user information, a query string or a fragment";
const many = <T>(item: (index: number) => T) => Array.from({ length: 51 }, (_, index) => item(index));

test.each<[unknown, string]>([
  [undefined, "A JWT configuration must be specified for an authorizer of type JWT"],
  ...(
    [
      // rest-api-jwt-authorizer-create; model: JwtIssuerInput
      [{ ...CONFIGURATION, issuers: [] }, "there must be an issuer"],
      [issuedBy("http://identity.example.com"), `the issuer http://identity.example.com ${NOT_A_URL}`],
      [issuedBy("https://identity.example.com?a=b"), `the issuer https://identity.example.com?a=b ${NOT_A_URL}`],
      [issuedBy("https://identity.example.com/?"), `the issuer https://identity.example.com/? ${NOT_A_URL}`],
      [issuedBy("https://identity.example.com/#a"), `the issuer https://identity.example.com/#a ${NOT_A_URL}`],
      [issuedBy("https://me@identity.example.com"), `the issuer https://me@identity.example.com ${NOT_A_URL}`],
      [issuedBy("https://@identity.example.com"), `the issuer https://@identity.example.com ${NOT_A_URL}`],
      [issuedBy("identity.example.com"), `the issuer identity.example.com ${NOT_A_URL}`],
      [issuedBy("https://"), `the issuer https:// ${NOT_A_URL}`],
      [issuedBy(`https://a/${"b".repeat(9_999)}`), `the issuer https://a/${"b".repeat(990)}... ${NOT_A_URL}`],
      [{ ...CONFIGURATION, issuers: [{ ...ISSUER, audiences: [] }] }, `there must be audiences of the issuer ${ISSUER.issuer}, and none empty`],
      [{ ...CONFIGURATION, issuers: [{ ...ISSUER, audiences: ["a", ""] }] }, `there must be audiences of the issuer ${ISSUER.issuer}, and none empty`],
      [{ ...CONFIGURATION, issuers: [{ ...ISSUER, audiences: ["a".repeat(2_049)] }] }, `audiences of the issuer ${ISSUER.issuer} must have at most 2048 characters`],
      [{ ...CONFIGURATION, issuers: [{ ...ISSUER, audiences: many(String) }] }, `there must be at most 50 audiences of the issuer ${ISSUER.issuer}`],
      [{ ...CONFIGURATION, issuers: [ISSUER, ISSUER] }, `the issuer ${ISSUER.issuer} is there twice`],
      [{ ...CONFIGURATION, issuers: many((index) => ({ ...ISSUER, issuer: `https://a/${index}` })) }, "there must be at most 50 issuers"],
      [{ ...CONFIGURATION, issuers: [{ ...ISSUER, jwksUri: "https://a" }] }, `the jwksUri of the issuer ${ISSUER.issuer} cannot be given`],
      // model: JwtSigningAlgorithm, "HMAC and none are not valid values"
      [{ ...CONFIGURATION, defaultAlgorithms: [] }, "there must be algorithms, and none empty"],
      ...["HS256", "none", "PS256", "rs256"].map((algorithm) => [
        { ...CONFIGURATION, defaultAlgorithms: ["RS256", algorithm] },
        `the algorithm ${algorithm} is none of [RS256, RS384, RS512, ES256, ES384, ES512]`,
      ] as const),
      // model: JwtAdditionalClaim
      ...["iss", "aud", "exp", "nbf", "iat", "scope", "scp"].map((claimName) => [
        claiming({ ...CLAIM, claimName }),
        `an additional claim of the issuer ${ISSUER.issuer} cannot be ${claimName}`,
      ] as const),
      [claiming({ ...CLAIM, claimName: "" }), `an additional claim of the issuer ${ISSUER.issuer} must have a name`],
      [claiming({ ...CLAIM, format: "single-string" }), "the format single-string of the claim tier is none of [SINGLE_STRING]"],
      [claiming({ ...CLAIM, expectedValues: ["gold", ""] }), `there must be expected values of the claim tier of the issuer ${ISSUER.issuer}, and none empty`],
      [claiming(CLAIM, { ...CLAIM, required: false }), `the additional claim tier of the issuer ${ISSUER.issuer} is there twice`],
      [claiming(...many((index) => ({ ...CLAIM, claimName: `c${index}` }))), `there must be at most 50 additional claims of the issuer ${ISSUER.issuer}`],
    ] as const
  ).map(([given, reason]) => [given, `Invalid JWT configuration specified: ${reason}`] as [unknown, string]),
])("CreateAuthorizer and UpdateAuthorizer refuse %j, and ask nobody", async (given, message) => {
  const { api, restApiId, asked } = await startAsking(async () => ({ jwksUri: "https://a" }));
  const { jwtConfiguration: _whole, ...members } = JWT;
  const jwtConfiguration = given as Model.JwtConfiguration | undefined;
  expect(await refusal(api.CreateAuthorizer({ restApiId, ...members, ...(jwtConfiguration && { jwtConfiguration }) }, call))).toBe(`BadRequestException: ${message}`);
  expect((await api.GetAuthorizers({ restApiId }, call)).items).toEqual([]);
  expect(asked).toEqual([]);
  if (given === undefined) return;
  const key = { restApiId, authorizerId: (await api.CreateAuthorizer({ restApiId, ...JWT }, call)).id as string };
  const before = await api.GetAuthorizer(key, call);
  expect(await refusal(patch(api, key, given))).toBe(`BadRequestException: ${message}`);
  expect(await api.GetAuthorizer(key, call)).toEqual(before);
});

test("only a JWT authorizer has a JWT configuration, its identity source is a header, and it has nothing of other types", async () => {
  const { api, restApiId } = await start();
  const pools = { name: "p", type: "COGNITO_USER_POOLS", providerARNs: ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a"] } as const;
  const create = (members: Partial<Model.CreateAuthorizerRequest>) => refusal(api.CreateAuthorizer({ restApiId, ...JWT, ...members }, call));
  expect(await create(pools)).toBe("BadRequestException: A JWT configuration can only be specified for an authorizer of type JWT");
  const uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:a/invocations";
  const foreign = { providerARNs: pools.providerARNs, authorizerUri: uri, authorizerCredentials: "arn:aws:iam::123456789012:role/a", authorizerResultTtlInSeconds: 0 };
  // Model, CreateAuthorizerRequest: "This property is not supported for JWT authorizers."
  for (const [member, value] of Object.entries(foreign)) {
    expect(await create({ [member]: value })).toBe(`BadRequestException: ${member} is not supported for authorizers of type JWT`);
  }
  for (const identitySource of ["", "method.request.querystring.a", "method.request.header.a,method.request.header.b"]) {
    expect(await create({ identitySource })).toBe(
      `BadRequestException: Invalid token source expression: ${identitySource}. The source must be a method request header, matching 'method.request.header.[a-zA-Z0-9._-]+'.`,
    );
  }
  const { id } = await api.CreateAuthorizer({ restApiId, ...JWT }, call);
  const ttl = { restApiId, authorizerId: id as string, patchOperations: [{ op: "replace", path: "/authorizerResultTtlInSeconds", value: "300" }] } as const;
  expect(await refusal(api.UpdateAuthorizer(ttl, call))).toBe("BadRequestException: authorizerResultTtlInSeconds is not supported for authorizers of type JWT");
});

describe("rest-api-jwt-authorizer-keys: discovery", () => {
  it("happens when an authorizer is made and when its configuration is replaced, for every issuer, and at no other update", async () => {
    let version = 1;
    const { api, restApiId, asked } = await startAsking(async (issuer) => ({ jwksUri: `${issuer}/keys/${version}` }));
    const made = await api.CreateAuthorizer({ restApiId, ...JWT }, call);
    const key = { restApiId, authorizerId: made.id as string };
    expect(asked).toEqual([ISSUER.issuer, POOL.issuer]);
    version = 2;
    const renamed = await api.UpdateAuthorizer({ ...key, patchOperations: [{ op: "replace", path: "/name", value: "new" }] }, call);
    expect(renamed).toEqual({ ...made, name: "new" });
    expect(asked).toHaveLength(2);
    const { jwtConfiguration } = await patch(api, key, CONFIGURATION);
    expect(asked).toHaveLength(4);
    expect(jwtConfiguration?.issuers.map(({ jwksUri }) => jwksUri)).toEqual([`${ISSUER.issuer}/keys/2`, `${POOL.issuer}/keys/2`]);
  });

  it("that fails refuses the authorizer, and leaves it as it was", async () => {
    const answers = [{ jwksUri: "https://a" }, { jwksUri: "https://b" }, { failure: "nobody answers" }];
    const { api, restApiId, asked } = await startAsking(async () => (answers[Math.min(asked.length, 3) - 1] as { failure: string }));
    const made = await api.CreateAuthorizer({ restApiId, ...JWT }, call);
    const key = { restApiId, authorizerId: made.id as string };
    const message = `BadRequestException: Invalid issuer: ${ISSUER.issuer}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration': nobody answers`;
    expect(await refusal(api.CreateAuthorizer({ restApiId, ...JWT, name: "other" }, call))).toBe(message);
    expect(await refusal(patch(api, key, CONFIGURATION))).toBe(message);
    expect(await api.GetAuthorizers({ restApiId }, call)).toEqual({ items: [made] });
  });

  it("is of no API that there is not", async () => {
    const { api, asked } = await startAsking(async () => ({ jwksUri: "https://a" }));
    expect(await refusal(api.CreateAuthorizer({ restApiId: "none", ...JWT }, call))).toBe("NotFoundException: Invalid API identifier specified 000000000000:none");
    expect(asked).toEqual([]);
  });

  it("that takes a while holds no others up, and keeps their quota and names", async () => {
    const waiting: (() => void)[] = [];
    const { api, restApiId } = await startAsking((issuer) => new Promise((resolve) => waiting.push(() => resolve({ jwksUri: issuer }))));
    const slow = refusal(api.CreateAuthorizer({ restApiId, ...JWT, jwtConfiguration: { ...CONFIGURATION, issuers: [POOL] } }, call));
    const pools = { name: "tokens", type: "COGNITO_USER_POOLS", identitySource: "method.request.header.a", providerARNs: ["arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a"] } as const;
    const { id } = await api.CreateAuthorizer({ restApiId, ...pools }, call);
    expect(waiting).toHaveLength(1);
    for (const go of waiting) go();
    expect(await slow).toBe("BadRequestException: Authorizer name must be unique. Authorizer tokens already exists in this RestApi.");
    expect((await api.GetAuthorizers({ restApiId }, call)).items?.map((each) => each.id)).toEqual([id]);
  });
});

test("methods of authorization type JWT refer to a JWT authorizer, with scopes, and are deployed", async () => {
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
  expect((await api.CreateDeployment({ restApiId }, call)).id).toBeTruthy();
});

describe("OpenAPI documents", () => {
  const extension = { type: "jwt", jwtConfiguration: CONFIGURATION };
  const documentOf = (authorizer: object) => ({
    openapi: "3.0.1",
    info: { title: "a", version: "1" },
    paths: { "/pets": { get: { security: [{ tokens: ["orders:read"] }], responses: {}, "x-amazon-apigateway-integration": { type: "mock" } } } },
    components: { securitySchemes: { tokens: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "jwt", "x-amazon-apigateway-authorizer": authorizer } } },
  });
  const bodyOf = (authorizer: object) => Buffer.from(JSON.stringify(documentOf(authorizer)));

  it("define JWT authorizers, whose issuers are asked as they are imported", async () => {
    const { api, restApiId, method } = await start();
    await api.PutRestApi({ restApiId, mode: "merge", body: bodyOf(extension) }, call);
    const { items = [] } = await api.GetAuthorizers({ restApiId }, call);
    expect(items).toEqual([{ id: expect.any(String) as string, ...JWT, authType: "jwt", jwtConfiguration: shown(CONFIGURATION) }]);
    const { items: resources = [] } = await api.GetResources({ restApiId, embed: ["methods"] }, call);
    const pets = resources.find(({ path }) => path === "/pets");
    expect(pets?.resourceMethods?.["GET"]).toMatchObject({ authorizationType: "JWT", authorizerId: items[0]?.id, authorizationScopes: ["orders:read"] });
    expect(method.resourceId).toBe(pets?.id);
  });

  it("that cannot ask an issuer are refused, and change nothing", async () => {
    const { api, restApiId } = await startAsking(async () => ({ failure: "nobody answers" }));
    const before = await api.GetRestApis({}, call);
    const message = `BadRequestException: Errors found during import:\n\tUnable to create Authorizer 'tokens': Invalid issuer: ${ISSUER.issuer}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration': nobody answers`;
    expect(await refusal(api.ImportRestApi({ body: bodyOf(extension) }, call))).toBe(message);
    expect(await refusal(api.PutRestApi({ restApiId, mode: "overwrite", body: bodyOf(extension) }, call))).toBe(message);
    expect(await api.GetRestApis({}, call)).toEqual(before);
    expect((await api.GetAuthorizers({ restApiId }, call)).items).toEqual([]);
  });

  it.each<[object, string]>([
    [{ ...extension, jwtConfiguration: [] }, "Invalid JWT configuration specified"],
    [{ ...extension, jwtConfiguration: shown(CONFIGURATION) }, `Invalid JWT configuration specified: the jwksUri of the issuer ${ISSUER.issuer} cannot be given`],
    [{ ...extension, authorizerResultTtlInSeconds: 0 }, "authorizerResultTtlInSeconds is not supported for authorizers of type JWT"],
  ])("with %j are refused, and ask nobody; so says who checks them", async (authorizer, reason) => {
    const { api, asked } = await startAsking(async () => ({ jwksUri: "https://a" }));
    const message = `Unable to create Authorizer 'tokens': ${reason}`;
    expect(await refusal(api.ImportRestApi({ body: bodyOf(authorizer) }, call))).toBe(`BadRequestException: Errors found during import:\n\t${message}`);
    expect(asked).toEqual([]);
    expect(checkOpenApi(bodyOf(authorizer)).map((problem) => problem.message)).toEqual([message]);
  });

  it("that were exported have no key sets, and make the same authorizer", async () => {
    const { api } = await start();
    const { id: restApiId = "" } = await api.ImportRestApi({ body: bodyOf(extension) }, call);
    await api.CreateDeployment({ restApiId, stageName: "s" }, call);
    const exported = await api.GetExport({ restApiId, stageName: "s", exportType: "oas30", parameters: { extensions: "apigateway" } }, call);
    const { components } = JSON.parse(Buffer.from(exported.body as Uint8Array).toString()) as ReturnType<typeof documentOf>;
    expect(components).toEqual(documentOf(extension).components);
    const { id: again = "" } = await api.ImportRestApi({ body: exported.body as Uint8Array }, call);
    const authorizerOf = async (id: string) => ({ ...(await api.GetAuthorizers({ restApiId: id }, call)).items?.[0], id: "" });
    expect(await authorizerOf(again)).toEqual(await authorizerOf(restApiId));
  });
});

test("a copy of an API trusts the same key sets, and asks nobody", async () => {
  const { api, restApiId, store, asked } = await startAsking(async (issuer) => ({ jwksUri: issuer }));
  await api.CreateAuthorizer({ restApiId, ...JWT }, call);
  asked.length = 0;
  const { id = "" } = await api.CreateRestApi({ name: "copy", cloneFrom: restApiId }, call);
  const [copied] = (await store.list(authorizers, { prefix: ["000000000000", "us-east-1", id] })).items;
  expect(copied?.value.jwtConfiguration?.issuers.map(({ jwksUri }) => jwksUri)).toEqual([ISSUER.issuer, POOL.issuer]);
  expect(asked).toEqual([]);
});
