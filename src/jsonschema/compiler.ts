// Turns schemas into nodes: each schema once, however many references lead to it, and around whatever circles.
import type { SchemaDocuments } from "./documents.ts";
import { JsonSchemaError } from "./errors.ts";
import { additionalItems, compileElements, maxItems, minItems, uniqueItems } from "./keywords/arrays.ts";
import { allOf, anyOf, not, oneOf } from "./keywords/combinators.ts";
import type { CompilePattern, KeywordCompiler, KeywordContext } from "./keywords/keyword.ts";
import { maximum, minimum, multipleOf } from "./keywords/numbers.ts";
import {
  additionalProperties,
  compileMembers,
  dependencies,
  maxProperties,
  minProperties,
  required,
} from "./keywords/objects.ts";
import { format, maxLength, minLength, pattern, unknownFormat } from "./keywords/strings.ts";
import { oneOfValues, type } from "./keywords/values.ts";
import { SchemaNode } from "./node.ts";
import type { SchemaObject } from "./schema.ts";
import { isSchemaObject, keyword } from "./schema.ts";
import type { InstanceValues, JsonKind } from "./values.ts";

const numbers: readonly JsonKind[] = ["integer", "decimal"];
const all: readonly JsonKind[] = ["object", "array", "string", "integer", "decimal", "boolean", "null"];

/** The keywords in the order in which they speak, with the kinds of values that they speak of. */
const keywords: readonly (readonly [name: string, kinds: readonly JsonKind[], compile: KeywordCompiler])[] = [
  ["format", all, unknownFormat],
  ["additionalItems", ["array"], additionalItems],
  ["additionalProperties", ["object"], additionalProperties],
  ["allOf", all, allOf],
  ["anyOf", all, anyOf],
  ["dependencies", ["object"], dependencies],
  ["enum", all, oneOfValues],
  ["maxItems", ["array"], maxItems],
  ["maxLength", ["string"], maxLength],
  ["maxProperties", ["object"], maxProperties],
  ["maximum", numbers, maximum],
  ["minItems", ["array"], minItems],
  ["minLength", ["string"], minLength],
  ["minProperties", ["object"], minProperties],
  ["minimum", numbers, minimum],
  ["multipleOf", numbers, multipleOf],
  ["not", all, not],
  ["oneOf", all, oneOf],
  ["pattern", ["string"], pattern],
  ["required", ["object"], required],
  ["type", all, type],
  ["uniqueItems", ["array"], uniqueItems],
  ["format", ["string"], format],
];

export interface CompilerParts {
  readonly documents: SchemaDocuments;
  readonly values: InstanceValues;
  readonly compilePattern: CompilePattern;
  /** What has become of schemas, those of other compilations too. */
  readonly compiled: WeakMap<SchemaObject, Compiled>;
}

/** A schema's node, the schema that it stands for, or why it cannot be compiled. */
export type Compiled = { readonly node: SchemaNode } | { readonly target: SchemaObject } | { readonly failure: JsonSchemaError };

interface Compilation extends CompilerParts {
  /** The nodes of this compilation, in the order in which they were come to. */
  readonly made: Map<SchemaNode, Made>;
  /** Those that have not been compiled yet, the next one last: schemas that lead on and on take no depth. */
  readonly open: SchemaNode[];
}

interface Made {
  readonly schema: SchemaObject;
  /** Those of this compilation that lead to it. */
  readonly users: Set<SchemaNode>;
  failure: JsonSchemaError | undefined;
}

/** Throws JsonSchemaError. */
export function compileNodes(root: SchemaObject, parts: CompilerParts): SchemaNode {
  const compilation: Compilation = { ...parts, made: new Map(), open: [] };
  try {
    const node = reach(root, compilation);
    for (let next = compilation.open.pop(); next !== undefined; next = compilation.open.pop()) compileNode(next, compilation);
    refuseLoops(compilation);
    const failure = spreadFailures(compilation);
    if (failure !== undefined) throw failure;
    return node;
  } catch (error) {
    // What resolves a reference may throw something else: nothing is known then of what was begun.
    if (!(error instanceof JsonSchemaError)) for (const { schema } of compilation.made.values()) parts.compiled.delete(schema);
    throw error;
  }
}

/** The node of a schema, which is compiled later if it is not yet. @param user what leads to it */
function reach(schema: SchemaObject, compilation: Compilation, user?: SchemaNode): SchemaNode {
  const { compiled, made, open, values } = compilation;
  const target = followReferences(schema, compilation);
  const known = compiled.get(target);
  if (known !== undefined && "failure" in known) throw known.failure;
  const node = known !== undefined && "node" in known ? known.node : new SchemaNode(values);
  if (known === undefined) {
    compiled.set(target, { node });
    made.set(node, { schema: target, users: new Set(), failure: undefined });
    open.push(node);
  }
  if (user !== undefined) made.get(node)?.users.add(user);
  return node;
}

