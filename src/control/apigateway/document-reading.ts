// Reading OpenAPI documents, as far as it takes nothing but the document and the definition that it is to change: large ones
// are read where they hold up nobody, so what is asked and what comes of it is plain data.
import type { Definition } from "../../domain/definition.ts";
import type { RestApiLimits } from "../../domain/limits.ts";
import {
  DocumentationError,
  DocumentError,
  type ImportedApi,
  type Importer,
  type Problem,
  type ReadDocumentation,
  readDocumentationParts,
  readOpenApi,
  type ReadOptions,
} from "../../openapi/index.ts";
import type { Ids } from "../../ports/ids.ts";
import { importDefinition } from "./imported-definition.ts";
import type { ImportMode } from "./importing.ts";

/** Where documents are read. */
export interface DocumentReading {
  /** @throws {ServiceError} for a document that takes more than it may */
  definition(task: DefinitionTask): Promise<ReadDefinition>;
  /** @throws {ServiceError} as {@link DocumentReading.definition} */
  documentation(task: DocumentationTask): Promise<ReadDocumentation | UnreadDocumentation>;
}

export interface DefinitionTask {
  readonly body: Uint8Array;
  readonly options: Omit<ReadOptions, "maxPaths">;
  readonly mode: ImportMode;
  /** The definition before. */
  readonly base: Definition;
  readonly limits: RestApiLimits;
}

export interface ReadDefinition {
  /** Both are absent when no API can be made of the document. The definition is only good when no problem is an error. */
  readonly definition?: Definition;
  readonly imported?: ImportedRest;
  readonly problems: Problem[];
}

/** What of a document is looked at beside the definition that was made of it. */
export interface ImportedRest extends Pick<ImportedApi, "authorizers" | "documentation"> {
  /** Those that name a VPC link. */
  readonly methods: ImportedApi["methods"];
}

export interface DocumentationTask {
  readonly body: Uint8Array;
  readonly importer: Importer;
}

/** Documentation that cannot be read. */
export interface UnreadDocumentation {
  /** For whoever has sent it. */
  readonly refusal: string;
}

/** Reads the document, and makes a definition of it and of the one before. */
export function readDefinition({ body, options, mode, base, limits }: DefinitionTask, ids: Ids): ReadDefinition {
  const { api, problems } = readOpenApi(body, { ...options, maxPaths: limits.resourcesPerApi });
  if (api === undefined) return { problems };
  const definition = importDefinition({ ids, limits, mode, base, problems }, api);
  const { authorizers, documentation } = api;
  return { definition, problems, imported: { authorizers, documentation, methods: api.methods.filter(({ integration }) => integration?.connectionId !== undefined) } };
}

export function readDocumentation({ body, importer }: DocumentationTask): ReadDocumentation | UnreadDocumentation {
  try {
    return readDocumentationParts(body, importer);
  } catch (error) {
    if (error instanceof DocumentError) return { refusal: error.message };
    if (error instanceof DocumentationError) return { refusal: `Errors found during import:\n\t${error.message}` };
    throw error;
  }
}

/** Reads documents at once, where it is asked to. */
export const readingAtOnce = (ids: Ids): DocumentReading => ({
  definition: async (task) => readDefinition(task, ids),
  documentation: async (task) => readDocumentation(task),
});
