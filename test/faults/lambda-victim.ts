// A process that runs functions, idle and busy ones, tells the process ids of all of them, and waits to be killed.
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { createFunctionRuntime } from "../../src/adapters/lambda-runtime/index.ts";
import { createLog, systemClock } from "../../src/adapters/system/index.ts";
import type { FunctionSpec } from "../../src/ports/function-runtime.ts";
import { newInvocation } from "../harness/functions.ts";

const [codeDirectory = "", sandbox = "auto"] = process.argv.slice(2);
const runtime = createFunctionRuntime({
  log: createLog({ level: "error", stream: process.stderr }),
  clock: systemClock,
  sandbox: sandbox as "auto" | "off",
  protectedDirectories: [],
  temporaryDirectory: tmpdir(),
  idleMs: 600_000,
  limits: { processes: 10, memoryMb: 10_000 },
});

const spec = (handler: string, name: string): FunctionSpec => ({
  account: "000000000000",
  region: "us-east-1",
  functionName: handler.replace(".", "-"),
  version: "$LATEST",
  invokedArn: "arn:aws:lambda:us-east-1:000000000000:function:x",
  revision: "1",
  runtime: name,
  handler,
  codeDirectory,
  watch: false,
  environment: {},
  memorySizeMb: 256,
  timeoutMs: 600_000,
  maxConcurrency: 10,
});

function descendants(pid: number): number[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  const pairs = table.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const found: number[] = [pid];
  for (const parent of found) found.push(...pairs.filter(([, of]) => of === parent).map(([child]) => child));
  return found.slice(1);
}

await runtime.invoke(spec("index.fine", "nodejs22.x"), newInvocation());
void runtime.invoke(spec("index.sleep", "nodejs22.x"), newInvocation({ ms: 600_000 }));
setTimeout(() => {
  // Not `ps` itself, which has ended.
  const alive = descendants(process.pid).filter((pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  });
  process.stdout.write(`${JSON.stringify(alive)}\n`);
}, 700);
