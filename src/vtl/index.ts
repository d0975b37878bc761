// The Velocity Template Language as Apache Velocity 1.7 runs it, with Java's values and none of its objects: templates
// are compiled to closures, see nothing but what they are given, and cannot run without end.
export { TemplateRuntimeError, TemplateSyntaxError } from "./errors.ts";
export type { JsonMaker, JsonScalar } from "./json-reader.ts";
export { readJson } from "./json-reader.ts";
export { parseJson, toJson, toValue } from "./json.ts";
export type { Template, TemplateLimits, TemplateOptions } from "./template.ts";
export { defaultLimits, parseTemplate } from "./template.ts";
export { utilObject } from "./util-object.ts";
export type { Match, Pattern, PatternEngine } from "./methods/index.ts";
export type { HostMethod, HostObject, Value } from "./values/index.ts";
export { BigDecimal, BigInteger, Double, ListValue, Long, MapValue, Meter, numberText, textOf } from "./values/index.ts";
