// For tests: the service over the memory store and real files, with a runtime that answers as a test says and a clock
// that stands still until it is moved.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCodeFiles } from "../../adapters/code-files/index.ts";
import { createMemoryStore } from "../../adapters/memory/index.ts";
import type { Call } from "../../domain/call.ts";
import type { LambdaOperations } from "../../model/lambda.gen.ts";
import type { Handlers } from "../../model/table.ts";
import type { Clock } from "../../ports/clock.ts";
import type { FunctionRuntime, FunctionSpec, RuntimeInvocation } from "../../ports/function-runtime.ts";
import type { FunctionResult, FunctionStream } from "../../ports/functions.ts";
import type { Store } from "../../ports/store.ts";
import { zip } from "../../../test/harness/zip.ts";
import { createLambda, type Lambda, type LambdaSettings } from "./index.ts";

type Operations = Required<Handlers<LambdaOperations, Call>>;
/** Each operation with a call of account 000000000000 in us-east-1, unless another is given. */
type BoundOperations = {
  readonly [Name in keyof Operations]: (input: Parameters<Operations[Name]>[0], call?: Partial<Call>) => ReturnType<Operations[Name]>;
};

export const CALL: Call = {
  account: "000000000000",
  region: "us-east-1",
  requestId: "11111111-1111-4111-8111-111111111111",
  accessKeyId: "test",
  sourceIp: "127.0.0.1",
  userAgent: "test",
};

export const ROLE = "arn:aws:iam::000000000000:role/lambda";
export const CODE = { ZipFile: zip({ "index.mjs": "export const handler = async () => 1;" }) };
export const OTHER_CODE = { ZipFile: zip({ "index.mjs": "export const handler = async () => 2;" }) };
export const PETS = { FunctionName: "pets", Runtime: "nodejs22.x", Role: ROLE, Handler: "index.handler", Code: CODE } as const;
export const PETS_ARN = "arn:aws:lambda:us-east-1:000000000000:function:pets";

const START = Date.UTC(2026, 0, 1);

export interface ManualClock extends Clock {
  /** Moves on and starts what is due on the way. */
  advance(ms: number): void;
  /** When what waits is due, in milliseconds from now, soonest first. */
  due(): number[];
}

export function createManualClock(): ManualClock {
  let now = START;
  const timers = new Set<{ readonly at: number; readonly task: () => void }>();
  const soonest = (): { readonly at: number; readonly task: () => void } | undefined => [...timers].sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    after(ms, task) {
      const timer = { at: now + ms, task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (let next = soonest(); next !== undefined && next.at <= end; next = soonest()) {
        timers.delete(next);
        now = next.at;
        next.task();
      }
      now = end;
    },
    due: () => [...timers].map(({ at }) => at - now).sort((a, b) => a - b),
  };
}

/** Resolves when it holds. @throws when it does not within ten seconds. */
export async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`did not come to hold: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** A runtime that notes what it is asked, and answers with what `answer` gives. */
export class FakeRuntime implements FunctionRuntime {
  readonly invocations: { readonly spec: FunctionSpec; readonly invocation: RuntimeInvocation }[] = [];
  readonly retired: string[] = [];
  answer: (spec: FunctionSpec, invocation: RuntimeInvocation) => Promise<FunctionResult> | FunctionResult = ({ version }) => ({
    status: 200,
    payload: Buffer.from("null"),
    executedVersion: version,
  });
  stream: (spec: FunctionSpec, invocation: RuntimeInvocation) => FunctionStream = () => {
    throw new Error("no stream expected");
  };

  async refusal(runtime: string): Promise<string | undefined> {
    return runtime.startsWith("java") ? `${runtime} does not run on this machine: there is no java.` : undefined;
  }

  async invoke(spec: FunctionSpec, invocation: RuntimeInvocation): Promise<FunctionResult> {
    this.invocations.push({ spec, invocation });
    return this.answer(spec, invocation);
  }

  async invokeStream(spec: FunctionSpec, invocation: RuntimeInvocation): Promise<FunctionStream> {
    this.invocations.push({ spec, invocation });
    return this.stream(spec, invocation);
  }

  async retire(_account: string, _region: string, functionName: string, version = "all"): Promise<void> {
    this.retired.push(`${functionName} ${version}`);
  }

  async close(): Promise<void> {}
}

export interface TestService {
  readonly lambda: Lambda;
  readonly run: BoundOperations;
  readonly runtime: FakeRuntime;
  readonly clock: ManualClock;
  readonly store: Store;
  /** Lines of the log: level and message. */
  readonly lines: string[];
  readonly directory: string;
  packages(): Promise<readonly string[]>;
  /** Removes the files, unless another service goes on with them. */
  close(options?: { readonly keepFiles?: boolean }): Promise<void>;
}

export interface TestOptions {
  readonly settings?: Partial<LambdaSettings>;
  readonly protectedDirectories?: readonly string[];
  readonly random?: () => number;
  /** Continue with the store and files of a service that was closed. */
  readonly after?: TestService;
}

export async function startService({ settings, protectedDirectories = [], random, after }: TestOptions = {}): Promise<TestService> {
  const directory = after?.directory ?? (await mkdtemp(join(tmpdir(), "gatehouse-lambda-")));
  const code = await createCodeFiles({ directory, durable: true, protectedDirectories });
  const store = after?.store ?? createMemoryStore();
  const runtime = new FakeRuntime();
  const clock = createManualClock();
  const lines: string[] = [];
  const note = (level: string) => (message: string, ..._rest: unknown[]) => void lines.push(`${level} ${message}`);
  let count = 0;
  const lambda = createLambda({
    store,
    runtime,
    code,
    clock,
    ids: { alphanumeric: (length) => "a".repeat(length), uuid: () => `00000000-0000-4000-8000-${String(++count).padStart(12, "0")}` },
    log: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
    settings: { relaxPermissions: false, hotReload: true, maxConcurrency: 10, eventLimit: 5, ...settings },
    ...(random ? { random } : {}),
  });
  const bound = Object.entries(lambda.handlers).map(([name, operation]) => [
    name,
    (input: unknown, call?: Partial<Call>) => (operation as (input: unknown, call: Call) => unknown)(input, { ...CALL, ...call }),
  ]);
  return {
    lambda,
    run: Object.fromEntries(bound) as BoundOperations,
    runtime,
    clock,
    store,
    lines,
    directory,
    packages: () => code.list(),
    async close({ keepFiles = false } = {}) {
      await lambda.close();
      await code.close();
      if (!keepFiles) await rm(directory, { recursive: true });
    },
  };
}

/** An error as it would travel: its code, message and other members. */
export async function failure(outcome: Promise<unknown>): Promise<unknown> {
  try {
    await outcome;
  } catch (error) {
    const { code, message, members } = error as { code?: string; message: string; members?: Record<string, unknown> };
    return code === undefined ? error : { code, message, ...members };
  }
  return "it succeeded";
}

/** {@link failure} for the errors that are the caller's. */
export const userError = (code: string, message: string): unknown => ({ code, message, Type: "User" });
