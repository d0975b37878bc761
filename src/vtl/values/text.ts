// How values print, compare and hash: Java's toString, equals and hashCode.
import { BigDecimal } from "./big-decimal.ts";
import type { Meter } from "./meter.ts";
import { isNumber, numberText } from "./numbers.ts";
import type { Key, NumberValue, Value } from "./value.ts";
import {
  BigInteger,
  Char,
  Double,
  EntryValue,
  Float,
  IteratorValue,
  KEY_MARK,
  ListValue,
  Long,
  MapValue,
  textKey,
  ViewValue,
} from "./value.ts";

/** Java's toString; null where an object has no text, which prints as if the reference had no value. */
export function textOf(value: Value, meter: Meter): string | null {
  if (typeof value === "string") return value;
  if (value === null) return null;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (isNumber(value)) return numberInText(value, meter);
  if (value instanceof Char) return value.text;
  if (value instanceof ListValue) return value.fixed ? "[Ljava.lang.String;@0" : listText(value.items, value, meter);
  if (value instanceof MapValue) return mapText(value, meter);
  if (value instanceof ViewValue) return listText(value.items(), value, meter);
  if (value instanceof EntryValue) return entryText(value, value, meter);
  if (value instanceof IteratorValue) return "java.util.Iterator@0";
  switch (value.kind) {
    case "block":
      return value.text();
    case "loop":
      return mapText(value.own, meter);
    case "host":
      return value.text?.() ?? null;
  }
}

/** A number as it prints. Long ones take time, and those with fractions some. */
export function numberInText(value: NumberValue, meter: Meter): string {
  const text = numberText(value);
  if (typeof value !== "number") meter.step(value instanceof Float ? FLOAT_STEPS : 4 + (text.length >> 3) * 4);
  return text;
}

/** The shortest text of a Float is found by trying. */
const FLOAT_STEPS = 32;

/** The text of a value within another one: null is written out. */
function innerText(value: Value, around: Value, meter: Meter): string {
  if (value === around) return value instanceof MapValue ? "(this Map)" : "(this Collection)";
  return textOf(value, meter) ?? "null";
}

function listText(items: readonly Value[], around: Value, meter: Meter): string {
  meter.enter();
  let text = "[";
  for (const [at, item] of items.entries()) {
    meter.step(1);
    text += at === 0 ? "" : ", ";
    text += innerText(item, around, meter);
    meter.checkLength(text.length);
  }
  meter.leave();
  return meter.text(`${text}]`);
}

function entryText(entry: EntryValue, around: Value, meter: Meter): string {
  return `${innerText(entry.key, around, meter)}=${innerText(entry.value, around, meter)}`;
}

function mapText(map: MapValue, meter: Meter): string {
  meter.enter();
  let text = "{";
  let first = true;
  for (const entry of map.entries.values()) {
    meter.step(1);
    text += first ? "" : ", ";
    text += entryText(entry, map, meter);
    first = false;
    meter.checkLength(text.length);
  }
  meter.leave();
  return meter.text(`${text}}`);
}

/** What a map finds a key by: equal values have the same key, as with Java's equals and hashCode. */
export function keyOf(value: Value, meter: Meter): Key {
  if (typeof value === "string") return textKey(value);
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  return KEY_MARK + exactText(value, meter);
}

let objects = 0;
const objectNumbers = new WeakMap<object, number>();

function identity(value: object): string {
  let number = objectNumbers.get(value);
  if (number === undefined) {
    objects += 1;
    number = objects;
    objectNumbers.set(value, number);
  }
  return `@${number}`;
}

/** What it takes to go through all digits of a large number. */
const LARGE_STEPS = 100;

/** A text that two values share just when they are equal. It never begins with the mark of keys. */
function exactText(value: Value, meter: Meter): string {
  if (value === null) return "0";
  if (typeof value === "string") return `s${value.length}:${value}`;
  if (typeof value === "number") return `i${value}`;
  if (typeof value === "boolean") return `b${value}`;
  if (value instanceof Long) return `l${value.value}`;
  if (value instanceof Double) return `d${Object.is(value.value, -0) ? "-0" : value.value}`;
  if (value instanceof Float) return `f${Object.is(value.value, -0) ? "-0" : value.value}`;
  if (value instanceof BigInteger || value instanceof BigDecimal) {
    meter.step(LARGE_STEPS);
    return value instanceof BigInteger ? `n${value.value}` : `m${value.unscaled}/${value.scale}`;
  }
  if (value instanceof Char) return `c${value.text}`;
  if (value instanceof ListValue) return value.fixed ? identity(value) : exactList("L", value.items, meter);
  if (value instanceof MapValue) return exactMap(value, meter);
  if (value instanceof EntryValue) return exactList("E", [value.key, value.value], meter);
  if (value instanceof ViewValue) {
    if (value.part === "values") return identity(value.map);
    meter.step(value.map.entries.size * SORTED_STEPS);
    const items = value.items().map((item) => exactText(item, meter));
    return `S[${items.sort().join()}]`;
  }
  return identity(value);
}

