// One invocation of a handler that answers with a value: by promise, by callback, or by the context's own methods.
import { logError, toErrorObject, unsettledPromise } from "./report.mjs";

/**
 * The context object (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html) from the invocation's headers
 * and the environment.
 */
export function createContext(headers, base = {}) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const { env } = process;
  return Object.assign(base, {
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: readJson(headers["lambda-runtime-client-context"], "ClientContext"),
    identity: readJson(headers["lambda-runtime-cognito-identity"], "CognitoIdentity"),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  });
}

function readJson(text, name) {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot parse ${name} as json: ${error.toString()}`, { cause: error });
  }
}

/**
 * Runs a handler to its answer and posts it. Resolves when the next invocation may be asked for. `whenIdle(task)` sets
 * what happens once the event loop has nothing left to do.
 */
export function invokeBuffered(api, handler, { id, headers, body }, { callbacks, whenIdle }) {
  return new Promise((resolve) => {
    let answered = false;
    const once = (send) => (...args) => {
      if (answered) return;
      answered = true;
      whenIdle(undefined);
      send(...args);
    };
    const fail = once((error) => {
      logError("Invoke Error", error);
      void api.fail(id, toErrorObject(error));
      resolve();
    });
    const succeed = (value) => {
      if (answered) return;
      let text;
      try {
        text = JSON.stringify(value === undefined ? null : value) ?? "null";
      } catch {
        return void fail(new Error("Unable to stringify response body"));
      }
      once(() => {
        void api.respond(id, text);
        resolve();
      })();
    };

    try {
      const event = JSON.parse(body.toString());
      if (callbacks) runWithCallbacks(handler, event, headers, { succeed, fail, whenIdle });
      else runWithPromise(handler, event, headers, { succeed, fail, whenIdle });
    } catch (error) {
      fail(error);
    }
  });
}

/** From Node.js 24 on: what the handler returns, or its promise gives, is the answer. */
function runWithPromise(handler, event, headers, { succeed, fail, whenIdle }) {
  whenIdle(() => fail(unsettledPromise()));
  const result = handler(event, createContext(headers));
  if (typeof result?.then === "function") result.then(succeed, fail);
  else succeed(result);
}

/** Up to Node.js 22: a promise, the callback, or `context.done`, `succeed` and `fail`; null when none came and all is done. */
function runWithCallbacks(handler, event, headers, { succeed, fail, whenIdle }) {
  let waits = true;
  let called = false;
  const isAsync = handler.constructor?.name === "AsyncFunction";
  whenIdle(() => (isAsync ? fail(unsettledPromise()) : succeed(null)));

  const callback = (error, value) => {
    if (called) return;
    called = true;
    if (error !== undefined && error !== null) fail(error);
    else if (waits) whenIdle(() => succeed(value));
    else succeed(value);
  };
  const done = (error, value) => (error !== undefined && error !== null ? fail(error) : succeed(value));
  const context = createContext(headers, {
    get callbackWaitsForEmptyEventLoop() {
      return waits;
    },
    set callbackWaitsForEmptyEventLoop(value) {
      waits = value;
    },
    done,
    succeed: (value) => done(null, value),
    fail: (error) => done(error ?? "handled", null),
  });
  const result = handler(event, context, callback);
  if (typeof result?.then === "function") result.then(context.succeed, context.fail);
}
