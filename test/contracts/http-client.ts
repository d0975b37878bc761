// What every HTTP client must do, against servers that speak in plain bytes.
import { readFileSync } from "node:fs";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import type { TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { UpstreamError } from "../../src/ports/http-client.ts";
import type { HttpClient, UpstreamRequest, UpstreamResponse } from "../../src/ports/http-client.ts";
import { targetsContract } from "./http-client-targets.ts";

/** The settings that the suite varies. */
export interface ClientSettings {
  readonly allowMetadataAddresses?: boolean;
  readonly denied?: readonly string[];
  readonly connectionsPerOrigin?: number;
  readonly queuePerOrigin?: number;
  readonly connectTimeoutMs?: number;
  readonly keepAliveMs?: number;
  readonly headerBytes?: number;
}

const KEY = readFileSync(new URL("tls/localhost-key.pem", import.meta.url));
const CERTIFICATE = readFileSync(new URL("tls/localhost-cert.pem", import.meta.url));
const EXPIRED = readFileSync(new URL("tls/localhost-expired-cert.pem", import.meta.url));

/** Answers one request: its bytes as text, one character a byte. */
type Answer = (request: string, socket: Socket, nth: number) => void;

interface RawServer {
  readonly origin: string;
  readonly port: number;
  /** The requests received, as text, one character a byte. */
  readonly requests: string[];
  readonly sockets: Set<Socket>;
  readonly accepted: () => number;
}

const cleanUps: (() => Promise<void>)[] = [];

/** Takes whole requests off the connections and has each answered. */
async function rawServer(answer: Answer, tls = false, cert = CERTIFICATE): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let accepted = 0;
  const onSocket = (socket: Socket): void => {
    accepted++;
    sockets.add(socket);
    let pending = "";
    // A client that cuts a connection is what several tests are about.
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      pending += chunk.toString("latin1");
      for (let size = requestSize(pending); size > 0; size = requestSize(pending)) {
        const request = pending.slice(0, size);
        pending = pending.slice(size);
        requests.push(request);
        answer(request, socket, requests.length);
      }
    });
  };
  const server: Server = tls ? createTlsServer({ key: KEY, cert }, onSocket) : createTcpServer(onSocket);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  const { port } = server.address() as AddressInfo;
  const origin = tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  return { origin, port, requests, sockets, accepted: () => accepted };
}

/** The size of the first whole request, 0 when there is none. */
function requestSize(bytes: string): number {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return 0;
  const length = /\r\ncontent-length: (\d+)/i.exec(bytes.slice(0, end));
  const size = end + 4 + Number(length?.[1] ?? 0);
  return bytes.length >= size ? size : 0;
}

