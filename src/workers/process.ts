// A worker's process: out of the terminal's reach, whose Ctrl-C is for the primary alone.
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { WorkerProcess } from "./fleet.ts";
import type { WorkerStart } from "./worker.ts";

const PROGRAM = join(import.meta.dirname, "../worker-main.ts");

/** Starts one. It writes where its parent does. @throws {Error} when the system gives no process */
export function startWorkerProcess(start: WorkerStart, env: Readonly<Record<string, string | undefined>>): WorkerProcess {
  const child = spawn(process.execPath, [...process.execArgv, PROGRAM], {
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...env, GATEHOUSE_WORKER: JSON.stringify(start) },
  });
  if (child.pid === undefined) {
    // It is told once more, later.
    child.on("error", () => undefined);
    throw new Error("no process could be started for a worker");
  }
  return { pid: child.pid, exited: new Promise((resolve) => child.once("exit", () => resolve())) };
}
