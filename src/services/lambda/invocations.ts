// The Invoke operations.
import type { Call } from "../../domain/call.ts";
import { ServiceError } from "../../domain/errors.ts";
import type { InvocationRequest, InvokeWithResponseStreamResponseEvent, LambdaOperations } from "../../model/lambda.gen.ts";
import type { Handlers } from "../../model/table.ts";
import { FunctionCallError, type FunctionInvocation, type FunctionStream } from "../../ports/functions.ts";
import type { LambdaContext } from "./context.ts";
import { functionArn, readTarget } from "./function-name.ts";
import type { Invoker } from "./invoke.ts";
import { unbuilt } from "./settings.ts";
import type { FunctionViews } from "./views.ts";

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: bytes of base64. */
const CLIENT_CONTEXT_LIMIT = 3_583;

export function invocationOperations(
  { views }: LambdaContext, invoker: Invoker,
): Pick<Handlers<LambdaOperations, Call>, "Invoke" | "InvokeWithResponseStream"> {
  return {
    async Invoke(input, call) {
      const invocation = readInvocation(call, "Invoke", input, input.InvocationType ?? "RequestResponse");
      const result = await calling(views, invocation, invoker.invoke(invocation, call.requestId));
      if (invocation.type !== "RequestResponse") return { StatusCode: result.status };
      return {
        StatusCode: result.status,
        Payload: result.payload,
        ExecutedVersion: result.executedVersion,
        ...(result.functionError === undefined ? {} : { FunctionError: result.functionError }),
        ...(result.log === undefined ? {} : { LogResult: result.log.toString("base64") }),
      };
    },

    async InvokeWithResponseStream(input, call) {
      const type = input.InvocationType ?? "RequestResponse";
      const invocation = readInvocation(call, "InvokeWithResponseStream", input, type);
      if (type === "DryRun") {
        const { status } = await calling(views, invocation, invoker.invoke(invocation, call.requestId));
        return { StatusCode: status };
      }
      const stream = await calling(views, invocation, invoker.invokeStream(invocation, call.requestId));
      return {
        StatusCode: stream.status,
        ExecutedVersion: stream.executedVersion,
        ResponseStreamContentType: stream.contentType,
        EventStream: eventsOf(stream),
      };
    },
  };
}

type Given = Omit<InvocationRequest, "InvocationType">;

function readInvocation(call: Call, operation: string, input: Given, type: FunctionInvocation["type"]): FunctionInvocation {
  if (input.TenantId !== undefined) throw unbuilt("TenantId");
  if (input.DurableExecutionName !== undefined) throw unbuilt("DurableExecutionName");
  const target = readTarget(call, operation, input.FunctionName, input.Qualifier);
  const synchronous = type === "RequestResponse";
  return {
    functionArn: functionArn(target),
    type,
    payload: input.Payload ?? new Uint8Array(),
    // The context and the log's end are for synchronous invocations alone.
    ...(synchronous && input.ClientContext !== undefined ? { clientContext: readClientContext(input.ClientContext) } : {}),
    ...(synchronous && input.LogType === "Tail" ? { tailLog: true } : {}),
  };
}

function readClientContext(base64: string): string {
  const text = Buffer.from(base64, "base64").toString();
  try {
    const value: unknown = base64.length <= CLIENT_CONTEXT_LIMIT ? JSON.parse(text) : undefined;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return text;
  } catch {
    // Not JSON: refused below.
  }
  const message = "Client context must be a valid Base64-encoded JSON object.";
  throw new ServiceError("InvalidRequestContentException", message, { Type: "User" });
}

/** The outcome of a call, its refusal as the operation's error. */
async function calling<T>(views: FunctionViews, { functionArn: arn }: FunctionInvocation, outcome: Promise<T>): Promise<T> {
  try {
    return await outcome;
  } catch (error) {
    if (!(error instanceof FunctionCallError)) throw error;
    if (error.code === "TooManyRequestsException") throw await throttled(views, arn, error);
    // The model's name of this error is another than the one that travels.
    const code = error.code === "RequestTooLargeException" ? "RequestEntityTooLargeException" : error.code;
    throw new ServiceError(code, error.message, { Type: error.code === "ServiceException" ? "Service" : "User" });
  }
}

async function throttled(views: FunctionViews, arn: string, error: FunctionCallError): Promise<ServiceError> {
  const [, , , region, account, , name] = arn.split(":") as [string, string, string, string, string, string, string];
  const view = await views.get({ account, region, name });
  const reserved = view?.record.reservedConcurrency !== undefined;
  const Reason = reserved ? "ReservedFunctionConcurrentInvocationLimitExceeded" : "ConcurrentInvocationLimitExceeded";
  return new ServiceError(error.code, error.message, { Type: "User", Reason });
}

async function* eventsOf({ chunks, outcome }: FunctionStream): AsyncGenerator<InvokeWithResponseStreamResponseEvent> {
  for await (const Payload of chunks) yield { PayloadChunk: { Payload } };
  const { errorCode, errorDetails, log } = await outcome;
  yield {
    InvokeComplete: {
      ...(errorCode === undefined ? {} : { ErrorCode: errorCode }),
      ...(errorDetails === undefined ? {} : { ErrorDetails: errorDetails }),
      ...(log === undefined ? {} : { LogResult: log.toString("base64") }),
    },
  };
}
