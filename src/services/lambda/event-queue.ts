// Events of asynchronous invocations: run away from the caller, and again when they fail.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
// They are kept in memory: a stop of the program loses those that wait.
import type { Clock } from "../../ports/clock.ts";
import { FunctionCallError, type FunctionResult } from "../../ports/functions.ts";
import type { Log } from "../../ports/log.ts";

/** An event that waits for its function. */
export interface QueuedEvent {
  readonly functionArn: string;
  /** The same for every attempt. */
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly traceId?: string;
}

export interface EventQueue {
  /** @throws {FunctionCallError} `TooManyRequestsException` when too much waits already. */
  add(event: QueuedEvent): void;
  /** Stops, once the attempts under way are done. What waits is lost, and the log says how much. */
  close(): Promise<void>;
}

interface Options {
  readonly clock: Clock;
  readonly log: Log;
  /** The most events that wait or run at once. */
  readonly limit: number;
  /** One attempt. */
  readonly run: (event: QueuedEvent) => Promise<FunctionResult>;
}

/** The most bytes of all events that wait or run at once. */
const BYTES_LIMIT = 64 * 1_024 * 1_024;
const ATTEMPTS = 3;
const MINUTE_MS = 60_000;
const AGE_LIMIT_MS = 6 * 60 * MINUTE_MS;
const LONGEST_BACKOFF_MS = 5 * MINUTE_MS;

interface Waiting extends QueuedEvent {
  readonly since: number;
  /** How often the function failed. */
  failures: number;
  /** How often it could not be run at all. */
  refusals: number;
  cancel?: () => void;
}

export function createEventQueue({ clock, log, limit, run }: Options): EventQueue {
  const waiting = new Set<Waiting>();
  const running = new Set<Promise<void>>();
  let bytes = 0;
  let closed = false;

  const drop = (event: Waiting): void => {
    if (waiting.delete(event)) bytes -= event.payload.length;
  };

  const start = (event: Waiting): void => {
    delete event.cancel;
    const attempt = tryOnce(event).finally(() => running.delete(attempt));
    running.add(attempt);
  };

  const later = (event: Waiting, ms: number): void => {
    if (closed) return;
    event.cancel = clock.after(ms, () => start(event));
  };

  const giveUp = (event: Waiting, why: string, error?: unknown): void => {
    drop(event);
    log.error("gave up an asynchronous invocation", error, { function: event.functionArn, requestId: event.requestId, why });
  };

  async function tryOnce(event: Waiting): Promise<void> {
    try {
      const { functionError } = await run(event);
      if (functionError === undefined) return drop(event);
      event.failures++;
      if (event.failures >= ATTEMPTS) return giveUp(event, "the function failed three times");
      later(event, event.failures * MINUTE_MS);
    } catch (error) {
      retryRefused(event, error);
    }
  }

  /** Throttling and errors of the system are tried again for six hours, from a second apart to five minutes. */
  function retryRefused(event: Waiting, error: unknown): void {
    const code = error instanceof FunctionCallError ? error.code : "ServiceException";
    if (code !== "TooManyRequestsException" && code !== "ServiceException") {
      return giveUp(event, "the function cannot be invoked any more", error);
    }
    const backoff = Math.min(1_000 * 2 ** event.refusals, LONGEST_BACKOFF_MS);
    event.refusals++;
    if (clock.now() + backoff - event.since > AGE_LIMIT_MS) return giveUp(event, "it waited for six hours", error);
    later(event, backoff);
  }

  return {
    add(event) {
      if (closed || waiting.size >= limit || bytes + event.payload.length > BYTES_LIMIT) {
        throw new FunctionCallError("TooManyRequestsException", "Rate Exceeded.");
      }
      const added: Waiting = { ...event, since: clock.now(), failures: 0, refusals: 0 };
      waiting.add(added);
      bytes += event.payload.length;
      start(added);
    },
    async close() {
      closed = true;
      for (const event of waiting) event.cancel?.();
      await Promise.all(running);
      const events = waiting.size;
      if (events > 0) log.warn("lost events of asynchronous invocations that waited for another attempt", { events });
      waiting.clear();
    },
  };
}
