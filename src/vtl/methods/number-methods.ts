// java.lang.Integer, Long, Double, Float, BigInteger and BigDecimal, and Boolean.
import {
  BigDecimal,
  BigInteger,
  compareNumbers,
  Double,
  doubleOf,
  equalValues,
  Float,
  hashOf,
  intOf,
  Long,
  longOf,
  numberInText,
  numberText,
} from "../values/index.ts";
import type { NumberValue, Value } from "../values/index.ts";
import type { MethodRow, MethodScope, MethodTable } from "./overload.ts";
import { comparison, javaException, methodTable } from "./overload.ts";

function notANumber(text: Value | undefined): Error {
  const shown = typeof text === "string" ? `For input string: "${text}"` : "the text is null";
  return javaException("java.lang.NumberFormatException", shown);
}

function parseWhole(text: Value | undefined, radix: number, bits: number): bigint {
  if (typeof text !== "string" || !/^[+-]?[0-9a-zA-Z]+$/.test(text)) throw notANumber(text);
  if (text.length > 100) throw notANumber(text.slice(0, 100));
  const digits = text.replace(/^[+-]/, "").toLowerCase();
  let value = 0n;
  for (const char of digits) {
    const digit = Number.parseInt(char, 36);
    if (digit >= radix) throw notANumber(text);
    value = value * BigInt(radix) + BigInt(digit);
  }
  if (text.startsWith("-")) value = -value;
  if (BigInt.asIntN(bits, value) !== value) throw notANumber(text);
  return value;
}

const parseInteger = (text: Value | undefined, radix = 10): number => Number(parseWhole(text, radix, 32));

function parseDouble(text: Value | undefined): number {
  if (typeof text !== "string") throw notANumber(text);
  const trimmed = text.trim();
  if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[dDfF]?$/.test(trimmed)) {
    return Number(trimmed.replace(/[dDfF]$/, ""));
  }
  const named = /^([+-]?)(NaN|Infinity)$/.exec(trimmed);
  if (named === null) throw notANumber(text);
  return named[2] === "NaN" ? Number.NaN : named[1] === "-" ? -Infinity : Infinity;
}

/** A text that is read as a number, digit by digit. */
function digitsOf(text: Value | undefined, { meter }: MethodScope): Value | undefined {
  if (typeof text === "string") meter.step(4 + (text.length >> 1));
  return text;
}

/** What every number can do. */
const ofNumbers: readonly MethodRow<NumberValue>[] = [
  ["intValue", "", (number) => intOf(number)],
  ["longValue", "", (number) => new Long(longOf(number))],
  ["doubleValue", "", (number) => new Double(doubleOf(number))],
  ["floatValue", "", (number) => new Float(doubleOf(number))],
  ["shortValue", "", (number) => (intOf(number) << 16) >> 16],
  ["byteValue", "", (number) => (intOf(number) << 24) >> 24],
  ["toString", "", (number, _, { meter }) => numberInText(number, meter)],
  ["hashCode", "", (number, _, { meter }) => hashOf(number, meter)],
  ["equals", "Object", (number, [other], { meter }) => equalValues(number, other ?? null, meter)],
];

/** Java compares a number with one of the same class alone. */
function compareTo(isSame: (other: Value) => boolean): MethodRow<NumberValue> {
  return comparison(isSame, (number, other) => compareNumbers(number, other as NumberValue));
}

function unsigned(radix: number): (self: NumberValue, args: readonly Value[]) => string {
  return (_, [value]) => ((value as number) >>> 0).toString(radix);
}

