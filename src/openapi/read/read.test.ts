// What is said of documents: messages, and where they stand.
import { describe, expect, it } from "vitest";
import { readOpenApi } from "./read.ts";

const MOCK = { "x-amazon-apigateway-integration": { type: "mock" } };
const options = { account: "123456789012", region: "us-east-1", apiId: "abcdef1234" };

function problems(document: unknown): string[] {
  const { problems: found, locate } = readOpenApi(Buffer.from(typeof document === "string" ? document : JSON.stringify(document)), options);
  return locate(found).map(({ severity, message, detail, pointer }) => `${severity} ${pointer}: ${message}${detail === undefined ? "" : ` [${detail}]`}`);
}

const v2 = (members: object) => ({ swagger: "2.0", info: { title: "t" }, paths: {}, ...members });
const v3 = (members: object) => ({ openapi: "3.0.1", info: { title: "t" }, paths: {}, ...members });
const get = (operation: object) => ({ paths: { "/x": { get: { ...MOCK, ...operation } } } });

describe("a document that no API can be made of", () => {
  it.each([
    ['"{}"', " [the document is no object]"],
    ["", " [the document is no object]"],
    ["[]", " [the document is no object]"],
    [{ info: {} }, ' [neither "swagger" nor "openapi" says which version this is]'],
    [{ openapi: "3.1.0" }, "/openapi [version 3.1.0 is not supported: 2.0 and 3.0 are]"],
    [{ swagger: "1.2" }, "/swagger [version 1.2 is not supported: 2.0 and 3.0 are]"],
    // github.com/hashicorp/terraform/issues/32281: a document that has been made a JSON text of once too often
    [JSON.stringify(JSON.stringify(v2({}))), " [the document is no object]"],
  ])("%j is invalid OpenAPI input", (document, rest) => {
    const [pointer, detail] = rest.split(" [");
    expect(problems(document)).toEqual([`error ${pointer}: Invalid OpenAPI input. [${detail}`]);
  });

  it.each([
    ["an object for a URI (Fn::Sub)", { type: "http", uri: { "Fn::Sub": "x" } }, "/uri", "this is no text"],
    ["no type", { uri: "http://x" }, "", "the type has to be one of http, http_proxy, aws, aws_proxy, mock"],
    ["another type", { type: "lambda" }, "/type", "the type has to be one of http, http_proxy, aws, aws_proxy, mock"],
    ["a list of responses", { type: "mock", responses: [] }, "/responses", "this is no object"],
    ["no object", "mock", "", "the type has to be one of http, http_proxy, aws, aws_proxy, mock"],
  ])("has an integration with %s", (_what, integration, pointer, detail) => {
    expect(problems(v2(get({ "x-amazon-apigateway-integration": integration })))).toEqual([
      `error /paths/~1x/get/x-amazon-apigateway-integration${pointer}: Unable to parse API definition because of a malformed integration at path /x. [${detail}]`,
    ]);
  });
});

describe("a reference", () => {
  const model = "#/definitions/Nope";
  it.each([
    ["to a model that there is not", v2(get({ responses: { 200: { schema: { $ref: model } } } })), ["warning /paths/~1x/get/responses/200/schema: Reference to model 'Nope' not found. Ignoring."]],
    ["of a model to one that there is not", v2({ definitions: { A: { properties: { b: { $ref: model } } } } }), ["warning /definitions/A/properties/b: Reference to model 'Nope' not found. Ignoring."]],
    [
      "of a model out of the document",
      v3({ components: { schemas: { SomeType: { $ref: "https://example.com/schema.json" } } } }),
      [
        "error /components/schemas/SomeType: Unable to create model for 'SomeType': Invalid model specified: Validation Result: warnings : [], errors : [Model reference must be in canonical form] [it refers to https://example.com/schema.json]",
      ],
    ],
    ["of a parameter out of the document", v2(get({ parameters: [{ $ref: "other.yaml#/limit" }] })), ["error /paths/~1x/get/parameters/0: Invalid reference specified: other.yaml#/limit [only references within the document are supported]"]],
    ["to nothing", v2({ paths: { "/x": { $ref: "#/paths/~1y" } } }), ["error /paths/~1x: Invalid reference specified: #/paths/~1y [nothing stands there]"]],
    ["to itself", v2({ paths: { "/x": { $ref: "#/paths/~1x" } } }), ["error /paths/~1x: Invalid reference specified: #/paths/~1x [it leads to itself]"]],
    [
      "in a circle that no model closes",
      v2({ definitions: { A: { properties: { b: { items: { $ref: "#/definitions/A/properties/b" } } } } } }),
      ["error /definitions/A/properties/b/items: Invalid reference specified: #/definitions/A/properties/b [only models may refer to each other in a circle]"],
    ],
  ])("%s", (_what, document, said) => {
    expect(problems(document)).toEqual(said);
  });
});

