// items, additionalItems, minItems, maxItems and uniqueItems.
import { elementKey } from "../equality.ts";
import type { SchemaNode } from "../node.ts";
import type { Check } from "../run.ts";
import { isSchemaObject, keyword } from "../schema.ts";
import type { KeywordCompiler, KeywordContext } from "./keyword.ts";

export const minItems: KeywordCompiler = ({ schema, place, values }) => {
  const least = Number(keyword(schema, "minItems"));
  return (value, run) => {
    const size = values.size(value);
    if (size >= least) return;
    run.fail(
      "minItems",
      place,
      () => `array is too short: must have at least ${least} elements but instance has ${size} elements`,
    );
  };
};

export const maxItems: KeywordCompiler = ({ schema, place, values }) => {
  const most = Number(keyword(schema, "maxItems"));
  return (value, run) => {
    const size = values.size(value);
    if (size <= most) return;
    run.fail(
      "maxItems",
      place,
      () => `array is too long: must have at most ${most} elements but instance has ${size} elements`,
    );
  };
};

/** As in the library, objects whose members have another order are different here (in `enum` they are the same). */
export const uniqueItems: KeywordCompiler = ({ schema, place, values }) => {
  if (keyword(schema, "uniqueItems") !== true) return undefined;
  return (value, run) => {
    const seen = new Set<unknown>();
    for (let at = 0; at < values.size(value); at += 1) {
      run.budget.step(1);
      seen.add(elementKey(values.element(value, at), values, run.budget));
      if (seen.size > at) continue;
      run.fail("uniqueItems", place, () => "array must not contain duplicate elements");
      return;
    }
  };
};

export const additionalItems: KeywordCompiler = ({ schema, place, values }) => {
  const items = keyword(schema, "items");
  if (keyword(schema, "additionalItems") !== false || !Array.isArray(items)) return undefined;
  const most = items.length;
  return (value, run) => {
    const size = values.size(value);
    if (size <= most) return;
    run.fail(
      "additionalItems",
      place,
      () => `schema only allows ${most} elements in array but instance has ${size} elements`,
    );
  };
};

/** Tries the elements of arrays. Where there is no `items`, the library tries a schema of `additionalItems` on all of them. */
export function compileElements(context: KeywordContext): Check | undefined {
  const { schema, values } = context;
  const items = keyword(schema, "items");
  const additional = keyword(schema, "additionalItems");
  const listed = Array.isArray(items) ? items.map((one, at) => context.below(`/items/${at}`, one)) : [];
  const rest =
    items !== undefined && !Array.isArray(items)
      ? context.below("/items", items)
      : isSchemaObject(additional)
        ? context.below("/additionalItems", additional)
        : undefined;
  if (listed.length === 0 && rest === undefined) return undefined;
  return (array, run) => {
    const size = rest === undefined ? Math.min(listed.length, values.size(array)) : values.size(array);
    for (let at = 0; at < size && !run.over; at += 1) {
      const node: SchemaNode | undefined = listed[at] ?? rest;
      node?.apply(values.element(array, at), run);
    }
  };
}
