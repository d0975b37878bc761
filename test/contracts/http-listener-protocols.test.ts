// What a listener does for its handler and for its client, whichever protocol they speak.
import type { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/adapters/http-listener/index.ts";
import type { ListenerLimits } from "../../src/adapters/http-listener/index.ts";
import { BodyAborted, BodyTooLarge } from "../../src/ports/http-server.ts";
import type { HttpHandler, HttpRequest, HttpResponse } from "../../src/ports/http-server.ts";
import { ask, bytesOf, CLIENTS, start as startPlain } from "./http-listener-clients.ts";

const hello: HttpResponse = { status: 200, headers: ["Content-Type", "text/plain"], body: "hello" };

const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

async function* chunksOf(...chunks: string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

describe.each(Object.entries(CLIENTS))("%s", (_name, client) => {
  const start = (handler: HttpHandler, limits: Partial<ListenerLimits> = {}) =>
    startPlain(handler, limits, client.listening);

  test("a request as the handler sees it", async () => {
    let seen: HttpRequest | undefined;
    const { port } = await start((request) => {
      seen = request;
      return hello;
    });
    await ask(client, port, { method: "PATCH", target: "/a%20b/?x=1&x=%zz", headers: { "x-a": ["1", "2"], "x-b": "\xe4" } });
    const { method, target, headers, protocol, encrypted, remoteAddress, hasBody } = seen as HttpRequest;
    expect({ method, target, protocol, encrypted, remoteAddress, hasBody }).toEqual({
      method: "PATCH",
      target: "/a%20b/?x=1&x=%zz",
      protocol: client.protocol,
      encrypted: client.encrypted,
      remoteAddress: "127.0.0.1",
      hasBody: false,
    });
    const fields = headers.flatMap((name, i) => (i % 2 === 0 ? [`${name.toLowerCase()}: ${headers[i + 1]}`] : []));
    expect(fields.filter((field) => !field.startsWith("connection"))).toEqual(
      expect.arrayContaining(["x-a: 1", "x-a: 2", "x-b: \xe4", `host: localhost:${port}`]),
    );
    expect(fields.filter((field) => field.startsWith(":"))).toEqual([]);
    expect(seen?.remotePort).toBeGreaterThan(0);
  });

  test.each([
    ["with a length", { "content-length": "256" }],
    ["without a length", {}],
  ])("a body is read whole, byte for byte: %s", async (_, headers) => {
    let body: Buffer | undefined;
    const { port } = await start(async (request) => {
      expect(request.hasBody).toBe(true);
      body = await request.readBody(256);
      return hello;
    });
    const call = client.call(port, { method: "POST", headers, body: EVERY_BYTE.subarray(0, 100), unfinished: true });
    call.write(EVERY_BYTE.subarray(100));
    call.end();
    expect((await call.head).status).toBe(200);
    expect(body).toEqual(EVERY_BYTE);
  });

  test("a large body is read whole", async () => {
    const large = Buffer.alloc(5_000_000, EVERY_BYTE);
    let isSame = false;
    const { port } = await start(async (request) => {
      isSame = (await request.readBody(large.length)).equals(large);
      return hello;
    });
    await ask(client, port, { method: "POST", body: large });
    expect(isSame).toBe(true);
  });

  test("a length of 0 is no body", async () => {
    const { port } = await start(async (request) => ({ ...hello, body: `${request.hasBody} ${(await request.readBody(0)).length}` }));
    expect((await ask(client, port, { method: "POST", headers: { "content-length": "0" } })).body).toBe("false 0");
  });

  test.each([
    ["announced", { "content-length": "11" }],
    ["not announced", {}],
  ])("a body past the reader's limit is BodyTooLarge, and the answer arrives: %s", async (_, headers) => {
    const { port } = await start(async (request) => {
      const failure = await failureOf(request.readBody(10));
      return { status: 413, headers: [], body: String(failure instanceof BodyTooLarge) };
    });
    expect(await ask(client, port, { method: "POST", headers, body: "hello world" })).toEqual({
      status: 413,
      headers: { "content-length": "4" },
      body: "true",
    });
  });

  test("the body may be read once", async () => {
    const { port } = await start(async (request) => {
      await request.readBody(10);
      return { ...hello, body: String(await failureOf(request.readBody(10))) };
    });
    expect((await ask(client, port, { method: "POST", body: "x" })).body).toBe("Error: The body of a request may be read once");
  });

  test("trailers are no headers and no body", async () => {
    let seen: HttpRequest | undefined;
    const { port } = await start(async (request) => {
      seen = request;
      return { ...hello, body: await request.readBody(10) };
    });
    const call = client.call(port, { method: "POST", headers: { trailer: "x-late" }, body: "abc", unfinished: true });
    call.end({ "x-late": "1" });
    expect((await bytesOf((await call.head).body)).toString()).toBe("abc");
    expect(seen?.headers).not.toContain("x-late: 1");
    expect(seen?.headers.map((text) => text.toLowerCase()).filter((text) => text === "x-late")).toHaveLength(1);
  });

  test("a client that leaves in the middle of its body is BodyAborted, and the signal says so", async () => {
    let failure: unknown;
    let signal: AbortSignal | undefined;
    let arrived = false;
    const { port } = await start(async (request) => {
      arrived = true;
      ({ signal } = request);
      failure = await failureOf(request.readBody(10));
      return hello;
    });
    const call = client.call(port, { method: "POST", headers: { "content-length": "5" }, body: "ab", unfinished: true });
    await expect.poll(() => arrived).toBe(true);
    call.leave();
    await expect.poll(() => failure).toBeInstanceOf(BodyAborted);
    expect(signal?.aborted).toBe(true);
  });

  test("a body asked for after its client has left is BodyAborted", async () => {
    let failure: unknown;
    let arrived = (): void => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const { port } = await start(async (request) => {
      const left = new Promise((resolve) => request.signal.addEventListener("abort", resolve));
      arrived();
      await left;
      failure = await failureOf(request.readBody(10));
      return hello;
    });
    const call = client.call(port, { method: "POST", headers: { expect: "100-continue", "content-length": "5" }, unfinished: true });
    await arrival;
    call.leave();
    await expect.poll(() => failure).toBeInstanceOf(BodyAborted);
  });

  test("100 Continue goes out when the body is read, and only then", async () => {
    const { port } = await start(async (request) => {
      if (request.target === "/refused") return { status: 403, headers: [], body: "no" };
      return { status: 200, headers: [], body: await request.readBody(5) };
    });
    const headers = { expect: "100-continue", "content-length": "5" };
    let continued = 0;
    const call = client.call(port, {
      method: "POST",
      headers,
      unfinished: true,
      onContinue() {
        continued++;
        call.write("bytes");
        call.end();
      },
    });
    expect((await bytesOf((await call.head).body)).toString()).toBe("bytes");
    expect(continued).toBe(1);
    const refused = client.call(port, { method: "POST", target: "/refused", headers, unfinished: true, onContinue: () => continued++ });
    expect((await refused.head).status).toBe(403);
    expect(continued).toBe(1);
    refused.leave();
  });

  test.each([
    ["text", "hello", "hello"],
    ["text that is not ASCII, as UTF-8", "h\u00e9\u20ac", Buffer.from("h\u00e9\u20ac").toString("latin1")],
    ["bytes", EVERY_BYTE, EVERY_BYTE.toString("latin1")],
    ["a part of a larger array", new Uint8Array([9, 1, 2, 9]).subarray(1, 3), "\x01\x02"],
    ["nothing", "", ""],
  ])("a buffered body of %s has its length and is exact", async (_, body, onTheWire) => {
    const { port } = await start(() => ({ status: 200, headers: ["X-Latin", "\xe4", "Set-Cookie", "a", "Set-Cookie", "b"], body }));
    expect(await ask(client, port)).toEqual({
      status: 200,
      headers: { "x-latin": "\xe4", "set-cookie": ["a", "b"], "content-length": String(onTheWire.length) },
      body: onTheWire,
    });
  });

  test("a large body is sent whole", async () => {
    const body = Buffer.alloc(30_000_000, EVERY_BYTE);
    const { port } = await start(() => ({ status: 200, headers: [], body }));
    const answer = await client.call(port).head;
    expect((await bytesOf(answer.body)).equals(body)).toBe(true);
  });

  test("HEAD has the head that GET would have, and no body", async () => {
    const { port } = await start(async () => hello);
    expect(await ask(client, port, { method: "HEAD" })).toEqual({
      status: 200,
      headers: { "content-type": "text/plain", "content-length": "5" },
      body: "",
    });
  });

  test("HEAD may announce a length that the handler knows", async () => {
    const { port } = await start(() => ({ status: 200, headers: ["content-length", "1234"], body: "" }));
    expect((await ask(client, port, { method: "HEAD" })).headers).toEqual({ "content-length": "1234" });
  });

  test.each([204, 304])("%i has neither body nor length", async (status) => {
    const { port } = await start(() => ({ status, headers: ["X", "1", "Content-Length", "5"], body: "hello" }));
    expect(await ask(client, port)).toEqual({ status, headers: { x: "1" }, body: "" });
  });

  test("framing, connection and date are the listener's own", async () => {
    const headers = "Content-Length 99 Transfer-Encoding chunked Connection upgrade Keep-Alive timeout=1 Date now Trailer x X kept";
    const { port } = await start(() => ({ status: 201, headers: headers.split(" "), body: "hi" }));
    expect(await ask(client, port)).toEqual({ status: 201, headers: { x: "kept", "content-length": "2" }, body: "hi" });
  });

  test.each<[string, HttpResponse]>([
    ["a line break in a value", { ...hello, headers: ["X", "a\r\nSet-Cookie: b"] }],
    ["a NUL in a value", { ...hello, headers: ["X", "a\0b"] }],
    ["a character past Latin-1 in a value", { ...hello, headers: ["X", "\u20ac"] }],
    ["a space in a name", { ...hello, headers: ["X Y", "1"] }],
    ["a colon at the head of a name", { ...hello, headers: [":status", "1"] }],
    ["an empty name", { ...hello, headers: ["", "1"] }],
    ["a line break in a value of an answer without body", { ...hello, status: 204, headers: ["X", "a\nb"] }],
    ["an interim status", { ...hello, status: 101 }],
    ["a status of four digits", { ...hello, status: 1000 }],
    ["a status that is no whole number", { ...hello, status: 200.5 }],
  ])("what HTTP does not allow is a 500 and a line in the log: %s", async (_, response) => {
    const { port, errors } = await start(() => response);
    expect(await ask(client, port)).toEqual({
      status: 500,
      headers: { "content-type": "application/json", "content-length": "35" },
      body: '{"message":"Internal server error"}',
    });
    expect(errors()).toEqual([
      { level: "error", message: "an answer cannot be sent", error: expect.any(Error), fields: { method: "GET", path: "/" } },
    ]);
  });

  test.each<[string, HttpHandler]>([
    ["throws", () => { throw new Error("bug"); }],
    ["rejects", () => Promise.reject(new Error("bug"))],
  ])("a handler that %s is a 500, its cause in the log and nowhere else", async (_, handler) => {
    const { port, errors } = await start(handler);
    expect((await ask(client, port, { target: "/a?secret=1" })).body).toBe('{"message":"Internal server error"}');
    expect((await ask(client, port, { method: "HEAD" })).status).toBe(500);
    expect(errors()[0]).toEqual({
      level: "error",
      message: "a request was not answered",
      error: new Error("bug"),
      fields: { method: "GET", path: "/a" },
    });
  });

  describe("a streamed answer", () => {
    test("goes out whole", async () => {
      const { port } = await start(() => ({ status: 200, headers: [], body: chunksOf("ab", "", "cde") }));
      expect(await ask(client, port)).toEqual({ status: 200, headers: {}, body: "abcde" });
    });

    test("its head goes out before its first chunk is there", async () => {
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      async function* late(): AsyncGenerator<Uint8Array> {
        await released;
        yield Buffer.from("x");
      }
      const { port } = await start(() => ({ status: 200, headers: [], body: late() }));
      const { body } = await client.call(port).head;
      release();
      expect((await bytesOf(body)).toString()).toBe("x");
    });

    test("is pulled only as fast as the client reads, and released when it leaves", async () => {
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
      const stream = endless();
      const { port, errors } = await start((incoming) => {
        incoming.signal.addEventListener("abort", () => ended());
        return { status: 200, headers: [], body: stream };
      });
      const call = client.call(port);
      (await call.head).body.pause();
      // The buffers on the way fill up, then nothing more is asked for.
      let before = -1;
      while (pulled === 0 || pulled !== before) {
        before = pulled;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(pulled * chunk.length).toBeLessThan(32 * 1024 * 1024);
      call.leave();
      await end;
      expect(await stream.next()).toEqual({ done: true, value: undefined });
      expect(errors()).toEqual([]);
    });

    test("that breaks off is seen to be incomplete", async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield Buffer.from("ab");
        throw new Error("backend gone");
      }
      const { port, errors } = await start(() => ({ status: 200, headers: [], body: broken() }));
      await expect(ask(client, port)).rejects.toThrow(/aborted|reset|INTERNAL_ERROR/);
      expect(errors()).toEqual([
        { level: "error", message: "an answer broke off", error: new Error("backend gone"), fields: { method: "GET", path: "/" } },
      ]);
    });

    test("is not pulled for HEAD", async () => {
      let pulled = false;
      let released = false;
      const body: AsyncIterable<Uint8Array> = {
        [Symbol.asyncIterator]: () => ({
          next() {
            pulled = true;
            return Promise.resolve({ done: true, value: undefined });
          },
          return() {
            released = true;
            return Promise.resolve({ done: true, value: undefined });
          },
        }),
      };
      const { port } = await start(() => ({ status: 200, headers: [], body }));
      expect((await ask(client, port, { method: "HEAD" })).body).toBe("");
      expect({ pulled, released }).toEqual({ pulled: false, released: true });
    });
  });

  describe("limits", () => {
    test("headers past AWS's 10,240 bytes still reach the handler; past the listener's own limit they are 431", async () => {
      const { port } = await start((request) => ({ ...hello, body: String(request.headers.join("").length > 12_000) }));
      expect((await ask(client, port, { headers: { x: "a".repeat(12_000) } })).body).toBe("true");
      expect(await ask(client, port, { headers: { x: "a".repeat(DEFAULT_LIMITS.headerBytes) } })).toEqual({
        status: 431,
        headers: { "content-type": "application/json", "content-length": "45" },
        body: '{"message":"Request Header Fields Too Large"}',
      });
    });

    test("no header is dropped, however many there are", async () => {
      const { port } = await start((request) => ({ ...hello, body: String(request.headers.filter((name) => name === "x").length) }));
      expect((await ask(client, port, { headers: { x: Array.from({ length: 1000 }, () => "1") } })).body).toBe("1000");
    });

    test("a body that does not arrive in time is 408, and its reader learns that the client is gone", async () => {
      let failure: unknown;
      const { port, errors } = await start(
        async (request) => {
          failure = await failureOf(request.readBody(10));
          throw failure;
        },
        { headersTimeoutMs: 60, requestTimeoutMs: 60 },
      );
      const call = client.call(port, { method: "POST", headers: { "content-length": "5" }, body: "ab", unfinished: true });
      const { status, body } = await call.head;
      expect([status, (await bytesOf(body)).toString()]).toEqual([408, '{"message":"Request Timeout"}']);
      await expect.poll(() => failure).toBeInstanceOf(BodyAborted);
      expect(errors()).toEqual([]);
    });

    test.each([
      ["a buffered answer", (): Buffer => Buffer.alloc(64 * 1024 * 1024)],
      [
        "a stream",
        async function* endless(): AsyncGenerator<Uint8Array> {
          for (;;) yield Buffer.alloc(65_536);
        },
      ],
    ])("a client that reads nothing of %s is cut off", async (_, body) => {
      let isGone = false;
      const { port } = await start(
        (request) => {
          request.signal.addEventListener("abort", () => (isGone = true));
          return { status: 200, headers: [], body: body() };
        },
        { stalledReaderMs: 80 },
      );
      const call = client.call(port);
      const answer: Readable = (await call.head).body;
      answer.on("error", () => undefined).pause();
      await expect.poll(() => isGone).toBe(true);
      call.leave();
    });

    test("a stream whose source is slow is not taken for a slow reader", async () => {
      async function* slow(): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(500_000, "a");
        await new Promise((resolve) => setTimeout(resolve, 200));
        yield Buffer.from("end");
      }
      const { port } = await start(() => ({ status: 200, headers: [], body: slow() }), { stalledReaderMs: 40 });
      expect((await ask(client, port)).body.slice(-4)).toBe("aend");
    });

    test("a body that nobody wants is thrown away up to a limit", async () => {
      const { port } = await start(() => ({ status: 403, headers: [], body: "no" }), { discardBytes: 3_000_000 });
      expect((await ask(client, port, { method: "POST", body: Buffer.alloc(2_500_000) })).status).toBe(403);
      const flood = client.call(port, { method: "POST", body: "a", unfinished: true });
      let isOver = false;
      const { body } = await flood.head;
      body.on("error", () => undefined).on("close", () => (isOver = true)).resume();
      const chunk = Buffer.alloc(100_000);
      await expect.poll(() => {
        if (!isOver) flood.write(chunk);
        return isOver;
      }, { interval: 2 }).toBe(true);
    });
  });

  describe("closing", () => {
    test("lets what is under way finish", async () => {
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      let arrived = false;
      const { port, listener } = await start(async () => {
        arrived = true;
        await released;
        return hello;
      });
      const call = client.call(port);
      await expect.poll(() => arrived).toBe(true);
      const closing = listener.close(60_000);
      await expect(ask(client, port)).rejects.toThrow("ECONNREFUSED");
      release();
      expect((await bytesOf((await call.head).body)).toString()).toBe("hello");
      await closing;
    });

    test("cuts what does not finish in time, and its signal is aborted", async () => {
      let signal: AbortSignal | undefined;
      const { port, listener } = await start((request) => {
        ({ signal } = request);
        return new Promise<never>(() => undefined);
      });
      const call = client.call(port);
      await expect.poll(() => signal).toBeDefined();
      await listener.close(20);
      await expect(call.head).rejects.toThrow(/hang up|reset|closed|INTERNAL_ERROR|GOAWAY/i);
      expect(signal?.aborted).toBe(true);
    });
  });
});
