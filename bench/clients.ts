// Clients that ask one request after the other, each over a connection that it keeps, and note what fails: for the rows in
// which something happens to the server meanwhile.
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { answerReader } from "./paced-load.ts";

/** A request that got no answer, or another than 200. */
export interface Failure {
  /** The client's port of the connection that the request went over; undefined when there was none to be had. */
  readonly port: number | undefined;
  readonly reason: string;
}

export interface Clients {
  /** The ports of the connections that are open. */
  ports(): readonly number[];
  /** Answers until now. */
  answered(): number;
  stop(): Promise<{ readonly answered: number; readonly failures: readonly Failure[] }>;
}

/** Between a failure and the next attempt, in milliseconds. */
const BREATH_MS = 5;

/** Starts them. */
export function keepAsking(url: string, count: number): Clients {
  const target = new URL(url);
  const request = Buffer.from(`GET ${target.pathname}${target.search} HTTP/1.1\r\nHost: ${target.host}\r\n\r\n`);
  const connections = new Set<Connection>();
  const failures: Failure[] = [];
  let answered = 0;
  let isOver = false;

  async function client(): Promise<void> {
    while (!isOver) {
      const connection = openConnection(target);
      connections.add(connection);
      try {
        await connection.opened;
        for (; !isOver; answered++) await connection.ask(request);
      } catch (error) {
        failures.push({ port: connection.port(), reason: (error as Error).message });
        await wait(BREATH_MS);
      }
      connections.delete(connection);
      connection.close();
    }
  }

  const all = Promise.all(Array.from({ length: count }, client));
  return {
    ports: () => Array.from(connections, (connection) => connection.port()).filter((port) => port !== undefined),
    answered: () => answered,
    async stop() {
      isOver = true;
      await all;
      return { answered, failures };
    },
  };
}

interface Connection {
  readonly opened: Promise<void>;
  /** The client's; undefined before it is open. */
  port(): number | undefined;
  ask(request: Buffer): Promise<void>;
  close(): void;
}

function openConnection({ hostname, port }: URL): Connection {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const opened = Promise.withResolvers<void>();
  let asked = opened;
  let localPort: number | undefined;
  const read = answerReader(() => asked.resolve());
  socket.on("connect", () => {
    localPort = socket.localPort;
    opened.resolve();
  });
  socket.on("data", (piece: Buffer) => {
    try {
      read(piece);
    } catch (error) {
      asked.reject(error);
    }
  });
  socket.on("error", (error) => asked.reject(error));
  socket.on("close", () => asked.reject(new Error("the connection was closed")));
  return {
    opened: opened.promise,
    port: () => localPort,
    ask(request) {
      asked = Promise.withResolvers();
      if (socket.destroyed) asked.reject(new Error("the connection was closed"));
      else socket.write(request);
      return asked.promise;
    },
    close: () => void socket.destroy(),
  };
}
