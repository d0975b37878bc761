// The application/vnd.amazon.eventstream encoding: length-prefixed messages of headers and payload, each with two
// CRC-32 sums (https://smithy.io/2.0/aws/amazon-eventstream.html).
import { crc32 } from "node:zlib";
import type { OperationTable, Shape } from "../../model/table.ts";
import { bytes, encodeStructure } from "./encode-value.ts";

const PRELUDE_BYTES = 12;
const STRING_HEADER = 7;

/** One message. Header values are strings, which is all that events of this model need. */
export function encodeMessage(headers: Readonly<Record<string, string>>, payload: Uint8Array): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)));
  const total = PRELUDE_BYTES + head.length + payload.length + 4;
  const message = Buffer.alloc(total);
  message.writeUInt32BE(total, 0);
  message.writeUInt32BE(head.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  head.copy(message, PRELUDE_BYTES);
  message.set(payload, PRELUDE_BYTES + head.length);
  message.writeUInt32BE(crc32(message.subarray(0, total - 4)), total - 4);
  return message;
}

function encodeHeader(name: string, value: string): Buffer {
  const nameBytes = Buffer.from(name);
  const valueBytes = Buffer.from(value);
  const header = Buffer.alloc(1 + nameBytes.length + 3 + valueBytes.length);
  header.writeUInt8(nameBytes.length, 0);
  nameBytes.copy(header, 1);
  header.writeUInt8(STRING_HEADER, 1 + nameBytes.length);
  header.writeUInt16BE(valueBytes.length, 2 + nameBytes.length);
  valueBytes.copy(header, 4 + nameBytes.length);
  return header;
}

/** The events of a stream as messages: each event is an object with one member, the event's type. */
export async function* encodeEvents(
  events: AsyncIterable<Readonly<Record<string, unknown>>>,
  id: string,
  table: OperationTable,
): AsyncGenerator<Buffer> {
  const union = table.shapes[id] as Extract<Shape, { type: "union" }>;
  for await (const event of events) {
    const type = Object.keys(event).find((name) => event[name] !== undefined);
    const member = type === undefined ? undefined : union.members[type];
    if (type === undefined || member === undefined) throw new TypeError(`${id} has no event '${String(type)}'`);
    yield encodeEvent(type, event[type], member.shape, table);
  }
}

function encodeEvent(type: string, value: unknown, id: string, table: OperationTable): Buffer {
  const headers = { ":message-type": "event", ":event-type": type };
  const shape = table.shapes[id] as Extract<Shape, { type: "structure" }>;
  const payload = Object.entries(shape.members).find(([, member]) => member.in === "payload");
  if (payload !== undefined) {
    const content = bytes((value as Readonly<Record<string, unknown>>)[payload[0]]);
    return encodeMessage({ ...headers, ":content-type": "application/octet-stream" }, content);
  }
  const json = JSON.stringify(encodeStructure(value, id, table));
  return encodeMessage({ ...headers, ":content-type": "application/json" }, Buffer.from(json));
}
