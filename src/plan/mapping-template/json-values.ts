// JSON values as templates hold them, for JSONPath to read and to make.
import type { JsonKind, JsonValues } from "../../jsonpath/index.ts";
import type { Value } from "../../vtl/index.ts";
import { BigInteger, Double, ListValue, Long, MapValue, numberText, parseJson } from "../../vtl/index.ts";

function kindOf(value: unknown): JsonKind {
  if (value === null) return "null";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number" || value instanceof Long || value instanceof BigInteger) return "integer";
  if (value instanceof MapValue) return "object";
  if (value instanceof ListValue) return "array";
  if (isDecimal(value)) return "decimal";
  // What else a template may have put into a document: characters, views of maps, the gateway's own objects.
  return "string";
}

/** Whether a value is a number with a fraction: these have classes, which say so by what they hold. */
function isDecimal(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "unscaled" in value || ("value" in value && typeof value.value === "number");
}

/** The members of a map whose keys are texts, as those of JSON are. */
function* names(map: MapValue): Iterable<string> {
  for (const { key } of map.entries.values()) if (typeof key === "string") yield key;
}

export const templateValues: JsonValues = {
  kind: kindOf,
  size: (container) => (container instanceof MapValue ? container.entries.size : (container as ListValue).items.length),
  keys: (object) => names(object as MapValue),
  member: (object, name) => {
    const map = object as MapValue;
    const value = map.get(name);
    return value === null && !map.has(name) ? undefined : value;
  },
  element: (array, index) => (array as ListValue).items[index],
  numberText: (number) => numberText(number as Parameters<typeof numberText>[0]),
  array: (elements) => new ListValue(elements as Value[]),
  object: (members) => {
    const map = new MapValue();
    for (const [name, value] of members) map.set(name, value as Value);
    return map;
  },
  number: parseJson,
  decimal: (value) => new Double(value),
};
