// The operator's log as lines on a stream: for people by default, as JSON for machines.
import type { Log, LogFields, LogLevel } from "../../ports/log.ts";

export interface LogOptions {
  /** Events below it are dropped. */
  readonly level: LogLevel;
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** One JSON object a line (`time`, `level`, `message`, the fields, `error`) instead of text. */
  readonly json?: boolean;
  /** Milliseconds since the epoch; the machine's clock when absent. */
  readonly now?: () => number;
  /**
   * Lines below `warn` are written together at the end of the event loop's turn, or with the process's: each write costs as much
   * as the line. What is worse is written at once, and they before it.
   */
  readonly gathers?: boolean;
}

/** So much waits for the end of a turn at most, in characters. */
const GATHERED = 16 * 1024;

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];
const COLOURS: Readonly<Record<LogLevel, string>> = { debug: "\x1b[2m", info: "", warn: "\x1b[33m", error: "\x1b[31m" };
const RESET = "\x1b[0m";

/** How many causes of an error, and errors of an aggregate, are followed. */
const MOST_CAUSES = 8;

/** Characters that could forge a line or steer a terminal. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** A log that writes one line for each event, whatever the message and the values hold. */
export function createLog(options: LogOptions): Log {
  const { stream, now = Date.now, gathers = false } = options;
  const lowest = LEVELS.indexOf(options.level);
  const line = options.json === true ? jsonLine : textLine(stream.isTTY === true);

  let gathered = "";
  let isArranged = false;
  const writeAll = (): void => {
    if (gathered === "") return;
    const lines = gathered;
    gathered = "";
    stream.write(lines);
  };
  if (gathers) process.once("exit", writeAll);

  let stamped = Number.NaN;
  let stamp = "";
  /** Lines come several at once. */
  const timestamp = (ms: number): string => {
    if (ms !== stamped) {
      stamped = ms;
      stamp = new Date(ms).toISOString();
    }
    return stamp;
  };

  const write = (level: LogLevel, message: string, fields?: LogFields, error?: unknown): void => {
    if (LEVELS.indexOf(level) < lowest) return;
    gathered += `${line(timestamp(now()), level, message, fields, error)}\n`;
    if (!gathers || level === "warn" || level === "error" || gathered.length > GATHERED) writeAll();
    else if (!isArranged) {
      isArranged = true;
      setImmediate(() => {
        isArranged = false;
        writeAll();
      });
    }
  };
  return {
    debug: (message, fields) => write("debug", message, fields),
    info: (message, fields) => write("info", message, fields),
    warn: (message, fields) => write("warn", message, fields),
    error: (message, error, fields) => write("error", message, fields, error),
  };
}

type Line = (time: string, level: LogLevel, message: string, fields?: LogFields, error?: unknown) => string;

function textLine(colours: boolean): Line {
  return (time, level, message, fields, error) => {
    const name = level.padEnd(5);
    let text = `${time} ${colours ? COLOURS[level] + name + RESET : name} ${escape(message)}`;
    if (fields === undefined && error === undefined) return text;
    for (const [key, value] of Object.entries(fields ?? {})) {
      if (value !== undefined) text += ` ${key}=${typeof value === "string" ? quoted(value) : value}`;
    }
    if (error !== undefined) text += ` error=${quoted(describe(error).join(" caused by: "))}`;
    return text;
  };
}

const jsonLine: Line = (time, level, message, fields, error) => {
  const event: Record<string, unknown> = { time, level, message, ...fields };
  if (error !== undefined) event["error"] = describe(error);
  return escape(JSON.stringify(event));
};

/** The stack of an error, then those of its causes, outermost first. */
function describe(error: unknown): string[] {
  const stacks: string[] = [];
  let open: unknown[] = [error];
  while (open.length > 0 && stacks.length < MOST_CAUSES) {
    const [next, ...rest] = open;
    if (!(next instanceof Error)) {
      stacks.push(printed(next));
      open = rest;
      continue;
    }
    stacks.push(stackOf(next));
    const inner = next instanceof AggregateError ? next.errors : [];
    open = [...(next.cause === undefined ? [] : [next.cause]), ...inner, ...rest];
  }
  return stacks;
}

/** Name, message, code and frames. The stack's own first line is not used: it shows the message the error was made with. */
function stackOf(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code;
  const head = `${error.name}: ${error.message}${typeof code === "string" ? ` (${code})` : ""}`;
  const frames = (error.stack ?? "").split("\n").filter((frame) => /^\s+at /.test(frame));
  return [head, ...frames.map((frame) => frame.trim())].join(" | ");
}

function printed(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** Quoted only where a bare word could be misread. */
function quoted(value: string): string {
  if (/^[\w.:/@+%,;?&*$!~^()-]+$/.test(value)) return value;
  return `"${escape(value.replaceAll("\\", "\\\\").replaceAll('"', '\\"'))}"`;
}

function escape(text: string): string {
  // Tabs are frequent: lines of functions are parted by them.
  const untabbed = text.replaceAll("\t", "\\t");
  if (untabbed.search(CONTROL) < 0) return untabbed;
  return untabbed.replace(CONTROL, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\r") return "\\r";
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