describe("what is told of the rest", () => {
  it.each([
    // github.com/aws/serverless-application-model/issues/3385
    ["two paths that are one", v2({ paths: { "/requests": { options: MOCK }, "/requests/": { options: MOCK } } }), ["error /paths/~1requests~1/options: Duplicate method 'OPTIONS' on resource at path '/requests'"]],
    ["a path without a slash", v2({ paths: { $default: { get: MOCK } } }), ["warning /paths/$default: Parse issue: attribute paths. Resource $default should start with /"]],
    ["several servers", v3({ servers: [{ url: "/" }, { url: "/b" }] }), ["warning /servers/1: More than one server provided. Ignoring all but the first for defining endpoint configuration"]],
    // github.com/aws/aws-cdk/issues/24844
    [
      "a composed schema of a response",
      v3({ paths: { "/test": { get: { ...MOCK, responses: { 200: { content: { "application/json": { schema: { allOf: [{}] } } } } } } } } }),
      ["warning /paths/~1test/get/responses/200/content/application~1json/schema: Unsupported model type 'ComposedSchema' in 200 response to method 'GET /test'. Ignoring."],
    ],
    [
      "a composed schema of a request",
      v3({ paths: { "/test": { put: { ...MOCK, requestBody: { content: { "application/json": { schema: { allOf: [{}] } } } } } } } }),
      ["warning /paths/~1test/put/requestBody/content/application~1json/schema: Unsupported model type 'Content' in request schema for 'PUT /test'. Ignoring."],
    ],
    ["an unsupported security scheme", v2({ ...get({ security: [{ oauth: [] }] }), securityDefinitions: { oauth: { type: "oauth2" } } }), ["warning /paths/~1x/get/security/0/oauth: Unsupported security definition 'oauth'. Ignoring."]],
    ["an unknown security scheme", v2(get({ security: [{ oauth: [] }] })), ["warning /paths/~1x/get/security/0/oauth: Security definition 'oauth' not found. Ignoring."]],
    ["SAM's mark for no authorizer", v2(get({ security: [{ NONE: [] }] })), []],
    ["a cookie", v3(get({ parameters: [{ name: "c", in: "cookie" }] })), ["warning /paths/~1x/get/parameters/0: Unsupported parameter type 'cookie' for parameter 'c' of method 'GET /x'. Ignoring."]],
    ["a parameter without a name", v3(get({ parameters: [{ in: "query" }] })), ["error /paths/~1x/get/parameters/0: A parameter needs a name and a location"]],
    ["two integration responses with one status code", v2(get({ "x-amazon-apigateway-integration": { type: "mock", responses: { a: { statusCode: 200 }, b: { statusCode: "200" } } } })), ["warning /paths/~1x/get/x-amazon-apigateway-integration/responses/b: More than one integration response for status code 200 found. Ignoring all but the last one."]],
    ["another api key source", v2({ "x-amazon-apigateway-api-key-source": "QUERY" }), ["error /x-amazon-apigateway-api-key-source: Invalid value specified for x-amazon-apigateway-api-key-source. Valid options are HEADER,AUTHORIZER"]],
    ["a compression size that is none", v2({ "x-amazon-apigateway-minimum-compression-size": "1.5" }), ["error /x-amazon-apigateway-minimum-compression-size: x-amazon-apigateway-minimum-compression-size has to be a whole number"]],
    ["a method without an integration", v2({ paths: { "/x": { get: {} } } }), ["note /paths/~1x/get: No integration defined for method 'GET /x': it cannot be deployed"]],
    ["security of the whole document (api-gateway-known-issues)", v2({ security: [] }), ["note /security: API Gateway takes security of operations alone: this applies to none of them"]],
    ["a key that stands twice", 'swagger: "2.0"\ninfo: {title: t}\npaths: {}\npaths: {}', ["note /paths: The key paths stands here more than once: the last one counts"]],
    ["no keyword that models lose (api-gateway-known-issues)", v2({ definitions: { A: { discriminator: "x", oneOf: [], items: { minItems: 1 } } } }), [
      "note /definitions/A/discriminator: API Gateway does not import discriminator: the model is without it",
      "note /definitions/A/oneOf: API Gateway does not import oneOf: the model is without it",
      "note /definitions/A/items/minItems: API Gateway does not import minItems: the model is without it",
    ]],
  ])("%s", (_what, document, said) => {
    expect(problems(document)).toEqual(said);
  });
});

