// Functions as processes that speak the Lambda Runtime API.
export { createFunctionRuntime } from "./function-runtime.ts";
export type { FunctionRuntimeOptions } from "./function-runtime.ts";
export type { FunctionLogLine } from "./invocation-log.ts";
export type { PoolLimits } from "./pool.ts";
