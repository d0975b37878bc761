import { describe, expect, it } from "vitest";
import { api, snapshotOf } from "../../../test/harness/rest-api.ts";
import type { DataModel } from "../../domain/data-model.ts";
import { completeLocation, type DocumentationPartLocation, type DocumentationVersion } from "../../domain/documentation.ts";
import type { RestApiSnapshot } from "../../domain/rest-api.ts";
import { writeDocument } from "./document.ts";
import { printJson } from "./print-json.ts";
import { printYaml } from "./print-yaml.ts";
import type { ExportExtension, ExportFormat, ExportSource, JsonObject } from "./source.ts";

const DEPLOYED = Date.UTC(2016, 9, 13, 23, 4, 43, 999);

type Snapshot = Parameters<typeof snapshotOf>;

/** An export, by default of everything, in OpenAPI 2.0. */
function exportOf(methods: Snapshot[0], parts: Snapshot[1] = {}, options: Partial<ExportSource> & { readonly format?: ExportFormat } = {}): JsonObject {
  const { format = "swagger", ...source } = options;
  const snapshot: RestApiSnapshot = snapshotOf(methods, parts);
  const extensions = new Set<ExportExtension>(["apigateway"]);
  return writeDocument({ api, snapshot, stageName: "prod", deployedAt: DEPLOYED, domainSuffix: "amazonaws.com", extensions, ...source }, format);
}

const at = (document: unknown, ...path: readonly string[]): unknown => path.reduce((value, name) => (value as JsonObject | undefined)?.[name], document);
const operation = (document: JsonObject, method = "get", path = "/"): JsonObject => at(document, "paths", path, method) as JsonObject;
const both = ["swagger", "oas30"] as const;

describe("the document", () => {
  it("of OpenAPI 2.0 begins with its host, base path and scheme", () => {
    expect(exportOf({ "GET /": { methodResponses: {} } }, {}, { api: { ...api, description: "About" }, extensions: new Set() })).toEqual({
      swagger: "2.0",
      info: { description: "About", version: "2016-10-13T23:04:43Z", title: "test" },
      host: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
      basePath: "/prod",
      schemes: ["https"],
      paths: { "/": { get: { responses: {} } } },
    });
  });

  it("of OpenAPI 3.0 begins with a server whose base path is a variable", () => {
    expect(exportOf({ "GET /": { methodResponses: {} } }, {}, { format: "oas30", api: { ...api, description: "About" }, extensions: new Set() })).toEqual({
      openapi: "3.0.1",
      info: { title: "test", description: "About", version: "2016-10-13T23:04:43Z" },
      servers: [{ url: "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/{basePath}", variables: { basePath: { default: "/prod" } } }],
      paths: { "/": { get: {} } },
      components: {},
    });
  });

  it.each([
    ["swagger", ["get", "head", "post", "put", "delete", "options", "patch", "x-amazon-apigateway-any-method"]],
    ["oas30", ["get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method"]],
  ] as const)("of %s has its paths by name and their methods in OpenAPI's order", (format, order) => {
    const methods = ["ANY", "PATCH", "OPTIONS", "DELETE", "PUT", "POST", "HEAD", "GET"].map((method) => [`${method} /b/{c+}`, {}]);
    const { paths } = exportOf({ "GET /a/b": {}, ...Object.fromEntries(methods), "GET /": {} }, {}, { format });
    expect(Object.keys(paths as object)).toEqual(["/", "/a/b", "/b/{c+}"]);
    expect(Object.keys(at(paths, "/b/{c+}") as object)).toEqual(order);
  });
});

