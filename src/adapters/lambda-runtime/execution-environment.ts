// One execution environment: a process of a function, its Runtime API, and what happens to it from start to end
// (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html).
import { randomBytes } from "node:crypto";
import { chown, constants, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Clock } from "../../ports/clock.ts";
import type { FunctionSpec } from "../../ports/function-runtime.ts";
import { logStreamName, processEnvironment } from "./environment.ts";
import { exited, invalidEntrypoint, outOfMemory, timedOut } from "./failures.ts";
import type { Failure, ProcessExit } from "./failures.ts";
import { FunctionProcess } from "./function-process.ts";
import type { WriteLine } from "./invocation-log.ts";
import { canAccess, entrypointOf, programsOf } from "./languages.ts";
import type { Language } from "./languages.ts";
import { RuntimeApi } from "./runtime-api.ts";
import type { RuntimeAnswer, RuntimeEvent } from "./runtime-api.ts";
import type { Sandbox } from "./sandbox.ts";

export interface EnvironmentMeans {
  readonly clock: Clock;
  /** `host:port` of the daemon that functions send segments of their own to. */
  readonly xrayDaemon?: string | undefined;
  readonly sandbox: Sandbox;
  readonly language: Language;
  /** Where processes without a /tmp of their own put temporary files. */
  readonly temporaryDirectory: string;
  /** Writes to the log of an environment. */
  writerOf(logStreamName: string): WriteLine;
}

/** How a start went. `ms`: how long it took. */
export type InitOutcome =
  | { readonly kind: "ready"; readonly ms: number }
  | { readonly kind: "timeout"; readonly ms: number }
  /** The runtime said why, in Lambda's error object. */
  | { readonly kind: "reported"; readonly ms: number; readonly payload: Buffer; readonly errorType: string }
  | { readonly kind: "failed"; readonly ms: number; failure(requestId: string): Failure };

/** How an invocation was answered: by the function, or, when it could not, in its place. */
export type Outcome = RuntimeAnswer | { readonly kind: "failure"; readonly failure: Failure };

/** How an invocation ended, once its process was done with it. */
export interface Finish {
  readonly durationMs: number;
  /** Why the process ended with it. */
  readonly failure: Failure | undefined;
}

/** Who waits for an invocation. */
export interface InvocationListener {
  onAnswer(outcome: Outcome): void;
  /** The process is done with it. */
  onFinish(finish: Finish): void;
}

/** The last look at its memory is good enough for the report of an invocation so many milliseconds. */
const MEMORY_FRESH_MS = 1000;

interface Current {
  readonly requestId: string;
  readonly startedAt: number;
  answered: boolean;
  /** The process has asked for the next one. */
  hasAsked: boolean;
  failure: Failure | undefined;
  readonly listener: InvocationListener;
  readonly cancelTimeout: () => void;
}

/** `reserved`: ready, and promised to an invocation; `finished`: done with one, and not given back yet. */
export type EnvironmentState = "new" | "starting" | "reserved" | "busy" | "finished" | "idle" | "ended";

export class ExecutionEnvironment {
  readonly spec: FunctionSpec;
  readonly logStreamName: string;
  /** Writes to its log. */
  readonly write: WriteLine;
  /** Where the lines of its output go: its log, by way of an invocation while there is one. */
  onLine: WriteLine;
  /** It is to end rather than be used again. */
  stale = false;
  readonly ended: Promise<void>;

