// The operators of filters.
import { compareDecimals } from "./decimal.ts";
import { EvaluationFailure, NotApplicable } from "./errors.ts";
import type { CountedValues } from "./evaluation.ts";
import type { Node } from "./nodes.ts";
import { areEqual, areSame, elementsOf, JsonNode, NumberNode, PatternNode } from "./nodes.ts";
import type { RelationalOperator } from "./syntax/tree.ts";

export type Operator = (left: Node, right: Node, values: CountedValues) => boolean;

/** Numbers are compared with numbers and texts with texts; nothing else is in an order. */
function ordered(accept: (order: number) => boolean): Operator {
  return (left, right, values) => {
    values.step(4);
    if (left instanceof NumberNode && right instanceof NumberNode) return accept(compareDecimals(left.text, right.text));
    if (typeof left !== "string" || typeof right !== "string") return false;
    values.step(Math.min(left.length, right.length) >> 6);
    return accept(left < right ? -1 : left > right ? 1 : 0);
  };
}

const not =
  (operator: Operator): Operator =>
  (left, right, values) =>
    !operator(left, right, values);

function classOf(node: Node): unknown {
  return typeof node === "object" && node !== null ? node.constructor : node === null ? null : typeof node;
}

const typeSafeEquals: Operator = (left, right, values) => classOf(left) === classOf(right) && areSame(left, right, values);

const isIn: Operator = (left, right, values) =>
  (elementsOf(right, values) ?? []).some((element) => areEqual(left, element, values));

const contains: Operator = (left, right, values) => {
  if (typeof left === "string" && typeof right === "string") {
    values.step((left.length + right.length) >> 4);
    return left.includes(right);
  }
  if (!(left instanceof JsonNode)) return false;
  return (elementsOf(left, values) ?? []).some((element) => areEqual(right, element, values));
};

/** An operator between two lists; it does not hold where one of them is something else. */
function betweenLists(holds: (left: Node[], right: Node[], values: CountedValues) => boolean): Operator {
  return (left, right, values) => {
    const rightElements = elementsOf(right, values);
    const leftElements = rightElements === undefined ? undefined : elementsOf(left, values);
    return rightElements !== undefined && leftElements !== undefined && holds(leftElements, rightElements, values);
  };
}

function has(list: readonly Node[], searched: Node, values: CountedValues): boolean {
  values.step(1 + (list.length >> 2));
  return list.some((one) => areEqual(searched, one, values));
}

const share = (left: Node[], right: Node[], values: CountedValues): boolean => left.some((one) => has(right, one, values));

const size: Operator = (left, right, values) => {
  if (!(right instanceof NumberNode)) return false;
  const expected = Math.trunc(Number(right.text));
  if (typeof left === "string") return left.length === expected;
  if (!(left instanceof JsonNode)) return false;
  const value = left.value(values);
  return (values.kind(value) === "array" ? values.size(value) : -1) === expected;
};

const empty: Operator = (left, right, values) => {
  if (typeof left !== "string" && !(left instanceof JsonNode)) return false;
  const value = typeof left === "string" ? left : left.value(values);
  if (values.kind(value) === "object") throw new EvaluationFailure("empty is for texts and lists");
  const isEmpty = (typeof left === "string" ? left.length : values.size(value)) === 0;
  if (typeof right !== "boolean") throw new NotApplicable("true or false is expected");
  return isEmpty === right;
};

function inputText(node: Node): string {
  if (typeof node === "string") return node;
  if (node instanceof NumberNode) return node.text;
  return typeof node === "boolean" ? String(node) : "";
}

/** One side is a pattern, the other one what it is matched with; of a list, one element has to match. */
const matches: Operator = (left, right, values) => {
  const pattern = left instanceof PatternNode ? left : right;
  const input = left instanceof PatternNode ? right : left;
  if (!(pattern instanceof PatternNode) || input instanceof PatternNode) return false;
  const holds = (node: Node): boolean => {
    const text = inputText(node);
    values.step(text.length >> 2);
    return pattern.matches(text);
  };
  if (input instanceof JsonNode && values.kind(input.value(values)) === "array") {
    return (elementsOf(input, values) ?? []).some(holds);
  }
  return holds(input);
};

const exists: Operator = (left, right) => {
  if (typeof left === "boolean" && typeof right === "boolean") return left === right;
  if (typeof left === "boolean" || typeof right === "boolean") throw new NotApplicable("true or false is expected");
  throw new EvaluationFailure("EXISTS stands between true and false");
};

/** Known to the library's own objects, and to filters that are put together in Java; as text it never holds. */
const never: Operator = () => {
  throw new NotApplicable("the operator is not for filters that are written out");
};

export const operators: Readonly<Record<RelationalOperator, Operator>> = {
  "==": areSame,
  "!=": not(areSame),
  "===": typeSafeEquals,
  "!==": not(typeSafeEquals),
  "<": ordered((order) => order < 0),
  "<=": ordered((order) => order <= 0),
  ">": ordered((order) => order > 0),
  ">=": ordered((order) => order >= 0),
  "=~": matches,
  IN: isIn,
  NIN: not(isIn),
  CONTAINS: contains,
  SIZE: size,
  EMPTY: empty,
  SUBSETOF: betweenLists((left, right, values) => left.every((one) => has(right, one, values))),
  ANYOF: betweenLists(share),
  NONEOF: betweenLists((left, right, values) => !share(left, right, values)),
  EXISTS: exists,
  ALL: never,
  TYPE: never,
  MATCHES: never,
};
