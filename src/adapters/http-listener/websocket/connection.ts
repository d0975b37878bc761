// One open WebSocket: messages in and out, its closing handshake from either side, and what it may hold up meanwhile.
import { isUtf8 } from "node:buffer";
import type { Socket } from "node:net";
import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import type { WebSocketClosing, WebSocketConnection, WebSocketEvents } from "../../../ports/websocket.ts";
import type { Transport } from "../transport.ts";
import { ABNORMAL, GOING_AWAY, INTERNAL_ERROR, INVALID_PAYLOAD, NO_STATUS, PROTOCOL_ERROR, mayTravel } from "./close-codes.ts";
import { FrameReader } from "./frame-reader.ts";
import type { FrameSink } from "./frame-reader.ts";
import { writeClose, writeMessage } from "./frame-writer.ts";
import type { WebSocketLimits } from "./limits.ts";
import { BINARY, CLOSE, PING, PONG, TEXT } from "./opcodes.ts";

/** What its connections have in common. */
export interface ConnectionContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: WebSocketLimits;
  /** The connection has ended and its socket has closed. */
  gone(connection: Connection): void;
  /** Something of the owner's that a closing listener waits for. */
  waitFor(work: Promise<void>): void;
}

type State =
  | "open"
  /** A close frame has been sent, and the client's is awaited. */
  | "closing"
  /** Nothing is sent any more, and what comes is thrown away. */
  | "closed";

export class Connection implements WebSocketConnection, FrameSink {
  readonly remoteAddress: string;
  readonly connectedAt: number;
  lastActiveAt: number;
  readonly #transport: Transport;
  readonly #socket: Socket;
  readonly #context: ConnectionContext;
  readonly #reader: FrameReader;
  #events: WebSocketEvents | undefined;
  #state: State = "open";
  /** Until when the client may take to answer a close frame and to hang up. */
  #cutAt = Number.POSITIVE_INFINITY;
  #closing: WebSocketClosing | undefined;
  #inFlight = 0;
  #inFlightBytes = 0;
  /** Since when the client has taken nothing of what waits for it. */
  #stalledSince: number;
  #isLeaving = false;

  constructor(transport: Transport, remoteAddress: string, context: ConnectionContext) {
    this.#transport = transport;
    this.#socket = transport.socket;
    this.#context = context;
    this.#reader = new FrameReader(this, context.limits);
    this.remoteAddress = remoteAddress;
    this.connectedAt = this.lastActiveAt = this.#stalledSince = context.clock.now();
  }

  /** Closes a connection that cannot begin, and leaves its socket alone. */
  abandon(): void {
    this.#closing = { code: ABNORMAL, reason: "", by: "server" };
    this.#state = "closed";
  }

