import { describe, expect, test } from "vitest";
import { call, petStore, refusal, startControlPlane } from "../../../test/harness/control-plane.ts";

const JSON_TYPE = "application/json";
const invalid = (...errors: string[]) => `BadRequestException: Invalid model specified: Validation Result: warnings : [], errors : [${errors.join(", ")}]`;
/** AWS's words, and behind them what cannot be compiled and where. */
const uncompiled = (reason: string) => invalid(`Invalid model schema specified: ${reason}`);
const urlOf = (restApiId: string, name: string) => `https://apigateway.amazonaws.com/restapis/${restApiId}/models/${name}`;

/** The guide's `Bin`, and a store that has some (models-mappings). */
const BIN = { type: "object", properties: { category: { type: "string" }, price: { type: "number" }, quantity: { type: "integer" } } };
const storeOf = (restApiId: string) => ({
  title: "GroceryStoreInputModel",
  type: "object",
  properties: { department: { type: "string" }, bins: { type: "array", items: { $ref: urlOf(restApiId, "Bin") } } },
});

async function start() {
  const { api } = startControlPlane();
  const found = await petStore(api);
  const { restApiId } = found;
  const create = (name: string, schema: unknown) =>
    api.CreateModel({ restApiId, name, contentType: JSON_TYPE, schema: typeof schema === "string" ? schema : JSON.stringify(schema) }, call);
  return { api, ...found, create };
}

test("an API is born with the models Empty and Error, to the letter (API_GetModels)", async () => {
  const { api } = startControlPlane();
  const { id } = await api.CreateRestApi({ name: "x" }, call);
  expect(await api.GetModels({ restApiId: id as string }, call)).toEqual({
    items: [
      {
        id: "i00003",
        name: "Empty",
        description: "This is a default empty schema model",
        contentType: "application/json",
        schema: '{\n  "$schema": "http://json-schema.org/draft-04/schema#",\n  "title" : "Empty Schema",\n  "type" : "object"\n}',
      },
      {
        id: "i00004",
        name: "Error",
        description: "This is a default error schema model",
        contentType: "application/json",
        schema:
          '{\n  "$schema" : "http://json-schema.org/draft-04/schema#",\n  "title" : "Error Schema",\n  "type" : "object",\n  "properties" : {\n    "message" : { "type" : "string" }\n  }\n}',
      },
    ],
  });
});

test("CreateModel, GetModel, GetModels by pages, DeleteModel", async () => {
  const { api, restApiId } = await start();
  const members = { name: "Pet1", contentType: JSON_TYPE, description: "A pet", schema: '{ "type": "object" }' };
  const created = await api.CreateModel({ restApiId, ...members }, call);
  expect(created).toEqual({ id: "i00006", ...members });
  expect(await api.GetModel({ restApiId, modelName: "Pet1" }, call)).toEqual(created);
  const first = await api.GetModels({ restApiId, limit: 2 }, call);
  expect(first.items?.map(({ name }) => name)).toEqual(["Empty", "Error"]);
  expect(await api.GetModels({ restApiId, position: first.position as string }, call)).toEqual({ items: [created] });
  expect(await api.DeleteModel({ restApiId, modelName: "Pet1" }, call)).toEqual({});
  const expected = "NotFoundException: Invalid model name specified: Pet1";
  expect(await refusal(api.GetModel({ restApiId, modelName: "Pet1" }, call))).toBe(expected);
  expect(await refusal(api.GetModelTemplate({ restApiId, modelName: "Pet1" }, call))).toBe(expected);
  expect(await refusal(api.UpdateModel({ restApiId, modelName: "Pet1" }, call))).toBe(expected);
  expect(await refusal(api.DeleteModel({ restApiId, modelName: "Pet1" }, call))).toBe(expected);
});

