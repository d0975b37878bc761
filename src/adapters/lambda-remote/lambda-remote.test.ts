import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../../ports/clock.ts";
import { FunctionCallError, type FunctionInvocation, type Functions, type FunctionStream } from "../../ports/functions.ts";
import type { HttpClient } from "../../ports/http-client.ts";
import { createHttpClient } from "../undici/index.ts";
import { createRemoteLambda } from "./index.ts";

const ARN = "arn:aws:lambda:eu-west-1:123456789012:function:pets:live";
const NOW = Date.UTC(2026, 0, 1);
const clock: Clock = { now: () => NOW, after: () => () => undefined };
const credentials = { accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "token" };

interface Received {
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

let server: Server;
let client: HttpClient;
let lambda: Functions;
let received: Received[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  received = [];
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      received.push({ target: request.url as string, headers: request.headers, body: Buffer.concat(pieces) });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  client = createHttpClient({ allowMetadataAddresses: false, denied: [] });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  lambda = createRemoteLambda({ endpoint, credentials, httpClient: client, clock });
});

afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const invocation: FunctionInvocation = { functionArn: ARN, type: "RequestResponse", payload: Buffer.from('{"a":1}') };

async function failure(outcome: Promise<unknown>): Promise<unknown> {
  try {
    await outcome;
  } catch (error) {
    if (error instanceof FunctionCallError) return [error.code, error.message];
    return error;
  }
  return "it succeeded";
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, step by step. */
function expectedSignature({ target, headers, body }: Received, signedHeaders: string): string {
  const hash = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
  const hmac = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();
  const path = target.split("/").map((part) => encodeURIComponent(part)).join("/");
  const lines = signedHeaders.split(";").map((name) => `${name}:${String(headers[name])}\n`);
  const canonical = ["POST", path, "", lines.join(""), signedHeaders, hash(body)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", "20260101T000000Z", "20260101/eu-west-1/lambda/aws4_request", hash(canonical)].join("\n");
  const key = ["eu-west-1", "lambda", "aws4_request"].reduce<Buffer>(hmac, hmac("AWS4secret", "20260101"));
  return hmac(key, toSign).toString("hex");
}

describe("invoke", () => {
  test("sends a signed Invoke request for the ARN's region, and reads the result", async () => {
    answer = (response) =>
      response.writeHead(200, { "X-Amz-Executed-Version": "3", "X-Amz-Log-Result": Buffer.from("END").toString("base64") }).end('"hello"');
    const result = await lambda.invoke({ ...invocation, tailLog: true, clientContext: '{"x":1}', traceId: "Root=1-2-3" });
    expect(result).toEqual({ status: 200, payload: Buffer.from('"hello"'), executedVersion: "3", log: Buffer.from("END") });
    const [request] = received as [Received];
    expect(request.target).toBe(`/2015-03-31/functions/${encodeURIComponent(ARN)}/invocations`);
    expect(request.body.toString()).toBe('{"a":1}');
    expect(request.headers).toMatchObject({
      "x-amz-invocation-type": "RequestResponse",
      "x-amz-log-type": "Tail",
      "x-amz-client-context": Buffer.from('{"x":1}').toString("base64"),
      "x-amzn-trace-id": "Root=1-2-3",
      "x-amz-security-token": "token",
    });
    const [, signedHeaders, signature] = /SignedHeaders=(\S+), Signature=(\w+)$/.exec(request.headers.authorization as string) ?? [];
    expect(signature).toBe(expectedSignature(request, signedHeaders as string));
  });

  test("is asked in the name of a caller who invokes in its own, whatever is known here of its policies", async () => {
    answer = (response) => response.writeHead(200).end("{}");
    const own = { accessKeyId: "ASIAANN", secretAccessKey: "secret", sessionToken: "ann's" };
    const identity = { principal: "arn:aws:iam::123456789012:user/ann", isAllowed: false, credentials: own };
    for (const asked of [{ ...invocation, identity }, invocation]) await lambda.invoke(asked);
    const signers = received.map(({ headers }) => [/Credential=(\w+)\//.exec(headers.authorization as string)?.[1], headers["x-amz-security-token"]]);
    expect(signers).toEqual([["ASIAANN", "ann's"], ["AKID", "token"]]);
    const [, signedHeaders, signature] = /SignedHeaders=(\S+), Signature=(\w+)$/.exec(received[0]?.headers.authorization as string) ?? [];
    expect(signature).toBe(expectedSignature(received[0] as Received, signedHeaders as string));
  });

  test("tells a function that failed from one that was not reached", async () => {
    answer = (response) => response.writeHead(200, { "X-Amz-Function-Error": "Unhandled" }).end('{"errorMessage":"no"}');
    expect(await lambda.invoke(invocation)).toEqual({
      status: 200,
      payload: Buffer.from('{"errorMessage":"no"}'),
      executedVersion: "$LATEST",
      functionError: "Unhandled",
    });
  });

  test.each([["Event", 202], ["DryRun", 204]] as const)("passes %s on", async (type, status) => {
    answer = (response) => response.writeHead(status).end();
    expect(await lambda.invoke({ ...invocation, type })).toMatchObject({ status, payload: Buffer.alloc(0) });
    expect(received[0]?.headers["x-amz-invocation-type"]).toBe(type);
  });

  const refusals: readonly [number, string | undefined, string, readonly [string, string]][] = [
    [404, "ResourceNotFoundException", '{"Message":"Function not found: x","Type":"User"}', ["ResourceNotFoundException", "Function not found: x"]],
    [403, "AccessDeniedException:http://internal/", '{"Message":"no"}', ["AccessDeniedException", "no"]],
    [403, "UnrecognizedClientException", '{"message":"The security token is invalid."}', ["AccessDeniedException", "The security token is invalid."]],
    [429, "TooManyRequestsException", '{"message":"Rate Exceeded.","Reason":"x"}', ["TooManyRequestsException", "Rate Exceeded."]],
    [413, "RequestEntityTooLargeException", '{"message":"too large"}', ["RequestTooLargeException", "too large"]],
    [400, "InvalidRequestContentException", '{"message":"bad"}', ["InvalidRequestContentException", "bad"]],
    [400, undefined, '{"__type":"com.amazon#InvalidRequestContentException","message":"bad"}', ["InvalidRequestContentException", "bad"]],
    [502, "KMSAccessDeniedException", '{"Message":"no key"}', ["ServiceException", "KMSAccessDeniedException: no key"]],
    [503, undefined, "<html>busy</html>", ["ServiceException", "status 503"]],
  ];
  test.each(refusals)("maps status %i of %s with %s", async (status, type, body, expected) => {
    answer = (response) => response.writeHead(status, type === undefined ? {} : { "x-amzn-ErrorType": type }).end(body);
    expect(await failure(lambda.invoke(invocation))).toEqual(expected);
    expect(await failure(lambda.invokeStream(invocation))).toEqual(expected);
  });

  test("says when nobody answers", async () => {
    const dead = createRemoteLambda({ endpoint: "http://127.0.0.1:1", credentials, httpClient: client, clock });
    const unreachable = ["ServiceException", expect.stringMatching(/^http:\/\/127\.0\.0\.1:1 did not answer: /)];
    expect(await failure(dead.invoke(invocation))).toEqual(unreachable);
    expect(await failure(dead.invokeStream(invocation))).toEqual(unreachable);
  });

  test("refuses what is no ARN, before it asks", async () => {
    expect(await failure(lambda.invoke({ ...invocation, functionArn: "pets" }))).toEqual(["ResourceNotFoundException", "Function not found: pets"]);
    expect(received).toEqual([]);
  });

  test.each(["lambda.example.com", "ftp://example.com"])("takes no endpoint %s", (endpoint) => {
    expect(() => createRemoteLambda({ endpoint, credentials, httpClient: client, clock })).toThrow(
      `lambda.endpoint is not a URL of http or https: ${endpoint}`,
    );
  });
});

/** An event with text headers, and one header of every other type that must be skipped. */
function event(headers: Readonly<Record<string, string>>, payload: string | Buffer): Buffer {
  const text = (name: string, value: string): Buffer =>
    Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([7, 0, value.length]), Buffer.from(value)]);
  const others = [[0], [1], [2, 1], [3, 1, 1], [4, 1, 1, 1, 1], [5, ...Array(8).fill(1)], [6, 0, 1, 1], [8, ...Array(8).fill(1)], [9, ...Array(16).fill(1)]];
  const head = Buffer.concat([
    ...others.map((bytes, i) => Buffer.from([1, 97 + i, ...(bytes as number[])])),
    ...Object.entries(headers).map(([name, value]) => text(name, value)),
  ]);
  const message = Buffer.alloc(16 + head.length + payload.length);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(head.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  head.copy(message, 12);
  Buffer.from(payload as string).copy(message, 12 + head.length);
  message.writeUInt32BE(crc32(message.subarray(0, -4)), message.length - 4);
  return message;
}

const chunk = (payload: string): Buffer => event({ ":message-type": "event", ":event-type": "PayloadChunk" }, payload);
const complete = (end: object): Buffer => event({ ":message-type": "event", ":event-type": "InvokeComplete" }, JSON.stringify(end));

async function readAll({ chunks, outcome }: FunctionStream): Promise<unknown> {
  const payload: string[] = [];
  for await (const piece of chunks) payload.push(piece.toString());
  return { payload, outcome: await outcome };
}

describe("invokeStream", () => {
  const stream = (...parts: readonly Buffer[]): void => {
    answer = (response) => {
      response.writeHead(200, { "Content-Type": "application/vnd.amazon.eventstream", "X-Amz-Executed-Version": "3" });
      for (const part of parts) response.write(part);
      response.end();
    };
  };

  test("sends a signed InvokeWithResponseStream request and gives the chunks", async () => {
    stream(chunk("hello "), chunk(""), chunk("world"), complete({ LogResult: Buffer.from("END").toString("base64") }));
    const opened = await lambda.invokeStream({ ...invocation, tailLog: true });
    expect([opened.status, opened.contentType, opened.executedVersion]).toEqual([200, "application/octet-stream", "3"]);
    expect(await readAll(opened)).toEqual({ payload: ["hello ", "", "world"], outcome: { log: Buffer.from("END") } });
    const [request] = received as [Received];
    expect(request.target).toBe(`/2021-11-15/functions/${encodeURIComponent(ARN)}/response-streaming-invocations`);
    const [, signedHeaders, signature] = /SignedHeaders=(\S+), Signature=(\w+)$/.exec(request.headers.authorization as string) ?? [];
    expect(signature).toBe(expectedSignature(request, signedHeaders as string));
  });

  test("reads events however they are cut", async () => {
    const bytes = Buffer.concat([chunk("hello "), chunk("world"), complete({ ErrorCode: "Unhandled", ErrorDetails: "it broke" })]);
    stream(...Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)));
    expect(await readAll(await lambda.invokeStream(invocation))).toEqual({
      payload: ["hello ", "world"],
      outcome: { errorCode: "Unhandled", errorDetails: "it broke" },
    });
  });

  test("gives a chunk before the next one is written", async () => {
    const next = Promise.withResolvers<void>();
    answer = (response) => {
      response.writeHead(200).write(chunk("first"));
      void next.promise.then(() => response.end(Buffer.concat([chunk("second"), complete({})])));
    };
    const opened = await lambda.invokeStream(invocation);
    const payload: string[] = [];
    for await (const piece of opened.chunks) {
      payload.push(piece.toString());
      next.resolve();
    }
    expect(payload).toEqual(["first", "second"]);
  });

  test("tells an exception in the stream", async () => {
    stream(chunk("x"), event({ ":message-type": "exception", ":exception-type": "ServiceException" }, "it broke"));
    expect(await readAll(await lambda.invokeStream(invocation))).toEqual({
      payload: ["x"],
      outcome: { errorCode: "ServiceException", errorDetails: "it broke" },
    });
  });

  const damaged = chunk("x");
  damaged[damaged.length - 5] = 0;
  const badStart = chunk("x");
  badStart[0] = 1;
  const cuts: readonly [string, Buffer, string][] = [
    ["ends before its time", chunk("x"), "the stream ended before the invocation was complete"],
    ["ends within an event", chunk("x").subarray(0, -1), "the stream ends within an event"],
    ["is damaged", damaged, "an event is damaged"],
    ["has a damaged beginning", badStart, "an event's beginning is damaged"],
    ["is something else", Buffer.from("<html>not a stream of events</html>"), "an event's beginning is damaged"],
  ];
  test.each(cuts)("fails when the answer %s", async (_name, bytes, details) => {
    stream(bytes);
    const opened = await lambda.invokeStream(invocation);
    expect(await failure(readAll(opened))).toEqual(["ServiceException", `the function's answer was cut off: ${details}`]);
    expect(await opened.outcome).toEqual({ errorCode: "ServiceException", errorDetails: details });
  });

  test("lets go of the connection when the reader stops, and when the caller goes away", async () => {
    const closed: Promise<void>[] = [];
    answer = (response) => {
      closed.push(new Promise((resolve) => response.on("close", resolve)));
      response.writeHead(200).write(chunk("first"));
    };
    const stopped = await lambda.invokeStream(invocation);
    for await (const piece of stopped.chunks) if (piece.length > 0) break;
    await closed[0];
    expect(await stopped.outcome).toEqual({ errorCode: "ServiceException", errorDetails: "the answer was not read to its end" });
    const caller = new AbortController();
    const left = await lambda.invokeStream({ ...invocation, signal: caller.signal });
    const reading = failure(readAll(left));
    caller.abort();
    await closed[1];
    expect(await reading).toEqual(["ServiceException", expect.stringMatching(/^the function's answer was cut off: /)]);
    expect(await failure(lambda.invokeStream({ ...invocation, signal: AbortSignal.abort() }))).toEqual([
      "ServiceException",
      expect.stringContaining("the caller went away"),
    ]);
  });
});
