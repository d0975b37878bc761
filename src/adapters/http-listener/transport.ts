// A connection's socket, and who takes the bytes that it brings: HTTP/1.1 at first, a WebSocket perhaps later.
import { Socket } from "node:net";
import type { SocketConstructorOpts } from "node:net";

/** Takes bytes from `start` to before `end`: they may be overwritten after the call. */
export type Take = (buffer: Buffer<ArrayBuffer>, start: number, end: number) => void;

export interface Transport {
  readonly socket: Socket;
  take: Take;
}

const IGNORE: Take = () => undefined;

/**
 * What is read goes here first, from whichever connection it comes: it is handed on before the next read. A connection that
 * waits holds no memory of its own, and none is allocated for a read.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** What a socket of Node's stands on: the system's, or TLS and below it the system's. */
interface Handle {
  readonly useUserBuffer?: unknown;
  readonly bytesWritten?: number;
  readonly writeQueueSize?: number;
  readonly _parent?: Handle | null;
}

/** A socket of Node's, with what it stands on. */
interface AcceptedSocket {
  _handle?: Handle | null;
}

/**
 * A number that changes with every byte of what has been written that the system takes. Node tells of whole writes only, and
 * counts what comes in as movement, too: a client could take nothing for ever as long as it sends something.
 */
export function writeProgress(socket: Socket): number {
  const handle = (socket as unknown as AcceptedSocket)._handle;
  return (handle?.bytesWritten ?? 0) - (handle?.writeQueueSize ?? 0) - (handle?._parent?.writeQueueSize ?? 0);
}

/** As its constructor takes them, beyond what is documented. */
type TakenOver = Omit<SocketConstructorOpts, "handle"> & { readonly handle: AcceptedSocket["_handle"] };

/**
 * Begins to read; nothing that comes is kept until somebody takes it.
 *
 * Node lets those who connect say where bytes are to be read to (`onread`), but not those who accept. A connection that was
 * accepted and not read from yet (`pauseOnConnect`) is therefore taken over by a socket that is made as if it had connected.
 */
export function transportOf(accepted: Socket): Transport {
  const handle = (accepted as unknown as AcceptedSocket)._handle;
  const isBare = accepted.constructor === Socket && accepted.isPaused() && typeof handle?.useUserBuffer === "function";
  if (!isBare) return streamed(accepted);
  (accepted as unknown as AcceptedSocket)._handle = null;
  const options: TakenOver = {
    handle,
    allowHalfOpen: true,
    onread: {
      buffer: READ_BUFFER,
      callback(size: number): boolean {
        transport.take(READ_BUFFER, 0, size);
        return true;
      },
    },
  };
  const socket = new Socket(options as SocketConstructorOpts);
  const transport: Transport = { socket, take: IGNORE };
  // The server counts the one that it accepted.
  socket.once("close", () => accepted.destroy());
  socket.resume();
  return transport;
}

/** Sockets of other kinds, those with TLS above all, read into memory of their own. */
function streamed(socket: Socket): Transport {
  const transport: Transport = { socket, take: IGNORE };
  socket.on("data", (chunk: Buffer<ArrayBuffer>) => transport.take(chunk, 0, chunk.length));
  if (socket.isPaused()) socket.resume();
  return transport;
}
