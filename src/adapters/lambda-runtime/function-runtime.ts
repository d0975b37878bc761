// Runs functions in processes of their own. One invocation's way: an environment from the pool, started when it is new
// (and once more when that fails, as Lambda does), the event, the answer, the end of its log.
import { FunctionCallError } from "../../ports/functions.ts";
import type { FunctionResult, FunctionStream } from "../../ports/functions.ts";
import type { Clock } from "../../ports/clock.ts";
import type { FunctionRuntime, FunctionSpec, RuntimeInvocation } from "../../ports/function-runtime.ts";
import type { Log } from "../../ports/log.ts";
import { logGroupOf } from "./environment.ts";
import { errorTypeOf, ExecutionEnvironment } from "./execution-environment.ts";
import type { Finish, InitOutcome, Outcome } from "./execution-environment.ts";
import { failurePayload, RESPONSE_LIMIT, RESPONSE_TOO_LARGE, timedOut } from "./failures.ts";
import type { Failure } from "./failures.ts";
import { initReportLine, LogTail, reportLine } from "./invocation-log.ts";
import type { FunctionLogLine, Report, WriteLine } from "./invocation-log.ts";
import { createLanguages } from "./languages.ts";
import type { Language } from "./languages.ts";
import { EnvironmentPool, shuttingDown } from "./pool.ts";
import type { PoolLimits } from "./pool.ts";
import type { ResponseStream, StreamEnd } from "./response-stream.ts";
import { findSandbox } from "./sandbox.ts";
import type { Sandbox } from "./sandbox.ts";

export interface FunctionRuntimeOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** The Node.js that runs functions; the one that runs this when absent. */
  readonly nodePath?: string;
  /** `auto`: the best the machine offers. */
  readonly sandbox: "auto" | "off";
  /** Directories that no function may look into (the data directory). */
  readonly protectedDirectories: readonly string[];
  /** Where functions without a /tmp of their own put temporary files. */
  readonly temporaryDirectory: string;
  /** How long a process is kept for the next invocation, in milliseconds. */
  readonly idleMs: number;
  readonly limits: PoolLimits;
  /** Where interpreters and the sandbox are looked for; PATH when absent. */
  readonly searchPath?: string;
  /** Gets each line of every function's log, START, END and REPORT included. */
  readonly onLogLine?: (line: FunctionLogLine) => void;
  /** `host:port` of the daemon that functions send segments of their own to (AWS_XRAY_DAEMON_ADDRESS). */
  readonly xrayDaemon?: string | undefined;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html: the Init phase is limited to 10 seconds. */
const INIT_LIMIT_MS = 10_000;
const EMPTY_EVENT = Buffer.from("{}");

/** An invocation under way. */
interface Run {
  readonly spec: FunctionSpec;
  readonly invocation: RuntimeInvocation;
  readonly write: WriteLine;
  readonly tail: LogTail | undefined;
  readonly outcome: PromiseWithResolvers<Outcome>;
  readonly finish: PromiseWithResolvers<Finish>;
}

/** A started environment, or why there is none. */
type Started =
  | { readonly kind: "ready"; readonly environment: ExecutionEnvironment; readonly leftMs: number; readonly initMs?: number }
  | { readonly kind: "failed"; readonly environment: ExecutionEnvironment; readonly init: InitOutcome };

