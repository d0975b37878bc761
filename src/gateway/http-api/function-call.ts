// Invokes a function as HTTP APIs do, for an integration or an authorizer.
import type { HttpFacts } from "../../plan/index.ts";
import type { Clock } from "../../ports/clock.ts";
import type { FunctionCallError, FunctionResult, Functions } from "../../ports/functions.ts";
import { within } from "../integrations/invoke-function.ts";
import type { HttpReceived } from "./execution.ts";
import { httpTraceId } from "./passed-headers.ts";

export interface FunctionCaller {
  readonly functions: Functions;
  readonly clock: Clock;
}

export interface FunctionCall {
  readonly functionArn: string;
  /** An event, to be written as JSON. */
  readonly event: object;
  /** Whether the function's own policy must allow the call. */
  readonly byResourcePolicy: boolean;
  readonly sourceArn: string;
  readonly timeoutMs: number;
}

/** The function has not answered in time. */
export class FunctionTimeout extends Error {
  override readonly name = "FunctionTimeout";
}

/** The function's result, also that of one which has failed. @throws {FunctionCallError | FunctionTimeout} */
export function callFunction(execution: HttpReceived & Pick<HttpFacts, "stage">, call: FunctionCall, { clock, functions }: FunctionCaller): Promise<FunctionResult> {
  const { byResourcePolicy, event, functionArn, sourceArn, timeoutMs } = call;
  const caller = { principal: "apigateway.amazonaws.com", sourceArn, sourceAccount: execution.stage.account };
  const payload = Buffer.from(JSON.stringify(event), "utf8");
  const invocation = { functionArn, type: "RequestResponse", payload, traceId: httpTraceId(execution), ...(byResourcePolicy ? { caller } : {}) } as const;
  return within(timeoutMs, clock, (signal) => functions.invoke({ ...invocation, signal }), (reason) => new FunctionTimeout(reason));
}

/**
 * Why a call was refused, for the log. The words for a lack of permissions:
 * https://repost.aws/knowledge-center/api-gateway-http-lambda-integrations.
 */
export function callRefusal({ code, message }: FunctionCallError, asked: "authorizer" | "integration"): string {
  if (code !== "AccessDeniedException" && code !== "ResourceNotFoundException") return message;
  return `The IAM role configured on the ${asked} or API Gateway doesn't have permissions to call the ${asked}. Check the permissions and try again.`;
}
