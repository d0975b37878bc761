// Response streaming: https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestFunctions, newInvocation } from "../../../test/harness/functions.ts";
import type { TestFunctions } from "../../../test/harness/functions.ts";
import type { FunctionStream } from "../../ports/functions.ts";

const FILES = {
  "index.js": `
    const { pipeline } = require("node:stream/promises");
    const { Readable } = require("node:stream");
    const stream = awslambda.streamifyResponse;
    exports.text = stream(async (event, out) => { out.write("a"); out.write(Buffer.from("b")); out.write({ c: 1 }); out.end("d"); });
    exports.http = stream(async (event, out) => {
      const body = awslambda.HttpResponseStream.from(out, { statusCode: 201, headers: { "x-a": "b" }, cookies: ["c=d"] });
      body.write("first,");
      body.end("last");
    });
    exports.typed = stream(async (event, out) => { out.setContentType("text/html"); out.end("<p>"); });
    exports.piped = stream(async (event, out) => { await pipeline(Readable.from(["one ", "two"]), out); });
    exports.empty = stream(async (event, out) => { out.end(); });
    exports.waits = stream(async ({ url }, out) => { out.write("now"); await fetch(url); out.end("later"); });
    exports.failsFirst = stream(async () => { throw new RangeError("before anything"); });
    exports.failsMidway = stream(async (event, out) => { out.write("some"); await new Promise((r) => setTimeout(r, 20)); throw new Error("midway"); });
    exports.neverEnds = stream(async (event, out) => { out.write("some"); });
    exports.hangs = stream(async (event, out) => { out.write("some"); await new Promise((r) => setTimeout(r, 60_000)); });
    exports.dies = stream(async (event, out) => { out.write("some"); await new Promise((r) => setTimeout(r, 20)); process.exit(3); });
    exports.synchronous = stream((event, out) => { out.end("x"); });
    exports.tooLate = stream(async (event, out) => { out.write("x"); out.setContentType("text/html"); });
    exports.large = stream(async ({ bytes }, out) => {
      await pipeline(Readable.from((function* () { for (let left = bytes; left > 0; left -= 65536) yield Buffer.alloc(Math.min(left, 65536), "x"); })()), out);
    });
    exports.buffered = async () => ({ not: "streamed" });
    exports.bufferedError = async () => { throw new Error("not streamed"); };
  `,
};

let functions: TestFunctions;
beforeAll(async () => {
  functions = await createTestFunctions(FILES);
});
afterAll(() => functions[Symbol.asyncDispose]());

async function read(stream: FunctionStream): Promise<{ body: Buffer; errorCode?: string | undefined; errorDetails?: string | undefined }> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream.chunks) chunks.push(chunk);
  const { errorCode, errorDetails } = await stream.outcome;
  return { body: Buffer.concat(chunks), errorCode, errorDetails };
}