  readonly #means: EnvironmentMeans;
  #state: EnvironmentState = "new";
  #api: RuntimeApi | undefined;
  #process: FunctionProcess | undefined;
  #scratch: string | undefined;
  #current: Current | undefined;
  #settleInit: ((outcome: InitOutcome) => void) | undefined;
  #markEnded!: () => void;
  #startedAt = 0;
  #killedForMemory = false;
  readonly #finishNow = (): void => this.#finish();
  readonly #finishNext = (): void => void setImmediate(this.#finishNow);
  readonly #onMemoryExceeded = (): void => {
    this.#killedForMemory = true;
    this.#process?.kill();
  };

  constructor(spec: FunctionSpec, means: EnvironmentMeans) {
    this.spec = spec;
    this.#means = means;
    this.logStreamName = logStreamName(spec.version, means.clock.now(), randomBytes(16).toString("hex"));
    this.write = means.writerOf(this.logStreamName);
    this.onLine = this.write;
    this.ended = new Promise((resolve) => {
      this.#markEnded = resolve;
    });
  }

  get state(): EnvironmentState {
    return this.#state;
  }

  /** Whether the function has answered, and its process is about to be free. */
  get isFinishing(): boolean {
    return this.#state === "finished" || (this.#current?.answered === true && this.#current.failure === undefined);
  }

  /** Whether it is certain to be free within two turns of the event loop. */
  get hasAskedForNext(): boolean {
    return this.#current?.hasAsked === true;
  }

  /** Takes it for an invocation. */
  reserve(): this {
    this.#state = "reserved";
    return this;
  }

  /** Nobody needs it now. */
  rest(): void {
    if (this.#state === "finished" || this.#state === "reserved") this.#state = "idle";
  }

  /** The most memory it was seen to take, in bytes. */
  get peakMemory(): number {
    return this.#process?.peakMemory ?? 0;
  }

  /** Starts the process; gives up after `limitMs`. @throws when the machine cannot start one at all. */
  async start(limitMs: number): Promise<InitOutcome> {
    this.#state = "starting";
    this.#startedAt = performance.now();
    const settled = new Promise<InitOutcome>((resolve) => {
      this.#settleInit = resolve;
    });
    const cancel = this.#means.clock.after(limitMs, () => this.#initDone({ kind: "timeout", ms: this.#initMs() }));
    try {
      await this.#launch();
      const outcome = await settled;
      if (outcome.kind !== "ready") await this.end();
      return outcome;
    } catch (error) {
      await this.end();
      throw error;
    } finally {
      cancel();
      this.#process?.restMemoryWatch();
    }
  }

  /** Hands it an invocation; it must be reserved. */
  invoke(event: RuntimeEvent, timeoutMs: number, listener: InvocationListener): void {
    const { clock } = this.#means;
    const { requestId } = event;
    this.#state = "busy";
    const cancelTimeout = clock.after(timeoutMs, () => this.#fail(timedOut(requestId, this.spec.timeoutMs)));
    this.#current = { requestId, startedAt: performance.now(), answered: false, hasAsked: false, failure: undefined, listener, cancelTimeout };
    this.#watchMemory();
    this.#api?.deliver(event, clock.now() + timeoutMs);
  }

  /** Kills the process and all it started, and forgets what it left behind. */
  async end(): Promise<void> {
    if (this.#state !== "ended") {
      this.#state = "ended";
      this.#initDone({ kind: "failed", ms: this.#initMs(), failure: (id) => exited(id, { code: null, signal: "SIGKILL" }) });
      if (this.#process === undefined) await this.#cleanUp();
      else this.#process.kill();
    }
    return this.ended;
  }

  async #launch(): Promise<void> {
    const { sandbox, language } = this.#means;
    const { spec } = this;
    const workload = { language, codeDirectory: spec.codeDirectory, inPlace: spec.watch };
    const paths = sandbox.paths(workload);
    const command = await this.#command(paths);
    if (command === undefined) return;
    this.#api = await RuntimeApi.listen({
      isOwnConnection: (port) => this.#isOwnConnection(port),
      onReady: () => this.#onReady(),
      onInitError: (payload) => this.#onInitError(payload),
      onAnswer: (id, answer) => this.#onAnswer(id, answer),
    });
    if (!sandbox.privateTmp) await this.#makeScratch();
    const layout = { ...paths, programs: programsOf(language), temporaryDirectory: this.#scratch };
    const { xrayDaemon } = this.#means;
    const env = processEnvironment(spec, layout, { runtimeApi: this.#api.address, logStreamName: this.logStreamName, xrayDaemon });
    const launch = await sandbox.launch(workload, command, env);
    if (this.#state !== "starting") return this.#cleanUp(); // ended meanwhile
    const started = await FunctionProcess.start(launch, spec.codeDirectory, language.takesPipe, this.#means.clock, {
      onLine: (line) => this.onLine(line),
      onExit: (exit) => this.#onExit(exit),
    });
    this.#process = started;
    if (started.pipe !== undefined) this.#api.adopt(started.pipe);
    if (this.state === "ended") started.kill(); // ended meanwhile
    else this.#watchMemory();
  }

  async #command({ taskRoot, runtimeDirectory }: { taskRoot: string; runtimeDirectory: string }): Promise<string[] | undefined> {
    const { language } = this.#means;
    if (language.interpreter !== undefined) return [language.interpreter, ...language.arguments(this.spec, runtimeDirectory)];
    const file = entrypointOf(this.spec);
    if (await canAccess(join(this.spec.codeDirectory, file), constants.X_OK)) return [join(taskRoot, file)];
    const reason = `Couldn't find valid bootstrap(s): [/var/task/${file} /opt/${file}]`;
    this.#initDone({ kind: "failed", ms: this.#initMs(), failure: (id) => invalidEntrypoint(id, reason) });
    return undefined;
  }

  async #makeScratch(): Promise<void> {
    this.#scratch = await mkdtemp(join(this.#means.temporaryDirectory, "function-"));
    const { owner } = this.#means.sandbox;
    if (owner !== undefined) await chown(this.#scratch, owner.uid, owner.gid);
  }

  #isOwnConnection(peerPort: number): boolean | undefined {
    return this.#api === undefined || this.#process === undefined ? false : this.#process.owns(peerPort, this.#api.port);
  }

  #onReady(): void {
    if (this.#state === "starting") {
      this.#state = "reserved";
      return this.#initDone({ kind: "ready", ms: this.#initMs() });
    }
    if (this.#current === undefined) return;
    this.#current.hasAsked = true;
    // Two turns of the event loop, so that what it wrote before it asked is read before the invocation is over.
    setImmediate(this.#finishNext);
  }

  #onInitError(payload: Buffer): void {
    this.#initDone({ kind: "reported", ms: this.#initMs(), payload, errorType: errorTypeOf(payload) });
  }

  #onAnswer(requestId: string, answer: RuntimeAnswer): void {
    if (this.#current?.requestId !== requestId || this.#current.answered) return;
    this.#current.answered = true;
    this.#current.listener.onAnswer(answer);
  }

  #onExit(exit: ProcessExit): void {
    const reason = (id: string): Failure => (this.#killedForMemory ? outOfMemory(id) : exited(id, exit));
    this.#initDone({ kind: "failed", ms: this.#initMs(), failure: reason });
    this.#state = "ended";
    if (this.#current !== undefined) this.#current.failure ??= reason(this.#current.requestId);
    this.#finish();
    void this.#cleanUp();
  }

  /** The invocation failed for a reason that is not the process's own word: it is ended. */
  #fail(failure: Failure): void {
    if (this.#current === undefined || this.#current.failure !== undefined) return;
    this.#current.failure = failure;
    this.#process?.kill();
  }

  #finish(): void {
    const current = this.#current;
    if (current === undefined) return;
    this.#current = undefined;
    current.cancelTimeout();
    this.#process?.restMemoryWatch();
    if (this.#state === "busy") this.#process?.weigh(MEMORY_FRESH_MS);
    if (this.#state === "busy") this.#state = "finished";
    const { failure, listener } = current;
    if (!current.answered && failure !== undefined) listener.onAnswer({ kind: "failure", failure });
    listener.onFinish({ durationMs: performance.now() - current.startedAt, failure });
  }

  #watchMemory(): void {
    this.#process?.watchMemory(this.spec.memorySizeMb * 1024 * 1024, this.#onMemoryExceeded);
  }

  #initDone(outcome: InitOutcome): void {
    this.#settleInit?.(outcome);
    this.#settleInit = undefined;
  }

  #initMs(): number {
    return performance.now() - this.#startedAt;
  }

  async #cleanUp(): Promise<void> {
    this.#api?.close();
    if (this.#scratch !== undefined) await rm(this.#scratch, { recursive: true, force: true });
    this.#markEnded();
  }
}

/** The `errorType` of Lambda's error object; `Runtime.Unknown` when the runtime wrote something else. */
export function errorTypeOf(payload: Buffer): string {
  try {
    const { errorType } = JSON.parse(payload.toString()) as { errorType?: unknown };
    return typeof errorType === "string" ? errorType : "Runtime.Unknown";
  } catch {
    return "Runtime.Unknown";
  }
}
