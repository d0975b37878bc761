// The environment variables of a function's process, as Lambda defines them
// (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime). Nothing of this
// process's own environment is passed on.
import type { FunctionSpec } from "../../ports/function-runtime.ts";

/** Where things are, as the process sees them. */
export interface Layout {
  /** LAMBDA_TASK_ROOT */
  readonly taskRoot: string;
  /** LAMBDA_RUNTIME_DIR */
  readonly runtimeDirectory: string;
  /** The folder of the language's programs. */
  readonly programs: string | undefined;
  /** Where temporary files go when that is not /tmp. */
  readonly temporaryDirectory: string | undefined;
}

export function logGroupOf(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/** The whole environment of a process. What Lambda reserves wins over the function's own; the rest is its to change. */
export function processEnvironment(
  spec: FunctionSpec,
  layout: Layout,
  { runtimeApi, logStreamName, xrayDaemon }: { readonly runtimeApi: string; readonly logStreamName: string; readonly xrayDaemon: string | undefined },
): Record<string, string> {
  const { taskRoot, runtimeDirectory } = layout;
  return {
    ...credentials(spec),
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PWD: taskRoot,
    PATH: [layout.programs, "/usr/local/bin", "/usr/bin/", "/bin", "/opt/bin"].filter(Boolean).join(":"),
    LD_LIBRARY_PATH: `${taskRoot}:${taskRoot}/lib:/opt/lib`,
    ...(layout.temporaryDirectory === undefined ? {} : { TMPDIR: layout.temporaryDirectory }),
    ...languagePaths(spec.runtime, layout),
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    ...(xrayDaemon === undefined ? {} : { AWS_XRAY_DAEMON_ADDRESS: xrayDaemon }),
    ...spec.environment,
    _HANDLER: spec.handler,
    AWS_REGION: spec.region,
    AWS_DEFAULT_REGION: spec.region,
    // Custom runtimes have none.
    ...(spec.runtime.startsWith("provided") ? {} : { AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}` }),
    AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memorySizeMb),
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(spec.functionName),
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: runtimeDirectory,
  };
}

/** Where AWS gives the function's role, this gives the account's access key of development, unless the function brings its own. */
function credentials({ account, environment }: Pick<FunctionSpec, "account" | "environment">): Record<string, string> {
  if (environment["AWS_ACCESS_KEY_ID"] !== undefined) return {};
  return { AWS_ACCESS_KEY_ID: account, AWS_SECRET_ACCESS_KEY: "test", AWS_SESSION_TOKEN: "test" };
}

function languagePaths(runtime: string, { taskRoot, runtimeDirectory }: Layout): Record<string, string> {
  const node = /^nodejs(\d+)/.exec(runtime)?.[1];
  if (node !== undefined) {
    const shared = `/opt/nodejs/node${node}/node_modules:/opt/nodejs/node_modules`;
    return { NODE_PATH: `${shared}:${runtimeDirectory}/node_modules:${runtimeDirectory}:${taskRoot}` };
  }
  return runtime.startsWith("python") ? { PYTHONPATH: runtimeDirectory } : {};
}

/** `2026/11/22/[$LATEST]0123456789abcdef0123456789abcdef` */
export function logStreamName(version: string, nowMs: number, hex: string): string {
  const day = new Date(nowMs).toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[${version}]${hex}`;
}