describe("an operation", () => {
  const requestParameters = { "method.request.querystring.a.b": false, "method.request.header.h": true, "method.request.path.id": false };
  const methodResponses = {
    200: { statusCode: "200", responseParameters: { "method.response.header.X-H": true }, responseModels: { "application/json": "Empty" } },
    404: { statusCode: "404" },
  };
  const models = [model("Empty", "{}"), model("Pet", '{"type":"object"}')];
  const pets = {
    "POST /{id}": {
      operationName: "createPet",
      requestParameters,
      requestModels: { "text/json": "Pet", "application/json": "Pet" },
      methodResponses,
      integration: { requestTemplates: { "text/plain": "t" }, integrationResponses: { 200: { statusCode: "200", responseTemplates: { "text/html": "t" } } } },
    },
  };

  it("of OpenAPI 2.0 has its parameters, content types and responses", () => {
    const document = exportOf(pets, { models }, { extensions: new Set() });
    expect(operation(document, "post", "/{id}")).toEqual({
      operationId: "createPet",
      consumes: ["text/json", "application/json", "text/plain"],
      produces: ["application/json", "text/html"],
      parameters: [
        { name: "a.b", in: "query", required: false, type: "string" },
        { name: "h", in: "header", required: true, type: "string" },
        { name: "id", in: "path", required: true, type: "string" },
        { in: "body", name: "Pet", required: true, schema: { $ref: "#/definitions/Pet" } },
      ],
      responses: {
        200: { description: "200 response", schema: { $ref: "#/definitions/Empty" }, headers: { "X-H": { type: "string" } } },
        404: { description: "404 response" },
      },
    });
    expect(document["definitions"]).toEqual({ Empty: {}, Pet: { type: "object" } });
  });

  it("of OpenAPI 3.0 has its parameters, body and responses", () => {
    const document = exportOf(pets, { models }, { format: "oas30", extensions: new Set() });
    const schema = { $ref: "#/components/schemas/Pet" };
    expect(operation(document, "post", "/{id}")).toEqual({
      operationId: "createPet",
      parameters: [
        { name: "a.b", in: "query", schema: { type: "string" } },
        { name: "h", in: "header", required: true, schema: { type: "string" } },
        { name: "id", in: "path", required: true, schema: { type: "string" } },
      ],
      requestBody: { content: { "text/json": { schema }, "application/json": { schema } }, required: true },
      responses: {
        200: {
          description: "200 response",
          headers: { "X-H": { schema: { type: "string" } } },
          content: { "application/json": { schema: { $ref: "#/components/schemas/Empty" } } },
        },
        404: { description: "404 response", content: {} },
      },
    });
    expect(document["components"]).toEqual({ schemas: { Empty: {}, Pet: { type: "object" } } });
  });

  it("has its request validator, by name or id, and the API has all", () => {
    const requestValidators = [
      { id: "v1", name: "all", validateRequestBody: true, validateRequestParameters: true },
      { id: "v2", validateRequestBody: false, validateRequestParameters: true },
    ];
    const document = exportOf({ "GET /": { requestValidatorId: "v1" }, "PUT /": { requestValidatorId: "v2" } }, { requestValidators });
    expect([operation(document), operation(document, "put")].map((each) => each["x-amazon-apigateway-request-validator"])).toEqual(["all", "v2"]);
    expect(document["x-amazon-apigateway-request-validators"]).toEqual({
      all: { validateRequestParameters: true, validateRequestBody: true },
      v2: { validateRequestParameters: true, validateRequestBody: false },
    });
  });
});

