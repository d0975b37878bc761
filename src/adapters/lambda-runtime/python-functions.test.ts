// The Python runtime, seen from outside: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestFunctions, newInvocation } from "../../../test/harness/functions.ts";
import type { TestFunctions } from "../../../test/harness/functions.ts";

const FILES = {
  "app.py": `
import decimal, logging, os, sys, time
logger = logging.getLogger()
logger.setLevel(logging.INFO)

def echo(event, context):
    return {"got": event}

def nothing(event, context):
    pass

def context(event, context):
    return {
        "id": context.aws_request_id, "name": context.function_name, "version": context.function_version,
        "arn": context.invoked_function_arn, "memory": context.memory_limit_in_mb, "group": context.log_group_name,
        "stream": context.log_stream_name, "left": context.get_remaining_time_in_millis(),
        "custom": context.client_context.custom, "client": context.client_context.client,
        "identity": context.identity.cognito_identity_id, "trace": os.environ.get("_X_AMZN_TRACE_ID"),
    }

def raises(event, context):
    inner()

def inner():
    raise ValueError("broken")

def unserializable(event, context):
    return {1, 2}

def numbers(event, context):
    return [decimal.Decimal("1.10"), decimal.Decimal("NaN"), float("inf"), 1]

def raw(event, context):
    return b'{"already": "bytes"}'

def text(event, context):
    return "Ünïcode ☃"

def exits(event, context):
    sys.exit(event["status"])

def logs(event, context):
    print("printed")
    print("to stderr", file=sys.stderr)
    logger.info("info %d", 1)
    logger.debug("not shown")
    logging.getLogger("other").error("two\\nlines")

def environment(event, context):
    return dict(os.environ)

def path(event, context):
    return [sys.path[0], os.getcwd()]
`,
  "package/__init__.py": "",
  "package/module.py": "def handler(event, context):\n    return __name__\n",
  "syntax.py": "def handler(event, context):\n    return (\n",
  "missing.py": "import not_there\n",
  "broken.py": "raise KeyError('at load')\n",
};

let functions: TestFunctions;
let missing: string | undefined;
beforeAll(async () => {
  functions = await createTestFunctions(FILES, { runtimeName: "python3.12" });
  missing = await functions.runtime.refusal("python3.12");
});
afterAll(() => functions[Symbol.asyncDispose]());

test("Python is here, or functions are refused with the reason", () => {
  expect([undefined, "Functions of Python runtimes cannot run here: there is no python3 on the PATH."]).toContain(missing);
});

describe.concurrent("handlers", () => {
  test.each([
    ["app.echo", '{"got": {"name": "Ünïcode ☃"}}'],
    ["app.nothing", "null"],
    ["app.raw", '{"already": "bytes"}'],
    ["app.numbers", "[1.10, NaN, Infinity, 1]"],
    ["app.text", '"Ünïcode ☃"'],
    ["package.module.handler", '"package.module"'],
    ["package/module.handler", '"package.module"'],
  ])("%s answers", async (handler, expected) => {
    if (missing !== undefined) return;
    const { text, error } = await functions.invoke(handler, { name: "Ünïcode ☃" });
    expect({ text, error }).toEqual({ text: expected, error: undefined });
  });

  test("before python3.12, characters past ASCII are escaped", async () => {
    if (missing !== undefined) return;
    const { text } = await functions.invoke("app.text", {}, { runtime: "python3.11", functionName: "escaped" });
    expect(text).toBe('"\\u00dcn\\u00efcode \\u2603"');
  });

  test("the context", async () => {
    if (missing !== undefined) return;
    const traceId = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1";
    const invocation = { ...newInvocation(), clientContext: '{"custom":{"a":"☃"},"client":{"app_title":"t"}}', traceId };
    const { payload } = await functions.runtime.invoke(functions.spec("app.context"), invocation);
    const failed = JSON.parse(payload.toString()) as Record<string, unknown>;
    // The client object is no JSON: the runtime says so, with the name of its class.
    expect(failed).toEqual({
      errorMessage: "Unable to marshal response: Object of type Client is not JSON serializable",
      errorType: "Runtime.MarshalError",
      requestId: invocation.requestId,
      stackTrace: [],
    });
    const simple = { ...newInvocation(), clientContext: '{"custom":{"a":"☃"}}', traceId };
    const result = await functions.runtime.invoke(functions.spec("app.context"), simple);
    expect(JSON.parse(result.payload.toString())).toEqual({
      id: simple.requestId,
      name: "app-context",
      version: "$LATEST",
      arn: "arn:aws:lambda:eu-central-1:000000000000:function:app-context",
      memory: "256",
      group: "/aws/lambda/app-context",
      stream: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
      left: expect.closeTo(9900, -3),
      custom: { a: "☃" },
      client: null,
      identity: null,
      trace: traceId,
    });
  });

  test("LAMBDA_TASK_ROOT is first on its path and where it runs, and its environment is Lambda's", async () => {
    if (missing !== undefined) return;
    const environment = (await functions.invoke("app.environment")).payload as Record<string, string>;
    expect(environment).toMatchObject({
      AWS_EXECUTION_ENV: "AWS_Lambda_python3.12",
      PYTHONPATH: environment["LAMBDA_RUNTIME_DIR"],
      TZ: ":UTC",
      _HANDLER: "app.environment",
    });
    for (const ours of ["HOME", "VITEST", "NODE_OPTIONS", "NODE_PATH"]) expect(environment).not.toHaveProperty(ours);
    const root = environment["LAMBDA_TASK_ROOT"];
    expect((await functions.invoke("app.path")).payload).toEqual([root, root]);
  });
});

