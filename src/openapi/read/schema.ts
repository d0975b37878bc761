// Schemas of OpenAPI as those of models: JSON schema draft 4, referring to other models by their URLs
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html says what does not get through).
import { modelUrl, parseModelUrl } from "../../domain/data-model.ts";
import { isObject, type JsonObject, type Reading, referenceOf, type Spot } from "./spot.ts";

/** Where a schema is read. */
export interface SchemaContext {
  readonly reading: Reading;
  readonly apiId: string;
  readonly isVersion2: boolean;
  /** Whether the API has a model of that name when the import is done. */
  hasModel(name: string): boolean;
}

/** Not in draft 4, or said not to be supported. */
const LEFT_OUT = new Set([
  "deprecated",
  "discriminator",
  "example",
  "examples",
  "exclusiveMinimum",
  "externalDocs",
  "maxItems",
  "minItems",
  "nullable",
  "readOnly",
  "writeOnly",
  "xml",
]);
/** Those among them that say what a value has to be. */
const MISSED = new Set(["discriminator", "exclusiveMinimum", "maxItems", "minItems", "oneOf", "readOnly", "writeOnly"]);
const ONE_SCHEMA = new Set(["additionalItems", "additionalProperties", "items", "not"]);
const SCHEMAS = new Set(["allOf", "anyOf", "items", "oneOf"]);
const SCHEMAS_BY_NAME = new Set(["definitions", "dependencies", "patternProperties", "properties"]);

/** The schema as a model has it. */
export function modelSchema(context: SchemaContext, spot: Spot): unknown {
  return convert(context, spot, []);
}

/** `open` are the references that are being written out, which must not come again. */
function convert(context: SchemaContext, spot: Spot, open: readonly string[]): unknown {
  if (!isObject(spot.value)) return exact(context.reading, spot);
  const reference = referenceOf(spot);
  if (reference !== undefined) return convertReference(context, spot, reference, open);
  const inner = (each: Spot) => convert(context, each, open);
  const { reading, isVersion2 } = context;
  const converted = reading.members(spot).flatMap(([key, member]): (readonly [string, unknown])[] => {
    if (LEFT_OUT.has(key) || key.startsWith("x-") || (isVersion2 && key === "oneOf")) {
      if (MISSED.has(key)) reading.report("note", `API Gateway does not import ${key}: the model is without it`, member);
      return [];
    }
    if (SCHEMAS_BY_NAME.has(key) && isObject(member.value)) {
      return [[key, Object.fromEntries(reading.members(member).map(([name, each]) => [name, inner(each)]))]];
    }
    if (SCHEMAS.has(key) && Array.isArray(member.value)) return [[key, reading.elements(member).map(inner)]];
    return [[key, ONE_SCHEMA.has(key) ? inner(member) : exact(reading, member)]];
  });
  return withNull(spot.value, Object.fromEntries(converted));
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A number that prints as it is written (TypeScript's library does not know it yet). */
const rawNumber = (source: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source);

/** A value as it is written, with all the digits of its numbers. */
function exact(reading: Reading, spot: Spot): unknown {
  if (Array.isArray(spot.value)) return reading.elements(spot).map((each) => exact(reading, each));
  if (isObject(spot.value)) return Object.fromEntries(reading.members(spot).map(([name, each]) => [name, exact(reading, each)]));
  return spot.source !== undefined && JSON_NUMBER.test(spot.source) ? rawNumber(spot.source) : spot.value;
}

/** `nullable` is draft 4's type `null`. */
function withNull(original: JsonObject, schema: JsonObject): JsonObject {
  if (original["nullable"] !== true || typeof schema["type"] !== "string") return schema;
  const values = schema["enum"];
  const enumeration = Array.isArray(values) && !values.includes(null) ? { enum: [...(values as unknown[]), null] } : {};
  return { ...schema, type: [schema["type"], "null"], ...enumeration };
}

/** Models are referred to, whatever else a reference leads to is written out in its place. */
function convertReference(context: SchemaContext, spot: Spot, reference: string, open: readonly string[]): unknown {
  const name = modelName(reference);
  if (name !== undefined) {
    if (context.hasModel(name)) return { $ref: modelUrl(context.apiId, name) };
    context.reading.report("warning", missingModel(name), spot);
    return {};
  }
  if (!reference.startsWith("#") && parseModelUrl(reference) !== undefined) return { $ref: reference };
  if (open.includes(reference)) {
    context.reading.report("error", `Invalid reference specified: ${reference}`, spot, "only models may refer to each other in a circle");
    return {};
  }
  const target = context.reading.resolve(spot);
  return target === undefined ? {} : convert(context, target, [...open, reference]);
}

const MODEL_REFERENCE = /^#\/(?:definitions|components\/schemas)\/([^/]+)$/;

/** The name of the model that a reference means, when it is one to a model. */
export function modelName(reference: string): string | undefined {
  const [, name] = MODEL_REFERENCE.exec(reference) ?? [];
  return name === undefined ? undefined : decodeToken(name);
}

function decodeToken(token: string): string {
  const unescaped = token.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(unescaped);
  } catch (error) {
    if (error instanceof URIError) return unescaped;
    throw error;
  }
}

/** Quoted in github.com/amazon-archives/aws-apigateway-importer/issues/194. */
export const missingModel = (name: string): string => `Reference to model '${name}' not found. Ignoring.`;
