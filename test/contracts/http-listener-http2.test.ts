// What HTTP/2 brings of its own: pseudo-headers, streams beside each other, and the ways to misuse them.
import { connect } from "node:http2";
import { expect, test } from "vitest";
import type { ListenerLimits } from "../../src/adapters/http-listener/index.ts";
import { BodyAborted } from "../../src/ports/http-server.ts";
import type { HttpHandler, HttpRequest, HttpResponse } from "../../src/ports/http-server.ts";
import { start as startListener, TLS } from "./http-listener-clients.ts";
import { ACK, END_HEADERS, END_STREAM, errorOf, fields, frame, frameConnection, GET, headers, POST, PREFACE, reset } from "./http2-frames.ts";
import type { Frame, FrameConnection } from "./http2-frames.ts";

const hello: HttpResponse = { status: 200, headers: ["Content-Type", "text/plain"], body: "hello" };

const start = (handler: HttpHandler, limits: Partial<ListenerLimits> = {}) => startListener(handler, limits, { tls: TLS });

const endOf = (stream: number) => (sent: Frame) => sent.stream === stream && (sent.type === "RST_STREAM" || (sent.flags & END_STREAM) !== 0);

/** The JSON body, or the name of the error, that a stream ends with. */
async function outcome(connection: FrameConnection, stream: number): Promise<string | undefined> {
  const last = await connection.until((sent) => endOf(stream)(sent) && sent.type !== "HEADERS");
  return last.type === "RST_STREAM" ? errorOf(last) : last.payload.toString();
}

const never: HttpHandler = () => new Promise<never>(() => undefined);

test.each<[string, readonly (readonly [string, string])[], readonly string[]]>([
  [":authority becomes Host", [...GET, ["x", "1"]], ["Host", "h", "x", "1"]],
  ["Host stands where there is no :authority", [...GET.filter(([name]) => name !== ":authority"), ["x", "1"], ["host", "b:81"]], ["Host", "b:81", "x", "1"]],
  ["an equal Host is no second one", [...GET, ["host", "H"], ["x", "1"]], ["Host", "h", "x", "1"]],
  ["crumbs of a cookie are one (RFC 9113, 8.2.3)", [...GET, ["cookie", "a=1"], ["x", "1"], ["cookie", "b=2"], ["cookie", "c=3"]], ["Host", "h", "cookie", "a=1; b=2; c=3", "x", "1"]],
  ["repeated headers stay apart", [...GET, ["x", "1"], ["x", "2"]], ["Host", "h", "x", "1", "x", "2"]],
])("headers as HTTP/1.1 would have them: %s", async (_, list, expected) => {
  let seen: HttpRequest | undefined;
  const { port } = await start((request) => {
    seen = request;
    return hello;
  });
  const connection = await frameConnection(port);
  connection.send(headers(1, list));
  expect(await outcome(connection, 1)).toBe("hello");
  expect(seen?.headers).toEqual(expected);
  connection.socket.destroy();
});

const without = (name: string) => GET.filter(([key]) => key !== name);
const withValue = (name: string, value: string): [string, string][] => GET.map(([key, old]) => [key, key === name ? value : old]);
const REFUSED = '{"message":"Bad Request"}';