test.each([
  [{ name: "Pet_1" }, "BadRequestException: Model name must be alphanumeric: Pet_1"],
  [{ name: "" }, "BadRequestException: Model name must be alphanumeric: "],
  [{ name: "Empty" }, "ConflictException: Another model of this API already has this name: Empty"],
  [{ schema: "{" }, invalid("Invalid model schema specified: Expected property name or '}' in JSON at position 1 (line 1 column 2)")],
  [{ schema: "[]" }, invalid("Invalid model schema specified: it is not a JSON object")],
  [{ schema: "true" }, invalid("Invalid model schema specified: it is not a JSON object")],
  [{ schema: "x".repeat(409_601) }, "BadRequestException: The schema of a model has at most 409600 bytes; this one has 409601"],
  [{ schema: `${'{"not":'.repeat(50_000)}{}${"}".repeat(50_000)}` }, invalid("Invalid model schema specified: it is nested deeper than 100 levels")],
  [{ schema: '{"type":"pet"}' }, uncompiled('type: "pet" is no type (array, boolean, integer, null, number, object, string) at #/type')],
  [{ schema: '{"items":{"$ref":"#/definitions/no"}}' }, uncompiled('$ref: "#/definitions/no" leads to no schema at #/items/$ref')],
  [{ schema: '{"required":[]}' }, uncompiled("required: an array with elements is expected at #/required")],
  [{ schema: '{"maxLength":9007199254740993}' }, uncompiled("maxLength: a count from 0 to 2147483647 is expected at #/maxLength")],
  [
    { schema: '{"properties":{"a/b":{"pattern":"(?=a)"}}}' },
    uncompiled('"(?=a)" cannot be used as a pattern: Look-ahead is not supported near index 0 at #/properties/a~1b/pattern'),
  ],
  [{ schema: `{"allOf":[{"$ref":"${urlOf("i000000001", "New")}"}]}` }, uncompiled(`the schema is tried on the same value by itself at ${urlOf("i000000001", "New")}#`)],
  [{ schema: '{"$ref":"Pet"}' }, invalid("Invalid model schema specified", "Model reference must be in canonical form")],
  [
    { schema: `{"oneOf":[{"$ref":"${urlOf("i000000001", "A")}"},{"not":{"$ref":"${urlOf("i000000001", "B")}"}}]}` },
    invalid("Invalid model specified: A", "Invalid model specified: B"),
  ],
  [{ schema: `{"$ref":"${urlOf("other", "Empty")}"}` }, invalid(`Invalid model specified: ${urlOf("other", "Empty")}`)],
])("CreateModel refuses %o", async (members, expected) => {
  const { api, restApiId } = await start();
  const before = await api.GetModels({ restApiId }, call);
  expect(await refusal(api.CreateModel({ restApiId, name: "New", contentType: JSON_TYPE, ...members }, call))).toBe(expected);
  expect(await api.GetModels({ restApiId }, call)).toEqual(before);
});

test.each([
  ["no schema", { contentType: JSON_TYPE }],
  ["a schema in another language", { contentType: "application/xml", schema: "<xs:schema/>" }],
  ["a reference to itself", { contentType: "application/vnd.api+json", schema: JSON.stringify({ properties: { next: { $ref: urlOf("i000000001", "New") } } }) }],
  ["references where there are no schemas", { contentType: JSON_TYPE, schema: '{"enum":[{"$ref":"x"}],"properties":{"$ref":{"type":"string"}},"required":["$ref"]}' }],
])("CreateModel takes %s", async (_what, members) => {
  const { api, restApiId } = await start();
  const expected = { id: "i00006", name: "New", ...members };
  expect(await api.CreateModel({ restApiId, name: "New", ...members }, call)).toEqual(expected);
  expect(await api.GetModel({ restApiId, modelName: "New", flatten: false }, call)).toEqual(expected);
});

test("a model that only becomes circular by what another is changed to is refused then", async () => {
  const { api, restApiId, create } = await start();
  await create("A", {});
  await create("B", { allOf: [{ $ref: urlOf(restApiId, "A") }] });
  const value = `{"not":{"$ref":"${urlOf(restApiId, "B")}"}}`;
  const change = api.UpdateModel({ restApiId, modelName: "A", patchOperations: [{ op: "replace", path: "/schema", value }] }, call);
  expect(await refusal(change)).toBe(uncompiled(`the schema is tried on the same value by itself at ${urlOf(restApiId, "B")}#`));
});

test("GetModel flattens: what a model refers to comes among its definitions, and so on, each once", async () => {
  const { api, restApiId, create } = await start();
  await create("Bin", BIN);
  await create("Store", { ...storeOf(restApiId), definitions: { Bin: { type: "null" } } });
  await create("Town", {
    properties: { store: { $ref: urlOf(restApiId, "Store") }, bin: { $ref: urlOf(restApiId, "Bin") }, self: { $ref: urlOf(restApiId, "Town") } },
  });
  const { schema } = await api.GetModel({ restApiId, modelName: "Town", flatten: true }, call);
  expect(JSON.parse(schema as string)).toEqual({
    properties: { store: { $ref: "#/definitions/Store" }, bin: { $ref: "#/definitions/Bin" }, self: { $ref: "#" } },
    definitions: {
      Store: {
        ...storeOf(restApiId),
        properties: { department: { type: "string" }, bins: { type: "array", items: { $ref: "#/definitions/Bin" } } },
        definitions: { Bin: { type: "null" } },
      },
      Bin: BIN,
    },
  });
});

