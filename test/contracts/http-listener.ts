// The contract of a listener over HTTP/1.1: what it puts on the wire, byte for byte, and what it hands to its handler.
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, ListenError, listen } from "../../src/adapters/http-listener/index.ts";
import type { ListenerLimits } from "../../src/adapters/http-listener/index.ts";
import { BodyAborted, BodyTooLarge } from "../../src/ports/http-server.ts";
import type { HttpHandler, HttpListener, HttpRequest, HttpResponse } from "../../src/ports/http-server.ts";
import type { Log, LogFields } from "../../src/ports/log.ts";
import { converse, rawConnection } from "./raw-connection.ts";

/** Puts a listener to the test. @param http1 what reads HTTP/1.1 */
export function testHttpListener(http1: "own" | "node"): void {
  const open: HttpListener[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((listener) => listener.close(0)));
  });

  interface Recorded {
    readonly level: string;
    readonly message: string;
    readonly error?: unknown;
    readonly fields?: LogFields | undefined;
  }

  function recordingLog(): { log: Log; events: Recorded[] } {
    const events: Recorded[] = [];
    const log: Log = {
      debug: (message, fields) => void events.push({ level: "debug", message, fields }),
      info: (message, fields) => void events.push({ level: "info", message, fields }),
      warn: (message, fields) => void events.push({ level: "warn", message, fields }),
      error: (message, error, fields) => void events.push({ level: "error", message, error, fields }),
    };
    return { log, events };
  }

  async function start(handler: HttpHandler, limits: Partial<ListenerLimits> = {}) {
    const { log, events } = recordingLog();
    const listener = await listen({ host: "127.0.0.1", port: 0, handler, log, limits, http1 });
    open.push(listener);
    return { port: listener.port, listener, errors: () => events.filter((event) => event.level === "error"), events };
  }

  const hello: HttpResponse = { status: 200, headers: ["Content-Type", "text/plain"], body: "hello" };

  /** The answer with its Date taken out, after a check that it has one. */
  function withoutDate(answer: string): string {
    expect(answer).toMatch(/\r\nDate: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\r\n/);
    return answer.replaceAll(/Date: [^\r]*\r\n/g, "");
  }

  function whole(head: string, body = ""): string {
    return `${head.trim().split("\n").join("\r\n")}\r\n\r\n${body}`;
  }

  const BAD_REQUEST = whole(
    `HTTP/1.1 400 Bad Request\nContent-Type: application/json\nContent-Length: 25\nConnection: close`,
    '{"message":"Bad Request"}',
  );

  describe("a request, as the handler sees it", () => {
    test("method, target, headers in their order and case, protocol and addresses", async () => {
      let seen: HttpRequest | undefined;
      const { port } = await start((request) => {
        seen = request;
        return hello;
      });
      const connection = await rawConnection(port);
      connection.send("PATCH /a%20b/?x=1&x=%zz HTTP/1.1\r\nhOST: h\r\nX-A: 1\r\nx-a:  2 \r\nX-B: \xe4\r\nConnection: close\r\n\r\n");
      const localPort = connection.socket.localPort;
      await connection.closed();
      expect({
        method: seen?.method,
        target: seen?.target,
        headers: seen?.headers,
        protocol: seen?.protocol,
        encrypted: seen?.encrypted,
        remoteAddress: seen?.remoteAddress,
        remotePort: seen?.remotePort,
        hasBody: seen?.hasBody,
      }).toEqual({
        method: "PATCH",
        target: "/a%20b/?x=1&x=%zz",
        headers: ["hOST", "h", "X-A", "1", "x-a", "2", "X-B", "\xe4", "Connection", "close"],
        protocol: "HTTP/1.1",
        encrypted: false,
        remoteAddress: "127.0.0.1",
        remotePort: localPort,
        hasBody: false,
      });
    });

    test("an IPv4 client of a dual-stack socket has its IPv4 address", async () => {
      const { log } = recordingLog();
      const handler: HttpHandler = (request) => ({ status: 200, headers: [], body: request.remoteAddress });
      const listener = await listen({ host: "::", port: 0, handler, log, http1 });
      open.push(listener);
      const answer = await converse(listener.port, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      expect(answer.split("\r\n\r\n")[1]).toBe("127.0.0.1");
    });

    test.each([
      ["GET http://example.com/a?b HTTP/1.1\r\nHost: other\r\nX: 1\r\n", "/a?b", ["Host", "example.com", "X", "1"]],
      ["GET HTTP://example.com:81 HTTP/1.1\r\nX: 1\r\nhost: other\r\n", "/", ["Host", "example.com:81", "X", "1"]],
      ["GET http://example.com?q=1 HTTP/1.1\r\nHost: other\r\n", "/?q=1", ["Host", "example.com"]],
    ])("the host of an absolute target wins over Host (RFC 9112, 3.2.2): %j", async (head, target, headers) => {
      let seen: HttpRequest | undefined;
      const { port } = await start((request) => {
        seen = request;
        return hello;
      });
      await converse(port, `${head}Connection: close\r\n\r\n`);
      expect(seen?.target).toBe(target);
      expect(seen?.headers).toEqual([...headers, "Connection", "close"]);
    });

    test.each(["", "h", "H.example.com:80", "h:", "127.0.0.1:8080", "[::1]", "[::ffff:1.2.3.4]:80", "a_b-c.~!$&'()*+;=", "a%20b"])("hosts: %j", async (host) => {
      const { port } = await start((request) => ({ ...hello, body: request.headers.join(" ") }));
      expect((await converse(port, `GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`)).split("\r\n\r\n")[1]).toBe(`Host ${host}`);
    });

    test("a body is read whole, with a length or in chunks, byte for byte", async () => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
      const bodies: Buffer[] = [];
      const { port } = await start(async (request) => {
        expect(request.hasBody).toBe(true);
        bodies.push(await request.readBody(256));
        return hello;
      });
      await converse(
        port,
        Buffer.concat([
          Buffer.from("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 256\r\n\r\n"),
          bytes,
          Buffer.from("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n10;x=y\r\n"),
          bytes.subarray(0, 16),
          Buffer.from("\r\nf0\r\n"),
          bytes.subarray(16),
          Buffer.from("\r\n0\r\nTrailer: x\r\n\r\n"),
        ]),
      );
      expect(bodies).toEqual([bytes, bytes]);
    });

    test("without a body there is nothing to wait for", async () => {
      const { port } = await start(async (request) => ({ ...hello, body: `${request.hasBody} ${(await request.readBody(0)).length}` }));
      const answer = await converse(port, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      expect(answer.split("\r\n\r\n")[1]).toBe("false 0");
    });

    test.each([
      ["an announced length", "Content-Length: 11\r\n\r\nhello world"],
      ["chunks", "Transfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n"],
    ])("a body past the reader's limit is BodyTooLarge, the answer arrives and the connection lives on: %s", async (_, rest) => {
      const { port } = await start(async (request) => {
        if (!request.hasBody) return hello;
        const failure: unknown = await request.readBody(10).catch((error: unknown) => error);
        return { status: 413, headers: [], body: String(failure instanceof BodyTooLarge) };
      });
      const answers = await converse(
        port,
        `POST / HTTP/1.1\r\nHost: h\r\n${rest}GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`,
      );
      expect(withoutDate(answers)).toBe(
        whole("HTTP/1.1 413 Payload Too Large\nContent-Length: 4\nConnection: keep-alive\nKeep-Alive: timeout=60", "true") +
          whole("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 5\nConnection: close", "hello"),
      );
    });

    test("the body may be read once", async () => {
      const { port } = await start(async (request) => {
        await request.readBody(10);
        const second: unknown = await request.readBody(10).catch((error: unknown) => error);
        return { ...hello, body: (second as Error).message };
      });
      const answer = await converse(port, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
      expect(answer.split("\r\n\r\n")[1]).toBe("The body of a request may be read once");
    });

    test("a client that leaves in the middle of its body is BodyAborted", async () => {
      let failed: (error: unknown) => void;
      const failure = new Promise((resolve) => (failed = resolve));
      const { port } = await start(async (request) => {
        await request.readBody(10).catch((error: unknown) => failed(error));
        return hello;
      });
      const connection = await rawConnection(port);
      connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
      connection.socket.end();
      expect(await failure).toBeInstanceOf(BodyAborted);
    });

    test("100 Continue goes out when the body is read, and only then", async () => {
      const { port } = await start(async (request) => {
        if (request.target === "/refused") return { status: 403, headers: [], body: "no" };
        return { status: 200, headers: [], body: await request.readBody(5) };
      });
      const connection = await rawConnection(port);
      connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
      await connection.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
      connection.send("bytes");
      await connection.until(/bytes$/);
      connection.send("POST /refused HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
      const answers = await connection.closed();
      expect(withoutDate(answers)).toBe(
        "HTTP/1.1 100 Continue\r\n\r\n" +
          whole("HTTP/1.1 200 OK\nContent-Length: 5\nConnection: keep-alive\nKeep-Alive: timeout=60", "bytes") +
          whole("HTTP/1.1 403 Forbidden\nContent-Length: 2\nConnection: close", "no"),
      );
    });
  });

  describe("an answer, as the client sees it", () => {
    const request = (method = "GET"): string => `${method} / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`;

    test.each([
      ["text", "hello", "5", "hello"],
      ["text that is not ASCII, as UTF-8", "h\u00e9\u20ac", "6", Buffer.from("h\u00e9\u20ac").toString("latin1")],
      ["bytes", Buffer.from([0, 10, 13, 128, 255]), "5", "\x00\n\r\x80\xff"],
      ["a part of a larger array", new Uint8Array([9, 1, 2, 9]).subarray(1, 3), "2", "\x01\x02"],
      ["nothing", "", "0", ""],
    ])("a buffered body of %s has its length and is exact", async (_, body, length, onTheWire) => {
      const { port } = await start(() => ({ status: 200, headers: ["X-Latin", "\xe4", "x-latin", "2"], body }));
      expect(withoutDate(await converse(port, request()))).toBe(
        whole(`HTTP/1.1 200 OK\nX-Latin: \xe4\nx-latin: 2\nContent-Length: ${length}\nConnection: close`, onTheWire),
      );
    });

    test("a large body is exact", async () => {
      const body = Buffer.alloc(3_000_000, Buffer.from(Array.from({ length: 251 }, (_, i) => i)));
      const { port } = await start(() => ({ status: 200, headers: [], body }));
      const answer = await converse(port, request());
      expect(Buffer.from(answer.slice(answer.indexOf("\r\n\r\n") + 4), "latin1").equals(body)).toBe(true);
    });

    test("an answer promised later is the same", async () => {
      const { port } = await start(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return hello;
      });
      expect(withoutDate(await converse(port, request()))).toBe(
        whole("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 5\nConnection: close", "hello"),
      );
    });

    test("HEAD has the head that GET would have, and no body", async () => {
      const { port } = await start(() => hello);
      expect(withoutDate(await converse(port, request("HEAD")))).toBe(
        whole("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 5\nConnection: close"),
      );
    });

    test("HEAD may announce a length that the handler knows", async () => {
      const { port } = await start(() => ({ status: 200, headers: ["content-length", "1234"], body: "" }));
      expect(withoutDate(await converse(port, request("HEAD")))).toBe(
        whole("HTTP/1.1 200 OK\nContent-Length: 1234\nConnection: close"),
      );
    });

    test.each([204, 304])("%i has neither body nor length", async (status) => {
      const { port } = await start(() => ({ status, headers: ["X", "1", "Content-Length", "5"], body: "hello" }));
      expect(withoutDate(await converse(port, request()))).toMatch(
        new RegExp(`^HTTP/1\\.1 ${status} [A-Za-z ]+\\r\\nX: 1\\r\\nConnection: close\\r\\n\\r\\n$`),
      );
    });

    test("framing, connection and date are the listener's own", async () => {
      const headers = "Content-Length 99 Transfer-Encoding chunked Connection upgrade Keep-Alive timeout=1 Date now Trailer x X kept";
      const { port } = await start(() => ({ status: 201, headers: headers.split(" "), body: "hi" }));
      expect(withoutDate(await converse(port, request()))).toBe(
        whole("HTTP/1.1 201 Created\nX: kept\nContent-Length: 2\nConnection: close", "hi"),
      );
    });

    test.each<[string, HttpResponse]>([
      ["a line break in a value", { ...hello, headers: ["X", "a\r\nSet-Cookie: b"] }],
      ["a character past Latin-1 in a value", { ...hello, headers: ["X", "\u20ac"] }],
      ["a space in a name", { ...hello, headers: ["X Y", "1"] }],
      ["an empty name", { ...hello, headers: ["", "1"] }],
      ["a line break in a value of an answer without body", { ...hello, status: 204, headers: ["X", "a\nb"] }],
      ["an interim status", { ...hello, status: 101 }],
      ["a status of four digits", { ...hello, status: 1000 }],
      ["a status that is no whole number", { ...hello, status: 200.5 }],
    ])("what HTTP does not allow is a 500 and a line in the log: %s", async (_, response) => {
      const { port, errors } = await start(() => response);
      expect(withoutDate(await converse(port, request()))).toBe(
        whole(
          "HTTP/1.1 500 Internal Server Error\nContent-Type: application/json\nContent-Length: 35\nConnection: close",
          '{"message":"Internal server error"}',
        ),
      );
      expect(errors()).toEqual([
        { level: "error", message: "an answer cannot be sent", error: expect.any(Error), fields: { method: "GET", path: "/" } },
      ]);
    });

    test.each<[string, HttpHandler]>([
      ["throws", () => { throw new Error("bug"); }],
      ["rejects", () => Promise.reject(new Error("bug"))],
    ])("a handler that %s is a 500, its cause in the log and nowhere else", async (_, handler) => {
      const { port, errors } = await start(handler);
      const answer = await converse(port, "GET /a?secret=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      expect(answer.split("\r\n\r\n")[1]).toBe('{"message":"Internal server error"}');
      expect(errors()).toEqual([
        { level: "error", message: "a request was not answered", error: new Error("bug"), fields: { method: "GET", path: "/a" } },
      ]);
    });

    test("pipelined requests are answered in their order, whichever is ready first", async () => {
      const { port } = await start(async (incoming) => {
        const turns = Number(incoming.target.slice(1));
        for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
        return { ...hello, body: incoming.target };
      });
      const answers = await converse(
        port,
        "GET /9 HTTP/1.1\r\nHost: h\r\n\r\nGET /4 HTTP/1.1\r\nHost: h\r\n\r\nGET /0 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
      );
      expect(answers.match(/\/\d(?=HTTP|$)/g)).toEqual(["/9", "/4", "/0"]);
    });

    test("an HTTP/1.0 client gets its answer and the end of the connection", async () => {
      const { port } = await start(() => hello);
      expect(withoutDate(await converse(port, "GET / HTTP/1.0\r\n\r\n"))).toBe(
        whole("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 5\nConnection: close", "hello"),
      );
    });
  });

  describe("a streamed answer", () => {
    const request = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

    async function* chunksOf(...chunks: string[]): AsyncGenerator<Uint8Array> {
      for (const chunk of chunks) yield Buffer.from(chunk);
    }

    test("goes out in chunks", async () => {
      const { port } = await start(() => ({ status: 200, headers: [], body: chunksOf("ab", "", "cde") }));
      expect(withoutDate(await converse(port, request))).toBe(
        whole("HTTP/1.1 200 OK\nConnection: close\nTransfer-Encoding: chunked", "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"),
      );
    });

    test("its head goes out before its first chunk is there", async () => {
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      async function* late(): AsyncGenerator<Uint8Array> {
        await released;
        yield Buffer.from("x");
      }
      const { port } = await start(() => ({ status: 200, headers: [], body: late() }));
      const connection = await rawConnection(port);
      connection.send(request);
      await connection.until(/\r\n\r\n$/);
      release();
      expect((await connection.closed()).endsWith("1\r\nx\r\n0\r\n\r\n")).toBe(true);
    });

    test("is pulled only as fast as the client reads", async () => {
      let pulled = 0;
      const chunk = Buffer.alloc(64 * 1024);
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (;;) {
          pulled++;
          yield chunk;
        }
      }
      let ended = (): void => undefined;
      const end = new Promise<void>((resolve) => (ended = resolve));
      const body = endless();
      const { port } = await start((incoming) => {
        incoming.signal.addEventListener("abort", () => ended());
        return { status: 200, headers: [], body };
      });
      const connection = await rawConnection(port);
      connection.socket.pause();
      connection.send(request);
      // The kernel's buffers fill up, then nothing more is asked for.
      let before = -1;
      while (pulled === 0 || pulled !== before) {
        before = pulled;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(pulled * chunk.length).toBeLessThan(32 * 1024 * 1024);
      connection.socket.destroy();
      await end;
      expect(await body.next()).toEqual({ done: true, value: undefined });
    });

    test("is released when the client leaves, and the signal says so", async () => {
      let released = (): void => undefined;
      const release = new Promise<void>((resolve) => (released = resolve));
      let signal: AbortSignal | undefined;
      async function* waiting(): AsyncGenerator<Uint8Array> {
        try {
          yield Buffer.from("first");
          await new Promise((resolve) => signal?.addEventListener("abort", resolve));
        } finally {
          released();
        }
      }
      const { port, errors } = await start((incoming) => {
        signal = incoming.signal;
        return { status: 200, headers: [], body: waiting() };
      });
      const connection = await rawConnection(port);
      connection.send(request);
      await connection.until(/first/);
      connection.socket.destroy();
      await release;
      expect(signal?.aborted).toBe(true);
      expect(errors()).toEqual([]);
    });

    test("that breaks off cuts the connection, so that the client knows", async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield Buffer.from("ab");
        throw new Error("backend gone");
      }
      const { port, errors } = await start(() => ({ status: 200, headers: [], body: broken() }));
      const answer = await converse(port, request);
      expect(answer).toContain("Transfer-Encoding: chunked");
      expect(answer).not.toContain("\r\n0\r\n\r\n");
      expect(errors()).toEqual([
        { level: "error", message: "an answer broke off", error: new Error("backend gone"), fields: { method: "GET", path: "/" } },
      ]);
    });

    test("is not pulled for HEAD", async () => {
      let pulled = false;
      let released = (): void => undefined;
      const release = new Promise<void>((resolve) => (released = resolve));
      const body: AsyncIterable<Uint8Array> = {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            pulled = true;
            return Promise.resolve({ done: true, value: undefined });
          },
          return: () => {
            released();
            return Promise.resolve({ done: true, value: undefined });
          },
        }),
      };
      const { port } = await start(() => ({ status: 200, headers: [], body }));
      const answer = await converse(port, request.replace("GET", "HEAD"));
      await release;
      expect(answer.endsWith("\r\n\r\n")).toBe(true);
      expect(pulled).toBe(false);
    });

    test("to an HTTP/1.0 client ends with the connection", async () => {
      const { port } = await start(() => ({ status: 200, headers: [], body: chunksOf("ab", "cd") }));
      expect(withoutDate(await converse(port, "GET / HTTP/1.0\r\n\r\n"))).toBe(
        whole("HTTP/1.1 200 OK\nConnection: close", "abcd"),
      );
    });
  });

  describe("bytes that must not be taken for a request", () => {
    test.each([
      ["no request at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
      ["no Host", "GET / HTTP/1.1\r\n\r\n"],
      ["two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n"],
      ["a Host that is no host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"],
      ["a Host with user information", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"],
      ["a Host that is quoted", 'GET / HTTP/1.1\r\nHost: "a"\r\n\r\n'],
      ["a Host with bytes past ASCII", "GET / HTTP/1.1\r\nHost: \xe4\r\n\r\n"],
      ["a Host with a port that is none", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"],
      ["a Host with two ports", "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n"],
      ["a Host with half an address", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"],
      ["a target whose host is none", "GET http://a:b:c/ HTTP/1.1\r\nHost: h\r\n\r\n"],
      ["two lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
      ["the same length twice", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na"],
      ["a list of lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 1\r\n\r\na"],
      ["a length with a sign", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: +1\r\n\r\na"],
      ["a length and chunks", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
      ["chunks and a length", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n"],
      ["chunked twice", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
      ["another coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"],
      ["a coding that only looks like chunked", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"],
      ["chunks before HTTP/1.1", "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
      ["a space before the colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n"],
      ["a folded line", "GET / HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n"],
      ["a NUL in a value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n"],
      ["a bare CR in a value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n"],
      ["a target that is neither path nor URL", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"],
      ["a target with user information", "GET http://a@b/ HTTP/1.1\r\nHost: h\r\n\r\n"],
      ["a target of another scheme", "GET ftp://b/ HTTP/1.1\r\nHost: h\r\n\r\n"],
      ["a target with a fragment", "GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n"],
      ["a NUL in a target", "GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n"],
      ["a byte past ASCII in a target", "GET /\xe4 HTTP/1.1\r\nHost: h\r\n\r\n"],
      ["a NUL in a name", "GET / HTTP/1.1\r\nHost: h\r\nX\0: a\r\n\r\n"],
      ["a NUL in Host", "GET / HTTP/1.1\r\nHost: h\0\r\n\r\n"],
      ["a control character in a value", "GET / HTTP/1.1\r\nHost: h\r\nX: a\x01b\r\n\r\n"],
      ["lines that end with a bare LF", "GET / HTTP/1.1\nHost: h\n\n"],
      ["a header that ends with a bare LF", "GET / HTTP/1.1\r\nHost: h\nX: 1\r\n\r\n"],
      ["a head that ends with a bare LF", "GET / HTTP/1.1\r\nHost: h\r\n\n"],
      ["a request line that ends with a bare CR", "GET / HTTP/1.1\rHost: h\r\n\r\n"],
      ["a header that ends with a bare CR", "GET / HTTP/1.1\r\nHost: h\rX: 1\r\n\r\n"],
      ["a space in a name", "GET / HTTP/1.1\r\nHost: h\r\nX Y: 1\r\n\r\n"],
      ["a tab before the colon", "GET / HTTP/1.1\r\nHost: h\r\nX\t: 1\r\n\r\n"],
      ["a space before the first name", "GET / HTTP/1.1\r\n Host: h\r\n\r\n"],
      ["a folded line before any header", "GET / HTTP/1.1\r\n X: 1\r\nHost: h\r\n\r\n"],
      ["an empty name", "GET / HTTP/1.1\r\nHost: h\r\n: 1\r\n\r\n"],
      ["a line without a colon", "GET / HTTP/1.1\r\nHost: h\r\nX\r\n\r\n"],
      ["chunked that is not last", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"],
      ["identity for a coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n"],
      ["an empty coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n"],
      ["a coding behind a vertical tab", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n"],
      ["a list that ends with nothing", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\n"],
      ["a letter that only folds to the one of chunked", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chun\xe2\x84\xaaed\r\n\r\n0\r\n\r\n"],
      ["a list of unequal lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1, 2\r\n\r\na"],
      ["a negative length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n"],
      ["a length in hexadecimal", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0x1\r\n\r\na"],
      ["a length that no number holds", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999999\r\n\r\na"],
      ["an empty length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n"],
      ["a length with a space in it", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1 1\r\n\r\na"],
      ["no version", "GET /\r\n\r\n"],
      ["another version", "GET / HTTP/1.2\r\nHost: h\r\n\r\n"],
      ["a version with a leading zero", "GET / HTTP/01.1\r\nHost: h\r\n\r\n"],
      ["the protocol's name in lower case", "GET / http/1.1\r\nHost: h\r\n\r\n"],
      ["HTTP/2 where it was not agreed", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
      ["tabs in the request line", "GET\t/\tHTTP/1.1\r\nHost: h\r\n\r\n"],
      ["a space before the request line", " GET / HTTP/1.1\r\nHost: h\r\n\r\n"],
      ["a space behind the request line", "GET / HTTP/1.1 \r\nHost: h\r\n\r\n"],
      ["a method in lower case", "get / HTTP/1.1\r\nHost: h\r\n\r\n"],
      ["two Hosts in one", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"],
    ])("%s is 400 and the end of the connection", async (_, bytes) => {
      let handled = 0;
      const { port } = await start(() => {
        handled++;
        return hello;
      });
      const answer = await converse(port, `${bytes}GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n`);
      expect(answer.replace(/Date: [^\r]*\r\n/, "")).toBe(BAD_REQUEST);
      expect(handled).toBe(0);
    });

    test.each([
      ["a size that is no number", "zz\r\n"],
      ["a size with a sign", "-1\r\na\r\n0\r\n\r\n"],
      ["a size with a prefix", "0x1\r\na\r\n0\r\n\r\n"],
      ["a size with a space", "1 \r\na\r\n0\r\n\r\n"],
      ["a size that no number holds", "fffffffffffffffff\r\na"],
      ["a size that ends with a bare LF", "1\na\r\n0\r\n\r\n"],
      ["more bytes than its size", "1\r\nab\r\n0\r\n\r\n"],
      ["an end without CR", "1\r\na\n0\r\n\r\n"],
      ["an extension with a bare LF", "1;a\nb\r\na\r\n0\r\n\r\n"],
      ["an extension with a bare CR", "1;a\rb\r\na\r\n0\r\n\r\n"],
      ["an extension with a NUL", "1;a\0b\r\na\r\n0\r\n\r\n"],
      ["a trailer that ends with a bare LF", "1\r\na\r\n0\r\nX: 1\n\r\n"],
      ["a folded trailer", "1\r\na\r\n0\r\nX: 1\r\n y\r\n\r\n"],
      ["a length for a trailer", "1\r\na\r\n0\r\nContent-Length: 5\r\n\r\n"],
      ["an end of bare LFs", "1\r\na\r\n0\n\n"],
    ])("a malformed chunk ends its request with 400: %s", async (_, chunks) => {
      let failure: unknown;
      const targets: string[] = [];
      const { port } = await start(async (request) => {
        targets.push(request.target);
        failure = await request.readBody(100).catch((error: unknown) => error);
        return hello;
      });
      const head = "POST /first HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
      expect(await converse(port, `${head}${chunks}GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n`)).toBe(BAD_REQUEST);
      await expect.poll(() => failure).toBeInstanceOf(BodyAborted);
      expect(targets).toEqual(["/first"]);
    });

    test("what follows a request that was to be the last one is not read, and takes nothing from its answer", async () => {
      const targets: string[] = [];
      const { port } = await start(async (request) => {
        targets.push(request.target);
        await new Promise((resolve) => setImmediate(resolve));
        return hello;
      });
      const answers = await converse(port, "GET /1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
      expect(withoutDate(answers)).toBe(whole("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 5\nConnection: close", "hello"));
      expect(targets).toEqual(["/1"]);
    });

    test("a connection ends with the answer to a request for an upgrade: node drops what comes together with one", async () => {
      const targets: string[] = [];
      const { port } = await start(async (request) => {
        targets.push(request.target);
        return { ...hello, body: await request.readBody(10) };
      });
      const upgrade = "GET /1 HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 3\r\n\r\nabc";
      const connection = await rawConnection(port);
      connection.send(`${upgrade}POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 999\r\n\r\n`);
      connection.send("GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
      expect(withoutDate(await connection.closed())).toBe(whole("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 3\nConnection: close", "abc"));
      expect(targets).toEqual(["/1"]);
    });

    test("garbage after a request never takes the place of its answer", async () => {
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      const { port } = await start(async () => {
        await released;
        return hello;
      });
      const answer = converse(port, "GET / HTTP/1.1\r\nHost: h\r\n\r\n\x00\x01 garbage\r\n\r\n");
      if (http1 === "node") {
        expect(await answer).toBe("");
        release();
        return;
      }
      release();
      const kept = whole("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 5\nConnection: keep-alive\nKeep-Alive: timeout=60", "hello");
      expect(withoutDate(await answer)).toBe(kept + BAD_REQUEST);
    });

    test("CONNECT is 405", async () => {
      const { port } = await start(() => hello);
      expect(await converse(port, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")).toBe(
        whole(
          "HTTP/1.1 405 Method Not Allowed\nContent-Type: application/json\nContent-Length: 32\nConnection: close",
          '{"message":"Method Not Allowed"}',
        ),
      );
    });

    test("an upgrade that nobody asked for is an ordinary request", async () => {
      const { port } = await start(() => hello);
      const answer = await converse(port, "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n");
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    });
  });

  describe("limits", () => {
    test("headers past AWS's 10,240 bytes still reach the handler; past the listener's own limit they are 431", async () => {
      const { port } = await start((request) => ({ ...hello, body: String(request.headers.join("").length) }));
      const filler = (size: number): string => `GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: ${"a".repeat(size)}\r\n\r\n`;
      expect((await converse(port, filler(20_000))).split("\r\n\r\n")[1]).toBe("20021");
      expect(await converse(port, filler(DEFAULT_LIMITS.headerBytes))).toBe(
        whole(
          "HTTP/1.1 431 Request Header Fields Too Large\nContent-Type: application/json\nContent-Length: 45\nConnection: close",
          '{"message":"Request Header Fields Too Large"}',
        ),
      );
    });

    test("no header is dropped, however many there are", async () => {
      const { port } = await start((request) => ({ ...hello, body: String(request.headers.length / 2) }));
      const many = "X: 1\r\n".repeat(3000);
      const answer = await converse(port, `GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${many}\r\n`);
      expect(answer.split("\r\n\r\n")[1]).toBe("3002");
    });
  });

  describe("listening and closing", () => {
    test("a port in use is one clear line", async () => {
      const { port, listener } = await start(() => hello);
      expect(listener.host).toBe("127.0.0.1");
      const { log } = recordingLog();
      await expect(listen({ host: "127.0.0.1", port, handler: () => hello, log })).rejects.toEqual(
        new ListenError(`Cannot listen on 127.0.0.1:${port}: the port is in use`),
      );
    });

    test("several listeners share a port when each of them says so", async () => {
      const { log } = recordingLog();
      const options = { host: "127.0.0.1", handler: () => hello, log };
      const first = await listen({ ...options, port: 0, reusePort: true });
      open.push(first);
      const second = await listen({ ...options, port: first.port, reusePort: true });
      await first.close(0);
      open.push(second);
      expect(await converse(second.port, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")).toMatch(/hello$/);
      await expect(listen({ ...options, port: first.port })).rejects.toThrow("the port is in use");
    });

    test("an address of another machine is one clear line", async () => {
      const { log } = recordingLog();
      await expect(listen({ host: "192.0.2.1", port: 0, handler: () => hello, log })).rejects.toEqual(
        new ListenError("Cannot listen on 192.0.2.1:0: that is not an address of this machine"),
      );
    });

    test("closing ends idle connections at once and lets what is under way finish", async () => {
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      const { port, listener } = await start(async (request) => {
        if (request.target === "/slow") await released;
        return hello;
      });
      const unused = await rawConnection(port);
      const idle = await rawConnection(port);
      idle.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      await idle.until(/hello/);
      const busy = await rawConnection(port);
      busy.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
      const second = await rawConnection(port);
      second.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      await second.until(/hello/);

      const closing = listener.close(60_000);
      await Promise.all([unused.closed(), idle.closed(), second.closed()]);
      await expect(rejected(port)).resolves.toBe("ECONNREFUSED");
      release();
      expect(withoutDate(await busy.closed())).toBe(
        whole("HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 5\nConnection: close", "hello"),
      );
      await closing;
      await listener.close(0);
    });

    test("what does not finish in time is cut, and its signal is aborted", async () => {
      let arrived: (signal: AbortSignal) => void;
      const arrival = new Promise<AbortSignal>((resolve) => (arrived = resolve));
      const { port, listener } = await start((request) => {
        arrived(request.signal);
        return new Promise<never>(() => undefined);
      });
      const connection = await rawConnection(port);
      connection.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      const signal = await arrival;
      await listener.close(20);
      expect(await connection.closed()).toBe("");
      expect(signal.aborted).toBe(true);
    });
  });

  /** The code of the failure to connect. */
  function rejected(port: number): Promise<string | undefined> {
    return new Promise((resolve) => {
      const socket = connect({ host: "127.0.0.1", port });
      socket.on("connect", () => resolve(undefined));
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    });
  }
}
