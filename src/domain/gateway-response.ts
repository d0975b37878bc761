// The answers that API Gateway gives by itself, and what an API's developers make of them
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html).
import { recordKind } from "./record.ts";
import type { StringMap } from "./rest-api.ts";

/** The status code of each type where nobody has chosen another; the fall-backs leave each type its own. */
export const DEFAULT_STATUS_CODES = Object.freeze({
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  RESOURCE_NOT_FOUND: 404,
  UNAUTHORIZED: 401,
  INVALID_API_KEY: 403,
  ACCESS_DENIED: 403,
  AUTHORIZER_FAILURE: 500,
  AUTHORIZER_CONFIGURATION_ERROR: 500,
  INVALID_SIGNATURE: 403,
  EXPIRED_TOKEN: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  API_CONFIGURATION_ERROR: 500,
  UNSUPPORTED_MEDIA_TYPE: 415,
  BAD_REQUEST_PARAMETERS: 400,
  BAD_REQUEST_BODY: 400,
  REQUEST_TOO_LARGE: 413,
  THROTTLED: 429,
  QUOTA_EXCEEDED: 429,
  WAF_FILTERED: 403,
});

/** All types, in the order of the model's enumeration. */
export const GATEWAY_RESPONSE_TYPES = Object.keys(DEFAULT_STATUS_CODES) as readonly GatewayResponseType[];

export type GatewayResponseType = keyof typeof DEFAULT_STATUS_CODES;

/** Stand for all types of their class that are not customized themselves. */
export type FallbackType = "DEFAULT_4XX" | "DEFAULT_5XX";

/** A gateway response that an API customizes. */
export interface GatewayResponse {
  readonly responseType: GatewayResponseType;
  /** Absent where the type's own counts. */
  readonly statusCode?: string;
  /** `gatewayresponse.header.{name}` to a mapping expression. */
  readonly responseParameters: StringMap;
  /** Content type to template; templates of another kind than a method's: variables alone, no VTL. */
  readonly responseTemplates: StringMap;
}

/** The template of every response that is not customized (GetGatewayResponses, its sample response). */
export const DEFAULT_RESPONSE_TEMPLATES: StringMap = Object.freeze({ "application/json": '{"message":$context.error.messageString}' });

/** Only customized ones. Key: account, region, API id, response type. */
export const gatewayResponses = recordKind<GatewayResponse>("gateway-response");
