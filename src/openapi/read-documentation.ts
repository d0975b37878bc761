// The documentation parts in an OpenAPI document: those of `x-amazon-apigateway-documentation`, or, in a document without
// one, what its own fields say of the entities that it defines
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-documentation.html).
import type { DocumentationPartLocation, DocumentationPartType } from "../domain/documentation.ts";
import { DOCUMENTATION_PART_TYPES } from "../domain/documentation.ts";
import { isJsonObject, type JsonObject } from "../domain/json.ts";
import { EXTENSIONS, PATH_ITEM_METHODS } from "./extensions.ts";
import { type Importer, parseDocument } from "./read/document.ts";
import { DocumentError, invalidInput } from "./read/problem.ts";

export interface ReadDocumentationPart {
  /** As the document has it, without the defaults of what it leaves out. */
  readonly location: DocumentationPartLocation;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface ReadDocumentation {
  readonly parts: readonly ReadDocumentationPart[];
  /** What was left out, and why. */
  readonly warnings: readonly string[];
}

/** The documentation of a document cannot be read. The message says why. */
export class DocumentationError extends Error {
  override readonly name = "DocumentationError";
}

/**
 * Reads the parts of a document, JSON or YAML, OpenAPI 2.0 or 3.0.
 * @throws {DocumentError} when it is no document at all
 * @throws {DocumentationError} when its extension is no list
 */
export function readDocumentationParts(bytes: Uint8Array, importer: Importer): ReadDocumentation {
  const { root } = parseDocument(bytes, importer);
  if (!isJsonObject(root)) throw new DocumentError(invalidInput("the document is no object"));
  return documentationPartsIn(root);
}

/**
 * The parts of a document that has been parsed.
 * @throws {DocumentationError} when its extension is no list
 */
export function documentationPartsIn(document: Readonly<Record<string, unknown>>): ReadDocumentation {
  const extension = document[EXTENSIONS.documentation];
  if (extension === undefined) return { parts: partsOfFields(document), warnings: [] };
  const listed = isJsonObject(extension) ? extension["documentationParts"] : undefined;
  if (!Array.isArray(listed)) throw new DocumentationError(`${EXTENSIONS.documentation}.documentationParts is not an array`);
  const read = listed.map(readPart);
  return {
    parts: read.filter((each) => typeof each !== "string"),
    warnings: read.filter((each) => typeof each === "string"),
  };
}

/** A part of the extension, or why it is none. */
function readPart(part: unknown, index: number): ReadDocumentationPart | string {
  const where = `${EXTENSIONS.documentation}.documentationParts[${index}]`;
  if (!isJsonObject(part) || !isJsonObject(part["location"])) return `${where} has no location. Ignoring.`;
  const { type, path, method, statusCode, name } = part["location"];
  if (!isType(type)) return `${where}.location.type is not one of: [${DOCUMENTATION_PART_TYPES.join(", ")}]. Ignoring.`;
  const properties = part["properties"];
  if (!isJsonObject(properties)) return `${where}.properties is not an object. Ignoring.`;
  const fields = { path, method, statusCode, name };
  const said = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return { location: { type, ...Object.fromEntries(said.map(([field, value]) => [field, String(value)])) }, properties };
}

const isType = (type: unknown): type is DocumentationPartType => DOCUMENTATION_PART_TYPES.includes(type as DocumentationPartType);

/** What the document's own fields say. */
function partsOfFields(document: JsonObject): readonly ReadDocumentationPart[] {
  const info = pick(document["info"], ["description", "termsOfService", "contact", "license"]);
  const api = { ...pick(document, ["tags", "externalDocs"]), ...(info === undefined ? {} : { info }) };
  const components = objectOf(document["components"]);
  const models = entriesOf(document["definitions"] ?? components["schemas"]);
  return [
    ...part({ type: "API" }, api),
    ...models.flatMap(([name, schema]) => part({ type: "MODEL", name }, pick(schema, ["description", "externalDocs", "example"]))),
    ...entriesOf(document["paths"]).flatMap(([path, item]) => partsOfPath(path, item)),
  ];
}

function partsOfPath(path: string, item: JsonObject): readonly ReadDocumentationPart[] {
  const methods = [...PATH_ITEM_METHODS.map((method) => [method, method.toUpperCase()] as const), [EXTENSIONS.anyMethod, "ANY"] as const];
  return methods.flatMap(([member, method]) => {
    const operation = item[member];
    return isJsonObject(operation) ? partsOfOperation({ path, method }, operation) : [];
  });
}

interface Where {
  readonly path: string;
  readonly method: string;
}

const PARAMETER_TYPES: Readonly<Record<string, DocumentationPartType>> = { path: "PATH_PARAMETER", query: "QUERY_PARAMETER", header: "REQUEST_HEADER" };

function partsOfOperation(where: Where, operation: JsonObject): readonly ReadDocumentationPart[] {
  const parameters = Array.isArray(operation["parameters"]) ? operation["parameters"].filter(isJsonObject) : [];
  return [
    ...part({ type: "METHOD", ...where }, pick(operation, ["tags", "summary", "description", "externalDocs", "deprecated"])),
    ...parameters.flatMap((parameter) => {
      const said = pick(parameter, ["description"]);
      if (parameter["in"] === "body") return part({ type: "REQUEST_BODY", ...where }, said);
      const type = PARAMETER_TYPES[String(parameter["in"])];
      return type === undefined ? [] : part({ type, ...where, name: String(parameter["name"]) }, said);
    }),
    ...part({ type: "REQUEST_BODY", ...where }, pick(operation["requestBody"], ["description"])),
    ...entriesOf(operation["responses"]).flatMap(([statusCode, response]) => partsOfResponse(where, statusCode, response)),
  ];
}

function partsOfResponse(where: Where, statusCode: string, response: JsonObject): readonly ReadDocumentationPart[] {
  if (!/^[1-5]\d\d$/.test(statusCode)) return [];
  // What an export says where nobody has described the response.
  const isGenerated = response["description"] === `${statusCode} response`;
  return [
    ...(isGenerated ? [] : part({ type: "RESPONSE", ...where, statusCode }, pick(response, ["description"]))),
    ...entriesOf(response["headers"]).flatMap(([name, header]) => part({ type: "RESPONSE_HEADER", ...where, statusCode, name }, pick(header, ["description"]))),
  ];
}

function part(location: DocumentationPartLocation, properties: JsonObject | undefined): readonly ReadDocumentationPart[] {
  return properties === undefined || Object.keys(properties).length === 0 ? [] : [{ location, properties }];
}

/** Some members of an object, those that it has; undefined when it has none of them, or is none. */
function pick(value: unknown, members: readonly string[]): JsonObject | undefined {
  const found = Object.entries(objectOf(value)).filter(([member]) => members.includes(member));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

const objectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});
const entriesOf = (value: unknown): readonly (readonly [string, JsonObject])[] =>
  Object.entries(objectOf(value)).flatMap(([name, each]) => (isJsonObject(each) ? [[name, each] as const] : []));
