// The Runtime API on the wire: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { RuntimeApi } from "./runtime-api.ts";
import type { RuntimeAnswer, RuntimeListener } from "./runtime-api.ts";

const EVENT = {
  requestId: "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
  payload: Buffer.from('{"a":"☃"}'),
  invokedArn: "arn:aws:lambda:us-east-2:123456789012:function:custom-runtime",
  traceId: "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1",
  clientContext: '{\n"custom":"☃"}',
};
const DEADLINE_MS = 1_542_409_706_888;
const OK = { status: 202, body: { status: "OK" } };

async function listen(changes: Partial<RuntimeListener> = {}) {
  const seen: unknown[] = [];
  const answers: RuntimeAnswer[] = [];
  const api = await RuntimeApi.listen({
    isOwnConnection: () => true,
    onReady: () => seen.push("ready"),
    onInitError: (payload) => seen.push(["initError", payload.toString()]),
    onAnswer: (id, answer) => {
      seen.push(["answer", id, answer.kind]);
      answers.push(answer);
    },
    ...changes,
  });
  onTestFinished(() => api.close());
  const call = async (method: string, path: string, body?: string | Buffer | ReadableStream, headers: Record<string, string> = {}) => {
    const init = { method, headers, ...(body === undefined ? {} : { body, duplex: "half" as const }) };
    const response = await fetch(`http://${api.address}/2018-06-01/runtime/${path}`, init);
    return { status: response.status, body: await response.json() };
  };
  return { api, seen, answers, call, url: `http://${api.address}/2018-06-01/runtime` };
}

test("next waits for an invocation and hands it over with its headers", async () => {
  const { api, seen, url } = await listen();
  const waiting = fetch(`${url}/invocation/next`);
  await expect.poll(() => seen).toEqual(["ready"]);
  api.deliver(EVENT, DEADLINE_MS);
  const response = await waiting;
  expect(response.status).toBe(200);
  const headers = Object.fromEntries(response.headers);
  expect(headers).toEqual({
    connection: "keep-alive",
    "content-length": "11",
    "content-type": "application/json",
    "lambda-runtime-aws-request-id": EVENT.requestId,
    "lambda-runtime-client-context": Buffer.from('{ "custom":"☃"}').toString("latin1"),
    "lambda-runtime-deadline-ms": "1542409706888",
    "lambda-runtime-invoked-function-arn": EVENT.invokedArn,
    "lambda-runtime-trace-id": EVENT.traceId,
  });
  expect(await response.text()).toBe('{"a":"☃"}');
});

test("a response and an error are accepted once, for the current request alone", async () => {
  const { api, call, seen, answers } = await listen();
  const unknown = { status: 400, body: { errorMessage: "Invalid request ID", errorType: "InvalidRequestID" } };
  api.deliver(EVENT, DEADLINE_MS);
  await call("GET", "invocation/next");
  for (const id of ["another", "%", "%00"]) expect(await call("POST", `invocation/${id}/response`, "1")).toEqual(unknown);
  expect(await call("POST", `invocation/${EVENT.requestId}/response`, "{}", { "Content-Type": "text/plain" })).toEqual(OK);
  expect(answers).toEqual([{ kind: "response", contentType: "text/plain", payload: Buffer.from("{}") }]);
  expect(await call("POST", `invocation/${EVENT.requestId}/error`, "{}")).toEqual({
    status: 403,
    body: {
      errorMessage: "State transition from ResponseSent to InvocationErrorResponse failed for runtime. Error: State transition is not allowed",
      errorType: "InvalidStateTransition",
    },
  });

  api.deliver({ ...EVENT, requestId: "second" }, DEADLINE_MS);
  await call("GET", "invocation/next");
  expect(await call("POST", `invocation/${EVENT.requestId}/response`, "1")).toEqual(unknown);
  expect(await call("POST", "invocation/second/error", '{"errorType":"X"}')).toEqual(OK);
  expect(seen).toEqual([["answer", EVENT.requestId, "response"], ["answer", "second", "error"]]);
});

