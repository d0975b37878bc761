import { expect, test } from "vitest";
import type { SchemaOptions } from "./index.ts";
import {
  compileSchema,
  JsonSchemaError,
  parseSchema,
  plainInstances,
  unsupportedKeywords,
  validationErrorString,
} from "./index.ts";

const options: SchemaOptions = {
  values: plainInstances,
  compilePattern: (source) => {
    const compiled = new RegExp(source, "u");
    return (text) => compiled.test(text);
  },
};

const errorString = (schema: unknown, value: unknown): string =>
  validationErrorString(compileSchema(schema, options).validate(value));

const texts = (schema: unknown, value: unknown, more: Partial<SchemaOptions> = {}): string[] =>
  compileSchema(schema, { ...options, ...more })
    .validate(value)
    .map(({ text }) => text);

const model = (name: string): string => `https://apigateway.amazonaws.com/restapis/abc123/models/${name}`;

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-validation-sample-api-swagger.html
const requestDataModel = {
  type: "object",
  properties: {
    id: { type: "number" },
    type: { type: "string", enum: ["dog", "cat", "fish"] },
    name: { type: "string" },
    price: { type: "number", minimum: 25.0, maximum: 500.0 },
  },
  required: ["name", "type", "price"],
};

test("the guide's sample API: a pet that lacks its name, a price out of range, a type that is none", () => {
  expect(errorString(requestDataModel, { name: "Marco", type: "dog", price: 260 })).toBe("[]");
  expect(errorString(requestDataModel, { type: "dog", price: 260 })).toBe(
    '[object has missing required properties (["name"])]',
  );
  expect(errorString(requestDataModel, { name: "Marco", type: "dog", price: 1000 })).toBe(
    "[numeric instance is greater than the required maximum (maximum: 500, found: 1000)]",
  );
  expect(errorString(requestDataModel, { name: "Marco", type: "bird", price: 24.99 })).toBe(
    "[numeric instance is lower than the required minimum (minimum: 25, found: 24.99), " +
      'instance value ("bird") not found in enum (possible values: ["dog","cat","fish"])]',
  );
});

test.for([
  // Lists quoted from API Gateway, in the order in which it gave them; the library itself has the second, the third and the
  // fourth the other way round.
  [
    'ECMA 262 regex "^\\d{4}\\-(0[1-9]|1[012])\\-(0[1-9]|[12][0-9]|3[01])$" does not match input string "2018-1-2"',
    "numeric instance is greater than the required maximum (maximum: 1000, found: 999999)",
    'string "thisstringistoolong" is too long (length: 19, maximum allowed: 4)',
    'instance value ("foobar") not found in enum (possible values: ["STOCK","BOND","CASH"])',
  ],
  [
    'instance value ("WOW") not found in enum (possible values: ["STOCK","BOND","CASH"])',
    "numeric instance is greater than the required maximum (maximum: 1000, found: 10000000)",
  ],
  [
    'object has missing required properties (["bar"])',
    'object instance has properties which are not allowed by the schema: ["foo"]',
  ],
  [
    'instance type (null) does not match any allowed primitive type (allowed: ["integer","number"])',
    'format attribute "double" not supported',
  ],
  ['format attribute "double" not supported', 'format attribute "int32" not supported'],
])("messages stand in the order of a hash set: %s", (messages) => {
  const given = [...messages].sort().map((text) => ({ text }));
  expect(validationErrorString(given)).toBe(`[${messages.join(", ")}]`);
  expect(validationErrorString([...given, ...given.toReversed()])).toBe(`[${messages.join(", ")}]`);
});

// "Numbers of the Int32 or Int64 type are not supported", "Decimal number format type is not supported":
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
test("a format that the validator does not know is reported for values of all kinds, valid ones too", () => {
  const schema = { properties: { id: { type: "integer", format: "int32" }, price: { type: "number", format: "decimal" } } };
  const messages = compileSchema(schema, options).validate({ id: 1, price: 2.5 });
  expect(messages.map(({ text, warning }) => [text, warning])).toEqual([
    ['format attribute "int32" not supported', true],
    ['format attribute "decimal" not supported', true],
  ]);
});

test("once something has failed, nothing is looked at below other values", () => {
  const schema = {
    properties: { a: { type: "string" }, b: { properties: { c: { type: "string" } } }, d: { type: "string" } },
  };
  expect(texts(schema, { a: 1, b: { c: 1 }, d: 1 })).toHaveLength(2);
  expect(texts(schema, { b: { c: 1 }, d: 1 })).toHaveLength(2);
  expect(texts(schema, { b: { c: 1 } })).toHaveLength(1);
});

test("models refer to models, in circles too", () => {
  const models: Record<string, unknown> = {
    [model("Tree")]: {
      type: "object",
      properties: { left: { $ref: model("Tree") }, leaf: { $ref: `${model("Leaf")}#/definitions/size` } },
    },
    [model("Leaf")]: { definitions: { size: { type: "integer" } } },
  };
  const asked: string[] = [];
  const resolve = (url: string): unknown => {
    asked.push(url);
    return models[url];
  };
  const validator = compileSchema({ $ref: model("Tree") }, { ...options, resolve });
  expect(validator.validate({ left: { left: { leaf: 1 } } })).toEqual([]);
  expect(validator.validate({ left: { left: { leaf: "x" } } })).toEqual([
    {
      text: 'instance type (string) does not match any allowed primitive type (allowed: ["integer"])',
      keyword: "type",
      schema: `${model("Leaf")}#/definitions/size`,
      warning: false,
    },
  ]);
  expect(asked).toEqual([model("Tree"), model("Leaf")]);
});

