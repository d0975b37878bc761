// Composition of functions: the local Lambda, a real one elsewhere, or none.
import { existsSync } from "node:fs";
import { homedir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { createCodeFiles } from "./adapters/code-files/index.ts";
import { createRemoteLambda } from "./adapters/lambda-remote/index.ts";
import { createFunctionRuntime } from "./adapters/lambda-runtime/index.ts";
import { openRunDirectory, systemClock, systemIds } from "./adapters/system/index.ts";
import { environmentCredentials } from "./aws-services.ts";
import { type Config, ConfigError, isLoopback, xrayDaemon } from "./config/index.ts";
import { FunctionCallError, type Functions } from "./ports/functions.ts";
import type { HttpClient } from "./ports/http-client.ts";
import type { Log } from "./ports/log.ts";
import type { Store } from "./ports/store.ts";
import { createLambda, type Lambda } from "./services/lambda/index.ts";

/** How long a function's process waits for its next invocation, in milliseconds. */
const IDLE_FUNCTION_MS = 5 * 60_000;
/** The most processes of functions at once. */
const FUNCTION_PROCESSES = 100;
/** The most events of asynchronous invocations that wait at once. */
const WAITING_EVENTS = 1_000;

export interface OpenFunctions {
  readonly functions: Functions;
  /** The local service; absent when invocations go elsewhere or nowhere. */
  readonly lambda?: Lambda;
  close(): Promise<void>;
}

export interface FunctionsOptions {
  readonly config: Config;
  /** AWS_* credentials for `--lambda-endpoint`, and AWS_XRAY_DAEMON_ADDRESS, are read from here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly store: Store;
  readonly httpClient: HttpClient;
  readonly log: Log;
}

/** What functions the settings ask for. @throws {ConfigError} when a real Lambda is to be called without credentials. */
export async function openFunctions({ config, env, store, httpClient, log }: FunctionsOptions): Promise<OpenFunctions> {
  const endpoint = config["lambda-endpoint"];
  if (endpoint !== "") return { functions: remoteFunctions(endpoint, env, httpClient), close: async () => {} };
  const mode = config["lambda-functions"];
  if (mode === "off" || (mode === "auto" && !isLoopback(config.host))) return { functions: noFunctions, close: async () => {} };
  return localFunctions(config, xrayDaemon(config, env), store, log);
}

/** A real Lambda at `--lambda-endpoint`. @throws {ConfigError} without credentials for it. */
export function remoteFunctions(endpoint: string, env: FunctionsOptions["env"], httpClient: HttpClient): Functions {
  const credentials = environmentCredentials(env);
  if (credentials === undefined) {
    throw new ConfigError("--lambda-endpoint needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  return createRemoteLambda({ endpoint, credentials, httpClient, clock: systemClock });
}

const refused = () => {
  throw new FunctionCallError("ServiceException", "functions do not run here: see --lambda-functions and --lambda-endpoint");
};

const noFunctions: Functions = { invoke: async () => refused(), invokeStream: async () => refused() };

/** The operator's own keys, which no function is meant to have. */
function credentialDirectories(): string[] {
  return [".aws", ".ssh", ".gnupg"].map((name) => join(homedir(), name)).filter((path) => existsSync(path));
}

async function localFunctions(config: Config, daemon: ReturnType<typeof xrayDaemon>, store: Store, log: Log): Promise<OpenFunctions> {
  const inMemory = config["in-memory"];
  const temporary = await openRunDirectory();
  const directory = inMemory ? join(temporary.path, "functions") : resolve(config["data-dir"], "functions");
  const protectedDirectories = [inMemory ? directory : resolve(config["data-dir"]), ...credentialDirectories()];
  const code = await createCodeFiles({ directory, durable: !inMemory, protectedDirectories });
  const runtime = createFunctionRuntime({
    log,
    clock: systemClock,
    sandbox: "auto",
    protectedDirectories,
    temporaryDirectory: temporary.path,
    idleMs: IDLE_FUNCTION_MS,
    limits: { processes: FUNCTION_PROCESSES, memoryMb: Math.floor((totalmem() / 2 ** 20) * 0.8) },
    onLogLine: ({ functionName, message }) => log.info(message, { function: functionName }),
    xrayDaemon: daemon && `${daemon.host.includes(":") ? `[${daemon.host}]` : daemon.host}:${daemon.port}`,
  });
  const lambda = createLambda({
    store,
    runtime,
    code,
    clock: systemClock,
    ids: systemIds,
    log,
    settings: {
      relaxPermissions: config["lambda-relax-permissions"],
      hotReload: isLoopback(config.host),
      maxConcurrency: FUNCTION_PROCESSES,
      eventLimit: WAITING_EVENTS,
    },
  });
  const close = async () => {
    await lambda.close();
    await runtime.close();
    await code.close();
    await temporary.remove();
  };
  return { functions: lambda.functions, lambda, close };
}
