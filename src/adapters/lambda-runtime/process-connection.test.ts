// HTTP/1.1 as any runtime may speak it to the Runtime API, byte by byte (RFC 9112).
import { connect } from "node:net";
import type { Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { RuntimeApi } from "./runtime-api.ts";
import type { RuntimeAnswer } from "./runtime-api.ts";

const EVENT = { requestId: "first", payload: Buffer.from("{}"), invokedArn: "arn" };
const DEADLINE_MS = 1;
const BASE = "/2018-06-01/runtime";
const NEXT = `GET ${BASE}/invocation/next HTTP/1.1\r\nHost: a\r\n\r\n`;
const RESPOND = `POST ${BASE}/invocation/first/response HTTP/1.1\r\nHost: a\r\n`;
const ACCEPTED =
  'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 15\r\nConnection: keep-alive\r\n\r\n{"status":"OK"}';
const HANDED_OVER = handedOver("first");
const BAD = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

function handedOver(id: string): string {
  return (
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nLambda-Runtime-Aws-Request-Id: ${id}\r\n` +
    "Lambda-Runtime-Deadline-Ms: 1\r\nLambda-Runtime-Invoked-Function-Arn: arn\r\nConnection: keep-alive\r\n\r\n{}"
  );
}

/** A Runtime API, and a connection to it. */
async function open() {
  const answers: RuntimeAnswer[] = [];
  let ready = 0;
  const api = await RuntimeApi.listen({
    isOwnConnection: () => true,
    onReady: () => ready++,
    onInitError: () => undefined,
    onAnswer: (_id, answer) => answers.push(answer),
  });
  onTestFinished(() => api.close());
  const client = openConnection(api);
  return { api, answers, client, readies: () => ready };
}

function openConnection(api: RuntimeApi) {
  const socket: Socket = connect(api.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let received = "";
  let isOver = false;
  socket.on("data", (chunk) => (received += chunk.toString("latin1")));
  socket.on("close", () => (isOver = true));
  socket.on("error", () => undefined);
  return {
    socket,
    send: (text: string) => socket.write(text, "latin1"),
    received: () => received,
    isClosed: () => isOver,
  };
}

/** The payloads of buffered answers. */
const payloads = (answers: readonly RuntimeAnswer[]) => answers.map((answer) => ("payload" in answer ? answer.payload.toString() : answer.kind));

test("requests may come in pieces of any size, behind one another, and after empty lines", async () => {
  const { api, answers, client } = await open();
  api.deliver(EVENT, DEADLINE_MS);
  for (const byte of `\r\n${NEXT}`) {
    client.send(byte);
    await new Promise(setImmediate);
  }
  await expect.poll(client.received).toEqual(HANDED_OVER);
  client.send(`${RESPOND}content-length:  5\t\r\n\r\nhelloGET /other HTTP/1.1\r\nHOST: a\r\n\r\n`);
  const nothing = '{"errorMessage":"There is no /other here.","errorType":"NotFound"}';
  const notFound = `HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: ${nothing.length}\r\nConnection: keep-alive\r\n\r\n${nothing}`;
  await expect.poll(client.received).toEqual(HANDED_OVER + ACCEPTED + notFound);
  expect(payloads(answers)).toEqual(["hello"]);
});

test("a body in chunks is read with its extensions and trailers", async () => {
  const { api, answers, client } = await open();
  api.deliver(EVENT, DEADLINE_MS);
  client.send(NEXT);
  await expect.poll(client.received).toEqual(HANDED_OVER);
  client.send(`${RESPOND}Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n00006\r\n world\r\n0\r\nX-Checksum: 1\r\n\r\n`);
  await expect.poll(client.received).toEqual(HANDED_OVER + ACCEPTED);
  expect(payloads(answers)).toEqual(["hello world"]);
});

test("a stream that fails says so in its trailers", async () => {
  const { api, answers, client } = await open();
  api.deliver(EVENT, DEADLINE_MS);
  client.send(NEXT);
  await expect.poll(client.received).toEqual(HANDED_OVER);
  const body = Buffer.from('{"errorMessage":"☃"}').toString("base64");
  client.send(`${RESPOND}Transfer-Encoding: chunked\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n\r\n4\r\nsome\r\n0\r\n`);
  client.send(`lambda-runtime-function-error-type: Own\r\nLambda-Runtime-Function-Error-Body: ${body}\r\n\r\n`);
  await expect.poll(() => answers.length).toBe(1);
  const [answer] = answers;
  if (answer?.kind !== "stream") throw new Error("not a stream");
  const chunks: string[] = [];
  for await (const chunk of answer.stream.chunks) chunks.push(chunk.toString());
  expect(chunks).toEqual(["some"]);
  expect(await answer.stream.end).toEqual({ kind: "error", errorType: "Own", errorBody: '{"errorMessage":"☃"}' });
  await expect.poll(client.received).toEqual(HANDED_OVER + ACCEPTED);
});

test("a stream whose connection breaks is cut", async () => {
  const { api, answers, client } = await open();
  api.deliver(EVENT, DEADLINE_MS);
  client.send(NEXT);
  await expect.poll(client.received).toEqual(HANDED_OVER);
  client.send(`${RESPOND}Transfer-Encoding: chunked\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n\r\n4\r\nsome\r\n`);
  await expect.poll(() => answers.length).toBe(1);
  client.socket.destroy();
  const [answer] = answers;
  if (answer?.kind !== "stream") throw new Error("not a stream");
  expect(await answer.stream.end).toEqual({ kind: "cut" });
});

// RFC 9110, section 10.1.1
test("a client that waits to be told to go on is told, whatever the answer will be", async () => {
  const { api, answers, client } = await open();
  api.deliver(EVENT, DEADLINE_MS);
  client.send(NEXT);
  await expect.poll(client.received).toEqual(HANDED_OVER);
  client.send(`${RESPOND}Content-Length: 2\r\nExpect: 100-Continue\r\n\r\n`);
  const goOn = "HTTP/1.1 100 Continue\r\n\r\n";
  await expect.poll(client.received).toEqual(HANDED_OVER + goOn);
  client.send("hi");
  await expect.poll(client.received).toEqual(HANDED_OVER + goOn + ACCEPTED);
  expect(payloads(answers)).toEqual(["hi"]);
  client.send(`${RESPOND}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n`);
  await expect.poll(client.received).toEqual(expect.stringContaining(`${ACCEPTED}${goOn}HTTP/1.1 403 Forbidden`));
  client.send(`hi${NEXT}`);
  api.deliver({ ...EVENT, requestId: "second" }, DEADLINE_MS);
  await expect.poll(client.received).toEqual(expect.stringContaining(handedOver("second")));
});

test("what is said of an answer comes with the next event, when the process has asked for that", async () => {
  const { api, answers, client } = await open();
  api.deliver(EVENT, DEADLINE_MS);
  client.send(NEXT);
  await expect.poll(client.received).toEqual(HANDED_OVER);
  client.send(`${RESPOND}Content-Length: 1\r\n\r\n1${NEXT}`);
  await expect.poll(() => payloads(answers)).toEqual(["1"]);
  expect(client.received()).toBe(HANDED_OVER);
  api.deliver({ ...EVENT, requestId: "second" }, DEADLINE_MS);
  await expect.poll(client.received).toEqual(HANDED_OVER + ACCEPTED + handedOver("second"));
});

test("it does not wait for an event that another connection asks for", async () => {
  const { api, client } = await open();
  const other = openConnection(api);
  api.deliver(EVENT, DEADLINE_MS);
  client.send(NEXT);
  await expect.poll(client.received).toEqual(HANDED_OVER);
  client.send(`${RESPOND}Content-Length: 1\r\n\r\n1`);
  await expect.poll(client.received).toEqual(HANDED_OVER + ACCEPTED);
  other.send(NEXT);
  api.deliver({ ...EVENT, requestId: "second" }, DEADLINE_MS);
  await expect.poll(other.received).toEqual(handedOver("second"));
});

test("nor for one that will not be asked for any more", async () => {
  const { api, client } = await open();
  api.deliver(EVENT, DEADLINE_MS);
  client.send(NEXT);
  await expect.poll(client.received).toEqual(HANDED_OVER);
  client.send(`${RESPOND}Content-Length: 1\r\n\r\n1${NEXT}`);
  client.socket.end();
  await expect.poll(client.received).toEqual(HANDED_OVER + ACCEPTED);
  await expect.poll(client.isClosed).toBe(true);
});

test("a process that went away while it waited may ask again", async () => {
  const { api, client, readies } = await open();
  client.send(NEXT);
  await expect.poll(readies).toBe(1);
  client.socket.destroy();
  let again = client;
  // It is refused as long as the other one is not known to have gone.
  const attempt = async () => {
    again = openConnection(api);
    again.send(NEXT);
    await expect.poll(() => readies() > 1 || again.received() !== "").toBe(true);
    return readies();
  };
  await expect.poll(attempt).toBe(2);
  api.deliver(EVENT, DEADLINE_MS);
  await expect.poll(again.received).toEqual(HANDED_OVER);
});

test("a body that nobody wants is read past", async () => {
  const { client } = await open();
  client.send(`${RESPOND}Content-Length: 70000\r\n\r\n${"x".repeat(70_000)}`);
  client.send(`${RESPOND}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`);
  const text = '{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}';
  const refused = `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\nConnection: keep-alive\r\n\r\n${text}`;
  await expect.poll(client.received).toEqual(refused + refused);
});

test("answers come in order, however many requests wait behind an event", async () => {
  const { api, client, readies } = await open();
  const text = '{"errorMessage":"There is no /0 here.","errorType":"NotFound"}';
  const notFound = (i: number) =>
    `HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: ${text.length - 1 + String(i).length}\r\nConnection: keep-alive\r\n\r\n` +
    text.replace("/0", `/${i}`);
  const many = Array.from({ length: 100 }, (_, i) => i);
  client.send(NEXT + many.map((i) => `GET /${i} HTTP/1.1\r\nHost: a\r\n\r\n`).join(""));
  await expect.poll(readies).toBe(1);
  expect(client.received()).toBe("");
  api.deliver(EVENT, DEADLINE_MS);
  await expect.poll(client.received).toEqual(HANDED_OVER + many.map(notFound).join(""));
});

test("a connection lasts as HTTP says", async () => {
  const { api, client } = await open();
  const closing = (status: string) => expect.stringMatching(new RegExp(`^HTTP/1.1 ${status}\r\n[^]*\r\nConnection: close\r\n\r\n`));
  client.send(`GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n${NEXT}`);
  await expect.poll(client.received).toEqual(closing("404 Not Found"));
  await expect.poll(client.isClosed).toBe(true);
  expect(client.received().match(/HTTP\/1\.1/g)).toHaveLength(1);
  const old = openConnection(api);
  old.send("GET / HTTP/1.0\r\n\r\n");
  await expect.poll(old.received).toEqual(closing("404 Not Found"));
  await expect.poll(old.isClosed).toBe(true);
  const kept = openConnection(api);
  kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nHEAD / HTTP/1.0\r\n\r\n");
  await expect.poll(kept.received).toEqual(expect.stringMatching(/^HTTP\/1\.1 404 [^]*\r\nConnection: keep-alive\r\n\r\n\{[^{}]*\}HTTP\/1\.1 404 [^]*\r\nConnection: close\r\n\r\n$/));
});

test("an absolute target is its path", async () => {
  const { api, client } = await open();
  api.deliver(EVENT, DEADLINE_MS);
  client.send(`GET http://127.0.0.1:1${BASE}/invocation/next HTTP/1.1\r\nHost: a\r\n\r\n`);
  await expect.poll(client.received).toEqual(HANDED_OVER);
});

test.each([
  ["no HTTP", "hello\r\n\r\n", BAD],
  ["another version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", BAD],
  ["a bare line feed", "GET / HTTP/1.1\nHost: a\r\n\r\n", BAD],
  ["a control in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", BAD],
  ["a folded line", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", BAD],
  ["a blank before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", BAD],
  ["no Host", "GET / HTTP/1.1\r\n\r\n", BAD],
  ["two of them", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", BAD],
  ["a target of another form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", BAD],
  ["two lengths", `${RESPOND}Content-Length: 1\r\nContent-Length: 1\r\n\r\n`, BAD],
  ["a length that is none", `${RESPOND}Content-Length: +1\r\n\r\n`, BAD],
  ["a length and chunks", `${RESPOND}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, BAD],
  ["another coding", `${RESPOND}Transfer-Encoding: gzip, chunked\r\n\r\n`, BAD],
  ["a chunk that is too long", `${RESPOND}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n`, BAD],
  ["another expectation", `${RESPOND}Expect: more\r\n\r\n`, "HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\n\r\n"],
  ["a head without end", `GET / HTTP/1.1\r\nX: ${"x".repeat(1_200_000)}`, "HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\n\r\n"],
])("%s is refused, and the connection with it", async (_name, bytes, refusal) => {
  const { client } = await open();
  client.send(bytes);
  await expect.poll(client.received).toEqual(expect.stringMatching(new RegExp(`${refusal}$`)));
  await expect.poll(client.isClosed).toBe(true);
});