function compileNode(node: SchemaNode, compilation: Compilation): void {
  const { made, open } = compilation;
  const one = made.get(node) as Made;
  const before = open.length;
  try {
    compileKeywords(one.schema, node, compilation);
  } catch (error) {
    if (!(error instanceof JsonSchemaError)) throw error;
    one.failure = error;
  }
  // In the order in which they stand.
  open.push(...open.splice(before).toReversed());
}

function compileKeywords(target: SchemaObject, node: SchemaNode, compilation: Compilation): void {
  const context = contextOf(target, node, compilation);
  const said = keywords
    .filter(([name]) => keyword(target, name) !== undefined)
    .map(([, kinds, compile]) => ({ kinds, check: compile(context) }));
  for (const kind of all) {
    node.on(
      kind,
      said.flatMap(({ kinds, check }) => (check !== undefined && kinds.includes(kind) ? [check] : [])),
    );
  }
  node.below("array", compileElements(context));
  node.below("object", compileMembers(context));
}

/** What leads to a schema that cannot be compiled cannot be either. The first failure is given back. */
function spreadFailures({ compiled, made }: Compilation): JsonSchemaError | undefined {
  const failed = [...made].filter(([, { failure }]) => failure !== undefined);
  for (const [start, { failure }] of failed) {
    const open = [start];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const { schema, users } = made.get(node) as Made;
      const known = compiled.get(schema);
      if (known !== undefined && "failure" in known) continue;
      compiled.set(schema, { failure: failure as JsonSchemaError });
      open.push(...users);
    }
  }
  return failed[0]?.[1].failure;
}

/** What stands next to a $ref is passed over. */
function followReferences(schema: SchemaObject, { compiled, documents }: Compilation): SchemaObject {
  const passed = new Set<SchemaObject>();
  let found = schema;
  try {
    for (let reference = keyword(found, "$ref"); typeof reference === "string"; reference = keyword(found, "$ref")) {
      const known = compiled.get(found);
      if (known !== undefined && "failure" in known) throw known.failure;
      if (passed.has(found)) throw new JsonSchemaError("$ref: it leads back to itself", `${documents.placeOf(found).text}/$ref`);
      passed.add(found);
      found = known !== undefined && "target" in known ? known.target : documents.target(found, reference);
    }
  } catch (error) {
    if (error instanceof JsonSchemaError) for (const each of passed) compiled.set(each, { failure: error });
    throw error;
  }
  for (const each of passed) compiled.set(each, { target: found });
  return found;
}

function contextOf(schema: SchemaObject, node: SchemaNode, compilation: Compilation): KeywordContext {
  const { compilePattern, documents, values } = compilation;
  const place = documents.placeOf(schema).text;
  const below = (pointer: string, within: unknown): SchemaNode => {
    if (!isSchemaObject(within)) throw new JsonSchemaError("a schema has to be an object", place + pointer);
    return reach(within, compilation, node);
  };
  return {
    schema,
    place,
    values,
    below,
    onSame: (pointer, within) => {
      const same = below(pointer, within);
      node.sameValue.push(same);
      return same;
    },
    pattern: (source, pointer) => {
      try {
        return compilePattern(source);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new JsonSchemaError(`"${source}" cannot be used as a pattern: ${why}`, place + pointer);
      }
    },
  };
}

/** A schema that comes to be tried on the same value by itself would be so without end. */
function refuseLoops({ documents, made }: Compilation): void {
  const done = new Set<SchemaNode>();
  for (const start of made.keys()) {
    const loop = findLoop(start, made, done);
    if (loop === undefined) continue;
    const first = [...made].find(([node]) => loop.has(node))?.[1] as Made;
    first.failure ??= new JsonSchemaError("the schema is tried on the same value by itself", documents.placeOf(first.schema).text);
    return;
  }
}

/**
 * Nodes that are tried one after the other on the same value, from one of them around to it again.
 * @param made what was there before leads to none of these
 */
function findLoop(start: SchemaNode, made: ReadonlyMap<SchemaNode, unknown>, done: Set<SchemaNode>): ReadonlySet<SchemaNode> | undefined {
  const path = new Set<SchemaNode>();
  const steps = [{ node: start, next: 0 }];
  for (let step = steps.at(-1); step !== undefined; step = steps.at(-1)) {
    const { node } = step;
    const next = done.has(node) ? undefined : node.sameValue[step.next++];
    path.add(node);
    if (next === undefined) {
      done.add(node);
      path.delete(node);
      steps.pop();
    } else if (path.has(next)) return new Set([...path].slice([...path].indexOf(next)));
    else if (made.has(next)) steps.push({ node: next, next: 0 });
  }
  return undefined;
}
