// The Node.js runtime, seen from outside: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestFunctions, newInvocation } from "../../../test/harness/functions.ts";
import type { TestFunctions } from "../../../test/harness/functions.ts";

const ISO = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

const FILES = {
  "index.js": `
    exports.async = async (event) => ({ got: event });
    exports.promise = (event) => new Promise((resolve) => setTimeout(resolve, 5, { got: event }));
    exports.callback = (event, context, callback) => setTimeout(() => callback(null, { got: event }), 5);
    exports.callbackError = (event, context, callback) => callback(new RangeError("too far"));
    exports.callbackText = (event, context, callback) => callback("just text");
    exports.succeed = (event, context) => context.succeed("by the context");
    exports.fail = (event, context) => context.fail(new Error("by the context"));
    exports.done = (event, context) => context.done(null, { done: true });
    exports.returnsAtOnce = () => "not a promise";
    exports.nothing = async () => {};
    exports.nested = { deep: { handler: async () => "nested" } };
    exports.notFunction = "text";
    exports.unsettled = async () => new Promise(() => {});
    exports.unsettledLater = async ({ settles }) => (settles ? "settled" : new Promise(() => {}));
    exports.throws = async () => { throw new TypeError("broken"); };
    exports.throwsText = async () => { throw "text"; };
    exports.throwsNow = () => { throw new Error("at once"); };
    exports.ownError = async () => { const error = new Error("own"); error.stack; error.name = "Mine"; throw error; };
    exports.circular = async () => { const a = {}; a.a = a; return a; };
    exports.bigint = async () => 1n;
    exports.waits = (event, context, callback) => {
      const state = { later: false };
      setTimeout(() => { state.later = true; }, 30);
      callback(null, state);
    };
    exports.doesNotWait = (event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false;
      setTimeout(() => {}, 60_000);
      callback(null, "at once");
    };
    exports.context = async (event, context) => ({
      ...context,
      left: context.getRemainingTimeInMillis(),
      methods: ["done", "succeed", "fail", "getRemainingTimeInMillis"].filter((name) => typeof context[name] === "function"),
      trace: process.env._X_AMZN_TRACE_ID,
    });
    exports.environment = async () => process.env;
    exports.rejectsLater = async () => { Promise.reject(new Error("nobody caught this")); await new Promise((r) => setTimeout(r, 1000)); };
    exports.throwsLater = async () => { setTimeout(() => { throw new Error("thrown in a timer"); }, 1); await new Promise((r) => setTimeout(r, 1000)); };
    exports.logs = async () => { console.log("one\\ntwo", { a: 1 }); console.error("bad"); console.debug("fine"); console.warn("hm"); process.stdout.write("raw\\n"); };
    exports.flags = async () => process.execArgv;
    exports.length = async (event) => event.text.length;
    exports.big = async ({ bytes }) => "x".repeat(bytes - 2);
    exports.callbackOf24 = (event, context, callback) => callback(null, 1);
  `,
  "module.mjs": `
    export const handler = async (event) => ({ module: true, url: import.meta.url.split("/").pop() });
  `,
  "common.cjs": `exports.handler = async () => typeof require;`,
  "package-module/package.json": `{ "type": "module" }`,
  "package-module/app.js": `export const handler = async () => "js as a module";`,
  "syntax.js": `exports.handler = async () => {`,
  "missing.js": `require("not-there"); exports.handler = async () => 1;`,
  "missing-module.mjs": `import "not-there"; export const handler = async () => 1;`,
  "broken.js": `throw new Error("at load");`,
  "module-syntax.js": `export const handler = async () => "module syntax";`,
};

let functions: TestFunctions;
beforeAll(async () => {
  functions = await createTestFunctions(FILES);
});
afterAll(() => functions[Symbol.asyncDispose]());

describe.concurrent("handlers", () => {
  const event = { name: "Ünïcode ☃", n: 1 };

  test.each([
    ["index.async", { got: event }],
    ["index.promise", { got: event }],
    ["index.callback", { got: event }],
    ["index.succeed", "by the context"],
    ["index.done", { done: true }],
    ["index.nested.deep.handler", "nested"],
    ["index.waits", { later: true }],
    ["index.doesNotWait", "at once"],
    ["module.handler", { module: true, url: "module.mjs" }],
    ["common.handler", "function"],
    ["package-module/app.handler", "js as a module"],
  ])("%s answers", async (handler, expected) => {
    const { payload, error } = await functions.invoke(handler, event);
    expect({ payload, error }).toEqual({ payload: expected, error: undefined });
  });

  test("undefined is answered as null", async () => {
    expect((await functions.invoke("index.nothing")).text).toBe("null");
  });

  test("a handler that returns no promise and calls nothing answers null before nodejs24.x, and its value from then on", async () => {
    expect((await functions.invoke("index.returnsAtOnce")).text).toBe("null");
    const later = await functions.invoke("index.returnsAtOnce", {}, { runtime: "nodejs24.x", functionName: "at-once-24" });
    expect(later.text).toBe('"not a promise"');
  });

  test("an empty payload is an empty object", async () => {
    const spec = functions.spec("index.async", { functionName: "empty-payload" });
    const { payload } = await functions.runtime.invoke(spec, { ...newInvocation(), payload: Buffer.alloc(0) });
    expect(payload.toString()).toBe('{"got":{}}');
  });
});

