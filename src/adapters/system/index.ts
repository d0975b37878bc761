// The machine's own clock, randomness and log stream.
export { systemClock } from "./clock.ts";
export { systemIds } from "./ids.ts";
export { createLog } from "./log.ts";
export type { LogOptions } from "./log.ts";
