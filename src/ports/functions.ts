// How the gateway reaches Lambda functions: the local service, or a real Lambda behind `lambda.endpoint`.
import type { AwsCredentials } from "./aws-services.ts";

/** Who invokes on AWS's behalf: what a function's resource policy is checked against. */
export interface ServiceCaller {
  /** `apigateway.amazonaws.com` */
  readonly principal: string;
  /** `arn:aws:execute-api:{region}:{account}:{apiId}/{stage}/{METHOD}/{path}` */
  readonly sourceArn: string;
  readonly sourceAccount: string;
}

/** An IAM identity that invokes in its own name. */
export interface IdentityCaller {
  /** Its ARN. */
  readonly principal: string;
  /** Whether its policies let it invoke the function, as they are known here. A Lambda elsewhere asks its own. */
  readonly isAllowed: boolean;
  /** What a Lambda elsewhere is asked with. They never leave the process otherwise, nor are they written anywhere. */
  readonly credentials?: AwsCredentials;
}

export interface FunctionInvocation {
  /** A function's ARN, with or without a version or alias. */
  readonly functionArn: string;
  readonly type: "RequestResponse" | "Event" | "DryRun";
  readonly payload: Uint8Array;
  /** The payload is JSON for certain: whoever calls has written it so. It need not be looked at. */
  readonly isJson?: boolean;
  /** Absent when an IAM principal of the account calls (the Invoke operation in development). */
  readonly caller?: ServiceCaller;
  /** Present when a caller of an API invokes in its own name. */
  readonly identity?: IdentityCaller;
  /** Decoded JSON of `X-Amz-Client-Context`. */
  readonly clientContext?: string;
  /** `X-Amzn-Trace-Id` */
  readonly traceId?: string;
  /** The last 4 KB of the log come back with the result. */
  readonly tailLog?: boolean;
  readonly signal?: AbortSignal;
}

export interface FunctionResult {
  /** 200 for RequestResponse, 202 for Event, 204 for DryRun. */
  readonly status: number;
  /** JSON; for a failed function Lambda's error object (`errorMessage`, `errorType`, `stackTrace` or `trace`). */
  readonly payload: Buffer;
  readonly functionError?: "Handled" | "Unhandled";
  readonly executedVersion: string;
  /** The invocation's, as the function sees it. */
  readonly requestId?: string;
  /** The end of the log, when it was asked for. */
  readonly log?: Buffer;
}

export interface FunctionStream {
  readonly status: number;
  readonly contentType: string;
  readonly executedVersion: string;
  /** The payload as the function writes it. */
  readonly chunks: AsyncIterable<Buffer>;
  /** How it ended; settles after the last chunk. */
  readonly outcome: Promise<{ readonly errorCode?: string; readonly errorDetails?: string; readonly log?: Buffer }>;
}

/** Why an invocation did not reach the function. */
export type FunctionFailure =
  | "ResourceNotFoundException"
  | "AccessDeniedException"
  | "TooManyRequestsException"
  | "RequestTooLargeException"
  | "InvalidRequestContentException"
  | "ServiceException";

export class FunctionCallError extends Error {
  override readonly name = "FunctionCallError";
  readonly code: FunctionFailure;

  constructor(code: FunctionFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface Functions {
  /** @throws {FunctionCallError} when the invocation is refused; a function that fails is a result with `functionError`. */
  invoke(invocation: FunctionInvocation): Promise<FunctionResult>;
  /** The same, with the payload as it is written. @throws {FunctionCallError} */
  invokeStream(invocation: FunctionInvocation): Promise<FunctionStream>;
}
