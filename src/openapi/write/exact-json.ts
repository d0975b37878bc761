// JSON texts of developers as values that print as they were written: numbers keep digits that JavaScript's have no room for.
import type { JsonObject } from "./source.ts";

/** A number as it was written; see {@link isExact}. */
interface ExactNumber {
  readonly rawJSON: string;
}

/** What ECMAScript has for this (https://tc39.es/proposal-json-parse-with-source/), and TypeScript's library does not yet know. */
interface ExactJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown;
  rawJSON(text: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
}

const json = JSON as unknown as ExactJson;

/** @throws {SyntaxError} */
export const parseExactly = (text: string): unknown =>
  json.parse(text, (_key, value, { source }) => {
    const isKept = typeof value === "number" && source !== undefined && String(value) !== source;
    return isKept ? json.rawJSON(source) : value;
  });

/** Whether a value is a number that {@link parseExactly} has kept as it was written. */
export const isExact = (value: unknown): value is ExactNumber => json.isRawJSON(value);

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isExact(value);
