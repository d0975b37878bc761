import { expect, test } from "vitest";
import { call, NOW, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:pets";
const URI = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const PROXY = { type: "HTTP_PROXY", httpMethod: "GET", uri: "http://petstore.example.com/petstore/pets", payloadFormatVersion: 1.0 };

/** The guide's example in short (http-api-open-api), with all else that HTTP APIs take. */
const PETS = {
  openapi: "3.0.1",
  info: { title: "Example Pet Store", description: "A Pet Store API.", version: "1.0" },
  servers: [
    {
      url: "https://example.com/{basePath}",
      variables: { basePath: { default: "shop/v1" } },
      "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: true },
    },
  ],
  tags: [{ name: "Owner", "x-amazon-apigateway-tag-value": "Admin" }, { name: "Prod" }],
  paths: {
    "/pets": {
      get: {
        operationId: "GET HTTP",
        security: [{ jwt: ["pets.read"] }],
        "x-amazon-apigateway-integration": { ...PROXY, connectionType: "INTERNET", timeoutInMillis: 1000, requestParameters: { "append:header.a": "b" }, responseParameters: { "200": { "overwrite:statuscode": "204" } } },
      },
      post: { security: [{ lambda: [] }], "x-amazon-apigateway-integration": { $ref: "#/components/x-amazon-apigateway-integrations/shared" } },
    },
    "/pets/{petId}": { "x-amazon-apigateway-any-method": { security: [{ sigv4: [] }], "x-amazon-apigateway-integration": { $ref: "#/components/x-amazon-apigateway-integrations/shared" } } },
    "/$default": { "x-amazon-apigateway-any-method": { isDefaultRoute: true } },
  },
  components: {
    securitySchemes: {
      jwt: {
        type: "openIdConnect",
        openIdConnectUrl: "https://issuer.example.com/pool/.well-known/openid-configuration",
        "x-amazon-apigateway-authorizer": { type: "jwt", jwtConfiguration: { audience: ["audience1"] }, identitySource: "$request.header.Authorization" },
      },
      lambda: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authorizer": { type: "request", identitySource: "$request.header.Authorization,$request.querystring.a", authorizerUri: URI, authorizerPayloadFormatVersion: "2.0", authorizerResultTtlInSeconds: 60, enableSimpleResponses: true },
      },
      sigv4: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" },
    },
    "x-amazon-apigateway-integrations": { shared: { type: "aws_proxy", httpMethod: "POST", uri: URI, payloadFormatVersion: "2.0" } },
  },
  "x-amazon-apigateway-cors": { allowOrigins: ["https://www.example.com"], allowCredentials: true, exposeHeaders: ["x-a"], maxAge: 3600, allowMethods: ["GET"], allowHeaders: ["x-b"] },
};

const HTTP_PATHS = { "/pets": { get: { "x-amazon-apigateway-integration": PROXY } } };
const document = (members: object = {}) => JSON.stringify({ openapi: "3.0.1", info: { title: "Pets", version: "1.0" }, paths: HTTP_PATHS, ...members });

async function parts(v2: ReturnType<typeof startControlPlane>["v2"], ApiId: string) {
  const [routes, integrations, authorizers] = [await v2.GetRoutes({ ApiId }, call), await v2.GetIntegrations({ ApiId }, call), await v2.GetAuthorizers({ ApiId }, call)];
  return { routes: routes.Items ?? [], integrations: integrations.Items ?? [], authorizers: authorizers.Items ?? [] };
}

