// Numbers as Java has them, and arithmetic as Velocity 1.7 does it: whole numbers stay whole and grow from Integer to
// Long to BigInteger, a Double makes the result one, a BigDecimal too.
import {
  addDecimals,
  BigDecimal,
  compareDecimals,
  decimalText,
  divideDecimals,
  fromDouble,
  multiplyDecimals,
  subtractDecimals,
  truncateDecimal,
} from "./big-decimal.ts";
import { TemplateRuntimeError } from "../errors.ts";
import type { NumberValue, Value } from "./value.ts";
import { BigInteger, Double, Float, Long } from "./value.ts";

export function isNumber(value: Value): value is NumberValue {
  if (typeof value === "number") return true;
  return (
    value instanceof Long ||
    value instanceof Double ||
    value instanceof BigInteger ||
    value instanceof Float ||
    value instanceof BigDecimal
  );
}

const INT_MAX = 2147483647;
const INT_MIN = -2147483648;
const LONG_MAX = 2n ** 63n - 1n;
const LONG_MIN = -(2n ** 63n);

const fitsInt = (value: number): boolean => value >= INT_MIN && value <= INT_MAX;

/** The narrowest of Integer, Long and BigInteger that holds a whole number. */
export function wholeNumber(value: bigint): NumberValue {
  if (value >= BigInt(INT_MIN) && value <= BigInt(INT_MAX)) return Number(value);
  return value >= LONG_MIN && value <= LONG_MAX ? new Long(value) : new BigInteger(value);
}

function isWhole(value: NumberValue): value is number | Long | BigInteger {
  return typeof value === "number" || value instanceof Long || value instanceof BigInteger;
}

function toBigInt(value: number | Long | BigInteger): bigint {
  return typeof value === "number" ? BigInt(value) : value.value;
}

export function doubleOf(value: NumberValue): number {
  if (typeof value === "number") return value;
  if (value instanceof Double || value instanceof Float) return value.value;
  if (value instanceof BigDecimal) return Number(decimalText(value));
  return Number(value.value);
}

function decimalOf(value: NumberValue): BigDecimal {
  if (value instanceof BigDecimal) return value;
  if (value instanceof BigInteger) return new BigDecimal(value.value, 0);
  const number = doubleOf(value);
  if (!Number.isFinite(number)) throw new TemplateRuntimeError(`${doubleText(number)} has no decimal value`);
  return fromDouble(number);
}

type Base = "whole" | "big" | "decimal" | "double" | "float";

function baseOf(a: NumberValue, b: NumberValue): Base {
  const whole = isWhole(a) && isWhole(b);
  if (a instanceof BigDecimal || b instanceof BigDecimal) return "decimal";
  if (a instanceof BigInteger || b instanceof BigInteger) return whole ? "big" : "decimal";
  if (whole) return "whole";
  return a instanceof Double || b instanceof Double ? "double" : "float";
}

/** The result of an operation on Integers and Longs: as wide as the wider of them, or wider where it has to be. */
function widened(result: bigint, a: NumberValue, b: NumberValue): NumberValue {
  const long = a instanceof Long || b instanceof Long;
  const value = wholeNumber(result);
  return long && typeof value === "number" ? new Long(result) : value;
}

interface Operation {
  whole(a: bigint, b: bigint): bigint;
  double(a: number, b: number): number;
  decimal(a: BigDecimal, b: BigDecimal): BigDecimal;
  /** Where it differs from `whole`. */
  big?(a: bigint, b: bigint): bigint;
}

function calculate(operation: Operation, a: NumberValue, b: NumberValue): NumberValue {
  switch (baseOf(a, b)) {
    case "whole":
      return widened(operation.whole(toBigInt(a as number | Long), toBigInt(b as number | Long)), a, b);
    case "big":
      return new BigInteger(
        (operation.big ?? operation.whole)(toBigInt(a as number | Long | BigInteger), toBigInt(b as number | Long | BigInteger)),
      );
    case "double":
      return new Double(operation.double(doubleOf(a), doubleOf(b)));
    case "float":
      return new Float(operation.double(Math.fround(doubleOf(a)), Math.fround(doubleOf(b))));
    case "decimal":
      return operation.decimal(decimalOf(a), decimalOf(b));
  }
}

const addition: Operation = { whole: (a, b) => a + b, double: (a, b) => a + b, decimal: addDecimals };
const subtraction: Operation = { whole: (a, b) => a - b, double: (a, b) => a - b, decimal: subtractDecimals };
const multiplication: Operation = { whole: (a, b) => a * b, double: (a, b) => a * b, decimal: multiplyDecimals };
const division: Operation = { whole: (a, b) => a / b, double: (a, b) => a / b, decimal: divideDecimals };
const remainder: Operation = {
  whole: (a, b) => a % b,
  double: (a, b) => a % b,
  decimal: () => {
    throw new TemplateRuntimeError("Cannot calculate the modulo of BigDecimals.");
  },
  big: (a, b) => {
    if (b <= 0n) throw new TemplateRuntimeError("BigInteger: modulus not positive");
    return ((a % b) + b) % b;
  },
};

