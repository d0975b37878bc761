// Why a request to an HTTP API does not get its backend's answer. Thrown by steps, caught in http.ts alone. The bodies are those
// that AWS answers with; HTTP APIs have no gateway responses that an API's developers could change.
import type { HeaderList } from "../../domain/header-list.ts";

export interface HttpRejectionDetails {
  /** Headers of the answer besides those that every one has. */
  readonly headers?: HeaderList;
  /** For the access log and the operator: what the API's developer has to know (`$context.integrationErrorMessage`). */
  readonly reason?: string;
  readonly cause?: unknown;
}

/** Status and message by what AWS calls the type (`$context.error.responseType`). */
const ANSWERS = {
  BAD_REQUEST: [400, "Bad Request"],
  UNAUTHORIZED: [401, "Unauthorized"],
  ACCESS_DENIED: [403, "Forbidden"],
  RESOURCE_NOT_FOUND: [404, "Not Found"],
  REQUEST_TOO_LARGE: [413, "Request Entity Too Large"],
  URI_TOO_LONG: [414, "URI Too Long"],
  THROTTLED: [429, "Too Many Requests"],
  HEADERS_TOO_LARGE: [431, "Request Header Fields Too Large"],
  AUTHORIZER_FAILURE: [500, "Internal Server Error"],
  INTEGRATION_FAILURE: [500, "Internal Server Error"],
  API_CONFIGURATION_ERROR: [500, "Internal Server Error"],
  SERVICE_UNAVAILABLE: [503, "Service Unavailable"],
  INTEGRATION_TIMEOUT: [503, "Service Unavailable"],
} as const satisfies Readonly<Record<string, readonly [status: number, message: string]>>;

export type HttpRejectionType = keyof typeof ANSWERS;

export class HttpRejection extends Error {
  override readonly name = "HttpRejection";
  readonly type: HttpRejectionType;
  readonly status: number;
  /** `$context.error.message` */
  readonly clientMessage: string;
  readonly details: HttpRejectionDetails;

  constructor(type: HttpRejectionType, details: HttpRejectionDetails = {}) {
    super(details.reason ?? type, { cause: details.cause });
    this.type = type;
    [this.status, this.clientMessage] = ANSWERS[type];
    this.details = details;
  }
}

/** The integration cannot work as it is configured. */
export const brokenIntegration = (reason: string, cause?: unknown): HttpRejection => new HttpRejection("INTEGRATION_FAILURE", { reason, cause });
