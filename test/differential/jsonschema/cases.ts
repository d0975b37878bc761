// Schemas, and values that are validated by them. Each row: a schema, then values.
import type { Case } from "./oracle.ts";

const model = (name: string): string => `https://apigateway.amazonaws.com/restapis/abc123/models/${name}`;

const order = {
  type: "array",
  minItems: 1,
  items: {
    type: "object",
    required: ["account", "type", "symbol", "shares", "date", "details"],
    properties: {
      account: { type: "string", pattern: "[A-Za-z]{6}[0-9]{6}" },
      type: { type: "string", enum: ["STOCK", "BOND", "CASH"] },
      symbol: { type: "string", minLength: 1, maxLength: 4 },
      shares: { type: "number", minimum: 1, maximum: 1000 },
      date: { type: "string", pattern: "^\\d{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$" },
      details: { type: "object", required: ["limit"], properties: { limit: { type: "number" } } },
    },
  },
};

const pet = {
  $schema: "http://json-schema.org/draft-04/schema#",
  title: "PetStoreModel",
  type: "object",
  required: ["price", "type"],
  properties: {
    id: { type: "integer" },
    type: { type: "string", enum: ["dog", "cat", "fish"] },
    price: { type: "number", minimum: 25.0, maximum: 500.0 },
  },
};

const everyKind = ['"text"', '""', "1", "1.0", "1.5", "-0", "1e2", "true", "false", "null", "[]", "{}", "[1]", '{"a":1}'];

