// How a method is found: by its name and by what its arguments are, as Velocity finds Java's. One that is not found is
// no error: the reference has no value then.
import { TemplateRuntimeError } from "../errors.ts";
import type { Meter, Value } from "../values/index.ts";
import { BigInteger, Char, Double, Float, isNumber, ListValue, Long, MapValue, ViewValue } from "../values/index.ts";

/** Java's regular expressions, which the caller brings: this engine has none of its own. */
export interface PatternEngine {
  /** Whether a pattern is compiled already. */
  has(pattern: string): boolean;
  /** Compiles a pattern. Throws an Error that says what is wrong with it. */
  compile(pattern: string): Pattern;
}

/** A compiled regular expression. Its time must be linear in the text's length. */
export interface Pattern {
  /** How much work a character of the text may take, in instructions. */
  readonly size: number;
  /** Whether the whole text matches. */
  matches(text: string): boolean;
  /** The matches from the left, at most so many. */
  findAll(text: string, limit: number): readonly Match[];
}

export interface Match {
  readonly start: number;
  readonly end: number;
  /** The text of each group, of the whole match first; undefined where a group took no part. */
  readonly groups: readonly (string | undefined)[];
  readonly names: ReadonlyMap<string, number>;
}

/** What a method may use besides its object and its arguments. */
export interface MethodScope {
  readonly meter: Meter;
  readonly patterns: PatternEngine;
}

const parameterTypes = {
  int: (value: Value) => typeof value === "number",
  long: (value: Value) => typeof value === "number" || value instanceof Long,
  double: (value: Value) =>
    typeof value === "number" || value instanceof Long || value instanceof Double || value instanceof Float,
  boolean: (value: Value) => typeof value === "boolean",
  char: (value: Value) => value instanceof Char,
  Integer: (value: Value) => value === null || typeof value === "number",
  Long: (value: Value) => value === null || value instanceof Long,
  Double: (value: Value) => value === null || value instanceof Double,
  Float: (value: Value) => value === null || value instanceof Float,
  BigInteger: (value: Value) => value === null || value instanceof BigInteger,
  Boolean: (value: Value) => value === null || typeof value === "boolean",
  Number: (value: Value) => value === null || isNumber(value),
  String: (value: Value) => value === null || typeof value === "string",
  Collection: (value: Value) =>
    value === null || (value instanceof ListValue && !value.fixed) || value instanceof ViewValue,
  Map: (value: Value) => value === null || value instanceof MapValue,
  Object: (_value: Value) => true,
} as const;

type ParameterType = keyof typeof parameterTypes;

/** A method of values of type T. */
export type Method<T> = (self: T, args: readonly Value[], scope: MethodScope) => Value;

export interface Overload<T> {
  readonly parameters: readonly ((value: Value) => boolean)[];
  /** The last parameter takes any number of arguments. */
  readonly variadic: boolean;
  readonly run: Method<T>;
}

export type MethodTable<T> = ReadonlyMap<string, readonly Overload<T>[]>;

/** One row: the name, the types of the parameters (`"int, int"`, `"String, Object..."`) and what it does. */
export type MethodRow<T> = readonly [name: string, parameters: string, run: Method<T>];

/** Rows of the same name are overloads, the first that fits is taken. */
export function methodTable<T>(rows: readonly MethodRow<T>[]): MethodTable<T> {
  const table = new Map<string, Overload<T>[]>();
  for (const [name, parameters, run] of rows) {
    const names = parameters === "" ? [] : parameters.split(", ");
    const overload: Overload<T> = {
      parameters: names.map((type) => parameterTypes[type.replace("...", "") as ParameterType]),
      variadic: parameters.endsWith("..."),
      run,
    };
    table.set(name, [...(table.get(name) ?? []), overload]);
  }
  return table;
}

function fits<T>(overload: Overload<T>, args: readonly Value[]): boolean {
  const { parameters, variadic } = overload;
  if (variadic ? args.length < parameters.length - 1 : args.length !== parameters.length) return false;
  return args.every((arg, at) => parameters[Math.min(at, parameters.length - 1)]?.(arg) ?? false);
}

/**
 * The overload of a method for those arguments, or undefined where there is none.
 * @throws TemplateRuntimeError for a method without parameters that is given some: Velocity 1.7 takes it, and Java fails
 */
export function findOverload<T>(table: MethodTable<T>, name: string, args: readonly Value[]): Overload<T> | undefined {
  const overloads = table.get(name);
  if (overloads === undefined) return undefined;
  for (const overload of overloads) if (fits(overload, args)) return overload;
  if (overloads.some(({ parameters }) => parameters.length === 0)) {
    throw javaException("java.lang.IllegalArgumentException", `wrong number of arguments for ${name}`);
  }
  return undefined;
}

/** What a method throws in Java. */
export function javaException(name: string, message: string): TemplateRuntimeError {
  return new TemplateRuntimeError(`${name}: ${message}`);
}

/** `compareTo`: any argument is taken, and what is not of the same class fails. */
export function comparison<T>(
  isSame: (other: Value) => boolean,
  compare: (self: T, other: Value, meter: Meter) => number,
): MethodRow<T> {
  return [
    "compareTo",
    "Object",
    (self, [other], { meter }) => {
      if (other === undefined || other === null) throw javaException("java.lang.NullPointerException", "the other is null");
      if (!isSame(other)) throw javaException("java.lang.ClassCastException", "the other is not of the same class");
      return compare(self, other, meter);
    },
  ];
}