describe("an integration", () => {
  it("has all its members, in AWS's order, those of their defaults left out", () => {
    const integration = {
      type: "HTTP_PROXY",
      httpMethod: "GET",
      uri: "http://example.com/",
      connectionType: "VPC_LINK",
      connectionId: "l1nk",
      integrationTarget: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/b",
      credentials: "arn:aws:iam::123456789012:role/r",
      requestParameters: { "integration.request.header.a": "'b'" },
      requestTemplates: { "application/json": "{}" },
      passthroughBehavior: "WHEN_NO_TEMPLATES",
      contentHandling: "CONVERT_TO_TEXT",
      timeoutInMillis: 1000,
      cacheNamespace: "ns",
      cacheKeyParameters: ["method.request.path.id"],
      responseTransferMode: "STREAM",
      tlsConfig: { insecureSkipVerification: true },
      integrationResponses: {
        200: { statusCode: "200" },
        400: { statusCode: "400", selectionPattern: "4\\d{2}", responseParameters: { "method.response.header.a": "'b'" }, responseTemplates: { "application/json": null }, contentHandling: "CONVERT_TO_BINARY" },
      },
    } as const;
    const document = exportOf({ "GET /": { integration } });
    const written = {
      connectionId: "l1nk",
      credentials: "arn:aws:iam::123456789012:role/r",
      httpMethod: "GET",
      uri: "http://example.com/",
      responses: {
        default: { statusCode: "200" },
        "4\\d{2}": { statusCode: "400", responseParameters: { "method.response.header.a": "'b'" }, responseTemplates: { "application/json": null }, contentHandling: "CONVERT_TO_BINARY" },
      },
      requestParameters: { "integration.request.header.a": "'b'" },
      requestTemplates: { "application/json": "{}" },
      passthroughBehavior: "when_no_templates",
      connectionType: "VPC_LINK",
      cacheNamespace: "ns",
      responseTransferMode: "STREAM",
      timeoutInMillis: 1000,
      cacheKeyParameters: ["method.request.path.id"],
      contentHandling: "CONVERT_TO_TEXT",
      tlsConfig: { insecureSkipVerification: true },
      integrationTarget: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/b",
      type: "http_proxy",
    };
    const found = operation(document)["x-amazon-apigateway-integration"];
    expect(found).toEqual(written);
    expect(Object.keys(found as object)).toEqual(Object.keys(written));
    expect(operation(exportOf({ "GET /": {} }))["x-amazon-apigateway-integration"]).toEqual({ passthroughBehavior: "when_no_match", type: "mock" });
  });
});

describe("the extensions of a request", () => {
  const methods = { "GET /": { authorizationType: "CUSTOM", authorizerId: "a1", requestValidatorId: "v1" }, "PUT /": { authorizationType: "AWS_IAM" } };
  const parts = {
    authorizers: [{ id: "a1", name: "auth", type: "TOKEN", authType: "custom", authorizerUri: "arn:x", identitySource: "method.request.header.Auth" }],
    requestValidators: [{ id: "v1", name: "all", validateRequestBody: true, validateRequestParameters: true }],
    binaryMediaTypes: ["image/png"],
  } as const;
  const INTEGRATION = "x-amazon-apigateway-integration";
  const AUTHORIZER = "x-amazon-apigateway-authorizer";

  // api-gateway-export-api: only `apigateway` has request validators.
  it.each<[readonly ExportExtension[] | undefined, readonly string[]]>([
    [undefined, []],
    [["integrations"], [INTEGRATION]],
    [["authorizers"], [AUTHORIZER]],
    [["integrations", "authorizers"], [INTEGRATION, AUTHORIZER]],
    [["apigateway"], [INTEGRATION, AUTHORIZER, "x-amazon-apigateway-request-validator", "x-amazon-apigateway-request-validators", "x-amazon-apigateway-binary-media-types"]],
    [["postman"], ["x-postman-meta"]],
  ])("%j are %j", (extensions, expected) => {
    const text = JSON.stringify(exportOf(methods, parts, { extensions: new Set(extensions ?? []) }));
    const all = [...new Set([...text.matchAll(/"(x-[a-z-]+)":/g)].map(([, name]) => name))].filter((name) => name !== "x-amazon-apigateway-authtype");
    expect(new Set(all)).toEqual(new Set(expected));
  });

  it("postman has requests signed where IAM asks for it", () => {
    const document = exportOf(methods, parts, { extensions: new Set<ExportExtension>(["postman"]) });
    expect(operation(document)["x-postman-meta"]).toBeUndefined();
    expect(operation(document, "put")["x-postman-meta"]).toEqual({
      currentHelper: "awsSigV4",
      helperAttributes: {
        accessKey: "{{aws_access_key_id}}",
        secretKey: "{{aws_secret_access_key}}",
        region: "us-east-1",
        service: "execute-api",
        saveHelper: true,
      },
    });
  });
});

