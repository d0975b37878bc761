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
}

/** Throws JsonSchemaError. */
export function compileNodes(root: SchemaObject, parts: CompilerParts): SchemaNode {
  const nodes = new Map<SchemaObject, SchemaNode>();
  const node = compileNode(root, parts, nodes);
  for (const [schema, one] of nodes) refuseLoops(one, parts.documents.placeOf(schema).text);
  return node;
}

function compileNode(schema: SchemaObject, parts: CompilerParts, nodes: Map<SchemaObject, SchemaNode>): SchemaNode {
  const target = followReferences(schema, parts.documents);
  const known = nodes.get(target);
  if (known !== undefined) return known;
  const node = new SchemaNode(parts.values);
  nodes.set(target, node);
  const context = contextOf(target, node, parts, nodes);
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
  return node;
}

/** What stands next to a $ref is passed over. */
function followReferences(schema: SchemaObject, documents: SchemaDocuments): SchemaObject {
  const passed = new Set<SchemaObject>();
  let found = schema;
  for (;;) {
    const reference = keyword(found, "$ref");
    if (typeof reference !== "string") return found;
    if (passed.has(found))
      throw new JsonSchemaError("$ref: it leads back to itself", `${documents.placeOf(found).text}/$ref`);
    passed.add(found);
    found = documents.target(found, reference);
  }
}

function contextOf(
  schema: SchemaObject,
  node: SchemaNode,
  parts: CompilerParts,
  nodes: Map<SchemaObject, SchemaNode>,
): KeywordContext {
  const place = parts.documents.placeOf(schema).text;
  const below = (pointer: string, within: unknown): SchemaNode => {
    if (!isSchemaObject(within)) throw new JsonSchemaError("a schema has to be an object", place + pointer);
    return compileNode(within, parts, nodes);
  };
  return {
    schema,
    place,
    values: parts.values,
    below,
    onSame: (pointer, within) => {
      const same = below(pointer, within);
      node.sameValue.push(same);
      return same;
    },
    pattern: (source, pointer) => {
      try {
        return parts.compilePattern(source);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new JsonSchemaError(`"${source}" cannot be used as a pattern: ${why}`, place + pointer);
      }
    },
  };
}

/** A schema that comes to be tried on the same value by itself would be so without end. */
function refuseLoops(start: SchemaNode, place: string): void {
  const seen = new Set<SchemaNode>();
  const open = [...start.sameValue];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === start) throw new JsonSchemaError("the schema is tried on the same value by itself", place);
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...node.sameValue);
  }
}
