// How a WebSocket begins, byte for byte: what is a handshake, what refuses one, and what becomes of a client that leaves.
import { once } from "node:events";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { converse, rawConnection } from "./raw-connection.ts";
import { HANDSHAKE, KEY, accepted, frame, rawWebSocket, serve } from "./websocket-clients.ts";
import { TLS } from "./http-listener-clients.ts";

const whole = (head: string, body = ""): string => `${head.trim().split("\n").map((line) => line.trim()).join("\r\n")}\r\n\r\n${body}`;

const ACCEPTED = whole(`
  HTTP/1.1 101 Switching Protocols
  Date: Fri, 02 Jan 2026 03:04:05 GMT
  Connection: upgrade
  Upgrade: websocket
  Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=`);

const withoutDate = (answer: string): string => answer.replace(/Date: [^\r]*\r\n/, "");

/** A handshake with other headers in place of some, or without them. */
function handshake(changed: Readonly<Record<string, string | string[] | undefined>>, line = "GET /chat HTTP/1.1"): string {
  const headers: Record<string, string | string[] | undefined> = {
    Host: "h",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
    ...changed,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [value].flat().map((each) => `${name}: ${each}`)));
  return `${[line, ...lines].join("\r\n")}\r\n\r\n`;
}

test("a handshake is accepted with the proof of RFC 6455, section 1.3", async () => {
  const { port, requests } = await serve();
  const connection = await rawConnection(port);
  connection.send(HANDSHAKE);
  expect(await connection.until(/\r\n\r\n$/)).toBe(ACCEPTED);
  const [request] = requests;
  expect(request?.method).toBe("GET");
  expect(request?.target).toBe("/chat");
  expect(request?.protocol).toBe("HTTP/1.1");
  expect(request?.encrypted).toBe(false);
  expect(request?.remoteAddress).toBe("127.0.0.1");
  expect(request?.hasBody).toBe(false);
  expect(request?.headers.slice(0, 6)).toEqual(["Host", "h", "Connection", "Upgrade", "Upgrade", "websocket"]);
  connection.socket.destroy();
});

test.each([
  ["names and values in any case", { Connection: undefined, connection: "keep-alive, UPGRADE", Upgrade: "WebSocket" }],
  ["one of several protocols", { Upgrade: "h2c, websocket" }],
  ["a browser's own", { Origin: "http://elsewhere.example", "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" }],
  ["offered subprotocols that nobody answers", { "Sec-WebSocket-Protocol": ["chat, superchat", "v2.chat"] }],
])("a handshake is accepted with %s", async (_, changed) => {
  const { port } = await serve();
  const connection = await rawConnection(port);
  connection.send(handshake(changed));
  expect(await connection.until(/\r\n\r\n$/)).toBe(ACCEPTED);
  connection.socket.destroy();
});

test("the answer has the subprotocol and the owner's headers, but none that is the listener's own", async () => {
  const own = ["connection", "close", "Upgrade", "h2c", "Date", "now", "Content-Length", "9", "Transfer-Encoding", "chunked", "Sec-WebSocket-Accept", "x"];
  const { port } = await serve({ connect: () => Promise.resolve(accepted(["X-A", "1", ...own, "x-a", "\xe4"], "v2.chat")) });
  const connection = await rawConnection(port);
  connection.send(handshake({ "Sec-WebSocket-Protocol": "chat, v2.chat" }));
  expect(await connection.until(/\r\n\r\n$/)).toBe(`${ACCEPTED.slice(0, -2)}Sec-WebSocket-Protocol: v2.chat\r\nX-A: 1\r\nx-a: \xe4\r\n\r\n`);
  connection.socket.destroy();
});

// API Gateway compresses no messages.
test("no extension is agreed to, and ws speaks without", async () => {
  const { port } = await serve();
  const client = new WebSocket(`ws://127.0.0.1:${port}/chat`, ["a", "b"], { perMessageDeflate: true });
  const failed = once(client, "error");
  // It has offered subprotocols, and none was answered.
  expect(String(await failed)).toContain("Server sent no subprotocol");
  const plain = new WebSocket(`ws://127.0.0.1:${port}/chat`, { perMessageDeflate: true });
  await once(plain, "open");
  expect([plain.extensions, plain.protocol]).toEqual(["", ""]);
  plain.terminate();
});

