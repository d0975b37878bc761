// Whether the request is what the method's request validator demands: parameters first, then the body
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html).
import { lastHeader, mediaTypeOf, missingParameters } from "../../plan/index.ts";
import type { Authorized } from "../execution.ts";
import { Rejection } from "../rejection.ts";

/** @throws {Rejection} BAD_REQUEST_PARAMETERS or BAD_REQUEST_BODY. */
export function validateRequest(authorized: Authorized): Authorized {
  const { validation } = authorized.method;
  if (validation === undefined) return authorized;
  const missing = missingParameters(validation, authorized);
  if (missing.length > 0) {
    const message = `Missing required request parameters: [${missing.join(", ")}]`;
    throw new Rejection("BAD_REQUEST_PARAMETERS", { message, validationErrors: message });
  }
  const mediaType = mediaTypeOf(lastHeader(authorized.headers, "content-type"));
  const validateBody = validation.body?.choose(mediaType);
  if (validateBody === undefined) return authorized;
  const errors = validateBody(authorized.body);
  if (errors !== undefined) {
    const reason = `Request body does not match model schema for content type ${mediaType}: ${errors}`;
    throw new Rejection("BAD_REQUEST_BODY", { validationErrors: errors, reason });
  }
  authorized.log?.note({ type: "validated", mediaType });
  return authorized;
}
