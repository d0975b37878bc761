// When two JSON values are the same: numbers by their value, objects whatever order their members have.
import { canonicalNumber, DOUBLE_LENGTH, numberSteps } from "./decimals.ts";
import type { Budget } from "./run.ts";
import type { InstanceValues } from "./values.ts";
import { plainInstances } from "./values.ts";

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

/** What a set tells elements apart by, as {@link identity} does; numbers and texts, the usual elements, stay themselves. */
export function elementKey(value: unknown, values: InstanceValues, budget: Budget): unknown {
  if (typeof value === "string") return value.startsWith(MARK) ? MARK + value : value;
  if (typeof value === "number" && Number.isSafeInteger(value)) return value + 0;
  if (value === null || typeof value === "boolean") return value;
  const kind = values.kind(value);
  const isNumber = kind === "integer" || kind === "decimal";
  if (isNumber && values.numberText(value).length <= DOUBLE_LENGTH) return Number(values.numberText(value)) + 0;
  const text = identity(value, values, true);
  budget.step(text.length >> 1);
  // A number that is one of JavaScript's is the same however it was written.
  return isNumber && String(Number(text)) === text ? Number(text) : MARK + text;
}

/** What is neither number nor text begins with this character, and texts that do have one more of it. */
const MARK = "\0";

/** Whether a value is equal to one of a schema, which is plain. Every value that is looked at is a step. */
export function areEqual(value: unknown, expected: unknown, values: InstanceValues, budget: Budget): boolean {
  budget.step(1);
  const kind = values.kind(value);
  const other = plainInstances.kind(expected);
  switch (kind) {
    case "integer":
    case "decimal":
      if (other !== "integer" && other !== "decimal") return false;
      budget.step(numberSteps(values.numberText(value)));
      return canonicalNumber(values.numberText(value)) === canonicalNumber(plainInstances.numberText(expected));
    case "array":
      return other === "array" && haveEqualElements(value, expected as readonly unknown[], values, budget);
    case "object":
      return other === "object" && haveEqualMembers(value, expected as object, values, budget);
    case "string":
    case "boolean":
    case "null":
      return value === expected;
  }
}

function haveEqualElements(array: unknown, expected: readonly unknown[], values: InstanceValues, budget: Budget): boolean {
  if (values.size(array) !== expected.length) return false;
  return expected.every((one, at) => areEqual(values.element(array, at), one, values, budget));
}

function haveEqualMembers(object: unknown, expected: object, values: InstanceValues, budget: Budget): boolean {
  const names = Object.keys(expected);
  const has = names.every((name) => {
    const member = values.member(object, name);
    return member !== undefined && areEqual(member, plainInstances.member(expected, name), values, budget);
  });
  if (!has) return false;
  // Last: V8 takes its time to count the members of a large object.
  const size = values.size(object);
  budget.step(size * 4);
  return size === names.length;
}
