// Custom runtimes: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestFunctions, newInvocation } from "../../../test/harness/functions.ts";
import type { TestFunctions } from "../../../test/harness/functions.ts";

// After the tutorial's shape: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-walkthrough.html
const BOOTSTRAP = `#!/bin/sh
set -eu
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime"
if [ "$_HANDLER" = init-error ]; then
  curl -sS -X POST "$api/init/error" -d '{"errorType":"Runtime.Own","errorMessage":"cannot start"}' > /dev/null
  exit 1
fi
while true; do
  headers=$(mktemp)
  event=$(curl -sS -D "$headers" "$api/invocation/next")
  id=$(tr -d '\\r' < "$headers" | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
  rm -f "$headers"
  echo "handling $_HANDLER"
  case "$_HANDLER" in
    echo) curl -sS -X POST "$api/invocation/$id/response" -d "$event" > /dev/null ;;
    root) curl -sS -X POST "$api/invocation/$id/response" -d "\\"$LAMBDA_TASK_ROOT|\${AWS_EXECUTION_ENV-none}\\"" > /dev/null ;;
    error) curl -sS -X POST "$api/invocation/$id/error" -d '{"errorType":"Own.Error","errorMessage":"no"}' > /dev/null ;;
    stream) printf 'one,two' | curl -sS -X POST "$api/invocation/$id/response" -T - -H 'Content-Type: text/csv' \\
      -H 'Lambda-Runtime-Function-Response-Mode: streaming' -H 'Transfer-Encoding: chunked' > /dev/null ;;
    gone) exit 9 ;;
  esac
done
`;

function hasCurl(): boolean {
  try {
    execFileSync("curl", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

let functions: TestFunctions;
beforeAll(async () => {
  functions = await createTestFunctions({ bootstrap: BOOTSTRAP }, { runtimeName: "provided.al2023" });
});
afterAll(() => functions[Symbol.asyncDispose]());

describe.runIf(hasCurl()).concurrent("a bootstrap of shell and curl", () => {
  test("answers, one invocation after another, and its output is the log", async () => {
    for (const event of [{ a: "ü☃" }, { b: 2 }]) expect((await functions.invoke("echo", event)).payload).toEqual(event);
    expect((await functions.invoke("echo", {})).log).toContain("\nhandling echo\n");
  });

  test("runs in LAMBDA_TASK_ROOT, and a custom runtime has no AWS_EXECUTION_ENV", async () => {
    const [root, execution] = ((await functions.invoke("root")).payload as string).split("|");
    expect([functions.directory, "/var/task"]).toContain(root);
    expect(execution).toBe("none");
  });

  test("reports an error", async () => {
    const { text, error } = await functions.invoke("error");
    expect({ text, error }).toEqual({ text: '{"errorType":"Own.Error","errorMessage":"no"}', error: "Unhandled" });
  });

  test("reports that it cannot start", async () => {
    const { text, error } = await functions.invoke("init-error");
    expect({ text, error }).toEqual({ text: '{"errorType":"Runtime.Own","errorMessage":"cannot start"}', error: "Unhandled" });
  });

  test("streams", async () => {
    const stream = await functions.runtime.invokeStream(functions.spec("stream"), newInvocation());
    expect(stream.contentType).toBe("text/csv");
    const chunks: Buffer[] = [];
    for await (const chunk of stream.chunks) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe("one,two");
    expect((await stream.outcome).errorCode).toBeUndefined();
  });

  test("ends", async () => {
    const { payload } = await functions.invoke("gone");
    expect(payload).toMatchObject({ errorType: "Runtime.ExitError", errorMessage: expect.stringMatching(/exit status 9$/) });
  });
});

test("without a bootstrap the error is Runtime.InvalidEntrypoint", async () => {
  await using empty = await createTestFunctions({ "readme.txt": "" }, { runtimeName: "provided.al2" });
  const { text, error, requestId } = await empty.invoke("any");
  expect(error).toBe("Unhandled");
  expect(text).toBe(
    `{"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: ${requestId} Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"}`,
  );
});
