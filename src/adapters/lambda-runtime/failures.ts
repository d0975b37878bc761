// The error objects Lambda itself answers with when a function's process did not
// (https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html).

/** `errorType` and `errorMessage` as Lambda writes them, in this order. */
export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The largest buffered response, in bytes: 6 MB and a hundred bytes. */
export const RESPONSE_LIMIT = 6_291_556;
/** The largest streamed response, in bytes (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
export const STREAM_LIMIT = 200 * 1024 * 1024;

/** Signals by their number, in the words of the message. */
const SIGNALS: Readonly<Record<string, string>> = {
  SIGHUP: "hangup",
  SIGINT: "interrupt",
  SIGQUIT: "quit",
  SIGILL: "illegal instruction",
  SIGTRAP: "trace/breakpoint trap",
  SIGABRT: "aborted",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGPIPE: "broken pipe",
  SIGALRM: "alarm clock",
  SIGTERM: "terminated",
};

/** The function ran longer than `timeoutMs` milliseconds. */
export function timedOut(requestId: string, timeoutMs: number): Failure {
  const seconds = (timeoutMs / 1000).toFixed(2);
  return { errorType: "Sandbox.Timedout", errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds` };
}

/** The process ended before it answered. */
export function exited(requestId: string, exit: ProcessExit): Failure {
  return { errorType: "Runtime.ExitError", errorMessage: `RequestId: ${requestId} Error: ${exitText(exit)}` };
}

/** The process took more memory than the function has, and was killed. */
export function outOfMemory(requestId: string): Failure {
  return {
    errorType: "Runtime.OutOfMemory",
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`,
  };
}

/** There is no `bootstrap`, or it cannot be run. */
export function invalidEntrypoint(requestId: string, reason: string): Failure {
  return { errorType: "Runtime.InvalidEntrypoint", errorMessage: `RequestId: ${requestId} Error: ${reason}` };
}

export const RESPONSE_TOO_LARGE: Failure = {
  errorType: "Function.ResponseSizeTooLarge",
  errorMessage: `Response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT} bytes).`,
};

export function failurePayload(failure: Failure): Buffer {
  return Buffer.from(JSON.stringify({ errorType: failure.errorType, errorMessage: failure.errorMessage }));
}

function exitText({ code, signal }: ProcessExit): string {
  if (signal !== null) return `Runtime exited with error: signal: ${SIGNALS[signal] ?? signal}`;
  if (code === 0 || code === null) return "Runtime exited without providing a reason";
  return `Runtime exited with error: exit status ${code}`;
}
