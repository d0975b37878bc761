// Mapping templates, and JSONPath over the payloads that they map.
export type { JsonDocument } from "./json-document.ts";
export { findIn, jsonDocument, JsonDocumentError, pathOf } from "./json-document.ts";
export type { MappingTemplate } from "./mapping-template.ts";
export { compileMappingTemplate } from "./mapping-template.ts";
export type { Override, OverrideMap, Overrides } from "./overrides.ts";
export { parameterOf } from "./text-of-value.ts";
