// The door of tracing: sampling as X-Ray does it, segments to an X-Ray daemon or beside the logs.
export { readSamplingRules } from "./rules-file.ts";
export { SamplingRulesError } from "./sampling-rules.ts";
export { createTracer } from "./tracer.ts";