describe("the schema of a model", () => {
  const schemas = (document: unknown) =>
    Object.fromEntries(readOpenApi(Buffer.from(typeof document === "string" ? document : JSON.stringify(document)), options).api?.models.map(({ name, schema }) => [name, schema?.replaceAll(/\s+/g, " ")]) ?? []);

  it.each([
    ["JSON", '{"swagger":"2.0","info":{"title":"t"},"definitions":{"A":{"maximum":9223372036854775807,"multipleOf":1.0,"enum":[1e2,12345678901234567890]}}}'],
    ["YAML", "swagger: '2.0'\ninfo: {title: t}\ndefinitions: {A: {maximum: 9223372036854775807, multipleOf: 1.0, enum: [1e2, 12345678901234567890]}}"],
  ])("keeps all digits of its numbers, from %s", (_language, text) => {
    expect(schemas(text)).toEqual({ A: '{ "maximum": 9223372036854775807, "multipleOf": 1.0, "enum": [ 1e2, 12345678901234567890 ] }' });
  });

  it("is draft 4's (api-gateway-known-issues): nullable becomes a type, references become URLs, what is not supported goes", () => {
    const properties = {
      a: { type: "string", nullable: true, enum: ["x"] },
      b: { $ref: "#/components/schemas/B", description: "goes" },
      c: { allOf: [{ $ref: "#/components/schemas/B/properties/d" }], minItems: 1, example: {}, xml: {}, "x-own": 1 },
      e: { $ref: "https://apigateway.amazonaws.com/restapis/other/models/M" },
    };
    const found = schemas(v3({ components: { schemas: { A: { properties }, B: { properties: { d: { type: "integer" } } } } } }));
    expect(JSON.parse(found["A"] ?? "")).toEqual({
      properties: {
        a: { type: ["string", "null"], enum: ["x", null] },
        b: { $ref: "https://apigateway.amazonaws.com/restapis/abcdef1234/models/B" },
        c: { allOf: [{ type: "integer" }] },
        e: { $ref: "https://apigateway.amazonaws.com/restapis/other/models/M" },
      },
    });
  });

  it("has the name MODEL and six hexadecimal digits where it stands inline, the same for the same schema (github.com/aws/aws-sdk/issues/468)", () => {
    const schema = { type: "object", properties: { a: { type: "string" } } };
    const document = v2({ paths: { "/x": { get: { ...MOCK, responses: { 200: { schema }, 201: { schema } } } } } });
    expect(Object.keys(schemas(document))).toEqual([expect.stringMatching(/^MODEL[0-9a-f]{6}$/)]);
    expect(schemas(document)).toEqual(schemas(document));
  });
});

it("a billion laughs by references end early", () => {
  const laugh = (i: number) => ({ properties: { x: { type: "object", properties: Object.fromEntries(["a", "b", "c"].map((key) => [key, { $ref: `#/definitions/L${i - 1}/properties/x` }])) } } });
  const definitions = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`L${i}`, i === 0 ? { properties: { x: {} } } : laugh(i)]));
  expect(problems(v2({ definitions }))).toEqual([expect.stringMatching(/: Invalid OpenAPI input\. \[the document has too much in it with its references written out\]$/)]);
});
