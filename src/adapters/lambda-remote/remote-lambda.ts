// Functions of a real Lambda (or anything that speaks its API) behind an endpoint: signed requests, in and out as
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html has it. Whether a function may be invoked is decided there,
// by the policies of the principal whose credentials sign.
import type { Clock } from "../../ports/clock.ts";
import { FunctionCallError, type FunctionInvocation, type FunctionResult, type Functions } from "../../ports/functions.ts";
import { UpstreamError, type HttpClient } from "../../ports/http-client.ts";
import { header } from "../../ports/http-server.ts";
import { sign, type Credentials } from "../../sigv4/index.ts";
import { refusalOf } from "./refusal.ts";
import { openStream } from "./response-stream.ts";
import { INVOCATION_LIMIT_MS, type SignedInvocation } from "./signed-invocation.ts";

export interface RemoteLambdaOptions {
  /** `https://lambda.us-east-1.amazonaws.com`, perhaps with a path before the API's own. */
  readonly endpoint: string;
  readonly credentials: Credentials;
  readonly httpClient: HttpClient;
  readonly clock: Clock;
}

/** A payload has 6 MB at most. */
const RESPONSE_LIMIT = 7 * 1_024 * 1_024;

/** Invokes by the ARN as it is, signed for the ARN's region. @throws {Error} when the endpoint is no URL of http or https. */
export function createRemoteLambda({ endpoint, credentials, httpClient, clock }: RemoteLambdaOptions): Functions {
  const base = readEndpoint(endpoint);

  const prepare = (invocation: FunctionInvocation, version: string, action: string): SignedInvocation => {
    const path = `${base.pathname.replace(/\/$/, "")}/${version}/functions/${encodeURIComponent(invocation.functionArn)}/${action}`;
    const headers = ["Host", base.host, "Content-Type", "application/json", ...invocationHeaders(invocation)];
    const request = { method: "POST", target: path, headers, body: invocation.payload };
    const scope = { region: regionOf(invocation.functionArn), service: "lambda" };
    const signature = sign(request, invocation.identity?.credentials ?? credentials, scope, clock.now());
    return { origin: base.origin, path, headers: [...headers, ...signature], body: invocation.payload };
  };

  return {
    async invoke(invocation) {
      const request = prepare(invocation, "2015-03-31", "invocations");
      const { signal } = invocation;
      try {
        const response = await httpClient.request({
          ...request,
          method: "POST",
          timeoutMs: INVOCATION_LIMIT_MS,
          responseLimit: RESPONSE_LIMIT,
          ...(signal ? { signal } : {}),
        });
        if (response.status >= 300) throw refusalOf(response.status, header(response.headers, "x-amzn-errortype"), response.body);
        return readResult(response.status, response.headers, response.body);
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
        throw new FunctionCallError("ServiceException", `${base.origin} did not answer: ${error.message}`, { cause: error });
      }
    },

    invokeStream(invocation) {
      return openStream(prepare(invocation, "2021-11-15", "response-streaming-invocations"), clock, invocation.signal);
    },
  };
}

function readEndpoint(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new Error(`lambda.endpoint is not a URL of http or https: ${endpoint}`);
  return url;
}

function regionOf(functionArn: string): string {
  const region = functionArn.split(":")[3];
  if (!functionArn.startsWith("arn:") || region === undefined || region === "") {
    throw new FunctionCallError("ResourceNotFoundException", `Function not found: ${functionArn}`);
  }
  return region;
}

function invocationHeaders({ type, tailLog, clientContext, traceId }: FunctionInvocation): string[] {
  return [
    "X-Amz-Invocation-Type",
    type,
    ...(tailLog === true ? ["X-Amz-Log-Type", "Tail"] : []),
    ...(clientContext === undefined ? [] : ["X-Amz-Client-Context", Buffer.from(clientContext).toString("base64")]),
    ...(traceId === undefined ? [] : ["X-Amzn-Trace-Id", traceId]),
  ];
}

function readResult(status: number, headers: readonly string[], payload: Buffer): FunctionResult {
  const functionError = header(headers, "x-amz-function-error");
  const log = header(headers, "x-amz-log-result");
  const requestId = header(headers, "x-amzn-requestid");
  return {
    status,
    payload,
    executedVersion: header(headers, "x-amz-executed-version") ?? "$LATEST",
    ...(requestId === undefined ? {} : { requestId }),
    // Lambda has told handled from unhandled errors before and now always says Unhandled; anything else counts as that.
    ...(functionError === undefined ? {} : { functionError: functionError === "Handled" ? "Handled" : "Unhandled" }),
    ...(log === undefined ? {} : { log: Buffer.from(log, "base64") }),
  };
}
