// Errors as they travel: by the service's model, or for those every AWS service knows, by the list here.
import { ServiceError } from "../domain/errors.ts";
import type { Member, OperationTable } from "../model/table.ts";
import type { HttpResponse } from "../ports/http-server.ts";

/**
 * Statuses of the errors that all services share
 * (https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html).
 */
const COMMON_STATUS: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  ExpiredTokenException: 403,
  IncompleteSignatureException: 403,
  InternalFailure: 500,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  NotImplementedException: 501,
  RequestAbortedException: 400,
  RequestEntityTooLargeException: 413,
  SerializationException: 400,
  UnrecognizedClientException: 403,
  ValidationException: 400,
};

/** What cannot be read at all: bad JSON, a value of another type, a bad URL encoding. */
export const serializationError = (message: string): ServiceError => new ServiceError("SerializationException", message);

/** An operation (or service) of AWS's that is not built. */
export const notBuilt = (message: string): ServiceError => new ServiceError("NotImplementedException", message);

/** Every answer carries the request's id. */
export const requestIdHeader = (requestId: string): string[] => ["x-amzn-RequestId", requestId];

/**
 * The answer for an error of the model (or one all services share); undefined when neither knows its code.
 * The message travels under the key that the error's shape spells (`message`, or `Message` in parts of Lambda).
 */
export function encodeError(error: ServiceError, table: OperationTable | undefined, requestId: string): HttpResponse | undefined {
  const shape = table && Object.hasOwn(table.shapes, error.code) ? table.shapes[error.code] : undefined;
  const members = shape?.type === "structure" ? shape.members : {};
  const status = shape?.type === "structure" ? shape.error?.status : undefined;
  const known = status ?? (Object.hasOwn(COMMON_STATUS, error.code) ? COMMON_STATUS[error.code] : undefined);
  if (known === undefined) return undefined;
  const headers = [...requestIdHeader(requestId), "x-amzn-ErrorType", error.code, "Content-Type", "application/json"];
  const body: Record<string, unknown> = {};
  const messageName = Object.keys(members).find((name) => name.toLowerCase() === "message") ?? "message";
  const values: Record<string, unknown> = { ...error.members, [messageName]: error.message };
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    const member: Member | undefined = Object.hasOwn(members, name) ? members[name] : undefined;
    if (member?.in === "header") headers.push(member.wireName, typeof value === "string" ? value : JSON.stringify(value));
    else body[member?.wireName ?? name] = value;
  }
  return { status: known, headers, body: JSON.stringify(body) };
}
