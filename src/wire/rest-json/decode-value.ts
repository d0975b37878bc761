// JSON values, and text from URLs and headers, to values of the model's shapes. Only types are checked here; see validate.ts.
import type { OperationTable, Shape } from "../../model/table.ts";
import { serializationError } from "../failures.ts";
import { decodeTimestamp } from "./timestamp.ts";

/** Decodes JSON of a shape. `null` is the caller's to leave out. @throws {ServiceError} for a value of another type */
export function decodeValue(value: unknown, id: string, table: OperationTable): unknown {
  const shape = table.shapes[id] as Shape;
  switch (shape.type) {
    case "structure":
    case "union":
      return decodeStructure(record(value), id, table);
    case "list":
      return decodeList(value, shape, table);
    case "map":
      return decodeMap(record(value), shape, table);
    case "string":
      if (typeof value !== "string") throw mismatch(value, "a String");
      return wellFormed(value);
    case "boolean":
      if (typeof value !== "boolean") throw mismatch(value, "a Boolean");
      return value;
    case "integer":
    case "long":
    case "float":
    case "double":
      return decodeNumber(value, shape.type);
    case "timestamp": {
      const time = isContainer(value) ? undefined : decodeTimestamp(value, shape.format);
      if (time === undefined) throw mismatch(value, "a Timestamp");
      return time;
    }
    case "blob":
      return decodeBlob(value);
    case "document":
      return value;
  }
}

/** The members of a structure that travel in a body, by their own names. Unknown members and nulls are left out. */
export function decodeStructure(
  value: Readonly<Record<string, unknown>>,
  id: string,
  table: OperationTable,
): Record<string, unknown> {
  const shape = table.shapes[id] as Shape;
  const decoded: Record<string, unknown> = {};
  if (shape.type !== "structure" && shape.type !== "union") return decoded;
  for (const [name, member] of Object.entries(shape.members)) {
    if (member.in !== "body" || !Object.hasOwn(value, member.wireName)) continue;
    const item = value[member.wireName];
    if (item !== null) decoded[name] = decodeValue(item, member.shape, table);
  }
  return decoded;
}

/** Whether JSON is an object; the errors are those quoted for AWS's services when a list or a map stands elsewhere. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  if (Array.isArray(value)) throw serializationError("Start of list found where not expected");
  if (typeof value !== "object" || value === null) throw serializationError("Expected null");
  return value as Readonly<Record<string, unknown>>;
}

function decodeList(value: unknown, shape: Extract<Shape, { type: "list" }>, table: OperationTable): unknown[] {
  if (!Array.isArray(value)) {
    throw serializationError(isContainer(value) ? "Start of structure or map found where not expected." : "Expected list or null");
  }
  const items: unknown[] = [];
  for (const item of value as readonly unknown[]) {
    if (item !== null) items.push(decodeValue(item, shape.element, table));
    else if (shape.sparse) items.push(null);
  }
  return items;
}

function decodeMap(
  value: Readonly<Record<string, unknown>>,
  shape: Extract<Shape, { type: "map" }>,
  table: OperationTable,
): Record<string, unknown> {
  // Keys are users' words: without a prototype `__proto__` and `constructor` are like any other.
  const decoded = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of Object.entries(value)) {
    if (item !== null) decoded[wellFormed(key)] = decodeValue(item, shape.value, table);
    else if (shape.sparse) decoded[wellFormed(key)] = null;
  }
  return decoded;
}

const INTEGER_LIMIT = 2 ** 31;

type NumberType = "integer" | "long" | "float" | "double";

const TYPE_NAMES = { integer: "an Integer", long: "a Long", float: "a Float", double: "a Double" } as const;

function decodeNumber(value: unknown, type: NumberType): number {
  if (typeof value !== "number" || !isOfType(value, type)) throw mismatch(value, TYPE_NAMES[type]);
  return value;
}

function isOfType(value: number, type: NumberType): boolean {
  if (type === "integer") return Number.isInteger(value) && value >= -INTEGER_LIMIT && value < INTEGER_LIMIT;
  return type === "long" ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function decodeBlob(value: unknown): Uint8Array {
  if (typeof value !== "string") throw mismatch(value, "a Blob");
  if (!isBase64(value)) throw serializationError("A blob must be encoded in Base64.");
  return Buffer.from(value, "base64");
}

/** Padding may be left out, but not be wrong. Blobs are up to tens of megabytes: one pass, nothing to backtrack into. */
function isBase64(text: string): boolean {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  if (padding > 0 && text.length % 4 !== 0) return false;
  return (text.length - padding) % 4 !== 1 && !/[^A-Za-z0-9+/]/.test(padding === 0 ? text : text.slice(0, -padding));
}

/** Text of a URL or header to a string, number, boolean or timestamp. @throws {ServiceError} for text of another type */
export function decodeText(text: string, id: string, table: OperationTable): unknown {
  const shape = table.shapes[id] as Shape;
  switch (shape.type) {
    case "boolean":
      if (text !== "true" && text !== "false") throw mismatch(text, "a Boolean");
      return text === "true";
    case "integer":
    case "long":
    case "float":
    case "double":
      if (!/^-?\d+(?:\.\d+)?$/.test(text)) throw mismatch(text, TYPE_NAMES[shape.type]);
      return decodeNumber(Number(text), shape.type);
    case "timestamp": {
      const time = decodeTimestamp(text, shape.format);
      if (time === undefined) throw mismatch(text, "a Timestamp");
      return time;
    }
    default:
      return wellFormed(text);
  }
}

/** Halves of surrogate pairs cannot be stored as UTF-8: they become U+FFFD, as they would on any way through bytes. */
const wellFormed = (text: string): string => text.toWellFormed();

const isContainer = (value: unknown): boolean => typeof value === "object" && value !== null;

/**
 * AWS's words, as quoted in aws/aws-sdk-js-v3's UPGRADING.md ("STRING_VALUE can not be converted to an Integer") and,
 * for lists and maps, in many DynamoDB questions.
 */
function mismatch(value: unknown, expected: string): Error {
  if (Array.isArray(value)) return serializationError("Start of list found where not expected");
  if (isContainer(value)) return serializationError("Start of structure or map found where not expected.");
  return serializationError(`${token(value)} can not be converted to ${expected}`);
}

function token(value: unknown): string {
  if (typeof value === "boolean") return value ? "TRUE_VALUE" : "FALSE_VALUE";
  return typeof value === "number" ? "NUMBER_VALUE" : "STRING_VALUE";
}
