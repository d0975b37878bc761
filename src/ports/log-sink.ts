// Where access logs and execution logs go. Requests do not wait for it: it takes lines and writes them when it can.
import type { LogGroup } from "../domain/log-group.ts";

export interface LogSink {
  /**
   * Takes an event for a log group. Returns at once and never throws; past what can be kept until it is written, the
   * event is dropped and counted.
   * @param at milliseconds since the epoch
   * @param message of one line or several
   */
  write(group: LogGroup, at: number, message: string): void;
  usage(): LogUsage;
  /** Writes what has been taken. Nothing may be written afterwards. */
  close(): Promise<void>;
}

export interface LogUsage {
  readonly written: number;
  /** For lack of room, or because they could not be written. */
  readonly dropped: number;
}
