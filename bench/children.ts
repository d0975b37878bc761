// The processes of a benchmark: started on a core of their own, watched in /proc, and gone when the benchmark is.
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { availableParallelism } from "node:os";

/** One core for the process under test alone; backend and load share what is left. */
export const CORES = { subject: 0, backend: 1, load: availableParallelism() > 2 ? 2 : 1 } as const;

/** The core of a process under test; undefined for one with several workers, which share all cores with everybody. */
export const subjectCore = (workers: number): number | undefined => (workers > 1 ? undefined : CORES.subject);

/** Keeps a process to one core. */
const PIN = "taskset";

const children = new Set<ChildProcess>();
// Their own handlers end what they have started in turn: nginx's master its workers, Gatehouse its functions.
process.on("exit", () => {
  for (const child of children) child.kill("SIGTERM");
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(1));

export interface Child {
  readonly pid: number;
  /** Everything printed so far, on both streams. */
  output(): string;
  /** The first group of the pattern, once the output matches. @throws when the process ends before. */
  printed(pattern: RegExp): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a program, on one core when `core` is given. */
export function start(command: string, args: readonly string[], core?: number): Child {
  const line = core === undefined ? [command, ...args] : [PIN, "-c", String(core), command, ...args];
  const child = spawn(line[0] as string, line.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  let text = "";
  let look = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      look();
    });
  }
  let isOver = false;
  const exit = new Promise<void>((resolve) => {
    const over = (): void => {
      isOver = true;
      children.delete(child);
      look();
      resolve();
    };
    child.on("close", over);
    child.on("error", (error) => {
      text += error.message;
      over();
    });
  });
  return {
    pid: child.pid ?? 0,
    output: () => text,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        look = () => {
          const match = pattern.exec(text);
          if (match !== null) resolve(match[1] ?? match[0]);
          else if (isOver) reject(new Error(`${line.join(" ")} ended:\n${text}`));
        };
        look();
      }),
    async stop() {
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await exit;
      clearTimeout(patience);
    },
  };
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Processes that a process has started, and those that these have started. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat !== undefined) parents.set(Number(name), Number(stat[1]));
  }
  const found: number[] = [];
  for (let open = [pid]; open.length > 0; ) {
    open = [...parents].filter(([, parent]) => open.includes(parent)).map(([child]) => child);
    found.push(...open);
  }
  return found;
}

/** Those of some processes that run a program of this name. */
export function running(program: string, pids: readonly number[]): number[] {
  return pids.filter((pid) => readOf(pid, "cmdline")?.includes(program) === true);
}

/** What a process has in memory, in bytes; 0 when it is gone. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readOf(pid, "status") ?? "")?.[1] ?? 0) * 1024;
}

/** Processor time that processes have taken, user and system, all their threads, in microseconds. */
export function cpuTime(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const stat = statOf(pid);
    if (stat !== undefined) ticks += Number(stat[11]) + Number(stat[12]);
  }
  return (ticks / TICKS_PER_SECOND) * 1e6;
}

const TICKS_PER_SECOND = Number(spawnSync("getconf", ["CLK_TCK"], { encoding: "utf8" }).stdout || 100);

/** The fields of /proc/<pid>/stat from the state on (the name before it may hold anything); undefined when it is gone. */
function statOf(pid: number): string[] | undefined {
  const text = readOf(pid, "stat");
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** A file of /proc about a process; undefined when it is gone. */
function readOf(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

/** Moves a process, with all its threads, to a core. */
export function moveToCore(pid: number, core: number): void {
  const moved = spawnSync(PIN, ["-acp", String(core), String(pid)], { encoding: "utf8" });
  if (moved.status !== 0) throw new Error(`Cannot move process ${pid} to core ${core}: ${moved.stderr}`);
}

/** The first line a program prints about itself; undefined when there is no such program. */
export function versionOf(command: string, ...args: string[]): string | undefined {
  const run = spawnSync(command, args, { encoding: "utf8" });
  return run.error === undefined ? `${run.stdout}${run.stderr}`.split("\n")[0] : undefined;
}
