// Literals and operators.
import {
  add,
  BigDecimal,
  BigInteger,
  compareNumbers,
  divide,
  Double,
  EntryValue,
  equalValues,
  intOf,
  isNumber,
  keyOf,
  ListValue,
  MapValue,
  modulo,
  multiply,
  subtract,
  textOf,
  ViewValue,
  wholeNumber,
} from "../values/index.ts";
import type { BinaryOperator, Expression, Span, StringLiteral } from "../syntax/index.ts";
import { literalOf } from "../syntax/index.ts";
import type { NumberValue, Value } from "../values/index.ts";
import type { Compiler } from "./compiler.ts";
import type { Evaluate, Run, Test } from "./run.ts";

/** Whole numbers of a template may be long, but not so long that reading them takes time. */
const MAX_DIGITS = 1000;
/** What arithmetic of them costs in comparison with other work. */
const BIG_STEPS = 32;
const LARGEST = 10n ** BigInt(MAX_DIGITS);

/** The text between the quotes: `\u0041` is read in double quotes, a doubled quote is one. */
function stringText(literal: StringLiteral, compiler: Compiler): string {
  const { image } = literal.token;
  const quote = image[0] ?? "";
  let text = image.slice(1, -1);
  if (quote === '"') {
    text = text.replace(/\\u(.{0,4})/gs, (_, digits: string) => {
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw compiler.error("\\u needs four hexadecimal digits", literal.span);
      return String.fromCharCode(Number.parseInt(digits, 16));
    });
  }
  return text.replaceAll(quote + quote, quote);
}

