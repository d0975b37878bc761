// InvokeWithResponseStream: the payload as it comes, out of the events that carry it.
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Clock } from "../../ports/clock.ts";
import { FunctionCallError, type FunctionStream } from "../../ports/functions.ts";
import { readMessages, type EventMessage } from "./event-stream.ts";
import { refusalOf } from "./refusal.ts";
import { INVOCATION_LIMIT_MS, type SignedInvocation } from "./signed-invocation.ts";

type Outcome = Awaited<FunctionStream["outcome"]>;

/** An error's body is longer than this only when it is not Lambda's. */
const ERROR_LIMIT = 64 * 1_024;
const EVENT_STREAM = "application/vnd.amazon.eventstream";

/** Sends the invocation and resolves when the answer begins. @throws {FunctionCallError} */
export async function openStream(invocation: SignedInvocation, clock: Clock, signal: AbortSignal | undefined): Promise<FunctionStream> {
  const { response, end } = await send(invocation, clock, signal);
  const status = response.statusCode as number;
  if (status >= 300) {
    try {
      throw refusalOf(status, textHeader(response, "x-amzn-errortype"), await readError(response));
    } finally {
      end();
    }
  }
  const type = textHeader(response, "content-type");
  const outcome = Promise.withResolvers<Outcome>();
  return {
    status,
    // The events' own type says nothing of what they carry.
    contentType: type === undefined || type === EVENT_STREAM ? "application/octet-stream" : type,
    executedVersion: textHeader(response, "x-amz-executed-version") ?? "$LATEST",
    chunks: readChunks(response, outcome.resolve, end),
    outcome: outcome.promise,
  };
}

interface Answer {
  readonly response: IncomingMessage;
  /** Lets go of the connection and its time limit. */
  readonly end: () => void;
}

function send({ origin, path, headers, body }: SignedInvocation, clock: Clock, signal: AbortSignal | undefined): Promise<Answer> {
  const url = new URL(origin);
  const start = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = start(origin, { method: "POST", path, headers: [...headers, "Content-Length", String(body.length)] });
    const abort = (): void => void request.destroy(new Error("the caller went away"));
    const cancelLimit = clock.after(INVOCATION_LIMIT_MS, () => request.destroy(new Error("it took longer than a function may run")));
    const end = (): void => {
      cancelLimit();
      signal?.removeEventListener("abort", abort);
      request.destroy();
    };
    request.on("error", (cause) => {
      end();
      reject(new FunctionCallError("ServiceException", `${origin} did not answer: ${cause.message}`, { cause }));
    });
    request.on("response", (response) => resolve({ response, end }));
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    else request.end(body);
  });
}

async function* readChunks(response: IncomingMessage, settle: (outcome: Outcome) => void, end: () => void): AsyncGenerator<Buffer> {
  try {
    for await (const message of readMessages(response)) {
      const type = message.headers.get(":event-type");
      if (message.headers.get(":message-type") === "exception") return settle(readException(message));
      if (type === "PayloadChunk") yield message.payload;
      if (type === "InvokeComplete") return settle(readCompletion(message));
    }
    throw new Error("the stream ended before the invocation was complete");
  } catch (cause) {
    const details = (cause as Error).message;
    settle({ errorCode: "ServiceException", errorDetails: details });
    throw new FunctionCallError("ServiceException", `the function's answer was cut off: ${details}`, { cause });
  } finally {
    // Has no effect but when the reader stopped early.
    settle({ errorCode: "ServiceException", errorDetails: "the answer was not read to its end" });
    end();
  }
}

function readCompletion({ payload }: EventMessage): Outcome {
  const { ErrorCode, ErrorDetails, LogResult } = JSON.parse(payload.toString() || "{}") as Record<string, string | undefined>;
  return {
    ...(ErrorCode === undefined ? {} : { errorCode: ErrorCode }),
    ...(ErrorDetails === undefined ? {} : { errorDetails: ErrorDetails }),
    ...(LogResult === undefined ? {} : { log: Buffer.from(LogResult, "base64") }),
  };
}

function readException({ headers, payload }: EventMessage): Outcome {
  return { errorCode: headers.get(":exception-type") ?? "ServiceException", errorDetails: payload.toString() };
}

async function readError(response: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response) {
    pieces.push(piece as Buffer);
    length += (piece as Buffer).length;
    if (length > ERROR_LIMIT) break;
  }
  return Buffer.concat(pieces);
}

function textHeader(response: IncomingMessage, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === "string" ? value : undefined;
}
