// JSON values that tell 1 from 1.0, as Java does, read from and written to texts: what paths are compared over.
import type { JsonValues } from "../../../src/jsonpath/index.ts";
import { plainValues } from "../../../src/jsonpath/index.ts";

/** A Double. */
class Decimal {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }

  toString(): string {
    if (!Number.isFinite(this.value)) return String(this.value);
    if (Math.abs(this.value) === Number.MIN_VALUE) return this.value < 0 ? "-4.9E-324" : "4.9E-324";
    if (this.value === 0) return Object.is(this.value, -0) ? "-0.0" : "0.0";
    const [mantissa = "", power = "0"] = Math.abs(this.value).toExponential().split("e");
    const sign = this.value < 0 ? "-" : "";
    const digits = mantissa.replace(".", "");
    const exponent = Number(power);
    if (exponent < -3 || exponent >= 7) return `${sign}${digits[0]}.${digits.slice(1) || "0"}E${exponent}`;
    if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
    const padded = digits.padEnd(exponent + 2, "0");
    return `${sign}${padded.slice(0, exponent + 1)}.${padded.slice(exponent + 1)}`;
  }
}

export const javaValues: JsonValues = {
  ...plainValues,
  kind: (value) => (value instanceof Decimal ? "decimal" : plainValues.kind(value)),
  number: (text) => (/^-?\d+$/.test(text) ? plainValues.number(text) : new Decimal(Number(text))),
  decimal: (value) => new Decimal(value),
};

const token = /\s*("(?:[^"\\]|\\.)*"|[-+.\w]+|[[\]{},:])/y;

/** Reads JSON; objects become Maps. */
export function parse(text: string): unknown {
  return parseWith(text, javaValues.number);
}

/** Reads JSON, numbers by what `number` makes of them. */
export function parseWith(text: string, number: (digits: string) => unknown): unknown {
  token.lastIndex = 0;
  const next = (): string => token.exec(text)?.[1] ?? "";
  const value = (first: string): unknown => {
    if (first === "[") {
      const array: unknown[] = [];
      for (let at = next(); at !== "]"; at = next()) array.push(value(at === "," ? next() : at));
      return array;
    }
    if (first === "{") {
      const object = new Map<string, unknown>();
      for (let at = next(); at !== "}"; at = next()) {
        const name = JSON.parse(at === "," ? next() : at) as string;
        next();
        object.set(name, value(next()));
      }
      return object;
    }
    return /^[-\d]/.test(first) ? number(first) : (JSON.parse(first) as unknown);
  };
  return value(next());
}

/** Writes JSON as JaywayOracle.java does. */
export function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (value instanceof Map) {
    return `{${Array.from(value as Map<string, unknown>, ([name, member]) => `${write(name)}:${write(member)}`).join(",")}}`;
  }
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value).replace(/\\[bfnrt]|[^ -~]/g, (match) => {
    const character = match.length === 2 && match.startsWith("\\") ? (JSON.parse(`"${match}"`) as string) : match;
    return Array.from(character.split(""), (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  });
}
