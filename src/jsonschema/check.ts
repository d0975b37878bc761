// Whether a schema is one: what the keywords of draft 4 may hold (http://json-schema.org/draft-04/schema).
import { JsonSchemaError } from "./errors.ts";
import { identity } from "./equality.ts";
import type { SchemaObject } from "./schema.ts";
import { draft4, isSchemaObject, keyword, pointerToken, sorted } from "./schema.ts";
import { plainInstances } from "./values.ts";

/** In alphabetical order, as messages list them. */
export const primitiveTypes = ["array", "boolean", "integer", "null", "number", "object", "string"] as const;

type Rule = (value: unknown, fail: (reason: string, pointer?: string) => never, schema: SchemaObject) => void;

function isUnique(list: readonly unknown[]): boolean {
  return new Set(list.map((element) => identity(element, plainInstances))).size === list.length;
}

const count: Rule = (value, fail) => {
  if (Number(value) < 0 || Number(value) > 2147483647) fail("a count from 0 to 2147483647 is expected");
};

const nonEmpty: Rule = (value, fail) => {
  if ((value as unknown[]).length === 0) fail("an array with elements is expected");
};

const names: Rule = (value, fail, schema) => {
  nonEmpty(value, fail, schema);
  const list = value as readonly unknown[];
  for (const [at, name] of list.entries()) if (typeof name !== "string") fail("a name is expected", `/${at}`);
  if (!isUnique(list)) fail("the elements have to be different");
};

const type: Rule = (value, fail, schema) => {
  if (Array.isArray(value)) names(value, fail, schema);
  const given = (Array.isArray(value) ? value : [value]) as readonly string[];
  const known: readonly string[] = primitiveTypes;
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) fail(`"${unknown}" is no type (${primitiveTypes.join(", ")})`);
};

const dependencies: Rule = (value, fail, schema) => {
  for (const [name, dependency] of Object.entries(value as object)) {
    const inside = (reason: string, pointer = ""): never => fail(reason, `/${pointerToken(name)}${pointer}`);
    if (Array.isArray(dependency)) names(dependency, inside, schema);
    else if (!isSchemaObject(dependency)) inside("a schema or a list of names is expected");
  }
};

const boundOf =
  (bound: string): Rule =>
  (_value, fail, schema) => {
    if (keyword(schema, bound) === undefined) fail(`it needs ${bound}`);
  };

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["minLength", count],
  ["maxLength", count],
  ["minItems", count],
  ["maxItems", count],
  ["minProperties", count],
  ["maxProperties", count],
  ["type", type],
  ["required", names],
  ["dependencies", dependencies],
  ["allOf", nonEmpty],
  ["anyOf", nonEmpty],
  ["oneOf", nonEmpty],
  ["exclusiveMinimum", boundOf("minimum")],
  ["exclusiveMaximum", boundOf("maximum")],
  ["items", (value, fail, schema) => (Array.isArray(value) ? nonEmpty(value, fail, schema) : undefined)],
  ["enum", (value, fail) => (isUnique(value as unknown[]) ? undefined : fail("the elements have to be different"))],
  ["multipleOf", (value, fail) => (Number(value) > 0 ? undefined : fail("a number above 0 is expected"))],
]);

function typesOf(value: unknown): readonly string[] {
  if (typeof value === "bigint" || Number.isInteger(value)) return ["integer", "number"];
  if (Array.isArray(value)) return ["array"];
  return [value === null ? "null" : typeof value];
}

/** Checks one schema without those within it. Throws JsonSchemaError. Keywords that draft 4 does not have are passed over. */
export function checkSchema(schema: unknown, place: string): asserts schema is SchemaObject {
  if (!isSchemaObject(schema)) throw new JsonSchemaError("a schema has to be an object", place);
  for (const name of sorted(Object.keys(schema))) {
    const form = draft4.get(name);
    if (form === undefined) continue;
    const value = schema[name];
    const fail = (reason: string, pointer = ""): never => {
      throw new JsonSchemaError(`${name}: ${reason}`, `${place}/${pointerToken(name)}${pointer}`);
    };
    if (form.types.length > 0 && !typesOf(value).some((one) => form.types.includes(one))) {
      fail(`${form.types.join(" or ")} is expected, not ${typesOf(value)[0]}`);
    }
    rules.get(name)?.(value, fail, schema);
  }
}
