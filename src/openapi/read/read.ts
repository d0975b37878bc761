// Reads a document: what it defines, and what is wrong with it.
import { EXTENSIONS } from "../extensions.ts";
import { type BasePathMode, pathPrefix } from "./base-path.ts";
import { type Importer, type ParsedText, parseDocument } from "./document.ts";
import { readDocumentation } from "./documentation.ts";
import type { ImportedApi } from "./imported.ts";
import { readModels } from "./models.ts";
import { readPaths } from "./paths.ts";
import { DocumentError, invalidInput, type LocatedProblem, type Position, type Problem } from "./problem.ts";
import { readSecuritySchemes } from "./security.ts";
import { readGatewayResponses, readRequestValidators, readSettings } from "./settings.ts";
import { createReading, isObject, type Reading, textOf } from "./spot.ts";

export interface ReadOptions extends Importer {
  /** The API that the models of the document will be of. */
  readonly apiId: string;
  readonly basePath?: BasePathMode;
  /** Leave out the documentation parts. */
  readonly ignoreDocumentation?: boolean;
  /** An API has no more resources than this: of paths past it, none is read. All are when absent. */
  readonly maxPaths?: number;
  /** The names of models that the API has besides. */
  readonly knownModels?: ReadonlySet<string>;
}

export interface ReadResult {
  /** Absent when no API can be made of the document, whatever its details. */
  readonly api?: ImportedApi;
  /** What is wrong so far: the list is the caller's to go on with. */
  readonly problems: Problem[];
  /** Problems, those found later too, with their lines and columns, in the order in which they stand. */
  locate(problems: readonly Problem[]): readonly LocatedProblem[];
}

/** Reads an OpenAPI document, 2.0 or 3.0, JSON or YAML. Never throws for what the document has in it. */
export function readOpenApi(bytes: Uint8Array, options: ReadOptions): ReadResult {
  let text: ParsedText | undefined;
  let reading: Reading | undefined;
  try {
    text = parseDocument(bytes, options);
    reading = createReading(text);
    for (const { message, pointer } of text.notes) reading.report("note", message, { value: undefined, pointer });
    return { api: readApi(reading, options), problems: reading.problems, locate: locator(text) };
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const { problem, position } = error;
    return { problems: [...(reading?.problems ?? []), problem], locate: locator(text, position) };
  }
}

function readApi(reading: Reading, options: ReadOptions): ImportedApi {
  const isVersion2 = assertVersion(reading) === 2;
  const { member, root } = reading;
  const components = member(root, "components");
  const definitions = isVersion2 ? member(root, "definitions") : member(components, "schemas");
  const names = new Set([...reading.members(definitions).map(([name]) => name), ...(options.knownModels ?? [])]);
  const models = readModels({ reading, apiId: options.apiId, isVersion2, hasModel: (name) => names.has(name) }, definitions);
  const schemes = readSecuritySchemes(reading, isVersion2 ? member(root, "securityDefinitions") : member(components, "securitySchemes"));
  const requestValidator = textOf(member(root, EXTENSIONS.requestValidator));
  const settings = readSettings(reading, options);
  const prefix = pathPrefix(reading, options.basePath ?? "ignore");
  const paths = readPaths({ reading, isVersion2, models, schemes, requestValidator }, { prefix, maxPaths: options.maxPaths });
  return {
    settings,
    models: models.all,
    requestValidators: readRequestValidators(reading),
    authorizers: [...schemes.values()].flatMap((scheme) => (scheme.kind === "authorizer" ? [scheme.authorizer] : [])),
    gatewayResponses: readGatewayResponses(reading),
    ...paths,
    documentation: options.ignoreDocumentation ? [] : readDocumentation(reading, prefix),
  };
}

/** @throws {DocumentError} unless the document says that it is OpenAPI 2.0 or 3.0 */
function assertVersion({ root, member }: Reading): 2 | 3 {
  if (!isObject(root.value)) throw new DocumentError(invalidInput("the document is no object"));
  const version2 = textOf(member(root, "swagger"));
  const version3 = textOf(member(root, "openapi"));
  if (version2 === "2.0" || version2 === "2") return 2;
  if (version3 !== undefined && /^3\.0(?:\.|$)/.test(version3)) return 3;
  const said = version2 ?? version3;
  const pointer = version2 === undefined && version3 !== undefined ? "/openapi" : version2 === undefined ? "" : "/swagger";
  const unsaid = 'neither "swagger" nor "openapi" says which version this is';
  throw new DocumentError(invalidInput(said === undefined ? unsaid : `version ${said} is not supported: 2.0 and 3.0 are`, pointer));
}

const START: Position = { line: 1, column: 1 };

function locator(text: ParsedText | undefined, fatal?: Position): ReadResult["locate"] {
  return (problems) => {
    const found = text?.positions([...new Set(problems.flatMap(({ pointer }) => withParents(pointer)))]);
    const place = (pointer: string): Position => {
      const innermost = withParents(pointer).find((each) => found?.has(each));
      return found?.get(innermost ?? "") ?? START;
    };
    const located = problems.map(({ fatal: isFatal, ...problem }): LocatedProblem => {
      return { ...problem, ...((isFatal && fatal) || place(problem.pointer)) };
    });
    return located.sort((a, b) => a.line - b.line || a.column - b.column);
  };
}

/** The pointer and those to what it is in, innermost first. */
function withParents(pointer: string): readonly string[] {
  const all: string[] = [];
  for (let each = pointer; each !== ""; each = each.slice(0, each.lastIndexOf("/"))) all.push(each);
  return [...all, ""];
}
