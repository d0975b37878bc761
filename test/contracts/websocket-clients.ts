// Listeners with WebSockets on them, a clock that is moved by hand, and a client that says exactly the bytes it is told to.
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ListenOptions, WebSocketLimits } from "../../src/adapters/http-listener/index.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { HttpRequest } from "../../src/ports/http-server.ts";
import type {
  HandshakeDecision,
  WebSocketClosing,
  WebSocketConnection,
  WebSocketHandler,
} from "../../src/ports/websocket.ts";
import { start } from "./http-listener-clients.ts";
import type { Started } from "./http-listener-clients.ts";

export interface ManualClock extends Clock {
  /** Moves the time on, and runs what is due on the way. */
  move(ms: number): void;
}

export function manualClock(): ManualClock {
  let now = Date.UTC(2026, 0, 2, 3, 4, 5);
  const waiting = new Set<{ at: number; task: () => void }>();
  return {
    now: () => now,
    after(ms, task) {
      const entry = { at: now + ms, task };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    move(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...waiting].sort((a, b) => a.at - b.at);
        if (next === undefined || next.at > end) break;
        waiting.delete(next);
        now = next.at;
        next.task();
      }
      now = end;
    },
  };
}

/** What a connection has said to its owner, in order: `text "a"`, `binary 00ff`, `closed 1000 "bye" by client`. */
export type Heard = string[];

export interface Served extends Started {
  readonly clock: ManualClock;
  readonly requests: HttpRequest[];
  /** Those that were opened, in order. */
  readonly connections: WebSocketConnection[];
  readonly heard: Heard;
  /** Resolves once the condition holds; it is looked at whenever something was heard. */
  until(condition: () => boolean): Promise<void>;
}

export interface Serving {
  readonly connect?: WebSocketHandler["connect"];
  readonly isFor?: WebSocketHandler["isFor"];
  /** Echoes unless given. */
  message?(data: string | Buffer, connection: WebSocketConnection): void | Promise<void>;
  closed?(closing: WebSocketClosing): void | Promise<void>;
  readonly limits?: Partial<WebSocketLimits>;
  readonly options?: Partial<ListenOptions>;
}

/** Starts a listener that accepts what `connect` does not answer; everything that is no handshake is answered `plain`. */
export async function serve(serving: Serving = {}): Promise<Served> {
  const { limits = {}, isFor = () => true, message = echo } = serving;
  const clock = manualClock();
  const requests: HttpRequest[] = [];
  const connections: WebSocketConnection[] = [];
  const heard: Heard = [];
  const waiting = new Set<() => void>();
  const hear = (what: string): void => {
    heard.push(what);
    for (const look of waiting) look();
  };
  const opened = (connection: WebSocketConnection) => {
    connections.push(connection);
    hear("opened");
    return {
      message(data: string | Buffer) {
        hear(typeof data === "string" ? `text ${JSON.stringify(data)}` : `binary ${data.toString("hex")}`);
        return message(data, connection);
      },
      closed(closing: WebSocketClosing) {
        hear(`closed ${closing.code} ${JSON.stringify(closing.reason)} by ${closing.by}`);
        return serving.closed?.(closing);
      },
    };
  };
  const accept = async (request: HttpRequest): Promise<HandshakeDecision> => {
    const decision = await serving.connect?.(request);
    if (decision === undefined || !("opened" in decision)) return decision ?? { headers: [], opened };
    return { ...decision, opened };
  };
  const started = await start(() => ({ status: 200, headers: [], body: "plain" }), {}, {
    ...serving.options,
    webSockets: {
      clock,
      limits,
      handler: {
        isFor,
        connect(request) {
          requests.push(request);
          return serving.connect === undefined ? { headers: [], opened } : accept(request);
        },
      },
    },
  });
  const until = async (condition: () => boolean): Promise<void> => {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
    });
  };
  return { ...started, clock, requests, connections, heard, until };
}

/** Accepts with these headers; `serve` adds who hears of the connection. */
export const accepted = (headers: readonly string[] = [], subprotocol?: string): HandshakeDecision => ({
  headers,
  subprotocol,
  opened: () => ({ message: () => undefined, closed: () => undefined }),
});

const echo = (data: string | Buffer, connection: WebSocketConnection): void => void connection.send(data);

const OPCODES: Readonly<Record<string, number>> = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };
const NAMES = Object.fromEntries(Object.entries(OPCODES).map(([name, opcode]) => [opcode, name]));

export interface FrameOptions {
  readonly fin?: boolean;
  readonly reserved?: number;
  readonly masked?: boolean;
  readonly mask?: number;
  /** How many bytes tell the length, in place of as few as can. */
  readonly lengthBytes?: 0 | 2 | 8;
  /** Told in place of the payload's own. */
  readonly length?: number;
}

