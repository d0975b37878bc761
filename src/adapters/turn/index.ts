// What is written to sockets, held back until everything that has arrived meanwhile has been read.
export { atTurnsEnd } from "./turn.ts";
export type { Departure } from "./turn.ts";