  /** Begins to read: first what came together with the handshake. */
  start(events: WebSocketEvents, early: Buffer): void {
    const socket = this.#socket;
    this.#events = events;
    if (this.#state === "closed" || socket.destroyed) {
      this.#gone();
      return;
    }
    socket.on("close", () => this.#gone());
    socket.on("end", () => this.#hungUp());
    // What is kept of them outlives the call.
    this.#transport.take = (buffer, from, until) => this.#read(Buffer.from(buffer.subarray(from, until)));
    if (early.length > 0) this.#read(early);
  }

  get isOpen(): boolean {
    return this.#state === "open" && !this.#socket.destroyed;
  }

  get queuedBytes(): number {
    return this.#socket.writableLength;
  }

  send(message: string | Uint8Array): boolean {
    if (!this.isOpen) return false;
    const { limits, clock } = this.#context;
    const frames = writeMessage(typeof message === "string" ? TEXT : BINARY, message, limits.frameBytes);
    if (!this.#write(frames)) return false;
    this.lastActiveAt = clock.now();
    return true;
  }

  close(code: number, reason = ""): void {
    if (!mayTravel(code)) throw new RangeError(`${code} is not the code of a close frame`);
    if (!this.isOpen) return;
    this.#closing = { code, reason, by: "server" };
    if (!this.#write(writeClose(code, reason))) return;
    this.#state = "closing";
    this.#cutSoon();
    this.#flow();
  }

  terminate(): void {
    this.#closing ??= { code: ABNORMAL, reason: "", by: "server" };
    this.#reader.stop();
    this.#socket.destroy();
  }

  /** Closes with 1001, after the messages that the handler has not done with. */
  leave(): void {
    if (this.#inFlight === 0 || !this.isOpen) {
      this.close(GOING_AWAY, "Going away");
      return;
    }
    this.#isLeaving = true;
    this.#flow();
  }

  /** What is due by the time. */
  check(now: number): void {
    const { limits, log } = this.#context;
    if (now >= this.#cutAt) {
      this.terminate();
    } else if (this.queuedBytes > 0 && now - this.#stalledSince >= limits.stalledReaderMs) {
      log.debug("cut off a client that takes nothing", { remoteAddress: this.remoteAddress, queuedBytes: this.queuedBytes });
      this.terminate();
    } else if (this.isOpen && (now - this.lastActiveAt >= limits.idleMs || now - this.connectedAt >= limits.lifetimeMs)) {
      this.close(GOING_AWAY, "Going away");
    }
  }

  /** Of {@link FrameSink}. */
  message(payload: Buffer, isText: boolean): void {
    if (!this.isOpen) return;
    this.lastActiveAt = this.#context.clock.now();
    try {
      // As a string it needs its memory no longer.
      const done = this.#events?.message(isText ? payload.toString() : payload);
      if (done instanceof Promise) this.#await(done, payload.length);
    } catch (error) {
      this.#bug(error);
    }
  }

  #await(done: Promise<void>, size: number): void {
    this.#inFlight++;
    this.#inFlightBytes += size;
    this.#flow();
    done.catch((error: unknown) => this.#bug(error)).finally(() => this.#done(size));
  }

  #done(size: number): void {
    this.#inFlight--;
    this.#inFlightBytes -= size;
    if (this.#isLeaving && this.#inFlight === 0) this.close(GOING_AWAY, "Going away");
    else this.#flow();
  }

  #bug(error: unknown): void {
    this.#context.log.error("a WebSocket's message was not handled", error, { remoteAddress: this.remoteAddress });
    this.close(INTERNAL_ERROR, "Internal server error");
  }

  /** Of {@link FrameSink}. */
  control(opcode: number, payload: Buffer): void {
    if (opcode === PING) {
      if (this.isOpen) this.#write(writeMessage(PONG, payload, payload.length));
    } else if (opcode === CLOSE) this.#closed(payload);
  }

  /** Of {@link FrameSink}: fails the connection (RFC 6455, section 7.1.7). */
  failed(code: number, reason: string): void {
    const { log } = this.#context;
    log.debug("a WebSocket broke the protocol", { code, reason, remoteAddress: this.remoteAddress });
    if (this.#state === "open") {
      this.#closing = { code, reason, by: "server" };
      if (!this.#write(writeClose(code, reason))) return;
    }
    this.#hangUp();
  }

  /** The client's close frame: the first one is answered with its own code and reason, an answer is the end. */
  #closed(payload: Buffer): void {
    const code = payload.length === 0 ? NO_STATUS : payload.length === 1 ? 0 : payload.readUInt16BE(0);
    if (code !== NO_STATUS || payload.length > 0) {
      if (!mayTravel(code)) return this.#refuseClose(PROTOCOL_ERROR, "Invalid close code");
      if (!isUtf8(payload.subarray(2))) return this.#refuseClose(INVALID_PAYLOAD, "Invalid UTF-8 in a close reason");
    }
    if (this.#state === "open") {
      this.#closing = { code, reason: payload.toString("utf8", 2), by: "client" };
      if (!this.#write(writeMessage(CLOSE, payload, payload.length))) return;
    }
    this.#hangUp();
  }

  #refuseClose(code: number, reason: string): void {
    this.#reader.stop();
    this.failed(code, reason);
  }

  /** Both sides have said all: ends the connection, and takes what still comes until the client has ended it too. */
  #hangUp(): void {
    this.#reader.stop();
    this.#state = "closed";
    this.#cutSoon();
    this.#tellClosed(this.#closing as WebSocketClosing);
    this.#socket.end();
  }

  #cutSoon(): void {
    this.#cutAt = Math.min(this.#cutAt, this.#context.clock.now() + this.#context.limits.closeMs);
  }

  /** The client ends the connection: in the middle of something when it has not said so before. */
  #hungUp(): void {
    this.#state = "closed";
    this.#cutSoon();
    this.#tellClosed((this.#closing ??= { code: ABNORMAL, reason: "", by: "client" }));
    // What has been sent still goes out.
    this.#socket.destroySoon();
  }

  #gone(): void {
    this.#state = "closed";
    this.#reader.stop();
    this.#tellClosed((this.#closing ??= { code: ABNORMAL, reason: "", by: "client" }));
    this.#context.gone(this);
  }

  /** Once. */
  #tellClosed(closing: WebSocketClosing): void {
    const events = this.#events;
    if (events === undefined) return;
    this.#events = undefined;
    const failed = (error: unknown): void => {
      this.#context.log.error("the end of a WebSocket was not handled", error, { remoteAddress: this.remoteAddress });
    };
    try {
      const done = events.closed(closing);
      if (done instanceof Promise) this.#context.waitFor(done.catch(failed));
    } catch (error) {
      failed(error);
    }
  }

  #read(chunk: Buffer): void {
    // Answers that are given at once go out together.
    this.#socket.cork();
    this.#reader.read(chunk);
    this.#socket.uncork();
    this.#flow();
  }

  /** Reads as long as neither the handler nor the client is behind. */
  #flow(): void {
    if (!this.#mayRead()) {
      this.#reader.pause();
      this.#socket.pause();
      return;
    }
    if (!this.#reader.isPaused) return;
    while (this.#reader.isPaused && this.#mayRead()) {
      this.#socket.cork();
      this.#reader.resume();
      this.#socket.uncork();
    }
    if (!this.#reader.isPaused) this.#socket.resume();
  }

  #mayRead(): boolean {
    const { messagesInFlight, bytesInFlight, queuedBytes } = this.#context.limits;
    if (this.#state !== "open") return true;
    if (this.#isLeaving || this.queuedBytes > queuedBytes / 2) return false;
    return this.#inFlight < messagesInFlight && this.#inFlightBytes < bytesInFlight;
  }

  /** @returns false when the client has let too much pile up and is cut off. */
  #write(bytes: Buffer): boolean {
    const { clock, limits, log } = this.#context;
    const { writableLength } = this.#socket;
    if (writableLength + bytes.length > limits.queuedBytes) {
      log.debug("cut off a client that does not keep up", { remoteAddress: this.remoteAddress, queuedBytes: writableLength });
      this.#closing = { code: ABNORMAL, reason: "", by: "server" };
      this.terminate();
      return false;
    }
    if (writableLength === 0) this.#stalledSince = clock.now();
    this.#socket.write(bytes, this.#taken);
    this.#flow();
    return true;
  }

  readonly #taken = (): void => {
    this.#stalledSince = this.#context.clock.now();
    if (this.#reader.isPaused) this.#flow();
  };
}
