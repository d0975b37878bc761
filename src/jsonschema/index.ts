// JSON Schema draft 4 as API Gateway's models use it: schemas are compiled once to closures over any kind of JSON values,
// and say what is wrong in the words of the Java library json-schema-validator.
export type { ResolveSchema } from "./documents.ts";
export { JsonSchemaError, ValidationLimitError } from "./errors.ts";
export type { CompilePattern } from "./keywords/keyword.ts";
export { validationErrorString } from "./message-order.ts";
export { parseSchema } from "./parse.ts";
export type { ValidationLimits, ValidationMessage } from "./run.ts";
export { unsupportedKeywords } from "./unsupported.ts";
export type { UnsupportedKeyword } from "./unsupported.ts";
export { compileSchema, createSchemaLibrary } from "./validator.ts";
export type { SchemaLibrary, SchemaOptions, Validator } from "./validator.ts";
export { plainInstances } from "./values.ts";
export type { InstanceValues } from "./values.ts";
