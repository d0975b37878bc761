// An operation's output, or an error, as the XML of awsQuery.
import type { ServiceError } from "../../domain/errors.ts";
import type { Operation, OperationTable, Shape } from "../../model/table.ts";
import type { HttpResponse } from "../../ports/http-server.ts";
import { bytes, encodeScalar, encodeTimestamp } from "../rest-json/index.ts";

/** `<CreateUserResponse><CreateUserResult>...`; without a result where the operation has none. */
export function encodeQueryResponse(
  output: Readonly<Record<string, unknown>>,
  operation: Operation,
  table: OperationTable,
  requestId: string,
): HttpResponse {
  const { name } = operation;
  const result = operation.output === "Unit" ? "" : element(`${name}Result`, encodeStructure(output, operation.output, table));
  const metadata = element("ResponseMetadata", element("RequestId", requestId));
  return xml(200, `<${name}Response xmlns="${namespaceOf(table)}">${result}${metadata}</${name}Response>`);
}

/** Errors that all services share, by what the other protocols call them: what awsQuery calls them, and their status. */
const COMMON: Readonly<Record<string, readonly [code: string, status: number]>> = {
  AccessDeniedException: ["AccessDenied", 403],
  ExpiredTokenException: ["ExpiredToken", 403],
  IncompleteSignatureException: ["IncompleteSignature", 400],
  InternalFailure: ["InternalFailure", 500],
  InvalidAction: ["InvalidAction", 400],
  InvalidSignatureException: ["SignatureDoesNotMatch", 403],
  MissingAction: ["MissingAction", 400],
  MissingAuthenticationTokenException: ["MissingAuthenticationToken", 403],
  NotImplementedException: ["NotImplementedException", 501],
  RequestAbortedException: ["RequestAborted", 400],
  RequestEntityTooLargeException: ["RequestEntityTooLarge", 413],
  SerializationException: ["MalformedInput", 400],
  UnrecognizedClientException: ["InvalidClientTokenId", 403],
  ValidationError: ["ValidationError", 400],
};

/** The answer for an error of the model (or one all services share); undefined when neither knows its code. */
export function encodeQueryError(error: ServiceError, table: OperationTable, requestId: string): HttpResponse | undefined {
  const shape = Object.hasOwn(table.shapes, error.code) ? table.shapes[error.code] : undefined;
  const modeled = shape?.type === "structure" ? shape.error : undefined;
  const common = Object.hasOwn(COMMON, error.code) ? COMMON[error.code] : undefined;
  // STS's model has an ExpiredTokenException of its own, for tokens of identity providers; callers' own are ExpiredToken.
  const [code, status] = common ?? (modeled === undefined ? [] : [modeled.code ?? error.code, modeled.status]);
  if (code === undefined || status === undefined) return undefined;
  const type = element("Type", status < 500 ? "Sender" : "Receiver");
  const body = element("Error", type + element("Code", code) + element("Message", escape(error.message)));
  return xml(status, `<ErrorResponse xmlns="${namespaceOf(table)}">${body}${element("RequestId", requestId)}</ErrorResponse>`);
}

const xml = (status: number, body: string): HttpResponse => ({ status, headers: ["Content-Type", "text/xml"], body: `${body}\n` });

const namespaceOf = ({ query }: OperationTable): string => query?.xmlNamespace ?? "";

const element = (name: string, content: string): string => (content === "" ? `<${name}/>` : `<${name}>${content}</${name}>`);

function encodeStructure(value: Readonly<Record<string, unknown>>, id: string, table: OperationTable): string {
  const shape = table.shapes[id] as Extract<Shape, { type: "structure" | "union" }>;
  return Object.entries(shape.members)
    .filter(([name]) => value[name] !== undefined && value[name] !== null)
    .map(([name, member]) => element(member.wireName, encodeValue(value[name], member.shape, table)))
    .join("");
}

function encodeValue(value: unknown, id: string, table: OperationTable): string {
  const shape = table.shapes[id] as Shape;
  switch (shape.type) {
    case "structure":
    case "union":
      return encodeStructure(value as Readonly<Record<string, unknown>>, id, table);
    case "list":
      return (value as readonly unknown[]).map((item) => element("member", encodeValue(item, shape.element, table))).join("");
    case "map":
      return Object.entries(value as Readonly<Record<string, unknown>>)
        .map(([key, item]) => element("entry", element("key", escape(key)) + element("value", encodeValue(item, shape.value, table))))
        .join("");
    case "blob":
      return bytes(value).toString("base64");
    case "timestamp":
      return String(encodeTimestamp(value as number, shape.format));
    default:
      return escape(encodeScalar(value));
  }
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#xD;" };

/** Text of an element. What XML cannot hold at all becomes U+FFFD. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"\r]/g, (character) => ENTITIES[character] as string)
    .replace(/[^\t\n\r\u0020-\uFFFD]/g, (character) => (/[\uD800-\uDFFF]/.test(character) ? character : "\uFFFD"));
}
