// What the own client does beyond the contract of all clients: it resumes TLS sessions, looks names up seldom, and reads what
// real servers send.
import { readFileSync } from "node:fs";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import type { UpstreamRequest } from "../../ports/http-client.ts";
import { createHttpClient } from "./index.ts";

const TLS = new URL("../../../test/contracts/tls/", import.meta.url);
const key = readFileSync(new URL("localhost-key.pem", TLS));
const cert = readFileSync(new URL("localhost-cert.pem", TLS));

const cleanUps: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

function client() {
  const made = createHttpClient();
  cleanUps.push(() => made.close());
  return made;
}

const get = (origin: string, more: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  method: "GET",
  origin,
  path: "/",
  headers: [],
  body: undefined,
  timeoutMs: 5_000,
  responseLimit: 1_000_000,
  ...more,
});

describe("TLS sessions", () => {
  /** A server that ends each connection after its answer, and notes which of them resumed a session. */
  async function closingServer(): Promise<{ readonly origin: string; readonly resumed: boolean[] }> {
    const resumed: boolean[] = [];
    const server = createTlsServer({ key, cert }, (socket) => {
      resumed.push(socket.isSessionReused());
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));
    });
    return { origin: `https://localhost:${await listening(server)}`, resumed };
  }

  test("are resumed by the next connection to the same origin", async () => {
    const before = getCACertificates("default");
    setDefaultCACertificates([...before, cert.toString()]);
    cleanUps.push(() => setDefaultCACertificates(before));
    const { origin, resumed } = await closingServer();
    const made = client();
    for (let i = 0; i < 3; i++) expect((await made.request(get(origin))).body.toString()).toBe("ok");
    expect(resumed).toEqual([false, true, true]);
  });

  test("are not where certificates that nobody vouches for are taken: each shows what is to be checked", async () => {
    const { origin, resumed } = await closingServer();
    const made = client();
    for (let i = 0; i < 2; i++) expect((await made.request(get(origin, { insecure: true }))).body.toString()).toBe("ok");
    expect(resumed).toEqual([false, false]);
  });
});

test("connections that replace dead ones count like others, and end with the client", async () => {
  const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  const sockets = new Set<Socket>();
  const held: Socket[] = [];
  let accepted = 0;
  const server = createTcpServer((socket) => {
    let requests = 0;
    accepted++;
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    const isFirst = accepted === 1;
    socket.on("data", (request) => {
      if (isFirst && ++requests === 2) socket.resetAndDestroy();
      else if (request.includes("/held")) held.push(socket);
      else socket.write(OK);
    });
  });
  const origin = `http://127.0.0.1:${await listening(server)}`;
  const made = createHttpClient({ connectionsPerOrigin: 1, queuePerOrigin: 0 });
  await made.request(get(origin));
  const replaced = made.request(get(origin, { path: "/held" }));
  await expect.poll(() => held.length).toBe(1);
  // There is room for no other connection, and none in the queue.
  await expect(made.request(get(origin, { path: "/next" }))).rejects.toThrow("0 requests wait for a connection already");
  held[0]?.write(OK);
  await replaced;
  await made.request(get(origin, { path: "/next" }));
  expect(accepted).toBe(2);
  await made.close();
  await expect.poll(() => sockets.size).toBe(0);
});

// A request is written at the end of the loop's turn; what the turn brings before may be the end of its connection.
test.each(["ends", "brings what nobody asked for"])("a request that was not written when its connection %s goes over another, whatever its method", async (what) => {
  const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  const sockets: Socket[] = [];
  const requests: string[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    socket.on("data", (request) => {
      requests.push(`${sockets.indexOf(socket)} ${request.toString("latin1", 0, request.indexOf(" "))}`);
      socket.write(OK);
    });
  });
  const origin = `http://127.0.0.1:${await listening(server)}`;
  const made = client();
  await made.request(get(origin));
  // Both before the loop reads again.
  const second = await new Promise((resolve) => {
    setImmediate(() => {
      if (what === "ends") sockets[0]?.resetAndDestroy();
      else sockets[0]?.write(OK);
      resolve(made.request(get(origin, { method: "POST", body: Buffer.from("x") })));
    });
  });
  expect(second).toEqual({ status: 200, headers: ["Content-Length", "2"], body: Buffer.from("ok") });
  expect(requests).toEqual(["0 GET", "1 POST"]);
});

// As they came off the wire, names of machines and times aside.
describe("responses as real servers send them", () => {
  test.each<[string, string, { status: number; body: string; headers: number }]>([
    [
      "nginx",
      'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sun, 22 Nov 2026 15:00:00 GMT\r\nContent-Type: application/json\r\nContent-Length: 13\r\nConnection: keep-alive\r\n\r\n{"data":"xx"}',
      { status: 200, body: '{"data":"xx"}', headers: 5 },
    ],
    [
      "nginx, from a file",
      'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sun, 22 Nov 2026 15:00:00 GMT\r\nContent-Type: text/html\r\nLast-Modified: Sat, 21 Nov 2026 10:00:00 GMT\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\nETag: W/"6740"\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
      { status: 200, body: "hello", headers: 7 },
    ],
    [
      "Python's http.server",
      "HTTP/1.0 404 File not found\r\nServer: SimpleHTTP/0.6 Python/3.11.2\r\nDate: Sun, 22 Nov 2026 15:00:00 GMT\r\nConnection: close\r\nContent-Type: text/html;charset=utf-8\r\nContent-Length: 4\r\n\r\nnone",
      { status: 404, body: "none", headers: 5 },
    ],
    [
      "Werkzeug",
      "HTTP/1.1 200 OK\r\nServer: Werkzeug/3.1.3 Python/3.11.2\r\nDate: Sun, 22 Nov 2026 15:00:00 GMT\r\nx-amzn-RequestId: abc\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
      { status: 200, body: "{}", headers: 6 },
    ],
    [
      "Node.js",
      "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 15:00:00 GMT\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n",
      { status: 200, body: "onetwo", headers: 4 },
    ],
    [
      "a server that says to go on although nobody asked",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n",
      { status: 201, body: "", headers: 1 },
    ],
  ])("%s", async (_, bytes, expected) => {
    const server = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", () => socket.write(bytes, "latin1", () => (bytes.includes("close") ? socket.end() : undefined)));
    });
    const origin = `http://127.0.0.1:${await listening(server)}`;
    const made = client();
    for (let i = 0; i < 2; i++) {
      const { status, headers, body } = await made.request(get(origin, { method: "POST", body: Buffer.from("x") }));
      expect({ status, body: body.toString("latin1"), headers: headers.length / 2 }).toEqual(expected);
    }
  });
});
