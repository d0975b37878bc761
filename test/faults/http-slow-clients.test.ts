// Clients that send too slowly, read too slowly, come in crowds or leave: each costs the listener a bounded amount.
import { afterEach, expect, test } from "vitest";
import { listen } from "../../src/adapters/http-listener/index.ts";
import type { ListenerLimits } from "../../src/adapters/http-listener/index.ts";
import { BodyAborted } from "../../src/ports/http-server.ts";
import type { HttpHandler, HttpListener } from "../../src/ports/http-server.ts";
import type { Log } from "../../src/ports/log.ts";
import { converse, rawConnection } from "../contracts/raw-connection.ts";

const open: HttpListener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close(0)));
});

async function start(handler: HttpHandler, limits: Partial<ListenerLimits>) {
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  const log: Log = { debug: () => undefined, info: say, warn: say, error: say };
  const listener = await listen({ host: "127.0.0.1", port: 0, handler, log, limits });
  open.push(listener);
  return { port: listener.port, said };
}

const hello: HttpHandler = () => ({ status: 200, headers: [], body: "hello" });

const TIMED_OUT =
  "HTTP/1.1 408 Request Timeout\r\nContent-Type: application/json\r\nContent-Length: 29\r\nConnection: close\r\n\r\n" +
  '{"message":"Request Timeout"}';

test("headers that do not arrive in time are 408", async () => {
  const { port } = await start(hello, { headersTimeoutMs: 60 });
  expect(await converse(port, "GET / HTTP/1.1\r\nHost: h\r\nX:")).toBe(TIMED_OUT);
});

test("headers that come a byte at a time have no more time for it", async () => {
  const { port } = await start(hello, { headersTimeoutMs: 100 });
  const connection = await rawConnection(port);
  connection.send("GET / HTTP/1.1\r\nHost: h\r\nX: ");
  const timer = setInterval(() => connection.send("a"), 10);
  expect(await connection.closed()).toBe(TIMED_OUT);
  clearInterval(timer);
});

test("a connection on which nothing but empty lines comes is idle", async () => {
  const { port } = await start(hello, { headersTimeoutMs: 100, keepAliveTimeoutMs: 100 });
  const connection = await rawConnection(port);
  const timer = setInterval(() => connection.send("\r\n"), 10);
  expect(await connection.closed()).toBe("");
  clearInterval(timer);
});

test("thousands of requests that are sent ahead are answered one after the other", async () => {
  let asked = 0;
  const { port } = await start(() => ({ status: 200, headers: [], body: String(asked++) }), {});
  const connections = await Promise.all(Array.from({ length: 70 }, () => rawConnection(port)));
  for (const connection of connections) connection.send("GET / HTTP/1.1\r\nHost:h\r\n\r\n".repeat(500));
  const last = await Promise.all(connections.map(async (connection) => {
    connection.send("GET / HTTP/1.1\r\nHost:h\r\nConnection:close\r\n\r\n");
    return (await connection.closed()).split("HTTP/1.1 200 OK").length - 1;
  }));
  expect(new Set(last)).toEqual(new Set([501]));
});

test("a body that does not arrive in time is 408, and its reader learns that the client is gone", async () => {
  let failure: unknown;
  const { port, said } = await start(
    async (request) => {
      failure = await request.readBody(10).catch((error: unknown) => error);
      throw failure;
    },
    { headersTimeoutMs: 60, requestTimeoutMs: 60 },
  );
  expect(await converse(port, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab")).toBe(TIMED_OUT);
  await expect.poll(() => failure).toBeInstanceOf(BodyAborted);
  expect(said).toEqual([]);
});

test("a connection that stays idle is closed", async () => {
  const { port } = await start(hello, { keepAliveTimeoutMs: 40 });
  const answer = await converse(port, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  expect(answer.endsWith("\r\n\r\nhello")).toBe(true);
});

test.each([
  ["a buffered answer", (): Buffer => Buffer.alloc(64 * 1024 * 1024)],
  [
    "a stream",
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(65_536);
    },
  ],
])("a client that reads nothing of %s loses its connection", async (_, body) => {
  let isGone = false;
  const { port } = await start(
    (request) => {
      request.signal.addEventListener("abort", () => (isGone = true));
      return { status: 200, headers: [], body: body() };
    },
    { stalledReaderMs: 80 },
  );
  const connection = await rawConnection(port);
  connection.socket.pause();
  connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  await expect.poll(() => isGone).toBe(true);
  connection.socket.destroy();
});

test("a client that reads slowly, but reads, gets its whole answer", async () => {
  const size = 8 * 1024 * 1024;
  const { port } = await start(() => ({ status: 200, headers: [], body: Buffer.alloc(size, 97) }), { stalledReaderMs: 1_000 });
  const connection = await rawConnection(port);
  let received = 0;
  connection.socket.on("data", (chunk) => {
    received += chunk.length;
    connection.socket.pause();
    // In all, well over the time that a reader may stall.
    setTimeout(() => connection.socket.resume(), 16);
  });
  connection.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  await connection.closed();
  expect(received).toBeGreaterThan(size);
});

test("a body that nobody wants is thrown away up to a limit, then its connection is cut", async () => {
  const { port } = await start(() => ({ status: 403, headers: [], body: "no" }), { discardBytes: 100_000 });
  const kept = await rawConnection(port);
  kept.send(`POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\n${"a".repeat(50_000)}`);
  kept.send("GET /again HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  expect((await kept.closed()).match(/HTTP\/1\.1 403 Forbidden/g)).toHaveLength(2);

  const flood = await rawConnection(port);
  flood.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  const chunk = `ffff\r\n${"a".repeat(0xffff)}\r\n`;
  const timer = setInterval(() => flood.send(chunk), 1);
  await flood.closed();
  clearInterval(timer);
});

test("connections past the limit are closed as they come, and the log says so once", async () => {
  const { port, said } = await start(hello, { connections: 2 });
  const first = await rawConnection(port);
  const second = await rawConnection(port);
  // Both are known to be accepted once they have been answered.
  for (const connection of [first, second]) {
    connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await connection.until(/hello/);
  }
  expect(await (await rawConnection(port)).closed()).toBe("");
  expect(await (await rawConnection(port)).closed()).toBe("");
  expect(said).toEqual(["connections are refused: as many are open as may be"]);
  first.socket.destroy();
  await expect
    .poll(async () => {
      const next = await rawConnection(port);
      next.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      return (await next.closed()).endsWith("hello");
    })
    .toBe(true);
});

test("a crowd that sends half a request and leaves does no harm", async () => {
  const { port, said } = await start(
    async (request) => ({ status: 200, headers: [], body: await request.readBody(1000) }),
    {},
  );
  for (const part of ["", "GET", "GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nab"]) {
    const crowd = await Promise.all(Array.from({ length: 20 }, () => rawConnection(port)));
    for (const connection of crowd) {
      if (part !== "") connection.send(part);
      connection.socket.resetAndDestroy();
    }
  }
  expect((await converse(port, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")).split("\r\n")[0]).toBe("HTTP/1.1 200 OK");
  expect(said).toEqual([]);
});
