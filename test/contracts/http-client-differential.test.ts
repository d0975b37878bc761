// The own HTTP client beside Node.js's, over generated responses: what it takes, Node.js's takes, and to the same effect.
import { request as nodeRequest } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHttpClient } from "../../src/adapters/http-client/index.ts";
import { UpstreamError } from "../../src/ports/http-client.ts";

interface Taken {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: string;
}

let bytes = "";
const server = createServer((socket) => {
  // Whoever refuses a response resets its connection.
  socket.on("error", () => undefined);
  socket.once("data", () => socket.end(bytes, "latin1"));
});
const client = createHttpClient();
let origin: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await client.close();
  await new Promise((resolve) => server.close(resolve));
});

async function byOwn(method: string): Promise<Taken | undefined> {
  const request = { method, origin, path: "/", headers: [], body: undefined, timeoutMs: 5_000, responseLimit: 100_000 };
  try {
    const { status, headers, body } = await client.request(request);
    return { status, headers, body: body.toString("latin1") };
  } catch (error) {
    if (error instanceof UpstreamError && error.failure === "protocol") return undefined;
    throw error;
  }
}

const byNode = (method: string): Promise<Taken | undefined> =>
  new Promise((resolve) => {
    const request = nodeRequest(origin, { method, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString("latin1")));
      response.on("error", () => resolve(undefined));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.rawHeaders, body }));
    });
    request.on("upgrade", () => resolve(undefined));
    request.on("error", () => resolve(undefined));
    request.end();
  });

const status = fc.constantFrom("HTTP/1.1 200 OK", "HTTP/1.1 204 No Content", "HTTP/1.1 304 Not Modified", "HTTP/1.0 200 OK", "HTTP/1.1 500", "HTTP/1.1 103 Early Hints", "HTTP/1.1 2x0 No");
const header = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("Content-Length: 3", "Content-Length: 0", "Transfer-Encoding: chunked", "Connection: close", "X-A: b", "x-a:c ", "Set-Cookie: a=1", "Content-Length: 03") },
  { weight: 1, arbitrary: fc.constantFrom("Content-Length: x", "Transfer-Encoding: gzip", "X A: b", " folded", "no colon", "X: a\0b", ": b", "Content-Length: 3, 3") },
);
const body = fc.constantFrom("", "abc", "abcdef", "3\r\nabc\r\n0\r\n\r\n", "3;x=y\r\nabc\r\n0\r\nT: 1\r\n\r\n", "3\r\nab", "g\r\n", "0\r\n\r\n", "\r\n");
const lineEnd = fc.oneof({ weight: 20, arbitrary: fc.constant("\r\n") }, { weight: 1, arbitrary: fc.constant("\n") });

/** Node.js's client refuses a response that something follows; the own one takes it, and ends the connection. */
function hasMoreBehind({ status: code, headers, body: own }: Taken, method: string): boolean {
  const isInChunks = headers.includes("chunked") && method !== "HEAD" && code !== 204 && code !== 304;
  return !isInChunks && bytes.length > bytes.indexOf("\r\n\r\n") + 4 + own.length;
}

test("what the own client takes, Node.js's takes too, and alike", async () => {
  let both = 0;
  let neither = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("GET", "HEAD"), status, fc.array(header, { maxLength: 4 }), body, lineEnd, async (method, line, headers, payload, end) => {
      bytes = `${[line, ...headers].join(end)}${end}${end}${payload}`;
      const [own, node] = [await byOwn(method), await byNode(method)];
      if (own !== undefined && !(node === undefined && hasMoreBehind(own, method))) expect(own).toEqual(node);
      if (own !== undefined) both++;
      else if (node === undefined) neither++;
    }),
    { numRuns: 600 },
  );
  // Both ways were gone often, whatever was generated.
  expect(both).toBeGreaterThan(100);
  expect(neither).toBeGreaterThan(50);
});
