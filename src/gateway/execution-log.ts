// What happened in an execution, and when. Steps note facts once, where somebody wants them; execution-log-text.ts tells
// them as AWS does.
import type { Clock } from "../ports/clock.ts";

export type ExecutionEvent =
  /** The body is what its model says. */
  | { readonly type: "validated"; readonly mediaType: string }
  /** The integration request is ready, and goes out. */
  | { readonly type: "mapped" }
  /** The backend has answered. */
  | { readonly type: "integrated" }
  /** A step has thrown. */
  | { readonly type: "failed"; readonly error: unknown };

export interface ExecutionLog {
  note(event: ExecutionEvent): void;
}

export interface NotedEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly event: ExecutionEvent;
}

export interface RecordedExecution extends ExecutionLog {
  /** In the order in which they were noted. */
  readonly events: readonly NotedEvent[];
}

/** Keeps what is noted, with the time. */
export function recordExecution(clock: Clock): RecordedExecution {
  const events: NotedEvent[] = [];
  return { events, note: (event) => void events.push({ at: clock.now(), event }) };
}
