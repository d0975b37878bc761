// Whether an event is as its route asks for.
import { Rejection } from "../../rejection.ts";
import type { WebSocketAuthorized } from "../execution.ts";

/** Handshakes without what `$connect` asks for. @throws {Rejection} BAD_REQUEST_PARAMETERS */
export function requireParameters(authorized: WebSocketAuthorized): WebSocketAuthorized {
  const missing = authorized.route.requiredParameters.filter(({ value }) => (value(authorized) ?? "") === "").map(({ name }) => name);
  if (missing.length === 0) return authorized;
  throw new Rejection("BAD_REQUEST_PARAMETERS", { message: `Missing required request parameters: [${missing.join(", ")}]` });
}

/**
 * Messages that are not as their model has them
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-request-validation.html).
 * @throws {Rejection} BAD_REQUEST_BODY
 */
export function validateMessage(authorized: WebSocketAuthorized): WebSocketAuthorized {
  const validationErrors = authorized.route.validation?.(authorized);
  if (validationErrors !== undefined) throw new Rejection("BAD_REQUEST_BODY", { validationErrors });
  return authorized;
}