const rows: readonly (readonly [schema: unknown, ...instances: string[]])[] = [
  [
    pet,
    "{}",
    '{"price":1}',
    '{"type":"dog","price":25}',
    '{"type":"dog","price":500.01}',
    '{"type":"bird","price":"x","id":1.5}',
  ],
  [pet, '{"id":1,"type":"dog","price":24.99}', "[]", "null", '"dog"', "7"],
  [
    order,
    "[]",
    '[{"account":"abcdef123456","type":"STOCK","symbol":"AMZN","shares":100,"date":"2018-01-28","details":{"limit":1}}]',
    '[{"account":"abc","type":"foobar","symbol":"toolong","shares":999999,"date":"2018-1-2","details":{}}]',
    '[{"type":"WOW"},{"account":"x"},7]',
    '[{"account":"abcdef123456","type":"STOCK","symbol":"","shares":0,"date":"2018-01-28","details":{}},{"type":1}]',
  ],
  ...["string", "integer", "number", "boolean", "null", "array", "object"].map((type) => [{ type }, ...everyKind] as const),
  [{ type: ["string", "null"] }, ...everyKind],
  [{ type: ["number", "object", "array"] }, ...everyKind],
  [{ enum: [1, "1", null, true, [1, { a: 1.5 }], { b: 1, a: 2 }] }, "1", "1.0", '"1"', "null", "true", "false"],
  [
    { enum: [[1, { a: 1.5 }], { b: 1, a: 2 }] },
    '[1.0,{"a":1.50}]',
    '{"a":2,"b":1}',
    '{"a":2}',
    '{"a":2,"b":"1"}',
    '[{"a":1.5},1]',
  ],
  [{ minimum: 5 }, "4", "5", "5.0", "4.9", "4.99999999999999999999", "6", '"4"', "-1e400", "12345678901234567890"],
  [{ minimum: 5, exclusiveMinimum: true }, "5", "5.0", "5.00", "5.1", "4"],
  [{ maximum: 5.5 }, "5.5", "5.50", "5.51", "6", "5.5000000000000000000001"],
  [{ maximum: 5, exclusiveMaximum: true }, "5", "5.0", "4", "6"],
  [{ maximum: 5, exclusiveMaximum: false }, "5", "6"],
  [{ maximum: 1e3 }, "1000", "1001", "1e3", "1.001e3", "1e4"],
  [{ minimum: -1.5, maximum: 1.5 }, "-2", "2", "0", "1.5"],
  [{ multipleOf: 2 }, "3", "4", "4.0", "3.5", "0", "-2", "12345678901234567891", '"3"'],
  [{ multipleOf: 0.01 }, "0.07", "19.99", "19.999", "1", "4.35"],
  [{ multipleOf: 2.5 }, "5", "6", "7.5"],
  [
    { minLength: 2, maxLength: 3 },
    '""',
    '"a"',
    '"ab"',
    '"abc"',
    '"abcd"',
    '"\\ud83d\\ude00"',
    '"\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00"',
    "1",
  ],
  [{ pattern: "^a+$" }, '"aa"', '"ba"', '""', "1"],
  [{ pattern: "b" }, '"abc"', '"ac"', '"a\\"c"'],
  [{ pattern: '^\\d+"/\\w$' }, '"1"', '"1\\"/a"'],
  [{ items: { type: "integer" } }, "[1,2]", '[1,"2",true]', "[]", "[[1]]", '{"0":"a"}'],
  [{ items: [{ type: "integer" }, { type: "string" }] }, '[1,"a",true]', '["a",1]', "[1]"],
  [{ items: [{ type: "integer" }], additionalItems: false }, "[1]", "[1,2]", "[1,2,3]", "[]"],
  [{ items: [{ type: "integer" }], additionalItems: { type: "string" } }, '[1,"a"]', "[1,2]"],
  [{ items: { type: "integer" }, additionalItems: false }, "[1,2]"],
  [{ additionalItems: false }, "[1,2]"],
  [{ additionalItems: { type: "string" } }, '["a"]', "[1,2]"],
  [{ additionalItems: true }, "[1]"],
  [{ minItems: 1, maxItems: 2 }, "[]", "[1]", "[1,2,3]", '"a"', "{}"],
  [
    { uniqueItems: true },
    "[1,1]",
    "[1,1.0]",
    "[1,2]",
    '[{"a":1,"b":2},{"b":2,"a":1}]',
    "[[1],[1]]",
    "[1,true]",
    "[0,false,null]",
    "[0,-0]",
  ],
  [{ uniqueItems: false }, "[1,1]"],
  [{ required: ["b", "a", "c"] }, "{}", '{"a":1}', '{"a":null,"b":1,"c":1}', "[]", '{"toString":1}'],
  [{ required: ["toString", "__proto__", "constructor"] }, "{}", '{"__proto__":1,"toString":1}'],
  [{ properties: { __proto__x: { type: "string" }, constructor: { type: "string" } } }, "{}", '{"constructor":1}'],
  [{ additionalProperties: false }, "{}", '{"a":1}', '{"b":1,"a":1,"1":1}'],
  [{ properties: { a: {} }, additionalProperties: false }, '{"a":1}', '{"a":1,"z":1,"b":1,"é":1,"Z":1}'],
  [
    { properties: { a: {} }, patternProperties: { "^x": {} }, additionalProperties: false },
    '{"a":1,"x1":1}',
    '{"y":1,"ax":1}',
  ],
  [
    { properties: { a: { type: "string" } }, additionalProperties: { type: "integer" } },
    '{"a":1,"b":"x","c":1}',
    '{"a":"x","b":1}',
  ],
  [
    { patternProperties: { a: { type: "integer" }, b: { type: "string" } } },
    '{"ab":true}',
    '{"a":1,"b":"x","c":null}',
    '{"a":"x"}',
  ],
  [
    { properties: { ab: { minimum: 5 } }, patternProperties: { a: { type: "integer" } } },
    '{"ab":"x"}',
    '{"ab":1}',
    '{"ab":1.5}',
  ],
  [{ additionalProperties: true }, '{"a":1}'],
  [{ minProperties: 1, maxProperties: 2 }, "{}", '{"a":1}', '{"a":1,"b":1,"c":1}', "[]"],
  [
    { dependencies: { a: ["c", "b"], d: ["e"] } },
    '{"a":1}',
    '{"a":1,"b":1}',
    '{"b":1}',
    '{"a":1,"d":1}',
    '{"a":1,"b":1,"c":1,"d":1,"e":1}',
  ],
  [{ dependencies: { a: { required: ["x"] }, b: { minProperties: 3 } } }, '{"a":1}', '{"a":1,"b":1}', '{"x":1,"a":1}', "{}"],
  [{ dependencies: { a: { properties: { b: { type: "string" } } } } }, '{"a":1,"b":1}', '{"b":1}'],
  [{ allOf: [{ type: "string" }, { minLength: 2 }] }, '"a"', '"ab"', "1"],
  [{ anyOf: [{ type: "string" }, { minimum: 2 }] }, '"a"', "1", "3", "null"],
  [{ anyOf: [{ type: "string" }, { type: "integer" }] }, "null", "1.5"],
  [{ oneOf: [{ type: "integer" }, { minimum: 2 }] }, "1", "3", "2.5", "1.5"],
  [{ not: { type: "string" } }, '"a"', "1"],
  [{ not: { properties: { a: { type: "string" } }, required: ["a"] } }, '{"a":"x"}', '{"a":1}', "{}"],
  [
    { allOf: [{ properties: { a: { type: "string" } } }, { properties: { b: { items: { type: "string" } } } }] },
    '{"a":1,"b":[1]}',
  ],
  // What hides what: below a value, nothing is looked at once something has failed.
  [
    {
      type: "object",
      properties: { a: { type: "string" }, b: { properties: { c: { type: "string" } } }, d: { type: "string" } },
    },
    '{"a":1,"b":{"c":1},"d":1}',
    '{"b":{"c":1},"d":1}',
  ],
  [{ items: { properties: { a: { properties: { b: { type: "string" } } } } } }, '[{"a":{"b":1}},{"a":{"b":1}}]'],
  [{ maxProperties: 1, minProperties: 3, required: ["z"], properties: { a: { type: "string" } } }, '{"a":1,"b":2}'],
  [{ type: "string", minLength: 3, maxLength: 1, pattern: "^x", enum: ["x"] }, '"ab"', "1"],
  [{ type: "integer", minimum: 10, maximum: 1, multipleOf: 7, enum: [1] }, "5", '"x"', "5.5"],
  // Formats.
  [{ format: "int32" }, "1", '"a"', "null"],
  [{ type: "integer", format: "int64", maximum: 3 }, "5", "1", '"x"'],
  [
    { properties: { a: { format: "double" }, b: { format: "int32" }, c: { format: "double" } } },
    '{"a":1,"b":2,"c":3}',
    "{}",
  ],
  [
    { properties: { a: { format: "date" }, b: { properties: { c: { type: "string" } } } } },
    '{"a":"2020-01-01","b":{"c":1}}',
  ],
  [{ anyOf: [{ format: "int32" }, { type: "string" }] }, "1", '"a"'],
  [
    { format: "date-time" },
    ..."2020-01-02T03:04:05Z 2020-01-02T03:04:05.1Z 2020-01-02T03:04:05.123456789012Z 2020-01-02T03:04:05.1234567890123Z 2020-01-02T03:04:05+01:00 2020-01-02T03:04:05+0100 2020-01-02T03:04:05+01 2020-01-02T03:04:05-23:59 2020-01-02T03:04:05+24:00 2020-01-02T03:04:05+01:60 2020-01-02T03:04:05+01:02:03 2020-01-02T03:04:05+010203 2020-01-02T03:04:05+01:0203 2020-01-02T03:04:05 2020-01-02 2020-13-02T03:04:05Z 2020-02-30T03:04:05Z 2020-02-29T03:04:05Z 2021-02-29T03:04:05Z 2020-01-02T24:00:00Z 2020-01-02T23:60:00Z 2020-01-02T23:59:60Z 2020-01-02t03:04:05z 2020-01-02T03:04:05z 20-01-02T03:04:05Z 02020-01-02T03:04:05Z 2020-1-02T03:04:05Z -020-01-02T03:04:05Z 0000-01-01T00:00:00Z 2020-01-02T03:04:05.Z"
      .split(" ")
      .concat(["2020-01-02 03:04:05Z", " 2020-01-02T03:04:05Z", ""])
      .map((text) => JSON.stringify(text)),
  ],
  [
    { format: "email" },
    ...'a@b.c a@b a b@ @b a@b@c a.b@c.d .a@b.c a.@b.c a..b@c.d a@.b a@b. a@b..c a+b@c.d a_b@c.d a!#$%&*@b.c a,b@c a;b@c a:b@c <a@b.c> Joe<a@b.c> a@[1.2.3.4] a@[1.2.3.4 a@b_c a@b-c a@-b a@1.2 é@b.c a@é.c "a"@b.c "a@b"@c.d "a a@b.c()'
      .split(" ")
      .concat([
        "a b@c.d",
        "a@b c",
        "Joe <a@b.c>",
        '"Joe D" <a@b.c>',
        "",
        " ",
        " a@b.c ",
        "a@b.c, d@e.f",
        '"a b"@c.d',
        "a@b.c\n",
        "group: a@b.c;",
      ])
      .map((text) => JSON.stringify(text)),
  ],
  [
    { format: "hostname" },
    ...`a a.b a.b.c a. .a a..b a-b -a a- a_b _a a_ 1 1.2 a.1 1.a a.1b a.b1 A.B é.com ex%61mple a/b a:80 ${"a".repeat(63)} ${"a".repeat(64)} ${"a.".repeat(126)}a ${"a.".repeat(127)}a a。b xn--bcher-kva.example`
      .split(" ")
      .concat(["", ".", "a b", "a\n"])
      .map((text) => JSON.stringify(text)),
  ],
  ...["ipv4", "ipv6"].map(
    (format) =>
      [
        { format },
        ..."1.2.3.4 0.0.0.0 255.255.255.255 256.1.1.1 1.2.3 1.2.3.4.5 01.2.3.4 1.2.3.04 1.2.3.a 1.2.3. ::1 :: 1:2:3:4:5:6:7:8 1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 1::8 1::2::3 ::ffff:1.2.3.4 ::1.2.3.4 1:2:3:4:5:6:1.2.3.4 1:2:3:4:5:6:7:1.2.3.4 12345:: g:: ::G1 fe80::1%eth0 [::1] 1: :1 ::: 1:2:3:4:5:6:7:: ::2:3:4:5:6:7:8 1::2:3:4:5:6:7:8 ::ffff:0102:0304 ::256.1.1.1 FE80::A"
          .split(" ")
          .concat([""])
          .map((text) => JSON.stringify(text)),
      ] as const,
  ),
  [
    { format: "uri" },
    ...'http://a.b/c?d#e http://a a /a a/b ?a #a //a //a/b // http:// http:///a file:///a http: : :a 1a: a: a:b urn:a:b mailto:a@b.c http://a:80 http://a:x http://a:80:80 http://u:p@a http://[::1]/ http://[::1]:80/ http://[::1 http://[::g]/ http://[1.2.3.4]/ http://a[b]/ a[b] ?a[b] a%20b a%2 a%zz é http://é/ a^b a{b} a|b a"b a<b> a\\b a`b http://a_b/ http://-a/ http://a@b@c/ tel:+1 a#b#c a?b?c http://a/b:c b:c/d ./b:c'
      .split(" ")
      .concat(["", " ", "a b", "http://a b/", "a\n", "\u00a0", "\u0085"])
      .map((text) => JSON.stringify(text)),
  ],
  [{ format: "regex" }, '"a+"', '"(a"', '""', "1"],
  [
    { format: "uuid" },
    '"123e4567-e89b-12d3-a456-426614174000"',
    '"1-2-3-4-5"',
    '"1-2-3-4"',
    '"x"',
    '"1-2-3-4-5-6"',
    '"g-1-1-1-1"',
  ],
  [{ format: "json-pointer" }, '""', '"/a"', '"a"', '"/a~0~1"', '"/a~2"', '"/~"'],
  [{ format: "mac" }, '"01:23:45:67:89:ab"', '"01:23:45:67:89"', '"01-23-45-67-89-ab"', '"zz:23:45:67:89:ab"'],
  [{ format: "md5" }, '"d41d8cd98f00b204e9800998ecf8427e"', '"d41d"', '"g41d8cd98f00b204e9800998ecf8427e"'],
  [{ format: "sha1" }, '"x"'],
  [{ format: "sha256" }, '"x"'],
  [{ format: "sha512" }, '"x"'],
  [{ format: "base64" }, '"YQ=="', '"YQ="', '"Y*=="', '"===="', '""', '"Y=Q="'],
  // References.
  [{ properties: { a: { $ref: "#" } }, additionalProperties: false }, '{"a":{"a":{}}}', '{"a":{"b":1}}'],
  [{ properties: { a: { $ref: "#/definitions/x" } }, definitions: { x: { type: "integer" } } }, '{"a":1}', '{"a":"x"}'],
  [
    { properties: { a: { $ref: "#/definitions/x", type: "string" } }, definitions: { x: { type: "integer" } } },
    '{"a":1}',
    '{"a":"x"}',
  ],
  [{ $ref: "#/definitions/a~1b%25", definitions: { "a/b%": { type: "integer" } } }, "1", '"x"'],
  [{ $ref: "#/definitions/a", definitions: { a: { $ref: "#/definitions/b" }, b: { type: "integer" } } }, "1", '"x"'],
  [
    {
      definitions: { node: { type: "object", required: ["v"], properties: { next: { $ref: "#/definitions/node" } } } },
      $ref: "#/definitions/node",
    },
    '{"v":1,"next":{"v":1}}',
    '{"v":1,"next":{"v":2,"next":{}}}',
  ],
  [{ $ref: "#/definitions/missing" }, "1"],
  [{ $ref: "#/definitions/a", definitions: { a: { $ref: "#/definitions/a" } } }, "1"],
  [{ $ref: "#/definitions/a", definitions: { a: { $ref: "#/definitions/b" }, b: { $ref: "#/definitions/a" } } }, "1"],
  [{ allOf: [{ $ref: "#" }] }, "1"],
  [
    { type: "object", properties: { item: { $ref: model("Item") } } },
    '{"item":{"id":1}}',
    '{"item":{"id":"x"}}',
    '{"item":{}}',
    '{"item":{"id":1,"parent":{"id":"x"}}}',
  ],
  [{ $ref: `${model("Item")}#/properties/id` }, "1", '"x"'],
  [{ $ref: model("List") }, '[{"id":1}]', '[{"id":"x"}]', "{}"],
  // Schemas that are none.
  ...[
    1,
    [],
    "x",
    { type: "text" },
    { type: [] },
    { type: ["string", "string"] },
    { type: 1 },
    { type: ["string", 1] },
    { required: [] },
    { required: "a" },
    { required: true },
    { required: ["a", "a"] },
    { required: [1] },
    { properties: [] },
    { properties: { a: 1 } },
    { properties: { a: { type: "text" } } },
    { patternProperties: { "(": {} } },
    { pattern: "(" },
    { pattern: 1 },
    { minLength: -1 },
    { minLength: 1.5 },
    { minLength: "1" },
    { maxItems: 3_000_000_000 },
    { exclusiveMinimum: true },
    { exclusiveMinimum: 5 },
    { minimum: "5" },
    { multipleOf: 0 },
    { multipleOf: -1 },
    { items: [] },
    { items: 1 },
    { items: [1] },
    { additionalItems: 1 },
    { additionalProperties: "x" },
    { enum: [1, 1.0] },
    { enum: {} },
    { enum: [] },
    { dependencies: { a: [] } },
    { dependencies: { a: "b" } },
    { dependencies: { a: [1] } },
    { allOf: [] },
    { anyOf: {} },
    { oneOf: [1] },
    { not: [] },
    { definitions: { a: { type: "text" } } },
    { format: 1 },
    { uniqueItems: 1 },
    { title: 1 },
    { $ref: 1 },
  ].map((schema) => [schema, "{}"] as const),
  [{ example: 1, discriminator: "x", type: "object" }, "{}", "1"],
];

const documents = {
  [model("Item")]: JSON.stringify({
    type: "object",
    required: ["id"],
    properties: { id: { type: "integer" }, parent: { $ref: model("Item") } },
  }),
  [model("List")]: JSON.stringify({ type: "array", items: { $ref: model("Item") } }),
};

export const writtenCases: readonly Case[] = rows.flatMap(([schema, ...instances]) =>
  instances.map((instance) => ({ schema: JSON.stringify(schema), instance, documents })),
);
