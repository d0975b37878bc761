// A connection's socket, and who takes the bytes that it brings: HTTP/1.1 at first, a WebSocket perhaps later.
import type { Socket } from "node:net";

/** Takes bytes from `start` to before `end`: they may be overwritten after the call. */
export type Take = (buffer: Buffer<ArrayBuffer>, start: number, end: number) => void;

export interface Transport {
  readonly socket: Socket;
  take: Take;
}

const IGNORE: Take = () => undefined;

/** Begins to read; nothing that comes is kept until somebody takes it. */
export function transportOf(socket: Socket): Transport {
  const transport: Transport = { socket, take: IGNORE };
  socket.on("data", (chunk: Buffer<ArrayBuffer>) => transport.take(chunk, 0, chunk.length));
  return transport;
}