/** Nothing of the machine is looked at before the first function is. */
export function createFunctionRuntime(options: FunctionRuntimeOptions): FunctionRuntime {
  const { log, clock, nodePath = process.execPath, temporaryDirectory, onLogLine } = options;
  const searchPath = options.searchPath ?? process.env["PATH"] ?? "";
  const languages = createLanguages({ nodePath, searchPath, log });
  let sandbox: Promise<Sandbox> | undefined;
  const means = { current: undefined as Sandbox | undefined };
  const known = new Map<string, Language>();

  const pool = new EnvironmentPool({
    clock,
    log,
    limits: options.limits,
    idleMs: options.idleMs,
    create: (spec) =>
      new ExecutionEnvironment(spec, {
        clock,
        xrayDaemon: options.xrayDaemon,
        temporaryDirectory,
        sandbox: means.current as Sandbox,
        language: known.get(spec.runtime) as Language,
        writerOf: (logStreamName) => writer(spec, logStreamName),
      }),
  });

  /** Finds out what is needed before the pool may create an environment. */
  async function prepare({ runtime }: FunctionSpec): Promise<void> {
    if (!known.has(runtime)) {
      const language = await languages.find(runtime);
      if (typeof language === "string") throw new FunctionCallError("ServiceException", language);
      known.set(runtime, language);
    }
    sandbox ??= findSandbox({ mode: options.sandbox, protectedDirectories: options.protectedDirectories, searchPath, log });
    means.current ??= await sandbox;
  }

  async function start(acquired: ExecutionEnvironment, write: WriteLine): Promise<Started> {
    const { spec } = acquired;
    if (acquired.state !== "new") return { kind: "ready", environment: acquired, leftMs: spec.timeoutMs };
    acquired.onLine = write;
    const first = await startOrThrow(acquired, INIT_LIMIT_MS);
    if (first.kind === "ready") return { kind: "ready", environment: acquired, leftMs: spec.timeoutMs, initMs: first.ms };
    write(initReportLine(first.ms, "init", initStatus(first)));

    // As on AWS, a start that failed is tried once more, on the invocation's own time.
    const environment = await pool.replace(acquired);
    environment.onLine = write;
    const second = await startOrThrow(environment, spec.timeoutMs);
    if (second.kind === "ready") return { kind: "ready", environment, leftMs: Math.max(0, spec.timeoutMs - second.ms) };
    write(initReportLine(second.ms, "invoke", initStatus(second)));
    return { kind: "failed", environment, init: second };
  }

  async function startOrThrow(environment: ExecutionEnvironment, limitMs: number): Promise<InitOutcome> {
    try {
      return await environment.start(limitMs);
    } catch (error) {
      pool.release(environment);
      throw new FunctionCallError("ServiceException", `The function's process could not be started: ${String(error)}`, { cause: error });
    }
  }

  /** Begins an invocation: at once where a process is idle. */
  function begin(spec: FunctionSpec, invocation: RuntimeInvocation): Run | Promise<Run> {
    if (means.current === undefined || !known.has(spec.runtime)) return beginLater(spec, invocation);
    invocation.signal?.throwIfAborted();
    const idle = pool.take(spec);
    return idle === undefined ? beginLater(spec, invocation) : hand(newRun(spec, invocation, idle), idle, spec.timeoutMs, undefined);
  }

  async function beginLater(spec: FunctionSpec, invocation: RuntimeInvocation): Promise<Run> {
    await prepare(spec);
    invocation.signal?.throwIfAborted();
    const acquired = await pool.acquire(spec);
    const run = newRun(spec, invocation, acquired);
    const started = await start(acquired, run.write);
    if (started.kind === "ready") return hand(run, started.environment, started.leftMs, started.initMs);
    const { requestId } = invocation;
    run.write(startLine(spec, requestId));
    const { answer, failure } = initAnswer(spec, requestId, started.init);
    const finish = { durationMs: started.init.ms, failure };
    conclude(started.environment, run, finish, undefined);
    run.outcome.resolve(answer);
    run.finish.resolve(finish);
    return run;
  }

  function newRun(spec: FunctionSpec, invocation: RuntimeInvocation, { write: writeLog }: ExecutionEnvironment): Run {
    const tail = invocation.tailLog ? new LogTail() : undefined;
    const write: WriteLine =
      tail === undefined
        ? writeLog
        : (message) => {
            tail.add(message);
            writeLog(message);
          };
    return { spec, invocation, write, tail, outcome: Promise.withResolvers(), finish: Promise.withResolvers() };
  }

  /** Hands an invocation to an environment that is ready for it. */
  function hand(run: Run, environment: ExecutionEnvironment, leftMs: number, initMs: number | undefined): Run {
    const { spec, write, outcome } = run;
    const { clientContext, payload, requestId, traceId } = run.invocation;
    write(startLine(spec, requestId));
    environment.onLine = write;
    const event = { requestId, payload: payload.byteLength === 0 ? EMPTY_EVENT : payload, invokedArn: spec.invokedArn, traceId, clientContext };
    environment.invoke(event, leftMs, {
      onAnswer: outcome.resolve,
      onFinish(finish) {
        conclude(environment, run, finish, initMs);
        environment.onLine = environment.write;
        pool.release(environment);
        run.finish.resolve(finish);
      },
    });
    return run;
  }

  /** What it was answered with, by the function or in its place. */
  async function outcomeOf({ outcome }: Run): Promise<Outcome> {
    const answer = await outcome.promise;
    if (answer.kind === "failure" && pool.isClosed) throw shuttingDown();
    return answer;
  }

  function writer({ account, region, functionName, version }: FunctionSpec, logStreamName: string): WriteLine {
    const about = { account, region, functionName, version, logStreamName, logGroupName: logGroupOf(functionName) };
    return (message) => {
      try {
        onLogLine?.({ ...about, timestamp: clock.now(), message });
      } catch (error) {
        log.error("A line of a function's log could not be passed on", error, { functionName });
      }
    };
  }

  function conclude(environment: ExecutionEnvironment, { invocation, write }: Run, finish: Finish, initMs: number | undefined): void {
    const { requestId } = invocation;
    const { failure, durationMs } = finish;
    for (const line of failureLines(requestId, failure, clock)) write(line);
    write(`END RequestId: ${requestId}`);
    const { memorySizeMb } = environment.spec;
    write(reportLine({ requestId, durationMs, memorySizeMb, maxMemoryBytes: environment.peakMemory, initMs, ended: statusOf(failure) }));
  }

  return {
    async refusal(runtime) {
      const language = await languages.find(runtime);
      return typeof language === "string" ? language : undefined;
    },

    async invoke(spec, invocation) {
      const run = await begin(spec, invocation);
      const outcome = await outcomeOf(run);
      const answer = outcome.kind === "stream" ? await collect(outcome.stream, run.finish.promise) : outcome;
      const result = { ...resultOf(answer), executedVersion: spec.version };
      if (run.tail === undefined) return result;
      await run.finish.promise;
      return { ...result, log: run.tail.bytes() };
    },

    async invokeStream(spec, invocation) {
      const run = await begin(spec, invocation);
      const outcome = await outcomeOf(run);
      const finish = run.finish.promise;
      const about = { status: 200, executedVersion: spec.version };
      const withLog = async (error: StreamError | undefined): Promise<Awaited<FunctionStream["outcome"]>> => {
        if (run.tail === undefined) return { ...error };
        await finish;
        return { ...error, log: run.tail.bytes() };
      };
      if (outcome.kind === "stream") {
        const { contentType, stream } = outcome;
        const { signal } = invocation;
        // Whoever has given up meanwhile reads nothing any more.
        if (signal?.aborted === true) stream.discard();
        else signal?.addEventListener("abort", () => stream.discard(), { once: true });
        return { ...about, contentType, chunks: stream.chunks, outcome: streamError(stream.end, finish).then(withLog) };
      }
      const { payload, functionError } = resultOf(outcome);
      const contentType = outcome.kind === "response" ? outcome.contentType : "application/json";
      if (functionError === undefined) return { ...about, contentType, chunks: chunksOf([payload]), outcome: withLog(undefined) };
      const error = { errorCode: errorTypeOf(payload), errorDetails: payload.toString() };
      return { ...about, contentType, chunks: chunksOf([]), outcome: withLog(error) };
    },

    retire: (account, region, functionName, version) => pool.retire(account, region, functionName, version),
    close: () => pool.close(),
  };
}

