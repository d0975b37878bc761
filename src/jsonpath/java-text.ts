// A value as Java prints it, where a function makes a text of it.
import type { JsonValues } from "./values.ts";

/** An object prints as a java.util.Map, an array as JSON. */
export function javaText(value: unknown, values: JsonValues): string {
  switch (values.kind(value)) {
    case "object":
      return `{${Array.from(values.keys(value), (key) => `${key}=${javaText(values.member(value, key), values)}`).join(", ")}}`;
    case "array":
      return jsonText(value, values);
    case "integer":
    case "decimal":
      return values.numberText(value);
    case "string":
    case "boolean":
    case "null":
      return String(value);
  }
}

function jsonText(value: unknown, values: JsonValues): string {
  switch (values.kind(value)) {
    case "object":
      return `{${Array.from(values.keys(value), (key) => `${JSON.stringify(key)}:${jsonText(values.member(value, key), values)}`).join(",")}}`;
    case "array":
      return `[${Array.from({ length: values.size(value) }, (_, at) => jsonText(values.element(value, at), values)).join(",")}]`;
    case "integer":
    case "decimal":
      return values.numberText(value);
    case "string":
    case "boolean":
    case "null":
      return JSON.stringify(value);
  }
}
