// The models that a method validates bodies against
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html).
import type { DataModel } from "../domain/data-model.ts";
import { parseModelUrl } from "../domain/data-model.ts";
import type { Method } from "../domain/rest-api.ts";
import type { SchemaLibrary, Validator } from "../jsonschema/index.ts";
import { createSchemaLibrary, JsonSchemaError, parseSchema, ValidationLimitError, validationErrorString } from "../jsonschema/index.ts";
import { compileSearch } from "../pattern/index.ts";
import { bodyValues, parseJsonBody } from "./json-body.ts";
import { mediaTypeOf } from "./media-types.ts";

/** What is wrong with a body; undefined for one that is as its model has it. */
export type BodyValidator = (body: Buffer) => string | undefined;

export interface BodyValidation {
  /** The validator for a media type; undefined when there is no model for it: "request validation is not performed". */
  choose(mediaType: string): BodyValidator | undefined;
}

/** A model that cannot be used. The message goes on after the method's name: "uses the model ...". */
export class ModelError extends Error {
  override readonly name = "ModelError";
}

/** Undefined when no model has a schema. @throws {ModelError} */
export function compileBodyValidation({ requestModels = {} }: Method, snapshot: ModelOwner): BodyValidation | undefined {
  const models = modelsOf(snapshot);
  const byType = new Map<string, BodyValidator | undefined>();
  for (const [contentType, name] of Object.entries(requestModels)) {
    const type = contentType === ANY_TYPE ? ANY_TYPE : mediaTypeOf(contentType);
    const validator = models.validator(name);
    byType.set(type, validator && bodyValidator(validator));
  }
  if (![...byType.values()].some((validator) => validator !== undefined)) return undefined;
  return { choose: (mediaType) => byType.get(byType.has(mediaType) ? mediaType : ANY_TYPE) };
}

/** The validator of one model; undefined when it has no schema. @throws {ModelError} */
export function compileModelValidator(name: string, owner: ModelOwner): BodyValidator | undefined {
  const validator = modelsOf(owner).validator(name);
  return validator && bodyValidator(validator);
}

/** A snapshot of an API that has models. */
export interface ModelOwner {
  readonly apiId: string;
  readonly models?: readonly DataModel[];
}

interface Models {
  /** The validator of a model; undefined when it has no schema. @throws {ModelError} */
  validator(name: string): Validator | undefined;
}

/** Methods share the models of their snapshot: each is compiled once, when it is first asked for. */
const compiledModels = new WeakMap<ModelOwner, Models>();

function modelsOf(snapshot: ModelOwner): Models {
  const known = compiledModels.get(snapshot);
  if (known !== undefined) return known;
  const byName = new Map((snapshot.models ?? []).map((model) => [model.name, model]));
  const library = createSchemaLibrary({ values: bodyValues, compilePattern: compileSearch, resolve: (url) => schemaAt(url, byName, snapshot.apiId) });
  const compiled = new Map<string, Validator | undefined>();
  const models: Models = {
    validator(name) {
      const model = byName.get(name);
      if (model === undefined) throw new ModelError(`uses the model ${name}, which does not exist`);
      if (!compiled.has(name)) {
        const schema = schemaOf(model);
        compiled.set(name, schema === undefined ? undefined : compileModel(name, schema, library));
      }
      return compiled.get(name);
    },
  };
  compiledModels.set(snapshot, models);
  return models;
}

/** "To use the same model regardless of the content type, set the content type for your data model to $default". */
const ANY_TYPE = "$default";

const JSON_TYPE = /^(?:\$default|[^/]+\/(?:[^;]+\+)?json)$/;

/** A model's schema; undefined when it has none, or one in another language than JSON's. */
function schemaOf({ name, contentType, schema }: DataModel): unknown {
  if (schema === undefined || !JSON_TYPE.test(mediaTypeOf(contentType))) return undefined;
  try {
    return parseSchema(schema);
  } catch (error) {
    throw invalid(name, error);
  }
}

/** The schema that models refer to by its URL: another model's. */
function schemaAt(url: string, models: ReadonlyMap<string, DataModel>, apiId: string): unknown {
  const reference = parseModelUrl(url);
  const model = reference?.apiId === apiId ? models.get(reference.name) : undefined;
  return model && schemaOf(model);
}

function compileModel(name: string, schema: unknown, library: SchemaLibrary): Validator {
  try {
    return library.compile(schema);
  } catch (error) {
    throw error instanceof JsonSchemaError ? invalid(name, error) : error;
  }
}

const invalid = (name: string, cause: unknown): ModelError =>
  new ModelError(`uses the model ${name}, whose schema is invalid: ${(cause as Error).message}`, { cause });

/** An empty body and one that is no JSON: both have the same words in execution logs. */
const UNREADABLE = "[Unknown error parsing request body]";

function bodyValidator(validator: Validator): BodyValidator {
  return (body) => {
    try {
      // A step for each byte: every element of a body of 10 MB can be tried.
      const messages = validator.validate(parseJsonBody(body), body.length);
      return messages.length === 0 ? undefined : validationErrorString(messages);
    } catch (error) {
      if (error instanceof SyntaxError) return UNREADABLE;
      if (error instanceof ValidationLimitError) return `[${error.message}]`;
      throw error;
    }
  };
}