describe("security", () => {
  const authorizers = [
    { id: "t", name: "token", type: "TOKEN", authType: "oauth2", authorizerUri: "arn:t", authorizerCredentials: "arn:role", identitySource: "method.request.header.Auth", identityValidationExpression: "^x", authorizerResultTtlInSeconds: 0 },
    { id: "r", name: "request", type: "REQUEST", authType: "custom", authorizerUri: "arn:r", identitySource: "method.request.header.A, stageVariables.b", authorizerResultTtlInSeconds: 60 },
    { id: "q", name: "query", type: "REQUEST", authType: "custom", authorizerUri: "arn:q", identitySource: "method.request.querystring.q" },
    { id: "c", name: "pool", type: "COGNITO_USER_POOLS", authType: "cognito_user_pools", providerARNs: ["arn:pool"], identitySource: "method.request.header.Authorization" },
  ] as const;
  const methods = {
    "GET /": { authorizationType: "AWS_IAM", apiKeyRequired: true },
    "PUT /": { authorizationType: "COGNITO_USER_POOLS", authorizerId: "c", authorizationScopes: ["a/b"] },
    "POST /": { authorizationType: "CUSTOM", authorizerId: "t" },
  };

  it.each(both)("of %s has a scheme for IAM, API keys and each authorizer", (format) => {
    const document = exportOf(methods, { authorizers }, { format });
    const schemes = format === "swagger" ? document["securityDefinitions"] : at(document, "components", "securitySchemes");
    expect(schemes).toEqual({
      sigv4: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" },
      token: {
        type: "apiKey",
        name: "Auth",
        in: "header",
        "x-amazon-apigateway-authtype": "oauth2",
        "x-amazon-apigateway-authorizer": { authorizerUri: "arn:t", authorizerCredentials: "arn:role", identityValidationExpression: "^x", authorizerResultTtlInSeconds: 0, type: "token" },
      },
      // api-gateway-swagger-extensions-authorizer: several identity sources, or others than headers and query parameters, are "Unused".
      request: {
        type: "apiKey",
        name: "Unused",
        in: "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": { authorizerUri: "arn:r", authorizerResultTtlInSeconds: 60, identitySource: "method.request.header.A, stageVariables.b", type: "request" },
      },
      query: {
        type: "apiKey",
        name: "q",
        in: "query",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": { authorizerUri: "arn:q", identitySource: "method.request.querystring.q", type: "request" },
      },
      pool: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": { providerARNs: ["arn:pool"], type: "cognito_user_pools" },
      },
      api_key: { type: "apiKey", name: "x-api-key", in: "header" },
    });
    expect(["get", "put", "post"].map((method) => operation(document, method)["security"])).toEqual([[{ sigv4: [] }, { api_key: [] }], [{ pool: ["a/b"] }], [{ token: [] }]]);
  });

  it("names the schemes that methods use where authorizers are not asked for", () => {
    const document = exportOf(methods, { authorizers }, { extensions: new Set() });
    expect(Object.keys(document["securityDefinitions"] as object)).toEqual(["sigv4", "token", "pool", "api_key"]);
    expect(at(document, "securityDefinitions", "pool")).toEqual({ type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "cognito_user_pools" });
  });


  it("has names of its own beside authorizers that are called so", () => {
    const own = { ...authorizers[2], name: "sigv4" };
    const document = exportOf({ "GET /": { authorizationType: "AWS_IAM" }, "PUT /": { authorizationType: "CUSTOM", authorizerId: "q" } }, { authorizers: [own] });
    expect(Object.keys(document["securityDefinitions"] as object)).toEqual(["sigv4_", "sigv4"]);
    expect(["get", "put"].map((method) => operation(document, method)["security"])).toEqual([[{ sigv4_: [] }], [{ sigv4: [] }]]);
  });
});

