// java.lang.String.
import { Char, equalValues, hashOf, ListValue, textOf, ViewValue } from "../values/index.ts";
import type { Meter, Value } from "../values/index.ts";
import { formatText } from "./format.ts";
import type { MethodRow, MethodScope, MethodTable } from "./overload.ts";
import { comparison, javaException, methodTable } from "./overload.ts";
import { matchesPattern, replaceMatches, splitText } from "./patterns.ts";

type Row = MethodRow<string>;

/** An argument that must not be null. */
function required(value: Value | undefined): string {
  if (typeof value !== "string") throw javaException("java.lang.NullPointerException", "an argument is null");
  return value;
}

function slice(text: string, from: number, to: number): string {
  if (from < 0 || to > text.length || from > to) {
    throw javaException("java.lang.StringIndexOutOfBoundsException", `begin ${from}, end ${to}, length ${text.length}`);
  }
  return text.slice(from, to);
}

function charAt(text: string, index: number): Char {
  const char = text[index];
  if (char === undefined) {
    throw javaException("java.lang.StringIndexOutOfBoundsException", `String index out of range: ${index}`);
  }
  return new Char(char);
}

function compare(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = a.charCodeAt(at) - b.charCodeAt(at);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** As String compares without case: a character's upper case first, then the lower case of that. */
function folded(text: string, meter: Meter): string {
  meter.step(text.length * 2);
  let result = "";
  for (const char of text) {
    const upper = char.toUpperCase();
    const lower = (upper.length === char.length ? upper : char).toLowerCase();
    result += lower.length === char.length ? lower : char;
  }
  return result;
}

/** A text that is looked at letter by letter; those that are not ASCII's take longest to change. */
function byLetters(text: string, meter: Meter): string {
  meter.step(text.length >> 2);
  return meter.text(text);
}

/** Java's trim: everything up to the space, and nothing else, is white. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 32) start += 1;
  while (end > start && text.charCodeAt(end - 1) <= 32) end -= 1;
  return text.slice(start, end);
}

/** Java's white space for strip and isBlank: Unicode's without the spaces that do not break. */
const stripped = "[\\t-\\r\\x1c- \\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000]";
const leading = new RegExp(`^${stripped}+`);
const blank = new RegExp(`^${stripped}*$`);
const isStripped = new RegExp(`^${stripped}$`);

function stripTrailing(text: string, meter: Meter): string {
  let end = text.length;
  while (end > 0 && isStripped.test(text[end - 1] ?? "")) end -= 1;
  meter.step((text.length - end) >> 2);
  return text.slice(0, end);
}

function replaceLiteral(text: string, from: string, to: string, { meter }: MethodScope): string {
  // As many pieces as there may be; nothing is found before, between and behind all characters.
  meter.expectLength(text.length);
  meter.step(from === "" ? text.length : Math.ceil(text.length / (5 * from.length)));
  const pieces = from === "" ? ["", ...text.split(""), ""] : text.split(from);
  meter.expectLength(text.length + (pieces.length - 1) * Math.max(to.length - from.length, 0));
  return pieces.join(to);
}

function repeat(text: string, count: number, { meter }: MethodScope): string {
  if (count < 0) throw javaException("java.lang.IllegalArgumentException", `count is negative: ${count}`);
  meter.expectLength(text.length * count);
  return text.repeat(count);
}

/** Searching, where the longest texts that are searched for take longest. */
function searchWork(text: string, searched: string, meter: Meter): void {
  meter.expectLength(text.length);
  if (searched.length > 1) meter.step((text.length >> 4) + (searched.length >> 4));
}

function indexOf(text: string, searched: string, from: number, scope: MethodScope): number {
  searchWork(text, searched, scope.meter);
  return text.indexOf(searched, from);
}

function lastIndexOf(text: string, searched: string, from: number, scope: MethodScope): number {
  scope.meter.expectLength(text.length);
  // The one search that looks at all of `searched` in every place of the text.
  scope.meter.step(Math.ceil((text.length * searched.length) / 64));
  return from < 0 ? -1 : text.lastIndexOf(searched, from);
}

const printed = (value: Value | undefined, { meter }: MethodScope): string => textOf(value ?? null, meter) ?? "null";

function join(separator: string, parts: readonly Value[], scope: MethodScope): string {
  let length = 0;
  const texts = parts.map((part) => {
    if (part !== null && typeof part !== "string") {
      throw javaException("java.lang.ClassCastException", "only texts can be joined");
    }
    const text = part ?? "null";
    length += text.length + separator.length;
    scope.meter.expectLength(length);
    return text;
  });
  return texts.join(separator);
}

function bytes(text: string, { meter }: MethodScope): Value {
  meter.expectLength(text.length);
  meter.step(text.length * 2);
  return new ListValue([...new TextEncoder().encode(text)].map((byte) => (byte > 127 ? byte - 256 : byte)), true);
}

const codePoint = (value: Value | undefined): string => {
  const point = value as number;
  return point >= 0 && point <= 0x10ffff ? String.fromCodePoint(point) : "\uffff\uffff";
};

const reading: readonly Row[] = [
  ["length", "", (text) => text.length],
  ["isEmpty", "", (text) => text.length === 0],
  ["isBlank", "", (text, _, { meter }) => blank.test(meter.text(text))],
  ["charAt", "int", (text, [index]) => charAt(text, index as number)],
  ["codePointAt", "int", (text, [index]) => text.codePointAt(index as number) ?? charAt(text, index as number)],
  ["contains", "String", (text, [part], scope) => indexOf(text, required(part), 0, scope) !== -1],
  ["startsWith", "String", (text, [part], { meter }) => meter.text(text).startsWith(required(part))],
  [
    "startsWith",
    "String, int",
    (text, [part, from]) => (from as number) >= 0 && text.startsWith(required(part), from as number),
  ],
  ["endsWith", "String", (text, [part], { meter }) => meter.text(text).endsWith(required(part))],
  ["indexOf", "String", (text, [part], scope) => indexOf(text, required(part), 0, scope)],
  ["indexOf", "int", (text, [point], scope) => indexOf(text, codePoint(point), 0, scope)],
  ["indexOf", "String, int", (text, [part, from], scope) => indexOf(text, required(part), from as number, scope)],
  ["indexOf", "int, int", (text, [point, from], scope) => indexOf(text, codePoint(point), from as number, scope)],
  ["lastIndexOf", "String", (text, [part], scope) => lastIndexOf(text, required(part), text.length, scope)],
  ["lastIndexOf", "int", (text, [point], scope) => lastIndexOf(text, codePoint(point), text.length, scope)],
  ["lastIndexOf", "String, int", (text, [part, from], scope) => lastIndexOf(text, required(part), from as number, scope)],
  ["equals", "Object", (text, [other], { meter }) => equalValues(text, other ?? null, meter)],
  [
    "equalsIgnoreCase",
    "String",
    (text, [other], { meter }) =>
      typeof other === "string" && text.length === other.length && folded(text, meter) === folded(other, meter),
  ],
  comparison(
    (other) => typeof other === "string",
    (text, other, meter) => {
      // Texts that begin alike are read character by character, eight in the time of a step.
      meter.step(Math.ceil(Math.min(text.length, (other as string).length) / 8));
      return compare(text, other as string);
    },
  ),
  ["compareToIgnoreCase", "String", (text, [other], { meter }) => compare(folded(text, meter), folded(required(other), meter))],
  ["contentEquals", "String", (text, [other], { meter }) => meter.text(text) === required(other)],
  ["hashCode", "", (text, _, { meter }) => hashOf(text, meter)],
  ["toString", "", (text) => text],
  ["intern", "", (text) => text],
  ["getBytes", "", (text, _, scope) => bytes(text, scope)],
  ["toCharArray", "", (text, _, { meter }) => {
    meter.step(text.length);
    return new ListValue(Array.from({ length: text.length }, (_, at) => new Char(text[at] ?? "")), true);
  }],
];

const making: readonly Row[] = [
  ["substring", "int", (text, [from]) => slice(text, from as number, text.length)],
  ["substring", "int, int", (text, [from, to]) => slice(text, from as number, to as number)],
  ["subSequence", "int, int", (text, [from, to]) => slice(text, from as number, to as number)],
  ["concat", "String", (text, [other], { meter }) => meter.text(text + required(other))],
  ["toLowerCase", "", (text, _, { meter }) => byLetters(text, meter).toLowerCase()],
  ["toUpperCase", "", (text, _, { meter }) => byLetters(text, meter).toUpperCase()],
  ["trim", "", (text, _, { meter }) => trim(byLetters(text, meter))],
  ["strip", "", (text, _, { meter }) => stripTrailing(meter.text(text).replace(leading, ""), meter)],
  ["stripLeading", "", (text, _, { meter }) => meter.text(text).replace(leading, "")],
  ["stripTrailing", "", (text, _, { meter }) => stripTrailing(meter.text(text), meter)],
  ["repeat", "int", (text, [count], scope) => repeat(text, count as number, scope)],
  ["replace", "String, String", (text, [from, to], scope) => replaceLiteral(text, required(from), required(to), scope)],
  [
    "replace",
    "char, char",
    (text, [from, to], scope) => replaceLiteral(text, (from as Char).text, (to as Char).text, scope),
  ],
  [
    "replaceAll",
    "String, String",
    (text, [from, to], scope) => replaceMatches(text, required(from), to === null ? null : required(to), Infinity, scope),
  ],
  [
    "replaceFirst",
    "String, String",
    (text, [from, to], scope) => replaceMatches(text, required(from), required(to), 1, scope),
  ],
  ["matches", "String", (text, [pattern], scope) => matchesPattern(text, required(pattern), scope)],
  ["split", "String", (text, [pattern], scope) => splitText(text, required(pattern), 0, scope)],
  ["split", "String, int", (text, [pattern, limit], scope) => splitText(text, required(pattern), limit as number, scope)],
];

// Static in Java; Velocity calls them on any text.
const ofClass: readonly Row[] = [
  ["valueOf", "Object", (_, [value], scope) => printed(value, scope)],
  ["join", "String, Collection", (_, [separator, parts], scope) => {
    const items = parts instanceof ListValue ? parts.items : parts instanceof ViewValue ? parts.items() : [];
    return join(required(separator), items, scope);
  }],
  ["join", "String, String...", (_, [separator, ...parts], scope) => join(required(separator), parts, scope)],
  ["format", "String, Object...", (_, [pattern, ...values], scope) => formatText(required(pattern), values, scope)],
];

export const stringMethods: MethodTable<string> = methodTable([
  ...reading,
  ...making,
  ...ofClass,
]);

/** A character has few methods of its own. */
export const charMethods: MethodTable<Char> = methodTable<Char>([
  ["toString", "", (char) => char.text],
  ["charValue", "", (char) => char],
  ["equals", "Object", (char, [other]) => other instanceof Char && other.text === char.text],
  ["hashCode", "", (char) => char.text.charCodeAt(0)],
  comparison(
    (other) => other instanceof Char,
    (char, other) => char.text.charCodeAt(0) - (other as Char).text.charCodeAt(0),
  ),
]);
