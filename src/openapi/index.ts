// The door of OpenAPI: documents to and from definitions of REST APIs.
export type { ImportedHttpApi, ImportedHttpAuthorizer, ImportedHttpIntegration, ImportedRoute } from "./http-api/imported.ts";
export { type HttpReadOptions, type HttpReadResult, readHttpApi } from "./http-api/read.ts";
export { type HttpExportSource, writeHttpApi } from "./http-api/write.ts";
export { DocumentationError, type ReadDocumentation, readDocumentationParts } from "./read-documentation.ts";
export { BASE_PATH_MODES, type BasePathMode } from "./read/base-path.ts";
export type { ImportedApi, ImportedIntegration, ImportedMethod, ImportedSettings } from "./read/imported.ts";
export type { Importer } from "./read/document.ts";
export { DocumentError, type LocatedProblem, type Problem } from "./read/problem.ts";
export { readOpenApi, type ReadOptions, type ReadResult } from "./read/read.ts";
export { writeDocument } from "./write/document.ts";
export { printJson } from "./write/print-json.ts";
export { printYaml } from "./write/print-yaml.ts";
export { EXPORT_EXTENSIONS, ExportError, type ExportExtension, type ExportFormat, timestamp } from "./write/source.ts";
