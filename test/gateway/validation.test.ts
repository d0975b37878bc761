// Requests that a request validator looks at
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html).
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DataModel } from "../../src/domain/data-model.ts";
import { modelUrl } from "../../src/domain/data-model.ts";
import type { GatewayResponse } from "../../src/domain/gateway-response.ts";
import type { RestApiSnapshot } from "../../src/domain/rest-api.ts";
import { type PetStore, startPetStore } from "../harness/pet-store.ts";
import { HOST, OWN_HEADERS, startGateway, TRACE_ID } from "../harness/gateway.ts";
import type { Answer, Asked, TestGateway } from "../harness/gateway.ts";
import { API_ID, planOf } from "../harness/rest-api.ts";
import type { MethodParts } from "../harness/rest-api.ts";

const model = (name: string, schema: unknown, contentType = "application/json"): DataModel => ({ id: name, name, contentType, schema: JSON.stringify(schema) });

const badRequest = (message: string) => ({
  status: 400,
  headers: { "content-type": "application/json", "x-amzn-errortype": "BadRequestException", ...OWN_HEADERS },
  body: `{"message": ${JSON.stringify(message)}}`,
});

const shown = ({ status, headers, body }: Answer) => ({ status, headers, body });

const requestValidators = [
  { id: "all", name: "all", validateRequestBody: true, validateRequestParameters: true },
  { id: "params-only", name: "params-only", validateRequestBody: false, validateRequestParameters: true },
  { id: "body", validateRequestBody: true, validateRequestParameters: false },
  { id: "nothing", validateRequestBody: false, validateRequestParameters: false },
];

/** The model of api-gateway-request-validation-sample-api-swagger. */
const RequestBodyModel = model("RequestBodyModel", {
  type: "object",
  properties: {
    id: { type: "integer" },
    type: { type: "string", enum: ["dog", "cat", "fish"] },
    name: { type: "string" },
    price: { type: "number", minimum: 25, maximum: 500 },
  },
  required: ["type", "name", "price"],
});

/** What the mock behind a validated method says. */
const PASSED = { status: 200, body: "passed" };
const passed: MethodParts = {
  integration: {
    requestTemplates: { "application/json": '{"statusCode": 200}', "application/xml": '{"statusCode": 200}', "text/plain": '{"statusCode": 200}' },
    integrationResponses: { 200: { statusCode: "200", responseTemplates: { "application/json": "passed" } } },
  },
};

async function answer(method: MethodParts, asked: Asked, snapshot: Partial<RestApiSnapshot> = {}, path = "/"): Promise<Answer> {
  await using gate = await startGateway([planOf({ [`ANY ${path}`]: { ...passed, ...method } }, { snapshot: { requestValidators, ...snapshot } })]);
  return await gate.ask(asked);
}

