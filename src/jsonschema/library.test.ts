// Schemas that refer to each other, compiled together: each is what it is by itself, at a cost in proportion to all of them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileSchema, createSchemaLibrary, JsonSchemaError, plainInstances, type SchemaOptions } from "./index.ts";

const URL_OF = (name: string | number) => `https://example.com/${name}`;
const refTo = (name: string | number) => ({ $ref: URL_OF(name) });

function optionsOf(schemas: readonly unknown[]): SchemaOptions & { readonly asked: string[] } {
  const asked: string[] = [];
  const byUrl = new Map(schemas.map((schema, index) => [URL_OF(index), schema]));
  const resolve = (url: string) => (asked.push(url), structuredClone(byUrl.get(url)));
  return { values: plainInstances, compilePattern: (source) => (text) => new RegExp(source).test(text), resolve, asked };
}

/** What a schema says of some values, or why it cannot be compiled. */
function outcomeOf(compile: () => ReturnType<typeof compileSchema>, values: readonly unknown[]): unknown {
  try {
    const validator = compile();
    return values.map((value) => validator.validate(value).map(({ text, keyword }) => `${keyword}: ${text}`));
  } catch (error) {
    if (error instanceof JsonSchemaError) return "refused";
    throw error;
  }
}

const COUNT = 6;
const name = fc.integer({ min: 0, max: COUNT });
const { schema } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom({ type: "string" }, { type: "integer", minimum: 3 }, { maxLength: 2 }, {}, { minimum: "wrong" }),
    name.map(refTo),
    name.map((each) => ({ $ref: `${URL_OF(each)}#/properties/a` })),
    fc.constant({ $ref: "#/properties/a" }),
    fc.record({ a: tie("schema"), b: tie("schema") }, { requiredKeys: [] }).map((properties) => ({ type: "object", properties })),
    tie("schema").map((items) => ({ items })),
    fc.tuple(tie("schema"), tie("schema")).map((allOf) => ({ allOf })),
    fc.tuple(tie("schema"), tie("schema")).map((anyOf) => ({ anyOf })),
    tie("schema").map((each) => ({ id: "https://example.com/3", properties: { a: each } })),
  ),
}));
const VALUES = ["a", "long", 1, 5, null, [], [1, "a", [5]], {}, { a: 1 }, { a: "long", b: { a: { a: 5 } } }, { b: [{ a: "x" }] }];

describe("a library of schemas", () => {
  it("says of each what it says by itself, in whatever order they are compiled, and refuses what is refused then", () => {
    fc.assert(
      fc.property(fc.array(schema, { minLength: COUNT, maxLength: COUNT }), fc.shuffledSubarray(Array.from({ length: COUNT }, (_, index) => index), { minLength: 1 }), (schemas, order) => {
        const library = createSchemaLibrary(optionsOf(schemas));
        for (const index of [...order, ...order]) {
          const alone = outcomeOf(() => compileSchema(structuredClone(schemas[index]), optionsOf(schemas)), VALUES);
          expect(outcomeOf(() => library.compile(structuredClone(schemas[index])), VALUES)).toEqual(alone);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("tells what is wrong, and where, as it is told of one", () => {
    const schemas = [{ properties: { a: refTo(1) } }, { items: refTo(2) }, { minimum: "x" }, { allOf: [refTo(3)] }, refTo(4)];
    const library = createSchemaLibrary(optionsOf(schemas));
    const messageOf = (compile: () => unknown) => {
      try {
        return compile();
      } catch (error) {
        return (error as Error).message;
      }
    };
    for (const [index, each] of schemas.entries()) {
      expect(messageOf(() => library.compile(each)), String(index)).toBe(messageOf(() => compileSchema(each, optionsOf(schemas))));
    }
  });

  it.each<[string, number, (index: number, count: number) => object, string]>([
    ["in a circle", 2_000, (index, count) => ({ properties: { next: refTo((index + 1) % count) } }), "accepted"],
    ["in a circle of references alone", 2_000, (index, count) => refTo((index + 1) % count), "$ref: it leads back to itself"],
    ["that all lead to one that is wrong", 2_000, (index, count) => (index === count - 1 ? { minimum: "x" } : { items: refTo(count - 1) }), "minimum: "],
    ["each tried after the next on the same value", 2_000, (index, count) => (index === count - 1 ? {} : { allOf: [refTo(index + 1)] }), "accepted"],
    ["that all lead to one that is tried by itself", 2_000, (index, count) => (index === count - 1 ? { allOf: [refTo(index)] } : { items: refTo(count - 1) }), "the schema is tried on the same value by itself"],
  ])("asks for each once, of many %s", (_what, count, schemaOf, expected) => {
    const schemas = Array.from({ length: count }, (_, index) => schemaOf(index, count));
    const options = optionsOf(schemas);
    const library = createSchemaLibrary(options);
    for (const each of schemas) {
      let told = "accepted";
      try {
        library.compile(each);
      } catch (error) {
        told = (error as Error).message;
      }
      expect(told).toContain(expected);
    }
    expect(options.asked.length).toBe(new Set(options.asked).size);
  });
});