describe("models", () => {
  const url = (name: string) => `https://apigateway.amazonaws.com/restapis/${api.id}/models/${name}`;
  const schema = {
    $schema: "http://json-schema.org/draft-04/schema#",
    title: "Pets",
    definitions: { Tag: { type: "string" } },
    properties: { $ref: { $ref: url("Pet") }, tag: { $ref: "#/definitions/Tag" }, self: { $ref: "#" }, list: { items: [{ $ref: url("Pet") }], enum: [{ $ref: "kept" }] } },
    required: ["tag"],
    type: "object",
  };
  const models = [model("Pets", JSON.stringify(schema)), model("Pet", '{"description":"A pet","type":"object"}'), model("Other", "{}"), model("Xml", "<x/>", "application/xml")];
  const use = { "POST /": { requestModels: { "application/json": "Pets" } } };

  it("are those that methods use and what these refer to, by references within the document", () => {
    expect(exportOf(use, { models })["definitions"]).toEqual({
      Pet: { type: "object", description: "A pet" },
      Pets: {
        title: "Pets",
        type: "object",
        required: ["tag"],
        definitions: { Tag: { type: "string" } },
        properties: {
          $ref: { $ref: "#/definitions/Pet" },
          tag: { $ref: "#/definitions/Pets/definitions/Tag" },
          self: { $ref: "#/definitions/Pets" },
          list: { items: [{ $ref: "#/definitions/Pet" }], enum: [{ $ref: "kept" }] },
        },
      },
    });
    expect(at(exportOf(use, { models }, { format: "oas30" }), "components", "schemas", "Pets", "properties", "tag")).toEqual({ $ref: "#/components/schemas/Pets/definitions/Tag" });
  });

  it("keep their numbers as they were written", () => {
    const long = '{"type":"object","maximum":9223372036854775807,"minimum":1.50,"properties":{"a":{"enum":[0.1,1E400]}}}';
    const document = exportOf(use, { models: [model("Pets", long)] });
    for (const number of ["9223372036854775807", "1.50", "0.1", "1E400"]) {
      expect(printJson(document)).toContain(number);
      expect(printYaml(document)).toContain(number);
    }
  });

  it.each([
    ["swagger", ["type", "required", "properties", "title", "definitions"], ["definitions", "Pets"]],
    ["oas30", ["title", "required", "type", "properties", "definitions"], ["components", "schemas", "Pets"]],
  ] as const)("of %s have their members in AWS's order", (format, order, path) => {
    expect(Object.keys(at(exportOf(use, { models }, { format }), ...path) as object)).toEqual(order);
  });

  // api-gateway-export-api: "Only found non-JSON body models for ..."
  it.each(both)("of other content types cannot be exported as %s", (format) => {
    const request = { "POST /p": { requestModels: { "application/xml": "Xml" } } };
    expect(() => exportOf(request, { models }, { format })).toThrow("Only found non-JSON body models for method POST of /p");
    const response = { "GET /p": { methodResponses: { 200: { statusCode: "200", responseModels: { "application/xml": "Xml" } } } } };
    expect(() => exportOf(response, { models }, { format })).toThrow("Only found non-JSON body models for response 200 of method GET of /p");
    const either = { "POST /p": { requestModels: { "application/xml": "Xml", "application/json": "Pet" } } };
    expect(JSON.stringify(exportOf(either, { models }, { format }))).not.toContain("Xml");
  });
});

