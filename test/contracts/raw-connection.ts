// A TCP connection spoken to in plain bytes, to see exactly what a server puts on the wire.
import { connect } from "node:net";
import type { Socket } from "node:net";

export interface RawConnection {
  readonly socket: Socket;
  /** Everything received so far, one character a byte. */
  received(): string;
  send(bytes: string | Buffer): void;
  /** Resolves with everything received once it matches. @throws when the connection ends before. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves with everything received once the server has closed the connection. */
  closed(): Promise<string>;
}

/** Opens a connection to a port of this machine. */
export async function rawConnection(port: number): Promise<RawConnection> {
  const socket = connect({ host: "127.0.0.1", port });
  let text = "";
  let isClosed = false;
  let notify = (): void => undefined;
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    notify();
  });
  // A reset is an end like any other here: the bytes received are what is compared.
  socket.on("error", () => undefined);
  socket.on("close", () => {
    isClosed = true;
    notify();
  });
  await new Promise((resolve) => socket.once("connect", resolve));

  const wait = async (condition: () => boolean): Promise<string> => {
    while (!condition()) await new Promise<void>((resolve) => (notify = resolve));
    return text;
  };
  return {
    socket,
    received: () => text,
    send: (bytes) => void socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes),
    until: async (pattern) => {
      await wait(() => isClosed || pattern.test(text));
      if (!pattern.test(text)) throw new Error(`The connection ended with ${JSON.stringify(text)}`);
      return text;
    },
    closed: () => wait(() => isClosed),
  };
}

/** Sends bytes and gives everything that comes back until the server closes the connection. */
export async function converse(port: number, bytes: string | Buffer): Promise<string> {
  const connection = await rawConnection(port);
  connection.send(bytes);
  return connection.closed();
}
