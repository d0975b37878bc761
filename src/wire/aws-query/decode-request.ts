// A form to an operation's input: `Tags.member.1.Key=a` is the Key of the first of the Tags.
import { ServiceError } from "../../domain/errors.ts";
import type { Operation, OperationTable, Shape } from "../../model/table.ts";
import { serializationError } from "../failures.ts";
import { parseQuery } from "../query.ts";
import type { Query } from "../query.ts";
import { decodeText } from "../rest-json/index.ts";

/** Names have at most so many parts; no shape of the models is as deep. */
const MAX_PARTS = 20;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads a body. @throws {ServiceError} when it is not UTF-8 */
export function formOf(body: Uint8Array): Query {
  try {
    return parseQuery(utf8.decode(body));
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw serializationError("The request body is not valid UTF-8.");
  }
}

/** The operation that a form asks for. @throws {ServiceError} `InvalidAction` (quoted in aws/aws-cli#37), `MissingAction` */
export function findAction(form: Query, table: OperationTable): Operation {
  const action = form.get("Action")?.[0] ?? "";
  const version = form.get("Version")?.[0] ?? "NO_VERSION_SPECIFIED";
  // https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
  if (action === "") throw new ServiceError("MissingAction", "The request is missing an action or a required parameter.");
  const operation = Object.hasOwn(table.operations, action) ? table.operations[action] : undefined;
  if (operation === undefined || version !== table.query?.version) {
    throw new ServiceError("InvalidAction", `Could not find operation ${action.slice(0, 100)} for version ${version.slice(0, 100)}`);
  }
  return operation;
}

/** A part of a name: what stands at it, and under it. */
interface Node {
  value: string | undefined;
  readonly children: Map<string, Node>;
}

const emptyNode = (): Node => ({ value: undefined, children: new Map() });

/** Decodes the input of an operation. @throws {ServiceError} for text of another type */
export function decodeForm(form: Query, operation: Operation, table: OperationTable): Record<string, unknown> {
  const root = emptyNode();
  for (const [name, values] of form) {
    const parts = name.split(".");
    if (parts.length > MAX_PARTS) continue;
    let node = root;
    for (const part of parts) {
      let child = node.children.get(part);
      if (child === undefined) node.children.set(part, (child = emptyNode()));
      node = child;
    }
    node.value = values[0];
  }
  return decodeStructure(root, operation.input, table);
}

function decodeStructure(node: Node, id: string, table: OperationTable): Record<string, unknown> {
  const shape = table.shapes[id] as Extract<Shape, { type: "structure" | "union" }>;
  const decoded: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(shape.members)) {
    const child = node.children.get(member.wireName);
    const value = child === undefined ? undefined : decodeNode(child, member.shape, table);
    if (value !== undefined) decoded[name] = value;
  }
  return decoded;
}

/** Undefined when the name has no value of the shape's kind: `Path.x=1` gives no Path. */
function decodeNode(node: Node, id: string, table: OperationTable): unknown {
  const shape = table.shapes[id] as Shape;
  switch (shape.type) {
    case "structure":
    case "union":
      return decodeStructure(node, id, table);
    case "list":
      // An empty list travels as an empty value.
      return numbered(node.children.get("member")).flatMap((item) => decodeNode(item, shape.element, table) ?? []);
    case "map":
      return decodeMap(node, shape, table);
    case "blob":
      return node.value === undefined ? undefined : Buffer.from(node.value, "base64");
    default:
      return node.value === undefined ? undefined : decodeText(node.value, id, table);
  }
}

function decodeMap(node: Node, shape: Extract<Shape, { type: "map" }>, table: OperationTable): Record<string, unknown> {
  const decoded = Object.create(null) as Record<string, unknown>;
  for (const entry of numbered(node.children.get("entry"))) {
    const key = entry.children.get("key")?.value;
    const value = entry.children.get("value");
    if (key !== undefined && value !== undefined) decoded[key] = decodeNode(value, shape.value, table);
  }
  return decoded;
}

/** What stands under `1`, `2` ..., in the order of the numbers. */
function numbered(node: Node | undefined): Node[] {
  if (node === undefined) return [];
  return [...node.children]
    .filter(([name]) => /^\d{1,9}$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}
