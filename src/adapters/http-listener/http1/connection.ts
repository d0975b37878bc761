// One connection that speaks HTTP/1.1: reads a request, has it answered, then reads the next. What comes meanwhile waits, so
// that answers leave in the order of their requests.
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { HttpHandler, HttpResponse } from "../../../ports/http-server.ts";
import { cancel, isStream } from "../answer-parts.ts";
import { refuse } from "../refusal.ts";
import type { Transport } from "../transport.ts";
import type { WebSockets } from "../websocket/connections.ts";
import { AnswerWriter } from "./answer-writer.ts";
import type { WritingContext } from "./answer-writer.ts";
import { NOT_ANSWERED } from "./answer.ts";
import { Http1Exchange } from "./exchange.ts";
import type { Carrier } from "./exchange.ts";
import type { HeadScanner } from "./head-scanner.ts";
import { INCOMPLETE } from "./head-scanner.ts";
import { decideHandshake } from "../websocket/decide-handshake.ts";
import { RequestBody } from "./request-body.ts";
import type { Flow } from "./request-body.ts";
import { readRequestHead } from "./request-head.ts";
import type { RequestHead } from "./request-head.ts";
import { UnreadableRequest } from "./unreadable.ts";

/** What the connections of a listener have in common. */
export interface ConnectionContext extends WritingContext {
  readonly handler: HttpHandler;
  readonly webSockets: WebSockets | undefined;
  /** Used by one connection at a time, never for longer than a call. */
  readonly scanner: HeadScanner;
  /** The time, in milliseconds, as of the latest look at all connections. */
  readonly now: number;
  /** How often they are looked at, in milliseconds. */
  readonly lookEveryMs: number;
  /** Every answer is its connection's last. */
  readonly isDraining: boolean;
  /** The connection is none of HTTP's any more. */
  gone(connection: Http1Connection): void;
}

/** What comes next. */
type Place =
  /** A request, or the rest of its head. */
  | "head"
  /** The body of the request under way. */
  | "body"
  /** What has to wait until the request under way is answered. */
  | "next request"
  /** Nothing that matters. */
  | "over";

const NONE = Buffer.alloc(0);
const CR = 13;
const LF = 10;

/** So much may wait behind a request; then its client has to. */
const WAITING_BYTES = 16 * 1024;

/** So long a client may go on sending a body that nobody wants over a connection that has had its last answer, in milliseconds. */
const LINGERING_MS = 30_000;

