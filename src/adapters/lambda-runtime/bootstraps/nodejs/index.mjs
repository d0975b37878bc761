// The Node.js runtime: loads the function's handler and runs its invocations, one after another.
import { invokeBuffered } from "./invocation.mjs";
import { isStreaming, loadHandler } from "./handler.mjs";
import { logError, patchConsole, RuntimeError, setRequestId, toErrorObject } from "./report.mjs";
import { connectRuntimeApi } from "./runtime-api.mjs";
import { awslambda, invokeStreaming } from "./streaming.mjs";

const { env } = process;
// The descriptor of the pipe to the Runtime API, where there is one: no business of the function's.
const [pipe] = process.argv.splice(2, 1);
const api = connectRuntimeApi(env.AWS_LAMBDA_RUNTIME_API, pipe === undefined ? undefined : Number(pipe));
/** `nodejs22.x`: callbacks went with Node.js 24 (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html). */
const version = Number(/nodejs(\d+)/.exec(env.AWS_EXECUTION_ENV ?? "")?.[1] ?? 24);
const callbacks = version < 24;

let current;
let idleTask;
const whenIdle = (task) => {
  idleTask = task;
};

/** Reports what nobody caught to whoever waits, and ends the process with AWS's exit status. */
function end(title, error, status) {
  logError(title, error);
  const object = toErrorObject(error);
  void (current === undefined ? api.failInit(object) : api.fail(current, object)).then(() => process.exit(status));
}

patchConsole();
process.on("uncaughtException", (error) => end("Uncaught Exception", error, 129));
process.on("unhandledRejection", (reason, promise) => {
  end("Unhandled Promise Rejection", new RuntimeError("UnhandledPromiseRejection", String(reason), { reason, promise }), 128);
});
process.on("beforeExit", () => {
  const task = idleTask;
  idleTask = undefined;
  // In a turn of its own: what it starts keeps the process alive.
  if (task !== undefined) setImmediate(task);
});

async function load() {
  globalThis.awslambda = awslambda;
  whenIdle(() => process.exit(13)); // Node's own status for a top-level await that nothing can settle
  const handler = await loadHandler(env.LAMBDA_TASK_ROOT, env._HANDLER);
  const streaming = isStreaming(handler);
  if (!callbacks && !streaming && handler.length >= 3) {
    throw new RuntimeError(
      "CallbackHandlerDeprecated",
      "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
    );
  }
  return { handler, streaming };
}

async function run({ handler, streaming }) {
  for (;;) {
    const { headers, body } = await api.next();
    const id = headers["lambda-runtime-aws-request-id"];
    current = id;
    setRequestId(id);
    if (headers["lambda-runtime-trace-id"]) env._X_AMZN_TRACE_ID = headers["lambda-runtime-trace-id"];
    else delete env._X_AMZN_TRACE_ID;
    const invocation = { id, headers, body };
    await (streaming
      ? invokeStreaming(api, handler, invocation, { whenIdle })
      : invokeBuffered(api, handler, invocation, { callbacks, whenIdle }));
  }
}

load().then(run, (error) => end(callbacks ? "Uncaught Exception" : "Init Error", error, callbacks ? 129 : 1));
