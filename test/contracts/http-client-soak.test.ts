// Many requests at once over few connections, to a server that frames, cuts, closes and resets as it pleases: whoever gets an
// answer gets the one to its own request.
import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHttpClient } from "../../src/adapters/http-client/index.ts";
import { UpstreamError } from "../../src/ports/http-client.ts";

const REQUESTS = 1_000;
const AT_ONCE = 48;

/** Numbers from 0 to below 1 that repeat with the seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const random = numbers(20_261_122);
const server = createServer((socket) => {
  let pending = "";
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    pending += chunk.toString("latin1");
    for (let end = pending.indexOf("\r\n\r\n"); end >= 0; end = pending.indexOf("\r\n\r\n")) {
      const path = pending.split(" ", 2)[1] as string;
      pending = pending.slice(end + 4);
      answer(socket, path);
    }
  });
});

/** The path, again and again, to a length that the path decides; framed, cut and ended as chance has it. */
function answer(socket: Socket, path: string): void {
  const chance = random();
  if (chance < 0.02) return void socket.resetAndDestroy();
  if (chance < 0.04) return void socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort");
  const body = path.repeat(1 + Math.floor(random() * 400));
  const closes = chance < 0.1;
  const head = `HTTP/1.1 200 OK\r\nX-Path: ${path}\r\n${closes ? "Connection: close\r\n" : ""}`;
  const bytes = random() < 0.5 ? `${head}Content-Length: ${body.length}\r\n\r\n${body}` : `${head}Transfer-Encoding: chunked\r\n\r\n${inChunks(body)}0\r\n\r\n`;
  const extra = chance < 0.12 ? "HTTP/1.1 200 OK\r\nX-Path: /forged\r\nContent-Length: 7\r\n\r\n/forged" : "";
  send(socket, bytes + extra, closes);
}

function inChunks(body: string): string {
  let text = "";
  for (let at = 0; at < body.length; ) {
    const size = Math.min(body.length - at, 1 + Math.floor(random() * 500));
    text += `${size.toString(16)}\r\n${body.slice(at, at + size)}\r\n`;
    at += size;
  }
  return text;
}

/** In up to four pieces, each a turn of the event loop after the other. */
function send(socket: Socket, bytes: string, closes: boolean): void {
  const size = Math.ceil(bytes.length / (1 + Math.floor(random() * 4)));
  const next = (at: number): void => {
    if (socket.destroyed) return;
    socket.write(bytes.slice(at, at + size), "latin1");
    if (at + size < bytes.length) setImmediate(next, at + size);
    else if (closes) socket.end();
  };
  next(0);
}

const client = createHttpClient({ connectionsPerOrigin: 12 });
let origin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await client.close();
  await new Promise((resolve) => server.close(resolve));
});

test(`${REQUESTS} requests, ${AT_ONCE} at once over 12 connections, get their own answers, or a failure that is named`, async () => {
  let next = 0;
  let answered = 0;
  const failures = new Map<string, number>();

  async function ask(id: number): Promise<void> {
    const path = `/${id.toString(36)}/`;
    const request = { method: "GET", origin, path, headers: [], body: undefined, timeoutMs: 20_000, responseLimit: 1_000_000 };
    try {
      const { headers, body } = id % 3 === 0 ? await streamed(request) : await client.request(request);
      expect(headers[1]).toBe(path);
      expect(body.toString("latin1").replaceAll(path, "")).toBe("");
      answered++;
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      failures.set(error.failure, (failures.get(error.failure) ?? 0) + 1);
    }
  }

  async function streamed(request: Parameters<typeof client.stream>[0]) {
    const { headers, body } = await client.stream(request);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return { headers, body: Buffer.concat(chunks) };
  }

  const worker = async (): Promise<void> => {
    while (next < REQUESTS) await ask(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  // What the server breaks off on purpose is at most a few in a hundred; all that fails is that.
  expect([...failures.keys()]).toEqual(["protocol"]);
  expect(answered).toBeGreaterThan(REQUESTS * 0.9);
  expect(answered + (failures.get("protocol") ?? 0)).toBe(REQUESTS);
});