export class Http1Connection implements Carrier, Flow {
  readonly socket: Socket;
  readonly encrypted: boolean;
  readonly #transport: Transport;
  readonly #context: ConnectionContext;
  readonly #writer: AnswerWriter;
  #place: Place = "head";
  /** The beginning of a head that has not come whole. */
  #pending = NONE;
  #exchange: Http1Exchange | undefined;
  /** What came behind the request under way. */
  #waiting = NONE;
  /** The system has all of the answer under way. */
  #isFlushed = false;
  /** The request under way is the last one. */
  #isLast = false;
  /** What comes behind it is a WebSocket's, if it becomes one. */
  #isHandshake = false;
  /** The client has said all that it will say. */
  #hasEnded = false;
  #isPaused = false;
  #isUsed = false;
  /** When what is waited for began, as the context tells the time. */
  #since: number;
  readonly #onEnd = (): void => this.#ended();
  readonly #onClose = (): void => this.#closed();
  readonly #onTimeout = (): void => {
    if (this.socket.writableLength > 0) this.socket.destroy();
  };

  constructor(transport: Transport, context: ConnectionContext) {
    const { socket } = transport;
    this.socket = socket;
    this.encrypted = (socket as Partial<TLSSocket>).encrypted === true;
    this.#transport = transport;
    this.#context = context;
    this.#writer = new AnswerWriter(socket, context, () => this.#flushed());
    this.#since = context.now;
    // Read once, it stays known after the connection has closed.
    void socket.remoteAddress;
    socket.on("error", ignore).on("end", this.#onEnd).on("close", this.#onClose).on("timeout", this.#onTimeout);
    transport.take = (buffer, start, until) => this.#take(buffer, start, until, false);
  }

  /** Of {@link Flow}. */
  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.socket.pause();
  }

  /** Of {@link Flow}. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.socket.resume();
  }

  /** @param isOwned the bytes stay as they are after the call */
  #take(buffer: Buffer<ArrayBuffer>, start: number, until: number, isOwned: boolean): void {
    try {
      let at = start;
      while (at < until) {
        switch (this.#place) {
          case "head":
            at = this.#readHead(buffer, at, until);
            break;
          case "body":
            at = this.#readBody(buffer, at, until);
            break;
          case "next request":
            this.#keep(isOwned ? buffer.subarray(at, until) : Buffer.from(buffer.subarray(at, until)));
            return;
          case "over":
            return;
        }
      }
    } catch (error) {
      if (!(error instanceof UnreadableRequest)) throw error;
      this.#unreadable(error);
    }
  }

  #readHead(buffer: Buffer, at: number, until: number): number {
    const begun = this.#pending;
    if (begun.length === 0) {
      const start = behindEmptyLines(buffer, at, until);
      if (start < until) this.#since = this.#context.now;
      return this.#scanHead(buffer, start, until);
    }
    const whole = Buffer.concat([begun, buffer.subarray(at, until)]);
    this.#pending = NONE;
    return at - begun.length + this.#scanHead(whole, behindEmptyLines(whole, 0, whole.length), whole.length);
  }

  /** Begins with a request whose head is whole, or keeps what there is of it. @returns how far it has read */
  #scanHead(buffer: Buffer, start: number, until: number): number {
    if (start === until) return until;
    const { scanner } = this.#context;
    const mayBeEmptyLine = start + 1 === until && buffer[start] === CR;
    const behind = mayBeEmptyLine ? INCOMPLETE : scanner.scan(buffer, start, until);
    if (behind === INCOMPLETE) {
      this.#pending = Buffer.from(buffer.subarray(start, until));
      return until;
    }
    this.#begin(readRequestHead(buffer.toString("latin1", start, behind), scanner));
    return behind;
  }

  #readBody(buffer: Buffer, at: number, until: number): number {
    const exchange = this.#exchange as Http1Exchange;
    const body = exchange.body as RequestBody;
    const behind = body.read(buffer, at, until);
    if (body.isTooMuch) this.socket.destroy();
    else if (body.isWhole) {
      this.#place = "next request";
      if (this.#isFlushed) this.#finish();
    }
    return behind;
  }

  /** Hands a request on and its answer back. */
  #begin(head: RequestHead): void {
    const { handler, limits, webSockets } = this.#context;
    const { fields } = head;
    this.#isUsed = true;
    this.#isFlushed = false;
    this.#isLast = !head.isKept;
    const body = fields.hasBody ? new RequestBody(fields.length, limits.headerBytes, this) : undefined;
    const exchange = new Http1Exchange(head, body, this);
    this.#exchange = exchange;
    this.#place = body === undefined ? "next request" : "body";
    if (fields.asksUpgrade) {
      if (webSockets !== undefined && mayBeHandshake(head) && webSockets.isHandshake(fields)) {
        this.#handshake(exchange, webSockets);
        return;
      }
      // Whoever asks for another protocol may go on in it whatever the answer is.
      this.#isLast = true;
    }
    try {
      const answered = handler(exchange);
      if (answered instanceof Promise) {
        answered.then(
          (ready) => exchange.answer(ready),
          (error: unknown) => this.#failed(exchange, error),
        );
      } else exchange.answer(answered);
    } catch (error) {
      this.#failed(exchange, error);
    }
  }

  #failed(exchange: Http1Exchange, error: unknown): void {
    if (exchange.isGone) return;
    this.#context.log.error("a request was not answered", error, exchange.logFields());
    exchange.answer(NOT_ANSWERED);
  }

  /** Keeps what came behind the request under way. */
  #keep(bytes: Buffer<ArrayBuffer>): void {
    // What follows a request that was to be the last one is not read.
    if (this.#isLast && !this.#isHandshake) return;
    this.#waiting = this.#waiting.length === 0 ? bytes : Buffer.concat([this.#waiting, bytes]);
    if (this.#waiting.length > WAITING_BYTES) this.pause();
  }

  /** Of {@link Carrier}. */
  sendContinue(): void {
    this.socket.write("HTTP/1.1 100 Continue\r\n\r\n", "latin1");
  }

  /** Of {@link Carrier}. */
  write(exchange: Http1Exchange, ready: HttpResponse): void {
    // To a client that has left nothing is written.
    if (exchange !== this.#exchange) {
      cancel(ready.body);
      ready.loan?.giveBack();
      return;
    }
    // A client that was not told to go on may send its body all the same, or another request: nobody can tell.
    this.#isLast ||= this.#context.isDraining || exchange.expectsContinue || (isStream(ready.body) && !exchange.readsChunks);
    this.#writer.write(exchange, ready, this.#isLast);
    if (!exchange.expectsContinue) exchange.body?.discard(this.#context.limits.discardBytes);
  }

  /** The system has all of the answer. */
  #flushed(): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    this.#isFlushed = true;
    exchange.over();
    if (exchange.isWhole || exchange.expectsContinue) this.#finish();
    else if (this.#isLast) this.#linger();
  }

  /**
   * Tells the client that no more is coming, and goes on throwing its body away: a connection that is closed with bytes unread
   * is reset, and the answer may be lost with it (RFC 9112, section 9.6).
   */
  #linger(): void {
    this.#since = this.#context.now;
    this.socket.end();
  }

  get #isLingering(): boolean {
    return this.#place === "body" && this.#isFlushed && this.#isLast;
  }

  /** The request is whole, and so is its answer. */
  #finish(): void {
    this.#exchange = undefined;
    if (this.#isLast) {
      this.#end();
      return;
    }
    this.#place = "head";
    this.#since = this.#context.now;
    this.resume();
    const waiting = this.#waiting;
    this.#waiting = NONE;
    this.#take(waiting, 0, waiting.length, true);
    // Whoever has no more to say has nothing more to wait for.
    if (this.#hasEnded && this.#exchange === undefined) this.#end();
  }

  #end(): void {
    this.#place = "over";
    this.#since = this.#context.now;
    this.socket.destroySoon();
  }

  /** Bytes that are no request, or too many of them, or too slow. */
  #unreadable({ message, status }: UnreadableRequest): void {
    const exchange = this.#exchange;
    const { log, now } = this.#context;
    log.debug("refused a request", { reason: message, remoteAddress: this.socket.remoteAddress });
    this.#place = "over";
    this.#since = now;
    this.#exchange = undefined;
    exchange?.body?.cut();
    exchange?.leave();
    // An answer that has begun is not followed by another one.
    if (exchange?.hasDeparted === true) this.socket.destroy();
    else refuse(this.socket, status);
  }

  /** The client has no more to say. */
  #ended(): void {
    const exchange = this.#exchange;
    if (this.#place !== "over" && (this.#pending.length > 0 || exchange?.isWhole === false)) {
      this.#unreadable(new UnreadableRequest("a request that broke off"));
      return;
    }
    // An answer that is there still goes out; nobody who leaves before is waited for.
    const isAnswered = exchange !== undefined && exchange.isAnswered && !this.#writer.isStreaming;
    if (isAnswered) this.#hasEnded = true;
    else this.socket.destroy();
  }

  #closed(): void {
    const exchange = this.#exchange;
    this.#place = "over";
    this.#exchange = undefined;
    this.#waiting = this.#pending = NONE;
    if (exchange !== undefined) {
      exchange.body?.cut();
      if (!this.#isFlushed) exchange.leave();
      exchange.over();
    }
    this.#context.gone(this);
  }

  #handshake(exchange: Http1Exchange, webSockets: WebSockets): void {
    this.#isHandshake = true;
    decideHandshake(exchange, webSockets, {
      answer: (response) => {
        this.#isHandshake = false;
        this.#isLast = true;
        exchange.answer(response);
      },
      fail: (error) => {
        this.#isHandshake = false;
        this.#isLast = true;
        this.#failed(exchange, error);
      },
      open: (remoteAddress, key, accepted) => {
        webSockets.accept(this.#transport, remoteAddress, key, accepted, this.#waiting);
        this.#release();
      },
    });
  }

  /** The socket is a WebSocket's. */
  #release(): void {
    this.#place = "over";
    this.#exchange = undefined;
    this.#waiting = NONE;
    this.socket.off("end", this.#onEnd).off("close", this.#onClose).off("timeout", this.#onTimeout);
    this.#context.gone(this);
    this.resume();
  }

  /** What is due by the time of the context. */
  check(): void {
    const { limits, lookEveryMs, now } = this.#context;
    // The time was read up to one look before.
    const waited = now - this.#since - lookEveryMs;
    switch (this.#place) {
      case "head":
        if (this.#pending.length > 0) {
          if (waited >= Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs)) this.#unreadable(new UnreadableRequest("a head that took too long", 408));
        } else if (waited >= (this.#isUsed ? limits.keepAliveTimeoutMs : limits.headersTimeoutMs)) this.socket.destroy();
        break;
      case "body":
        if (waited < Math.min(limits.requestTimeoutMs, this.#isLingering ? LINGERING_MS : Number.POSITIVE_INFINITY)) break;
        if (this.#isFlushed) this.socket.destroy();
        else this.#unreadable(new UnreadableRequest("a body that took too long", 408));
        break;
      case "over":
        if (waited >= limits.stalledReaderMs) this.socket.destroy();
        break;
      case "next request":
        break;
    }
  }

  /** The answer under way is the last one; without one, the connection ends. */
  leave(): void {
    if (this.#isLingering || (this.#exchange === undefined && this.#place !== "over")) this.socket.destroy();
  }

  cut(): void {
    this.socket.destroy();
  }
}

/** An error is followed by the end of its connection. */
const ignore = (): void => undefined;

const UPGRADE = /(?:^|,)[\t ]*upgrade[\t ]*,/i;

const mayBeHandshake = ({ method, protocol, fields }: RequestHead): boolean =>
  method === "GET" && protocol === "HTTP/1.1" && !fields.hasBody && UPGRADE.test(fields.connection);

/** Empty lines before a request are passed over (RFC 9112, section 2.2). */
function behindEmptyLines(buffer: Buffer, start: number, until: number): number {
  let at = start;
  while (at + 1 < until && buffer[at] === CR && buffer[at + 1] === LF) at += 2;
  return at;
}