function exactList(sign: string, items: readonly Value[], meter: Meter): string {
  meter.enter();
  meter.step(items.length);
  let text = sign;
  for (const item of items) {
    text += `,${exactText(item, meter)}`;
    meter.checkLength(text.length);
  }
  meter.leave();
  return meter.text(`${text};`);
}

/** What is put in order takes longer than what is not. */
const SORTED_STEPS = 8;

function exactMap(map: MapValue, meter: Meter): string {
  meter.enter();
  meter.step(map.entries.size * SORTED_STEPS);
  const parts: string[] = [];
  for (const entry of map.entries.values()) parts.push(`${exactText(entry.key, meter)}=${exactText(entry.value, meter)}`);
  meter.leave();
  return meter.text(`M${parts.sort().join()};`);
}

/** Java's equals. */
export function equalValues(a: Value, b: Value, meter: Meter): boolean {
  if (typeof a === "string" && typeof b === "string" && a.length === b.length) meter.step(a.length >> 6);
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  return exactText(a, meter) === exactText(b, meter);
}

function stringHash(text: string, meter: Meter): number {
  meter.expectLength(text.length);
  meter.step(text.length >> 3);
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}

function longHash(value: bigint): number {
  const bits = BigInt.asUintN(64, value);
  return Number(BigInt.asIntN(32, bits ^ (bits >> 32n)));
}

function bigHash(value: bigint): number {
  let rest = value < 0n ? -value : value;
  const words: number[] = [];
  for (; rest > 0n; rest >>= 32n) words.unshift(Number(rest & 0xffffffffn));
  let hash = 0;
  for (const word of words) hash = (Math.imul(hash, 31) + word) | 0;
  return value < 0n ? -hash | 0 : hash;
}

function floatBits(value: number, double: boolean): bigint {
  const view = new DataView(new ArrayBuffer(8));
  if (!double) {
    view.setFloat32(0, value);
    return BigInt(view.getInt32(0));
  }
  view.setFloat64(0, value);
  return view.getBigInt64(0);
}

function decimalHash({ unscaled, scale }: BigDecimal): number {
  const size = unscaled < 0n ? -unscaled : unscaled;
  if (size >= 2n ** 63n) return (Math.imul(31, bigHash(unscaled)) + scale) | 0;
  const hash = (Math.imul(Number(size >> 32n), 31) + Number(size & 0xffffffffn)) | 0;
  return (Math.imul(31, unscaled < 0n ? -hash : hash) + scale) | 0;
}

/** Java's hashCode; 0 for objects that have none but their address. */
export function hashOf(value: Value, meter: Meter): number {
  if (value === null) return 0;
  if (typeof value === "string") return stringHash(value, meter);
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1231 : 1237;
  meter.step(value instanceof BigInteger || value instanceof BigDecimal ? LARGE_STEPS : 4);
  if (value instanceof Long) return longHash(value.value);
  if (value instanceof Double) return longHash(floatBits(value.value, true));
  if (value instanceof Float) return Number(floatBits(value.value, false));
  if (value instanceof BigInteger) return bigHash(value.value);
  if (value instanceof BigDecimal) return decimalHash(value);
  if (value instanceof Char) return value.text.charCodeAt(0);
  meter.enter();
  let hash = 0;
  if (value instanceof ListValue && !value.fixed) {
    hash = 1;
    meter.step(value.items.length >> 2);
    for (const item of value.items) hash = (Math.imul(hash, 31) + hashOf(item, meter)) | 0;
  } else if (value instanceof EntryValue) hash = hashOf(value.key, meter) ^ hashOf(value.value, meter);
  else if (value instanceof MapValue) {
    for (const entry of value.entries.values()) hash = (hash + hashOf(entry, meter)) | 0;
  } else if (value instanceof ViewValue && value.part !== "values") {
    for (const item of value.items()) hash = (hash + hashOf(item, meter)) | 0;
  }
  meter.leave();
  return hash;
}
