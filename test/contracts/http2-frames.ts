// HTTP/2 spoken in frames over TLS, to send what no client would and to see exactly what comes back (RFC 9113, section 4).
import { connect } from "node:tls";
import type { TLSSocket } from "node:tls";

export const TYPES = ["DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY", "WINDOW_UPDATE", "CONTINUATION"] as const;
export type FrameType = (typeof TYPES)[number];

export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;

const ERRORS = ["NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM"];

export interface Frame {
  readonly type: FrameType;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export function frame(type: FrameType, flags: number, stream: number, payload: Buffer | string = ""): Buffer {
  const bytes = Buffer.from(payload);
  const head = Buffer.alloc(9);
  head.writeUIntBE(bytes.length, 0, 3);
  head.writeUInt8(TYPES.indexOf(type), 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, bytes]);
}

/** Fields, one character a byte, without compression (RFC 7541, section 6.2.2). */
export function fields(...list: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(list.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "latin1");
  if (bytes.length < 127) return Buffer.concat([Buffer.of(bytes.length), bytes]);
  const length = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
  return Buffer.concat([Buffer.of(...length, rest), bytes]);
}

export const GET: readonly (readonly [string, string])[] = [
  [":method", "GET"],
  [":scheme", "https"],
  [":authority", "h"],
  [":path", "/"],
];

export const POST: readonly (readonly [string, string])[] = [[":method", "POST"], ...GET.slice(1)];

/** A request without body in one frame. */
export const headers = (stream: number, list: readonly (readonly [string, string])[] = GET, flags = END_STREAM): Buffer =>
  frame("HEADERS", END_HEADERS | flags, stream, fields(...list));

export const reset = (stream: number, code = 8): Buffer => frame("RST_STREAM", 0, stream, Buffer.of(0, 0, 0, code));

/** The name of the error that ends a stream or a connection. */
export function errorOf({ type, payload }: Frame): string | undefined {
  return ERRORS[payload.readUInt32BE(type === "GOAWAY" ? 4 : 0)];
}

export interface FrameConnection {
  readonly socket: TLSSocket;
  /** All that has come so far, without the listener's settings and their acknowledgement. */
  frames(): readonly Frame[];
  send(...bytes: readonly Buffer[]): void;
  /** Resolves with the first frame of which it holds. @throws when the connection ends before. */
  until(is: (frame: Frame) => boolean): Promise<Frame>;
  /** Resolves when the listener has closed the connection, with all that came. */
  closed(): Promise<readonly Frame[]>;
}

export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Opens a connection on which HTTP/2 was agreed, and begins it unless told otherwise. */
export async function frameConnection(port: number, begin = true): Promise<FrameConnection> {
  const socket = connect({ port, host: "127.0.0.1", servername: "localhost", rejectUnauthorized: false, ALPNProtocols: ["h2"] });
  const frames: Frame[] = [];
  let pending = Buffer.alloc(0);
  let isClosed = false;
  const waiting = new Set<() => void>();
  const notify = (): void => {
    for (const look of waiting) look();
  };
  socket.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 9 && pending.length >= 9 + pending.readUIntBE(0, 3)) {
      const end = 9 + pending.readUIntBE(0, 3);
      const type = TYPES[pending.readUInt8(3)] as FrameType;
      if (type !== "SETTINGS") frames.push({ type, flags: pending.readUInt8(4), stream: pending.readUInt32BE(5), payload: pending.subarray(9, end) });
      pending = pending.subarray(end);
    }
    notify();
  });
  // A reset is an end like any other here: the frames received are what is compared.
  socket.on("error", () => undefined);
  socket.on("close", () => {
    isClosed = true;
    notify();
  });
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  const wait = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const send = (...bytes: readonly Buffer[]): void => void socket.write(Buffer.concat(bytes));
  if (begin) send(PREFACE, frame("SETTINGS", 0, 0));
  return {
    socket,
    frames: () => frames,
    send,
    async until(is) {
      await wait(() => isClosed || frames.some(is));
      const found = frames.find(is);
      if (found === undefined) throw new Error(`The connection ended with ${frames.map(({ type }) => type).join(", ")}`);
      return found;
    },
    async closed() {
      await wait(() => isClosed);
      return frames;
    },
  };
}
