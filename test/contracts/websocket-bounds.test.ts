// What one WebSocket may hold up and for how long: time, messages in flight, clients that do not read, and the end of the listener.
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { TLS } from "./http-listener-clients.ts";
import { closeFrame, accepted, frame, rawWebSocket, serve } from "./websocket-clients.ts";
import type { RawWebSocket, Served } from "./websocket-clients.ts";

const MINUTE = 60_000;
const GOING_AWAY = 'close 1001 "Going away"';

async function oneClient(served: Served): Promise<RawWebSocket> {
  const client = await rawWebSocket(served.port);
  await served.until(() => served.heard.length === 1);
  return client;
}

/** A promise that is resolved from outside. */
function gate(): { open: () => void; passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
describe("time", () => {
  test("a connection without messages is closed with 1001 after 10 minutes", async () => {
    const served = await serve();
    const client = await oneClient(served);
    served.clock.move(10 * MINUTE - 1_000);
    expect(served.connections[0]?.isOpen).toBe(true);
    served.clock.move(1_000);
    expect(await client.next(1)).toEqual([GOING_AWAY]);
    client.send(closeFrame(1001));
    await served.until(() => served.heard.length === 2);
    expect(served.heard[1]).toBe('closed 1001 "Going away" by server');
  });

  test("messages in either direction are activity, pings and pongs are none", async () => {
    const served = await serve({ message: () => undefined });
    const client = await oneClient(served);
    const [connection] = served.connections;
    const began = served.clock.now();
    expect([connection?.connectedAt, connection?.lastActiveAt]).toEqual([began, began]);
    served.clock.move(9 * MINUTE);
    client.send("in");
    await served.until(() => served.heard.length === 2);
    expect(connection?.lastActiveAt).toBe(began + 9 * MINUTE);
    served.clock.move(9 * MINUTE);
    connection?.send("out");
    expect(connection?.lastActiveAt).toBe(began + 18 * MINUTE);
    served.clock.move(9 * MINUTE);
    client.send(frame("pong"), frame("ping", "p"));
    expect(await client.next(2)).toEqual(['text "out"', 'pong "p"']);
    expect([connection?.connectedAt, connection?.lastActiveAt]).toEqual([began, began + 18 * MINUTE]);
    served.clock.move(MINUTE);
    expect(await client.next(1)).toEqual([GOING_AWAY]);
  });

  test("a connection is closed with 1001 after two hours, however busy", async () => {
    const served = await serve();
    const client = await oneClient(served);
    for (let minutes = 0; minutes < 119; minutes++) {
      served.clock.move(MINUTE);
      served.connections[0]?.send("x");
    }
    expect(await client.next(119)).toHaveLength(119);
    served.clock.move(MINUTE);
    expect(await client.next(1)).toEqual([GOING_AWAY]);
  });

  test.each(["says nothing", "answers and does not hang up", "hangs up without an answer"])("a client that is to close, and %s, is cut after 10 seconds", async (what) => {
    const served = await serve();
    const client = await oneClient(served);
    client.socket.allowHalfOpen = true;
    served.connections[0]?.close(1000);
    expect(await client.next(1)).toEqual(['close 1000 ""']);
    if (what === "hangs up without an answer") client.socket.end();
    if (what === "answers and does not hang up") client.send(closeFrame(1000));
    if (what !== "says nothing") {
      await served.until(() => served.heard.length === 2);
      expect(served.heard[1]).toBe('closed 1000 "" by server');
    }
    served.clock.move(9_000);
    if (what === "says nothing") expect(served.heard).toEqual(["opened"]);
    served.clock.move(1_000);
    await served.until(() => served.heard.length === 2);
    await client.rest();
    expect(served.heard[1]).toBe('closed 1000 "" by server');
  });

  test("a client that has broken the protocol is heard to the end for 10 seconds, so that it sees why, and then cut", async () => {
    const served = await serve();
    const client = await oneClient(served);
    client.socket.allowHalfOpen = true;
    client.send(frame(3));
    expect(await client.next(1)).toEqual(['close 1002 "Unknown opcode"']);
    await served.until(() => served.heard.length === 2);
    await new Promise((resolve) => client.socket.write(Buffer.alloc(1_000_000), resolve));
    served.clock.move(9_000);
    expect(client.socket.destroyed).toBe(false);
    served.clock.move(1_000);
    const writing = setInterval(() => client.socket.write("x"), 1);
    await new Promise<void>((resolve) => client.socket.once("close", () => resolve()));
    clearInterval(writing);
    expect(served.heard).toEqual(["opened", 'closed 1002 "Unknown opcode" by server']);
  });

  // Nothing tells that a peer is gone until something is sent to it: the idle time does.
  test("a half-open connection ends with its idle time", async () => {
    const served = await serve();
    const client = await oneClient(served);
    client.socket.pause();
    served.clock.move(10 * MINUTE + 10_000);
    await served.until(() => served.heard.length === 2);
    expect(served.heard[1]).toBe('closed 1001 "Going away" by server');
    client.socket.destroy();
  });
});

describe("messages that the owner has not done with", () => {
  test.each([
    ["number", { messagesInFlight: 3 }, "x", 3],
    ["bytes", { bytesInFlight: 3_000 }, "x".repeat(1_000), 3],
  ])("past their %s the client is not read, until one is done", async (_, limits, text, atOnce) => {
    const gates: ReturnType<typeof gate>[] = [];
    const served = await serve({
      limits,
      message() {
        const next = gate();
        gates.push(next);
        return next.passed;
      },
    });
    const client = await oneClient(served);
    client.send(...Array.from({ length: 10 }, () => text), closeFrame(1000));
    for (let done = 0; done <= 10 - atOnce; done++) {
      await served.until(() => served.heard.length === 1 + atOnce + done);
      // What would follow would have been read by now.
      await new Promise((resolve) => setImmediate(resolve));
      expect(gates).toHaveLength(atOnce + done);
      expect(served.heard.at(-1)).toMatch(/^text/);
      gates[done]?.open();
    }
    await served.until(() => served.heard.length === 12);
    expect(served.heard.at(-1)).toBe('closed 1000 "" by client');
  });

  test("a client that is not read holds up no more than what the system buffers for it", async () => {
    const held = gate();
    const served = await serve({ limits: { messagesInFlight: 1 }, message: () => held.passed });
    const client = await oneClient(served);
    const message = frame("binary", Buffer.alloc(32_768));
    let written = 0;
    while (written < 500) {
      written++;
      if (!client.socket.write(message) && !(await Promise.race([once(client.socket, "drain").then(() => true), new Promise((resolve) => setTimeout(resolve, 200))]))) break;
    }
    expect(written).toBeLessThan(500);
    expect(served.heard).toHaveLength(2);
    held.open();
    await served.until(() => served.heard.length === written + 1);
    client.socket.destroy();
  });

  test("the owner is told that the client has left while a message is not done", async () => {
    const held = gate();
    const served = await serve({ message: () => held.passed });
    const client = await oneClient(served);
    client.send("x", closeFrame(4000, "gone"));
    await served.until(() => served.heard.length === 3);
    expect(served.heard[2]).toBe('closed 4000 "gone" by client');
    held.open();
    client.socket.destroy();
  });

  test("a close by the owner is answered even when the client was not read", async () => {
    const held = gate();
    const served = await serve({ limits: { messagesInFlight: 1 }, message: () => held.passed });
    const client = await oneClient(served);
    client.send("one", "two");
    await served.until(() => served.heard.length === 2);
    served.connections[0]?.close(1000);
    client.send(closeFrame(1000));
    await served.until(() => served.heard.length === 3);
    expect(served.heard.slice(1)).toEqual(['text "one"', 'closed 1000 "" by server']);
    held.open();
  });
});

describe("clients that do not read", () => {
  const LIMIT = 1024 * 1024;

  test.each([
    ["TCP", {}],
    ["TLS", { tls: TLS }],
  ])("what waits for one is bounded, it is cut past that, and others do not notice: over %s", async (name, options) => {
    const served = await serve({ options });
    const tls = name === "TLS";
    const slow = await rawWebSocket(served.port, { tls });
    await served.until(() => served.heard.length === 1);
    slow.socket.pause();
    const quick = await rawWebSocket(served.port, { tls });
    await served.until(() => served.heard.length === 2);
    const [connection] = served.connections;
    const message = "x".repeat(100_000);
    let most = 0;
    let sent = 0;
    while (connection?.send(message) === true && sent++ < 1_000) {
      most = Math.max(most, connection.queuedBytes);
      quick.send("q");
      expect(await quick.next(1)).toEqual(['text "q"']);
    }
    expect(sent).toBeLessThan(1_000);
    expect(most).toBeLessThanOrEqual(LIMIT);
    expect(most).toBeGreaterThan(LIMIT - 110_000);
    expect([connection?.isOpen, connection?.send("x")]).toEqual([false, false]);
    await served.until(() => served.heard.includes('closed 1006 "" by server'));
    quick.socket.destroy();
    slow.socket.destroy();
  });

  test.each([
    ["answers", 1_000, frame("text", "x"), 20_000],
    ["pongs", 125, frame("ping", "x".repeat(125)), 80_000],
  ])("one that asks for more %s than it takes is not read until it takes them", async (_, size, asked, count) => {
    const served = await serve({ limits: { queuedBytes: 100_000 }, message: (_data, connection) => void connection.send("x".repeat(size)) });
    const client = await oneClient(served);
    client.socket.pause();
    const [connection] = served.connections;
    client.send(Buffer.concat(Array.from({ length: count }, () => asked)));
    await expect.poll(() => connection?.queuedBytes, { interval: 5 }).toBeGreaterThan(50_000);
    expect(connection?.queuedBytes).toBeLessThan(52_000);
    expect(connection?.isOpen).toBe(true);
    client.socket.resume();
    expect(new Set(await client.next(count)).size).toBe(1);
    expect(connection?.isOpen).toBe(true);
    client.socket.destroy();
  });

  test("one that takes nothing for a minute is cut", async () => {
    const served = await serve();
    const client = await oneClient(served);
    client.socket.pause();
    const [connection] = served.connections;
    served.clock.move(2 * MINUTE);
    while (connection?.queuedBytes === 0) connection.send("x".repeat(100_000));
    served.clock.move(59_000);
    expect(connection?.isOpen).toBe(true);
    served.clock.move(1_000);
    await served.until(() => served.heard.length === 2);
    expect(served.heard[1]).toBe('closed 1006 "" by server');
    client.socket.destroy();
  });

  test("one that hangs up and takes nothing is cut after 10 seconds", async () => {
    const served = await serve();
    const client = await oneClient(served);
    client.socket.pause();
    const [connection] = served.connections;
    while (connection?.queuedBytes === 0) connection.send("x".repeat(100_000));
    client.socket.end();
    await served.until(() => served.heard.length === 2);
    served.clock.move(9_000);
    expect(connection?.queuedBytes).toBeGreaterThan(0);
    served.clock.move(1_000);
    await expect.poll(() => connection?.queuedBytes, { interval: 5 }).toBe(0);
    client.socket.destroy();
  });

  test("one that hangs up gets what was sent before", async () => {
    const served = await serve();
    const client = await oneClient(served);
    client.socket.pause();
    const [connection] = served.connections;
    let sent = 0;
    while (connection?.queuedBytes === 0) {
      connection.send("x".repeat(30_000));
      sent++;
    }
    client.socket.end();
    await served.until(() => served.heard.length === 2);
    expect(connection?.queuedBytes).toBeGreaterThan(0);
    client.socket.resume();
    expect(await client.rest()).toHaveLength(sent);
    expect(served.heard[1]).toBe('closed 1006 "" by client');
  });

  test("one that takes something now and then is not", async () => {
    const served = await serve();
    const client = await oneClient(served);
    client.socket.pause();
    const [connection] = served.connections;
    for (let round = 0; round < 2; round++) {
      while (connection?.queuedBytes === 0) connection.send("x".repeat(100_000));
      served.clock.move(59_000);
      client.socket.resume();
      await expect.poll(() => connection?.queuedBytes, { interval: 5 }).toBe(0);
      client.socket.pause();
    }
    expect(connection?.isOpen).toBe(true);
    client.socket.destroy();
  });
});

describe("a listener that closes", () => {
  test("closes every connection with 1001, and waits for the owner to be done with each", async () => {
    const held = gate();
    const served = await serve({ closed: () => held.passed });
    const clients = Array.from({ length: 20 }, () => new WebSocket(`ws://127.0.0.1:${served.port}/`));
    await Promise.all(clients.map((client) => once(client, "open")));
    const ended = Promise.all(clients.map((client) => once(client, "close")));
    let isClosed = false;
    const closing = served.listener.close(30_000).then(() => (isClosed = true));
    await served.until(() => served.heard.length === 40);
    expect(served.heard.slice(20)).toEqual(Array.from({ length: 20 }, () => 'closed 1001 "Going away" by server'));
    await expect(rawWebSocket(served.port)).rejects.toThrow("ECONNREFUSED");
    expect((await ended).map(([code]) => code as number)).toEqual(Array.from({ length: 20 }, () => 1001));
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(false);
    held.open();
    await closing;
  });

  test("lets messages that are under way be answered, and takes no more", async () => {
    const held = gate();
    const served = await serve({
      async message(data, connection) {
        await held.passed;
        connection.send(data);
      },
    });
    const client = await oneClient(served);
    client.send("one");
    await served.until(() => served.heard.length === 2);
    const closing = served.listener.close(30_000);
    client.send("two");
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    held.open();
    expect(await client.next(2)).toEqual(['text "one"', GOING_AWAY]);
    client.send(closeFrame(1001));
    await closing;
    expect(served.heard).toEqual(["opened", 'text "one"', 'closed 1001 "Going away" by server']);
  });

  test("opens what was decided of meanwhile, to close it", async () => {
    const decided = gate();
    const served = await serve({ connect: () => decided.passed.then(() => accepted()) });
    const opening = rawWebSocket(served.port);
    await expect.poll(() => served.requests.length).toBe(1);
    const closing = served.listener.close(30_000);
    decided.open();
    const client = await opening;
    expect(await client.next(1)).toEqual([GOING_AWAY]);
    client.send(closeFrame(1001));
    await closing;
    expect(served.heard).toEqual(["opened", 'closed 1001 "Going away" by server']);
  });

  test("cuts what is left when its grace is over: clients, messages and owners", async () => {
    const served = await serve({ message: () => new Promise(() => undefined), closed: () => new Promise(() => undefined) });
    const silent = await rawWebSocket(served.port);
    const busy = await rawWebSocket(served.port);
    busy.send("x");
    await served.until(() => served.heard.length === 3);
    await served.listener.close(50);
    await served.until(() => served.heard.length === 5);
    expect(served.heard.slice(3).sort()).toEqual(['closed 1001 "Going away" by server', 'closed 1006 "" by server']);
    expect(await silent.rest()).toEqual([GOING_AWAY]);
    expect(await busy.rest()).toEqual([]);
  });
});
