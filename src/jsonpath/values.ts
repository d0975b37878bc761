// How paths read and make JSON values, whatever these are made of: nothing is converted to be looked at.

export type JsonKind = "object" | "array" | "string" | "integer" | "decimal" | "boolean" | "null";

/**
 * JSON values as the caller holds them. Strings, booleans and null are JavaScript's own; objects, arrays and numbers may
 * be anything. What is an integer and what a decimal is told by how the number was written: 1.0 is a decimal, as in Java.
 */
export interface JsonValues {
  kind(value: unknown): JsonKind;
  /** The number of an array's elements or an object's members. */
  size(container: unknown): number;
  /** The names of an object's members, in the order of the document. */
  keys(object: unknown): Iterable<string>;
  /** An object's own member; undefined when there is none. */
  member(object: unknown, name: string): unknown;
  element(array: unknown, index: number): unknown;
  /** A number as Java prints it: 1, 1.5, 1.0E10. */
  numberText(number: unknown): string;
  array(elements: unknown[]): unknown;
  object(members: Iterable<readonly [string, unknown]>): unknown;
  /** The number of a JSON text. */
  number(text: string): unknown;
  /** A decimal, also where its value is a whole number. */
  decimal(value: number): unknown;
}

const kindOfType: Readonly<Record<string, JsonKind>> = { string: "string", boolean: "boolean", bigint: "integer" };

/**
 * Arrays, Maps and JavaScript's numbers and bigints. Plain objects (of JSON.parse) are read as well: their own members
 * only. Made objects are Maps, which keep the order of all keys.
 */
export const plainValues: JsonValues = {
  kind(value) {
    if (typeof value === "number") return Number.isInteger(value) ? "integer" : "decimal";
    if (value === null) return "null";
    if (typeof value === "object") return Array.isArray(value) ? "array" : "object";
    const kind = kindOfType[typeof value];
    if (kind === undefined) throw new TypeError(`A ${typeof value} is no JSON value`);
    return kind;
  },
  size: (container) =>
    Array.isArray(container)
      ? container.length
      : container instanceof Map
        ? container.size
        : Object.keys(container as object).length,
  keys: (object) => (object instanceof Map ? (object as Map<string, unknown>).keys() : Object.keys(object as object)),
  member: (object, name) => {
    if (object instanceof Map) return (object as Map<string, unknown>).get(name);
    return Object.hasOwn(object as object, name) ? (object as Record<string, unknown>)[name] : undefined;
  },
  element: (array, index) => (array as unknown[])[index],
  numberText: String,
  array: (elements) => elements,
  object: (members) => new Map(members),
  number: (text) => {
    const value = Number(text);
    return Number.isSafeInteger(value) || !/^-?\d+$/.test(text) ? value : BigInt(text);
  },
  decimal: (value) => value,
};