describe.concurrent("errors", () => {
  test.each([
    ["index.throws", { errorType: "TypeError", errorMessage: "broken" }, "TypeError: broken"],
    ["index.throwsNow", { errorType: "Error", errorMessage: "at once" }, "Error: at once"],
    ["index.fail", { errorType: "Error", errorMessage: "by the context" }, "Error: by the context"],
    ["index.callbackError", { errorType: "RangeError", errorMessage: "too far" }, "RangeError: too far"],
    ["index.ownError", { errorType: "Mine", errorMessage: "own" }, "Error: own"],
    ["index.circular", { errorType: "Error", errorMessage: "Unable to stringify response body" }, "Error: Unable to stringify response body"],
    ["index.bigint", { errorType: "Error", errorMessage: "Unable to stringify response body" }, "Error: Unable to stringify response body"],
    ["index.rejectsLater", { errorType: "Runtime.UnhandledPromiseRejection", errorMessage: "Error: nobody caught this" }, "Runtime.UnhandledPromiseRejection: Error: nobody caught this"],
    ["index.throwsLater", { errorType: "Error", errorMessage: "thrown in a timer" }, "Error: thrown in a timer"],
    ["index.nobody", { errorType: "Runtime.HandlerNotFound", errorMessage: "index.nobody is undefined or not exported" }, "Runtime.HandlerNotFound: index.nobody is undefined or not exported"],
    ["index.notFunction", { errorType: "Runtime.HandlerNotFound", errorMessage: "index.notFunction is not a function" }, "Runtime.HandlerNotFound: index.notFunction is not a function"],
    ["nohandler", { errorType: "Runtime.MalformedHandlerName", errorMessage: "Bad handler" }, "Runtime.MalformedHandlerName: Bad handler"],
    ["../index.async", { errorType: "Runtime.MalformedHandlerName", errorMessage: "'../index.async' is not a valid handler name. Use absolute paths when specifying root directories in handler names." }, "Runtime.MalformedHandlerName: '../index.async' is not a valid handler name. Use absolute paths when specifying root directories in handler names."],
    ["syntax.handler", { errorType: "Runtime.UserCodeSyntaxError", errorMessage: "SyntaxError: Unexpected end of input" }, "Runtime.UserCodeSyntaxError: SyntaxError: Unexpected end of input"],
    ["broken.handler", { errorType: "Error", errorMessage: "at load" }, "Error: at load"],
  ])("%s", async (handler, expected, firstLine) => {
    const { payload, error } = await functions.invoke(handler);
    expect(error).toBe("Unhandled");
    expect(Object.keys(payload as object)).toEqual(["errorType", "errorMessage", "trace"]);
    expect(payload).toMatchObject(expected);
    expect((payload as { trace: string[] }).trace[0]).toBe(firstLine);
  });

  test("a module that is not there is an ImportModuleError with the stack of requires", async () => {
    const { payload } = await functions.invoke("nowhere.handler");
    const { errorType, errorMessage } = payload as Record<string, string>;
    expect(errorType).toBe("Runtime.ImportModuleError");
    expect(errorMessage).toMatch(/^Error: Cannot find module 'nowhere'\nRequire stack:\n- .*index\.mjs$/);
    const inner = (await functions.invoke("missing.handler")).payload as Record<string, string>;
    expect(inner["errorMessage"]).toMatch(/^Error: Cannot find module 'not-there'\nRequire stack:\n- .*missing\.js\n- .*index\.mjs$/);
  });

  test("a package that an ES module imports and that is not there is Node's own error", async () => {
    const { payload } = await functions.invoke("missing-module.handler");
    expect(payload).toMatchObject({ errorType: "Error", errorMessage: expect.stringMatching(/^Cannot find package 'not-there' imported from /) });
  });

  test("module syntax in a .js file without a package type fails before nodejs24.x and works from then on", async () => {
    const before = await functions.invoke("module-syntax.handler");
    expect(before.payload).toMatchObject({ errorType: "Runtime.UserCodeSyntaxError" });
    const after = await functions.invoke("module-syntax.handler", {}, { runtime: "nodejs24.x", functionName: "module-syntax-24" });
    expect(after.payload).toBe("module syntax");
  });

  test("what is thrown and is no error has its type for a name and no trace", async () => {
    expect((await functions.invoke("index.throwsText")).text).toBe('{"errorType":"string","errorMessage":"text","trace":[]}');
    expect((await functions.invoke("index.callbackText")).text).toBe('{"errorType":"string","errorMessage":"just text","trace":[]}');
  });

  test("a promise that nothing can settle is NodeJsExit", async () => {
    const { payload } = await functions.invoke("index.unsettled");
    expect(payload).toMatchObject({
      errorType: "Runtime.NodeJsExit",
      errorMessage:
        "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes",
    });
  });

  test("so it is after invocations that went well", async () => {
    for (const settles of [true, true, false, true, false]) {
      const { payload } = await functions.invoke("index.unsettledLater", { settles });
      expect(payload).toEqual(settles ? "settled" : expect.objectContaining({ errorType: "Runtime.NodeJsExit" }));
    }
  });

  test("nodejs24.x refuses callback handlers when it starts", async () => {
    const { payload, error } = await functions.invoke("index.callbackOf24", {}, { runtime: "nodejs24.x" });
    expect(error).toBe("Unhandled");
    expect(payload).toMatchObject({
      errorType: "Runtime.CallbackHandlerDeprecated",
      errorMessage:
        "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
    });
  });
});

