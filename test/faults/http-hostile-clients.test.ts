// Clients that do what no good client does, at the worst moment: what is theirs alone may break, nothing hangs, nothing grows.
import { setImmediate as turnsEnd, setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { BodyAborted } from "../../src/ports/http-server.ts";
import type { HttpResponse } from "../../src/ports/http-server.ts";
import { start } from "../contracts/http-listener-clients.ts";
import { converse, rawConnection } from "../contracts/raw-connection.ts";

const hello: HttpResponse = { status: 200, headers: [], body: "hello" };
const GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const CHUNKED = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
const statuses = (answers: string): string[] => answers.match(/(?<=HTTP\/1\.1 )\d{3}/g) ?? [];

/** A huge answer in lent memory, more than sockets take. */
function lent(size = 16 * 1024 * 1024) {
  const answer = { ...hello, body: Buffer.alloc(size, "a"), returned: 0, loan: { giveBack: () => void answer.returned++ } };
  return answer;
}

test("extensions of chunks are bounded in all, not chunk by chunk (RFC 9112, section 7.1.1)", async () => {
  const { port } = await start(async (request) => ({ ...hello, body: String((await request.readBody(100_000)).length) }));
  const chunk = `1;${"a".repeat(999)}\r\nx\r\n`;
  expect(statuses(await converse(port, `${CHUNKED}${chunk.repeat(30)}0\r\n\r\n${GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")}`))).toEqual(["200", "200"]);
  expect(statuses(await converse(port, `${CHUNKED}${chunk.repeat(40)}0\r\n\r\n`))).toEqual(["400"]);
  // As long as they bring as much body, there may be any number of them.
  const fair = `3e8;${"a".repeat(999)}\r\n${"x".repeat(1000)}\r\n`;
  expect((await converse(port, `${CHUNKED.replace("Host", "Connection: close\r\nHost")}${fair.repeat(90)}0\r\n\r\n`)).endsWith("90000")).toBe(true);
});

test("a client that takes nothing of its answer loses its connection, also when it goes on sending", async () => {
  let isGone = false;
  const { port } = await start((request) => {
    request.signal.addEventListener("abort", () => (isGone = true));
    return { ...hello, body: Buffer.alloc(64 * 1024 * 1024) };
  }, { stalledReaderMs: 100 });
  const connection = await rawConnection(port);
  connection.socket.pause();
  connection.send(GET);
  const timer = setInterval(() => connection.send("x"), 5);
  await expect.poll(() => isGone).toBe(true);
  clearInterval(timer);
  connection.socket.destroy();
});

test("a carriage return now and then keeps no idle connection open", async () => {
  const { port } = await start(() => hello, { headersTimeoutMs: 100, keepAliveTimeoutMs: 100 });
  const connection = await rawConnection(port);
  connection.socket.setNoDelay(true);
  let sent = 0;
  const timer = setInterval(() => connection.send("\r\n".charAt(sent++ % 2)), 10);
  expect(await connection.closed()).toBe("");
  clearInterval(timer);
});

test.each([
  ["a head that is too large", `GET / HTTP/1.1\r\nHost: h\r\nX: ${"a".repeat(8_000_000)}`, "431"],
  ["no request", "\0".repeat(8_000_000), "400"],
  ["an expectation that cannot be met", `PUT / HTTP/1.1\r\nHost: h\r\nExpect: b\r\nContent-Length: 8000000\r\n\r\n${"a".repeat(8_000_000)}`, "417"],
  ["a body that was not asked for", `PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 8000000\r\n\r\n${"a".repeat(8_000_000)}`, "403"],
])("a client that is refused in the middle of its sending learns why: %s", async (_, bytes, status) => {
  const { port } = await start(async () => {
    await turnsEnd();
    return { ...hello, status: 403 };
  });
  for (let i = 0; i < 5; i++) {
    const connection = await rawConnection(port);
    let failure: unknown;
    connection.socket.on("error", (error) => (failure = error));
    connection.send(bytes);
    expect(statuses(await connection.closed())).toEqual([status]);
    expect(failure).toBeUndefined();
  }
});

test("a client that is refused and never ends its connection is cut", async () => {
  const { port, listener } = await start(() => hello, { discardBytes: 100_000, keepAliveTimeoutMs: 200 });
  const flood = await rawConnection(port);
  flood.socket.allowHalfOpen = true;
  const timer = setInterval(() => flood.send("\0".repeat(10_000)), 1);
  await flood.closed();
  clearInterval(timer);
  const silent = await rawConnection(port);
  silent.socket.allowHalfOpen = true;
  silent.send("\0");
  await silent.until(/ 400 /);
  const before = performance.now();
  await listener.close(60_000);
  expect(performance.now() - before).toBeLessThan(4_000);
  silent.socket.destroy();
});

test("a body that goes wrong under an answer in lent memory: it is given back once, when its connection has closed", async () => {
  const answer = lent();
  const { port, errors } = await start(() => answer);
  const connection = await rawConnection(port);
  connection.socket.pause();
  connection.send(CHUNKED);
  for (let i = 0; i < 10; i++) await turnsEnd();
  expect(answer.returned).toBe(0);
  connection.send("no chunk");
  await expect.poll(() => answer.returned).toBe(1);
  expect(errors()).toEqual([]);
  connection.socket.destroy();
});

test.each([
  ["a request", GET],
  ["part of a head", "GET / HT"],
  ["a head without its body", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab"],
])("a client that ends the connection while a large answer goes out, with %s behind it, leaves nothing open", async (_, behind) => {
  const answer = lent();
  let asked = 0;
  const { port } = await start(async (request) => {
    if (asked++ === 0) return answer;
    await request.readBody(10);
    return hello;
  });
  const connection = await rawConnection(port);
  connection.socket.allowHalfOpen = true;
  connection.send(`${GET}${behind}`);
  connection.socket.end();
  const answers = await connection.closed();
  expect(statuses(answers)).toEqual(["200", behind === GET ? "200" : "400"]);
  expect(answer.returned).toBe(1);
});

test("a connection that is reset with requests waiting: the answer that is due is given back, and no other is asked for", async () => {
  const answers = [lent(), lent(1000)];
  let asked = 0;
  const { port } = await start(() => answers[asked++] as HttpResponse);
  const connection = await rawConnection(port);
  connection.socket.pause();
  connection.send(GET.repeat(2));
  await expect.poll(() => asked).toBe(1);
  for (let i = 0; i < 5; i++) await turnsEnd();
  connection.socket.resetAndDestroy();
  await expect.poll(() => answers[0]?.returned).toBe(1);
  expect(asked).toBe(1);
});

test("a body is not there any more once its request was answered", async () => {
  let late: Promise<unknown> = Promise.resolve();
  const { port } = await start((request) => {
    late = turnsEnd().then(async () => await turnsEnd()).then(() => request.readBody(100)).catch((error: unknown) => error);
    return hello;
  });
  for (const expectation of ["", "Expect: 100-continue\r\n"]) {
    const connection = await rawConnection(port);
    connection.send(`POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${expectation}Content-Length: 5\r\n\r\nab`);
    expect((await connection.until(/hello/)).split("\r\n")[0]).toBe("HTTP/1.1 200 OK");
    expect(await late).toBeInstanceOf(BodyAborted);
    expect(statuses(await connection.closed())).toEqual(["200"]);
  }
});

test("a body that turns out too large for a reader whose answer is out is thrown away, and the connection lives on", async () => {
  const failures: unknown[] = [];
  const { port } = await start((request) => {
    if (request.hasBody) request.readBody(10).catch((error: unknown) => failures.push((error as Error).name));
    return hello;
  });
  const connection = await rawConnection(port);
  connection.send(`${CHUNKED}5\r\nhello\r\n`);
  await connection.until(/hello/);
  connection.send(`ffff\r\n${"a".repeat(0xffff)}\r\n`.repeat(20));
  connection.send(`0\r\n\r\n${GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")}`);
  expect(statuses(await connection.closed())).toEqual(["200", "200"]);
  expect(failures).toEqual(["BodyTooLarge"]);
});

test("a client that leaves is noticed while its request is handled, though its body came before anybody asked for it", async () => {
  let isSeen = false;
  let isGone = false;
  const { port } = await start((request) => {
    isSeen = true;
    request.signal.addEventListener("abort", () => (isGone = true));
    return new Promise<never>(() => undefined);
  });
  const connection = await rawConnection(port);
  // More than is held of a body that nobody reads, its end in the same piece.
  connection.send(`${CHUNKED}11170\r\n${"a".repeat(70_000)}\r\n0\r\n\r\n`);
  await expect.poll(() => isSeen).toBe(true);
  for (let i = 0; i < 10; i++) await turnsEnd();
  expect(isGone).toBe(false);
  connection.socket.destroy();
  await expect.poll(() => isGone).toBe(true);
});

test.each([
  ["HTTP/1.0\r\nConnection: keep-alive, close", 1],
  ["HTTP/1.0\r\nConnection: close\r\nConnection: keep-alive", 1],
  ["HTTP/1.0\r\nConnection: keep-alive", 2],
  ["HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Close", 1],
  ["HTTP/1.1\r\nHost: h\r\nConnection: closed", 2],
  ["HTTP/1.1\r\nHost: h\r\nExpect: 100-continue", 2],
  ["HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 0", 2],
])("whether a connection is kept (RFC 9112, section 9.3): %j answers %i", async (rest, count) => {
  const { port } = await start(() => hello);
  const connection = await rawConnection(port);
  connection.send(`GET / ${rest}\r\n\r\nGET / HTTP/1.0\r\n\r\n`);
  expect(statuses(await connection.closed())).toHaveLength(count);
});

test("two expectations in one request are none that can be met", async () => {
  const { port } = await start(() => hello);
  const head = "POST / HTTP/1.1\r\nHost: h\r\nExpect: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n";
  expect(statuses(await converse(port, head))).toEqual(["417"]);
});

test("a stream that cannot be begun is a 500", async () => {
  const body: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]() {
      throw new Error("bug");
    },
  };
  const { port, errors } = await start(() => ({ ...hello, body }));
  expect(statuses(await converse(port, GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")))).toEqual(["500"]);
  expect(errors()).toMatchObject([{ message: "an answer cannot be sent", error: new Error("bug") }]);
});

test("while the process stands still, no time passes for its clients", async () => {
  const { port } = await start(() => hello, { headersTimeoutMs: 120 });
  const connection = await rawConnection(port);
  connection.send("GET / HTTP/1.1\r\n");
  await wait(20);
  await turnsEnd();
  connection.send("Host: h\r\nConnection: close\r\n\r\n");
  const until = performance.now() + 400;
  while (performance.now() < until);
  expect(statuses(await connection.closed())).toEqual(["200"]);
});

test("a request that has arrived when the listener closes is answered, as the last one", async () => {
  const { port, listener } = await start(() => hello);
  const connections = await Promise.all(Array.from({ length: 20 }, () => rawConnection(port)));
  for (const connection of connections) connection.send(GET);
  await Promise.all(connections.map((connection) => connection.until(/hello$/)));
  for (const connection of connections) connection.send(GET);
  await listener.close(10_000);
  for (const connection of connections) {
    const answers = await connection.closed();
    expect(statuses(answers)).toEqual(["200", "200"]);
    expect(answers).toContain("Connection: close");
  }
});

test("bytes of many connections never mix, however they come in between each other", async () => {
  const { port } = await start(async (request) => {
    await turnsEnd();
    const body = await request.readBody(100_000);
    await turnsEnd();
    return { ...hello, body: JSON.stringify([request.target, request.headers.at(-1), body.toString("latin1")]) };
  });
  const connections = await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      const mark = String.fromCharCode(33 + i);
      const [target, value, body] = [`/${mark === "#" ? "x" : mark}`.repeat(300), mark.repeat(500), mark.repeat(3_000 + 100 * i)];
      const framed = i % 2 === 0 ? `Content-Length: ${body.length}\r\nX: ${value}\r\n\r\n${body}` : `Transfer-Encoding: chunked\r\nX: ${value}\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      const bytes = `POST ${target} HTTP/1.1\r\nHost: h\r\n${framed}`.repeat(3);
      const connection = await rawConnection(port);
      connection.socket.setNoDelay(true);
      return { connection, bytes, answer: JSON.stringify([target, value, body]) };
    }),
  );
  // In pieces of lengths that nothing else has.
  for (let at = 0; connections.some(({ bytes }) => at < bytes.length); at += 1_117) {
    for (const { connection, bytes } of connections) if (at < bytes.length) connection.send(bytes.slice(at, at + 1_117));
    await turnsEnd();
  }
  for (const { connection, answer } of connections) {
    const answers = await connection.until(/(?:HTTP\/1\.1 200[^]*){3}\]$/);
    expect(answers.split("\r\n\r\n").slice(1).map((text) => text.split("HTTP/1.1")[0])).toEqual([answer, answer, answer]);
    connection.socket.destroy();
  }
});
