// What templates can ask of values: Java's methods.
export { callMethod, getElement, getProperty, iterate, setElement, setProperty } from "./call.ts";
export type { Match, MethodScope, Pattern, PatternEngine } from "./overload.ts";