test("a flattened schema keeps its own definitions, and local references find theirs", async () => {
  const { api, restApiId, create } = await start();
  await create("Bin", { definitions: { Unit: { type: "string" } }, properties: { unit: { $ref: "#/definitions/Unit" }, whole: { $ref: "#" } } });
  await create("Store", { definitions: { Bin: {} }, items: { $ref: urlOf(restApiId, "Bin") } });
  const { schema } = await api.GetModel({ restApiId, modelName: "Store", flatten: true }, call);
  expect(JSON.parse(schema as string)).toEqual({
    definitions: {
      Bin: {},
      Bin_: {
        definitions: { Unit: { type: "string" } },
        properties: { unit: { $ref: "#/definitions/Bin_/definitions/Unit" }, whole: { $ref: "#/definitions/Bin_" } },
      },
    },
    items: { $ref: "#/definitions/Bin_" },
  });
});

describe("UpdateModel", () => {
  test.each([
    [{ op: "replace", path: "/description", value: "new" }, { description: "new" }],
    [{ op: "replace", path: "/description", value: "" }, { description: undefined }],
    [{ op: "replace", path: "/schema", value: '{"type":"string"}' }, { schema: '{"type":"string"}' }],
    [{ op: "replace", path: "/schema", value: "" }, { schema: undefined }],
  ] as const)("%j", async (operation, changed) => {
    const { api, restApiId } = await start();
    const before = await api.GetModel({ restApiId, modelName: "Error" }, call);
    const answer = await api.UpdateModel({ restApiId, modelName: "Error", patchOperations: [operation] }, call);
    expect(answer).toEqual({ ...before, ...changed });
    expect(await api.GetModel({ restApiId, modelName: "Error" }, call)).toEqual(answer);
  });

  test.each([
    [{ op: "replace", path: "/schema", value: "{}}" }, invalid("Invalid model schema specified: Unexpected non-whitespace character after JSON at position 2 (line 1 column 3)")],
    [{ op: "replace", path: "/schema", value: '{"minimum":"5"}' }, uncompiled("minimum: integer or number is expected, not string at #/minimum")],
    [{ op: "replace", path: "/schema", value: '{"not":{"$ref":"#/not/not"}}' }, uncompiled('$ref: "#/not/not" leads to no schema at #/not/$ref')],
    [{ op: "replace", path: "/schema", value: `{"$ref":"${urlOf("i000000001", "No")}"}` }, invalid("Invalid model specified: No")],
    [{ op: "replace", path: "/name", value: "x" }, "BadRequestException: Invalid patch path  '/name' specified for op 'replace'. Must be one of: [/description, /schema]"],
    [{ op: "add", path: "/schema", value: "{}" }, "BadRequestException: Invalid patch path  '/schema' specified for op 'add'. Must be one of: []"],
  ] as const)("refuses %j", async (operation, expected) => {
    const { api, restApiId } = await start();
    const before = await api.GetModel({ restApiId, modelName: "Error" }, call);
    const patchOperations = [{ op: "replace", path: "/description", value: "new" }, operation] as const;
    expect(await refusal(api.UpdateModel({ restApiId, modelName: "Error", patchOperations }, call))).toBe(expected);
    expect(await api.GetModel({ restApiId, modelName: "Error" }, call)).toEqual(before);
  });
});

test("DeleteModel is refused while methods or other models refer to the model", async () => {
  const { api, restApiId, rootId, method, create } = await start();
  const remove = () => refusal(api.DeleteModel({ restApiId, modelName: "Bin" }, call));
  await create("Bin", BIN);
  await create("Store", storeOf(restApiId));
  expect(await remove()).toBe("ConflictException: Cannot delete model 'Bin', is referenced in model: Store");
  await api.DeleteModel({ restApiId, modelName: "Store" }, call);
  const post = { restApiId, resourceId: rootId, httpMethod: "POST" };
  await api.PutMethod({ ...post, authorizationType: "NONE", requestModels: { [JSON_TYPE]: "Bin" } }, call);
  expect(await remove()).toBe("ConflictException: Cannot delete model 'Bin', is referenced in method request: //POST");
  await api.DeleteMethod(post, call);
  await api.PutMethodResponse({ ...method, statusCode: "200", responseModels: { [JSON_TYPE]: "Bin" } }, call);
  expect(await remove()).toBe("ConflictException: Cannot delete model 'Bin', is referenced in method response: /pets/GET");
  await api.DeleteMethodResponse({ ...method, statusCode: "200" }, call);
  expect(await remove()).toBe("accepted: {}");
});

