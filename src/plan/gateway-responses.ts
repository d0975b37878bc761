// What API Gateway answers when it does not pass on a backend's answer
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html).
import { DEFAULT_STATUS_CODES, type FallbackType, type GatewayResponseType as AnyType } from "../domain/gateway-response.ts";

/** The types that a request ends with; the fall-backs only stand in for them. */
export type GatewayResponseType = Exclude<AnyType, FallbackType>;

export interface GatewayResponse {
  readonly status: number;
  /** The value of `x-amzn-ErrorType`. */
  readonly errorType: string;
  /** `$context.error.message` where the rejection brings none of its own. */
  readonly message: string | null;
  /** The text before and after the quoted message. */
  readonly body: readonly [before: string, after: string];
}

export type GatewayResponses = Readonly<Record<GatewayResponseType, GatewayResponse>>;

/** AWS writes a space once a method has been found and its caller let in, none before, and one member with a capital. */
const COMPACT = ['{"message":', "}"] as const;
const SPACED = ['{"message": ', "}"] as const;
const CAPITAL = ['{"Message":', "}"] as const;

type Body = GatewayResponse["body"];

const response = (type: GatewayResponseType, errorType: string, message: string | null, body: Body): GatewayResponse =>
  Object.freeze({ status: DEFAULT_STATUS_CODES[type], errorType, message, body });

/** Answers of a backend that fails, or of an API that cannot work. */
const failure = (type: GatewayResponseType, message: string): GatewayResponse =>
  response(type, "InternalServerErrorException", message, SPACED);

/**
 * The responses of an API that has customized none. Those of authorization, keys, quotas and validation are not given yet;
 * the features that give them bring the proof of their texts.
 */
export const DEFAULT_GATEWAY_RESPONSES: GatewayResponses = Object.freeze({
  ACCESS_DENIED: response("ACCESS_DENIED", "AccessDeniedException", "User is not authorized to access this resource", CAPITAL),
  API_CONFIGURATION_ERROR: failure("API_CONFIGURATION_ERROR", "Internal server error"),
  AUTHORIZER_CONFIGURATION_ERROR: response("AUTHORIZER_CONFIGURATION_ERROR", "AuthorizerConfigurationException", null, COMPACT),
  AUTHORIZER_FAILURE: response("AUTHORIZER_FAILURE", "AuthorizerFailureException", null, COMPACT),
  BAD_REQUEST_BODY: response("BAD_REQUEST_BODY", "BadRequestException", "Invalid request body", SPACED),
  BAD_REQUEST_PARAMETERS: response("BAD_REQUEST_PARAMETERS", "BadRequestException", "Missing required request parameters", SPACED),
  EXPIRED_TOKEN: response("EXPIRED_TOKEN", "ExpiredTokenException", "The security token included in the request is expired", COMPACT),
  INTEGRATION_FAILURE: failure("INTEGRATION_FAILURE", "Network error communicating with endpoint"),
  INTEGRATION_TIMEOUT: failure("INTEGRATION_TIMEOUT", "Endpoint request timed out"),
  INVALID_API_KEY: response("INVALID_API_KEY", "ForbiddenException", "Forbidden", COMPACT),
  INVALID_SIGNATURE: response("INVALID_SIGNATURE", "InvalidSignatureException", null, COMPACT),
  MISSING_AUTHENTICATION_TOKEN: response("MISSING_AUTHENTICATION_TOKEN", "MissingAuthenticationTokenException", "Missing Authentication Token", COMPACT),
  QUOTA_EXCEEDED: response("QUOTA_EXCEEDED", "LimitExceededException", "Limit Exceeded", COMPACT),
  REQUEST_TOO_LARGE: response("REQUEST_TOO_LARGE", "BadRequestException", "Request Too Long", SPACED),
  RESOURCE_NOT_FOUND: response("RESOURCE_NOT_FOUND", "NotFoundException", null, COMPACT),
  THROTTLED: response("THROTTLED", "TooManyRequestsException", "Too Many Requests", COMPACT),
  UNAUTHORIZED: response("UNAUTHORIZED", "UnauthorizedException", "Unauthorized", COMPACT),
  UNSUPPORTED_MEDIA_TYPE: response("UNSUPPORTED_MEDIA_TYPE", "BadRequestException", "Unsupported Media Type", SPACED),
  WAF_FILTERED: response("WAF_FILTERED", "ForbiddenException", "Forbidden", COMPACT),
});