/** A buffered answer, as Invoke gives it. Lambda says `Unhandled` of every error. */
function resultOf(outcome: Exclude<Outcome, { kind: "stream" }>): Pick<FunctionResult, "status" | "payload" | "functionError"> {
  if (outcome.kind === "response") return { status: 200, payload: outcome.payload };
  const payload = outcome.kind === "error" ? outcome.payload : failurePayload(outcome.kind === "tooLarge" ? RESPONSE_TOO_LARGE : outcome.failure);
  return { status: 200, payload, functionError: "Unhandled" };
}

/** A streamed response to a caller who wants it whole. */
async function collect(stream: ResponseStream, finish: Promise<Finish>): Promise<Exclude<Outcome, { kind: "stream" }>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream.chunks) {
    size += chunk.length;
    if (size > RESPONSE_LIMIT) {
      stream.discard();
      return { kind: "tooLarge" };
    }
    chunks.push(chunk);
  }
  const end = await stream.end;
  if (end.kind === "error") return { kind: "error", payload: Buffer.from(end.errorBody) };
  if (end.kind === "tooLarge") return { kind: "tooLarge" };
  if (end.kind === "cut") return { kind: "failure", failure: (await finish).failure ?? STREAM_CUT };
  return { kind: "response", contentType: "application/octet-stream", payload: Buffer.concat(chunks) };
}

