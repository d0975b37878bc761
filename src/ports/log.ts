// The operator's log. One line an event; the cause of an error is part of its line.

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Facts beside the message. Never a secret, never a body. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** `error` is printed with its stack and its causes. */
  error(message: string, error?: unknown, fields?: LogFields): void;
}
