// ImportRestApi and PutRestApi over a memory store: what an API becomes, what stays, and how documents are refused.
import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../../adapters/memory/index.ts";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const MOCK = { "x-amazon-apigateway-integration": { type: "mock" } };
const document = (members: object = {}, version: "2.0" | "3.0.1" = "2.0"): Buffer =>
  Buffer.from(JSON.stringify({ ...(version === "2.0" ? { swagger: version } : { openapi: version }), info: { title: "Imported", version: "v1" }, paths: {}, ...members }));

type Paths = Readonly<Record<string, readonly string[]>>;

/** The paths of an API and their methods. */
async function paths(api: ReturnType<typeof startControlPlane>["api"], restApiId: string): Promise<Paths> {
  const { items = [] } = await api.GetResources({ restApiId }, call);
  return Object.fromEntries(items.map(({ path, resourceMethods = {} }) => [path, Object.keys(resourceMethods)]));
}

describe("ImportRestApi", () => {
  it("makes an API of a document, and answers like CreateRestApi", async () => {
    const { api } = startControlPlane();
    const body = document({ paths: { "/pets/{id}": { get: { operationId: "getPet", ...MOCK }, delete: MOCK } }, definitions: { Pet: { type: "object" } } });
    const { id = "", ...answer } = await api.ImportRestApi({ body, parameters: { endpointConfigurationTypes: "REGIONAL" } }, call);
    expect(answer).toEqual({
      name: "Imported",
      version: "v1",
      createdDate: 1_767_323_045_000,
      apiKeySource: "HEADER",
      endpointConfiguration: { types: ["REGIONAL"], ipAddressType: "ipv4" },
      disableExecuteApiEndpoint: false,
      rootResourceId: expect.any(String),
      apiStatus: "AVAILABLE",
    });
    expect(await paths(api, id)).toEqual({ "/": [], "/pets": [], "/pets/{id}": ["DELETE", "GET"] });
    expect((await api.GetModels({ restApiId: id }, call)).items).toEqual([
      { id: expect.any(String), name: "Pet", contentType: "application/json", schema: '{\n  "type": "object"\n}' },
    ]);
    expect(await api.GetRestApi({ restApiId: id }, call)).toEqual({ id, ...answer });
  });

  it("warns in its answer, and fails on warnings where that is asked for", async () => {
    const { api } = startControlPlane();
    const body = document({ paths: { "/a": { get: { ...MOCK, responses: { 200: { schema: { $ref: "#/definitions/Pet" } } } } }, b: {} } });
    const warnings = ["Reference to model 'Pet' not found. Ignoring.", "Parse issue: attribute paths. Resource b should start with /"];
    expect((await api.ImportRestApi({ body }, call)).warnings).toEqual(warnings);
    expect(await refusal(api.ImportRestApi({ body, failOnWarnings: true }, call))).toBe(
      `BadRequestException: Warnings found during import:\n\t${warnings.join("\n\t")}`,
    );
    expect((await api.GetRestApis({}, call)).items).toHaveLength(1);
  });

  // The layout is quoted in github.com/ustayready/fireprox/issues/37.
  it("tells of all errors at once, each with its place, and of the warnings besides", async () => {
    const { api } = startControlPlane();
    const integration = (members: object) => ({ "x-amazon-apigateway-integration": members });
    const body = document({
      paths: {
        "/": { get: integration({ type: "http", httpMethod: "GET", uri: "nowhere" }), post: integration({ type: "http", uri: "http://example.com" }) },
        "/{proxy+}": {
          "x-amazon-apigateway-any-method": integration({ type: "http_proxy", httpMethod: "ANY", uri: "http://x/{proxy}", requestParameters: { "integration.request.path.proxy": "method.request.path.proxy" } }),
        },
        "/version/:v4_0_2/a b": {},
        "/registrations/{id}": {},
        "/registrations/{email}/{eventId}": {},
        "/warned": { get: { responses: { "200": { schema: { $ref: "#/definitions/Nope" } }, "20x": {} } } },
        "/secret": { get: { ...MOCK, security: [{ auth: [] }] } },
      },
      securityDefinitions: { auth: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authorizer": { type: "lambda" } } },
      definitions: { "Confirm:write": { type: "object" }, Wrong: { type: "thing" } },
    });
    expect(await refusal(api.ImportRestApi({ body }, call))).toBe(
      [
        "BadRequestException: Errors found during import:",
        "Unable to create model for 'Confirm:write': Model name must be alphanumeric: Confirm:write",
        'Unable to create model for \'Wrong\': Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified: type: "thing" is no type (array, boolean, integer, null, number, object, string) at #/type]',
        "Unable to create Authorizer 'auth': Invalid authorizer type specified: LAMBDA. Must be one of: [TOKEN, REQUEST, COGNITO_USER_POOLS, JWT]",
        "Unable to create resource at path '/version/:v4_0_2/a b': Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
        "Unable to create resource at path '/registrations/{email}/{eventId}': A sibling ({id}) of this resource already has a variable path part -- only one is allowed",
        "Unable to put integration on 'GET' for resource at path '/': Invalid HTTP endpoint specified for URI",
        "Unable to put integration on 'POST' for resource at path '/': Enumeration value for HttpMethod must be non-empty",
        "Unable to put integration on 'ANY' for resource at path '/{proxy+}': Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.request.path.proxy]",
        "Unable to put method response on 'GET' for resource at path '/warned': Invalid Response status code specified\nAdditionally, these warnings were found:",
        "Reference to model 'Nope' not found. Ignoring.",
      ].join("\n\t"),
    );
    expect((await api.GetRestApis({}, call)).items).toEqual([]);
  });

  it.each([
    [{ basepath: "below" }, "BadRequestException: Invalid basepath specified: below. Must be one of: [ignore, prepend, split]"],
    [{ endpointConfigurationTypes: "NEAR" }, "BadRequestException: Invalid endpoint type 'NEAR' specified. Must be one of: [EDGE, REGIONAL, PRIVATE]"],
    [{ endpointConfigurationTypes: "EDGE,REGIONAL" }, "BadRequestException: Errors found during import:\n\tCannot create an api with multiple Endpoint Types."],
  ])("refuses the parameters %j", async (parameters, answer) => {
    const { api } = startControlPlane();
    expect(await refusal(api.ImportRestApi({ body: document(), parameters }, call))).toBe(answer);
  });

  it.each(["ignore", "prepend", "split"])("takes the base path as basepath=%s says", async (basepath) => {
    const { api } = startControlPlane();
    const { id = "" } = await api.ImportRestApi({ body: document({ basePath: "/a/b", paths: { "/e": {} } }), parameters: { basepath } }, call);
    const expected = { ignore: ["/", "/e"], prepend: ["/", "/a", "/a/b", "/a/b/e"], split: ["/", "/b", "/b/e"] };
    expect(Object.keys(await paths(api, id)).toSorted()).toEqual(expected[basepath as keyof typeof expected]);
  });

  it("imports documentation parts, unless it is told to ignore them", async () => {
    const { api } = startControlPlane();
    const body = document({ "x-amazon-apigateway-documentation": { documentationParts: [{ location: { type: "API" }, properties: { description: "all" } }] } });
    const parts = async (parameters: Record<string, string>) => {
      const { id = "" } = await api.ImportRestApi({ body, parameters }, call);
      return (await api.GetDocumentationParts({ restApiId: id }, call)).items?.map(({ location, properties }) => ({ location, properties }));
    };
    expect(await parts({})).toEqual([{ location: { type: "API" }, properties: '{"description":"all"}' }]);
    expect(await parts({ ignore: "documentation" })).toEqual([]);
  });

  it("keeps the quotas", async () => {
    const { api } = startControlPlane({ limits: { resourcesPerApi: 3, authorizersPerApi: 0, requestValidatorsPerApi: 0, edgeApis: 1 } });
    const body = document({
      paths: { "/a/b": {}, "/c": {}, "/d": {} },
      "x-amazon-apigateway-request-validators": { v: {} },
      securityDefinitions: { a: { name: "A", "x-amazon-apigateway-authorizer": { type: "cognito_user_pools", providerARNs: ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEf123"] } } },
    });
    const reached = (what: string, spaces = "  ") => `Maximum number of ${what} for this API has been reached.${spaces}Please contact AWS if you need additional ${what}.`;
    expect(await refusal(api.ImportRestApi({ body }, call))).toBe(
      `BadRequestException: Errors found during import:\n\t${reached("Request Validators")}\n\t${reached("Authorizers", " ")}\n\tUnable to create resource at path '/c': ${reached("Resources")}`,
    );
    await api.ImportRestApi({ body: document() }, call);
    expect(await refusal(api.ImportRestApi({ body: document() }, call))).toMatch(/^LimitExceededException: Maximum number of REST APIs/);
  });
});

const authorizer = (type: string, members: object) => ({ type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authorizer": { type, ...members } });
const FUNCTION = { authorizerUri: "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:auth/invocations" };
const POOL = { providerARNs: ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEf123"] };

describe("PutRestApi", () => {
  // The example of api-gateway-import-api-update.
  it("merges by default: methods of the document take the place of those that the API has, the others stay", async () => {
    const { api } = startControlPlane();
    const responses = (...codes: string[]) => ({ ...MOCK, responses: Object.fromEntries(codes.map((code) => [code, {}])) });
    const { id = "" } = await api.ImportRestApi({ body: document({ paths: { "/a": { get: responses("200", "206"), post: responses("200", "206") } } }) }, call);
    const before = await api.GetResources({ restApiId: id }, call);
    await api.PutRestApi({ restApiId: id, body: document({ paths: { "/a": { get: responses("200", "400") }, "/b": { get: MOCK } } }) }, call);
    const { items = [] } = await api.GetResources({ restApiId: id, embed: ["methods"] }, call);
    const codes = items.map(({ path, resourceMethods = {} }) => [path, Object.entries(resourceMethods).map(([verb, method]) => [verb, Object.keys(method.methodResponses ?? {})])]);
    expect(Object.fromEntries(codes)).toEqual({ "/": [], "/a": [["GET", ["200", "400"]], ["POST", ["200", "206"]]], "/b": [["GET", []]] });
    expect(items.filter(({ path }) => path !== "/b").map(({ id: each }) => each)).toEqual(before.items?.map(({ id: each }) => each));
  });

  it("merges models, authorizers, validators, gateway responses, settings and documentation by their names", async () => {
    const { api } = startControlPlane();
    const parts = (...properties: object[]) => ({ documentationParts: properties.map((each) => ({ location: { type: "API" }, properties: each })) });
    const first = document({
      info: { title: "First", description: "kept" },
      definitions: { A: { type: "object" }, B: { type: "string" } },
      securityDefinitions: { one: authorizer("token", FUNCTION), two: authorizer("token", FUNCTION) },
      "x-amazon-apigateway-request-validators": { v: {}, w: {} },
      "x-amazon-apigateway-gateway-responses": { THROTTLED: { statusCode: "430" }, UNAUTHORIZED: { statusCode: "402" } },
      "x-amazon-apigateway-binary-media-types": ["image/png"],
      "x-amazon-apigateway-documentation": parts({ a: 1, b: 1 }),
    });
    const { id: restApiId = "" } = await api.ImportRestApi({ body: first }, call);
    const ids = async () => ({
      models: (await api.GetModels({ restApiId }, call)).items?.map(({ id, name }) => [name, id]),
      authorizers: (await api.GetAuthorizers({ restApiId }, call)).items?.map(({ id, name }) => [name, id]),
      validators: (await api.GetRequestValidators({ restApiId }, call)).items?.map(({ id, name }) => [name, id]),
    });
    const before = await ids();
    const second = document({
      info: { title: "Second" },
      definitions: { B: { type: "object", properties: { a: { $ref: "#/definitions/A" } } } },
      securityDefinitions: { two: authorizer("request", { ...FUNCTION, authorizerResultTtlInSeconds: 0 }) },
      "x-amazon-apigateway-request-validators": { w: { validateRequestBody: true } },
      "x-amazon-apigateway-gateway-responses": { UNAUTHORIZED: { statusCode: "403" } },
      "x-amazon-apigateway-binary-media-types": ["image/jpeg", "image/png"],
      "x-amazon-apigateway-documentation": parts({ b: 2 }),
    });
    const answer = await api.PutRestApi({ restApiId, body: second, mode: "merge" }, call);
    expect(answer).toMatchObject({ name: "Second", description: "kept", binaryMediaTypes: ["image/png", "image/jpeg"] });
    expect(await ids()).toEqual(before);
    const b = await api.GetModel({ restApiId, modelName: "B" }, call);
    expect(JSON.parse(b.schema ?? "")).toEqual({ type: "object", properties: { a: { $ref: `https://apigateway.amazonaws.com/restapis/${restApiId}/models/A` } } });
    expect((await api.GetAuthorizers({ restApiId }, call)).items?.map(({ name, type }) => [name, type])).toEqual([["one", "TOKEN"], ["two", "REQUEST"]]);
    expect((await api.GetRequestValidators({ restApiId }, call)).items?.map(({ name, validateRequestBody }) => [name, validateRequestBody])).toEqual([["v", false], ["w", true]]);
    const custom = (await api.GetGatewayResponses({ restApiId }, call)).items?.filter(({ defaultResponse }) => !defaultResponse);
    expect(custom?.map(({ responseType, statusCode }) => [responseType, statusCode])).toEqual([["UNAUTHORIZED", "403"], ["THROTTLED", "430"]]);
    expect((await api.GetDocumentationParts({ restApiId }, call)).items?.map(({ properties }) => properties)).toEqual(['{"a":1,"b":2}']);
  });

  it("overwrites all that a document defines: what it does not define is gone", async () => {
    const { api } = startControlPlane();
    const first = document({
      info: { title: "First", description: "gone" },
      paths: { "/a/b": { get: MOCK, put: MOCK }, "/c": { get: MOCK } },
      definitions: { A: { type: "object" } },
      securityDefinitions: { one: authorizer("token", FUNCTION) },
      "x-amazon-apigateway-request-validators": { v: {} },
      "x-amazon-apigateway-gateway-responses": { THROTTLED: { statusCode: "430" } },
      "x-amazon-apigateway-binary-media-types": ["image/png"],
      "x-amazon-apigateway-minimum-compression-size": 1,
      "x-amazon-apigateway-api-key-source": "AUTHORIZER",
      "x-amazon-apigateway-policy": { Statement: [{ Effect: "Allow" }] },
      "x-amazon-apigateway-documentation": { documentationParts: [{ location: { type: "API" }, properties: {} }] },
    });
    const { id: restApiId = "", createdDate, rootResourceId } = await api.ImportRestApi({ body: first, parameters: { endpointConfigurationTypes: "REGIONAL" } }, call);
    await api.TagResource({ resourceArn: `arn:aws:apigateway:us-east-1::/restapis/${restApiId}`, tags: { team: "pets" } }, call);
    const before = await api.GetResources({ restApiId }, call);
    const body = document({ info: { title: "Second" }, paths: { "/a/b": { get: MOCK } } });
    expect(await api.PutRestApi({ restApiId, body, mode: "overwrite" }, call)).toEqual({
      id: restApiId,
      name: "Second",
      createdDate,
      rootResourceId,
      apiKeySource: "HEADER",
      endpointConfiguration: { types: ["REGIONAL"], ipAddressType: "ipv4" },
      disableExecuteApiEndpoint: false,
      tags: { team: "pets" },
      apiStatus: "AVAILABLE",
    });
    expect(await paths(api, restApiId)).toEqual({ "/": [], "/a": [], "/a/b": ["GET"] });
    const idOf = (found: typeof before, path: string) => found.items?.find((each) => each.path === path)?.id;
    expect(idOf(await api.GetResources({ restApiId }, call), "/a/b")).toBe(idOf(before, "/a/b"));
    expect((await api.GetModels({ restApiId }, call)).items).toEqual([]);
    expect((await api.GetAuthorizers({ restApiId }, call)).items).toEqual([]);
    expect((await api.GetRequestValidators({ restApiId }, call)).items).toEqual([]);
    expect((await api.GetGatewayResponses({ restApiId }, call)).items?.every(({ defaultResponse }) => defaultResponse)).toBe(true);
    expect((await api.GetDocumentationParts({ restApiId }, call)).items).toEqual([]);
  });

  it("leaves stages and deployments as they are, and tells the gateways that settings may have changed", async () => {
    const { api, published } = startControlPlane();
    const { restApiId } = await petStore(api);
    await api.CreateDeployment({ restApiId, stageName: "prod", variables: { a: "b" } }, call);
    const before = [await api.GetStage({ restApiId, stageName: "prod" }, call), await api.GetDeployments({ restApiId }, call)];
    published.length = 0;
    await api.PutRestApi({ restApiId, body: document(), mode: "overwrite" }, call);
    expect([await api.GetStage({ restApiId, stageName: "prod" }, call), await api.GetDeployments({ restApiId }, call)]).toEqual(before);
    expect(published).toEqual([`${restApiId}/prod`]);
  });

  it("changes nothing when it fails", async () => {
    const { api } = startControlPlane();
    const { restApiId } = await petStore(api);
    const state = async () => [await api.GetRestApi({ restApiId }, call), await api.GetResources({ restApiId, embed: ["methods"] }, call), await api.GetModels({ restApiId }, call)];
    const before = await state();
    const wrong = document({ paths: { "/new": { get: { "x-amazon-apigateway-integration": { type: "http" } } } } });
    expect(await refusal(api.PutRestApi({ restApiId, body: wrong, mode: "overwrite" }, call))).toMatch(/^BadRequestException: Errors found/);
    expect(await refusal(api.PutRestApi({ restApiId, body: Buffer.from("{") }, call))).toBe("BadRequestException: Invalid OpenAPI input.");
    expect(await refusal(api.PutRestApi({ restApiId: "nothing", body: document() }, call))).toBe("NotFoundException: Invalid API identifier specified 000000000000:nothing");
    expect(await state()).toEqual(before);
  });

  it("does not merge an authorizer of another kind under methods that stay", async () => {
    const { api } = startControlPlane();
    const merged = { "/a": { get: { ...MOCK, security: [{ one: [] }] } } };
    const { id: restApiId = "" } = await api.ImportRestApi({ body: document({ paths: merged, securityDefinitions: { one: authorizer("token", FUNCTION) } }) }, call);
    const body = document({ securityDefinitions: { one: authorizer("cognito_user_pools", POOL) } });
    expect(await refusal(api.PutRestApi({ restApiId, body }, call))).toBe(
      "BadRequestException: Errors found during import:\n\tUnable to put method 'GET' on resource at path '/a': Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
    );
  });

  // AWS says of its own that it is not atomic (api-gateway-import-api-update).
  it("is one commit, as ImportRestApi is", async () => {
    const store = createMemoryStore();
    let commits = 0;
    const commit = store.commit.bind(store);
    store.commit = (changes) => {
      commits++;
      return commit(changes);
    };
    const { api } = startControlPlane({ store });
    const body = document({ paths: { "/a": { get: MOCK }, "/b": { get: MOCK } }, definitions: { A: { type: "object" } } });
    const { id: restApiId = "" } = await api.ImportRestApi({ body }, call);
    await api.PutRestApi({ restApiId, body: document({ paths: { "/b/c": { put: MOCK } } }), mode: "overwrite" }, call);
    expect(commits).toBe(2);
  });

  it("is done again over what another writer has made meanwhile", async () => {
    const { api } = startControlPlane();
    const { restApiId, rootId } = await petStore(api);
    const body = document({ paths: { "/imported": { get: MOCK } } });
    await Promise.all([
      api.PutRestApi({ restApiId, body }, call),
      api.CreateResource({ restApiId, parentId: rootId, pathPart: "made" }, call),
      api.CreateModel({ restApiId, name: "Made", contentType: "application/json" }, call),
      api.PutRestApi({ restApiId, body: document({ paths: { "/other": { get: MOCK } } }) }, call),
    ]);
    expect(await paths(api, restApiId)).toEqual({ "/": [], "/pets": ["GET"], "/imported": ["GET"], "/made": [], "/other": ["GET"] });
  });
});

it("refuses a path of a million parts as it refuses too many resources", async () => {
  const { api } = startControlPlane();
  const path = "/a".repeat(1_000_000);
  const refused = await refusal(api.ImportRestApi({ body: document({ paths: { [path]: { get: MOCK } } }) }, call));
  expect(refused.replace(/\/a[/a]*\.\.\.[/a]*\/a/, "(path)")).toBe(
    "BadRequestException: Errors found during import:\n\tUnable to create resource at path '(path)': " +
      "Maximum number of Resources for this API has been reached.  Please contact AWS if you need additional Resources.",
  );
});

it("takes time in proportion to the models of a document, also where there are too many to check at once", async () => {
  const { api } = startControlPlane();
  const definitions = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`P${i}`, { type: "object" }]));
  const { id: restApiId = "" } = await api.ImportRestApi({ body: document({ definitions }) }, call);
  expect(await refusal(api.GetModel({ restApiId, modelName: "P19999" }, call))).toContain('"name":"P19999"');
});

it("takes time in proportion to models that are wrong, too, and go on to each other without end", async () => {
  const { api } = startControlPlane();
  const count = 10_000;
  const definitions = Object.fromEntries(Array.from({ length: count }, (_, i) => [`P${i}`, { $ref: `#/definitions/P${(i + 1) % count}` }]));
  const refused = await refusal(api.ImportRestApi({ body: document({ definitions }) }, call));
  expect(refused).toContain("Unable to create model for 'P0': Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified: $ref: it leads back to itself at ");
  expect(refused).toContain("\n\tand 9000 more");
});

it("repeats no more than a little of what is wrong", async () => {
  const { api } = startControlPlane();
  const securityDefinitions = { ["n".repeat(50_000)]: { type: "apiKey", "x-amazon-apigateway-authorizer": { type: "lambda" } } };
  expect(await refusal(api.ImportRestApi({ body: document({ securityDefinitions }) }, call))).toMatch(
    /^BadRequestException: Errors found during import:\n\tUnable to create Authorizer 'n{900,1000}\.\.\.n+': Invalid authorizer type specified: LAMBDA\. Must be one of: \[TOKEN, REQUEST, COGNITO_USER_POOLS, JWT\]$/,
  );
});

it("reads no more paths than an API has resources", async () => {
  const { api } = startControlPlane({ limits: { resourcesPerApi: 3 } });
  // The last path would have more to say.
  const paths = Object.fromEntries(["/a", "/b", "/c", "/d", "/e"].map((path) => [path, { get: { parameters: path === "/e" ? [{}] : [], responses: {} } }]));
  expect(await refusal(api.ImportRestApi({ body: document({ paths }) }, call))).toBe(
    "BadRequestException: Errors found during import:\n\tUnable to create resource at path '/c': Maximum number of Resources for this API has been reached.  Please contact AWS if you need additional Resources.",
  );
});

it("refuses server variables that make much of little", async () => {
  const { api } = startControlPlane();
  const servers = [{ url: `https://x/${"{b}".repeat(50_000)}`, variables: { b: { default: "z".repeat(50_000) } } }];
  const imported = api.ImportRestApi({ body: document({ servers }, "3.0.1"), parameters: { basepath: "prepend" } }, call);
  expect(await refusal(imported)).toBe("BadRequestException: Invalid OpenAPI input.");
});
