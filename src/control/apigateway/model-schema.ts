// The schemas of models: what they refer to, and the same schema with everything it refers to inside
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html).
import { type DataModel, parseModelUrl } from "../../domain/data-model.ts";
import { badRequest, type ServiceError } from "../../domain/errors.ts";
import { MAX_MODEL_SCHEMA_SIZE } from "../../domain/limits.ts";
import { compileSchema, createSchemaLibrary, JsonSchemaError, parseSchema as parseExactly, plainInstances, type SchemaOptions } from "../../jsonschema/index.ts";
import { compileSearch } from "../../pattern/index.ts";

/** A JSON schema, draft 4. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 100;
const JSON_TYPE = /^application\/(?:[^;\s]+\+)?json\s*(?:;|$)/i;
const ONE_SCHEMA = new Set(["additionalItems", "additionalProperties", "items", "not"]);
const SCHEMAS = new Set(["allOf", "anyOf", "items", "oneOf"]);
const SCHEMAS_BY_NAME = new Set(["definitions", "dependencies", "patternProperties", "properties"]);

/** The words in which AWS refuses a model, e.g. in github.com/amazon-archives/aws-apigateway-importer/issues/126. */
const invalid = (...errors: readonly string[]): ServiceError =>
  badRequest(`Invalid model specified: Validation Result: warnings : [], errors : [${errors.join(", ")}]`);

/**
 * The schema of a model; undefined when it has none, or one in another language than JSON's.
 * @throws {ServiceError} BadRequestException when it is too large, or no JSON object
 */
export function parseSchema({ contentType, schema }: Pick<DataModel, "contentType" | "schema">): JsonSchema | undefined {
  if (schema === undefined) return undefined;
  const size = Buffer.byteLength(schema);
  if (size > MAX_MODEL_SCHEMA_SIZE) throw badRequest(`The schema of a model has at most ${MAX_MODEL_SCHEMA_SIZE} bytes; this one has ${size}`);
  if (!JSON_TYPE.test(contentType)) return undefined;
  const parsed = parse(schema);
  if (!isObject(parsed)) throw invalid("Invalid model schema specified: it is not a JSON object");
  return parsed;
}

/**
 * Compiles the schema of a model, with those that it refers to. As where it is flattened, a model without a JSON schema
 * takes any value.
 * @param others the API's models; one of the same name is overlooked
 * @throws {ServiceError} BadRequestException with what cannot be compiled, and where
 */
export function checkSchema(model: DataModel, others: readonly DataModel[], apiId: string): void {
  checkSchemaAmong(model, new Map(others.map((each) => [each.name, each])), apiId);
}

/** As {@link checkSchema}, among models that are at hand by their names. */
export function checkSchemaAmong(model: DataModel, others: ReadonlyMap<string, DataModel>, apiId: string): void {
  const modelOf = (name: string) => (name === model.name ? model : others.get(name));
  checked(() => compileSchema(exactSchema(model), schemaOptions(modelOf, apiId)));
}

/** As {@link checkSchema}, for one after the other of an API's models: what several of them refer to is looked at once. */
export function schemaChecker(models: ReadonlyMap<string, DataModel>, apiId: string): (model: DataModel) => void {
  const library = createSchemaLibrary(schemaOptions((name) => models.get(name), apiId));
  return (model) => checked(() => library.compile(exactSchema(model)));
}

function schemaOptions(modelOf: (name: string) => DataModel | undefined, apiId: string): SchemaOptions {
  const resolve = (url: string): unknown => {
    const reference = parseModelUrl(url);
    const model = reference?.apiId === apiId ? modelOf(reference.name) : undefined;
    return model && exactSchema(model);
  };
  return { values: plainInstances, compilePattern: compileSearch, resolve };
}

function checked(compile: () => unknown): void {
  try {
    compile();
  } catch (error) {
    if (error instanceof JsonSchemaError) throw invalid(`Invalid model schema specified: ${error.message}`);
    throw error;
  }
}

