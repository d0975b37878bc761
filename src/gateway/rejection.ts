// Why a request does not get its backend's answer. Thrown by steps, caught in the pipeline files alone.
import type { TokenBucket } from "../domain/token-bucket.ts";
import type { Quota } from "../domain/usage-plan.ts";
import type { GatewayResponseType } from "../plan/index.ts";

/** What a throttled request was too many for. */
export type ExceededLimit =
  | { readonly of: "key"; readonly planId: string; readonly bucket: TokenBucket }
  | { readonly of: "quota"; readonly planId: string; readonly quota: Quota | undefined }
  | { readonly of: "method"; readonly bucket: TokenBucket }
  | { readonly of: "account" };

export interface RejectionDetails {
  /** In place of the gateway response's own. */
  readonly status?: number;
  /** `$context.error.message`, in place of the gateway response's own. */
  readonly message?: string;
  /** The value of `x-amzn-ErrorType`, in place of the gateway response's own. */
  readonly errorType?: string;
  /** `$context.error.validationErrorString` */
  readonly validationErrors?: string;
  /** For the log only: what the API's developer has to know. */
  readonly reason?: string;
  /** Likewise, of THROTTLED and QUOTA_EXCEEDED. */
  readonly exceeded?: ExceededLimit;
  readonly cause?: unknown;
}

/** Answered with one of the API's gateway responses. */
export class Rejection extends Error {
  override readonly name = "Rejection";
  readonly type: GatewayResponseType;
  readonly details: RejectionDetails;

  constructor(type: GatewayResponseType, details: RejectionDetails = {}) {
    super(details.reason ?? type, { cause: details.cause });
    this.type = type;
    this.details = details;
  }
}

/** Answered before there is an API whose gateway responses could speak. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** The value of `x-amzn-ErrorType`. */
  readonly errorType: string | undefined;

  constructor(status: number, contentType: string, body: string, errorType?: string) {
    super(body);
    this.status = status;
    this.contentType = contentType;
    this.body = body;
    this.errorType = errorType;
  }
}

/** No such API or stage here, or none that answers under this name. */
export const forbidden = (): Refusal =>
  new Refusal(403, "application/json", '{"message":"Forbidden"}', "ForbiddenException");

/** A custom domain name that asks for what is not built. The reason is for whoever calls: AWS has no such answer. */
export const notServed = (reason: string): Refusal =>
  new Refusal(501, "application/json", JSON.stringify({ message: reason }), "NotImplementedException");

/**
 * AWS's listener answers for itself, in plain text, when a payload is over 10 MB
 * (https://github.com/koki-develop/lgtm-generator/issues/10 shows the whole answer).
 */
export const payloadTooLarge = (limit: number): Refusal =>
  new Refusal(413, "text; charset=utf-8", `HTTP content length exceeded ${limit} bytes.`);

/** The same for header values over 10,240 bytes in all. */
export const headersTooLarge = (limit: number): Refusal =>
  new Refusal(431, "text; charset=utf-8", `HTTP header is larger than ${limit} bytes.`);

/** "The API client will receive a 414 Request URI too long response" (developer guide, limits), whose body it does not show. */
export const uriTooLong = (): Refusal => new Refusal(414, "application/json", '{"message":"Request URI too long"}');

/** The budget of bytes in flight is used up. AWS has no such answer; 503 tells clients to come back. */
export const overloaded = (): Refusal =>
  new Refusal(503, "application/json", '{"message":"Service Unavailable"}', "ServiceUnavailableException");

/** 500 `Internal server error` for the client; the reason is for the API's developer, in the log. */
export const configurationError = (reason: string, cause?: unknown): Rejection =>
  new Rejection("API_CONFIGURATION_ERROR", { reason, cause });
