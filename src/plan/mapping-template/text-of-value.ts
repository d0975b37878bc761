// A template's value as text, outside of a rendering.
import type { Value } from "../../vtl/index.ts";
import { defaultLimits, ListValue, MapValue, Meter, textOf, toJson } from "../../vtl/index.ts";

/** As the template would print it; empty where it prints nothing. */
export function textOfValue(value: Value): string {
  return typeof value === "string" ? value : (textOf(value, new Meter(defaultLimits)) ?? "");
}

/** A text as it is, objects and arrays as JSON; undefined for null. */
export function parameterOf(value: Value): string | undefined {
  if (value === null) return undefined;
  return value instanceof MapValue || value instanceof ListValue ? toJson(value, new Meter(defaultLimits)) : textOfValue(value);
}