describe.concurrent("what a handler sees", () => {
  test("the context", async () => {
    const spec = functions.spec("index.context");
    const clientContext = JSON.stringify({ custom: { snow: "☃" } });
    const traceId = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";
    const invocation = { ...newInvocation(), clientContext, traceId };
    const { payload } = await functions.runtime.invoke(spec, invocation);
    expect(JSON.parse(payload.toString())).toEqual({
      callbackWaitsForEmptyEventLoop: true,
      functionVersion: "$LATEST",
      functionName: "index-context",
      memoryLimitInMB: "256",
      logGroupName: "/aws/lambda/index-context",
      logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      clientContext: { custom: { snow: "☃" } },
      invokedFunctionArn: "arn:aws:lambda:eu-central-1:000000000000:function:index-context",
      awsRequestId: invocation.requestId,
      left: expect.closeTo(9900, -3),
      methods: ["done", "succeed", "fail", "getRemainingTimeInMillis"],
      trace: traceId,
    });
  });

  test("exactly Lambda's environment and its own, nothing of ours", async () => {
    const { payload } = await functions.invoke("index.environment", {}, { environment: { OWN: "value", TZ: "Europe/Berlin" } });
    const environment = payload as Record<string, string>;
    const root = environment["LAMBDA_TASK_ROOT"] as string;
    const runtime = environment["LAMBDA_RUNTIME_DIR"] as string;
    delete environment["TMPDIR"]; // only where there is no /tmp of its own
    expect(environment).toEqual({
      AWS_ACCESS_KEY_ID: "000000000000",
      AWS_DEFAULT_REGION: "eu-central-1",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_LAMBDA_FUNCTION_NAME: "index-environment",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/index-environment",
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      AWS_REGION: "eu-central-1",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_SESSION_TOKEN: "test",
      AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
      LAMBDA_RUNTIME_DIR: expect.any(String),
      LAMBDA_TASK_ROOT: expect.any(String),
      LANG: "en_US.UTF-8",
      LD_LIBRARY_PATH: `${root}:${root}/lib:/opt/lib`,
      NODE_PATH: `/opt/nodejs/node22/node_modules:/opt/nodejs/node_modules:${runtime}/node_modules:${runtime}:${root}`,
      OWN: "value",
      PATH: expect.stringMatching(/:\/usr\/local\/bin:\/usr\/bin\/:\/bin:\/opt\/bin$/),
      PWD: root,
      TZ: "Europe/Berlin",
      _HANDLER: "index.environment",
    });
  });

  test("its own access key, when it brings one", async () => {
    const own = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "own" };
    const { payload } = await functions.invoke("index.environment", {}, { environment: own, functionName: "own-key" });
    expect(payload).toMatchObject(own);
    expect(payload).not.toHaveProperty("AWS_SESSION_TOKEN");
  });

  test("a heap of nine tenths of its memory, unless NODE_OPTIONS has a say", async () => {
    const flags = (await functions.invoke("index.flags")).payload;
    expect(flags).toEqual(expect.arrayContaining(["--max-semi-space-size=12", "--max-old-space-size=231"]));
    const environment = { NODE_OPTIONS: "--max-old-space-size=100" };
    const own = (await functions.invoke("index.flags", {}, { environment, functionName: "own-heap" })).payload as string[];
    expect(own.filter((flag) => flag.includes("space-size"))).toEqual([]);
  });
});

