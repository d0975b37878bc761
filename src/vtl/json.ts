// JSON to values and back. Objects keep the order of their keys, whatever the keys are, and numbers keep their digits.
import { TemplateRuntimeError } from "./errors.ts";
import type { Meter, Value } from "./values/index.ts";
import {
  BigDecimal,
  Double,
  isNumber,
  ListValue,
  MapValue,
  numberText,
  parseDecimal,
  textOf,
  ViewValue,
  wholeNumber,
} from "./values/index.ts";

const MAX_DEPTH = 200;
/** A fraction with more digits than a Double holds stays exact, as long as its exponent is a Double's. */
const DOUBLE_LENGTH = 18;
const MAX_EXPONENT = 400;

const numberPattern = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?(?:[eE]([+-]?[0-9]+))?/y;
const plainString = /"([^"\\\u0000-\u001f]*)"/y;
const escapedString = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const space = /[ \t\n\r]*/y;

function wrong(text: string, at: number): TemplateRuntimeError {
  const found = at >= text.length ? "the end" : JSON.stringify(text[at]);
  return new TemplateRuntimeError(`Not JSON: unexpected ${found} at character ${at + 1}`);
}

function numberValue(text: string, fraction: string | undefined, exponent: string | undefined): Value {
  if (fraction === undefined && exponent === undefined) {
    return text.length < 10 ? Number(text) + 0 : wholeNumber(BigInt(text));
  }
  const exact = text.length > DOUBLE_LENGTH && text.length < 1000 && Math.abs(Number(exponent ?? 0)) <= MAX_EXPONENT;
  return exact ? parseDecimal(text) : new Double(Number(text));
}

/**
 * The value of a JSON text: objects are maps, arrays lists, whole numbers Integers, Longs or BigIntegers.
 * @throws TemplateRuntimeError when it is no JSON
 */
export function parseJson(text: string): Value {
  let at = 0;
  let depth = 0;

  function skipSpace(): string | undefined {
    space.lastIndex = at;
    space.test(text);
    at = space.lastIndex;
    return text[at];
  }

  function expect(char: string): void {
    if (skipSpace() !== char) throw wrong(text, at);
    at += 1;
  }

  function string(): string {
    plainString.lastIndex = at;
    const plain = plainString.exec(text);
    if (plain !== null) {
      at = plainString.lastIndex;
      return plain[1] ?? "";
    }
    escapedString.lastIndex = at;
    const escaped = escapedString.exec(text);
    if (escaped === null) throw wrong(text, at);
    at = escapedString.lastIndex;
    return JSON.parse(escaped[0]) as string;
  }

  function number(): Value {
    numberPattern.lastIndex = at;
    const found = numberPattern.exec(text);
    if (found === null) throw wrong(text, at);
    at = numberPattern.lastIndex;
    return numberValue(found[0], found[1], found[2]);
  }

  function word(expected: string, value: Value): Value {
    if (!text.startsWith(expected, at)) throw wrong(text, at);
    at += expected.length;
    return value;
  }

  function object(): MapValue {
    const map = new MapValue();
    at += 1;
    if (skipSpace() === "}") {
      at += 1;
      return map;
    }
    for (;;) {
      skipSpace();
      const key = string();
      expect(":");
      map.set(key, value());
      if (skipSpace() === "}") break;
      expect(",");
    }
    at += 1;
    return map;
  }

  function array(): ListValue {
    const items: Value[] = [];
    at += 1;
    if (skipSpace() === "]") {
      at += 1;
      return new ListValue(items);
    }
    for (;;) {
      items.push(value());
      if (skipSpace() === "]") break;
      expect(",");
    }
    at += 1;
    return new ListValue(items);
  }

  function nested<T>(read: () => T): T {
    depth += 1;
    if (depth > MAX_DEPTH) throw new TemplateRuntimeError(`JSON of more than ${MAX_DEPTH} levels`);
    const result = read();
    depth -= 1;
    return result;
  }

  function value(): Value {
    switch (skipSpace()) {
      case "{":
        return nested(object);
      case "[":
        return nested(array);
      case '"':
        return string();
      case "t":
        return word("true", true);
      case "f":
        return word("false", false);
      case "n":
        return word("null", null);
      default:
        return number();
    }
  }

  const found = value();
  if (skipSpace() !== undefined) throw wrong(text, at);
  return found;
}

/** A value as JSON, without white space. What JSON has no form for is written as its text. */
export function toJson(value: Value, meter: Meter): string {
  meter.enter();
  const text = jsonText(value, meter);
  meter.leave();
  return meter.text(text);
}

function jsonText(value: Value, meter: Meter): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  if (isNumber(value)) {
    if (value instanceof BigDecimal || typeof value === "number") return numberText(value);
    return typeof value.value === "number" && !Number.isFinite(value.value) ? "null" : numberText(value);
  }
  if (value instanceof ListValue) return `[${value.items.map((item) => toJson(item, meter)).join(",")}]`;
  if (value instanceof ViewValue) return toJson(new ListValue(value.items()), meter);
  if (value instanceof MapValue) {
    const parts: string[] = [];
    for (const { key, value: item } of value.entries.values()) {
      parts.push(`${JSON.stringify(textOf(key, meter) ?? "null")}:${toJson(item, meter)}`);
    }
    return `{${parts.join(",")}}`;
  }
  return JSON.stringify(textOf(value, meter) ?? "");
}

/** The value of plain data: what JSON.parse gives, and Maps. Numbers without a fraction are whole. */
export function toValue(data: unknown): Value {
  if (data === null || data === undefined) return null;
  if (typeof data === "string" || typeof data === "boolean") return data;
  if (typeof data === "number") return Number.isSafeInteger(data) ? wholeNumber(BigInt(data)) : new Double(data);
  if (typeof data === "bigint") return wholeNumber(data);
  if (Array.isArray(data)) return new ListValue(data.map(toValue));
  if (typeof data !== "object") throw new TypeError(`A ${typeof data} is no value of a template`);
  const map = new MapValue();
  const entries = data instanceof Map ? (data.entries() as Iterable<[unknown, unknown]>) : Object.entries(data);
  for (const [key, item] of entries) map.set(String(key), toValue(item));
  return map;
}