describe("the API's own extensions", () => {
  const parts = {
    policy: '{"Version":"2012-10-17","Statement":[]}',
    apiKeySource: "AUTHORIZER",
    minimumCompressionSize: 0,
    binaryMediaTypes: ["image/png"],
    disableExecuteApiEndpoint: true,
    gatewayResponses: [
      { responseType: "ACCESS_DENIED", statusCode: "404", responseParameters: { "gatewayresponse.header.a": "'b'" }, responseTemplates: { "application/json": "{}" } },
      { responseType: "DEFAULT_5XX", responseParameters: {}, responseTemplates: { "text/plain": "x" } },
    ],
  } as const;
  const restApi = { ...api, securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "BASIC", endpointConfiguration: { types: ["PRIVATE"], vpcEndpointIds: ["vpce-1"] } } as const;
  const endpoint = { disableExecuteApiEndpoint: true, vpcEndpointIds: ["vpce-1"] };

  it.each(both)("of %s", (format) => {
    const document = exportOf({ "GET /": {} }, parts, { format, api: restApi });
    const own = Object.fromEntries(Object.entries(document).filter(([name]) => name.startsWith("x-")));
    expect(own).toEqual({
      "x-amazon-apigateway-security-policy": "SecurityPolicy_TLS13_1_3_2025_09",
      "x-amazon-apigateway-policy": { Version: "2012-10-17", Statement: [] },
      "x-amazon-apigateway-gateway-responses": {
        ACCESS_DENIED: { statusCode: 404, responseParameters: { "gatewayresponse.header.a": "'b'" }, responseTemplates: { "application/json": "{}" } },
        DEFAULT_5XX: { responseTemplates: { "text/plain": "x" } },
      },
      "x-amazon-apigateway-api-key-source": "AUTHORIZER",
      "x-amazon-apigateway-minimum-compression-size": 0,
      "x-amazon-apigateway-binary-media-types": ["image/png"],
      "x-amazon-apigateway-endpoint-access-mode": "BASIC",
      ...(format === "swagger" ? { "x-amazon-apigateway-endpoint-configuration": endpoint } : {}),
    });
    // api-gateway-swagger-extensions-endpoint-configuration: in 3.0 it is the server's.
    if (format === "oas30") expect(at((document["servers"] as unknown[])[0], "x-amazon-apigateway-endpoint-configuration")).toEqual(endpoint);
  });
});

