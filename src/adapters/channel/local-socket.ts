// Where processes of one machine meet: a socket in a directory that only their user may enter.
import { chmod, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";

/** A place that others connect to. */
export interface MeetingPlace {
  close(): Promise<void>;
}

/**
 * Listens at a path. What a dead process has left there goes; that no living one listens there is the caller's to know.
 * @throws {Error} when there can be no socket at the path: it is too long, or its directory is missing
 */
export async function listenLocally(path: string, take: (socket: Socket) => void): Promise<MeetingPlace> {
  await rm(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    take(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // The socket is made within the call: nobody else can connect before its mode is set.
    const before = process.umask(0o077);
    server.listen(path, resolve);
    process.umask(before);
  });
  await chmod(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A connection to whoever listens at a path; undefined when nobody does. */
export function connectLocally(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    // Nobody is there, or not any more; which of it makes no difference.
    socket.once("error", () => resolve(undefined));
  });
}
