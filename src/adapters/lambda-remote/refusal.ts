// An answer that is an error, as the port's refusals.
import { FunctionCallError, type FunctionFailure } from "../../ports/functions.ts";

const FAILURES: Readonly<Record<string, FunctionFailure>> = {
  ResourceNotFoundException: "ResourceNotFoundException",
  AccessDeniedException: "AccessDeniedException",
  TooManyRequestsException: "TooManyRequestsException",
  RequestTooLargeException: "RequestTooLargeException",
  RequestEntityTooLargeException: "RequestTooLargeException",
  InvalidRequestContentException: "InvalidRequestContentException",
};

/** Errors that know no other type are told apart by their status: bad signatures and unknown keys come as 403. */
const BY_STATUS: Readonly<Record<number, FunctionFailure>> = {
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  413: "RequestTooLargeException",
  429: "TooManyRequestsException",
};

/**
 * The refusal that an error's answer means.
 * @param errorType the header `x-amzn-ErrorType`, perhaps with a namespace after a colon.
 */
export function refusalOf(status: number, errorType: string | undefined, body: Uint8Array): FunctionCallError {
  const { message, type } = readBody(body);
  const name = (errorType ?? type ?? "").split(":")[0]?.split("#").at(-1) ?? "";
  const known = Object.hasOwn(FAILURES, name) ? FAILURES[name] : BY_STATUS[status];
  if (known) return new FunctionCallError(known, message ?? name);
  return new FunctionCallError("ServiceException", [name || `status ${status}`, message].filter(Boolean).join(": "));
}

function readBody(body: Uint8Array): { readonly message?: string; readonly type?: string } {
  try {
    const { message, Message, __type } = JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>;
    const text = message ?? Message;
    return { ...(typeof text === "string" ? { message: text } : {}), ...(typeof __type === "string" ? { type: __type } : {}) };
  } catch {
    // Not Lambda's own error, but perhaps a proxy's page: its status says enough.
    return {};
  }
}