describe("documentation", () => {
  const said = (...parts: readonly (readonly [DocumentationPartLocation, object])[]): DocumentationVersion => ({
    version: "1.0.0",
    createdDate: DEPLOYED,
    parts: parts.map(([location, properties], i) => ({ id: `p${i}`, location: completeLocation(location) as DocumentationPartLocation, properties: JSON.stringify(properties) })),
  });
  const method = {
    requestParameters: { "method.request.querystring.q": false },
    requestModels: { "application/json": "Pet" },
    methodResponses: { 200: { statusCode: "200", responseParameters: { "method.response.header.h": false } } },
  };
  const methods = { "GET /pets/{id}": method };
  const models = [model("Pet", '{"description":"old","properties":{"a":{"type":"string"}}}')];
  const where = { path: "/pets/{id}", method: "GET" };
  const pet = (document: JsonObject) => operation(document, "get", "/pets/{id}");

  // api-gateway-documenting-api-quick-start-publishing
  it("goes to what it is about as far as OpenAPI knows it, and whole into the extension, without defaults", () => {
    const documentation = said(
      [{ type: "API" }, { description: "x", "x-bar": 1, tags: [{ name: "t" }], info: { description: "D", version: "9", "x-i": 2, foo: 3 } }],
      [{ type: "RESOURCE", path: "/pets/{id}" }, { description: "x", "x-bar": 4 }],
      [{ type: "METHOD", ...where }, { tags: ["t"], summary: "S", description: "M", foo: 5, "x-m": 6, deprecated: true }],
      [{ type: "QUERY_PARAMETER", ...where, name: "q" }, { description: "Q" }],
      [{ type: "REQUEST_BODY", ...where }, { description: "B" }],
      [{ type: "RESPONSE", ...where, statusCode: "200" }, { description: "R", "x-r": 7 }],
      [{ type: "RESPONSE_HEADER", ...where, statusCode: "200", name: "h" }, { description: "H" }],
      [{ type: "MODEL", name: "Pet" }, { title: "T", description: "new" }],
      [{ type: "MODEL", name: "Pet.a" }, { description: "A" }],
    );
    const document = exportOf(methods, { models }, { documentation, extensions: new Set<ExportExtension>(["documentation"]) });
    expect(document["info"]).toEqual({ description: "D", version: "2016-10-13T23:04:43Z", title: "test", "x-i": 2 });
    expect([document["x-bar"], document["tags"]]).toEqual([1, [{ name: "t" }]]);
    expect(at(document, "paths", "/pets/{id}", "x-bar")).toBe(4);
    expect(pet(document)).toEqual({
      tags: ["t"],
      summary: "S",
      description: "M",
      consumes: ["application/json"],
      parameters: [
        { name: "q", in: "query", description: "Q", required: false, type: "string" },
        { in: "body", name: "Pet", required: true, schema: { $ref: "#/definitions/Pet" }, description: "B" },
      ],
      responses: { 200: { description: "R", headers: { h: { type: "string", description: "H" } }, "x-r": 7 } },
      deprecated: true,
      "x-m": 6,
    });
    expect(at(document, "definitions", "Pet")).toEqual({ title: "T", description: "new", properties: { a: { type: "string", description: "A" } } });
    const extension = document["x-amazon-apigateway-documentation"] as { documentationParts: unknown[] };
    expect({ ...extension, documentationParts: extension.documentationParts.slice(0, 2) }).toEqual({
      version: "1.0.0",
      createdDate: "2016-10-13T23:04:43Z",
      documentationParts: [
        { location: { type: "API" }, properties: { description: "x", "x-bar": 1, tags: [{ name: "t" }], info: { description: "D", version: "9", "x-i": 2, foo: 3 } } },
        { location: { type: "RESOURCE", path: "/pets/{id}" }, properties: { description: "x", "x-bar": 4 } },
      ],
    });
  });

  // api-gateway-documenting-api-content-representation, "Inherit content from an API entity of more general specifications"
  it.each<[string, readonly (readonly [DocumentationPartLocation, object])[], string]>([
    ["the root's", [[{ type: "RESPONSE", statusCode: "200" }, { description: "root" }]], "root"],
    ["a parent's", [[{ type: "RESPONSE" }, { description: "root" }], [{ type: "RESPONSE", path: "/pets" }, { description: "parent" }]], "parent"],
    ["a status code's", [[{ type: "RESPONSE", path: "/pets" }, { description: "any" }], [{ type: "RESPONSE", path: "/pets", statusCode: "200" }, { description: "200" }]], "200"],
    ["path before status code", [[{ type: "RESPONSE", path: "/pets/{id}" }, { description: "path" }], [{ type: "RESPONSE", path: "/pets", statusCode: "200" }, { description: "status" }]], "path"],
    ["not of another status code", [[{ type: "RESPONSE", statusCode: "404" }, { description: "404" }]], "200 response"],
    ["not of another method", [[{ type: "RESPONSE", method: "PUT" }, { description: "PUT" }]], "200 response"],
    ["not of a path that begins alike", [[{ type: "RESPONSE", path: "/pet" }, { description: "pet" }]], "200 response"],
  ])("is inherited: %s", (_name, parts, expected) => {
    const document = exportOf(methods, { models }, { documentation: said(...parts) });
    expect(at(pet(document), "responses", "200", "description")).toBe(expected);
  });

  it.each<[readonly ExportExtension[] | undefined, boolean]>([
    [undefined, true],
    [["documentation"], true],
    [["apigateway"], true],
    [["integrations", "documentation"], true],
    [["integrations"], false],
  ])("is there with extensions %j: %j", (extensions, expected) => {
    const documentation = said([{ type: "API" }, { info: { description: "D" } }]);
    const source = { api, snapshot: snapshotOf(methods, { models }), stageName: "prod", deployedAt: 0, domainSuffix: "amazonaws.com", documentation };
    const document = writeDocument({ ...source, ...(extensions ? { extensions: new Set(extensions) } : {}) }, "oas30");
    expect("x-amazon-apigateway-documentation" in document).toBe(expected);
    expect(at(document, "info", "description")).toBe(expected ? "D" : undefined);
  });
});

function model(name: string, schema: string, contentType = "application/json"): DataModel {
  return { id: name, name, contentType, schema };
}