test.each<[string, readonly (readonly [string, string])[], string]>([
  ["neither :authority nor Host", without(":authority"), "PROTOCOL_ERROR"],
  ["an :authority and another Host", [...GET, ["host", "other"]], REFUSED],
  ["two Hosts", [...without(":authority"), ["host", "a"], ["host", "a"]], "PROTOCOL_ERROR"],
  ["an :authority with user information", withValue(":authority", "a@h"), "PROTOCOL_ERROR"],
  ["an :authority with a path", withValue(":authority", "h/x"), "PROTOCOL_ERROR"],
  ["a Host with a path", [...without(":authority"), ["host", "h/x"]], "PROTOCOL_ERROR"],
  ["an :authority that is empty", withValue(":authority", ""), "PROTOCOL_ERROR"],
  ["a :path that is *", [[":method", "OPTIONS"], ...withValue(":path", "*").slice(1)], REFUSED],
  ["a :path that is a URL", withValue(":path", "http://h/"), "PROTOCOL_ERROR"],
  ["a :path with a blank", withValue(":path", "/a b"), "PROTOCOL_ERROR"],
  ["a :path with a fragment", withValue(":path", "/a#b"), REFUSED],
  ["no :path", without(":path"), "PROTOCOL_ERROR"],
  ["an empty :path", withValue(":path", ""), "PROTOCOL_ERROR"],
  ["no :method", without(":method"), "PROTOCOL_ERROR"],
  ["two :methods", [[":method", "GET"], ...GET], "PROTOCOL_ERROR"],
  ["no :scheme", without(":scheme"), "PROTOCOL_ERROR"],
  ["another scheme", withValue(":scheme", "ftp"), REFUSED],
  ["a pseudo-header of answers", [...GET, [":status", "200"]], "PROTOCOL_ERROR"],
  ["an unknown pseudo-header", [...GET, [":x", "200"]], "PROTOCOL_ERROR"],
  ["a pseudo-header behind a header", [...GET.slice(0, 3), ["x", "1"], [":path", "/"]], "PROTOCOL_ERROR"],
  ["a name in upper case", [...GET, ["X", "1"]], "PROTOCOL_ERROR"],
  ["Connection", [...GET, ["connection", "close"]], "PROTOCOL_ERROR"],
  ["Transfer-Encoding", [...GET, ["transfer-encoding", "chunked"]], "PROTOCOL_ERROR"],
  ["Upgrade", [...GET, ["upgrade", "websocket"]], "PROTOCOL_ERROR"],
  ["TE other than trailers", [...GET, ["te", "gzip"]], "PROTOCOL_ERROR"],
  ["two lengths", [...POST, ["content-length", "1"], ["content-length", "1"]], "PROTOCOL_ERROR"],
  ["a length that is no number", [...POST, ["content-length", "+1"]], "PROTOCOL_ERROR"],
  ["a length without a body", [...POST, ["content-length", "1"]], "PROTOCOL_ERROR"],
  ["CONNECT", [[":method", "CONNECT"], [":authority", "a:1"]], '{"message":"Method Not Allowed"}'],
])("what is no request never reaches the handler: %s", async (_, list, expected) => {
  let handled = 0;
  const { port } = await start(() => {
    handled++;
    return hello;
  });
  const connection = await frameConnection(port);
  connection.send(headers(1, list), headers(3));
  expect(await outcome(connection, 1)).toBe(expected);
  // The connection itself goes on.
  expect(await outcome(connection, 3)).toBe("hello");
  expect(handled).toBe(1);
  connection.socket.destroy();
});

test.each([
  ["a blank in a name", ["x y", "1"]],
  ["an empty name", ["", "1"]],
  ["a line break in a value", ["x", "1\r\ny: 2"]],
  ["a NUL in a value", ["x", "a\0b"]],
] as const)("nghttp2 leaves out a field that HTTP does not allow, and the request goes on: %s", async (_, bad) => {
  let seen: HttpRequest | undefined;
  const { port } = await start((request) => {
    seen = request;
    return hello;
  });
  const connection = await frameConnection(port);
  connection.send(headers(1, [...GET, ["a", "1"], bad, ["z", "2"]]));
  expect(await outcome(connection, 1)).toBe("hello");
  expect(seen?.headers).toEqual(["Host", "h", "a", "1", "z", "2"]);
  connection.socket.destroy();
});

test.each([
  ["more than the length says", Buffer.concat([frame("DATA", 0, 1, "ab"), frame("DATA", END_STREAM, 1, "cdef")])],
  ["less than the length says", frame("DATA", END_STREAM, 1, "ab")],
  ["a reset in the middle", Buffer.concat([frame("DATA", 0, 1, "ab"), reset(1)])],
  ["a reset in the middle that says that nothing is wrong", Buffer.concat([frame("DATA", 0, 1, "ab"), reset(1, 0)])],
])("a body is not taken for whole: %s", async (_, rest) => {
  let outcomeOfBody: unknown;
  let arrived = false;
  const { port } = await start(async (request) => {
    arrived = true;
    outcomeOfBody = await request.readBody(100).catch((error: unknown) => error);
    return hello;
  });
  const connection = await frameConnection(port);
  connection.send(headers(1, [...POST, ["content-length", "5"]], 0));
  await expect.poll(() => arrived).toBe(true);
  connection.send(rest);
  await expect.poll(() => outcomeOfBody).toBeInstanceOf(BodyAborted);
  connection.socket.destroy();
});

