// Where a function's code runs: processes that speak the Lambda Runtime API
// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
import type { FunctionResult, FunctionStream } from "./functions.ts";

/** All that is needed to run one version of a function. */
export interface FunctionSpec {
  readonly account: string;
  readonly region: string;
  readonly functionName: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  /** The ARN that was invoked, as the function's context shows it. */
  readonly invokedArn: string;
  /** Changes whenever code or configuration does: processes are only reused within one revision. */
  readonly revision: string;
  /** AWS's identifier: `nodejs22.x`, `python3.12`, `provided.al2023` ... */
  readonly runtime: string;
  readonly handler: string;
  /** The unpacked code; the function can read it and not write it. */
  readonly codeDirectory: string;
  /** Start anew when files under `codeDirectory` change (a developer's own directory). */
  readonly watch: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly memorySizeMb: number;
  readonly timeoutMs: number;
  /** The most processes of this function at once. */
  readonly maxConcurrency: number;
}

export interface RuntimeInvocation {
  readonly requestId: string;
  readonly payload: Uint8Array;
  /** JSON, decoded from base64. */
  readonly clientContext?: string;
  readonly traceId?: string;
  readonly tailLog: boolean;
  readonly signal?: AbortSignal;
}

export interface FunctionRuntime {
  /** Why functions of this runtime cannot run on this machine; undefined when they can. */
  refusal(runtime: string): Promise<string | undefined>;
  /** @throws {FunctionCallError} `TooManyRequestsException` when all processes are busy and no more may be started. */
  invoke(spec: FunctionSpec, invocation: RuntimeInvocation): Promise<FunctionResult>;
  /** The same, with the payload as the function writes it. @throws {FunctionCallError} */
  invokeStream(spec: FunctionSpec, invocation: RuntimeInvocation): Promise<FunctionStream>;
  /** Ends a function's processes (of one version, or of all) once their invocations are done. */
  retire(account: string, region: string, functionName: string, version?: string): Promise<void>;
  /** Ends all processes. */
  close(): Promise<void>;
}
