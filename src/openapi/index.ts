// The door of OpenAPI: documents to and from definitions of REST APIs.
export { EXTENSIONS } from "./extensions.ts";
export { DocumentationError, type ReadDocumentation, readDocumentationParts } from "./read-documentation.ts";
