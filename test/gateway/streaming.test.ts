// responseTransferMode STREAM over real sockets
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html).
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import type { Integration } from "../../src/domain/rest-api.ts";
import { FunctionCallError } from "../../src/ports/functions.ts";
import type { FunctionInvocation, FunctionStream } from "../../src/ports/functions.ts";
import { startBackend } from "../harness/backend.ts";
import { OWN_HEADERS, startGateway, TRACE_ID } from "../harness/gateway.ts";
import { planOf } from "../harness/rest-api.ts";
import { openAnswer } from "../harness/streaming-client.ts";

const MIB = 1024 * 1024;

describe("a streamed HTTP proxy", () => {
  const proxyTo = (url: string, parts: Partial<Integration> = {}) =>
    planOf({ "GET /": { integration: { type: "HTTP_PROXY", httpMethod: "GET", uri: url, responseTransferMode: "STREAM", ...parts } } });

  /** A backend that leaves its answers to the test. */
  async function heldBackend() {
    const responses: ServerResponse[] = [];
    const backend = await startBackend((response) => void responses.push(response));
    const answering = async (): Promise<ServerResponse> => {
      await expect.poll(() => responses.length).toBeGreaterThan(0);
      return responses[0] as ServerResponse;
    };
    return { backend, answering, [Symbol.asyncDispose]: () => backend[Symbol.asyncDispose]() };
  }

  it("passes on what has come before the rest has", async () => {
    await using held = await heldBackend();
    await using gate = await startGateway([proxyTo(held.backend.url)]);
    const opening = openAnswer(gate.port, "/");
    const response = await held.answering();
    response.writeHead(201, { "Content-Type": "text/event-stream", "WWW-Authenticate": "x" });
    response.write("data: 1\n\n");
    const answer = await opening;
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({
      "content-type": "text/event-stream",
      "x-amzn-remapped-www-authenticate": "x",
      "transfer-encoding": "chunked",
      ...OWN_HEADERS,
    });
    expect(await answer.next()).toBe("data: 1\n\n");
    response.write("data: 2\n\n");
    expect(await answer.next()).toBe("data: 2\n\n");
    response.end();
    expect(await answer.next()).toBeUndefined();
    expect(gate.logged).toEqual([]);
  });

  it("receives binary payloads without binary media types, longer than the payload limit, in full", async () => {
    const bytes = Buffer.from(Array.from({ length: 4096 }, (_, i) => i % 256));
    await using backend = await startBackend((response) => response.end(bytes));
    await using gate = await startGateway([proxyTo(backend.url)], { limits: { payloadBytes: 1000, inFlightBytes: 2000 } });
    const { text, whole } = await (await openAnswer(gate.port, "/")).rest();
    expect({ same: Buffer.from(text, "latin1").equals(bytes), whole }).toEqual({ same: true, whole: true });
  });

  it("takes no more from the backend than the client takes", async () => {
    let sent = 0;
    await using backend = await startBackend((response) => {
      const write = (): void => {
        while (sent < 64 * MIB) {
          sent += MIB;
          if (!response.write(Buffer.alloc(MIB, "x"))) return;
        }
        response.end();
      };
      response.on("drain", write);
      write();
    });
    await using gate = await startGateway([proxyTo(backend.url)]);
    const answer = await openAnswer(gate.port, "/");
    let before = -1;
    await expect.poll(() => [before, (before = sent)], { interval: 100 }).toSatisfy(([a, b]: number[]) => a === b);
    expect(sent).toBeLessThan(48 * MIB);
    let size = 0;
    for await (const chunk of answer.message) size += (chunk as Buffer).length;
    expect(size).toBe(64 * MIB);
  });

  it("lets go of the backend when the client goes, before and after the answer has begun", async () => {
    await using held = await heldBackend();
    await using gate = await startGateway([proxyTo(held.backend.url)]);
    const opening = openAnswer(gate.port, "/");
    const response = await held.answering();
    response.write("some");
    (await opening).leave();
    await once(response, "close");

    await using second = await heldBackend();
    gate.gateway.put(proxyTo(second.backend.url));
    const client = new AbortController();
    const asked = fetch(`http://127.0.0.1:${gate.port}/_aws/execute-api/a1b2c3d4e5/prod/`, { signal: client.signal }).catch(() => "gone");
    const waiting = await second.answering();
    client.abort();
    expect(await asked).toBe("gone");
    await once(waiting, "close");
  });

  it("cuts the connection where the backend breaks off", async () => {
    await using held = await heldBackend();
    await using gate = await startGateway([proxyTo(held.backend.url)]);
    const opening = openAnswer(gate.port, "/");
    const response = await held.answering();
    response.write("some");
    const answer = await opening;
    expect(await answer.next()).toBe("some");
    response.destroy();
    expect(await answer.rest()).toEqual({ text: "", whole: false });
  });

  it("has its time for the whole answer: 504 before it has begun, cut after", async () => {
    await using silent = await startBackend(() => undefined);
    await using talking = await startBackend((response) => void response.write("some"));
    await using gate = await startGateway([proxyTo(silent.url, { timeoutInMillis: 50 })]);
    expect(await gate.ask({})).toMatchObject({ status: 504, body: '{"message": "Endpoint request timed out"}' });
    gate.gateway.put(proxyTo(talking.url, { timeoutInMillis: 150 }));
    expect(await (await openAnswer(gate.port, "/")).rest()).toEqual({ text: "some", whole: false });
  });

  it("answers 504 where no backend is", async () => {
    const backend = await startBackend();
    await backend[Symbol.asyncDispose]();
    await using gate = await startGateway([proxyTo(backend.url)]);
    expect(await gate.ask({})).toMatchObject({ status: 504, body: '{"message": "Network error communicating with endpoint"}' });
  });

  it.each([204, 304])("has no body with %i, and lets go of the backend's", async (status) => {
    await using backend = await startBackend((response) => response.writeHead(status).end());
    await using gate = await startGateway([proxyTo(backend.url)]);
    expect(await gate.ask({})).toMatchObject({ status, body: "" });
  });
});

