// The functions of paths: $.prices.avg(), $.concat($.first, " ", $.last) ...
import type { Engine, Place } from "./compiler.ts";
import { isDefinite } from "./definite.ts";
import { EvaluationFailure, NoSuchElement, NotApplicable, PATH_NOT_FOUND } from "./errors.ts";
import type { CountedValues, Evaluation, Step } from "./evaluation.ts";
import { collect, countedValues, MISSING } from "./evaluation.ts";
import { javaText } from "./java-text.ts";
import { LenientJsonError, readLenientJson } from "./lenient-json.ts";
import type { FunctionArgument, PathTree } from "./syntax/tree.ts";
import type { JsonValues } from "./values.ts";

type Apply = (value: unknown, args: readonly unknown[], values: CountedValues) => unknown;

/** What a function gives is found, and what follows it goes on from there. */
export function compileFunction(name: string, args: readonly FunctionArgument[], place: Place, engine: Engine): Step {
  const apply = name === "length" || name === "size" ? compileLength(args, engine) : compileApply(name, args, engine);
  const next = place.next;
  return (value, evaluation) => {
    const result = apply(value, evaluation);
    collect(result, evaluation);
    next?.(result, evaluation);
  };
}

function compileApply(
  name: string,
  args: readonly FunctionArgument[],
  engine: Engine,
): (value: unknown, evaluation: Evaluation) => unknown {
  const { values } = engine;
  const apply = functions.get(name);
  const compiled = args.map((argument) => compileArgument(argument, engine));
  const counted = countedValues(values);
  return (value, evaluation) => {
    if (apply === undefined) throw new NotApplicable(`there is no function ${name}`);
    const given = compiled.map((argument) => argument(evaluation));
    evaluation.budget.step(countOf(value, values) + given.reduce<number>((sum, one) => sum + countOf(one, values), 0));
    counted.budget = evaluation.budget;
    return apply(value, given, counted);
  };
}

function countOf(value: unknown, values: JsonValues): number {
  return values.kind(value) === "array" ? values.size(value) : 1;
}

function compileArgument(argument: FunctionArgument, { values, compile }: Engine): (evaluation: Evaluation) => unknown {
  if (argument.kind === "json") return () => readArgument(argument.text, values);
  const run = compile(argument.path);
  return ({ root, budget }) => {
    const found = run(root, root, false, budget);
    if (found === MISSING) throw PATH_NOT_FOUND;
    return found;
  };
}

function readArgument(text: string, values: JsonValues): unknown {
  try {
    return readLenientJson(text, values);
  } catch (error) {
    if (!(error instanceof LenientJsonError)) throw error;
    throw new EvaluationFailure(`${text} is no JSON: ${error.message}`, { cause: error });
  }
}

/**
 * length(path) counts what stands below what the path leads to from the value that it is asked of. That is a list of a
 * path that is not definite; of a definite one the library takes the last of it, and counts that if it is a list. In all
 * other cases the value's own members or elements are counted.
 */
function compileLength(
  args: readonly FunctionArgument[],
  engine: Engine,
): (value: unknown, evaluation: Evaluation) => unknown {
  const { values } = engine;
  const size = (value: unknown): unknown =>
    ["array", "object"].includes(values.kind(value)) ? values.number(String(values.size(value))) : null;
  const [argument] = args;
  if (argument === undefined) return size;
  const checks = args.map((one) => compileArgument(one, engine));
  if (argument.kind === "json") {
    return () => {
      throw new EvaluationFailure("length takes a path");
    };
  }
  const run = engine.compile(below(argument.path), isDefinite(argument.path));
  return (value, evaluation) => {
    for (const check of checks) check(evaluation);
    const found = run(value, value, false, evaluation.budget);
    if (found === MISSING) throw PATH_NOT_FOUND;
    return values.kind(found) === "array" ? size(found) : size(value);
  };
}

function below(path: PathTree): PathTree {
  const { tokens } = path;
  if (tokens.length === 0 || tokens.at(-1)?.kind === "function") return path;
  return { ...path, tokens: [...tokens, { kind: "wildcard" }] };
}

function elements(value: unknown, values: JsonValues): unknown[] {
  if (values.kind(value) !== "array") return [];
  return Array.from({ length: values.size(value) }, (_, at) => values.element(value, at));
}

const isNumber = (value: unknown, values: JsonValues): boolean => /^(integer|decimal)$/.test(values.kind(value));

/** The arguments, and in place of a list its elements. */
function flat(args: readonly unknown[], values: JsonValues): unknown[] {
  return args.flatMap((argument) => (values.kind(argument) === "array" ? elements(argument, values) : [argument]));
}

function numbers(args: readonly unknown[], values: JsonValues): number[] {
  return flat(args, values)
    .filter((argument) => isNumber(argument, values))
    .map((argument) => Number(values.numberText(argument)));
}

/** Over the numbers of the value and of the arguments. */
function aggregate(compute: (numbers: readonly number[]) => number): Apply {
  return (value, args, values) => {
    const all = numbers([...elements(value, values).filter((one) => isNumber(one, values)), ...args], values);
    if (all.length === 0) throw new EvaluationFailure("there are no numbers");
    return values.decimal(compute(all));
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function deviation(numbers: readonly number[]): number {
  const count = numbers.length;
  const total = sum(numbers);
  return Math.sqrt(sum(numbers.map((number) => number * number)) / count - (total * total) / count / count);
}

/** An index below zero counts from the end, where the library does not reach the first element. */
function elementAt(index: (args: readonly unknown[], values: JsonValues) => number): Apply {
  return (value, args, values) => {
    if (values.kind(value) !== "array") throw new EvaluationFailure("a list is expected");
    const size = values.size(value);
    const at = index(args, values);
    if (at >= size) throw new NoSuchElement(`there is no element ${at}`);
    if (at < 0 && size + at <= 0) throw new EvaluationFailure(`there is no element ${at}`);
    return values.element(value, at < 0 ? size + at : at);
  };
}

function givenIndex(args: readonly unknown[], values: JsonValues): number {
  const [index] = numbers(args, values);
  if (index === undefined) throw new NoSuchElement("an index is expected");
  return Math.trunc(index);
}

const concat: Apply = (value, args, values) => {
  const own = elements(value, values).filter((element) => typeof element === "string");
  const given = flat(args, values).filter((argument) => argument !== null);
  const text = own.join("") + given.map((argument) => javaText(argument, values)).join("");
  values.step(text.length >> 3);
  return text;
};

const append: Apply = (value, args, values) =>
  values.kind(value) === "array" && args.length > 0 ? values.array([...elements(value, values), ...args]) : value;

const keys: Apply = (value, _args, values) => {
  if (values.kind(value) !== "object") return null;
  values.step(values.size(value));
  return values.array([...values.keys(value)]);
};

const functions: ReadonlyMap<string, Apply> = new Map([
  ["sum", aggregate(sum)],
  ["avg", aggregate((numbers) => sum(numbers) / numbers.length)],
  ["stddev", aggregate(deviation)],
  ["min", aggregate((numbers) => numbers.reduce((least, number) => (number < least ? number : least), Number.MAX_VALUE))],
  // Java's least positive number is where the library begins, so no number below zero is ever the greatest.
  ["max", aggregate((numbers) => numbers.reduce((most, number) => (number > most ? number : most), Number.MIN_VALUE))],
  ["concat", concat],
  ["append", append],
  ["keys", keys],
  ["first", elementAt(() => 0)],
  ["last", elementAt(() => -1)],
  ["index", elementAt(givenIndex)],
]);
