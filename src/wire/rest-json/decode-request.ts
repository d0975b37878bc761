// A request of the restJson1 protocol to an operation's input (https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html).
import type { Member, OperationTable, Shape } from "../../model/table.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import { header } from "../../ports/http-server.ts";
import { decodePercent } from "../query.ts";
import type { Query } from "../query.ts";
import type { Route } from "../route.ts";
import { decodeStructure, decodeText, decodeValue, record } from "./decode-value.ts";
import { parseJson } from "./parse-json.ts";

export interface RawRequest {
  readonly route: Route;
  readonly query: Query;
  readonly headers: HeaderList;
  /** Undefined when the message has none. */
  readonly body: Uint8Array | undefined;
}

type Members = readonly (readonly [name: string, member: Member])[];

/** Decodes the input of the routed operation. @throws {ServiceError} `SerializationException` */
export function decodeRequest(raw: RawRequest, table: OperationTable): Record<string, unknown> {
  const id = raw.route.operation.input;
  const shape = table.shapes[id] as Extract<Shape, { type: "structure" }>;
  const members: Members = Object.entries(shape.members);
  const input = hasBodyMembers(members) ? decodeBody(raw.body, id, table) : {};
  for (const [name, encoded] of raw.route.labels) {
    input[name] = decodeText(decodePercent(encoded), (shape.members[name] as Member).shape, table);
  }
  const taken = new Set([...raw.route.literalQuery, ...members.filter(([, m]) => m.in === "query").map(([, m]) => m.wireName)]);
  for (const [name, member] of members) {
    const value = decodeMember(raw, member, table, taken);
    if (value !== undefined) input[name] = value;
  }
  return input;
}

/** Whether any member travels in a JSON body. */
export function hasBodyMembers(members: Members): boolean {
  return members.some(([, member]) => member.in === "body");
}

function decodeBody(body: Uint8Array | undefined, id: string, table: OperationTable): Record<string, unknown> {
  if (body === undefined || body.length === 0) return {};
  return decodeStructure(record(parseJson(body)), id, table);
}

function decodeMember(raw: RawRequest, member: Member, table: OperationTable, taken: ReadonlySet<string>): unknown {
  switch (member.in) {
    case "query":
      return decodeQueryMember(raw.query.get(member.wireName), member, table);
    case "queryMap":
      return decodeQueryMap(raw.query, member, table, taken);
    case "header":
      return decodeHeader(header(raw.headers, member.wireName.toLowerCase()), member, table);
    case "prefixHeaders":
      return decodePrefixHeaders(raw.headers, member.wireName.toLowerCase());
    case "payload":
      return decodePayload(raw.body, member, table);
    default:
      return undefined;
  }
}

function decodeQueryMember(values: readonly string[] | undefined, member: Member, table: OperationTable): unknown {
  if (values === undefined) return undefined;
  const shape = table.shapes[member.shape] as Shape;
  if (shape.type === "list") return values.map((value) => decodeText(value, shape.element, table));
  return decodeText(values[0] as string, member.shape, table);
}

/** All parameters that are neither other members nor the authorization. */
function decodeQueryMap(query: Query, member: Member, table: OperationTable, taken: ReadonlySet<string>): unknown {
  const shape = table.shapes[member.shape] as Extract<Shape, { type: "map" }>;
  const ofLists = table.shapes[shape.value]?.type === "list";
  const decoded = Object.create(null) as Record<string, unknown>;
  let some = false;
  for (const [name, values] of query) {
    if (taken.has(name) || /^x-amz-/i.test(name)) continue;
    decoded[name] = ofLists ? [...values] : values[0];
    some = true;
  }
  return some ? decoded : undefined;
}

function decodeHeader(value: string | undefined, member: Member, table: OperationTable): unknown {
  if (value === undefined) return undefined;
  const shape = table.shapes[member.shape] as Shape;
  if (shape.type !== "list") return decodeText(value, member.shape, table);
  const items = value.split(",").map((item) => item.trim());
  return items.filter((item) => item !== "").map((item) => decodeText(item, shape.element, table));
}

function decodePrefixHeaders(headers: HeaderList, prefix: string): Record<string, unknown> {
  const decoded = Object.create(null) as Record<string, unknown>;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    if (name.toLowerCase().startsWith(prefix)) decoded[name.slice(prefix.length)] = headers[i + 1];
  }
  return decoded;
}

function decodePayload(body: Uint8Array | undefined, member: Member, table: OperationTable): unknown {
  const shape = table.shapes[member.shape] as Shape;
  // A required payload without a body is an empty one: HTTP does not tell them apart.
  if (shape.type === "blob") return body ?? (member.required ? new Uint8Array(0) : undefined);
  if (body === undefined || body.length === 0) return undefined;
  return shape.type === "string" ? new TextDecoder().decode(body) : decodeValue(parseJson(body), member.shape, table);
}
