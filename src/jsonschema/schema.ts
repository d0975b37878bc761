// Schema documents as they are read: plain JSON values, and places in them.

/** A schema, or a keyword that holds schemas. Only own members are ever read. */
export type SchemaObject = Readonly<Record<string, unknown>>;

export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A keyword's value; undefined when the schema does not have it. */
export function keyword(schema: SchemaObject, name: string): unknown {
  return Object.hasOwn(schema, name) ? schema[name] : undefined;
}

/** A reference token of a JSON pointer. */
export function pointerToken(name: string | number): string {
  return String(name).replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The tokens of the pointer in a URL's fragment. Throws URIError. */
export function pointerTokens(fragment: string): string[] {
  return decodeURIComponent(fragment)
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Java's natural order of texts. */
export function sorted(names: Iterable<string>): string[] {
  return [...names].sort();
}

/** What kinds of values a keyword of draft 4 takes. */
interface Form {
  /** JavaScript's types, and "integer", "array" and "object" in JSON's sense. */
  readonly types: readonly string[];
  /** Where in its value schemas stand. */
  readonly schemas?: "itself" | "elements" | "members";
}

const text: Form = { types: ["string"] };
const number: Form = { types: ["integer", "number"] };
const count: Form = { types: ["integer"] };
const flag: Form = { types: ["boolean"] };
const schemaList: Form = { types: ["array"], schemas: "elements" };
const schemaMap: Form = { types: ["object"], schemas: "members" };

/** The keywords of draft 4. */
export const draft4: ReadonlyMap<string, Form> = new Map<string, Form>([
  ["$schema", text],
  ["$ref", text],
  ["id", text],
  ["title", text],
  ["description", text],
  ["default", { types: [] }],
  ["definitions", schemaMap],
  ["type", { types: ["string", "array"] }],
  ["enum", { types: ["array"] }],
  ["format", text],
  ["multipleOf", number],
  ["minimum", number],
  ["maximum", number],
  ["exclusiveMinimum", flag],
  ["exclusiveMaximum", flag],
  ["minLength", count],
  ["maxLength", count],
  ["pattern", text],
  ["items", { types: ["array", "object"], schemas: "itself" }],
  ["additionalItems", { types: ["boolean", "object"], schemas: "itself" }],
  ["minItems", count],
  ["maxItems", count],
  ["uniqueItems", flag],
  ["properties", schemaMap],
  ["patternProperties", schemaMap],
  ["additionalProperties", { types: ["boolean", "object"], schemas: "itself" }],
  ["minProperties", count],
  ["maxProperties", count],
  ["required", { types: ["array"] }],
  ["dependencies", schemaMap],
  ["allOf", schemaList],
  ["anyOf", schemaList],
  ["oneOf", schemaList],
  ["not", { types: ["object"], schemas: "itself" }],
]);

/** The schemas directly within a schema, with the pointers that lead from it to them. */
export function* subschemas(schema: SchemaObject): Generator<readonly [pointer: string, schema: unknown]> {
  for (const name of Object.keys(schema)) {
    const form = draft4.get(name);
    const value = schema[name];
    if (form?.schemas === undefined) continue;
    if (Array.isArray(value)) for (const [at, one] of value.entries()) yield [`/${name}/${at}`, one];
    else if (isSchemaObject(value) && form.schemas === "members") {
      for (const key of Object.keys(value)) {
        // A dependency may be a list of names.
        if (name !== "dependencies" || !Array.isArray(value[key])) yield [`/${name}/${pointerToken(key)}`, value[key]];
      }
    } else if (isSchemaObject(value)) yield [`/${name}`, value];
  }
}