const BAD_REQUEST = whole(
  `HTTP/1.1 400 Bad Request
   Content-Type: application/json
   Content-Length: 25
   Connection: close`,
  '{"message":"Bad Request"}',
);

const OTHER_VERSION = whole(
  `HTTP/1.1 426 Upgrade Required
   Content-Type: application/json
   Upgrade: websocket
   Sec-WebSocket-Version: 13
   Content-Length: 30
   Connection: close`,
  '{"message":"Upgrade Required"}',
);

test.each([
  ["an older version", { "Sec-WebSocket-Version": "8" }, OTHER_VERSION],
  ["two versions", { "Sec-WebSocket-Version": ["13", "13"] }, OTHER_VERSION],
  ["no version", { "Sec-WebSocket-Version": undefined }, BAD_REQUEST],
  ["no key", { "Sec-WebSocket-Key": undefined }, BAD_REQUEST],
  ["an empty key", { "Sec-WebSocket-Key": "" }, BAD_REQUEST],
  ["a key of 15 bytes", { "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAA" }, BAD_REQUEST],
  ["a key that is no Base64", { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25j-Q==" }, BAD_REQUEST],
  ["a key with stray bits", { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZR==" }, BAD_REQUEST],
  ["two keys", { "Sec-WebSocket-Key": [KEY, KEY] }, BAD_REQUEST],
  ["a subprotocol that is no token", { "Sec-WebSocket-Protocol": "a b" }, BAD_REQUEST],
  ["an empty subprotocol", { "Sec-WebSocket-Protocol": "a,,b" }, BAD_REQUEST],
  ["a subprotocol twice", { "Sec-WebSocket-Protocol": ["a", "b, a"] }, BAD_REQUEST],
])("a handshake is refused for %s", async (_, changed, expected) => {
  const { port, requests, heard } = await serve();
  expect(withoutDate(await converse(port, handshake(changed)))).toBe(expected);
  expect([requests, heard]).toEqual([[], []]);
});

test("what is wrong with any request is wrong with a handshake", async () => {
  const { port, requests } = await serve();
  const answers = await Promise.all([
    converse(port, handshake({ Host: undefined })),
    converse(port, handshake({ Host: ["a", "b"] })),
    converse(port, handshake({}, "GET /a#b HTTP/1.1")),
  ]);
  expect(answers.map(withoutDate)).toEqual([BAD_REQUEST, BAD_REQUEST, BAD_REQUEST]);
  expect(requests).toEqual([]);
});

const PLAIN = whole("HTTP/1.1 200 OK\nContent-Length: 5\nConnection: close", "plain");

test.each([
  ["another method", handshake({ "Content-Length": "0" }, "POST /chat HTTP/1.1")],
  ["another protocol", handshake({ Upgrade: "h2c" })],
  ["no wish to upgrade the connection", handshake({ Connection: "close" })],
  ["HTTP/1.0", handshake({}, "GET /chat HTTP/1.0")],
  ["a body", `${handshake({ "Content-Length": "3" })}abc`],
  ["a path that is not for a WebSocket API", handshake({}, "GET /other HTTP/1.1")],
])("a request with %s is none for a WebSocket", async (_, bytes) => {
  const { port, requests } = await serve({ isFor: ({ target }) => target === "/chat" });
  expect(withoutDate(await converse(port, bytes))).toBe(PLAIN);
  expect(requests).toEqual([]);
});

test("a handler that cannot tell leaves the request to others, and the log says why", async () => {
  const { port, errors } = await serve({
    isFor: () => {
      throw new Error("broken");
    },
  });
  expect(withoutDate(await converse(port, HANDSHAKE))).toBe(PLAIN);
  expect(errors()).toMatchObject([{ message: "a handshake was not recognized", error: new Error("broken") }]);
});

test("a connection that has been used for requests may become a WebSocket, behind all its answers", async () => {
  const { port, requests } = await serve();
  const used = await rawConnection(port);
  used.send(`GET / HTTP/1.1\r\nHost: h\r\n\r\n${HANDSHAKE}`);
  expect(await used.until(/101 [^]*\r\n\r\n$/)).toMatch(/^HTTP\/1\.1 200 [^]*plainHTTP\/1\.1 101 /);
  used.socket.destroy();
  expect(requests).toHaveLength(1);
});

test("node:http: a connection that has been used may become a WebSocket, but not before all its answers", async () => {
  const { port, requests } = await serve({ options: { http1: "node" } });
  const both = await converse(port, `GET / HTTP/1.1\r\nHost: h\r\n\r\n${HANDSHAKE}`);
  expect(both.match(/HTTP\/1\.1 \d+|plain/g)).toEqual(["HTTP/1.1 200", "plain", "HTTP/1.1 200", "plain"]);
  expect(requests).toHaveLength(0);
  const used = await rawConnection(port);
  used.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  await used.until(/plain$/);
  used.send(HANDSHAKE);
  expect(await used.until(/\r\n\r\n$/)).toMatch(/plainHTTP\/1\.1 101 /);
  used.socket.destroy();
  expect(requests).toHaveLength(1);
});

test.each([
  [{ status: 403, headers: ["Content-Type", "application/json"], body: '{"message":"Forbidden"}' }, "HTTP/1.1 403 Forbidden\nContent-Type: application/json\nContent-Length: 23", '{"message":"Forbidden"}'],
  [{ status: 401, headers: ["X-A", "1", "x-a", "2"], body: "" }, "HTTP/1.1 401 Unauthorized\nX-A: 1\nx-a: 2\nContent-Length: 0", ""],
  [{ status: 599, headers: [], body: Buffer.from([0, 255]) }, "HTTP/1.1 599 unknown\nContent-Length: 2", "\0\xff"],
])("a handshake is refused with the owner's answer: %j", async (answer, head, body) => {
  for (const connect of [() => answer, () => Promise.resolve(answer)]) {
    const { port, heard } = await serve({ connect });
    expect(withoutDate(await converse(port, HANDSHAKE))).toBe(whole(`${head}\nConnection: close`, body));
    expect(heard).toEqual([]);
  }
});

test("a refusal may be a stream", async () => {
  let isEnded = false;
  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      for (let i = 0; i < 3; i++) yield Buffer.from(String(i));
    } finally {
      isEnded = true;
    }
  }
  const { port } = await serve({ connect: () => Promise.resolve({ status: 500, headers: [], body: chunks() }) });
  expect(await converse(port, HANDSHAKE)).toMatch(/^HTTP\/1\.1 500 .*\r\n\r\n1\r\n0\r\n1\r\n1\r\n1\r\n2\r\n0\r\n\r\n$/s);
  expect(isEnded).toBe(true);
});

test("a client that takes nothing of a refusal is cut off", async () => {
  const { port, requests } = await serve({
    connect: () => ({ status: 403, headers: [], body: Buffer.alloc(20_000_000) }),
    options: { limits: { stalledReaderMs: 50 } },
  });
  const connection = await rawConnection(port);
  connection.socket.pause();
  connection.send(HANDSHAKE);
  await expect.poll(() => requests[0]?.signal.aborted).toBe(true);
  connection.socket.destroy();
});

const FAILED = whole("HTTP/1.1 500 Internal Server Error\nContent-Type: application/json\nContent-Length: 35\nConnection: close", '{"message":"Internal server error"}');

test.each<[string, () => never]>([
  ["at once", () => { throw new Error("broken"); }],
  ["later", (() => Promise.reject(new Error("broken"))) as () => never],
])("a handler that fails %s is a 500, its cause in the log", async (_, connect) => {
  const { port, errors } = await serve({ connect });
  expect(withoutDate(await converse(port, HANDSHAKE))).toBe(FAILED);
  expect(errors()).toMatchObject([{ message: "a request was not answered", error: new Error("broken"), fields: { path: "/chat" } }]);
});

test.each([
  ["a line break in a header", accepted(["X", "a\r\nb"])],
  ["a name that is none", accepted(["X Y", "a"])],
  ["a subprotocol that is no token", accepted([], "a, b")],
])("an acceptance that cannot be sent is a 500, and its connection is opened closed: %s", async (_, decision) => {
  const { port, heard, connections, errors } = await serve({ connect: () => decision });
  expect(withoutDate(await converse(port, HANDSHAKE))).toBe(FAILED);
  expect(heard).toEqual(["opened", 'closed 1006 "" by server']);
  expect([connections[0]?.isOpen, connections[0]?.send("x")]).toEqual([false, false]);
  expect(errors()).toHaveLength(1);
});

test.each([
  ["hangs up", false],
  ["resets the connection", true],
])("a client that %s before the decision: the signal says so, and its connection is opened closed", async (_, isReset) => {
  let decide = (): void => undefined;
  const { port, requests, heard, until } = await serve({
    connect: () => new Promise((resolve) => (decide = () => resolve(accepted()))),
  });
  const connection = await rawConnection(port);
  connection.send(HANDSHAKE);
  await expect.poll(() => requests.length).toBe(1);
  const signal = requests[0]?.signal as AbortSignal;
  const aborted = once(signal, "abort");
  if (isReset) connection.socket.resetAndDestroy();
  else connection.socket.end();
  await aborted;
  decide();
  await until(() => heard.length === 2);
  expect(heard).toEqual(["opened", 'closed 1006 "" by client']);
});

test("the request of a WebSocket that has ended later was answered: its signal is not aborted", async () => {
  const { port, requests, heard, until } = await serve();
  const client = await rawWebSocket(port);
  const signal = requests[0]?.signal as AbortSignal;
  client.socket.destroy();
  await until(() => heard.length === 2);
  expect(signal.aborted).toBe(false);
});

test("frames that come together with the handshake, or while it is decided of, are read once it is open", async () => {
  let decide = (): void => undefined;
  const { port, requests, heard, until } = await serve({
    connect: () => new Promise((resolve) => (decide = () => resolve(accepted()))),
  });
  const connection = await rawConnection(port);
  connection.send(Buffer.concat([Buffer.from(HANDSHAKE), frame("text", "one"), frame("text", "two").subarray(0, 4)]));
  await expect.poll(() => requests.length).toBe(1);
  connection.send(Buffer.concat([frame("text", "two").subarray(4), frame("text", "three")]));
  expect(heard).toEqual([]);
  decide();
  await until(() => heard.length === 4);
  expect(heard).toEqual(["opened", 'text "one"', 'text "two"', 'text "three"']);
  connection.socket.destroy();
});

test.each([
  ["alone", ""],
  ["behind a request", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"],
])("frames that come together with a handshake that is accepted at once are read, too: %s", async (_, before) => {
  const { port, heard, until } = await serve();
  const connection = await rawConnection(port);
  connection.send(Buffer.concat([Buffer.from(before + HANDSHAKE), frame("text", "one"), frame("text", "two").subarray(0, 4)]));
  await until(() => heard.length === 2);
  connection.send(frame("text", "two").subarray(4));
  await until(() => heard.length === 3);
  expect(heard).toEqual(["opened", 'text "one"', 'text "two"']);
  connection.socket.destroy();
});

test("many handshakes are decided of beside each other, in any order", async () => {
  const decide: (() => void)[] = [];
  const { port, heard, until } = await serve({
    connect: ({ target }) =>
      new Promise((resolve) => {
        decide.push(() => resolve(target.endsWith("0") ? { status: 403, headers: [], body: "" } : accepted()));
      }),
  });
  const clients = Array.from({ length: 200 }, (_, i) => new WebSocket(`ws://127.0.0.1:${port}/${i}`));
  const outcomes = clients.map(
    (client) =>
      new Promise<string>((resolve) => {
        client.on("open", () => client.send("x"));
        client.on("message", () => resolve("echo"));
        client.on("error", (error) => resolve(error.message));
      }),
  );
  await expect.poll(() => decide.length).toBe(200);
  for (const each of decide.toReversed()) each();
  expect(await Promise.all(outcomes)).toEqual(clients.map((_, i) => (i % 10 === 0 ? "Unexpected server response: 403" : "echo")));
  for (const client of clients) client.terminate();
  await until(() => heard.filter((what) => what.startsWith("closed")).length === 180);
});

test("over TLS", async () => {
  const { port, requests } = await serve({ options: { tls: TLS } });
  const client = await rawWebSocket(port, { tls: true });
  client.send("hello");
  expect(await client.next(1)).toEqual(['text "hello"']);
  expect(requests[0]?.encrypted).toBe(true);
  client.socket.destroy();
  const spoken = new WebSocket(`wss://localhost:${port}/`, { rejectUnauthorized: false });
  await once(spoken, "open");
  spoken.send("again");
  const [data] = (await once(spoken, "message")) as [Buffer];
  expect(String(data)).toBe("again");
  spoken.terminate();
});