describe.concurrent("a streamed response", () => {
  test.each([
    ["index.text", "application/octet-stream", 'ab{"c":1}d'],
    ["index.http", "application/vnd.awslambda.http-integration-response", '{"statusCode":201,"headers":{"x-a":"b"},"cookies":["c=d"]}\0\0\0\0\0\0\0\0first,last'],
    ["index.typed", "text/html", "<p>"],
    ["index.piped", "application/octet-stream", "one two"],
    ["index.empty", "application/octet-stream", ""],
  ])("%s", async (handler, contentType, expected) => {
    const stream = await functions.stream(handler);
    expect(stream).toMatchObject({ status: 200, contentType, executedVersion: "$LATEST" });
    const { body, errorCode } = await read(stream);
    expect({ body: body.toString(), errorCode }).toEqual({ body: expected, errorCode: undefined });
    expect((await stream.outcome).log?.toString()).toMatch(/^START [^]*\nREPORT .*\n$/);
    // The process is warm: it serves the next one.
    expect((await read(await functions.stream(handler))).body.toString()).toBe(expected);
  });

  test("arrives as it is written", async () => {
    let release = (): void => undefined;
    const gate = createServer((_request, response) => {
      release = () => response.end();
    });
    await new Promise<void>((resolve) => gate.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(gate.address() as AddressInfo).port}/`;
    const asked = new Promise((resolve) => gate.once("request", resolve));
    const chunks = (await functions.stream("index.waits", { url })).chunks[Symbol.asyncIterator]();
    expect(String((await chunks.next()).value)).toBe("now");
    await asked;
    release();
    expect(String((await chunks.next()).value)).toBe("later");
    expect((await chunks.next()).done).toBe(true);
    gate.close();
  });

  test("may be larger than a buffered one", async () => {
    const { body, errorCode } = await read(await functions.stream("index.large", { bytes: 8_000_000 }));
    expect({ size: body.length, errorCode }).toEqual({ size: 8_000_000, errorCode: undefined });
  });

  test("that nobody reads to its end holds up nothing", async () => {
    const spec = { functionName: "unread", maxConcurrency: 1 };
    const stream = await functions.stream("index.large", { bytes: 5_000_000 }, spec);
    for await (const chunk of stream.chunks) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await stream.outcome;
    expect((await functions.invoke("index.large", { bytes: 3 }, spec)).text).toBe("xxx");
  });

  test("whose caller goes away holds up nothing", async () => {
    const abort = new AbortController();
    const spec = functions.spec("index.large", { functionName: "abandoned", maxConcurrency: 1 });
    const invocation = { ...newInvocation({ bytes: 5_000_000 }), signal: abort.signal };
    const stream = await functions.runtime.invokeStream(spec, invocation);
    abort.abort();
    expect(await stream.outcome).toMatchObject({ log: expect.anything() });
    expect((await functions.invoke("index.large", { bytes: 3 }, { functionName: "abandoned", maxConcurrency: 1 })).text).toBe("xxx");
  });

  test("whose caller has gone before it begins holds up nothing", async () => {
    const abort = new AbortController();
    const changes = { functionName: "given-up", maxConcurrency: 1 };
    const spec = functions.spec("index.large", changes);
    await functions.invoke("index.large", { bytes: 1 }, changes);
    const opening = functions.runtime.invokeStream(spec, { ...newInvocation({ bytes: 50_000_000 }), signal: abort.signal });
    // The process is warm: the event is on its way to it by now, and nothing has come back.
    setImmediate(() => abort.abort());
    expect(await (await opening).outcome).toMatchObject({ log: expect.anything() });
    expect((await functions.invoke("index.large", { bytes: 3 }, changes)).text).toBe("xxx");
  });
});

describe.concurrent("a streamed response that fails", () => {
  test.each([
    ["index.failsFirst", "", "RangeError", "before anything"],
    ["index.failsMidway", "some", "Error", "midway"],
    ["index.neverEnds", "some", "Runtime.NodeJsExit", expect.stringContaining("never settled")],
    ["index.tooLate", "x", "Runtime.InvalidStreamingOperation", "Cannot set content-type, too late."],
    ["index.synchronous", expect.any(String), "string", "Streaming does not support non-async handlers."],
  ])("%s", async (handler, expectedBody, errorType, errorMessage) => {
    const { body, errorCode, errorDetails } = await read(await functions.stream(handler));
    expect(body.toString()).toEqual(expectedBody);
    expect(errorCode).toBe(errorType);
    expect(JSON.parse(errorDetails ?? "")).toMatchObject({ errorType, errorMessage, trace: expect.any(Array) });
  });

  test("by time-out", async () => {
    const { body, errorCode, errorDetails } = await read(await functions.stream("index.hangs", {}, { timeoutMs: 800 }));
    expect({ body: body.toString(), errorCode }).toEqual({ body: "some", errorCode: "Sandbox.Timedout" });
    expect(errorDetails).toMatch(/^\{"errorType":"Sandbox\.Timedout","errorMessage":"RequestId: [0-9a-f-]{36} Error: Task timed out after 0\.80 seconds"\}$/);
  });

  test("by the end of its process", async () => {
    const { body, errorCode, errorDetails } = await read(await functions.stream("index.dies"));
    expect({ body: body.toString(), errorCode }).toEqual({ body: "some", errorCode: "Runtime.ExitError" });
    expect(errorDetails).toMatch(/Error: Runtime exited with error: exit status 3"\}$/);
  });
});

describe.concurrent("one way of writing, the other of calling", () => {
  test("a buffered function gives its streaming caller one chunk", async () => {
    const stream = await functions.stream("index.buffered");
    expect(stream.contentType).toBe("application/json");
    expect((await read(stream)).body.toString()).toBe('{"not":"streamed"}');
  });

  test("and no chunk when it fails", async () => {
    const { body, errorCode, errorDetails } = await read(await functions.stream("index.bufferedError"));
    expect({ body: body.length, errorCode }).toEqual({ body: 0, errorCode: "Error" });
    expect(JSON.parse(errorDetails ?? "")).toMatchObject({ errorType: "Error", errorMessage: "not streamed" });
  });

  test("a streaming function gives its buffered caller the whole, or the error", async () => {
    expect((await functions.invoke("index.text", {}, { functionName: "whole" })).text).toBe('ab{"c":1}d');
    const { error, payload } = await functions.invoke("index.failsMidway", {}, { functionName: "whole-error" });
    expect({ error, payload }).toMatchObject({ error: "Unhandled", payload: { errorType: "Error", errorMessage: "midway" } });
    const large = await functions.invoke("index.large", { bytes: 7_000_000 }, { functionName: "whole-large" });
    expect(large.payload).toMatchObject({ errorType: "Function.ResponseSizeTooLarge" });
  });
});