describe.concurrent("errors", () => {
  test("what the handler raises, with the frames of its own code", async () => {
    if (missing !== undefined) return;
    const { payload, error, requestId } = await functions.invoke("app.raises");
    const root = (await functions.invoke("app.path")).payload as string[];
    const line = FILES["app.py"].split("\n").indexOf("    inner()") + 1;
    const inner = FILES["app.py"].split("\n").indexOf('    raise ValueError("broken")') + 1;
    expect(error).toBe("Unhandled");
    expect(payload).toEqual({
      errorMessage: "broken",
      errorType: "ValueError",
      requestId,
      stackTrace: [
        `  File "${root[0]}/app.py", line ${line}, in raises\n    inner()\n`,
        `  File "${root[0]}/app.py", line ${inner}, in inner\n    raise ValueError("broken")\n`,
      ],
    });
  });

  test.each([
    ["app.unserializable", "Runtime.MarshalError", "Unable to marshal response: Object of type set is not JSON serializable"],
    ["app.nobody", "Runtime.HandlerNotFound", "Handler 'nobody' missing on module 'app'"],
    ["nodot", "Runtime.MalformedHandlerName", "Bad handler 'nodot': not enough values to unpack (expected 2, got 1)"],
    ["nowhere.handler", "Runtime.ImportModuleError", "Unable to import module 'nowhere': No module named 'nowhere'"],
    ["missing.handler", "Runtime.ImportModuleError", "Unable to import module 'missing': No module named 'not_there'"],
    ["sys.exit", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys as a handler module"],
    ["broken.handler", "KeyError", "'at load'"],
    ["syntax.handler", "Runtime.UserCodeSyntaxError", expect.stringMatching(/^Syntax error in module 'syntax': .*\(syntax\.py, line 2\)$/)],
  ])("%s is %s", async (handler, errorType, errorMessage) => {
    if (missing !== undefined) return;
    const { payload, error } = await functions.invoke(handler);
    expect(error).toBe("Unhandled");
    expect(Object.keys(payload as object)).toEqual(["errorMessage", "errorType", "requestId", "stackTrace"]);
    expect(payload).toMatchObject({ errorType, errorMessage });
  });

  test("an exit is an exit", async () => {
    if (missing !== undefined) return;
    const { text, requestId } = await functions.invoke("app.exits", { status: 4 });
    expect(text).toBe(`{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ${requestId} Error: Runtime exited with error: exit status 4"}`);
  });
});

test("the log: prints as they are, records with level, time and request id", async () => {
  if (missing !== undefined) return;
  const { log, requestId } = await functions.invoke("app.logs");
  const lines = log.split("\n");
  const stamp = `\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z`;
  expect(lines).toContain("printed");
  expect(lines).toContain("to stderr");
  expect(log).toMatch(new RegExp(`\\n\\[INFO\\]\\t${stamp}\\t${requestId}\\tinfo 1\\n`));
  expect(log).toMatch(new RegExp(`\\n\\[ERROR\\]\\t${stamp}\\t${requestId}\\ttwo\\nlines\\n`));
  expect(log).not.toContain("not shown");
});
