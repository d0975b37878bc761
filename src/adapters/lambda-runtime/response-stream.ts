// The body of a function's answer: kept until it is whole, or handed on no faster than its reader takes it
// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming).
import { header } from "../../ports/http-server.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import { RESPONSE_LIMIT, STREAM_LIMIT } from "./failures.ts";
import type { BodyTaker, ProcessConnection } from "./process-connection.ts";

/** How a streamed response ended. `cut`: the process went away, or wrote too much. */
export type StreamEnd =
  | { readonly kind: "complete" }
  | { readonly kind: "error"; readonly errorType: string; readonly errorBody: string }
  | { readonly kind: "tooLarge" }
  | { readonly kind: "cut" };

export interface ResponseStream {
  /** May be read once. */
  readonly chunks: AsyncIterable<Buffer>;
  readonly end: Promise<StreamEnd>;
  /** Throws the rest away, so that the function never waits for a reader that left. */
  discard(): void;
}

const NONE = Buffer.alloc(0);

/**
 * Takes a body until it is whole.
 * @param onWhole gets it, or undefined when it is past the limit; it is not called when the process goes away, which its exit reports
 */
export function wholeBody(onWhole: (body: Buffer | undefined) => void): BodyTaker {
  let first: Buffer = NONE;
  let rest: Buffer[] | undefined;
  let size = 0;
  return {
    data(bytes) {
      if (size === 0) first = bytes;
      else (rest ??= []).push(bytes);
      size += bytes.length;
      if (size > RESPONSE_LIMIT) {
        first = NONE;
        rest = undefined;
      }
    },
    end() {
      if (size > RESPONSE_LIMIT) onWhole(undefined);
      else onWhole(rest === undefined ? first : Buffer.concat([first, ...rest]));
    },
    cut: () => undefined,
  };
}

/** Takes a body and gives it as a stream. */
export function streamedBody(connection: ProcessConnection): BodyTaker & { readonly stream: ResponseStream } {
  const chunks: Buffer[] = [];
  let size = 0;
  let over = false;
  let discarded = false;
  let wake = (): void => undefined;
  const { promise: end, resolve: settle } = Promise.withResolvers<StreamEnd>();
  const stop = (how: StreamEnd): void => {
    over = true;
    settle(how);
    wake();
  };
  const discard = (): void => {
    discarded = true;
    chunks.length = 0;
    if (!over) connection.resumeBody();
    wake();
  };

  async function* read(): AsyncGenerator<Buffer> {
    try {
      while (!discarded) {
        const chunk = chunks.shift();
        if (chunk !== undefined) {
          yield chunk;
        } else if (over) {
          return;
        } else {
          const { promise: more, resolve } = Promise.withResolvers<void>();
          wake = resolve;
          connection.resumeBody();
          await more;
        }
      }
    } finally {
      discard();
    }
  }

  return {
    stream: { chunks: { [Symbol.asyncIterator]: read }, end, discard },
    data(bytes) {
      size += bytes.length;
      if (size > STREAM_LIMIT) {
        discard();
        return stop({ kind: "tooLarge" });
      }
      if (discarded) return;
      chunks.push(bytes);
      connection.pauseBody(); // until it is read
      wake();
    },
    end(trailers) {
      // What follows on the connection is no part of it.
      connection.resumeBody();
      stop(streamEnd(trailers));
    },
    cut: () => stop({ kind: "cut" }),
  };
}

/** Errors after the first byte come as trailers, the body in Base64. */
function streamEnd(trailers: HeaderList): StreamEnd {
  const errorType = header(trailers, "lambda-runtime-function-error-type");
  if (errorType === undefined) return { kind: "complete" };
  const body = header(trailers, "lambda-runtime-function-error-body") ?? "";
  return { kind: "error", errorType, errorBody: Buffer.from(body, "base64").toString() };
}