test("ImportApi makes all that a document defines", async () => {
  const { v2 } = startControlPlane();
  const api = await v2.ImportApi({ Body: JSON.stringify(PETS) }, call);
  expect(api).toEqual({
    ApiEndpoint: "https://i000000001.execute-api.us-east-1.amazonaws.com",
    ApiId: "i000000001",
    ApiKeySelectionExpression: "$request.header.x-api-key",
    CorsConfiguration: { AllowCredentials: true, AllowHeaders: ["x-b"], AllowMethods: ["GET"], AllowOrigins: ["https://www.example.com"], ExposeHeaders: ["x-a"], MaxAge: 3600 },
    CreatedDate: NOW,
    Description: "A Pet Store API.",
    DisableExecuteApiEndpoint: true,
    IpAddressType: "ipv4",
    Name: "Example Pet Store",
    ProtocolType: "HTTP",
    RouteSelectionExpression: "$request.method $request.path",
    Tags: { Owner: "Admin", Prod: "" },
    Version: "1.0",
  });
  const { routes, integrations, authorizers } = await parts(v2, "i000000001");
  const [jwt, lambda] = authorizers;
  const [proxy, shared] = integrations;
  expect(authorizers).toEqual([
    { AuthorizerId: expect.any(String), AuthorizerType: "JWT", IdentitySource: ["$request.header.Authorization"], JwtConfiguration: { Audience: ["audience1"], Issuer: "https://issuer.example.com/pool" }, Name: "jwt" },
    {
      AuthorizerId: expect.any(String),
      AuthorizerPayloadFormatVersion: "2.0",
      AuthorizerResultTtlInSeconds: 60,
      AuthorizerType: "REQUEST",
      AuthorizerUri: URI,
      EnableSimpleResponses: true,
      IdentitySource: ["$request.header.Authorization", "$request.querystring.a"],
      Name: "lambda",
    },
  ]);
  expect(integrations).toEqual([
    {
      ConnectionType: "INTERNET",
      IntegrationId: expect.any(String),
      IntegrationMethod: "GET",
      IntegrationType: "HTTP_PROXY",
      IntegrationUri: PROXY.uri,
      PayloadFormatVersion: "1.0",
      RequestParameters: { "append:header.a": "b" },
      ResponseParameters: { "200": { "overwrite:statuscode": "204" } },
      TimeoutInMillis: 1000,
    },
    { ConnectionType: "INTERNET", IntegrationId: expect.any(String), IntegrationMethod: "POST", IntegrationType: "AWS_PROXY", IntegrationUri: URI, PayloadFormatVersion: "2.0", TimeoutInMillis: 30_000 },
  ]);
  const open = { ApiKeyRequired: false, RouteId: expect.any(String) };
  const target = `integrations/${shared?.IntegrationId}`;
  expect(routes).toEqual([
    { ...open, RouteKey: "GET /pets", AuthorizationType: "JWT", AuthorizerId: jwt?.AuthorizerId, AuthorizationScopes: ["pets.read"], OperationName: "GET HTTP", Target: `integrations/${proxy?.IntegrationId}` },
    { ...open, RouteKey: "POST /pets", AuthorizationType: "CUSTOM", AuthorizerId: lambda?.AuthorizerId, Target: target },
    { ...open, RouteKey: "ANY /pets/{petId}", AuthorizationType: "AWS_IAM", Target: target },
    { ...open, RouteKey: "$default", AuthorizationType: "NONE" },
  ]);
});

test("the document of `aws apigatewayv2 import-api`, in YAML", async () => {
  const { v2 } = startControlPlane();
  const Body = `openapi: 3.0.1
info:
    title: My Lambda API
    version: v1.0
paths:
    /hello:
        x-amazon-apigateway-any-method:
            x-amazon-apigateway-integration:
                payloadFormatVersion: 2.0
                type: aws_proxy
                httpMethod: POST
                uri: ${URI}
                connectionType: INTERNET
`;
  const { ApiId = "", ...api } = await v2.ImportApi({ Body }, call);
  expect(api).toMatchObject({ Name: "My Lambda API", Version: "v1.0", Tags: {} });
  const { routes, integrations } = await parts(v2, ApiId);
  expect(routes.map(({ RouteKey }) => RouteKey)).toEqual(["ANY /hello"]);
  expect(integrations[0]).toMatchObject({ PayloadFormatVersion: "2.0", IntegrationType: "AWS_PROXY" });
});

test.each([
  ["ignore", ["GET /pets"]],
  ["prepend", ["GET /shop/v1/pets"]],
  ["split", ["GET /v1/pets"]],
])("Basepath %s", async (Basepath, expected) => {
  const { v2 } = startControlPlane();
  const { ApiId = "" } = await v2.ImportApi({ Body: document({ servers: [{ url: "https://example.com/shop/v1" }] }), Basepath }, call);
  expect((await parts(v2, ApiId)).routes.map(({ RouteKey }) => RouteKey)).toEqual(expected);
});

const only = (paths: object, more: object = {}) => document({ paths, ...more });
const integrated = (integration: object) => only({ "/pets": { get: { "x-amazon-apigateway-integration": integration } } });
const found = (...errors: string[]) => `BadRequestException: Errors found during import:${errors.map((each) => `\n\t${each}`).join("")}`;