const integerMethods: MethodTable<NumberValue> = methodTable<NumberValue>([
  ...ofNumbers,
  compareTo((other) => typeof other === "number"),
  ["toString", "int", (_, [value]) => numberText(value as NumberValue)],
  ["toString", "int, int", (_, [value, radix]) => (value as number).toString(radix as number)],
  ["parseInt", "String", (_, [text], scope) => parseInteger(digitsOf(text, scope))],
  ["parseInt", "String, int", (_, [text, radix], scope) => parseInteger(digitsOf(text, scope), radix as number)],
  ["valueOf", "String", (_, [text], scope) => parseInteger(digitsOf(text, scope))],
  ["valueOf", "int", (_, [value]) => value as number],
  ["toHexString", "int", unsigned(16)],
  ["toOctalString", "int", unsigned(8)],
  ["toBinaryString", "int", unsigned(2)],
  ["max", "int, int", (_, [a, b]) => Math.max(a as number, b as number)],
  ["min", "int, int", (_, [a, b]) => Math.min(a as number, b as number)],
  ["sum", "int, int", (_, [a, b]) => ((a as number) + (b as number)) | 0],
  ["compare", "int, int", (_, [a, b]) => Math.sign((a as number) - (b as number))],
  ["signum", "int", (_, [value]) => Math.sign(value as number)],
]);

const longMethods: MethodTable<NumberValue> = methodTable<NumberValue>([
  ...ofNumbers,
  compareTo((other) => other instanceof Long),
  ["toString", "long", (_, [value]) => numberText(value as NumberValue)],
  ["parseLong", "String", (_, [text], scope) => new Long(parseWhole(digitsOf(text, scope), 10, 64))],
  ["valueOf", "String", (_, [text], scope) => new Long(parseWhole(digitsOf(text, scope), 10, 64))],
]);

const floatingMethods: readonly MethodRow<NumberValue>[] = [
  ...ofNumbers,
  ["isNaN", "", (number) => Number.isNaN(doubleOf(number))],
  ["isInfinite", "", (number) => Math.abs(doubleOf(number)) === Infinity],
  ["toString", "double", (_, [value]) => numberText(new Double(doubleOf(value as NumberValue)))],
];

const doubleMethods: MethodTable<NumberValue> = methodTable<NumberValue>([
  ...floatingMethods,
  compareTo((other) => other instanceof Double),
  ["parseDouble", "String", (_, [text], scope) => new Double(parseDouble(digitsOf(text, scope)))],
  ["valueOf", "String", (_, [text], scope) => new Double(parseDouble(digitsOf(text, scope)))],
  ["valueOf", "double", (_, [value]) => new Double(doubleOf(value as NumberValue))],
]);

const floatMethods: MethodTable<NumberValue> = methodTable([
  ...floatingMethods,
  compareTo((other) => other instanceof Float),
]);
const bigIntegerMethods: MethodTable<NumberValue> = methodTable([
  ...ofNumbers,
  compareTo((other) => other instanceof BigInteger),
]);
const bigDecimalMethods: MethodTable<NumberValue> = methodTable([
  ...ofNumbers,
  compareTo((other) => other instanceof BigDecimal),
]);

/** The methods of a number's class. */
export function numberMethods(number: NumberValue): MethodTable<NumberValue> {
  if (typeof number === "number") return integerMethods;
  if (number instanceof Double) return doubleMethods;
  if (number instanceof Long) return longMethods;
  if (number instanceof Float) return floatMethods;
  return number instanceof BigInteger ? bigIntegerMethods : bigDecimalMethods;
}

export const booleanMethods: MethodTable<boolean> = methodTable<boolean>([
  ["booleanValue", "", (value) => value],
  ["toString", "", (value) => String(value)],
  ["hashCode", "", (value) => (value ? 1231 : 1237)],
  ["equals", "Object", (value, [other]) => value === other],
  comparison(
    (other) => typeof other === "boolean",
    (value, other) => Number(value) - Number(other),
  ),
  ["parseBoolean", "String", (_, [text]) => typeof text === "string" && text.toLowerCase() === "true"],
  ["valueOf", "String", (_, [text]) => typeof text === "string" && text.toLowerCase() === "true"],
  ["valueOf", "boolean", (_, [value]) => value === true],
]);
