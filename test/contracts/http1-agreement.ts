// The same bytes given to both readers of HTTP/1.1, and what they may make of them differently.
import { setImmediate as turnsEnd } from "node:timers/promises";
import { listen } from "../../src/adapters/http-listener/index.ts";
import type { HttpHandler } from "../../src/ports/http-server.ts";
import type { Log } from "../../src/ports/log.ts";
import { rawConnection } from "./raw-connection.ts";

/** What became of the bytes of one connection. */
interface Outcome {
  /** The requests that were read to their end, as JSON. */
  readonly read: readonly string[];
  readonly statuses: readonly string[];
}

export interface Disagreement {
  readonly bytes: string;
  readonly own: Outcome;
  readonly node: Outcome;
}

/** A listener, and what becomes of bytes that it is given. */
interface Reader {
  give(bytes: string): Promise<Outcome>;
  close(): Promise<void>;
}

const fail = (message: string): never => {
  throw new Error(message);
};
const LOG: Log = { debug: () => undefined, info: () => undefined, warn: fail, error: fail };

async function reader(http1: "own" | "node"): Promise<Reader> {
  const readBy = new Map<number, Promise<string | undefined>[]>();
  const handler: HttpHandler = (request) => {
    const { method, target, headers, protocol, hasBody, remotePort } = request;
    const read = request.readBody(1_000_000).then(
      (bytes) => JSON.stringify({ method, target, headers, protocol, hasBody, body: bytes.toString("latin1") }),
      () => undefined,
    );
    readBy.get(remotePort)?.push(read);
    return read.then(() => ({ status: 200, headers: [], body: "" }));
  };
  const listener = await listen({ host: "127.0.0.1", port: 0, handler, log: LOG, http1 });
  const give = async (bytes: string): Promise<Outcome> => {
    const connection = await rawConnection(listener.port);
    const all: Promise<string | undefined>[] = [];
    const { localPort = 0 } = connection.socket;
    readBy.set(localPort, all);
    connection.send(bytes);
    // What is whole is answered before the connection ends.
    for (let i = 0; i < 6; i++) await turnsEnd();
    connection.socket.end();
    const answered = await connection.closed();
    readBy.delete(localPort);
    const read = (await Promise.all(all)).filter((one) => one !== undefined);
    return { read, statuses: answered.match(/(?<=HTTP\/1\.1 )\d{3}/g) ?? [] };
  };
  return { give, close: () => listener.close(0) };
}

/** Gives both the same bytes, each over a connection of its own. @returns how they disagree */
export async function disagreements(all: readonly string[]): Promise<Disagreement[]> {
  const [own, node] = await Promise.all([reader("own"), reader("node")]);
  const found: Disagreement[] = [];
  for (let i = 0; i < all.length; i += AT_ONCE) {
    await Promise.all(
      all.slice(i, i + AT_ONCE).map(async (bytes) => {
        const [ofOwn, ofNode] = await Promise.all([own.give(bytes), node.give(bytes)]);
        if (JSON.stringify(ofOwn) !== JSON.stringify(ofNode)) found.push({ bytes, own: ofOwn, node: ofNode });
      }),
    );
  }
  await Promise.all([own.close(), node.close()]);
  return found;
}

/** Connections to each of them. */
const AT_ONCE = 200;

const isBeginning = (part: readonly string[], all: readonly string[]): boolean =>
  part.length <= all.length && part.every((one, i) => one === all[i]);

type Rule = (disagreement: Disagreement) => boolean;

/** Our own reads less than node's, and refuses the rest. */
const isStricter: Rule = ({ own, node }) => isBeginning(own.read, node.read) && own.statuses.at(-1) === "400";

/** Where they may disagree. */
const RULES: Readonly<Record<string, Rule>> = {
  "our own answers what is whole before it refuses what follows; node drops the answers that are under way": ({ own, node }) =>
    JSON.stringify(own.read) === JSON.stringify(node.read) && isBeginning(node.statuses, own.statuses),
  "node passes over a CR or an LF alone before a request": (disagreement) =>
    isStricter(disagreement) &&
    // Or behind a body that ends between the two.
    (/\r(?!\n)|(?<!\r)\n/.test(disagreement.bytes) || disagreement.own.read.at(-1)?.endsWith('\\r"}') === true),
  "node reads several spaces in a request line as one": (disagreement) =>
    isStricter(disagreement) && /^\S+ .*  |^\S+  .* HTTP/m.test(disagreement.bytes),
  "our own passes over the extensions of chunks, whatever they say; node wants them spelt well": ({ bytes, own, node }) =>
    isBeginning(node.read, own.read) && node.statuses.at(-1) !== "200" && /\n[0-9a-f]+;/i.test(bytes),
};

/** The rule that allows a disagreement. */
export function ruleFor(disagreement: Disagreement): string | undefined {
  return Object.entries(RULES).find(([, allows]) => allows(disagreement))?.[0];
}
