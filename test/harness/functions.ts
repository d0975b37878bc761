// A function runtime over real processes, with the code of its functions written to a folder of its own.
import { randomUUID } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createFunctionRuntime } from "../../src/adapters/lambda-runtime/index.ts";
import type { FunctionLogLine, FunctionRuntimeOptions } from "../../src/adapters/lambda-runtime/index.ts";
import { systemClock } from "../../src/adapters/system/index.ts";
import type { FunctionRuntime, FunctionSpec, RuntimeInvocation } from "../../src/ports/function-runtime.ts";
import type { FunctionStream } from "../../src/ports/functions.ts";
import type { Log } from "../../src/ports/log.ts";

export interface Answer {
  /** The payload as JSON. */
  readonly payload: unknown;
  readonly text: string;
  readonly error: string | undefined;
  readonly log: string;
  readonly requestId: string;
}

export interface TestFunctions extends AsyncDisposable {
  readonly runtime: FunctionRuntime;
  readonly directory: string;
  /** What the runtime told the operator. */
  readonly told: string[];
  readonly lines: FunctionLogLine[];
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** The function is named after its handler unless told otherwise. */
  spec(handler: string, changes?: Partial<FunctionSpec>): FunctionSpec;
  invoke(handler: string, event?: unknown, changes?: Partial<FunctionSpec>): Promise<Answer>;
  stream(handler: string, event?: unknown, changes?: Partial<FunctionSpec>): Promise<FunctionStream>;
}

export async function createTestFunctions(
  files: Readonly<Record<string, string>>,
  options: Partial<FunctionRuntimeOptions> & { readonly runtimeName?: string } = {},
): Promise<TestFunctions> {
  const root = await mkdtemp(join(tmpdir(), "gatehouse-functions-"));
  await chmod(root, 0o755);
  const directory = join(root, "code");
  const told: string[] = [];
  const lines: FunctionLogLine[] = [];
  const tell = (message: string): void => void told.push(message);
  const log: Log = { debug: tell, info: tell, warn: tell, error: tell };
  const runtime = createFunctionRuntime({
    log,
    clock: systemClock,
    sandbox: "auto",
    protectedDirectories: [],
    temporaryDirectory: root,
    idleMs: 60_000,
    limits: { processes: 100, memoryMb: 100_000 },
    onLogLine: (line) => lines.push(line),
    ...options,
  });

  const functions: TestFunctions = {
    runtime,
    directory,
    told,
    lines,
    async write(more) {
      for (const [name, text] of Object.entries(more)) {
        const path = join(directory, name);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text, { mode: 0o755 });
      }
    },
    spec: (handler, changes = {}) => ({
      account: "000000000000",
      region: "eu-central-1",
      functionName: handler.replace(/\W/g, "-"),
      version: "$LATEST",
      invokedArn: `arn:aws:lambda:eu-central-1:000000000000:function:${handler.replace(/\W/g, "-")}`,
      revision: "1",
      runtime: options.runtimeName ?? "nodejs22.x",
      handler,
      codeDirectory: directory,
      watch: false,
      environment: {},
      memorySizeMb: 256,
      timeoutMs: 10_000,
      maxConcurrency: 10,
      ...changes,
    }),
    async invoke(handler, event = {}, changes = {}) {
      const invocation = newInvocation(event);
      const result = await runtime.invoke(functions.spec(handler, changes), invocation);
      const text = result.payload.toString();
      const log = result.log?.toString() ?? "";
      return { payload: parseOrText(text), text, error: result.functionError, log, requestId: invocation.requestId };
    },
    stream: (handler, event = {}, changes = {}) => runtime.invokeStream(functions.spec(handler, changes), newInvocation(event)),
    async [Symbol.asyncDispose]() {
      await runtime.close();
      await rm(root, { recursive: true, force: true });
    },
  };
  await functions.write(files);
  return functions;
}

export function newInvocation(event: unknown = {}): RuntimeInvocation {
  return { requestId: randomUUID(), payload: Buffer.from(JSON.stringify(event)), tailLog: true };
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