function compileString(literal: StringLiteral, compiler: Compiler): Evaluate {
  const { image, offset } = literal.token;
  const text = stringText(literal, compiler);
  if (!image.startsWith('"') || !/[$#]/.test(image)) return () => text;
  const { line, column } = compiler.locate(offset);
  // A space at the end keeps a last `$` or `#` from being the end of the text; it comes off again.
  const padded = !text.includes("##");
  const render = compiler.inner(padded ? `${text} ` : text, { line, column: column + 1 });
  return (run, frame) => {
    const printed = run.capture(render, frame);
    return padded ? printed.slice(0, -1) : printed;
  };
}

function compileMap(entries: readonly (readonly [Expression, Expression])[], compiler: Compiler): Evaluate {
  const pairs = entries.map(([key, value]) => [compiler.evaluation(key), compiler.evaluation(value)] as const);
  return (run, frame) => {
    run.meter.step(pairs.length + 1);
    const map = new MapValue();
    for (const [key, value] of pairs) {
      const name = key(run, frame);
      const found = keyOf(name, run.meter);
      const entry = map.entries.get(found);
      if (entry === undefined) map.entries.set(found, new EntryValue(name, value(run, frame)));
      else entry.value = value(run, frame);
    }
    return map;
  };
}

function compileRange(from: Expression, to: Expression, compiler: Compiler): Evaluate {
  const left = compiler.evaluation(from);
  const right = compiler.evaluation(to);
  return (run, frame) => {
    const first = left(run, frame);
    const last = right(run, frame);
    if (!isNumber(first) || !isNumber(last)) return null;
    const start = intOf(first);
    const end = intOf(last);
    const count = Math.abs(start - end) + 1;
    run.meter.step(count);
    const delta = start >= end ? -1 : 1;
    return new ListValue(Array.from({ length: count }, (_, at) => start + at * delta));
  };
}

const arithmetic = { "-": subtract, "*": multiply, "/": divide, "%": modulo } as const;

function addition(left: Expression, right: Expression, compiler: Compiler): Evaluate {
  const first = compiler.evaluation(left);
  const second = compiler.evaluation(right);
  const [firstLiteral, secondLiteral] = [literalOf(left.span), literalOf(right.span)];
  return (run, frame) => {
    const a = first(run, frame);
    const b = second(run, frame);
    run.meter.step(1);
    if (typeof a === "string" || typeof b === "string") {
      // What has no value is joined as it is written.
      const start = a === null ? firstLiteral : (textOf(a, run.meter) ?? "null");
      const end = b === null ? secondLiteral : (textOf(b, run.meter) ?? "null");
      return run.meter.text(start + end);
    }
    return isNumber(a) && isNumber(b) ? bounded(add(a, b), run) : null;
  };
}

/** Numbers of any size grow with every operation: past a bound they count as texts that are too long. */
function bounded(value: NumberValue | null, run: Run): NumberValue | null {
  if (value instanceof BigInteger || value instanceof BigDecimal) run.meter.step(BIG_STEPS);
  const large = value instanceof BigInteger ? value.value : value instanceof BigDecimal ? value.unscaled : 0n;
  const scale = value instanceof BigDecimal ? Math.abs(value.scale) : 0;
  if (large > LARGEST || large < -LARGEST || scale > MAX_DIGITS) throw run.meter.tooLong();
  return value;
}

/** Velocity's ==: numbers by their value, things of one class by equals, all others by their text. */
function equal(a: Value, b: Value, run: Run): boolean {
  run.meter.step(1);
  if (typeof a === "string" && typeof b === "string") {
    if (a.length === b.length) run.meter.step(a.length >> 6);
    return a === b;
  }
  if (isNumber(a) && isNumber(b)) return compared(a, b, run) === 0;
  if (a === null || b === null) return a === b;
  if (sameClass(a, b)) return equalValues(a, b, run.meter);
  return textOf(a, run.meter) === textOf(b, run.meter);
}

const isLarge = (value: NumberValue): boolean => value instanceof BigInteger || value instanceof BigDecimal;

function compared(a: NumberValue, b: NumberValue, run: Run): number {
  if (isLarge(a) || isLarge(b)) run.meter.step(BIG_STEPS);
  return compareNumbers(a, b);
}

function sameClass(a: Value, b: Value): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return typeof a === typeof b;
  for (const type of [ListValue, MapValue, EntryValue, ViewValue] as const) {
    if (a instanceof type) return b instanceof type;
  }
  return false;
}

const orders = {
  "<": (order: number) => order < 0,
  ">": (order: number) => order > 0,
  "<=": (order: number) => order <= 0,
  ">=": (order: number) => order >= 0,
} as const;

function compileComparison(operator: BinaryOperator, left: Expression, right: Expression, compiler: Compiler): Test | undefined {
  switch (operator) {
    case "or":
    case "and": {
      const first = compiler.condition(left);
      const second = compiler.condition(right);
      if (operator === "or") return (run, frame) => first(run, frame) || second(run, frame);
      return (run, frame) => first(run, frame) && second(run, frame);
    }
    case "==":
    case "!=": {
      const first = compiler.evaluation(left);
      const second = compiler.evaluation(right);
      const expected = operator === "==";
      return (run, frame) => equal(first(run, frame), second(run, frame), run) === expected;
    }
    case "<":
    case ">":
    case "<=":
    case ">=": {
      const first = compiler.evaluation(left);
      const second = compiler.evaluation(right);
      const holds = orders[operator];
      return (run, frame) => {
        const a = first(run, frame);
        const b = second(run, frame);
        run.meter.step(1);
        return isNumber(a) && isNumber(b) && holds(compared(a, b, run));
      };
    }
    default:
      return undefined;
  }
}

/** A condition: what is no comparison, reference or boolean is false, be it a text or a number. */
export function compileCondition(expression: Expression, compiler: Compiler): Test {
  switch (expression.kind) {
    case "reference":
      return compiler.reference(expression).test;
    case "boolean":
      return () => expression.value;
    case "not": {
      const operand = compiler.condition(expression.operand);
      return (run, frame) => !operand(run, frame);
    }
    case "binary": {
      const { operator, left, right } = expression;
      const test = compileComparison(operator, left, right, compiler);
      if (test !== undefined) return test;
      compiler.evaluation(expression);
      return () => false;
    }
    default:
      // Compiled all the same: what is wrong in it is wrong in the template.
      compiler.evaluation(expression);
      return () => false;
  }
}

function compileInteger(text: string, span: Span, compiler: Compiler): Evaluate {
  if (text.length > MAX_DIGITS) throw compiler.error(`A number of more than ${MAX_DIGITS} digits`, span);
  const value = wholeNumber(BigInt(text));
  return () => value;
}

export function compileExpression(expression: Expression, compiler: Compiler): Evaluate {
  switch (expression.kind) {
    case "reference":
      return compiler.reference(expression).evaluate;
    case "string":
      return compileString(expression, compiler);
    case "word":
      return () => null;
    case "integer":
      return compileInteger(expression.text, expression.span, compiler);
    case "float": {
      if (expression.text.length > MAX_DIGITS) throw compiler.error(`A number of more than ${MAX_DIGITS} digits`, expression.span);
      const value = new Double(Number(expression.text));
      return () => value;
    }
    case "boolean": {
      const { value } = expression;
      return () => value;
    }
    case "list": {
      const items = expression.items.map((item) => compiler.evaluation(item));
      return (run, frame) => {
        run.meter.step(items.length + 1);
        return new ListValue(items.map((item) => item(run, frame)));
      };
    }
    case "map":
      return compileMap(expression.entries, compiler);
    case "range":
      return compileRange(expression.from, expression.to, compiler);
    case "not":
      return compileCondition(expression, compiler);
    case "binary":
      return compileBinary(expression.operator, expression.left, expression.right, compiler);
  }
}

function compileBinary(operator: BinaryOperator, left: Expression, right: Expression, compiler: Compiler): Evaluate {
  const test = compileComparison(operator, left, right, compiler);
  if (test !== undefined) return test;
  if (operator === "+") return addition(left, right, compiler);
  const calculate = arithmetic[operator as keyof typeof arithmetic];
  const first = compiler.evaluation(left);
  const second = compiler.evaluation(right);
  return (run, frame) => {
    const a = first(run, frame);
    const b = second(run, frame);
    run.meter.step(1);
    return isNumber(a) && isNumber(b) ? bounded(calculate(a, b), run) : null;
  };
}
