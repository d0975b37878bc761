// The machine's own clock, randomness and log stream.
export { systemClock } from "./clock.ts";
export { systemIds } from "./ids.ts";
export { createLog } from "./log.ts";
export type { LogOptions } from "./log.ts";
export { openRunDirectory } from "./run-directory.ts";
export type { RunDirectory } from "./run-directory.ts";
