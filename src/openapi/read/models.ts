// The models of a document: those that it names, and those that AWS makes of schemas which stand where they are used.
import { createHash } from "node:crypto";
import { parseModelUrl } from "../../domain/data-model.ts";
import type { ImportedApi } from "./imported.ts";
import { missingModel, modelName, modelSchema, type SchemaContext } from "./schema.ts";
import { isObject, referenceOf, type Spot } from "./spot.ts";

type ImportedModel = ImportedApi["models"][number];

export interface Models {
  readonly all: readonly ImportedModel[];
  /**
   * The name of the model of a request or response; undefined, and a warning, when there can be none.
   * @param place what is said of the place, for one kind of schema: `in request schema for 'PUT /test'`
   * @param kind what the warning calls the schema; by default what OpenAPI's parser calls its class
   */
  use(schema: Spot, place: string, kind?: string): string | undefined;
}

/** Reads the named models; inline ones are added as they are used. */
export function readModels(context: SchemaContext, definitions: Spot | undefined): Models {
  const { reading } = context;
  const all: ImportedModel[] = reading.members(definitions).flatMap(([name, spot]) => namedModel(context, name, spot));
  const schemas = new Map(all.map(({ name, schema }) => [name, schema]));
  const inline = (spot: Spot): string => {
    const schema = written(modelSchema(context, spot));
    const name = inlineName(schema, schemas);
    if (!schemas.has(name)) {
      schemas.set(name, schema);
      all.push({ name, contentType: "application/json", schema, pointer: spot.pointer });
    }
    return name;
  };
  return {
    all,
    use(spot, place, kind) {
      const reference = referenceOf(spot);
      if (reference !== undefined) return referredModel(context, spot, reference);
      const type = schemaClass(spot);
      if (type === undefined) return inline(spot);
      // Quoted in github.com/aws/aws-cdk/issues/24844.
      reading.report("warning", `Unsupported model type '${kind ?? type}' ${place}. Ignoring.`, spot);
      return undefined;
    },
  };
}

function namedModel(context: SchemaContext, name: string, spot: Spot): readonly ImportedModel[] {
  const external = externalReference(spot.value);
  if (external === undefined) {
    return [{ name, contentType: "application/json", schema: written(modelSchema(context, spot)), pointer: spot.pointer }];
  }
  // The words that users of the CDK have got for references to URLs since April 2024.
  const refusal = "Invalid model specified: Validation Result: warnings : [], errors : [Model reference must be in canonical form]";
  context.reading.report("error", `Unable to create model for '${name}': ${refusal}`, spot, `it refers to ${external}`);
  return [];
}

/** A reference out of the document that is none to a model, wherever in a schema it stands. */
function externalReference(schema: unknown): string | undefined {
  const open: unknown[] = [schema];
  const seen = new Set<unknown>();
  for (let next = open.pop(); next !== undefined || open.length > 0; next = open.pop()) {
    if (typeof next !== "object" || next === null || seen.has(next)) continue;
    seen.add(next);
    const reference = isObject(next) ? next["$ref"] : undefined;
    if (typeof reference === "string" && !reference.startsWith("#") && parseModelUrl(reference) === undefined) return reference;
    open.push(...Object.values(next));
  }
  return undefined;
}

/** The model that a reference names, also by its URL. */
function referredModel(context: SchemaContext, spot: Spot, reference: string): string | undefined {
  const byUrl = parseModelUrl(reference);
  const name = byUrl?.apiId === context.apiId ? byUrl.name : modelName(reference);
  if (name !== undefined && context.hasModel(name)) return name;
  context.reading.report("warning", missingModel(name ?? reference), spot);
  return undefined;
}

/** What AWS's parser calls a schema that no model is made of; undefined when one is: that is one of an object or a list. */
function schemaClass({ value }: Spot): string | undefined {
  if (!isObject(value)) return "Schema";
  if (value["allOf"] !== undefined || value["anyOf"] !== undefined || value["oneOf"] !== undefined) return "ComposedSchema";
  const { type, format } = value as { readonly type?: unknown; readonly format?: unknown };
  if (type === "object" || type === "array" || value["properties"] !== undefined) return undefined;
  if (type === "string") return STRING_CLASSES[String(format)] ?? "StringSchema";
  return CLASSES[String(type)] ?? "Schema";
}

const CLASSES: Readonly<Record<string, string>> = {
  boolean: "BooleanSchema",
  file: "FileSchema",
  integer: "IntegerSchema",
  number: "NumberSchema",
};
const STRING_CLASSES: Readonly<Record<string, string>> = {
  binary: "BinarySchema",
  byte: "ByteArraySchema",
  date: "DateSchema",
  "date-time": "DateTimeSchema",
  email: "EmailSchema",
  password: "PasswordSchema",
  uuid: "UUIDSchema",
};

const written = (schema: unknown): string => JSON.stringify(schema, undefined, 2);

/**
 * `MODEL` and six hexadecimal digits (github.com/aws/aws-sdk/issues/468), of the schema here, so that the same document
 * gives the same names; more digits where another model has that name.
 */
function inlineName(schema: string, taken: ReadonlyMap<string, string | undefined>): string {
  const digits = createHash("sha256").update(schema).digest("hex");
  for (let length = 6; length < digits.length; length += 2) {
    const name = `MODEL${digits.slice(0, length)}`;
    if (!taken.has(name) || taken.get(name) === schema) return name;
  }
  return `MODEL${digits}`;
}
