// Starts Gatehouse as a user does, as a child process, and gives clients that speak to it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { APIGatewayClient } from "@aws-sdk/client-api-gateway";
import { LambdaClient } from "@aws-sdk/client-lambda";

const ROOT = join(import.meta.dirname, "../..");

export interface StartOptions {
  readonly dataDir?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Start what `npm start` starts, set-up included, rather than `src/main.ts` under this Node. */
  readonly asNpmStart?: boolean;
}

/** Who calls: the account is a 12-digit access key, as in development. */
export interface Caller {
  readonly account?: string;
  readonly region?: string;
}

export interface Gatehouse {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly child: ChildProcess;
  /** What it printed so far, both streams. */
  output(): string;
  apiGateway(caller?: Caller): APIGatewayClient;
  lambda(caller?: Caller): LambdaClient;
  /** Ends it with a signal and resolves to its exit code, or the signal's name. */
  stop(signal?: NodeJS.Signals): Promise<number | string>;
}

/** Starts Gatehouse on a free port and resolves when it is ready. @throws when it ends before. */
export async function startGatehouse(options: StartOptions = {}): Promise<Gatehouse> {
  const dataDir = options.dataDir ?? (await temporaryDirectory());
  const run = runGatehouse(["--port", "0", "--data-dir", dataDir, ...(options.args ?? [])], options);
  const url = await Promise.race([
    run.printed(/listening on (http:\/\/\S+)/),
    run.exit.then((code) => {
      throw new Error(`Gatehouse ended with ${code}:\n${run.output()}`);
    }),
  ]);
  const { child, output, exit } = run;
  const client = ({ account = "test", region = "us-east-1" }: Caller = {}) => ({
    endpoint: url,
    region,
    credentials: { accessKeyId: account, secretAccessKey: "test" },
  });
  return {
    url,
    port: Number(new URL(url).port),
    dataDir,
    child,
    output,
    apiGateway: (caller) => new APIGatewayClient(client(caller)),
    lambda: (caller) => new LambdaClient(client(caller)),
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return exit;
    },
  };
}

/** As `npm start` gives it, so that no start compiles what another has compiled. */
const { NODE_COMPILE_CACHE: compileCache } = process.env;

/** Runs the program with these arguments. Nothing of this process's environment reaches it but the path and where compiled code is kept. */
export function runGatehouse(args: readonly string[], { env = {}, asNpmStart = false }: StartOptions = {}) {
  const entry = asNpmStart ? ["scripts/setup.mjs", "src/main.ts"] : ["--disable-warning=ExperimentalWarning", "src/main.ts"];
  const child = spawn(process.execPath, [...entry, ...args], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...(compileCache !== undefined && { NODE_COMPILE_CACHE: compileCache }), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      for (const look of waiting) look();
    });
  }
  const exit = new Promise<number | string>((resolve) => {
    child.on("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  return {
    child,
    exit,
    output: () => text,
    /** Resolves to the first group when the output matches. */
    printed: (pattern: RegExp) =>
      new Promise<string>((resolve) => {
        const look = () => {
          const match = pattern.exec(text);
          if (match === null) return;
          waiting.delete(look);
          resolve(match[1] as string);
        };
        waiting.add(look);
        look();
      }),
  };
}

export async function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), "gatehouse-test-"));
}

export async function removeDirectory(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

export interface Answer {
  readonly status: number;
  /** Lower-case names; repeated headers joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
}

/** One HTTP request, with exactly the headers given (and Host), by a client that hides nothing. */
export function call(url: string, { method = "GET", headers = {}, body }: CallOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    const request = httpRequest(
      { host: target.hostname, port: target.port, path: target.pathname + target.search, method, headers: headers as Record<string, string>, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const entries = Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(", ")]);
          resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(entries), body: Buffer.concat(chunks).toString() });
        });
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

/** Calls a stage of a REST API by its host name, as on AWS. */
export function callApi(gatehouse: Gatehouse, apiId: string, path: string, options: CallOptions = {}): Promise<Answer> {
  return call(`${gatehouse.url}${path}`, { ...options, headers: { Host: apiHost(apiId), ...options.headers } });
}

export const apiHost = (apiId: string, region = "us-east-1"): string => `${apiId}.execute-api.${region}.amazonaws.com`;
