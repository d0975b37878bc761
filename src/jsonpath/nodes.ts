// What operators in filters compare: JSON values, and how Jayway's library sees them next to each other.
import { compareDecimals, decimalText, isDecimal } from "./decimal.ts";
import type { CountedValues } from "./evaluation.ts";
import { EvaluationFailure, JsonPathSyntaxError, NotApplicable } from "./errors.ts";
import { LenientJsonError, readLenientJson } from "./lenient-json.ts";
import { unescape } from "./syntax/cursor.ts";
import { parsePath } from "./syntax/path-parser.ts";
import type { JsonValues } from "./values.ts";

/** A value that is not there: equal to nothing, not even itself. */
export const UNDEFINED = Symbol("undefined");

/** A text in a list that is a path: equal to nothing. */
const PATH_TEXT = Symbol("path");

export class NumberNode {
  /** As a BigDecimal prints. */
  readonly text: string;
  constructor(text: string) {
    this.text = decimalText(text);
  }
}

export class PatternNode {
  readonly matches: (text: string) => boolean;
  constructor(matches: (text: string) => boolean) {
    this.matches = matches;
  }
}

/** An object or array: found in the document, or written in the filter and read whenever it is looked at. */
export class JsonNode {
  private readonly found: unknown;
  readonly text: string | undefined;

  constructor(found: unknown, text?: string) {
    this.found = found;
    this.text = text;
  }

  value(values: CountedValues): unknown {
    if (this.text === undefined) return this.found;
    values.step(this.text.length);
    try {
      return readLenientJson(this.text, values);
    } catch (error) {
      if (!(error instanceof LenientJsonError)) throw error;
      throw new EvaluationFailure(`${this.text} is no JSON: ${error.message}`, { cause: error });
    }
  }
}

export type Node = string | boolean | null | NumberNode | JsonNode | PatternNode | typeof UNDEFINED | typeof PATH_TEXT;

/** What a path in a filter has led to. */
export function foundNode(value: unknown, values: JsonValues): Node {
  switch (values.kind(value)) {
    case "object":
    case "array":
      return new JsonNode(value);
    case "integer":
    case "decimal":
      return new NumberNode(values.numberText(value));
    case "string":
    case "boolean":
    case "null":
      return value as string | boolean | null;
  }
}

/** The elements of an array; undefined when the node is no array. Only objects and arrays can be asked. */
export function elementsOf(node: Node, values: CountedValues): Node[] | undefined {
  if (!(node instanceof JsonNode)) throw new NotApplicable("a list is expected");
  const value = node.value(values);
  if (values.kind(value) !== "array") return undefined;
  values.step(1 + values.size(value));
  return Array.from({ length: values.size(value) }, (_, at) => elementNode(values.element(value, at), values));
}

function elementNode(element: unknown, values: CountedValues): Node {
  if (typeof element === "string") return textNode(element, values);
  const node = foundNode(element, values);
  if (node instanceof JsonNode) throw new EvaluationFailure("an element of a list is a list or an object");
  return node;
}

/** Texts in lists that look like paths or JSON are taken for such, and quotes around the others are taken off. */
function textNode(text: string, values: CountedValues): Node {
  values.step(text.length >> 4);
  const trimmed = text.trim();
  if (/^[$@[{]/.test(trimmed)) values.step(trimmed.length);
  if (/^[$@]/.test(trimmed) && isPath(trimmed)) return PATH_TEXT;
  if (/^(\[.*\]|\{.*\})$/s.test(trimmed) && isJson(trimmed, values)) return new JsonNode(undefined, text);
  if (text.length < 2) return text;
  const plain = unescape(/^('.*'|".*")$/s.test(text) ? text.slice(1, -1) : text);
  if (plain === undefined) throw new EvaluationFailure("\\u needs four hexadecimal digits");
  return plain;
}

/** Longer texts are no paths; none is long that is meant as one. */
const MAX_PATH_TEXT = 1_000;

function isPath(text: string): boolean {
  if (text.length > MAX_PATH_TEXT) return false;
  try {
    parsePath(text, () => () => false);
    return true;
  } catch (error) {
    if (error instanceof JsonPathSyntaxError) return false;
    throw error;
  }
}

function isJson(text: string, values: JsonValues): boolean {
  try {
    readLenientJson(text, values);
    return true;
  } catch (error) {
    if (error instanceof LenientJsonError) return false;
    throw error;
  }
}

/** A text equals a number that prints so; a number equals a text that is the same number: 1 == "1.0", but not "1.0" == 1. */
export function areEqual(left: Node, right: Node, values: CountedValues): boolean {
  if (typeof left === "string") return left === (right instanceof NumberNode ? right.text : right);
  if (left instanceof NumberNode) {
    const text =
      right instanceof NumberNode ? right.text : typeof right === "string" && isDecimal(right) ? right : undefined;
    return text !== undefined && compareDecimals(left.text, text) === 0;
  }
  if (left instanceof JsonNode) {
    if (!(right instanceof JsonNode) || left.text !== right.text) return false;
    return left.text !== undefined || areDeepEqual(left.value(values), right.value(values), values);
  }
  return typeof left === "symbol" || left instanceof PatternNode ? false : left === right;
}

/** As areEqual, but that JSON written in the filter on the right side is read; on the left side it equals nothing. */
export function areSame(left: Node, right: Node, values: CountedValues): boolean {
  if (!(left instanceof JsonNode) || !(right instanceof JsonNode)) return areEqual(left, right, values);
  return left.text === undefined && areDeepEqual(left.value(values), right.value(values), values);
}

/** Java's equals: integers equal integers, decimals decimals, objects whatever order their members have. */
function areDeepEqual(left: unknown, right: unknown, values: JsonValues): boolean {
  const kind = values.kind(left);
  if (kind !== values.kind(right)) return false;
  switch (kind) {
    case "integer":
    case "decimal":
      return values.numberText(left) === values.numberText(right);
    case "array":
      return haveEqualElements(left, right, values);
    case "object":
      return haveEqualMembers(left, right, values);
    case "string":
    case "boolean":
    case "null":
      return left === right;
  }
}

function haveEqualElements(left: unknown, right: unknown, values: JsonValues): boolean {
  const size = values.size(left);
  if (size !== values.size(right)) return false;
  for (let at = 0; at < size; at += 1) {
    if (!areDeepEqual(values.element(left, at), values.element(right, at), values)) return false;
  }
  return true;
}

function haveEqualMembers(left: unknown, right: unknown, values: JsonValues): boolean {
  if (values.size(left) !== values.size(right)) return false;
  for (const key of values.keys(left)) {
    const other = values.member(right, key);
    if (other === undefined || !areDeepEqual(values.member(left, key), other, values)) return false;
  }
  return true;
}
