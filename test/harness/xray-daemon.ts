// An X-Ray daemon as far as those who send it segments can tell: a UDP port that takes datagrams.
import { createSocket } from "node:dgram";

export interface XrayDaemon extends AsyncDisposable {
  /** `host:port` */
  readonly address: string;
  readonly port: number;
  /** The next datagram that has come, or comes. */
  next(): Promise<string>;
  /** The next segment, without the header before it. */
  segment(): Promise<Readonly<Record<string, unknown>>>;
}

/** @param port 0 for a free one */
export async function startXrayDaemon(port = 0): Promise<XrayDaemon> {
  const socket = createSocket("udp4");
  const arrived: string[] = [];
  const awaited: ((datagram: string) => void)[] = [];
  socket.on("message", (message) => {
    const resolve = awaited.shift();
    if (resolve === undefined) arrived.push(message.toString());
    else resolve(message.toString());
  });
  await new Promise<void>((resolve) => socket.bind(port, "127.0.0.1", resolve));
  const next = (): Promise<string> => {
    const datagram = arrived.shift();
    return datagram === undefined ? new Promise((resolve) => awaited.push(resolve)) : Promise.resolve(datagram);
  };
  return {
    address: `127.0.0.1:${socket.address().port}`,
    port: socket.address().port,
    next,
    async segment() {
      const [header, document = ""] = (await next()).split("\n");
      if (header !== '{"format": "json", "version": 1}') throw new Error(`the header is ${header}`);
      return JSON.parse(document) as Readonly<Record<string, unknown>>;
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
