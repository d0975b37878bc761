// The `aws` command, where it is installed, with a started Gatehouse for its endpoint. Nearly all of the half second that a
// command takes is Python's start: where the command is a Python script, its code is loaded once for all commands of a test
// file (aws-commands.py); where it is not (version 2's installer), each is a process of its own.
import { execFile, spawn, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { devNull } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { Gatehouse } from "./gatehouse.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** How a command ended, and what it printed. */
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Run = (args: readonly string[], env: Environment) => Promise<Ended>;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const startOf = (file: string): string => readFileSync(file).toString("latin1", 0, 512);

/** What `aws` runs; where that is pyenv's stand-in, what it leads to. */
function commandFile(): string | undefined {
  const file = (process.env["PATH"] ?? "").split(delimiter).map((directory) => join(directory, "aws")).find(isExecutable);
  if (file === undefined) return undefined;
  // It names pyenv itself, which need not be on the PATH.
  const [, pyenv] = /^exec "([^"]*pyenv[^"]*)" exec /m.exec(startOf(file)) ?? [];
  if (pyenv === undefined) return file;
  const { status, stdout } = spawnSync(pyenv, ["which", "aws"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : file;
}

/** The interpreter that a script names, in either of the ways in which pip writes it. */
function interpreterOf(file: string): string | undefined {
  const [, direct, quoted] = /^#!\s*(?:(\/\S*python\S*)\n|\/bin\/sh\n'''exec' "?([^"\n]+?)"? "\$0")/.exec(startOf(file)) ?? [];
  return direct ?? quoted;
}

const file = commandFile();
const interpreter = file === undefined ? undefined : interpreterOf(file);
const hasInterpreter = interpreter !== undefined && existsSync(interpreter);

export const awsInstalled = file !== undefined && (hasInterpreter || spawnSync(file, ["--version"]).status === 0);

/** Runs a command as a process of its own, as users do. */
export const runAwsProcess: Run = (args, env) =>
  new Promise((resolve, reject) => {
    const child = execFile(file ?? "aws", args, { env: { ...env } }, (error, stdout, stderr) => {
      if (error !== null && child.exitCode === null) reject(new Error("the command did not end by itself", { cause: error }));
      else resolve({ code: child.exitCode ?? 0, stdout, stderr });
    });
  });

/** Starts what runs commands one after the other; undefined when the command's code is not to be had. */
function startRunner(): Promise<Run | undefined> {
  return new Promise((started, failed) => {
    if (!hasInterpreter) return started(undefined);
    const script = join(import.meta.dirname, "aws-commands.py");
    // Without a home, so that it reads nobody's configuration.
    const child = spawn(interpreter, [script], { env: { PATH: process.env["PATH"], HOME: devNull }, stdio: ["pipe", "pipe", "inherit"] });
    let ended: Error | undefined;
    const waiting: { readonly resolve: (ended: Ended) => void; readonly reject: (error: Error) => void }[] = [];
    const run: Run = (args, env) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify({ args, env })}\n`);
      });
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line === "ready") started(run);
      else waiting.shift()?.resolve(JSON.parse(line) as Ended);
    });
    child.on("error", failed);
    child.on("close", () => {
      started(undefined);
      ended = new Error("what runs the aws commands has ended");
      for (const { reject } of waiting) reject(ended);
    });
    // It ends when this process does, by the end of its input, and keeps nobody waiting.
    child.unref();
    for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref(): void }).unref();
  });
}

let runner: Promise<Run | undefined> | undefined;

/** Runs `aws ...` in exactly this environment. */
export async function runAws(args: readonly string[], env: Environment): Promise<Ended> {
  runner ??= startRunner();
  return ((await runner) ?? runAwsProcess)(args, env);
}

/** A started Gatehouse, or anything else with an address and a directory for a home. */
type Place = Pick<Gatehouse, "url" | "dataDir">;

/** Runs `aws ...` for an account and parses what it prints. @throws what the command says when it fails */
export const awsOf =
  (account: string) =>
  async ({ url, dataDir }: Place, ...args: string[]): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await runAws([...args, "--endpoint-url", url, "--output", "json"], {
      PATH: process.env["PATH"],
      HOME: dataDir,
      AWS_ACCESS_KEY_ID: account,
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
    });
    if (code !== 0) throw new Error(stderr.trim());
    return stdout.trim() === "" ? {} : (JSON.parse(stdout) as Record<string, unknown>);
  };

/** Runs `aws ...` and parses what it prints. @throws what the command says when it fails */
export const aws = awsOf("test");
