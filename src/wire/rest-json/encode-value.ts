// Values of the model's shapes to JSON, and to text for headers.
import type { OperationTable, Shape } from "../../model/table.ts";
import { encodeTimestamp } from "./timestamp.ts";

/** A JSON value of a shape. Members that are undefined or null are left out. @throws {TypeError} for a handler's mistake */
export function encodeValue(value: unknown, id: string, table: OperationTable): unknown {
  const shape = table.shapes[id] as Shape;
  switch (shape.type) {
    case "structure":
    case "union":
      return encodeStructure(value, id, table);
    case "list": {
      const items = value as readonly unknown[];
      return items.map((item) => encodeValue(item, shape.element, table));
    }
    case "map":
      return encodeMap(value as Readonly<Record<string, unknown>>, shape, table);
    case "blob":
      return bytes(value).toString("base64");
    case "timestamp":
      return encodeTimestamp(value as number, shape.format);
    default:
      return value;
  }
}

/** The members of a structure that travel in a body, by their names on the wire. */
export function encodeStructure(value: unknown, id: string, table: OperationTable): Record<string, unknown> {
  const shape = table.shapes[id] as Shape;
  if (shape.type !== "structure" && shape.type !== "union") throw new TypeError(`${id} is not a structure`);
  const encoded: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(shape.members)) {
    const item = (value as Readonly<Record<string, unknown>>)[name];
    if (member.in !== "body" || item === undefined || item === null) continue;
    encoded[member.wireName] = encodeValue(item, member.shape, table);
  }
  return encoded;
}

function encodeMap(
  value: Readonly<Record<string, unknown>>,
  shape: Extract<Shape, { type: "map" }>,
  table: OperationTable,
): Record<string, unknown> {
  // Keys are users' words: `__proto__` is one like any other.
  const encoded = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    if (item !== null) encoded[key] = encodeValue(item, shape.value, table);
    else if (shape.sparse) encoded[key] = null;
  }
  return encoded;
}

/** Text for a header of a string, number or boolean. */
export function encodeScalar(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new TypeError(`a header cannot carry a value of type ${typeof value}`);
}

/** A view of bytes. @throws {TypeError} when they are not bytes */
export function bytes(value: unknown): Buffer {
  if (!(value instanceof Uint8Array)) throw new TypeError("a blob must be a Uint8Array");
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
