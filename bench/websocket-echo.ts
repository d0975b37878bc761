// Servers that send every message back, to measure WebSockets without a gateway behind them:
// node bench/websocket-echo.ts listener|ws, which prints the port that it listens on.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { listen } from "../src/adapters/http-listener/index.ts";
import { createLog, systemClock } from "../src/adapters/system/index.ts";

const CONNECTIONS = 100_000;

const servers: Readonly<Record<string, () => Promise<number>>> = {
  /** The gateway's own listener. */
  async listener() {
    const { port } = await listen({
      host: "127.0.0.1",
      port: 0,
      log: createLog({ level: "warn", stream: process.stderr }),
      limits: { connections: CONNECTIONS },
      handler: () => ({ status: 404, headers: [], body: "" }),
      webSockets: {
        clock: systemClock,
        handler: {
          isFor: () => true,
          connect: () => ({
            headers: [],
            opened: (connection) => ({ message: (data) => void connection.send(data), closed: () => undefined }),
          }),
        },
      },
    });
    return port;
  },

  async ws() {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
    server.on("connection", (socket) => socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary })));
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  },
};

const serve = servers[process.argv[2] ?? ""];
if (serve === undefined) throw new Error("listener or ws?");
console.log(`listening on port ${await serve()}`);