test.each([
  // http-api-open-api: HTTP APIs support only the OpenAPI 3.0 specification.
  [JSON.stringify({ swagger: "2.0.0", info: { title: "My API", version: "1.0" } }), "BadRequestException: Invalid OpenAPI input."],
  [document({ openapi: "3.1.0" }), "BadRequestException: Invalid OpenAPI input."],
  ["{", "BadRequestException: Invalid OpenAPI input."],
  [document({ info: {} }), found("Name must be non-empty")],
  [document({ "x-amazon-apigateway-cors": { allowOrigins: ["*"], allowCredentials: true } }), found("allow-credentials is not supported if 'allow-origin' is *")],
  [integrated({ ...PROXY, payloadFormatVersion: undefined }), found("Unable to create integration: PayloadFormatVersion is a required parameter for integration")],
  [integrated({ ...PROXY, uri: "pets" }), found("Unable to create integration: Invalid HTTP endpoint specified for URI")],
  [integrated({ ...PROXY, connectionType: "VPC_LINK", connectionId: "nothere", uri: "arn:aws:servicediscovery:us-east-2:123456789012:service/srv-id" }), found("Unable to create integration: Invalid Vpc Link identifier specified")],
  [only({ "/{a}/{a}": { get: {} } }), found("Unable to create route 'GET /{a}/{a}': Invalid route key specified: GET /{a}/{a}. Must be $default, or a method or ANY, a space and a path")],
  [
    only({ "/pets": { get: { security: [{ a: [] }, { b: [] }] } } }, { components: { securitySchemes: { a: PETS.components.securitySchemes.jwt, b: PETS.components.securitySchemes.sigv4 } } }),
    found("An operation can have only one of IAM authorization, a Lambda authorizer and a JWT authorizer"),
  ],
  [
    document({ components: { securitySchemes: { a: { type: "apiKey", "x-amazon-apigateway-authorizer": { type: "token" } } } } }),
    found("Unable to create authorizer 'a': Invalid authorizer type specified: token. Must be one of: [jwt, request]"),
  ],
])("ImportApi refuses %j", async (Body, expected) => {
  const { v2 } = startControlPlane();
  expect(await refusal(v2.ImportApi({ Body }, call))).toBe(expected);
  expect(await v2.GetApis({}, call)).toEqual({ Items: [] });
});

test("http-api-open-api, import validation: what is left out is told as info, what is wrong as warnings, which may fail the import", async () => {
  const { v2 } = startControlPlane();
  const paths = {
    "/pets": { get: { requestBody: { content: {} }, security: [{ nothere: [] }], "x-amazon-apigateway-integration": { ...PROXY, type: "AWS" } } },
    pets: { get: {} },
  };
  const Body = only(paths, { components: { schemas: { Pet: { type: "object" } } } });
  const warnings = [
    "HTTP APIs support only integrations of type AWS_PROXY and HTTP_PROXY. Ignoring the integration of GET /pets.",
    "Security definition 'nothere' not found. Ignoring.",
    "Parse issue: attribute paths. Resource pets should start with /",
  ];
  expect(await refusal(v2.ImportApi({ Body, FailOnWarnings: true }, call))).toBe(`BadRequestException: Warnings found during import:${warnings.map((each) => `\n\t${each}`).join("")}`);
  expect(await v2.GetApis({}, call)).toEqual({ Items: [] });
  const api = await v2.ImportApi({ Body }, call);
  expect(api.Warnings).toEqual(warnings);
  expect(api.ImportInfo).toEqual(["Models are not supported for HTTP APIs. Ignoring components.schemas.", "Request bodies are not supported for HTTP APIs. Ignoring that of GET /pets."]);
  expect(await v2.GetApi({ ApiId: api.ApiId as string }, call)).toEqual(api);
});

