// A load on WebSockets: node bench/websocket-load.ts URL SECONDS CONNECTIONS [MESSAGE], which prints what it saw as JSON. Each
// connection says its message, waits for a message back, and says it again. The client knows no more of RFC 6455 than that.
import { connect } from "node:net";
import type { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { percentile } from "./paced-load.ts";

export interface WebSocketLoadOptions {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  /** At most 65,535 bytes. */
  readonly message: string;
}

export interface WebSocketLoad {
  /** Messages that were answered. */
  readonly messages: number;
  readonly messagesPerSecond: number;
  /** From a message to its answer, in milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
}

/** @throws when a handshake is refused, or a connection is closed */
export async function webSocketLoad({ url, seconds, connections, message }: WebSocketLoadOptions): Promise<WebSocketLoad> {
  const latencies: number[] = [];
  const said = maskedText(message);
  const clients = await openWebSockets(url, connections);
  const began = performance.now();
  const end = began + seconds * 1000;
  const failure = Promise.withResolvers<never>();
  const talks = clients.map(
    (client) =>
      new Promise<void>((resolve) => {
        let asked = 0;
        const ask = (): void => {
          asked = performance.now();
          if (asked >= end) return resolve();
          client.socket.write(said);
        };
        client.onMessage = () => {
          latencies.push(performance.now() - asked);
          ask();
        };
        client.onEnd = (reason) => failure.reject(new Error(`${url}: ${reason}`));
        ask();
      }),
  );
  await Promise.race([Promise.all(talks), failure.promise]);
  const elapsed = performance.now() - began;
  closeAll(clients);
  return {
    messages: latencies.length,
    messagesPerSecond: latencies.length / (elapsed / 1000),
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
  };
}

export interface Client {
  readonly socket: Socket;
  onMessage(): void;
  onEnd(reason: string): void;
}

/** How many handshakes are under way at once. */
const AT_ONCE = 100;

/** Opens so many connections, as fast as they are taken unless told otherwise. @throws when one is refused */
export async function openWebSockets(url: string, count: number, perSecond = Number.POSITIVE_INFINITY): Promise<Client[]> {
  const clients: Client[] = [];
  const began = performance.now();
  while (clients.length < count) {
    const some = Math.min(AT_ONCE, count - clients.length);
    const early = began + (clients.length / perSecond) * 1000 - performance.now();
    if (early > 0) await wait(early);
    clients.push(...(await Promise.all(Array.from({ length: some }, (_, i) => open(new URL(url), clients.length + i)))));
  }
  return clients;
}

export function closeAll(clients: readonly Client[]): void {
  for (const client of clients) {
    client.onEnd = () => undefined;
    client.socket.destroy();
  }
}

/** Ports of one address are not enough for very many connections. */
const ADDRESSES = 4;

function open({ hostname, port, host, pathname, search }: URL, index: number): Promise<Client> {
  const opened = Promise.withResolvers<Client>();
  const socket = connect({ host: hostname, port: Number(port), noDelay: true, ...(hostname === "127.0.0.1" && { localAddress: `127.0.0.${1 + (index % ADDRESSES)}` }) });
  const client: Client = { socket, onMessage: () => undefined, onEnd: (reason) => opened.reject(new Error(reason)) };
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  let isOpen = false;
  let bytes: Buffer = Buffer.alloc(0);
  socket.on("data", (piece: Buffer) => {
    bytes = bytes.length === 0 ? piece : Buffer.concat([bytes, piece]);
    if (!isOpen) {
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      const line = bytes.toString("latin1", 0, bytes.indexOf("\r\n"));
      if (!line.startsWith("HTTP/1.1 101 ")) return client.onEnd(`the handshake was answered ${line}`);
      bytes = bytes.subarray(end + 4);
      isOpen = true;
      opened.resolve(client);
    }
    bytes = readFrames(bytes, client);
  });
  socket.on("error", (error) => client.onEnd(error.message));
  socket.on("close", () => client.onEnd("a connection was closed"));
  return opened.promise;
}

/** Tells of the messages that are whole. @returns what is left. */
function readFrames(bytes: Buffer, client: Client): Buffer {
  let at = 0;
  while (bytes.length - at >= 4) {
    const [first = 0, second = 0] = bytes.subarray(at, at + 2);
    const head = second < 126 ? 2 : 4;
    const next = at + head + (second < 126 ? second : bytes.readUInt16BE(at + 2));
    if (bytes.length < next) break;
    if ((first & 0x0f) === CLOSE) client.onEnd(`it was closed with ${bytes.readUInt16BE(at + head)}`);
    else if (first >= FINAL) client.onMessage();
    at = next;
  }
  return bytes.subarray(at);
}

const FINAL = 0x80;
const CLOSE = 8;
const TEXT = 1;
const MASK = Buffer.from("9a3c01f7", "hex");

function maskedText(message: string): Buffer {
  const payload = Buffer.from(message).map((byte, i) => byte ^ (MASK[i & 3] as number));
  const head = payload.length < 126 ? Buffer.from([FINAL | TEXT, 0x80 | payload.length]) : Buffer.from([FINAL | TEXT, 0xfe, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, MASK, payload]);
}

if (import.meta.main) {
  const [url = "", seconds, connections, message = '{"action":"echo"}'] = process.argv.slice(2);
  process.stdout.write(`${JSON.stringify(await webSocketLoad({ url, seconds: Number(seconds), connections: Number(connections), message }))}\n`);
}
