import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { transportOf, writeProgress } from "./transport.ts";
import type { Transport } from "./transport.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Pair {
  readonly server: Server;
  readonly accepted: Socket;
  readonly transport: Transport;
  readonly client: Socket;
}

/** @param prepare is given the socket before it is taken over */
async function pair(prepare: (socket: Socket) => void = () => undefined): Promise<Pair> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const taken = new Promise<Pick<Pair, "accepted" | "transport">>((resolve) => {
    server.on("connection", (accepted) => {
      prepare(accepted);
      resolve({ accepted, transport: transportOf(accepted) });
    });
  });
  const client = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" });
  closing.push(() => client.destroy(), () => server.close());
  const { accepted, transport } = await taken;
  // A reset is an end like any other here.
  transport.socket.on("error", () => undefined);
  closing.push(() => transport.socket.destroy());
  return { server, accepted, transport, client };
}

const open = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))));

function hear({ transport }: Pair): () => string {
  let heard = "";
  transport.take = (buffer, start, end) => (heard += buffer.toString("latin1", start, end));
  return () => heard;
}

/** A Node whose sockets cannot be told where to read to. */
const withoutUserBuffer = (socket: Socket): void => {
  Object.defineProperty((socket as unknown as { _handle: object })._handle, "useUserBuffer", { value: undefined });
};

test.each([
  ["taken over", undefined, false],
  ["left as it is, where it cannot be", withoutUserBuffer, true],
])("a connection is read from, waits and ends, and its server knows: %s", async (_, prepare, isTheSame) => {
  const both = await pair(prepare);
  const { server, accepted, transport, client } = both;
  const { socket } = transport;
  expect(socket === accepted).toBe(isTheSame);
  expect(socket.remotePort).toBe(client.localPort);
  const heard = hear(both);
  client.write("one");
  await expect.poll(heard).toBe("one");
  socket.pause();
  client.write("two");
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(heard()).toBe("one");
  socket.resume();
  await expect.poll(heard).toBe("onetwo");
  expect(await open(server)).toBe(1);
  const hasEnded = new Promise((resolve) => socket.once("end", resolve));
  client.end();
  await hasEnded;
  expect(await open(server)).toBe(1);
  const isClosed = new Promise((resolve) => server.close(resolve));
  socket.end();
  await isClosed;
  expect(await open(server)).toBe(0);
});

test("connections that are taken over read into the same memory", async () => {
  const buffers = new Set<ArrayBuffer>();
  let heard = 0;
  for (const { transport, client } of [await pair(), await pair()]) {
    transport.take = (buffer) => {
      buffers.add(buffer.buffer);
      heard++;
    };
    client.write("x");
  }
  await expect.poll(() => heard).toBe(2);
  expect(buffers.size).toBe(1);
});

test("a connection that is cut is one less at once", async () => {
  const { server, transport, client } = await pair();
  const isClosed = new Promise((resolve) => transport.socket.once("close", resolve));
  client.resetAndDestroy();
  await isClosed;
  expect(await open(server)).toBe(0);
});

test("the progress of a write changes when its reader takes something, and then alone", async () => {
  const { transport, client } = await pair();
  const { socket } = transport;
  client.pause();
  socket.write(Buffer.alloc(32 * 1024 * 1024));
  let seen = -1;
  // Until the system takes no more.
  while (seen !== writeProgress(socket)) {
    seen = writeProgress(socket);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  client.write("x");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(writeProgress(socket)).toBe(seen);
  client.resume();
  await expect.poll(() => writeProgress(socket)).toBeGreaterThan(seen);
  socket.destroy();
  expect(writeProgress(socket)).toBe(0);
});