interface StreamError {
  readonly errorCode: string;
  readonly errorDetails: string;
}

const STREAM_CUT: Failure = {
  errorType: "Runtime.TruncatedResponse",
  errorMessage: "The function's connection closed before its response was complete.",
};

async function streamError(ended: Promise<StreamEnd>, finish: Promise<Finish>): Promise<StreamError | undefined> {
  const end = await ended;
  if (end.kind === "complete") return undefined;
  if (end.kind === "error") return { errorCode: end.errorType, errorDetails: end.errorBody };
  const failure = end.kind === "tooLarge" ? RESPONSE_TOO_LARGE : ((await finish).failure ?? STREAM_CUT);
  return { errorCode: failure.errorType, errorDetails: failurePayload(failure).toString() };
}

async function* chunksOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

const startLine = ({ version }: FunctionSpec, requestId: string): string => `START RequestId: ${requestId} Version: ${version}`;

/** What an invocation is answered with whose environment could not be started. */
function initAnswer(spec: FunctionSpec, requestId: string, init: InitOutcome): { answer: Outcome; failure: Failure } {
  if (init.kind === "reported") {
    return { answer: { kind: "error", payload: init.payload }, failure: { errorType: init.errorType, errorMessage: "" } };
  }
  const failure = init.kind === "failed" ? init.failure(requestId) : timedOut(requestId, spec.timeoutMs);
  return { answer: { kind: "failure", failure }, failure };
}

function initStatus(init: InitOutcome): NonNullable<Report["ended"]> {
  if (init.kind === "reported") return { errorType: init.errorType };
  return init.kind === "failed" ? { errorType: init.failure("").errorType } : "timeout";
}

function statusOf(failure: Failure | undefined): Report["ended"] {
  if (failure === undefined) return undefined;
  return failure.errorType === "Sandbox.Timedout" ? "timeout" : { errorType: failure.errorType };
}

/** What Lambda itself writes to the log of an invocation that did not end well. */
function failureLines(requestId: string, failure: Failure | undefined, clock: Clock): string[] {
  if (failure === undefined || failure.errorMessage === "") return [];
  if (failure.errorType !== "Sandbox.Timedout") return [failure.errorMessage, failure.errorType];
  const message = failure.errorMessage.slice(failure.errorMessage.indexOf("Task timed out"));
  return [`${new Date(clock.now()).toISOString()} ${requestId} ${message}`, ""];
}
