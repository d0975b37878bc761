// properties, patternProperties, additionalProperties, required, dependencies, minProperties and maxProperties.
import type { SchemaNode } from "../node.ts";
import type { Check, Run } from "../run.ts";
import type { SchemaObject } from "../schema.ts";
import { isSchemaObject, keyword, pointerToken, sorted } from "../schema.ts";
import type { KeywordCompiler, KeywordContext, Search } from "./keyword.ts";
import { searchSteps } from "./strings.ts";

const listText = (names: readonly string[]): string => `[${names.map((name) => JSON.stringify(name)).join(",")}]`;

function namesIn(schema: SchemaObject, name: string): string[] {
  const map = keyword(schema, name);
  return isSchemaObject(map) ? sorted(Object.keys(map)) : [];
}

export const required: KeywordCompiler = ({ schema, place, values }) => {
  const names = sorted(keyword(schema, "required") as string[]);
  return (value, run) => {
    run.budget.step(names.length >> 2);
    if (names.every((name) => values.member(value, name) !== undefined)) return;
    run.fail("required", place, () => {
      const missing = names.filter((name) => values.member(value, name) === undefined);
      return `object has missing required properties (${listText(missing)})`;
    });
  };
};

export const minProperties: KeywordCompiler = ({ schema, place, values }) => {
  const least = Number(keyword(schema, "minProperties"));
  return (value, run) => {
    const size = values.size(value);
    run.budget.step(size * 4);
    if (size >= least) return;
    const text = `object has too few properties (found ${size} but schema requires at least ${least})`;
    run.fail("minProperties", place, () => text);
  };
};

export const maxProperties: KeywordCompiler = ({ schema, place, values }) => {
  const most = Number(keyword(schema, "maxProperties"));
  return (value, run) => {
    const size = values.size(value);
    run.budget.step(size * 4);
    if (size <= most) return;
    const text = `object has too many properties (found ${size} but schema requires at most ${most})`;
    run.fail("maxProperties", place, () => text);
  };
};

function compilePatterns(context: KeywordContext): readonly (readonly [string, Search])[] {
  return namesIn(context.schema, "patternProperties").map((source) => {
    return [source, context.pattern(source, `/patternProperties/${pointerToken(source)}`)] as const;
  });
}

/** Whether a name is one of a pattern's. */
function isNamed(matches: Search, name: string, run: Run): boolean {
  run.budget.step(searchSteps(matches, name));
  return matches(name);
}

/** No more names than these are listed: the first ones of the object, in their order. */
const MAX_UNWANTED = 1_000;

export const additionalProperties: KeywordCompiler = (context) => {
  const { schema, place, values } = context;
  if (keyword(schema, "additionalProperties") !== false) return undefined;
  const known = new Set(namesIn(schema, "properties"));
  const patterns = compilePatterns(context);
  return (value, run) => {
    let unwanted: string[] | undefined;
    const names = [...values.keys(value)];
    run.budget.step(names.length * 4);
    for (const name of names) {
      if (known.has(name) || patterns.some(([, matches]) => isNamed(matches, name, run))) continue;
      (unwanted ??= []).push(name);
      if (unwanted.length >= MAX_UNWANTED || run.messages === undefined) break;
    }
    if (unwanted === undefined) return;
    const list = listText(sorted(unwanted));
    run.fail(
      "additionalProperties",
      place,
      () => `object instance has properties which are not allowed by the schema: ${list}`,
    );
  };
};

/** Names that a name asks for come first, then schemas that it asks for. */
export const dependencies: KeywordCompiler = (context) => {
  const { schema, place, values } = context;
  const map = keyword(schema, "dependencies") as SchemaObject;
  const lists = Object.keys(map).flatMap((name) =>
    Array.isArray(map[name]) ? [[name, sorted(map[name] as string[])] as const] : [],
  );
  const nodes = sorted(Object.keys(map))
    .filter((name) => !Array.isArray(map[name]))
    .map((name) => [name, context.onSame(`/dependencies/${pointerToken(name)}`, map[name])] as const);
  return (value, run) => {
    run.budget.step((lists.length + nodes.length) >> 2);
    for (const [name, needed] of lists) {
      if (values.member(value, name) === undefined) continue;
      run.budget.step(needed.length >> 2);
      const missing = needed.filter((one) => values.member(value, one) === undefined);
      if (missing.length === 0) continue;
      const detail = `(schema requires ${listText(needed)}; missing: ${listText(missing)})`;
      run.fail("dependencies", place, () => `property "${name}" of object has missing property dependencies ${detail}`);
    }
    for (const [name, node] of nodes) if (values.member(value, name) !== undefined) node.apply(value, run);
  };
};

/** Tries the members of objects, in the order of their names. */
export function compileMembers(context: KeywordContext): Check | undefined {
  const { schema, values } = context;
  const map = keyword(schema, "properties") as SchemaObject | undefined;
  const properties = namesIn(schema, "properties").map((name) => {
    return [name, context.below(`/properties/${pointerToken(name)}`, map?.[name])] as const;
  });
  const sources = keyword(schema, "patternProperties") as SchemaObject | undefined;
  const patterns = compilePatterns(context).map(([source, matches]) => {
    return { matches, node: context.below(`/patternProperties/${pointerToken(source)}`, sources?.[source]) };
  });
  const other = keyword(schema, "additionalProperties");
  const rest = isSchemaObject(other) ? context.below("/additionalProperties", other) : undefined;
  if (patterns.length === 0 && rest === undefined) {
    if (properties.length === 0) return undefined;
    return (object, run) => {
      run.budget.step(properties.length >> 2);
      for (const [name, node] of properties) {
        if (run.over) return;
        const member = values.member(object, name);
        if (member !== undefined) node.apply(member, run);
      }
    };
  }
  const byName = new Map<string, SchemaNode>(properties);
  return (object, run) => {
    const names = sorted(values.keys(object));
    run.budget.step(names.length * 4);
    for (const name of names) {
      const member = values.member(object, name);
      const node = byName.get(name);
      const matching = patterns.filter(({ matches }) => isNamed(matches, name, run)).map((one) => one.node);
      if (node !== undefined) matching.unshift(node);
      if (matching.length === 0 && rest !== undefined) matching.push(rest);
      for (const one of matching) if (!run.over) one.apply(member, run);
    }
  };
}