test("ImportApi and ReimportApi refuse issuers that cannot be asked, and ask none for a document that is refused anyway", async () => {
  const asked: string[] = [];
  const discover = async (issuer: string) => {
    asked.push(issuer);
    return { failure: "nobody answers" };
  };
  const { v2 } = startControlPlane({ discover });
  const refused =
    "BadRequestException: Errors found during import:\n\tUnable to create authorizer 'jwt': Caught exception when connecting to " +
    "https://issuer.example.com/pool/.well-known/openid-configuration for issuer https://issuer.example.com/pool. Please try again later. Error: Invalid issuer: " +
    "https://issuer.example.com/pool. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration': nobody answers";
  expect(await refusal(v2.ImportApi({ Body: JSON.stringify(PETS) }, call))).toBe(refused);
  const { ApiId = "" } = await v2.ImportApi({ Body: document() }, call);
  expect(await refusal(v2.ReimportApi({ ApiId, Body: JSON.stringify(PETS) }, call))).toBe(refused);
  expect((await parts(v2, ApiId)).authorizers).toEqual([]);
  const wrong = { ...PETS, paths: { ...PETS.paths, "/wrong": { get: { security: [{ jwt: [] }], "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri: "nowhere", payloadFormatVersion: "2.0" } } } } };
  expect(await refusal(v2.ImportApi({ Body: JSON.stringify(wrong) }, call))).toMatch(/^BadRequestException: Errors found during import:\n\tUnable to create integration/);
  expect(asked).toEqual(["https://issuer.example.com/pool", "https://issuer.example.com/pool"]);
});

test("ImportApi refuses a base path mode that is none", async () => {
  const { v2 } = startControlPlane();
  expect(await refusal(v2.ImportApi({ Body: document(), Basepath: "append" }, call))).toBe("BadRequestException: Invalid basepath specified: append. Must be one of: [ignore, prepend, split]");
});

test("ReimportApi replaces the definition in one change, keeps stages, and deploys to those that ask for it", async () => {
  const { v2, published } = startControlPlane();
  const { ApiId = "" } = await v2.ImportApi({ Body: JSON.stringify(PETS) }, call);
  await v2.CreateStage({ ApiId, StageName: "$default", AutoDeploy: true }, call);
  const before = await parts(v2, ApiId);
  published.length = 0;
  const api = await v2.ReimportApi({ ApiId, Body: document() }, call);
  expect(api).toMatchObject({ ApiId, Name: "Pets", DisableExecuteApiEndpoint: false, Tags: { Owner: "Admin", Prod: "" }, Version: "1.0" });
  expect(api.CorsConfiguration).toBeUndefined();
  const after = await parts(v2, ApiId);
  expect(after.authorizers).toEqual([]);
  expect(after.integrations.length).toBe(1);
  expect(after.routes).toEqual([{ ApiKeyRequired: false, AuthorizationType: "NONE", RouteId: before.routes[0]?.RouteId, RouteKey: "GET /pets", Target: `integrations/${after.integrations[0]?.IntegrationId}` }]);
  expect(published).toEqual([ApiId]);
  expect((await v2.GetDeployments({ ApiId }, call)).Items?.length).toBe(2);
  expect(await refusal(v2.ReimportApi({ ApiId, Body: "{" }, call))).toBe("BadRequestException: Invalid OpenAPI input.");
  expect(await parts(v2, ApiId)).toEqual(after);
  expect(await refusal(v2.ReimportApi({ ApiId: "nothere", Body: document() }, call))).toBe("NotFoundException: Invalid API identifier specified 000000000000:nothere");
});

async function exported(members: object = {}) {
  const { v2 } = startControlPlane();
  const { ApiId = "" } = await v2.ImportApi({ Body: JSON.stringify(PETS) }, call);
  const { body = new Uint8Array() } = await v2.ExportApi({ ApiId, Specification: "OAS30", OutputType: "JSON", ...members }, call);
  return { v2, ApiId, text: Buffer.from(body).toString() };
}

const response = (key: string) => ({ responses: { default: { description: `Default response for ${key}` } } });

test("ExportApi tells the API as it now is", async () => {
  const { text } = await exported();
  const { jwt, lambda } = PETS.components.securitySchemes;
  const petId = { name: "petId", in: "path", description: "Generated path parameter for petId", required: true, schema: { type: "string" } };
  const shared = { $ref: "#/components/x-amazon-apigateway-integrations/integration1" };
  expect(JSON.parse(text)).toEqual({
    openapi: "3.0.1",
    info: PETS.info,
    servers: [
      {
        url: "https://i000000001.execute-api.us-east-1.amazonaws.com/{basePath}",
        variables: { basePath: { default: "" } },
        "x-amazon-apigateway-endpoint-configuration": { disableExecuteApiEndpoint: true },
      },
    ],
    tags: [{ name: "Owner", "x-amazon-apigateway-tag-value": "Admin" }, { name: "Prod", "x-amazon-apigateway-tag-value": "" }],
    paths: {
      "/$default": { "x-amazon-apigateway-any-method": { ...response("$default"), isDefaultRoute: true } },
      "/pets": {
        get: {
          operationId: "GET HTTP",
          ...response("GET /pets"),
          security: [{ jwt: ["pets.read"] }],
          "x-amazon-apigateway-integration": {
            ...PETS.paths["/pets"].get["x-amazon-apigateway-integration"],
            type: "http_proxy",
            payloadFormatVersion: "1.0",
          },
        },
        post: { ...response("POST /pets"), security: [{ lambda: [] }], "x-amazon-apigateway-integration": shared },
      },
      "/pets/{petId}": { "x-amazon-apigateway-any-method": { parameters: [petId], ...response("ANY /pets/{petId}"), security: [{ sigv4: [] }], "x-amazon-apigateway-integration": shared } },
    },
    components: {
      securitySchemes: {
        sigv4: PETS.components.securitySchemes.sigv4,
        jwt: { type: "oauth2", flows: {}, "x-amazon-apigateway-authorizer": { ...jwt["x-amazon-apigateway-authorizer"], jwtConfiguration: { audience: ["audience1"], issuer: "https://issuer.example.com/pool" } } },
        lambda: { type: "apiKey", name: "Unused", in: "header", "x-amazon-apigateway-authorizer": lambda["x-amazon-apigateway-authorizer"] },
      },
      "x-amazon-apigateway-integrations": { integration1: { ...PETS.components["x-amazon-apigateway-integrations"].shared, connectionType: "INTERNET", timeoutInMillis: 30_000 } },
    },
    "x-amazon-apigateway-cors": PETS["x-amazon-apigateway-cors"],
    "x-amazon-apigateway-importexport-version": "1.0",
  });
});

test("an export imports as the same API, and exports as the same document, in JSON and YAML", async () => {
  const { v2, ApiId, text } = await exported();
  const yaml = Buffer.from((await v2.ExportApi({ ApiId, Specification: "OAS30", OutputType: "YAML" }, call)).body ?? []).toString();
  for (const Body of [text, yaml]) {
    const copy = await v2.ImportApi({ Body }, call);
    const again = await v2.ExportApi({ ApiId: copy.ApiId as string, Specification: "OAS30", OutputType: "JSON" }, call);
    expect(Buffer.from(again.body ?? []).toString().replaceAll(copy.ApiId as string, ApiId)).toBe(text);
  }
});

test("http-api-export: without extensions nothing of API Gateway's own is told", async () => {
  const { text } = await exported({ IncludeExtensions: false });
  expect(text.match(/x-amazon-apigateway-[a-z-]+/g)).toEqual(["x-amazon-apigateway-authtype", "x-amazon-apigateway-any-method", "x-amazon-apigateway-any-method"].toSorted((a, b) => text.indexOf(a) - text.indexOf(b)));
});

test("http-api-export: a stage's export tells what the stage shows", async () => {
  const { v2, ApiId } = await exported();
  await v2.CreateStage({ ApiId, StageName: "prod" }, call);
  const stageExport = () => v2.ExportApi({ ApiId, StageName: "prod", Specification: "OAS30", OutputType: "JSON" }, call);
  expect(await refusal(stageExport())).toBe("NotFoundException: Invalid Deployment identifier specified");
  await v2.CreateDeployment({ ApiId, StageName: "prod" }, call);
  await v2.CreateRoute({ ApiId, RouteKey: "GET /later" }, call);
  const document = JSON.parse(Buffer.from((await stageExport()).body ?? []).toString()) as { servers: [{ variables: object }]; paths: object };
  expect(document.servers[0].variables).toEqual({ basePath: { default: "prod" } });
  expect(Object.keys(document.paths)).toEqual(["/$default", "/pets", "/pets/{petId}"]);
});

test.each([
  [{ Specification: "OAS31" }, "BadRequestException: Invalid specification specified: OAS31. Must be one of: [OAS30]"],
  [{ OutputType: "XML" }, "BadRequestException: Invalid outputType specified: XML. Must be one of: [JSON, YAML]"],
  [{ ExportVersion: "2.0" }, "BadRequestException: Invalid exportVersion specified: 2.0. Must be one of: [1.0]"],
  [{ StageName: "nothere" }, "NotFoundException: Invalid stage identifier specified"],
  [{ ApiId: "nothere" }, "NotFoundException: Invalid API identifier specified 000000000000:nothere"],
])("ExportApi refuses %j", async (members, expected) => {
  expect(await refusal(exported(members))).toBe(expected);
});
