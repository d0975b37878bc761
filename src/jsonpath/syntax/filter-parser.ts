// The expression of a filter:
//   or       = and { "||" and }
//   and      = operand { "&&" operand }
//   operand  = relation | "(" or ")" | "!" operand
//   relation = value [ operator value ]
import { JsonPathSyntaxError } from "../errors.ts";
import type { Cursor } from "./cursor.ts";
import { readOperand } from "./operand-parser.ts";
import type { Grammar } from "./path-parser.ts";
import type { FilterExpression, RelationalOperator } from "./tree.ts";
import { relationalOperators } from "./tree.ts";

/** The expression with the parentheses around it. */
export function readFilter(filter: Cursor, grammar: Grammar): FilterExpression {
  const expression = readOr(filter, grammar);
  filter.skipBlanks();
  if (filter.inside()) filter.fail("the end of the filter is expected");
  return expression;
}

function readOr(filter: Cursor, grammar: Grammar): FilterExpression {
  return readChain(filter, "||", "or", () => readAnd(filter, grammar));
}

function readAnd(filter: Cursor, grammar: Grammar): FilterExpression {
  return readChain(filter, "&&", "and", () => readAndOperand(filter, grammar));
}

function readChain(filter: Cursor, sign: string, kind: "or" | "and", read: () => FilterExpression): FilterExpression {
  const first = read();
  const operands = [first];
  while (filter.take(sign)) operands.push(read());
  return operands.length === 1 ? first : { kind, operands };
}

function readAndOperand(filter: Cursor, grammar: Grammar): FilterExpression {
  filter.enter();
  try {
    const begin = filter.skipBlanks().position;
    if (filter.current === "!") {
      filter.position += 1;
      const next = filter.skipBlanks().current;
      if (next !== "$" && next !== "@") return { kind: "not", operand: readAndOperand(filter, grammar) };
      filter.position = begin;
    }
    if (filter.current !== "(") return readRelation(filter, grammar);
    filter.position += 1;
    const expression = readOr(filter, grammar);
    filter.expect(")");
    return expression;
  } finally {
    filter.leave();
  }
}

/** What follows a value and is no relation belongs to the expression around it. */
function readRelation(filter: Cursor, grammar: Grammar): FilterExpression {
  const left = readOperand(filter, grammar);
  const behind = filter.position;
  try {
    const operator = readOperator(filter);
    return { kind: "relation", left, operator, right: readOperand(filter, grammar) };
  } catch (error) {
    if (!(error instanceof JsonPathSyntaxError) || left.kind !== "path") throw error;
    filter.position = behind;
    return { kind: "exists", path: left.path, expected: !left.negated };
  }
}

const known: ReadonlySet<string> = new Set(relationalOperators);

function readOperator(filter: Cursor): RelationalOperator {
  const begin = filter.skipBlanks().position;
  const signs = isSign(filter.current);
  while (filter.inside() && (signs ? isSign(filter.current) : filter.current !== " ")) filter.position += 1;
  const operator = filter.text.slice(begin, filter.position).toUpperCase();
  if (!known.has(operator)) filter.fail("an operator is expected", begin);
  return operator as RelationalOperator;
}

export function isSign(character: string): boolean {
  return "<>=~!".includes(character);
}
