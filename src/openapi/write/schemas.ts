// The models of an API as schemas of the document: those that its methods refer to, with what they refer to in their turn.
// References to models, and within them, point to where they are in the document.
import type { DataModel } from "../../domain/data-model.ts";
import { parseModelUrl } from "../../domain/data-model.ts";
import type { StringMap } from "../../domain/rest-api.ts";
import type { Documentation } from "./documentation.ts";
import { isObject, parseExactly } from "./exact-json.ts";
import { ExportError, type Exporting, type JsonObject, unlessEmpty } from "./source.ts";

const JSON_TYPE = "application/json";

/** The members that stand first, as OpenAPI's own Java classes write them; the others follow in their own order. */
const ORDER = {
  swagger: ["type", "required", "discriminator", "properties"],
  oas30: [
    "title", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength",
    "pattern", "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties", "required", "type", "not",
    "properties", "additionalProperties", "description", "format", "$ref",
  ],
} as const;

export type ModelReference = readonly [contentType: string, reference: JsonObject, name: string];

/**
 * A reference to the model of each content type.
 * @throws {ExportError} when there are models, and none of them is one of JSON (api-gateway-export-api quotes the words)
 */
export function modelReferences({ snapshot, models }: Exporting, byContentType: StringMap = {}, whose: string): readonly ModelReference[] {
  const given = Object.entries(byContentType);
  const isJson = (name: string) => snapshot.models?.find((each) => each.name === name)?.contentType === JSON_TYPE;
  const usable = given.filter(([, name]) => isJson(name));
  if (given.length > 0 && usable.length === 0) throw new ExportError(`Only found non-JSON body models for ${whose}`);
  return usable.map(([contentType, name]) => [contentType, { $ref: models + name }, name] as const);
}

/** The one reference where a document has a single schema: that of JSON, or the first. */
export function modelReference(...args: Parameters<typeof modelReferences>): ModelReference | undefined {
  const all = modelReferences(...args);
  return all.find(([contentType]) => contentType === JSON_TYPE) ?? all[0];
}

export function writeSchemas(exporting: Exporting, documentation: Documentation): JsonObject | undefined {
  const { snapshot } = exporting;
  const byName = new Map((snapshot.models ?? []).map((model) => [model.name, model]));
  const used = snapshot.methods.flatMap(({ requestModels = {}, methodResponses }) => [
    ...Object.values(requestModels),
    ...Object.values(methodResponses).flatMap(({ responseModels = {} }) => Object.values(responseModels)),
  ]);
  const schemas: Record<string, JsonObject> = {};
  // Grows while it is walked: a schema names others.
  const names = new Set(used);
  for (const name of names) {
    const model = byName.get(name);
    if (model?.contentType === JSON_TYPE) schemas[name] = writeSchema(exporting, model, documentation, (other) => names.add(other));
  }
  return unlessEmpty(Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function writeSchema({ format, models }: Exporting, model: DataModel, documentation: Documentation, refers: (name: string) => void): JsonObject {
  const schema = parseExactly(model.schema || "{}");
  if (!isObject(schema)) throw new ExportError(`The schema of the model ${model.name} is not an object`);
  const { $schema: _dialect, ...rest } = schema;
  const reference = (url: string): string => {
    if (url.startsWith("#")) return models + model.name + url.slice(1);
    const name = parseModelUrl(url)?.name;
    if (name === undefined) return url;
    refers(name);
    return models + name;
  };
  const written = mapSchema(rest, reference, ORDER[format]);
  return { ...documented(written, model.name, documentation), ...documentation.of({ type: "MODEL", name: model.name }) };
}

/** A part whose name is `Model.property` is about a property (api-gateway-documenting-api-quick-start-with-restapi). */
function documented(schema: JsonObject, name: string, documentation: Documentation): JsonObject {
  const { properties } = schema;
  if (!documentation.exists || !isObject(properties)) return schema;
  const said = Object.entries(properties).map(([property, each]) => {
    return [property, isObject(each) ? { ...each, ...documentation.of({ type: "MODEL", name: `${name}.${property}` }) } : each];
  });
  return { ...schema, properties: Object.fromEntries(said) };
}

const ONE_SCHEMA = new Set(["additionalItems", "additionalProperties", "items", "not"]);
const SCHEMAS = new Set(["allOf", "anyOf", "items", "oneOf"]);
const SCHEMAS_BY_NAME = new Set(["definitions", "dependencies", "patternProperties", "properties"]);

/** The schema with other references and its members in order. That it is not nested too deeply was checked when it was put. */
function mapSchema(schema: JsonObject, reference: (url: string) => string, order: readonly string[]): JsonObject {
  const inner = (each: unknown): unknown => (isObject(each) ? mapSchema(each, reference, order) : each);
  const mapped = Object.entries(schema).map(([key, value]): readonly [string, unknown] => {
    if (key === "$ref" && typeof value === "string") return [key, reference(value)];
    if (SCHEMAS_BY_NAME.has(key) && isObject(value)) {
      return [key, Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inner(each)]))];
    }
    if (SCHEMAS.has(key) && Array.isArray(value)) return [key, value.map(inner)];
    return [key, ONE_SCHEMA.has(key) ? inner(value) : value];
  });
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  return Object.fromEntries(mapped.sort(([a], [b]) => rank(a) - rank(b)));
}