/** With all the digits of its numbers. */
function exactSchema(model: DataModel): unknown {
  return parseSchema(model) === undefined ? {} : parseExactly(model.schema ?? "");
}

function parse(schema: string): unknown {
  try {
    return JSON.parse(schema);
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid(`Invalid model schema specified: ${error.message}`);
    throw error;
  }
}

/**
 * The names of the models that a schema refers to, each once. Those of other APIs come with their URLs: they name no model
 * of this one.
 * @throws {ServiceError} BadRequestException for a reference that is neither local nor a model's URL (the words are quoted
 * in github.com/Dropsource/serverless-todo-api-example-complete/issues/3)
 */
export function referencedModels(schema: JsonSchema, apiId: string): readonly string[] {
  const names = new Set<string>();
  mapReferences(schema, (reference) => {
    const model = parseModelUrl(reference);
    if (model !== undefined) names.add(model.apiId === apiId ? model.name : reference);
    else if (!reference.startsWith("#")) throw invalid("Invalid model schema specified", "Model reference must be in canonical form");
    return reference;
  });
  return [...names];
}

/** The refusal of a schema that refers to models that do not exist (quoted in github.com/terra-money/fcd-classic/issues/36). */
export const unknownModels = (names: readonly string[]): ServiceError => invalid(...names.map((name) => `Invalid model specified: ${name}`));

/** The schema with other references. @throws {ServiceError} BadRequestException when it is nested too deeply */
export function mapReferences(schema: JsonSchema, rewrite: (reference: string) => string, depth = 0): JsonSchema {
  if (depth > MAX_DEPTH) throw invalid(`Invalid model schema specified: it is nested deeper than ${MAX_DEPTH} levels`);
  const inner = (each: unknown) => (isObject(each) ? mapReferences(each, rewrite, depth + 1) : each);
  return mapValues(schema, (value, key) => {
    if (key === "$ref" && typeof value === "string") return rewrite(value);
    if (SCHEMAS_BY_NAME.has(key) && isObject(value)) return mapValues(value, inner);
    if (SCHEMAS.has(key) && Array.isArray(value)) return value.map(inner);
    return ONE_SCHEMA.has(key) ? inner(value) : value;
  });
}

/**
 * The schema of a model with all models that it refers to among its definitions, so that all references are local.
 * @param schemaOf the schema of each model of the API
 */
export function flatten(model: string, schemaOf: ReadonlyMap<string, JsonSchema>): JsonSchema {
  const root = schemaOf.get(model) ?? {};
  const own = isObject(root["definitions"]) ? root["definitions"] : {};
  const places = new Map([[model, "#"]]);
  const rewriteAt = (base: string) => (reference: string) => {
    if (reference.startsWith("#")) return base + reference.slice(1);
    const name = parseModelUrl(reference)?.name ?? "";
    const place = places.get(name) ?? `#/definitions/${freeName(name, own)}`;
    places.set(name, place);
    return place;
  };
  const flat = mapReferences(root, rewriteAt("#"));
  const added: Record<string, JsonSchema> = {};
  // Grows while it is walked: what is added refers to others in its turn.
  for (const [name, place] of places) {
    if (name !== model) added[place.slice("#/definitions/".length)] = mapReferences(schemaOf.get(name) ?? {}, rewriteAt(place));
  }
  if (places.size === 1) return flat;
  return { ...flat, definitions: { ...(flat["definitions"] as JsonSchema | undefined), ...added } };
}

/** The name of a model, or one like it where the schema has a definition of that name. */
const freeName = (name: string, taken: JsonSchema): string => (Object.hasOwn(taken, name) ? freeName(`${name}_`, taken) : name);

export const isObject = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null && !Array.isArray(value);

function mapValues(object: JsonSchema, map: (value: unknown, key: string) => unknown): JsonSchema {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
}