/** A client's frame. */
export function frame(kind: string | number, payload: string | Uint8Array = "", options: FrameOptions = {}): Buffer {
  const { fin = true, reserved = 0, masked = true, mask = 0x9a3c01f7 } = options;
  const bytes = Buffer.from(payload);
  const { length = bytes.length } = options;
  const { lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8 } = options;
  const opcode = typeof kind === "number" ? kind : (OPCODES[kind] as number);
  const head = Buffer.alloc(2 + lengthBytes + (masked ? 4 : 0));
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) head.writeUInt16BE(length, 2);
  if (lengthBytes === 8) head.writeBigUInt64BE(BigInt(length), 2);
  if (!masked) return Buffer.concat([head, bytes]);
  head.writeUInt32BE(mask >>> 0, head.length - 4);
  const key = head.subarray(head.length - 4);
  return Buffer.concat([head, bytes.map((byte, i) => byte ^ (key[i & 3] as number))]);
}

export function closeFrame(code: number, reason: string | Uint8Array = "", options: FrameOptions = {}): Buffer {
  const start = Buffer.alloc(2);
  start.writeUInt16BE(code);
  return frame("close", Buffer.concat([start, Buffer.from(reason)]), options);
}

export const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

export const HANDSHAKE = `GET /chat HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`;

export interface RawWebSocket {
  readonly socket: Socket;
  send(...frames: readonly (Buffer | string)[]): void;
  /**
   * What the server has sent, a frame each: `text "a"`, `binary 00ff`, `close 1000 "bye"`; `part of text ...` when more of
   * the message is to follow. Resolves once there are so many, and takes them.
   */
  next(count: number): Promise<string[]>;
  /** What is left of that once the server has ended the connection. */
  rest(): Promise<string[]>;
}

/** Shakes hands and speaks frames. */
export async function rawWebSocket(port: number, { tls = false, handshake = HANDSHAKE } = {}): Promise<RawWebSocket> {
  const socket = tls ? connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false }) : connect({ port, host: "127.0.0.1" });
  socket.setNoDelay(true);
  let bytes = Buffer.alloc(0);
  /** Put together only when somebody looks: there may be many. */
  let pieces: Buffer[] = [];
  let isEnded = false;
  let look = (): void => undefined;
  socket.on("error", () => undefined);
  for (const end of ["end", "close"]) {
    socket.on(end, () => {
      isEnded = true;
      look();
    });
  }
  socket.on("data", (chunk: Buffer) => {
    pieces.push(chunk);
    look();
  });
  const gather = (): Buffer => {
    if (pieces.length > 0) bytes = Buffer.concat([bytes, ...pieces]);
    pieces = [];
    return bytes;
  };
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise<void>((resolve) => (look = resolve));
  };
  await once(socket, tls ? "secureConnect" : "connect");
  socket.write(handshake, "latin1");
  await until(() => gather().includes("\r\n\r\n") || isEnded);
  const end = bytes.indexOf("\r\n\r\n") + 4;
  const head = bytes.toString("latin1", 0, end);
  if (!head.startsWith("HTTP/1.1 101 ")) throw new Error(`No WebSocket: ${bytes.toString("latin1")}`);
  bytes = bytes.subarray(end);

  const found: string[] = [];
  const read = (): void => {
    gather();
    for (;;) {
      const size = frameSize(bytes);
      if (size === undefined || bytes.length < size) return;
      found.push(told(bytes.subarray(0, size)));
      bytes = bytes.subarray(size);
    }
  };
  return {
    socket,
    send: (...frames) => void socket.write(Buffer.concat(frames.map((part) => (typeof part === "string" ? frame("text", part) : part)))),
    async next(count) {
      await until(() => {
        read();
        return isEnded || found.length >= count;
      });
      return found.splice(0, count);
    },
    async rest() {
      await until(() => isEnded);
      read();
      return found.splice(0);
    },
  };
}

function headSize(bytes: Buffer): number {
  const short = (bytes[1] as number) & 0x7f;
  return short < 126 ? 2 : short === 126 ? 4 : 10;
}

function frameSize(bytes: Buffer): number | undefined {
  if (bytes.length < 2 || bytes.length < headSize(bytes)) return undefined;
  const size = headSize(bytes);
  const length = size === 2 ? (bytes[1] as number) : size === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return size + length;
}

/** A server's frame in words; what only a client or an extension may send is shown as it is. */
function told(bytes: Buffer): string {
  const first = bytes[0] as number;
  const name = NAMES[first & 0x0f];
  if ((first & 0x70) !== 0 || ((bytes[1] as number) & 0x80) !== 0 || name === undefined) return bytes.toString("hex");
  const payload = bytes.subarray(headSize(bytes));
  const part = (first & 0x80) === 0 ? `part of ${name}` : name;
  if (payload.length > 1000) return `${part} of ${payload.length} bytes`;
  if (name === "close") return payload.length === 0 ? part : `${part} ${payload.readUInt16BE()} ${JSON.stringify(payload.toString("utf8", 2))}`;
  return `${part} ${name === "binary" ? payload.toString("hex") : JSON.stringify(payload.toString())}`;
}
