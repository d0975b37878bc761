// What API Gateway answers when it does not pass on a backend's answer
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html).

export type GatewayResponseType =
  | "ACCESS_DENIED"
  | "API_CONFIGURATION_ERROR"
  | "AUTHORIZER_CONFIGURATION_ERROR"
  | "AUTHORIZER_FAILURE"
  | "BAD_REQUEST_BODY"
  | "BAD_REQUEST_PARAMETERS"
  | "EXPIRED_TOKEN"
  | "INTEGRATION_FAILURE"
  | "INTEGRATION_TIMEOUT"
  | "INVALID_API_KEY"
  | "INVALID_SIGNATURE"
  | "MISSING_AUTHENTICATION_TOKEN"
  | "QUOTA_EXCEEDED"
  | "REQUEST_TOO_LARGE"
  | "RESOURCE_NOT_FOUND"
  | "THROTTLED"
  | "UNAUTHORIZED"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "WAF_FILTERED";

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

const response = (status: number, errorType: string, message: string | null, body: Body): GatewayResponse =>
  Object.freeze({ status, errorType, message, body });

/** Answers of a backend that fails, or of an API that cannot work. */
const failure = (status: number, message: string): GatewayResponse =>
  response(status, "InternalServerErrorException", message, SPACED);

/**
 * The responses of an API that has customized none. Those of authorization, keys, quotas and validation are not given yet;
 * the features that give them bring the proof of their texts.
 */
export const DEFAULT_GATEWAY_RESPONSES: GatewayResponses = Object.freeze({
  ACCESS_DENIED: response(403, "AccessDeniedException", "User is not authorized to access this resource", CAPITAL),
  API_CONFIGURATION_ERROR: failure(500, "Internal server error"),
  AUTHORIZER_CONFIGURATION_ERROR: response(500, "AuthorizerConfigurationException", null, COMPACT),
  AUTHORIZER_FAILURE: response(500, "AuthorizerFailureException", null, COMPACT),
  BAD_REQUEST_BODY: response(400, "BadRequestException", "Invalid request body", SPACED),
  BAD_REQUEST_PARAMETERS: response(400, "BadRequestException", "Missing required request parameters", SPACED),
  EXPIRED_TOKEN: response(403, "ExpiredTokenException", "The security token included in the request is expired", COMPACT),
  INTEGRATION_FAILURE: failure(504, "Network error communicating with endpoint"),
  INTEGRATION_TIMEOUT: failure(504, "Endpoint request timed out"),
  INVALID_API_KEY: response(403, "ForbiddenException", "Forbidden", COMPACT),
  INVALID_SIGNATURE: response(403, "InvalidSignatureException", null, COMPACT),
  MISSING_AUTHENTICATION_TOKEN: response(403, "MissingAuthenticationTokenException", "Missing Authentication Token", COMPACT),
  QUOTA_EXCEEDED: response(429, "LimitExceededException", "Limit Exceeded", COMPACT),
  REQUEST_TOO_LARGE: response(413, "BadRequestException", "Request Too Long", SPACED),
  RESOURCE_NOT_FOUND: response(404, "NotFoundException", null, COMPACT),
  THROTTLED: response(429, "TooManyRequestsException", "Too Many Requests", COMPACT),
  UNAUTHORIZED: response(401, "UnauthorizedException", "Unauthorized", COMPACT),
  UNSUPPORTED_MEDIA_TYPE: response(415, "BadRequestException", "Unsupported Media Type", SPACED),
  WAF_FILTERED: response(403, "ForbiddenException", "Forbidden", COMPACT),
});