test.for<[unknown, string, string]>([
  [
    { properties: { a: { type: "text" } } },
    "#/properties/a/type",
    'type: "text" is no type (array, boolean, integer, null, number, object, string)',
  ],
  [{ items: [{}, { required: [] }] }, "#/items/1/required", "required: an array with elements is expected"],
  [
    { definitions: { "a/b": { minLength: -1 } } },
    "#/definitions/a~1b/minLength",
    "minLength: a count from 0 to 2147483647 is expected",
  ],
  [
    { properties: { a: { pattern: "(" } } },
    "#/properties/a/pattern",
    '"(" cannot be used as a pattern: Invalid regular expression: /(/u: Unterminated group',
  ],
  [{ exclusiveMaximum: true }, "#/exclusiveMaximum", "exclusiveMaximum: it needs maximum"],
  [{ minimum: "5" }, "#/minimum", "minimum: integer or number is expected, not string"],
  [{ items: { $ref: model("Missing") } }, "#/items/$ref", `$ref: "${model("Missing")}" leads to no schema`],
  [{ items: { $ref: "#/definitions/a" }, definitions: { a: 1 } }, "#/definitions/a", "a schema has to be an object"],
  [{ items: { $ref: "#/items" } }, "#/items/$ref", "$ref: it leads back to itself"],
  [{ allOf: [{ anyOf: [{ $ref: "#" }] }] }, "#", "the schema is tried on the same value by itself"],
  [[], "#", "a schema has to be an object"],
  [{ not: 1 }, "#/not", "not: object is expected, not integer"],
])("a schema that cannot be compiled is refused with its place: %j", ([schema, place, reason]) => {
  let refusal: unknown;
  try {
    compileSchema(schema, options);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(JsonSchemaError);
  expect(refusal).toMatchObject({ place, reason });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
test("keywords that API Gateway does not support are listed with their places", () => {
  const schema = {
    discriminator: "kind",
    properties: {
      a: { type: "integer", format: "int64", minimum: 1, exclusiveMinimum: true, nullable: true },
      b: { items: { example: 1, readOnly: true }, maxItems: 3 },
    },
    oneOf: [{ format: "email" }],
  };
  expect(unsupportedKeywords(schema).map(({ keyword, pointer }) => [keyword, pointer])).toEqual([
    ["discriminator", "/discriminator"],
    ["oneOf", "/oneOf"],
    ["format", "/properties/a/format"],
    ["exclusiveMinimum", "/properties/a/exclusiveMinimum"],
    ["nullable", "/properties/a/nullable"],
    ["maxItems", "/properties/b/maxItems"],
    ["example", "/properties/b/items/example"],
    ["readOnly", "/properties/b/items/readOnly"],
  ]);
});

test("no prototype is within reach of a name", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  expect(texts({ required: names }, {})).toEqual([
    'object has missing required properties (["__proto__","constructor","hasOwnProperty","toString"])',
  ]);
  expect(texts(parseSchema('{"properties":{"__proto__":{"type":"string"},"toString":{"type":"string"}}}'), {})).toEqual([]);
  const own = JSON.parse('{"__proto__":1}') as unknown;
  expect(texts(parseSchema('{"properties":{"__proto__":{"type":"string"}}}'), own)).toHaveLength(1);
  expect(texts({ dependencies: { toString: ["x"] }, additionalProperties: false }, {})).toEqual([]);
  expect(() => compileSchema({ $ref: "#/constructor" }, options)).toThrow("leads to no schema");
  expect(() => compileSchema({ $ref: "#/__proto__" }, options)).toThrow("leads to no schema");
});

test("whole numbers keep all their digits", () => {
  const schema = parseSchema('{"maximum":9007199254740993}');
  expect(texts(schema, 9007199254740993n)).toEqual([]);
  expect(texts(schema, 9007199254740994n)).toEqual([
    "numeric instance is greater than the required maximum (maximum: 9007199254740993, found: 9007199254740994)",
  ]);
});

test("a validation is bounded in steps and depth", () => {
  const definitions: Record<string, unknown> = { d0: { type: "string" } };
  for (let at = 1; at < 40; at += 1) {
    definitions[`d${at}`] = { anyOf: [{ $ref: `#/definitions/d${at - 1}` }, { $ref: `#/definitions/d${at - 1}` }] };
  }
  expect(() => texts({ $ref: "#/definitions/d39", definitions }, 1)).toThrow("validation takes more than 1000000 steps");
  let deep: unknown = 1;
  for (let level = 0; level < 5_000; level += 1) deep = [deep];
  expect(() => texts({ items: { $ref: "#" } }, deep)).toThrow("more than 1000 levels to validate");
  let nested: unknown = {};
  for (let level = 0; level < 1_000; level += 1) nested = { not: nested };
  expect(() => compileSchema(nested, options)).toThrow("more than 500 schemas within each other");
});

test("a validation is over once it has gathered 1,000 messages", () => {
  let looked = 0;
  const values = { ...plainInstances, element: (array: unknown, at: number) => ((looked += 1), plainInstances.element(array, at)) };
  const { validate } = compileSchema({ items: { type: "string", minimum: 1 } }, { ...options, values });
  const messages = validate(Array.from({ length: 250_000 }, () => 0));
  expect({ count: messages.length, looked }).toEqual({ count: 1_000, looked: 500 });
  expect(validate(Array.from({ length: 499 }, () => 0))).toHaveLength(998);
});
