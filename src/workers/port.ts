// Whether anybody listens on a port: workers that share one would not notice.
import { createServer } from "node:net";

/** The first of some ports that cannot be listened on alone. Other reasons to fail are left to those who will really listen. */
export async function firstTaken(host: string, ports: readonly number[]): Promise<number | undefined> {
  for (const port of ports) if (port !== 0 && (await isTaken(host, port))) return port;
  return undefined;
}

function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code === "EADDRINUSE"));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(false)));
  });
}