test("a reset without a length in the middle of a body is not its end", async () => {
  let outcomeOfBody: unknown;
  const { port } = await start(async (request) => {
    outcomeOfBody = await request.readBody(100).catch((error: unknown) => error);
    return hello;
  });
  const connection = await frameConnection(port);
  connection.send(headers(1, POST, 0), frame("DATA", 0, 1, "ab"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  connection.send(reset(1, 0));
  await expect.poll(() => outcomeOfBody).toBeInstanceOf(BodyAborted);
  connection.socket.destroy();
});

test("an answer has neither fields of a connection nor blanks around its values (RFC 9113, 8.2)", async () => {
  const given = ["Connection", "X-Hop", "Proxy-Connection", "close", "Upgrade", "h2c", "TE", "trailers", "HTTP2-Settings", "x", "X-Kept", " \ta b\t "];
  const { port } = await start(() => ({ status: 200, headers: given, body: "" }));
  const session = connect(`https://localhost:${port}`, { rejectUnauthorized: false });
  const stream = session.request();
  const answered = await new Promise<Record<string, unknown>>((resolve) => stream.on("response", (head) => resolve(head)));
  const { date, ...rest } = Object.fromEntries(Object.entries(answered));
  expect(rest).toEqual({ ":status": 200, "x-kept": "a b", "content-length": "0" });
  expect(date).toMatch(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/);
  session.destroy();
});

test("requests of one connection are answered beside each other, a large answer not before a small one", async () => {
  const large = Buffer.alloc(20_000_000);
  const { port } = await start((request) => ({ ...hello, body: request.target === "/large" ? large : "small" }));
  const session = connect(`https://localhost:${port}`, { rejectUnauthorized: false });
  // Nobody reads these: their windows fill up, and theirs alone.
  const unread = Array.from({ length: 10 }, () => session.request({ ":path": "/large" }));
  await Promise.all(unread.map((stream) => new Promise((resolve) => stream.once("response", resolve))));
  const small = session.request({ ":path": "/small" });
  let body = "";
  for await (const chunk of small) body += String(chunk);
  expect(body).toBe("small");
  session.destroy();
});

test("streams past the limit are refused, and may be sent again", async () => {
  const { port } = await start(never, { concurrentStreams: 2 });
  const connection = await frameConnection(port);
  connection.send(headers(1), headers(3), headers(5));
  expect(await outcome(connection, 5)).toBe("REFUSED_STREAM");
  connection.socket.destroy();
});

test("streams that are reset while their handlers work count on until these are done", async () => {
  let running = 0;
  const { port } = await start(
    () => {
      running++;
      return new Promise<never>(() => undefined);
    },
    { concurrentStreams: 4 },
  );
  const connection = await frameConnection(port);
  for (let i = 0; i < 8; i++) {
    connection.send(headers(1 + 2 * i));
    await expect.poll(() => running).toBe(i + 1);
    connection.send(reset(1 + 2 * i));
  }
  connection.send(headers(101));
  expect(await outcome(connection, 101)).toBe("REFUSED_STREAM");
  expect(running).toBe(8);
  connection.socket.destroy();
});

test("a stream that is reset at once reaches no handler, and a rapid series of them ends the connection (CVE-2023-44487)", async () => {
  let handled = 0;
  const { port, errors } = await start(() => {
    handled++;
    return hello;
  });
  const connection = await frameConnection(port);
  for (let i = 0; i < 1000; i++) connection.send(headers(1 + 2 * i), reset(1 + 2 * i));
  const all = await connection.closed();
  expect(all.filter(({ type }) => type === "GOAWAY").map(errorOf)).toContain("INTERNAL_ERROR");
  expect(handled).toBeLessThan(1000);
  expect(errors()).toEqual([]);
});

test.each([
  ["pings", frame("PING", 0, 0, "12345678")],
  ["settings", frame("SETTINGS", 0, 0)],
])("a flood of %s ends the connection", async (_, one) => {
  const { port, events } = await start(() => hello);
  const connection = await frameConnection(port);
  for (let i = 0; i < 20; i++) connection.send(...Array.from({ length: 100 }, () => one));
  const all = await connection.closed();
  // The farewell is lost when the rest of the flood meets a closed socket.
  for (const farewell of all.filter(({ type }) => type === "GOAWAY")) expect(errorOf(farewell)).toBe("ENHANCE_YOUR_CALM");
  expect(events.map(({ fields: said }) => said?.["reason"])).toContain("more pings and settings than requests need");
});

test("headers without end end the connection", async () => {
  const { port } = await start(() => hello);
  const connection = await frameConnection(port);
  connection.send(frame("HEADERS", END_STREAM, 1, fields(...GET)));
  for (let i = 0; i < 50; i++) connection.send(frame("CONTINUATION", 0, 1, fields(["x", "a".repeat(100)])));
  const all = await connection.closed();
  expect(all.some(({ type }) => type === "GOAWAY")).toBe(true);
});

test.each([
  ["", [frame("SETTINGS", ACK, 0)], "ENHANCE_YOUR_CALM"],
  [", also of a client that does not acknowledge the limit", [], '{"message":"Request Header Fields Too Large"}'],
])("headers past twice the limit, as compression can make them, cost a stream and reach nobody%s", async (_, acknowledged, expected) => {
  let handled = 0;
  const { port } = await start(
    () => {
      handled++;
      return hello;
    },
    { headerBytes: 4_000 },
  );
  const connection = await frameConnection(port);
  // The first field enters the table of the connection, each byte after it repeats it (RFC 7541, section 6.1).
  const bomb = Buffer.concat([fields(...GET), Buffer.of(0x40), fields(["x", "a".repeat(1000)]).subarray(1), Buffer.alloc(500, 0x80 | 62)]);
  connection.send(...acknowledged, frame("HEADERS", END_HEADERS | END_STREAM, 1, bomb), headers(3));
  expect(await outcome(connection, 1)).toBe(expected);
  expect(await outcome(connection, 3)).toBe("hello");
  expect(handled).toBe(1);
  connection.socket.destroy();
});

test("a connection without requests is ended after its time, whatever else it sends", async () => {
  const { port } = await start(() => hello, { keepAliveTimeoutMs: 60 });
  const silent = await frameConnection(port, false);
  const idle = await frameConnection(port);
  idle.send(headers(1));
  expect(await outcome(idle, 1)).toBe("hello");
  const dripping = await frameConnection(port);
  const half = headers(1);
  let at = 0;
  const drip = setInterval(() => dripping.send(half.subarray(at, ++at)), 10);
  await silent.closed();
  expect((await idle.closed()).filter(({ type }) => type === "GOAWAY").map(errorOf)).toEqual(["NO_ERROR"]);
  await dripping.closed();
  clearInterval(drip);
});

test("bytes that are not HTTP/2 end the connection", async () => {
  const { port, errors } = await start(() => hello);
  const connection = await frameConnection(port, false);
  connection.send(Buffer.from("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  await connection.closed();
  expect(errors()).toEqual([]);
});

test("a frame that breaks the protocol ends the connection, and the work on it is told", async () => {
  let signal: AbortSignal | undefined;
  const { port } = await start((request) => {
    ({ signal } = request);
    return new Promise<never>(() => undefined);
  });
  const connection = await frameConnection(port);
  connection.send(headers(1));
  await expect.poll(() => signal).toBeDefined();
  connection.send(frame("DATA", 0, 2, "x"));
  await connection.closed();
  await expect.poll(() => signal?.aborted).toBe(true);
});

test("closing says farewell with GOAWAY, refuses what comes later and lets the rest finish", async () => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let handled = 0;
  const { port, listener } = await start(async () => {
    handled++;
    await released;
    return hello;
  });
  const idle = await frameConnection(port);
  const busy = await frameConnection(port);
  busy.send(headers(1));
  await expect.poll(() => handled).toBe(1);
  const closing = listener.close(60_000);
  expect((await idle.closed()).map(({ type }) => type)).toContain("GOAWAY");
  const farewell = await busy.until(({ type }) => type === "GOAWAY");
  expect([errorOf(farewell), farewell.payload.readUInt32BE(0)]).toEqual(["NO_ERROR", 1]);
  busy.send(headers(3));
  release();
  expect(await outcome(busy, 1)).toBe("hello");
  await busy.closed();
  await closing;
  expect(handled).toBe(1);
});

test("a client may begin with its preface in pieces", async () => {
  const { port } = await start(() => hello);
  const connection = await frameConnection(port, false);
  for (const byte of Buffer.concat([PREFACE, frame("SETTINGS", 0, 0), headers(1)])) connection.send(Buffer.of(byte));
  expect(await outcome(connection, 1)).toBe("hello");
  connection.socket.destroy();
});

test("a server's push is not offered, and what limits a client is told to it", async () => {
  const { port } = await start(() => hello, { concurrentStreams: 7, headerBytes: 5_000 });
  const session = connect(`https://localhost:${port}`, { rejectUnauthorized: false });
  const settings = await new Promise<Record<string, unknown>>((resolve) => session.on("remoteSettings", (told) => resolve({ ...told })));
  expect(settings).toMatchObject({ maxConcurrentStreams: 7, maxHeaderListSize: 10_000, initialWindowSize: 262_144, enableConnectProtocol: false });
  session.destroy();
});

test("closing does not wait for a client that does not close", async () => {
  let arrived = 0;
  const { port, listener } = await start(() => {
    arrived++;
    return new Promise<never>(() => undefined);
  });
  const connection = await frameConnection(port);
  connection.send(headers(1), headers(3));
  await expect.poll(() => arrived).toBe(2);
  connection.socket.pause();
  await listener.close(20);
  connection.socket.destroy();
  await expect(frameConnection(port)).rejects.toThrow("ECONNREFUSED");
});
