// Tasks that would hold up the event loop, done one after the other by a process of their own. Not a thread: one that needs
// too much memory at once ends the whole program, whatever limits it has. The process is started when there is something to
// do, and ends when there was nothing for a while.
import { type ChildProcess, fork } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import { setPriority } from "node:os";
import type { Clock } from "../../ports/clock.ts";
import type { TaskReply, TaskRequest, Tasks } from "./protocol.ts";
import { TaskError } from "./task-error.ts";

export interface TaskProcessOptions {
  /** A module that exports the tasks as `tasks`. */
  readonly module: URL;
  readonly clock: Clock;
  /** What a task may take, in milliseconds. */
  readonly timeLimitMs: number;
  /** What the process's objects may take, in megabytes. */
  readonly memoryMb: number;
  /** Tasks that may wait for the one that is being done. */
  readonly maxWaiting: number;
  /** So long the process is kept without work, in milliseconds. */
  readonly idleMs: number;
}

export interface TaskProcess<T extends Tasks> {
  /** Does a task with a copy of the input. @throws {TaskError} */
  run<Name extends keyof T & string>(task: Name, input: Parameters<T[Name]>[0]): Promise<Awaited<ReturnType<T[Name]>>>;
  /** Ends the process, and refuses what it had to do. */
  close(): Promise<void>;
}

interface Job {
  readonly request: TaskRequest;
  resolve(value: unknown): void;
  reject(error: TaskError): void;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
}

/** Below that of what answers requests, where they share a processor. */
const PRIORITY = 5;
/** Of what a process says as it ends, in characters. */
const MAX_LAST_WORDS = 4_000;

export function createTaskProcess<T extends Tasks>(options: TaskProcessOptions): TaskProcess<T> {
  const { clock, timeLimitMs, maxWaiting, idleMs } = options;
  const waiting: Job[] = [];
  let running: Running | undefined;
  let current: Job | undefined;
  let cancelTimer = () => {};
  let isClosed = false;

  /** Begins the next job when nothing is being done, or lets the process end in a while when there is none. */
  function goOn(): void {
    if (current !== undefined) return;
    cancelTimer();
    current = waiting.shift();
    if (current === undefined) {
      if (running !== undefined) cancelTimer = clock.after(idleMs, end);
      return;
    }
    running ??= start();
    cancelTimer = clock.after(timeLimitMs, () => abandon(new TaskError("time", `it took more than ${timeLimitMs} ms`)));
    try {
      // What cannot be sent is told by the end of the process.
      running.child.send(current.request, () => {});
    } catch (cause) {
      settle((job) => job.reject(new TaskError("broken", "its input cannot be copied", { cause })));
    }
  }

  function start(): Running {
    const child = startChild(options);
    let lastWords = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (lastWords = (lastWords + text).slice(-MAX_LAST_WORDS)));
    const ended = new Promise<void>((resolve) => {
      const fail = (error: TaskError) => {
        resolve();
        // One that was ended has nothing to tell.
        if (running?.child !== child) return;
        running = undefined;
        settle((job) => job.reject(error));
      };
      child.on("error", (cause) => fail(new TaskError("broken", cause.message, { cause })));
      child.on("close", (code, signal) => fail(failureOf(signal ?? code, lastWords, options)));
    });
    child.on("message", (reply: TaskReply) => {
      if (running?.child !== child) return;
      settle((job) => ("value" in reply ? job.resolve(reply.value) : job.reject(thrownBy(reply.thrown))));
    });
    return { child, ended };
  }

  function settle(how: (job: Job) => void): void {
    const job = current;
    current = undefined;
    if (job !== undefined) how(job);
    goOn();
  }

  /** Ends the process in the middle of what it does. */
  function abandon(error: TaskError): void {
    end();
    settle((job) => job.reject(error));
  }

  function end(): void {
    const ended = running;
    running = undefined;
    ended?.child.kill("SIGKILL");
  }

  return {
    run: (task, input) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(new TaskError("broken", CLOSED));
        if (waiting.length >= maxWaiting) return reject(new TaskError("busy", `${maxWaiting} others wait`));
        waiting.push({ request: { task, input }, resolve: resolve, reject });
        goOn();
      }),
    async close() {
      isClosed = true;
      const closed = running;
      for (const job of waiting.splice(0)) job.reject(new TaskError("broken", CLOSED));
      abandon(new TaskError("broken", CLOSED));
      cancelTimer();
      await closed?.ended;
    },
  };
}

const CLOSED = "its process was closed";

function startChild({ module, memoryMb }: TaskProcessOptions): ChildProcess {
  // The process takes its compiled code from the same cache as this one, which makes its start four times as fast.
  const cache = getCompileCacheDir();
  const child = fork(new URL("./child.ts", import.meta.url), [module.href], {
    execArgv: ["--disable-warning=ExperimentalWarning", `--max-old-space-size=${memoryMb}`],
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: cache },
    serialization: "advanced",
    // Out of the terminal's reach: what is being done is finished after a Ctrl-C.
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  if (child.pid !== undefined) setPriority(child.pid, PRIORITY);
  return child;
}

/** V8 aborts when it has no memory left; the system kills who has taken too much of its own. */
const OUT_OF_MEMORY: readonly unknown[] = ["SIGABRT", "SIGTRAP", "SIGKILL"];

function failureOf(end: string | number | null, lastWords: string, { memoryMb }: TaskProcessOptions): TaskError {
  const cause = new Error(`its process ended with ${end}: ${lastWords}`);
  if (OUT_OF_MEMORY.includes(end)) return new TaskError("memory", `it took more than ${memoryMb} MB`, { cause });
  return new TaskError("broken", `its process ended with ${end}`, { cause });
}

function thrownBy({ message, stack }: { readonly message: string; readonly stack: string | undefined }): TaskError {
  const cause = new Error(message);
  if (stack !== undefined) cause.stack = stack;
  return new TaskError("broken", message, { cause });
}
