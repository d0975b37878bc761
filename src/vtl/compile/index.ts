// From the tree to closures.
export type { Frame } from "./frame.ts";
export { contextFrame, StopSignal } from "./frame.ts";
export type { Macros } from "./run.ts";
export { Run } from "./run.ts";
export { compileTemplate } from "./statements.ts";
