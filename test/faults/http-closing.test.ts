// A listener that closes, with connections in every state: what is under way is answered, and nothing keeps it from ending.
import { setImmediate as turnsEnd } from "node:timers/promises";
import { expect, test } from "vitest";
import type { HttpResponse } from "../../src/ports/http-server.ts";
import { ask, CLIENTS, start } from "../contracts/http-listener-clients.ts";
import { rawConnection } from "../contracts/raw-connection.ts";
import type { RawConnection } from "../contracts/raw-connection.ts";

const GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const POST = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n";
const GRACE_MS = 60_000;

interface State {
  readonly bytes: string;
  /** What is received before the listener closes. */
  readonly before: RegExp;
  /** What the client sends once it closes, and what it receives in all. */
  readonly rest?: string;
  readonly after: RegExp;
}

const STATES: Readonly<Record<string, State>> = {
  "nothing sent": { bytes: "", before: /^$/, after: /^$/ },
  idle: { bytes: GET, before: /one$/, after: /one$/ },
  "half a head": { bytes: "GET / HT", before: /^$/, after: /^$/ },
  "half a body": { bytes: `${POST}ab`, before: /^$/, rest: "cd", after: /^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n\r\nabcd$/ },
  "a request that is handled": { bytes: GET.replace("/", "/later"), before: /^$/, after: /^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n\r\nlater$/ },
  "a request that is handled, and others behind it": { bytes: GET.replace("/", "/later") + GET.repeat(3), before: /^$/, after: /^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n\r\nlater$/ },
  "an answer that is streamed": { bytes: GET.replace("/", "/stream"), before: /first\r\n$/, after: /5\r\nfirst\r\n4\r\nlast\r\n0\r\n\r\n$/ },
  "a body that nobody wants": { bytes: `POST /unread HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 9\r\n\r\nab`, before: /no$/, after: /no$/ },
  refused: { bytes: "\0", before: /^HTTP\/1\.1 400 /, after: /"Bad Request"}$/ },
};

async function closing({ bytes, before, rest, after }: State, keepsOpen: boolean): Promise<number> {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("first");
    await released;
    yield Buffer.from("last");
  }
  let asked = 0;
  const { port, listener, errors } = await start(async (request): Promise<HttpResponse> => {
    asked++;
    if (request.target === "/stream") return { status: 200, headers: [], body: parts() };
    if (request.target === "/unread") return { status: 403, headers: [], body: "no" };
    if (request.target === "/later") await released;
    return { status: 200, headers: [], body: request.target === "/later" ? "later" : request.hasBody ? await request.readBody(10) : "one" };
  }, { keepAliveTimeoutMs: 400 });
  const connection: RawConnection = await rawConnection(port);
  connection.socket.allowHalfOpen = keepsOpen;
  if (bytes !== "") connection.send(bytes);
  await connection.until(before);
  while (asked === 0 && (rest !== undefined || bytes.includes("/later"))) await turnsEnd();
  for (let i = 0; i < 5; i++) await turnsEnd();
  const begun = performance.now();
  const closed = listener.close(GRACE_MS);
  for (let i = 0; i < 5; i++) await turnsEnd();
  if (rest !== undefined) connection.send(rest);
  release();
  const received = await connection.until(after);
  expect(received).toMatch(after);
  await closed;
  const lasted = performance.now() - begun;
  if (!keepsOpen) expect(await connection.closed()).toBe(received);
  expect(errors()).toEqual([]);
  connection.socket.destroy();
  return lasted;
}

test.each(Object.keys(STATES))("closing with %s: at once", async (name) => {
  expect(await closing(STATES[name] as State, false)).toBeLessThan(350);
});

test("closing with clients that never end their connections: soon", async () => {
  const lasted = await Promise.all(Object.values(STATES).map((state) => closing(state, true)));
  expect(Math.max(...lasted)).toBeLessThan(4_000);
});

test.each(Object.keys(CLIENTS))("whoever asks while a listener closes has an answer, or has not been heard: %s", async (name) => {
  const client = CLIENTS[name] as (typeof CLIENTS)[string];
  let heard = 0;
  const { port, listener } = await start(async () => {
    heard++;
    await turnsEnd();
    return { status: 200, headers: [], body: "x" };
  }, {}, client.listening);
  const settled = Promise.allSettled(Array.from({ length: 20 }, async () => (await ask(client, port)).status));
  await expect.poll(() => heard).toBeGreaterThan(0);
  await listener.close(GRACE_MS);
  const outcomes = await settled;
  expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBe(heard);
});
