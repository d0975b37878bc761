// What a function writes to its log and how its errors look, as AWS's Node.js runtimes do it
// (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html, .../nodejs-exceptions.html).
import { format, types } from "node:util";

/** Other code in the process (loggers, tracers) finds the current request's id here, as on AWS. */
const REQUEST_ID = Symbol.for("aws.lambda.runtime.requestId");

const LEVELS = { trace: "TRACE", debug: "DEBUG", info: "INFO", log: "INFO", warn: "WARN", error: "ERROR", fatal: "FATAL" };

export function setRequestId(id) {
  globalThis[REQUEST_ID] = id;
}

/** Makes `console` write lines of time, request id, level and message, parted by tabs; a line break becomes `\r`. */
export function patchConsole() {
  // A line has left before the next statement runs, as on AWS: it is not lost in a crash, nor late for its invocation.
  for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true);
  for (const [method, level] of Object.entries(LEVELS)) {
    console[method] = (...args) => {
      const line = `${new Date().toISOString()}\t${globalThis[REQUEST_ID]}\t${level}\t${format(...args)}`;
      process.stdout.write(`${line.replaceAll("\n", "\r")}\n`);
    };
  }
}

/** Writes `title` and the error with all its own properties. */
export function logError(title, thrown) {
  const error = thrown instanceof Error ? thrown : new Error(thrown);
  let text;
  try {
    text = JSON.stringify(error, (_key, value) => (value instanceof Error ? withOwnProperties(value) : value));
  } catch {
    text = JSON.stringify(toErrorObject(error)); // a property refers back to the error, or is a BigInt
  }
  console.error(title, `\t${text}`);
}

function withOwnProperties(error) {
  const shown = { errorType: error.name, errorMessage: error.message, code: error.code, ...error };
  if (typeof error.stack === "string") shown.stack = error.stack.split("\n");
  return shown;
}

/** Lambda's error object for whatever was thrown: `errorType`, `errorMessage`, `trace`. */
export function toErrorObject(thrown) {
  try {
    if (types.isNativeError(thrown) || looksLikeError(thrown)) {
      return { errorType: visible(thrown.name), errorMessage: visible(thrown.message), trace: visible(thrown.stack).split("\n") };
    }
    return { errorType: typeof thrown, errorMessage: thrown.toString(), trace: [] };
  } catch {
    return {
      errorType: "handled",
      errorMessage:
        "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack",
    };
  }
}

function looksLikeError(value) {
  return ["name", "message", "stack"].every((member) => typeof value?.[member] === "string" && value[member] !== "");
}

/** The delete character would break a header line. */
function visible(text) {
  return text?.replaceAll("\x7f", "%7F");
}

/** One of the runtime's own errors, `Runtime.{name}`. */
export class RuntimeError extends Error {
  constructor(name, message, properties = {}) {
    super(message);
    Object.defineProperty(this, "name", { value: `Runtime.${name}` });
    Object.assign(this, properties);
    // The first line of a stack is written when the error is made, before it has its name.
    this.stack = this.stack.replace(/^Error/, this.name);
  }
}

/** An async handler whose promise can never settle: nothing is left to run. */
export function unsettledPromise() {
  return new RuntimeError(
    "NodeJsExit",
    "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes",
  );
}
