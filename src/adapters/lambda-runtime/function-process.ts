// A function's process as the operating system sees it: started in the sandbox, listened to, weighed, and killed with all
// that it started.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { constants } from "node:os";
import { performance } from "node:perf_hooks";
import type { Clock } from "../../ports/clock.ts";
import type { ProcessExit } from "./failures.ts";
import { splitLines } from "./invocation-log.ts";
import type { WriteLine } from "./invocation-log.ts";
import { RUNTIME_PIPE } from "./languages.ts";
import { isConnectionOf, memoryOf } from "./process-tree.ts";
import type { Launch } from "./sandbox.ts";

export interface ProcessListener {
  onLine: WriteLine;
  /** It has ended, and all it wrote has been read. */
  onExit(exit: ProcessExit): void;
}

/** How often the memory of a process is looked at while it works. */
const MEMORY_INTERVAL_MS = 250;
/** How long the output of a process that ended is waited for. */
const OUTPUT_GRACE_MS = 200;

export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  #peakBytes = 0;
  #weighedAt = -Infinity;
  #watchedSince: number | undefined;
  #isLookDue = false;

  private constructor(child: ChildProcess, clock: Clock) {
    this.#child = child;
    this.#clock = clock;
  }

  /**
   * @param takesPipe whether it gets a pipe: its {@link pipe} is our end of that
   * @throws when the machine cannot start it
   */
  static async start(
    launch: Launch, directory: string, takesPipe: boolean, clock: Clock, listener: ProcessListener,
  ): Promise<FunctionProcess> {
    const { uid, gid } = launch;
    const child = spawn(launch.file, launch.args, {
      env: launch.env,
      cwd: directory,
      stdio: ["ignore", "pipe", "pipe", ...(takesPipe ? ["pipe" as const] : [])],
      detached: true, // a process group of its own, to be killed as one
      ...(uid === undefined || gid === undefined ? {} : { uid, gid }),
    });
    const started = new FunctionProcess(child, clock);
    for (const stream of [child.stdout, child.stderr]) readLines(stream, listener);
    child.on("exit", (code, signal) => {
      const exit = launch.signalsAsStatus ? signalOf({ code, signal }) : { code, signal };
      started.#afterOutput(() => listener.onExit(exit));
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    child.on("error", () => undefined); // a signal that could not be sent: it is gone
    return started;
  }

  /** Our end of the pipe that it was given; undefined where it was given none. */
  get pipe(): Socket | undefined {
    return (this.#child.stdio[RUNTIME_PIPE] as Socket | null | undefined) ?? undefined;
  }

  /** The most memory it was seen to take, in bytes. */
  get peakMemory(): number {
    return this.#peakBytes;
  }

  /** Whether the connection from `peerPort` to our `ownPort` is its own; undefined where nobody can tell. */
  owns(peerPort: number, ownPort: number): boolean | undefined {
    const { pid } = this.#child;
    return pid === undefined ? false : isConnectionOf(pid, peerPort, ownPort);
  }

  /** Looks at its memory now, unless it did within the last `freshMs` milliseconds. */
  weigh(freshMs = 0): void {
    const { pid } = this.#child;
    const now = performance.now();
    if (pid === undefined || now - this.#weighedAt < freshMs) return;
    this.#weighedAt = now;
    this.#peakBytes = Math.max(this.#peakBytes, memoryOf(pid) ?? 0);
  }

  /** Looks at its memory again and again, until told to rest: calls `onExceeded` when it takes more than `limitBytes`. */
  watchMemory(limitBytes: number, onExceeded: () => void): void {
    this.#watchedSince = performance.now();
    // Invocations that are over before they are looked at share one timer.
    if (!this.#isLookDue) this.#lookAfter(MEMORY_INTERVAL_MS, limitBytes, onExceeded);
  }

  #lookAfter(ms: number, limitBytes: number, onExceeded: () => void): void {
    this.#isLookDue = true;
    this.#clock.after(ms, () => {
      this.#isLookDue = false;
      if (this.#watchedSince === undefined) return;
      const early = MEMORY_INTERVAL_MS - (performance.now() - this.#watchedSince);
      if (early >= 1) return this.#lookAfter(early, limitBytes, onExceeded);
      this.weigh();
      if (this.#peakBytes > limitBytes) onExceeded();
      else this.#lookAfter(MEMORY_INTERVAL_MS, limitBytes, onExceeded);
    });
  }

  restMemoryWatch(): void {
    this.#watchedSince = undefined;
  }

  /** Kills it and all of its group; nothing happens when it is gone. */
  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
    } catch (error) {
      // Already gone; macOS refuses to signal a group of which only the exit status is left.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ESRCH" && code !== "EPERM") throw error;
    }
  }

  /** Its last words may still be in the pipes, and its last answer in the socket. */
  #afterOutput(task: () => void): void {
    this.kill(); // what it started and left behind
    let done = false;
    const once = (): void => {
      if (done) return;
      done = true;
      cancel();
      setImmediate(() => setImmediate(task));
    };
    const cancel = this.#clock.after(OUTPUT_GRACE_MS, once);
    this.#child.on("close", once);
  }
}

function readLines(stream: NodeJS.ReadableStream | null, listener: ProcessListener): void {
  const lines = splitLines((line) => listener.onLine(line));
  stream?.on("data", (chunk: Buffer) => lines.write(chunk));
  stream?.on("close", () => lines.end());
  stream?.on("error", () => undefined); // reported by the exit
}

/** A launcher reports the signal that ended its process as a status past 128. */
function signalOf({ code, signal }: ProcessExit): ProcessExit {
  if (code === null || code <= 128) return { code, signal };
  const [name] = Object.entries(constants.signals).find(([, number]) => number === code - 128) ?? [];
  return name === undefined ? { code, signal } : { code: null, signal: name as NodeJS.Signals };
}
