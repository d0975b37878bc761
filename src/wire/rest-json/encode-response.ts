// An operation's output to a response of the restJson1 protocol.
import type { Member, Operation, OperationTable, Shape } from "../../model/table.ts";
import type { HttpResponse } from "../../ports/http-server.ts";
import { encodeEvents } from "./event-stream.ts";
import { bytes, encodeScalar, encodeStructure, encodeValue } from "./encode-value.ts";
import { encodeTimestamp } from "./timestamp.ts";

type Output = Readonly<Record<string, unknown>>;
type Members = readonly (readonly [name: string, member: Member])[];

/**
 * Encodes what a handler gave. `payloadType` is the content type of a payload of bytes whose shape has no member for it.
 * @throws {TypeError} for a handler's mistake
 */
export function encodeResponse(output: Output, operation: Operation, table: OperationTable, payloadType: string): HttpResponse {
  const shape = table.shapes[operation.output] as Extract<Shape, { type: "structure" }>;
  const members: Members = Object.entries(shape.members);
  const headers: string[] = [];
  let status = operation.status;
  for (const [name, member] of members) {
    const value = output[name];
    if (value === undefined || value === null) continue;
    if (member.in === "status") status = value as number;
    if (member.in === "header") headers.push(member.wireName, headerText(value, table.shapes[member.shape] as Shape));
    if (member.in === "prefixHeaders") {
      for (const [suffix, text] of Object.entries(value)) headers.push(member.wireName + suffix, encodeScalar(text));
    }
  }
  const payload = members.find(([, member]) => member.in === "payload");
  if (payload !== undefined) return encodePayload(output[payload[0]], payload[1], { status, headers }, table, payloadType);
  if (!members.some(([, member]) => member.in === "body")) return { status, headers, body: "" };
  setDefault(headers, "Content-Type", "application/json");
  return { status, headers, body: JSON.stringify(encodeStructure(output, operation.output, table)) };
}

function headerText(value: unknown, shape: Shape): string {
  if (shape.type === "timestamp") return String(encodeTimestamp(value as number, shape.format));
  return Array.isArray(value) ? value.map(encodeScalar).join(", ") : encodeScalar(value);
}

interface Head {
  readonly status: number;
  readonly headers: string[];
}

function encodePayload(value: unknown, member: Member, head: Head, table: OperationTable, payloadType: string): HttpResponse {
  const shape = table.shapes[member.shape] as Shape;
  if (shape.type === "union" && shape.eventStream) {
    setDefault(head.headers, "Content-Type", "application/vnd.amazon.eventstream");
    return { ...head, body: encodeEvents(value as AsyncIterable<Output>, member.shape, table) };
  }
  if (value === undefined || value === null) return { ...head, body: "" };
  if (shape.type === "blob") {
    setDefault(head.headers, "Content-Type", payloadType);
    return { ...head, body: isStream(value) ? value : bytes(value) };
  }
  setDefault(head.headers, "Content-Type", shape.type === "string" ? "text/plain" : "application/json");
  return { ...head, body: shape.type === "string" ? encodeScalar(value) : JSON.stringify(encodeValue(value, member.shape, table)) };
}

const isStream = (value: unknown): value is AsyncIterable<Uint8Array> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

function setDefault(headers: string[], name: string, value: string): void {
  const isSet = headers.some((text, i) => i % 2 === 0 && text.toLowerCase() === name.toLowerCase());
  if (!isSet) headers.push(name, value);
}
