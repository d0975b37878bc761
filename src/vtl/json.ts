// JSON to values and back. Objects keep the order of their keys, whatever the keys are, and numbers keep their digits.
import { TemplateRuntimeError } from "./errors.ts";
import type { JsonMaker, JsonScalar } from "./json-reader.ts";
import { readJson } from "./json-reader.ts";
import type { Meter, Value } from "./values/index.ts";
import {
  BigDecimal,
  Double,
  isNumber,
  ListValue,
  MapValue,
  numberInText,
  parseDecimal,
  textOf,
  ViewValue,
  wholeNumber,
} from "./values/index.ts";

const MAX_DEPTH = 200;
/** A fraction with more digits than a Double holds stays exact, as long as its exponent is a Double's. */
const DOUBLE_LENGTH = 18;
const MAX_EXPONENT = 400;

function wrong(text: string, at: number): TemplateRuntimeError {
  const found = at >= text.length ? "the end" : JSON.stringify(text[at]);
  return new TemplateRuntimeError(`Not JSON: unexpected ${found} at character ${at + 1}`);
}

function numberValue(text: string, whole: boolean): Value {
  if (whole) return text.length < 10 ? Number(text) + 0 : wholeNumber(BigInt(text));
  if (text.length <= DOUBLE_LENGTH || text.length >= 1000) return new Double(Number(text));
  const mark = text.search(/[eE]/);
  const exact = mark === -1 || Math.abs(Number(text.slice(mark + 1))) <= MAX_EXPONENT;
  return exact ? parseDecimal(text) : new Double(Number(text));
}

const maker: JsonMaker<Exclude<Value, JsonScalar>> = {
  maxDepth: MAX_DEPTH,
  object: () => new MapValue(),
  array: (items) => new ListValue(items),
  number: numberValue,
  wrong,
  tooDeep: () => new TemplateRuntimeError(`JSON of more than ${MAX_DEPTH} levels`),
};

/**
 * The value of a JSON text: objects are maps, arrays lists, whole numbers Integers, Longs or BigIntegers.
 * @throws TemplateRuntimeError when it is no JSON
 */
export function parseJson(text: string): Value {
  return readJson(text, maker);
}

/** A value as JSON, without white space. What JSON has no form for is written as its text. */
export function toJson(value: Value, meter: Meter): string {
  if (value === null || typeof value === "number" || typeof value === "boolean") {
    meter.step(1);
    return String(value);
  }
  meter.enter();
  const text = jsonText(value, meter);
  meter.leave();
  return meter.text(text);
}

function jsonText(value: Exclude<Value, null | number | boolean>, meter: Meter): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (isNumber(value)) {
    if (value instanceof BigDecimal) return numberInText(value, meter);
    return typeof value.value === "number" && !Number.isFinite(value.value) ? "null" : numberInText(value, meter);
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
