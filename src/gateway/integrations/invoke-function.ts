// Invokes a function as API Gateway does, and answers for it when it cannot.
import type { InvocationPlan } from "../../plan/index.ts";
import type { Clock } from "../../ports/clock.ts";
import { FunctionCallError } from "../../ports/functions.ts";
import type { FunctionInvocation, FunctionResult } from "../../ports/functions.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import type { Mapped } from "../execution.ts";
import { traceIdOf } from "../execution.ts";
import { configurationError, Rejection } from "../rejection.ts";
import { invokingCaller } from "./caller-credentials.ts";
import type { Backends, IntegrationAnswer } from "./integration.ts";

/** The function's result. @throws {Rejection} INTEGRATION_TIMEOUT, REQUEST_TOO_LARGE, else API_CONFIGURATION_ERROR. */
export async function invokeFunction(
  execution: Mapped,
  plan: InvocationPlan,
  { functions, clock }: Backends,
): Promise<IntegrationAnswer> {
  const invocation = invocationOf(execution, plan);
  try {
    const result = await within(plan.timeoutMs, clock, (signal) => functions.invoke({ ...invocation, signal }));
    return { status: result.status, headers: resultHeaders(result), body: result.payload, functionError: result.functionError };
  } catch (error) {
    throw error instanceof FunctionCallError ? callRejection(error) : error;
  }
}

/** Those of Lambda's own answer (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html), which may be mapped. */
export function resultHeaders({ executedVersion, functionError, payload, requestId }: FunctionResult): HeaderList {
  const headers = ["Content-Type", "application/json", "Content-Length", String(payload.length)];
  if (requestId !== undefined) headers.push("x-amzn-RequestId", requestId);
  if (functionError !== undefined) headers.push("X-Amz-Function-Error", functionError);
  headers.push("X-Amz-Executed-Version", executedVersion);
  return headers;
}

/** The invocation that an execution asks for. */
export function invocationOf(execution: Mapped, plan: InvocationPlan): FunctionInvocation {
  const { integrationRequest, stage } = execution;
  if (integrationRequest.type !== "LAMBDA") throw new TypeError("the request is not for a function");
  const { invocationType, isJson, payload } = integrationRequest;
  const sourceArn = plan.sourceArn(execution);
  const caller = { principal: "apigateway.amazonaws.com", sourceArn, sourceAccount: stage.account };
  return {
    functionArn: plan.functionArn,
    type: invocationType,
    payload,
    ...(isJson === true ? { isJson } : {}),
    traceId: traceIdOf(execution),
    ...(plan.invoker === "API_GATEWAY" ? { caller } : {}),
    ...(plan.invoker === "CALLER" ? { identity: invokingCaller(execution, plan.functionArn) } : {}),
  };
}

/** A function that is not there, or may not be called, is a configuration error: clients learn no more than that. */
export function callRejection(error: FunctionCallError): Rejection {
  switch (error.code) {
    case "RequestTooLargeException":
      return new Rejection("REQUEST_TOO_LARGE", { reason: error.message, cause: error });
    case "InvalidRequestContentException":
      return new Rejection("BAD_REQUEST_BODY", { message: "Could not parse request body into json", cause: error });
    case "ResourceNotFoundException":
    case "AccessDeniedException":
      return configurationError("Invalid permissions on Lambda function", error);
    case "TooManyRequestsException":
    case "ServiceException":
      return configurationError(`Lambda invocation failed: ${error.message}`, error);
  }
}

/**
 * The call's result, unless it takes longer: then the call is aborted and nobody waits for it any more.
 * @param tooLate the error of a call that has taken too long
 */
export function within(
  timeoutMs: number,
  clock: Clock,
  call: (signal: AbortSignal) => Promise<FunctionResult>,
  tooLate: (reason: string) => Error = (reason) => new Rejection("INTEGRATION_TIMEOUT", { reason }),
): Promise<FunctionResult> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const cancel = clock.after(timeoutMs, () => {
      reject(tooLate(`The function did not answer within ${timeoutMs} ms`));
      controller.abort();
    });
    call(controller.signal).then(
      (result) => {
        cancel();
        resolve(result);
      },
      (error: Error) => {
        cancel();
        reject(error);
      },
    );
  });
}