describe("api-gateway-request-validation-test: the sample API", () => {
  let petStore: PetStore;
  let gate: TestGateway;
  beforeAll(async () => {
    petStore = await startPetStore();
    const uri = `${petStore.url}/petstore/pets`;
    const integrationResponses = { 200: { statusCode: "200", selectionPattern: "2\\d{2}" }, 400: { statusCode: "400" } };
    const methodResponses = { 200: { statusCode: "200" }, 400: { statusCode: "400" } };
    gate = await startGateway([
      planOf(
        {
          "GET /validation": {
            requestValidatorId: "params-only",
            requestParameters: { "method.request.querystring.q1": true },
            methodResponses,
            integration: {
              type: "HTTP",
              httpMethod: "GET",
              uri,
              requestParameters: { "integration.request.querystring.type": "method.request.querystring.q1" },
              integrationResponses,
            },
          },
          "POST /validation": {
            requestValidatorId: "all",
            requestParameters: { "method.request.header.h1": true },
            requestModels: { "application/json": "RequestBodyModel" },
            methodResponses,
            integration: {
              type: "HTTP",
              httpMethod: "POST",
              uri,
              requestParameters: { "integration.request.header.custom_h1": "method.request.header.h1" },
              integrationResponses,
            },
          },
        },
        { snapshot: { requestValidators, models: [RequestBodyModel] } },
      ),
    ]);
  });
  afterAll(async () => {
    await gate[Symbol.asyncDispose]();
    await petStore[Symbol.asyncDispose]();
  });

  const json = ["Host", HOST, "Content-Type", "application/json", "Accept", "application/json"];
  const get = async (path: string) => shown(await gate.ask({ path, headers: json }));
  const post = async (body: string, headers: readonly string[] = ["h1", "v1"]) =>
    shown(await gate.ask({ method: "POST", path: "/validation", headers: [...json, ...headers], body }));
  const dog = '{\n    "name" : "Marco",\n    "type" : "dog",\n    "price" : 260\n}';

  it("takes GET /validation?q1=cat", async () => {
    expect(await get("/validation?q1=cat")).toMatchObject({ status: 200, headers: { "content-type": "application/json", ...OWN_HEADERS } });
  });

  it.each(["/validation", "/validation?q1=", "/validation?q1=%20", "/validation?Q1=cat"])("refuses GET %s", async (path) => {
    expect(await get(path)).toEqual(badRequest("Missing required request parameters: [q1]"));
  });

  it("takes POST /validation", async () => {
    expect(await post(dog)).toEqual({
      status: 200,
      headers: { "content-type": "application/json", "x-amzn-trace-id": TRACE_ID, ...OWN_HEADERS },
      body: '{"pet":{"name":"Marco","type":"dog","price":260},"message":"success"}',
    });
  });

  it.each([[[]], [["h1", ""]]])("refuses POST /validation with the headers %j", async (headers) => {
    expect(await post(dog, headers)).toEqual(badRequest("Missing required request parameters: [h1]"));
  });

  it.each([
    '{"name" : "Molly", "type" : "bird", "price" : 269}',
    '{"name" : "Marco", "type" : "dog", "price" : 501}',
    '{"name" : "Marco", "price" : 260}',
    '{"name" : "Marco", "type" : "dog", "price" : "260"}',
    "[]",
    "not JSON",
    "",
  ])("refuses POST /validation of %s", async (body) => {
    expect(await post(body)).toEqual(badRequest("Invalid request body"));
  });

  it("looks at the parameters first", async () => {
    expect(await post("not JSON", [])).toEqual(badRequest("Missing required request parameters: [h1]"));
  });
});

describe("required parameters", () => {
  const requestParameters = {
    "method.request.header.X-Second": true,
    "method.request.querystring.first": true,
    "method.request.path.id": true,
    "method.request.header.X-Optional": false,
  };
  const method = { requestValidatorId: "params-only", requestParameters };

  it("are named all together", async () => {
    expect(shown(await answer(method, { path: "/7" }, {}, "/{id}"))).toEqual(badRequest("Missing required request parameters: [X-Second, first]"));
    expect(shown(await answer(method, { path: "/%20?first=1", headers: ["x-second", "2"] }, {}, "/{id}"))).toMatchObject(PASSED);
  });

  it.each(["nothing", "body", undefined])("do not count for the validator %s", async (requestValidatorId) => {
    const validator = requestValidatorId === undefined ? {} : { requestValidatorId };
    expect(await answer({ ...validator, requestParameters }, { path: "/7" }, {}, "/{id}")).toMatchObject(PASSED);
  });

  it("are rendered by the API's gateway response", async () => {
    const gatewayResponses: GatewayResponse[] = [
      {
        responseType: "BAD_REQUEST_PARAMETERS",
        statusCode: "422",
        responseParameters: {},
        responseTemplates: { "application/json": '{"error":$context.error.messageString,"type":"$context.error.responseType"}' },
      },
    ];
    expect(await answer(method, { path: "/7?first=1" }, { gatewayResponses }, "/{id}")).toMatchObject({
      status: 422,
      body: '{"error":"Missing required request parameters: [X-Second]","type":"BAD_REQUEST_PARAMETERS"}',
    });
  });
});