/** A server that answers every request with the same bytes. */
const always = (bytes: string, close = false): Answer => {
  return (_request, socket) => {
    socket.write(Buffer.from(bytes, "latin1"));
    if (close) socket.end();
  };
};

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** Runs the contract on the clients that a factory makes. */
export function httpClientContract(name: string, create: (settings: ClientSettings) => HttpClient): void {
  describe(`HTTP client contract: ${name}`, () => {
    afterEach(async () => {
      await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
    });

    const client = (settings: ClientSettings = {}): HttpClient => {
      const made = create(settings);
      cleanUps.unshift(() => made.close());
      return made;
    };

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

    const failure = async (answer: Promise<UpstreamResponse>): Promise<string> => {
      const error: unknown = await answer.then(
        (response) => new Error(`unexpected response ${response.status}`),
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(UpstreamError);
      expect((error as UpstreamError).message).not.toBe("");
      return (error as UpstreamError).failure;
    };

    describe("the request", () => {
      test("goes out as it is: method, path, header names, order, repetition and bytes", async () => {
        const server = await rawServer(always(OK));
        await client().request(
          get(server.origin, {
            method: "PROPFIND",
            path: "/a%2Fb/%7e/\xe4?x=1&x=&=%zz",
            headers: ["Host", "example.com", "X-B", "1", "x-a", "\xe4", "X-b", "2", "TE", "trailers"],
          }),
        );
        const [request = ""] = server.requests;
        const [line, ...headers] = request.split("\r\n");
        expect(line).toBe("PROPFIND /a%2Fb/%7e/\xe4?x=1&x=&=%zz HTTP/1.1");
        expect(headers.filter((header) => /^(x-|te)/i.test(header))).toEqual(["X-B: 1", "x-a: \xe4", "X-b: 2", "TE: trailers"]);
        expect(headers.filter((header) => /^host:/i.test(header)).map((header) => header.slice(5))).toEqual([" example.com"]);
      });

      test("has the origin as its Host when it brings none", async () => {
        const server = await rawServer(always(OK));
        await client().request(get(server.origin));
        expect(server.requests[0]).toMatch(new RegExp(`\\r\\nhost: 127\\.0\\.0\\.1:${server.port}\\r\\n`, "i"));
      });

      test("framing and connection headers are the client's own", async () => {
        const server = await rawServer(always(OK));
        const headers = "Content-Length 99 Transfer-Encoding chunked Connection x-kept Keep-Alive timeout=1 Upgrade h2c Expect 100-continue Proxy-Connection close X-Kept 1";
        await client().request(get(server.origin, { method: "POST", headers: headers.split(" "), body: Buffer.from("abc") }));
        const [request = ""] = server.requests;
        const lines = request.split("\r\n").slice(1, -2).map((header) => header.toLowerCase());
        expect(lines.toSorted()).toEqual([
          "connection: keep-alive",
          "content-length: 3",
          `host: 127.0.0.1:${server.port}`,
          "x-kept: 1",
        ]);
        expect(request.endsWith("\r\n\r\nabc")).toBe(true);
      });

      test.each(["POST", "PUT", "PATCH", "DELETE", "GET", "OPTIONS"])("carries a body with %s, byte for byte", async (method) => {
        const bytes = Uint8Array.from({ length: 512 }, (_, i) => i % 256);
        const server = await rawServer(always(OK));
        await client().request(get(server.origin, { method, body: bytes.subarray(0, 300) }));
        const [request = ""] = server.requests;
        expect(request).toMatch(/\r\ncontent-length: 300\r\n/i);
        expect(Buffer.from(request.slice(-300), "latin1").equals(bytes.subarray(0, 300))).toBe(true);
      });

      test.each<[string, string | undefined]>([
        ["POST", "content-length: 0"],
        ["PUT", "content-length: 0"],
        ["PATCH", "content-length: 0"],
        ["GET", undefined],
        ["HEAD", undefined],
      ])("%s without a body says so as RFC 9110, section 8.6 has it", async (method, expected) => {
        const server = await rawServer(always("HTTP/1.1 204 No Content\r\n\r\n"));
        await client().request(get(server.origin, { method }));
        expect(/\r\n(content-length: \d+)/i.exec(server.requests[0] as string)?.[1]?.toLowerCase()).toBe(expected);
      });

      test("takes a large body", async () => {
        const body = Buffer.alloc(10_000_000, "0123456789abcdef!");
        const server = await rawServer(always(OK));
        expect((await client().request(get(server.origin, { method: "POST", body }))).status).toBe(200);
        expect(Buffer.from((server.requests[0] as string).slice(-body.length), "latin1").equals(body)).toBe(true);
      });

      test.each<[string, Partial<UpstreamRequest>]>([
        ["a line break in a header value", { headers: ["X", "a\r\nY: b"] }],
        ["a character past Latin-1 in a header value", { headers: ["X", "\u20ac"] }],
        ["a space in a header name", { headers: ["X Y", "1"] }],
        ["a line break in the path", { path: "/a\r\nX: 1" }],
        ["a space in the path", { path: "/a b" }],
        ["a space in the method", { method: "GET /" }],
      ])("is not sent with %s", async (_, more) => {
        const server = await rawServer(always(OK));
        expect(await failure(client().request(get(server.origin, more)))).toBe("protocol");
        expect(server.requests).toEqual([]);
      });

      test.each(["ftp://127.0.0.1", "nonsense", "", "http://a:b@127.0.0.1", "http://127.0.0.1/path"])(
        "has an http origin, not %j",
        async (origin) => {
          expect(await failure(client().request(get(origin)))).toBe("connect");
        },
      );
    });

    describe("the response", () => {
      const respond = async (bytes: string, more: Partial<UpstreamRequest> = {}, close = false): Promise<UpstreamResponse> => {
        const server = await rawServer(always(bytes, close));
        return client().request(get(server.origin, more));
      };

      test("comes back as it is: status, header names, order, repetition and bytes", async () => {
        const answer = await respond(
          "HTTP/1.1 299 Whatever\r\nSet-Cookie: a=1\r\nX-Latin: \xe4\r\nset-cookie: b=2, c\r\nContent-Length: 4\r\nX-Empty:\r\n\r\n\x00\xff\r\n",
        );
        expect(answer).toEqual({
          status: 299,
          headers: ["Set-Cookie", "a=1", "X-Latin", "\xe4", "set-cookie", "b=2, c", "Content-Length", "4", "X-Empty", ""],
          body: Buffer.from("\x00\xff\r\n", "latin1"),
        });
      });

      test("in chunks, with extensions and trailers", async () => {
        const answer = await respond(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n3;a=b\r\nab\0\r\n2\r\nde\r\n0\r\nX: 1\r\n\r\n",
        );
        expect(answer.body.toString("latin1")).toBe("ab\0de");
      });

      test("that ends with the connection", async () => {
        const answer = await respond("HTTP/1.1 200 OK\r\nX: 1\r\n\r\nuntil the end", {}, true);
        expect(answer.body.toString()).toBe("until the end");
      });

      test("from an HTTP/1.0 server", async () => {
        const answer = await respond("HTTP/1.0 200 OK\r\n\r\nold", {}, true);
        expect(answer.body.toString()).toBe("old");
      });

      test("split at every byte", async () => {
        const bytes = "HTTP/1.1 200 OK\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwxyz\r\n0\r\n\r\n";
        const server = await rawServer((_request, socket) => {
          socket.setNoDelay(true);
          let sent = 0;
          const next = (): void => {
            if (sent < bytes.length) socket.write(bytes.charAt(sent++), () => setImmediate(next));
          };
          next();
        });
        expect(await client().request(get(server.origin))).toEqual({
          status: 200,
          headers: ["X-A", "b", "Transfer-Encoding", "chunked"],
          body: Buffer.from("wxyz"),
        });
      });

      test.each([
        ["103 Early Hints", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"],
        ["102 Processing, twice", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"],
      ])("after interim responses: %s", async (_, interim) => {
        const answer = await respond(interim + OK);
        expect(answer).toEqual({ status: 200, headers: ["Content-Length", "2"], body: Buffer.from("ok") });
      });

      test.each([
        ["204", "HTTP/1.1 204 No Content\r\n\r\n"],
        ["304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\n\r\n"],
      ])("%s has no body, and the connection goes on", async (status, bytes) => {
        const server = await rawServer(always(bytes));
        const made = client();
        for (let i = 0; i < 2; i++) {
          const answer = await made.request(get(server.origin));
          expect([String(answer.status), answer.body.length]).toEqual([status, 0]);
        }
      });

      test("to HEAD keeps the length it announces and has no body", async () => {
        const answer = await respond("HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n", { method: "HEAD" });
        expect(answer).toEqual({ status: 200, headers: ["Content-Length", "5000000"], body: Buffer.alloc(0) });
      });

      test("to HEAD that has a body all the same is no answer to the next request", async () => {
        const forged = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
        const server = await rawServer((request, socket) => {
          // The body comes a little after the head, when the next request may be on its way.
          if (!request.startsWith("HEAD")) setTimeout(() => socket.write(OK), 50);
          else socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${forged.length}\r\n\r\n`, () => setTimeout(() => socket.write(forged), 10));
        });
        const made = client({ connectionsPerOrigin: 1 });
        const answers = [made.request(get(server.origin, { method: "HEAD" })), made.request(get(server.origin)), made.request(get(server.origin))];
        expect((await Promise.all(answers)).map(({ body }) => body.toString())).toEqual(["", "ok", "ok"]);
      });

      test("a redirect is not followed and a compressed body not unpacked", async () => {
        const answer = await respond(
          "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08",
        );
        expect(answer).toEqual({
          status: 302,
          headers: ["Location", "/elsewhere", "Content-Encoding", "gzip", "Content-Length", "3"],
          body: Buffer.from([0x1f, 0x8b, 0x08]),
        });
      });

      test("a large body is exact", async () => {
        const body = Buffer.alloc(5_000_000, Buffer.from(Array.from({ length: 251 }, (_, i) => i)));
        const server = await rawServer((_request, socket) => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
          socket.write(body);
        });
        const answer = await client().request(get(server.origin, { responseLimit: body.length }));
        expect(answer.body.equals(body)).toBe(true);
      });

      test.each([
        ["no HTTP at all", "SSH-2.0-OpenSSH_9.6\r\n"],
        ["a status line of another protocol", "HTTQ/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"],
        ["a status that is no number", "HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n"],
        ["a header without a colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"],
        ["a NUL in a header", "HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n"],
        ["two lengths that differ", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
        ["a length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
        ["a malformed chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
        ["an upgrade that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"],
      ])("that is no valid HTTP fails with protocol: %s", async (_, bytes) => {
        expect(await failure(respond(bytes, {}, true))).toBe("protocol");
      });

      test("whose head is larger than the client allows fails with protocol", async () => {
        const server = await rawServer(always(`HTTP/1.1 200 OK\r\nX: ${"a".repeat(20_000)}\r\nContent-Length: 0\r\n\r\n`));
        expect(await failure(client({ headerBytes: 10_000 }).request(get(server.origin)))).toBe("protocol");
        expect((await client({ headerBytes: 40_000 }).request(get(server.origin))).status).toBe(200);
      });

      test.each([
        ["an announced length", `HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n`],
        ["chunks", `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n`],
        ["the end of the connection", `HTTP/1.1 200 OK\r\n\r\nhello world`],
      ])("past its limit fails with tooLarge and ends the connection: %s", async (_, bytes) => {
        const server = await rawServer(always(bytes));
        const made = client();
        expect(await failure(made.request(get(server.origin, { responseLimit: 10 })))).toBe("tooLarge");
        await expect.poll(() => server.sockets.size).toBe(0);
      });

      test("of exactly its limit is taken", async () => {
        expect((await respond(OK, { responseLimit: 2 })).body.toString()).toBe("ok");
      });
    });

    describe("a streamed response", () => {
      const stream = (origin: string, more: Partial<UpstreamRequest> = {}, settings: ClientSettings = {}) => client(settings).stream(get(origin, more));
      const CHUNKED = "HTTP/1.1 200 OK\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
      const MIB = 1024 * 1024;

      /** The error that a stream breaks off with, and what came before it. */
      const rest = async (body: AsyncIterable<Uint8Array>): Promise<{ text: string; failure: string | undefined }> => {
        let text = "";
        try {
          for await (const chunk of body) text += Buffer.from(chunk).toString("latin1");
          return { text, failure: undefined };
        } catch (error) {
          expect(error).toBeInstanceOf(UpstreamError);
          return { text, failure: (error as UpstreamError).failure };
        }
      };

      test("begins with the head, and hands on chunks as they come", async () => {
        let more: (bytes: string) => void = () => undefined;
        const server = await rawServer((_request, socket) => {
          socket.write(CHUNKED);
          more = (bytes) => void socket.write(bytes);
        });
        const { status, headers, body } = await stream(server.origin);
        expect([status, headers]).toEqual([200, ["X-A", "1", "Transfer-Encoding", "chunked"]]);
        const chunks = body[Symbol.asyncIterator]();
        more("3\r\none\r\n");
        expect(Buffer.from((await chunks.next()).value as Uint8Array).toString()).toBe("one");
        more("3\r\ntwo\r\n");
        expect(Buffer.from((await chunks.next()).value as Uint8Array).toString()).toBe("two");
        more("0\r\n\r\n");
        expect(await chunks.next()).toEqual({ done: true, value: undefined });
      });

      test("leaves its connection to the next request", async () => {
        const server = await rawServer(always(OK));
        const made = client();
        for (let i = 0; i < 3; i++) expect(await rest((await made.stream(get(server.origin))).body)).toEqual({ text: "ok", failure: undefined });
        expect(server.accepted()).toBe(1);
      });

      test.each([false, true])("whose last bytes came while nobody read leaves a connection that works (TLS: %s)", async (tls) => {
        const size = 192 * 1024;
        const server = await rawServer((_request, socket, nth) => {
          if (nth === 1) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n${"x".repeat(size)}`);
          else socket.write(OK);
        }, tls);
        const made = client({ connectionsPerOrigin: 1 });
        const more = tls ? { insecure: true } : {};
        for (let i = 0; i < 3; i++) {
          const { body } = await made.stream(get(server.origin, more));
          const chunks = body[Symbol.asyncIterator]();
          let taken = 0;
          for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
            taken += next.value.length;
            // Whatever may be read ahead has come before anybody reads on.
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          expect(taken).toBe(i === 0 ? size : 2);
        }
      });

      test("is not limited in length, and is taken no faster than it is read", async () => {
        let sent = 0;
        const server = await rawServer((_request, socket) => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${64 * MIB}\r\n\r\n`);
          const write = (): void => {
            while (sent < 64 * MIB) {
              sent += MIB;
              if (!socket.write(Buffer.alloc(MIB, "x"))) break;
            }
          };
          socket.on("drain", write);
          write();
        });
        const { body } = await stream(server.origin, { responseLimit: 1 });
        // Nobody reads yet: what the server got rid of is in buffers of the system, and stays the same.
        let before = -1;
        await expect.poll(() => [before, (before = sent)], { interval: 100, timeout: 10_000 }).toSatisfy(([a, b]: number[]) => a === b);
        expect(sent).toBeLessThan(32 * MIB);
        let size = 0;
        for await (const chunk of body) size += chunk.length;
        expect(size).toBe(64 * MIB);
      });

      test("that is ended early ends the connection", async () => {
        const server = await rawServer((_request, socket) => void socket.write(`${CHUNKED}3\r\none\r\n`));
        const { body } = await stream(server.origin);
        for await (const chunk of body) {
          expect(Buffer.from(chunk).toString()).toBe("one");
          break;
        }
        await expect.poll(() => server.sockets.size, { timeout: 10_000 }).toBe(0);
      });

      test("that nobody has begun to read can be ended, too", async () => {
        const server = await rawServer((_request, socket) => void socket.write(CHUNKED));
        const { body } = await stream(server.origin);
        const chunks = body[Symbol.asyncIterator]();
        expect(await chunks.return?.()).toEqual({ done: true, value: undefined });
        expect(await chunks.next()).toEqual({ done: true, value: undefined });
        await expect.poll(() => server.sockets.size, { timeout: 10_000 }).toBe(0);
      });

      test("that breaks off fails with protocol, after what had come", async () => {
        const server = await rawServer((_request, socket) => socket.end(`${CHUNKED}3\r\none\r\n`));
        expect(await rest((await stream(server.origin)).body)).toEqual({ text: "one", failure: "protocol" });
      });

      test("has its time until the last byte", async () => {
        const server = await rawServer((_request, socket) => void socket.write(`${CHUNKED}3\r\none\r\n`));
        expect(await rest((await stream(server.origin, { timeoutMs: 100 })).body)).toEqual({ text: "one", failure: "timeout" });
        await expect.poll(() => server.sockets.size, { timeout: 10_000 }).toBe(0);
      });

      test("is given up by its signal", async () => {
        const server = await rawServer((_request, socket) => void socket.write(`${CHUNKED}3\r\none\r\n`));
        const controller = new AbortController();
        const { body } = await stream(server.origin, { signal: controller.signal });
        const chunks = body[Symbol.asyncIterator]();
        await chunks.next();
        controller.abort();
        expect(await rest({ [Symbol.asyncIterator]: () => chunks })).toEqual({ text: "", failure: "aborted" });
        await expect.poll(() => server.sockets.size, { timeout: 10_000 }).toBe(0);
      });

      test.each([
        ["a server that is not there", "connect", undefined],
        ["a connection that is closed at once", "protocol", (_request: string, socket: Socket) => void socket.destroy()],
        ["no answer in time", "timeout", () => undefined],
      ] as const)("%s fails with %s before there is one", async (_, expected, answer) => {
        const server = await rawServer(answer ?? always(OK));
        if (answer === undefined) await Promise.all(cleanUps.splice(-1).map((cleanUp) => cleanUp()));
        const error: unknown = await stream(server.origin, { timeoutMs: 300, method: "POST" }).catch((reason: unknown) => reason);
        expect((error as UpstreamError).failure).toBe(expected);
      });
    });

    describe("time and the lack of an answer", () => {
      test("a server that never answers is a timeout, and its connection ends", async () => {
        const server = await rawServer(() => undefined);
        expect(await failure(client().request(get(server.origin, { timeoutMs: 50 })))).toBe("timeout");
        await expect.poll(() => server.sockets.size).toBe(0);
      });

      test("the time is for the whole exchange, not for each part of it", async () => {
        const server = await rawServer((_request, socket) => {
          socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
          const timer = setInterval(() => socket.write("a"), 5);
          socket.on("close", () => clearInterval(timer));
        });
        expect(await failure(client().request(get(server.origin, { timeoutMs: 100 })))).toBe("timeout");
        await expect.poll(() => server.sockets.size).toBe(0);
      });

      test("waiting for a connection counts too, and a request given up while it waits is never sent", async () => {
        const held: Socket[] = [];
        const server = await rawServer((_request, socket) => void held.push(socket));
        const made = client({ connectionsPerOrigin: 1 });
        const first = made.request(get(server.origin, { path: "/first" }));
        expect(await failure(made.request(get(server.origin, { path: "/waiting", timeoutMs: 30 })))).toBe("timeout");
        held[0]?.write(OK);
        expect((await first).status).toBe(200);
        const third = made.request(get(server.origin, { path: "/third" }));
        await expect.poll(() => held.length).toBe(2);
        held[1]?.write(OK);
        await third;
        expect(server.requests.map((request) => request.split(" ")[1])).toEqual(["/first", "/third"]);
      });

      test("a signal gives a request up, before or while it is under way", async () => {
        const server = await rawServer(() => undefined);
        const made = client();
        expect(await failure(made.request(get(server.origin, { signal: AbortSignal.abort() })))).toBe("aborted");
        expect(server.requests).toEqual([]);
        const aborter = new AbortController();
        const answer = failure(made.request(get(server.origin, { signal: aborter.signal })));
        await expect.poll(() => server.requests.length).toBe(1);
        aborter.abort();
        expect(await answer).toBe("aborted");
        await expect.poll(() => server.sockets.size).toBe(0);
      });

      test("a port that nobody listens on fails with connect", async () => {
        const server = await rawServer(always(OK));
        await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
        expect(await failure(client().request(get(server.origin)))).toBe("connect");
      });

      test("a name that does not exist fails with connect", async () => {
        expect(await failure(client().request(get("http://no-such-host.invalid")))).toBe("connect");
      });

      test.each([
        ["before a response", ""],
        ["in the middle of the head", "HTTP/1.1 200 OK\r\nContent-"],
        ["in the middle of a body with a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"],
        ["in the middle of chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"],
      ])("a connection closed or reset %s fails with protocol, and the request went out once", async (_, bytes) => {
        for (const cut of [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()]) {
          const server = await rawServer((_request, socket) => {
            if (bytes === "") cut(socket);
            else socket.write(bytes, () => cut(socket));
          });
          expect(await failure(client().request(get(server.origin)))).toBe("protocol");
          expect(server.requests).toHaveLength(1);
        }
      });
    });

    describe("connections", () => {
      test("are kept and used again", async () => {
        const server = await rawServer(always(OK));
        const made = client();
        for (let i = 0; i < 5; i++) expect((await made.request(get(server.origin))).body.toString()).toBe("ok");
        expect(server.accepted()).toBe(1);
      });

      test("carry one request at a time, as many side by side as are needed", async () => {
        const held: Socket[] = [];
        const server = await rawServer((_request, socket) => void held.push(socket));
        const made = client();
        const answers = Promise.all(Array.from({ length: 8 }, () => made.request(get(server.origin))));
        await expect.poll(() => held.length).toBe(8);
        expect(server.accepted()).toBe(8);
        for (const socket of held) socket.write(OK);
        expect((await answers).map((answer) => answer.status)).toEqual(Array(8).fill(200));
      });

      test("to one origin are limited; who has no place in the queue fails with connect", async () => {
        const held: Socket[] = [];
        const server = await rawServer((_request, socket) => void held.push(socket));
        const made = client({ connectionsPerOrigin: 2, queuePerOrigin: 1 });
        const answers = [1, 2, 3].map(() => made.request(get(server.origin)));
        expect(await failure(made.request(get(server.origin)))).toBe("connect");
        await expect.poll(() => held.length).toBe(2);
        expect(server.accepted()).toBe(2);
        held[0]?.write(OK);
        await expect.poll(() => held.length).toBe(3);
        held[1]?.write(OK);
        held[2]?.write(OK);
        await Promise.all(answers);
        expect(server.accepted()).toBe(2);
      });

      test("end when the server says so", async () => {
        const server = await rawServer(always("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));
        const made = client();
        for (let i = 0; i < 3; i++) expect((await made.request(get(server.origin))).body.toString()).toBe("ok");
        expect(server.accepted()).toBe(3);
      });

      test("end when they were idle for long", async () => {
        const server = await rawServer(always(OK));
        await client({ keepAliveMs: 50 }).request(get(server.origin));
        expect(server.sockets.size).toBe(1);
        await expect.poll(() => server.sockets.size, { timeout: 4_000 }).toBe(0);
      });

      test("that were found dead are replaced, without anyone noticing, for methods that may be repeated", async () => {
        // The server closes the connection as the second request on it arrives, as one does whose idle time is over.
        const server = await rawServer((request, socket) => {
          if (request.includes("/again") && socket.bytesWritten > 0) socket.resetAndDestroy();
          else socket.write(OK);
        });
        for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
          const made = client();
          await made.request(get(server.origin));
          expect((await made.request(get(server.origin, { method, path: "/again" }))).body.toString()).toBe("ok");
        }
      });

      test("that were all found dead at once are replaced too", async () => {
        let dead = new Set<Socket>();
        const held: Socket[] = [];
        const server = await rawServer((_request, socket) => {
          if (dead.has(socket)) socket.resetAndDestroy();
          else if (held.length < 3) held.push(socket);
          else socket.write(OK);
        });
        const made = client();
        const first = [1, 2, 3].map(() => made.request(get(server.origin)));
        await expect.poll(() => held.length).toBe(3);
        for (const socket of held) socket.write(OK);
        await Promise.all(first);
        dead = new Set(held);
        expect((await made.request(get(server.origin))).body.toString()).toBe("ok");
      });

      test.each(["POST", "PATCH"])("that were found dead fail %s, which the server may have carried out", async (method) => {
        const server = await rawServer((request, socket) => {
          if (request.includes("/again")) socket.resetAndDestroy();
          else socket.write(OK);
        });
        const made = client();
        await made.request(get(server.origin));
        const again = get(server.origin, { method, path: "/again", body: Buffer.from("x") });
        expect(await failure(made.request(again))).toBe("protocol");
        expect(server.requests.filter((request) => request.includes("/again"))).toHaveLength(1);
      });

      test("that the server closed while idle are not used again, by any method", async () => {
        const server = await rawServer((_request, socket) => socket.write(OK));
        const made = client();
        for (let i = 0; i < 5; i++) {
          expect((await made.request(get(server.origin, { method: "POST" }))).status).toBe(200);
          for (const socket of server.sockets) socket.end();
          await expect.poll(() => server.sockets.size).toBe(0);
        }
      });

      test("bytes past the end of a response never become the answer to the next request", async () => {
        const server = await rawServer((_request, socket, nth) =>
          socket.write(nth === 1 ? `${OK}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged` : OK),
        );
        const made = client();
        expect((await made.request(get(server.origin))).body.toString()).toBe("ok");
        expect((await made.request(get(server.origin))).body.toString()).toBe("ok");
      });

      test("close() may be called twice: both wait", async () => {
        const held: Socket[] = [];
        const server = await rawServer((_request, socket) => void held.push(socket));
        const made = client();
        const answer = made.request(get(server.origin));
        await expect.poll(() => held.length).toBe(1);
        const closings = Promise.all([made.close(), made.close()]);
        held[0]?.write(OK);
        expect((await answer).status).toBe(200);
        await closings;
      });

      test("after close() nothing is sent; what is under way ends first", async () => {
        const held: Socket[] = [];
        const server = await rawServer((_request, socket) => void held.push(socket));
        const made = client();
        const answer = made.request(get(server.origin));
        await expect.poll(() => held.length).toBe(1);
        const closing = made.close();
        expect(await failure(made.request(get(server.origin)))).toBe("aborted");
        held[0]?.write(OK);
        expect((await answer).status).toBe(200);
        await closing;
        await expect.poll(() => server.sockets.size).toBe(0);
      });
    });

    describe("TLS", () => {
      test("a certificate that nobody vouches for fails with tls, before anything is sent", async () => {
        const server = await rawServer(always(OK), true);
        expect(await failure(client().request(get(server.origin)))).toBe("tls");
        expect(server.requests).toEqual([]);
      });

      test("it is taken when the check is switched off, and that is no excuse for other requests", async () => {
        const server = await rawServer(always(OK), true);
        const made = client();
        expect((await made.request(get(server.origin, { insecure: true }))).body.toString()).toBe("ok");
        expect(await failure(made.request(get(server.origin)))).toBe("tls");
      });

      test("it is taken again, by every new connection", async () => {
        const server = await rawServer(always("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", true), true);
        const made = client();
        for (let i = 1; i <= 3; i++) {
          expect((await made.request(get(server.origin, { insecure: true }))).body.toString()).toBe("ok");
          expect(server.accepted()).toBe(i);
        }
      });

      test("one for another name, or whose time is over, is not, even then", async () => {
        const server = await rawServer(always(OK), true);
        const otherName = `https://127.0.0.1:${server.port}`;
        expect(await failure(client().request(get(otherName, { insecure: true })))).toBe("tls");
        const expired = await rawServer(always(OK), true, EXPIRED);
        expect(await failure(client().request(get(expired.origin, { insecure: true })))).toBe("tls");
        expect([server.requests, expired.requests]).toEqual([[], []]);
      });

      test("a server that does not speak TLS fails with tls", async () => {
        const server = await rawServer(() => undefined);
        const origin = `https://127.0.0.1:${server.port}`;
        const answer = failure(client().request(get(origin)));
        await expect.poll(() => server.sockets.size).toBe(1);
        for (const socket of server.sockets) socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
        expect(await answer).toBe("tls");
      });

      test("a handshake that never ends fails with tls, or with timeout when that comes first", async () => {
        const server = await rawServer(() => undefined);
        const origin = `https://127.0.0.1:${server.port}`;
        expect(await failure(client({ connectTimeoutMs: 50 }).request(get(origin)))).toBe("tls");
        expect(await failure(client({ connectTimeoutMs: 5_000 }).request(get(origin, { timeoutMs: 50 })))).toBe("timeout");
        await expect.poll(() => server.sockets.size).toBe(0);
      });

      describe("with a certificate that is vouched for", () => {
        const before = getCACertificates("default");
        beforeAll(() => setDefaultCACertificates([...before, CERTIFICATE.toString()]));
        afterAll(() => setDefaultCACertificates(before));

        test("its name is the origin's, whatever Host says", async () => {
          const server = await rawServer(always(OK), true);
          const made = client();
          for (const host of ["a.example.com", "b.example.com"]) {
            const answer = await made.request(get(server.origin, { headers: ["Host", host] }));
            expect(answer.body.toString()).toBe("ok");
          }
          expect([...server.sockets].map((socket) => (socket as TLSSocket & { servername?: string }).servername)).toEqual(["localhost"]);
        });

        test("of another name it fails with tls", async () => {
          const server = await rawServer(always(OK), true);
          const answer = client().request(get(`https://127.0.0.1:${server.port}`, { headers: ["Host", "localhost"] }));
          expect(await failure(answer)).toBe("tls");
          expect(server.requests).toEqual([]);
        });
      });
    });

    describe("addresses", () => {
      test.each([
        "http://169.254.169.254",
        "http://169.254.170.2:80",
        "http://169.254.0.1",
        "https://169.254.169.254",
        "http://100.100.100.200",
        "http://[fd00:ec2::254]",
        "http://[fe80::1]",
        "http://[::ffff:169.254.169.254]",
        "http://[::ffff:a9fe:a9fe]",
        "http://[::169.254.169.254]",
        "http://[64:ff9b::169.254.169.254]",
        "http://2852039166",
        "http://0xa9fea9fe",
        "http://0xa9.0xfe.0xa9.0xfe",
        "http://0251.0376.0251.0376",
        "http://169.254.43518",
      ])("of cloud metadata are refused, however they are written: %s", async (origin) => {
        expect(await failure(client().request(get(origin, { timeoutMs: 2_000 })))).toBe("refusedAddress");
      });

      test("of denied ranges are refused, also behind a name", async () => {
        const server = await rawServer(always(OK));
        const made = client({ denied: ["127.0.0.0/8", "::1"] });
        for (const host of ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"]) {
          expect(await failure(made.request(get(`http://${host}:${server.port}`)))).toBe("refusedAddress");
        }
        expect(server.accepted()).toBe(0);
      });

      test("of a name that are allowed are used when others are not", async () => {
        const server = await rawServer(always(OK));
        const answer = await client({ denied: ["::/0"] }).request(get(`http://localhost:${server.port}`));
        expect(answer.body.toString()).toBe("ok");
      });

      test.each(["10.0.0.0/33", "10.0.0/8", "::/129", "localhost", "10.0.0.0/", "10.0.0.0/8/9", "10.0.0.0/-1", ""])(
        "a denied range must be one: %j",
        (range) => {
          expect(() => create({ denied: [range] })).toThrow(TypeError);
        },
      );
    });

    targetsContract(create);
  });
}