test("a start that fails is reported once, and before the first invocation", async () => {
  const failed = await listen();
  expect(await failed.call("POST", "init/error", '{"errorType":"Runtime.Bad"}')).toEqual(OK);
  expect(failed.seen).toEqual([["initError", '{"errorType":"Runtime.Bad"}']]);
  expect((await failed.call("GET", "invocation/next")).status).toBe(403);

  const started = await listen();
  started.api.deliver(EVENT, DEADLINE_MS);
  await started.call("GET", "invocation/next");
  expect(await started.call("POST", "init/error", "{}")).toEqual({
    status: 403,
    body: {
      errorMessage: "State transition from Running to RuntimeInitError failed for runtime. Error: State transition is not allowed",
      errorType: "InvalidStateTransition",
    },
  });
});

test("6,291,556 bytes are the most, past that it is 413", async () => {
  const { api, call, answers } = await listen();
  for (const [size, status] of [[6_291_556, 202], [6_291_557, 413]] as const) {
    api.deliver(EVENT, DEADLINE_MS);
    await call("GET", "invocation/next");
    expect((await call("POST", `invocation/${EVENT.requestId}/response`, Buffer.alloc(size))).status).toBe(status);
  }
  expect(answers.map(({ kind }) => kind)).toEqual(["response", "tooLarge"]);
});

test("a streamed response is passed on as it comes", async () => {
  const { api, call, answers } = await listen();
  api.deliver(EVENT, DEADLINE_MS);
  await call("GET", "invocation/next");
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from("one"));
      controller.close();
    },
  });
  const headers = { "Lambda-Runtime-Function-Response-Mode": "streaming", "Content-Type": "text/html" };
  const posted = call("POST", `invocation/${EVENT.requestId}/response`, body, headers);
  await expect.poll(() => answers[0]).toMatchObject({ kind: "stream", contentType: "text/html" });
  const chunks: Buffer[] = [];
  const [answer] = answers;
  if (answer?.kind !== "stream") throw new Error("not a stream");
  for await (const chunk of answer.stream.chunks) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe("one");
  expect(await answer.stream.end).toEqual({ kind: "complete" });
  expect(await posted).toEqual(OK);
});

test("Node.js functions use the port where they have no pipe", async () => {
  const { api, seen, answers } = await listen();
  const program = fileURLToPath(new URL("./bootstraps/nodejs/index.mjs", import.meta.url));
  const root = fileURLToPath(new URL("./bootstraps/nodejs/", import.meta.url));
  const env = { AWS_LAMBDA_RUNTIME_API: api.address, LAMBDA_TASK_ROOT: root, _HANDLER: "report.toErrorObject" };
  const child = spawn(process.execPath, [program], { env, stdio: ["ignore", "inherit", "inherit"] });
  onTestFinished(() => void child.kill());
  await expect.poll(() => seen, { timeout: 5000 }).toEqual(["ready"]);
  api.deliver({ ...EVENT, payload: Buffer.from("5") }, DEADLINE_MS);
  await expect.poll(() => answers.length, { timeout: 5000 }).toBe(1);
  const payload = Buffer.from('{"errorType":"number","errorMessage":"5","trace":[]}');
  expect(answers).toEqual([{ kind: "response", contentType: "application/json", payload }]);
});

test("anything else is not there", async () => {
  const { api, call } = await listen();
  expect((await call("GET", "invocation/x/response")).status).toBe(404);
  expect((await call("POST", "invocation/next", "")).status).toBe(404);
  expect((await fetch(`http://${api.address}/2020-01-01/extension/register`, { method: "POST" })).status).toBe(404);
});

test("neither a web page nor another process is served", async () => {
  const page = await listen();
  for (const headers of [{ Origin: "http://evil.example" }, { "Sec-Fetch-Site": "cross-site" }]) {
    expect(await page.call("GET", "invocation/next", undefined, headers)).toMatchObject({ status: 403 });
  }
  const stranger = await listen({ isOwnConnection: () => false });
  expect(await stranger.call("GET", "invocation/next")).toEqual({
    status: 403,
    body: { errorMessage: "This Runtime API belongs to another process.", errorType: "AccessDenied" },
  });
  expect([...page.seen, ...stranger.seen]).toEqual([]);
});
