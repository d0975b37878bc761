// Mapping templates, and JSONPath over the payloads that they map.
export type { JsonDocument } from "./json-document.ts";
export { findIn, jsonDocument, JsonDocumentError, pathOf } from "./json-document.ts";
export type { MappingTemplate, TemplateSurroundings } from "./mapping-template.ts";
export { compileMappingTemplate, compileTemplateWith } from "./mapping-template.ts";
export { variablesObject } from "./context-object.ts";
export type { Override, OverrideMap, Overrides } from "./overrides.ts";
export { parameterOf, textOfValue } from "./text-of-value.ts";
