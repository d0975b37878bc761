/** Why a task was not done. */
export type TaskFailure =
  /** It took too long. */
  | "time"
  /** It needed more memory than it may have. */
  | "memory"
  /** Too many wait already. */
  | "busy"
  /** It threw, or its process ended by itself, or was closed. */
  | "broken";

/** A task that was not done. Others are not concerned. */
export class TaskError extends Error {
  override readonly name = "TaskError";
  readonly failure: TaskFailure;

  constructor(failure: TaskFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}
