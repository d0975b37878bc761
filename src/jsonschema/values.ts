// How validators read JSON values, whatever these are made of: nothing is converted to be looked at.
import { messageNumber } from "./decimals.ts";

export type JsonKind = "object" | "array" | "string" | "integer" | "decimal" | "boolean" | "null";

/**
 * JSON values as the caller holds them. Strings, booleans and null are JavaScript's own; objects, arrays and numbers may
 * be anything. What is an integer and what a decimal is told by how the number was written: 1.0 is a decimal, as in Java.
 */
export interface InstanceValues {
  kind(value: unknown): JsonKind;
  /** The number of an array's elements or an object's members. */
  size(container: unknown): number;
  /** The names of an object's members, in the order of the document. */
  keys(object: unknown): Iterable<string>;
  /** An object's own member; undefined when there is none. */
  member(object: unknown, name: string): unknown;
  element(array: unknown, index: number): unknown;
  /** A number as JSON. */
  numberText(number: unknown): string;
}

const kindOfType: Readonly<Record<string, JsonKind>> = { string: "string", boolean: "boolean", bigint: "integer" };

/** Arrays, JavaScript's numbers and bigints, and of plain objects and Maps their own members. */
export const plainInstances: InstanceValues = {
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
};

/** JSON without spaces, as messages show values. */
export function jsonText(value: unknown, values: InstanceValues): string {
  switch (values.kind(value)) {
    case "object": {
      const members = Array.from(
        values.keys(value),
        (key) => `${JSON.stringify(key)}:${jsonText(values.member(value, key), values)}`,
      );
      return `{${members.join(",")}}`;
    }
    case "array":
      return `[${Array.from({ length: values.size(value) }, (_, at) => jsonText(values.element(value, at), values)).join(",")}]`;
    case "integer":
    case "decimal":
      return messageNumber(values.numberText(value));
    case "string":
    case "boolean":
    case "null":
      return JSON.stringify(value);
  }
}
