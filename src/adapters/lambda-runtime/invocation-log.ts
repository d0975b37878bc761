// What Lambda writes to a function's log around an invocation, and its last 4 KB for the caller
// (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html).

/** One line of a function's log. */
export interface FunctionLogLine {
  readonly account: string;
  readonly region: string;
  readonly functionName: string;
  readonly version: string;
  /** `/aws/lambda/{functionName}` */
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** Without its line break. */
  readonly message: string;
}

export type WriteLine = (message: string) => void;

const TAIL_BYTES = 4096;
/** The largest event of CloudWatch Logs, in bytes; longer lines are parted. */
const LINE_BYTES = 256 * 1024;
const LINE_FEED = 10;

/** The last 4 KB of what was written, whole lines or not. */
export class LogTail {
  #chunks: string[] = [];
  #size = 0;

  add(message: string): void {
    this.#chunks.push(`${message}\n`);
    this.#size += message.length + 1;
    if (this.#size > 4 * TAIL_BYTES) this.#chunks = [this.#text()];
  }

  bytes(): Buffer {
    return Buffer.from(this.#text()).subarray(-TAIL_BYTES);
  }

  /** At most 4 KB of characters: never less than the bytes asked for. */
  #text(): string {
    const text = this.#chunks.join("").slice(-TAIL_BYTES);
    this.#size = text.length;
    return text;
  }
}

/** Parts a stream of bytes into lines. */
export function splitLines(onLine: WriteLine): { write(chunk: Buffer): void; end(): void } {
  let rest: Buffer = Buffer.alloc(0);
  return {
    write(chunk) {
      let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (;;) {
        const feed = bytes.indexOf(LINE_FEED);
        if (feed < 0 && bytes.length < LINE_BYTES) break;
        const end = feed < 0 || feed > LINE_BYTES ? LINE_BYTES : feed;
        onLine(bytes.toString("utf8", 0, end));
        bytes = bytes.subarray(end === feed ? end + 1 : end);
      }
      rest = bytes;
    },
    end() {
      if (rest.length > 0) onLine(rest.toString());
      rest = Buffer.alloc(0);
    },
  };
}

/** The facts of a REPORT line. */
export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly memorySizeMb: number;
  readonly maxMemoryBytes: number;
  /** Of the first invocation of a process. */
  readonly initMs?: number | undefined;
  /** `timeout`, or the error type with which the process ended. */
  readonly ended?: "timeout" | { readonly errorType: string } | undefined;
}

/** Lambda bills whole milliseconds, the start of the process included. */
export function reportLine(report: Report): string {
  const { requestId, durationMs, initMs, ended } = report;
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
    `Memory Size: ${report.memorySizeMb} MB`,
    `Max Memory Used: ${Math.min(report.memorySizeMb, Math.ceil(report.maxMemoryBytes / 1024 / 1024))} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...statusFields(ended),
  ];
  return ended === undefined ? `${fields.join("\t")}\t` : fields.join("\t");
}

/** The line of a start that failed: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
export function initReportLine(durationMs: number, phase: "init" | "invoke", ended: NonNullable<Report["ended"]>): string {
  return [`INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms`, `Phase: ${phase}`, ...statusFields(ended)].join("\t");
}

function statusFields(ended: Report["ended"]): string[] {
  if (ended === undefined) return [];
  return ended === "timeout" ? ["Status: timeout"] : ["Status: error", `Error Type: ${ended.errorType}`];
}