export function add(a: NumberValue, b: NumberValue): NumberValue {
  if (typeof a === "number" && typeof b === "number" && fitsInt(a + b)) return a + b;
  return calculate(addition, a, b);
}

export function subtract(a: NumberValue, b: NumberValue): NumberValue {
  if (typeof a === "number" && typeof b === "number" && fitsInt(a - b)) return a - b;
  return calculate(subtraction, a, b);
}

export function multiply(a: NumberValue, b: NumberValue): NumberValue {
  return calculate(multiplication, a, b);
}

export function isZero(value: NumberValue): boolean {
  return value instanceof BigDecimal ? value.unscaled === 0n : doubleOf(value) === 0;
}

/** null when the divisor is zero, as in Velocity. */
export function divide(a: NumberValue, b: NumberValue): NumberValue | null {
  if (isZero(b)) return null;
  return calculate(division, a, b);
}

/** null when the divisor is zero, as in Velocity. */
export function modulo(a: NumberValue, b: NumberValue): NumberValue | null {
  if (isZero(b)) return null;
  if (typeof a === "number" && typeof b === "number") return (a % b) + 0;
  return calculate(remainder, a, b);
}

/** -1, 0 or 1; what cannot be compared (NaN) counts as equal, as in Velocity. */
export function compareNumbers(a: NumberValue, b: NumberValue): number {
  if (typeof a === "number" && typeof b === "number") return a < b ? -1 : a > b ? 1 : 0;
  switch (baseOf(a, b)) {
    case "whole":
    case "big": {
      const left = toBigInt(a as number | Long | BigInteger);
      const right = toBigInt(b as number | Long | BigInteger);
      return left < right ? -1 : left > right ? 1 : 0;
    }
    case "double":
    case "float": {
      const left = doubleOf(a);
      const right = doubleOf(b);
      return left < right ? -1 : left > right ? 1 : 0;
    }
    case "decimal":
      return compareDecimals(decimalOf(a), decimalOf(b));
  }
}

/** The digits and the exponent of a finite number: 0.d1d2d3... times 10 to the power of it. */
function spread(shortest: string): [string, number] {
  const [mantissa = "", exponent = "0"] = shortest.split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = (whole + fraction).replace(/^0+/, "");
  const leading = (whole + fraction).length - digits.length;
  return [digits.replace(/0+$/, "") || "0", whole.length - leading + Number(exponent)];
}

/** As Java writes a floating-point number, of the digits that JavaScript finds shortest. */
function floatingText(value: number, shortest: string): string {
  if (Number.isNaN(value)) return "NaN";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (!Number.isFinite(value)) return `${sign}Infinity`;
  if (value === 0) return `${sign}0.0`;
  const [digits, point] = spread(shortest);
  if (point > -3 && point <= 7) {
    if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
    const padded = digits.padEnd(point, "0");
    return `${sign}${padded.slice(0, point)}.${padded.slice(point) || "0"}`;
  }
  return `${sign}${digits[0]}.${digits.slice(1) || "0"}E${point - 1}`;
}

export function doubleText(value: number): string {
  return floatingText(value, String(Math.abs(value)));
}

function floatText(value: number): string {
  const size = Math.abs(value);
  for (let precision = 1; precision < 9; precision += 1) {
    const shortest = size.toPrecision(precision);
    if (Math.fround(Number(shortest)) === size) return floatingText(value, shortest);
  }
  return floatingText(value, size.toPrecision(9));
}

export function numberText(value: NumberValue): string {
  if (typeof value === "number") return String(value);
  if (value instanceof Double) return doubleText(value.value);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof BigDecimal) return decimalText(value);
  return value.value.toString();
}

/** Java's narrowing to 64 bits. */
export function longOf(value: NumberValue): bigint {
  if (isWhole(value)) return BigInt.asIntN(64, toBigInt(value));
  if (value instanceof BigDecimal) return BigInt.asIntN(64, truncateDecimal(value));
  const number = value.value;
  if (Number.isNaN(number)) return 0n;
  if (number >= 2 ** 63) return LONG_MAX;
  return number <= -(2 ** 63) ? LONG_MIN : BigInt(Math.trunc(number));
}

/** Java's narrowing to 32 bits. */
export function intOf(value: NumberValue): number {
  if (typeof value === "number") return value;
  if (value instanceof Double || value instanceof Float) {
    const number = Math.trunc(value.value);
    return Number.isNaN(number) ? 0 : Math.min(Math.max(number, INT_MIN), INT_MAX) + 0;
  }
  return Number(BigInt.asIntN(32, value instanceof BigDecimal ? truncateDecimal(value) : value.value));
}
