// A response on its way through the gateway: pulled by the client's pace, cut when nothing comes for too long.
import type { Clock } from "../../ports/clock.ts";
import type { ResponseStream } from "../execution.ts";

export interface StreamLimits {
  readonly clock: Clock;
  /** How long the source may let its reader wait, in milliseconds. The time that the client takes does not count. */
  readonly idleMs: number;
  /** Cuts the stream, with its reason. */
  readonly signal?: AbortSignal;
  /** Called once: at the end, where the source fails or a limit is passed, and when the client has gone. */
  readonly onEnd?: (isWhole: boolean) => void;
}

/** The source, which throws when a limit is passed and is ended whenever its reader ends. To be iterated once. */
export function limitedStream(source: AsyncIterator<Uint8Array>, limits: StreamLimits): ResponseStream {
  const { clock, idleMs, signal } = limits;
  let isOver = false;

  const end = (isWhole: boolean): void => {
    if (isOver) return;
    isOver = true;
    limits.onEnd?.(isWhole);
  };

  const giveUp = (): void => {
    end(false);
    // What the source has to say about being ended early is nobody's concern.
    source.return?.().then(undefined, () => undefined);
  };

  const next = (): Promise<IteratorResult<Uint8Array>> =>
    new Promise((resolve, reject) => {
      const settled = (): void => {
        cancelIdle();
        signal?.removeEventListener("abort", onAbort);
      };
      const cut = (reason: Error): void => {
        settled();
        giveUp();
        reject(reason);
      };
      const onAbort = (): void => cut(signal?.reason as Error);
      const cancelIdle = clock.after(idleMs, () => cut(new Error(`nothing of the response came within ${idleMs} ms`)));
      signal?.addEventListener("abort", onAbort);
      if (signal?.aborted === true) {
        onAbort();
        return;
      }
      source.next().then(
        (result) => {
          settled();
          if (result.done === true) end(true);
          resolve(result);
        },
        (error: Error) => {
          settled();
          end(false);
          reject(error);
        },
      );
    });

  const iterator: AsyncIterator<Uint8Array> = {
    next,
    return() {
      giveUp();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** Ends a stream that nobody will read. */
export function endStream(stream: ResponseStream | undefined): void {
  stream?.[Symbol.asyncIterator]().return?.().then(undefined, () => undefined);
}