describe.concurrent("the log", () => {
  test("console lines carry time, request id and level, and stand between START, END and REPORT", async () => {
    const { log, requestId } = await functions.invoke("index.logs");
    const lines = log.split("\n");
    const at = (text: string): RegExp => new RegExp(`^${ISO}\t${requestId}\t${text}$`);
    expect(lines).toEqual([
      `START RequestId: ${requestId} Version: $LATEST`,
      expect.stringMatching(at("INFO\tone\rtwo \\{ a: 1 \\}")),
      expect.stringMatching(at("ERROR\tbad")),
      expect.stringMatching(at("DEBUG\tfine")),
      expect.stringMatching(at("WARN\thm")),
      "raw",
      `END RequestId: ${requestId}`,
      expect.stringMatching(
        new RegExp(`^REPORT RequestId: ${requestId}\tDuration: \\d+\\.\\d\\d ms\tBilled Duration: \\d+ ms\tMemory Size: 256 MB\tMax Memory Used: \\d+ MB\tInit Duration: \\d+\\.\\d\\d ms\t$`),
      ),
      "",
    ]);
    const passedOn = functions.lines.filter(({ functionName }) => functionName === "index-logs");
    expect(passedOn.map(({ message }) => message)).toEqual(lines.slice(0, -1));
    expect(passedOn[0]).toMatchObject({ account: "000000000000", region: "eu-central-1", logGroupName: "/aws/lambda/index-logs" });
  });

  test("an error is logged with its stack", async () => {
    const { log, requestId } = await functions.invoke("index.throws", {}, { functionName: "logs-error" });
    expect(log).toMatch(
      new RegExp(`\n${ISO}\t${requestId}\tERROR\tInvoke Error \t\\{"errorType":"TypeError","errorMessage":"broken","stack":\\["TypeError: broken","`),
    );
  });

  test("a start that fails is tried twice, and the log says so", async () => {
    const { log } = await functions.invoke("broken.handler", {}, { functionName: "broken-twice" });
    expect(log.match(/INIT_REPORT.*/g)).toEqual([
      expect.stringMatching(/^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\tError Type: Error$/),
      expect.stringMatching(/^INIT_REPORT Init Duration: [\d.]+ ms\tPhase: invoke\tStatus: error\tError Type: Error$/),
    ]);
    expect(log).toMatch(/REPORT RequestId: .*\tStatus: error\tError Type: Error\n$/);
  });

  test("nothing of a noisy function is lost or late, and its last 4 KB come back", async () => {
    const code = `exports.handler = async () => { for (let i = 0; i < 5000; i++) console.log("line " + i); };`;
    await functions.write({ "noisy.js": `${code} exports.crashes = async () => { await exports.handler(); process.exit(1); };` });
    const { log } = await functions.invoke("noisy.handler");
    await functions.invoke("noisy.crashes");
    for (const name of ["noisy-handler", "noisy-crashes"]) {
      const seen = functions.lines.filter(({ functionName }) => functionName === name).map(({ message }) => message);
      expect(seen.filter((message) => message.includes("\tINFO\tline "))).toHaveLength(5000);
      expect(seen.at(-1)).toMatch(/^REPORT /);
    }
    expect(Buffer.byteLength(log)).toBe(4096);
    expect(log).toContain("line 4999\n");
  });
});

describe.concurrent("sizes", () => {
  test("a 6 MB event arrives whole", async () => {
    const text = "x".repeat(6_291_456 - 11);
    expect((await functions.invoke("index.length", { text })).payload).toBe(text.length);
  });

  test("a response of the limit goes through, one byte more is Function.ResponseSizeTooLarge", async () => {
    const most = await functions.invoke("index.big", { bytes: 6_291_556 });
    expect(most.text.length).toBe(6_291_556);
    const more = await functions.invoke("index.big", { bytes: 6_291_557 });
    expect(more.error).toBe("Unhandled");
    expect(more.text).toBe(
      '{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}',
    );
    expect((await functions.invoke("index.big", { bytes: 10 })).error).toBeUndefined();
  });
});
