// What API Gateway answers when it does not pass on a backend's answer
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html).
import { DEFAULT_STATUS_CODES, type FallbackType, type GatewayResponseType as AnyType } from "../domain/gateway-response.ts";
import type { GatewayResponse as Customized } from "../domain/gateway-response.ts";
import type { RejectedFacts, RejectionTemplates } from "./gateway-response-template.ts";
import { compileRejectionHeaders, compileRejectionTemplates } from "./gateway-response-template.ts";
import type { ParameterMapping } from "./parameter-mapping.ts";

/** The types that a request ends with; the fall-backs only stand in for them. */
export type GatewayResponseType = Exclude<AnyType, FallbackType>;

export interface GatewayResponse {
  readonly status: number;
  /** Whether the API's developers have chosen the status: then it goes before one that a rejection brings. */
  readonly customStatus: boolean;
  /** The value of `x-amzn-ErrorType`. */
  readonly errorType: string;
  /** `$context.error.message` where the rejection brings none of its own. */
  readonly message: string | null;
  /** They take the place of AWS's own of the same name. */
  readonly headers: readonly ParameterMapping<RejectedFacts>[];
  readonly templates: RejectionTemplates;
}

export type GatewayResponses = Readonly<Record<GatewayResponseType, GatewayResponse>>;

/** AWS writes a space once a method has been found and its caller let in, none before, and one member with a capital. */
const COMPACT = literal('{"message":');
const SPACED = literal('{"message": ');
const CAPITAL = literal('{"Message":');

/** Of the same kind as custom templates, but for that they need no parsing. */
function literal(before: string): RejectionTemplates {
  const template = {
    contentType: "application/json",
    render: ({ error }: RejectedFacts): string => `${before}${JSON.stringify(error.message)}}`,
  };
  return Object.freeze({ choose: () => template });
}

const response = (
  type: GatewayResponseType,
  errorType: string,
  message: string | null,
  templates: RejectionTemplates,
): GatewayResponse =>
  Object.freeze({ status: DEFAULT_STATUS_CODES[type], customStatus: false, errorType, message, headers: [], templates });

/** Answers of a backend that fails, or of an API that cannot work. */
const failure = (type: GatewayResponseType, message: string): GatewayResponse =>
  response(type, "InternalServerErrorException", message, SPACED);

/**
 * The responses of an API that has customized none. Those of signatures are not given yet; the features that give them
 * bring the proof of their texts. The answers for authorizers that fail are shown in
 * https://loige.co/debugging-custom-apigateway-authorizers/ and github.com/serverless/examples/issues/305, those for callers
 * that are refused in https://repost.aws/knowledge-center/api-gateway-403-error-lambda-authorizer and github.com/aws/chalice/issues/1619.
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

/**
 * An API's gateway responses: its own for a type, else its own for the class of the type's status, else AWS's. A status
 * code that is not set is looked for in the same order ("changing the status code of this fallback gateway response
 * changes the status codes of all other 4XX responses to the new value").
 */
export function compileGatewayResponses(customized: readonly Customized[] = []): GatewayResponses {
  if (customized.length === 0) return DEFAULT_GATEWAY_RESPONSES;
  const custom = new Map(customized.map((each) => [each.responseType, compileCustom(each)]));
  const entries = Object.entries(DEFAULT_GATEWAY_RESPONSES) as [GatewayResponseType, GatewayResponse][];
  return Object.freeze(
    Object.fromEntries(
      entries.map(([type, own]) => {
        const fallback = custom.get(own.status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
        return [type, NOT_CUSTOMIZABLE.has(type) ? own : customize(own, custom.get(type), fallback)];
      }),
    ) as Record<GatewayResponseType, GatewayResponse>,
  );
}

/** "Customizing the default gateway response for 413 REQUEST_TOO_LARGE isn't currently supported" (api-gateway-known-issues). */
const NOT_CUSTOMIZABLE: ReadonlySet<GatewayResponseType> = new Set(["REQUEST_TOO_LARGE"]);

interface Custom {
  readonly status: number | undefined;
  readonly headers: GatewayResponse["headers"];
  readonly templates: RejectionTemplates | undefined;
}

function compileCustom({ statusCode, responseParameters, responseTemplates }: Customized): Custom {
  return {
    status: statusCode === undefined ? undefined : Number(statusCode),
    headers: compileRejectionHeaders(responseParameters),
    templates: compileRejectionTemplates(responseTemplates),
  };
}

function customize(own: GatewayResponse, custom: Custom | undefined, fallback: Custom | undefined): GatewayResponse {
  const chosen = custom ?? fallback;
  if (chosen === undefined) return own;
  const status = custom?.status ?? fallback?.status;
  return Object.freeze({
    ...own,
    status: status ?? own.status,
    customStatus: status !== undefined,
    headers: chosen.headers,
    templates: chosen.templates ?? own.templates,
  });
}