test("methods refer to models of their own API alone", async () => {
  const { api, method, create } = await start();
  const other = await petStore(api);
  await create("Bin", BIN);
  const patchOperations = [{ op: "add", path: "/requestModels/application~1json", value: "Bin" }] as const;
  expect((await api.UpdateMethod({ ...method, patchOperations }, call)).requestModels).toEqual({ [JSON_TYPE]: "Bin" });
  expect(await refusal(api.UpdateMethod({ ...other.method, patchOperations }, call))).toBe("BadRequestException: Invalid model identifier specified: Bin");
});

describe("GetModelTemplate", () => {
  const template = async (schema: unknown, others: Readonly<Record<string, unknown>> = {}) => {
    const { api, restApiId, create } = await start();
    for (const [name, each] of Object.entries(others)) await create(name, each);
    await create("Output", schema);
    return refusal(api.GetModelTemplate({ restApiId, modelName: "Output" }, call)).then((text) =>
      text.startsWith("accepted: ") ? (JSON.parse(text.slice(10)) as { value: string }).value : text,
    );
  };
  const HEAD = "#set($inputRoot = $input.path('$'))\n";

  test("answers as on its page (API_GetModelTemplate)", async () => {
    const number = { type: "number" };
    expect(await template({ type: "object", properties: { a: number, b: number, op: { type: "string" }, c: number } })).toBe(
      "#set($inputRoot = $input.path('$'))\n{\n  \"a\" : 3.1415,\n  \"b\" : 3.1415,\n  \"op\" : \"foo\",\n  \"c\" : 3.1415\n}",
    );
  });

  test.each<[unknown, string]>([
    [{ type: "object" }, "{ }"],
    [{ type: "string" }, '"foo"'],
    [{ type: "integer" }, "42"],
    [{ type: "boolean" }, "true"],
    [{ type: "null" }, "null"],
    [{ type: ["null", "integer"] }, "42"],
    [{ type: ["null"] }, "null"],
    [{ properties: { "a\"b": { properties: { c: {} } } } }, '{\n  "a\\"b" : {\n    "c" : { }\n  }\n}'],
    [{ $ref: "#/definitions/a~1b%25", definitions: { "a/b%": { type: "boolean" } } }, "true"],
    [{ properties: { next: { $ref: "#" } } }, '{\n  "next" : {\n    "next" : { }\n  }\n}'],
  ])("makes of %j %s", async (schema, expected) => {
    expect(await template(schema)).toBe(HEAD + expected);
  });

  test("repeats arrays", async () => {
    const loop = "##TODO: Update this foreach loop to reference array from input json\n#foreach($elem in $inputRoot.TODO)\n";
    expect(await template({ type: "array", items: { properties: { age: { type: "integer" } } } })).toBe(
      `${HEAD}[\n${loop} {\n  "age" : 42\n} \n#if($foreach.hasNext),#end\n#end\n]`,
    );
    expect(await template({ properties: { tags: { items: [{ type: "string" }] } } })).toBe(
      `${HEAD}{\n  "tags" : [\n${loop}   "foo" \n#if($foreach.hasNext),#end\n#end\n  ]\n}`,
    );
  });

  test("follows references to other models", async () => {
    const url = (name: string) => urlOf("i000000001", name);
    expect(await template({ properties: { bin: { $ref: url("Bin") } } }, { Bin: { type: "string" } })).toBe(`${HEAD}{\n  "bin" : "foo"\n}`);
  });

  test("does not grow without end", async () => {
    const doubled = (i: number) => ({ properties: { a: { $ref: `#/definitions/d${i}` }, b: { $ref: `#/definitions/d${i}` } } });
    const definitions = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`d${i}`, doubled(i + 1)]));
    expect(await template({ ...doubled(0), definitions: { ...definitions, d60: {} } })).toBe("BadRequestException: The template of this model would have more than 307200 characters");
  });

  test("needs a JSON schema", async () => {
    const { api, restApiId } = await start();
    await api.CreateModel({ restApiId, name: "Xml", contentType: "application/xml", schema: "<x/>" }, call);
    expect(await refusal(api.GetModelTemplate({ restApiId, modelName: "Xml" }, call))).toBe(
      "BadRequestException: Model Xml has no JSON schema to make a template of",
    );
  });
});
