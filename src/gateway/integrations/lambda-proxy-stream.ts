// AWS_PROXY with responseTransferMode STREAM: the function's response goes to the client while the function writes it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html).
import type { LambdaProxyStreamPlan } from "../../plan/index.ts";
import { FunctionCallError } from "../../ports/functions.ts";
import type { FunctionStream } from "../../ports/functions.ts";
import { Rejection } from "../rejection.ts";
import type { Integration, IntegrationAnswer } from "./integration.ts";
import { callRejection, invocationOf } from "./invoke-function.ts";
import { badGateway, proxyInvocation, responseHeaders } from "./lambda-proxy.ts";
import { parseStreamMetadata } from "./lambda-result.ts";
import { readStreamHead } from "./lambda-stream-head.ts";
import { limitedStream } from "./limited-stream.ts";
import { streamedBody } from "./streamed-body.ts";

const STREAMED = Buffer.alloc(0);

export const lambdaProxyStream: Integration<LambdaProxyStreamPlan> = {
  mapRequest: proxyInvocation,

  async call(execution, { invocation, idleMs }, { functions, clock }) {
    const controller = new AbortController();
    const { signal } = execution.request;
    const abort = (): void => controller.abort(new Error("the client went away"));
    const cancelLimit = clock.after(invocation.timeoutMs, () => controller.abort(timedOut(invocation.timeoutMs)));
    const end = (): void => {
      cancelLimit();
      signal.removeEventListener("abort", abort);
    };
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    try {
      const begun = beginResponse(functions.invokeStream({ ...invocationOf(execution, invocation), signal: controller.signal }));
      const { stream, answer } = await unlessAborted(begun, controller.signal);
      const limits = { clock, idleMs, signal: controller.signal };
      const onEnd = (isWhole: boolean): void => {
        end();
        // Ends the invocation, which has not ended by itself.
        if (!isWhole) controller.abort();
      };
      return { ...answer, stream: limitedStream(stream, { ...limits, onEnd }) };
    } catch (error) {
      end();
      controller.abort();
      throw error instanceof FunctionCallError ? callRejection(error) : error;
    }
  },

  mapResponse(execution) {
    const headers = responseHeaders(execution.integrationHeaders);
    return { status: execution.integrationStatus, headers, body: streamedBody(execution) };
  },
};

interface Begun {
  readonly answer: IntegrationAnswer;
  readonly stream: AsyncIterator<Uint8Array>;
}

/** Reads the metadata. @throws {Rejection} 502 where there is none. */
async function beginResponse(invoked: Promise<FunctionStream>): Promise<Begun> {
  const { chunks, outcome } = await invoked;
  const iterator = chunks[Symbol.asyncIterator]();
  const head = await readStreamHead(iterator);
  if (head === "ended") {
    const { errorCode } = await outcome;
    if (errorCode !== undefined) throw badGateway(`Lambda execution failed: ${errorCode} function error`);
  }
  const result = typeof head === "string" ? undefined : parseStreamMetadata(head.metadata);
  if (typeof head === "string" || result === undefined) throw badGateway("Malformed Lambda proxy response");
  const stream = payload(head.rest, iterator, outcome);
  return { answer: { status: result.status, headers: result.headers, body: STREAMED }, stream };
}

/** What follows the metadata; throws at its end when the function has failed by then. */
async function* payload(
  rest: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
  outcome: FunctionStream["outcome"],
): AsyncGenerator<Uint8Array, void> {
  if (rest.length > 0) yield rest;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  const { errorCode, errorDetails } = await outcome;
  if (errorCode !== undefined) throw new Error(`Lambda execution failed: ${errorCode} ${errorDetails ?? ""}`.trim());
}

const timedOut = (timeoutMs: number): Rejection =>
  new Rejection("INTEGRATION_TIMEOUT", { reason: `The function's response was not whole within ${timeoutMs} ms` });

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
