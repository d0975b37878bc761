// When two JSON values are the same: numbers by their value, objects whatever order their members have.
import { canonicalNumber } from "./decimals.ts";
import type { InstanceValues } from "./values.ts";

/** A text that equal values share, and no others. With `ordered`, the order of members makes a difference. */
export function identity(value: unknown, values: InstanceValues, ordered = false): string {
  const within = (one: unknown): string => identity(one, values, ordered);
  switch (values.kind(value)) {
    case "object": {
      const keys = [...values.keys(value)];
      if (!ordered) keys.sort();
      return `{${keys.map((key) => `${JSON.stringify(key)}:${within(values.member(value, key))}`).join(",")}}`;
    }
    case "array":
      return `[${Array.from({ length: values.size(value) }, (_, at) => within(values.element(value, at))).join(",")}]`;
    case "integer":
    case "decimal":
      return canonicalNumber(values.numberText(value));
    case "string":
    case "boolean":
    case "null":
      return JSON.stringify(value);
  }
}
