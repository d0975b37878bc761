// Segments to an X-Ray daemon, a datagram each
// (https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-daemon).
import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Segment, TraceUsage } from "../../ports/tracer.ts";
import { createLosses } from "./losses.ts";

export interface DaemonAddress {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface DaemonOptions {
  readonly daemon: DaemonAddress;
  readonly clock: Clock;
  /** The operator's. */
  readonly log: Log;
  /** Segments that wait, in bytes together; others are dropped. */
  readonly bufferBytes?: number;
}

/** Where segments go. */
export interface Destination {
  record(segment: Segment): void;
  usage(): TraceUsage;
  close(): Promise<void>;
}

/** What stands before each segment. */
const HEADER = Buffer.from('{"format": "json", "version": 1}\n');

/** "A segment document can be up to 64 kB"; an IPv4 datagram holds a little less, and the header with it. */
const LARGEST_SEGMENT = 65_507 - HEADER.length;

const BUFFER_BYTES = 4 * 2 ** 20;

/** So many datagrams are with the system at once. */
const UNDER_WAY = 16;

/** So long after a failure nothing is sent, in milliseconds. */
const REST_MS = 1000;

export function createDaemonDestination({ daemon, clock, log, bufferBytes = BUFFER_BYTES }: DaemonOptions): Destination {
  const place = `${daemon.host}:${daemon.port}`;
  const losses = createLosses({ clock, log, fields: { daemon: place } });
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  /** With the system, of the socket that is open. */
  let underWay = 0;
  let recorded = 0;
  let socket: Socket | undefined;
  let state: "closed" | "opening" | "open" | "resting" = "closed";
  let isEnding = false;
  const ended = Promise.withResolvers<void>();

  function take({ document }: Segment): void {
    const bytes = Buffer.byteLength(document);
    if (bytes > LARGEST_SEGMENT) return losses.add(1, `a segment of ${bytes} bytes is dropped: a datagram holds ${LARGEST_SEGMENT}`);
    if (waitingBytes + bytes > bufferBytes) return losses.add(1, "segments are dropped: they come faster than they can be sent");
    waiting.push(Buffer.concat([HEADER, Buffer.from(document)]));
    waitingBytes += bytes;
    pump();
  }

  function pump(): void {
    if (state === "closed" && waiting.length > 0) void open();
    if (state !== "open" || socket === undefined) return;
    const current = socket;
    for (; underWay < UNDER_WAY && waiting.length > 0; underWay++) {
      const datagram = waiting.shift() as Buffer;
      waitingBytes -= datagram.length - HEADER.length;
      current.send(datagram, (error) => {
        // What was with a socket that has failed is lost already.
        if (socket === current) sent(error);
      });
    }
    if (isEnding && underWay === 0 && waiting.length === 0) end();
  }

  function sent(error: Error | null): void {
    if (error !== null) return fail(error);
    underWay--;
    recorded++;
    pump();
  }

  async function open(): Promise<void> {
    state = "opening";
    try {
      const { address, family } = await lookup(daemon.host);
      socket = createSocket(family === 6 ? "udp6" : "udp4").unref();
      await connect(socket, address);
      state = "open";
      pump();
    } catch (error) {
      fail(error);
    }
  }

  function connect(opened: Socket, address: string): Promise<void> {
    return new Promise((resolve, reject) => {
      // Nobody is there: the system says so some time after the datagram that it concerns.
      opened.on("error", (error) => {
        reject(error);
        if (socket === opened) fail(error);
      });
      opened.connect(daemon.port, address, resolve);
    });
  }

  /** Closes the socket, so that the name is looked up again, and rests. */
  function fail(error: unknown): void {
    if (state === "resting") return;
    losses.add(underWay, "segments cannot be sent to the X-Ray daemon", error);
    closeSocket();
    state = "resting";
    if (isEnding) return giveUp();
    clock.after(REST_MS, () => {
      state = "closed";
      pump();
    });
  }

  function closeSocket(): void {
    socket?.close();
    socket = undefined;
    underWay = 0;
  }

  function end(): void {
    closeSocket();
    state = "closed";
    ended.resolve();
  }

  function giveUp(): void {
    losses.add(waiting.length, "segments cannot be sent to the X-Ray daemon before the end");
    waiting = [];
    ended.resolve();
  }

  return {
    record: take,
    usage: () => ({ recorded, dropped: losses.count() }),
    close() {
      isEnding = true;
      if (state === "resting") giveUp();
      else if (state === "closed") ended.resolve();
      else pump();
      return ended.promise;
    },
  };
}