describe("a streamed Lambda proxy", () => {
  const ARN = "arn:aws:lambda:us-east-1:123456789012:function:f";
  const NULS = "\0".repeat(8);

  const plan = (parts: Partial<Integration> = {}) =>
    planOf({
      "GET /": {
        integration: {
          type: "AWS_PROXY",
          httpMethod: "POST",
          uri: `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/${ARN}/response-streaming-invocations`,
          responseTransferMode: "STREAM",
          ...parts,
        },
      },
    });

  type Outcome = Awaited<FunctionStream["outcome"]>;

  /** A function that writes what an iterable gives, and ends as said. */
  const writing = (chunks: Iterable<string> | AsyncIterable<string>, outcome: Outcome = {}) => (): Promise<FunctionStream> => {
    const ended = Promise.withResolvers<Outcome>();
    async function* bytes(): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) yield Buffer.from(chunk, "latin1");
      ended.resolve(outcome);
    }
    return Promise.resolve({ status: 200, contentType: "application/octet-stream", executedVersion: "1", chunks: bytes(), outcome: ended.promise });
  };

  const never = (): Promise<never> => new Promise(() => undefined);

  it("gets the event of a proxy, in a streaming invocation by the function's policy", async () => {
    const invocations: FunctionInvocation[] = [];
    await using gate = await startGateway([plan()], {
      invokeStream(invocation) {
        invocations.push(invocation);
        return writing([`{"statusCode":200}${NULS}ok`])();
      },
    });
    expect(await gate.ask({ path: "/?a=1" })).toMatchObject({ status: 200, body: "ok" });
    const [{ payload, signal, ...invocation }] = invocations as [FunctionInvocation];
    expect(invocation).toEqual({
      functionArn: ARN,
      type: "RequestResponse",
      isJson: true,
      traceId: TRACE_ID,
      caller: {
        principal: "apigateway.amazonaws.com",
        sourceArn: "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/GET/",
        sourceAccount: "123456789012",
      },
    });
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({ httpMethod: "GET", queryStringParameters: { a: "1" } });
    expect(signal?.aborted).toBe(false);
  });

  it("begins with the metadata, however it is cut into chunks, and goes on while the function writes", async () => {
    const more = Promise.withResolvers<string>();
    async function* chunks() {
      yield* `{"statusCode":203,"headers":{"x-a":"b"},"multiValueHeaders":{"x-c":["d","e"]},"cookies":["f=g","h=i"]}${NULS}`;
      yield "\0first";
      yield await more.promise;
    }
    await using gate = await startGateway([plan()], { invokeStream: writing(chunks()) });
    const answer = await openAnswer(gate.port, "/");
    expect(answer.status).toBe(203);
    expect(answer.headers).toMatchObject({
      "content-type": "application/json",
      "x-a": "b",
      "x-c": "d, e",
      "set-cookie": ["f=g", "h=i"],
      "x-amzn-trace-id": TRACE_ID,
      ...OWN_HEADERS,
    });
    expect(await answer.next()).toBe("\0first");
    more.resolve("last");
    expect(await answer.rest()).toEqual({ text: "last", whole: true });
  });

  it.each<[string, string[]]>([
    ["no delimiter", ['{"statusCode":200}', "body"]],
    ["nothing at all", []],
    ["metadata that is not JSON", [`statusCode=200${NULS}`]],
    ["metadata with another member", [`{"statusCode":200,"body":""}${NULS}`]],
    ["no status that HTTP has", [`{"statusCode":99}${NULS}`]],
    ["cookies that are no list", [`{"statusCode":200,"cookies":"a=b"}${NULS}`]],
    ["the delimiter after the first 16 KB", [`{"statusCode":200${" ".repeat(16_384 - 8 - 17)}}`, NULS]],
  ])("with %s is a malformed response: 502", async (_, chunks) => {
    await using gate = await startGateway([plan()], { invokeStream: writing(chunks) });
    expect(await gate.ask({})).toMatchObject({ status: 502, body: '{"message": "Internal server error"}' });
    expect(gate.logged[0]?.fields).toMatchObject({ reason: "Malformed Lambda proxy response" });
  });

  it("has its metadata within the first 16 KB, the delimiter included", async () => {
    const metadata = `{"statusCode":200${" ".repeat(16_384 - 8 - 18)}}`;
    await using gate = await startGateway([plan()], { invokeStream: writing([metadata + NULS, "ok"]) });
    expect(metadata.length + 8).toBe(16_384);
    expect(await gate.ask({})).toMatchObject({ status: 200, body: "ok" });
  });

  it("is 502 where the function fails before it has begun, and cut where it fails later", async () => {
    const failure = { errorCode: "Error", errorDetails: "{}" };
    await using first = await startGateway([plan()], { invokeStream: writing([], failure) });
    expect(await first.ask({})).toMatchObject({ status: 502, body: '{"message": "Internal server error"}' });
    expect(first.logged[0]?.fields).toMatchObject({ reason: "Lambda execution failed: Error function error" });
    const read = Promise.withResolvers<string>();
    async function* some() {
      yield `{"statusCode":200}${NULS}some`;
      yield await read.promise;
    }
    await using later = await startGateway([plan()], { invokeStream: writing(some(), failure) });
    const answer = await openAnswer(later.port, "/");
    expect(await answer.next()).toBe("some");
    read.resolve("");
    expect(await answer.rest()).toEqual({ text: "", whole: false });
  });

  it("is 500 where the function may not be called", async () => {
    await using gate = await startGateway([plan()], { invokeStream: () => Promise.reject(new FunctionCallError("AccessDeniedException", "no")) });
    expect(await gate.ask({})).toMatchObject({ status: 500, body: '{"message": "Internal server error"}' });
  });

  it("has its time for the whole answer: 504 before it has begun, cut after; the invocation is given up", async () => {
    const signals: (AbortSignal | undefined)[] = [];
    async function* slowly(...chunks: string[]): AsyncGenerator<string> {
      yield* chunks;
      await never();
    }
    const start = (...chunks: string[]) =>
      startGateway([plan({ timeoutInMillis: 100 })], {
        invokeStream({ signal }) {
          signals.push(signal);
          return writing(slowly(...chunks))();
        },
      });
    await using silent = await start();
    expect(await silent.ask({})).toMatchObject({ status: 504, body: '{"message": "Endpoint request timed out"}' });
    await using talking = await start(`{"statusCode":200}${NULS}some`);
    expect(await (await openAnswer(talking.port, "/")).rest()).toEqual({ text: "some", whole: false });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
  });

  it("is given up when the client goes", async () => {
    let given: AbortSignal | undefined;
    async function* endless() {
      yield `{"statusCode":200}${NULS}some`;
      await never();
    }
    await using gate = await startGateway([plan()], {
      invokeStream({ signal }) {
        given = signal;
        return writing(endless())();
      },
    });
    const answer = await openAnswer(gate.port, "/");
    expect(await answer.next()).toBe("some");
    answer.leave();
    await expect.poll(() => given?.aborted).toBe(true);
  });
});

it.each([
  ["REGIONAL", 300_000],
  ["PRIVATE", 300_000],
  ["EDGE", 30_000],
] as const)("response-transfer-mode: a stream of a %s API may be idle for %i ms", (type, idleMs) => {
  const integration = { type: "HTTP_PROXY", httpMethod: "GET", uri: "http://example.com", responseTransferMode: "STREAM" } as const;
  const plan = planOf({ "GET /": { integration } }, { api: { endpointConfiguration: { types: [type] } } });
  expect(plan.route("/", "GET")?.method.integration).toMatchObject({ type: "HTTP_PROXY_STREAM", idleMs });
});
