// A load at a constant rate: node bench/paced-load.ts URL RATE SECONDS CONNECTIONS, which prints what it saw as JSON.
// Every request has its time in a schedule, and its latency counts from then, whether or not a connection was free to send
// it: a server that stalls is charged with all who would have asked meanwhile (no coordinated omission).
import { connect, type Socket } from "node:net";

export interface Pace {
  readonly url: string;
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly connections: number;
}

export interface PacedLoad {
  readonly requests: number;
  /** From the scheduled time of a request to the last byte of its answer, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** By how much the load itself sent late, in milliseconds at the 99th percentile: what latencies cannot be told apart from. */
  readonly late: number;
}

/** The longest sleep between two looks at clock and sockets, in milliseconds: timers of whole milliseconds would be too coarse. */
const NAP_MS = 0.05;
const nap = new Int32Array(new SharedArrayBuffer(4));
/** How long answers may take after the last request was sent, in milliseconds. */
const PATIENCE_MS = 10_000;

/** @throws when an answer is not 200 or does not come */
export async function pacedLoad({ url, rate, seconds, connections }: Pace): Promise<PacedLoad> {
  const target = new URL(url);
  const request = Buffer.from(`GET ${target.pathname}${target.search} HTTP/1.1\r\nHost: ${target.host}\r\n\r\n`);
  const total = Math.round(rate * seconds);
  const latencies: number[] = [];
  const lateness: number[] = [];
  let failure: Error | undefined;
  const fail = (error: Error): void => void (failure ??= error);
  const clients = await Promise.all(Array.from({ length: connections }, () => openClient(target, fail)));
  const free = [...clients];
  const began = performance.now();
  const dueAt = (i: number): number => began + (i * 1000) / rate;

  for (let sent = 0; latencies.length < total; ) {
    const now = performance.now();
    while (sent < total && dueAt(sent) <= now && free.length > 0) {
      const client = free.pop() as Client;
      const due = dueAt(sent++);
      lateness.push(performance.now() - due);
      client.ask(request, () => {
        latencies.push(performance.now() - due);
        free.push(client);
      });
    }
    if (sent === total && now > dueAt(total) + PATIENCE_MS) fail(new Error(`${url}: ${total - latencies.length} answers did not come`));
    if (failure !== undefined) break;
    if (dueAt(sent) - performance.now() > NAP_MS || free.length === 0) Atomics.wait(nap, 0, 0, NAP_MS);
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const client of clients) client.close();
  if (failure !== undefined) throw failure;
  return { requests: total, p50: percentile(latencies, 50), p99: percentile(latencies, 99), max: Math.max(...latencies), late: percentile(lateness, 99) };
}

/** The smallest of some values that so many of a hundred are not above. @throws {RangeError} for none */
export function percentile(values: readonly number[], of: number): number {
  if (values.length === 0) throw new RangeError("no values");
  return values.toSorted((a, b) => a - b)[Math.ceil((values.length * of) / 100) - 1] as number;
}

interface Client {
  /** One request at a time. */
  ask(request: Buffer, done: () => void): void;
  close(): void;
}

/** A kept connection that reads no more of an answer than where it ends. */
async function openClient({ hostname, port, href }: URL, fail: (error: Error) => void): Promise<Client> {
  let done = (): void => undefined;
  let isClosed = false;
  const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.once("connect", () => (socket.off("error", reject), resolve()));
  });
  const read = answerReader(() => done());
  socket.on("data", (piece: Buffer) => {
    try {
      read(piece);
    } catch (error) {
      fail(new Error(`${href}: ${(error as Error).message}`));
    }
  });
  socket.on("error", fail);
  socket.on("close", () => isClosed || fail(new Error(`${href}: a connection was closed`)));
  return {
    ask(request, whenDone) {
      done = whenDone;
      socket.write(request);
    },
    close() {
      isClosed = true;
      socket.destroy();
    },
  };
}

/** Reads answers with a Content-Length, one after the other. @throws when one is not 200 or has none */
export function answerReader(ended: () => void): (piece: Buffer) => void {
  let head = "";
  /** Bytes that are still missing; undefined while the head is read. */
  let missing: number | undefined;
  return (piece) => {
    let at = 0;
    while (at < piece.length) {
      if (missing === undefined) {
        head += piece.toString("latin1", at);
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        // Of the piece, what belongs to the head was read with it.
        at = piece.length - (head.length - end - 4);
        missing = lengthOf(head.slice(0, end));
        head = "";
      }
      const taken = Math.min(missing, piece.length - at);
      at += taken;
      missing -= taken;
      if (missing > 0) return;
      missing = undefined;
      ended();
    }
  };
}

function lengthOf(head: string): number {
  const length = /^content-length: *(\d+) *$/im.exec(head)?.[1];
  if (!head.startsWith("HTTP/1.1 200 ")) throw new Error(`the answer is ${head.split("\r\n", 1)[0]}`);
  if (length === undefined) throw new Error("the answer has no Content-Length");
  return Number(length);
}

if (import.meta.main) {
  const [url = "", ...numbers] = process.argv.slice(2);
  const [rate = 0, seconds = 0, connections = 0] = numbers.map(Number);
  process.stdout.write(`${JSON.stringify(await pacedLoad({ url, rate, seconds, connections }))}\n`);
}
