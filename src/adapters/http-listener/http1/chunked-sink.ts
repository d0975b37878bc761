// What a streamed answer is written to.
import type { Socket } from "node:net";

/** A socket to which chunks are written, framed or, to a client that cannot read that, as they are. */
export class ChunkedSink {
  readonly #socket: Socket;
  readonly #isFramed: boolean;
  readonly #onEnd: () => void;

  /** @param onEnd is called when all has been written */
  constructor(socket: Socket, isFramed: boolean, onEnd: () => void) {
    this.#socket = socket;
    this.#isFramed = isFramed;
    this.#onEnd = onEnd;
  }

  get destroyed(): boolean {
    return this.#socket.destroyed;
  }

  write(chunk: Uint8Array): boolean {
    const socket = this.#socket;
    if (!this.#isFramed) return socket.write(chunk);
    socket.cork();
    socket.write(`${chunk.length.toString(16)}\r\n`, "latin1");
    socket.write(chunk);
    const hasRoom = socket.write("\r\n", "latin1");
    socket.uncork();
    return hasRoom;
  }

  end(): void {
    if (this.#isFramed) this.#socket.write("0\r\n\r\n", "latin1");
    this.#onEnd();
  }

  on(event: "drain" | "close", listener: () => void): this {
    this.#socket.on(event, listener);
    return this;
  }

  off(event: "drain" | "close", listener: () => void): this {
    this.#socket.off(event, listener);
    return this;
  }
}