describe("a body", () => {
  const requestModels = { "application/json": "RequestBodyModel" };
  const models = [RequestBodyModel, model("Anything", {})];
  const gatewayResponses: GatewayResponse[] = [
    {
      responseType: "BAD_REQUEST_BODY",
      responseParameters: {},
      responseTemplates: { "application/json": '{"message":$context.error.messageString,"errors":"$context.error.validationErrorString"}' },
    },
  ];
  const validated = (body: string | Buffer | undefined, method: MethodParts = {}, headers: readonly string[] = [], snapshot: Partial<RestApiSnapshot> = {}) =>
    answer(
      { requestValidatorId: "body", requestModels, ...method },
      { method: "POST", ...(body === undefined ? {} : { body }), headers: ["Host", HOST, ...headers] },
      { models, gatewayResponses, ...snapshot },
    );
  const errors = async (...parameters: Parameters<typeof validated>): Promise<unknown> => {
    const { status, body } = await validated(...parameters);
    expect({ status, body: JSON.parse(body) as unknown }).toEqual({ status: 400, body: { message: "Invalid request body", errors: expect.any(String) as string } });
    return (JSON.parse(body) as { errors: string }).errors;
  };
  const good = '{"name":"Marco","type":"dog","price":260}';
  const UNREADABLE = "[Unknown error parsing request body]";

  it.each<[body: string | undefined, expected: string]>([
    ["{}", '[object has missing required properties (["name","price","type"])]'],
    ['{"name":"M","type":"bird","price":26}', '[instance value ("bird") not found in enum (possible values: ["dog","cat","fish"])]'],
    ['{"name":"M","type":"dog","price":501}', "[numeric instance is greater than the required maximum (maximum: 500, found: 501)]"],
    ["[]", '[instance type (array) does not match any allowed primitive type (allowed: ["object"])]'],
    ['{"id":1.5,"name":"M","type":"dog","price":26}', '[instance type (number) does not match any allowed primitive type (allowed: ["integer"])]'],
    // How a number is written makes its type, as for the Java library.
    ['{"id":1.0,"name":"M","type":"dog","price":26}', '[instance type (number) does not match any allowed primitive type (allowed: ["integer"])]'],
    ['{"id":1e2,"name":"M","type":"dog","price":26}', '[instance type (number) does not match any allowed primitive type (allowed: ["integer"])]'],
    ['{"id":12345678901234567890,"name":"M","type":"dog","price":12345678901234567890}', "[numeric instance is greater than the required maximum (maximum: 500, found: 12345678901234567890)]"],
    ["", UNREADABLE],
    [undefined, UNREADABLE],
    ["not JSON", UNREADABLE],
    ['{"name":', UNREADABLE],
  ])("%j: validationErrorString is %s", async (body, expected) => {
    expect(await errors(body)).toBe(expected);
  });

  it("has the type that its Content-Type names, JSON where there is none", async () => {
    for (const headers of [[], ["Content-Type", "application/json"], ["Content-Type", "Application/JSON; charset=utf-8"]]) {
      expect(await errors("{}", {}, headers)).toContain("missing");
      expect(await validated(good, {}, headers)).toMatchObject(PASSED);
    }
  });

  it('api-gateway-method-request-validation: "If no matching content type is found, request validation is not performed"', async () => {
    expect(await validated("<pet/>", {}, ["Content-Type", "application/xml"])).toMatchObject(PASSED);
    expect(await validated("{}", { requestModels: {} })).toMatchObject(PASSED);
    expect(await validated("{}", { requestModels: { "text/plain": "RequestBodyModel" } })).toMatchObject(PASSED);
  });

  it("api-gateway-method-request-validation: $default is the model of every other content type", async () => {
    const method = { requestModels: { "text/plain": "Anything", $default: "RequestBodyModel" } };
    expect(await errors("{}", method, ["Content-Type", "application/xml"])).toContain("missing");
    expect(await errors("{}", method)).toContain("missing");
    expect(await validated("1", method, ["Content-Type", "text/plain"])).toMatchObject(PASSED);
  });

  it.each(["nothing", "params-only", undefined])("does not count for the validator %s", async (requestValidatorId) => {
    const parts = requestValidatorId === undefined ? { requestModels } : { requestModels, requestValidatorId };
    expect(await answer(parts, { method: "POST", body: "{}" }, { models })).toMatchObject(PASSED);
  });

  it("models-mappings: is validated against models that refer to each other", async () => {
    const bin = { type: "object", properties: { category: { type: "string" }, next: { $ref: "#" } }, required: ["category"] };
    const store = { type: "object", properties: { department: { type: "string" }, bins: { type: "array", items: { $ref: modelUrl(API_ID, "Bin") } } } };
    const method = { requestModels: { "application/json": "Store" } };
    const own = { models: [model("Bin", bin), model("Store", store)] };
    expect(await validated('{"department":"produce","bins":[{"category":"fruit","next":{"category":"x"}}]}', method, [], own)).toMatchObject(PASSED);
    expect(await errors('{"bins":[{"category":1}]}', method, [], own)).toBe(
      '[instance type (integer) does not match any allowed primitive type (allowed: ["string"])]',
    );
    expect(await errors('{"bins":[{"category":"a","next":{}}]}', method, [], own)).toBe('[object has missing required properties (["category"])]');
  });

  it("is validated decompressed", async () => {
    expect(await validated(gzipSync(good), {}, ["Content-Encoding", "gzip"])).toMatchObject(PASSED);
    expect(await errors(gzipSync("{}"), {}, ["Content-Encoding", "gzip"])).toContain("missing");
  });
});
