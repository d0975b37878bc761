// JSONPath as Jayway's library evaluates it: paths are compiled once to closures over any kind of JSON values.
export { JsonPathSyntaxError } from "./errors.ts";
export type { PathLimits } from "./evaluation.ts";
export { LenientJsonError, readLenientJson } from "./lenient-json.ts";
export { compilePath } from "./path.ts";
export type { Outcome, Path, PathOptions } from "./path.ts";
export type { CompileRegex } from "./syntax/tree.ts";
export { plainValues } from "./values.ts";
export type { JsonKind, JsonValues } from "./values.ts";
