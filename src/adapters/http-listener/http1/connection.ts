// One connection that speaks HTTP/1.1: reads a request, has it answered, then reads the next. What comes meanwhile waits, so
// that answers leave in the order of their requests.
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { HttpResponse } from "../../../ports/http-server.ts";
import { mayBeHandshake, RequestHeadReader, UnreadableRequest } from "../../http1-syntax/index.ts";
import type { RequestHead } from "../../http1-syntax/index.ts";
import { cancel, isStream } from "../answer-parts.ts";
import { refusal } from "../refusal.ts";
import type { Transport } from "../transport.ts";
import type { WebSockets } from "../websocket/connections.ts";
import { decideHandshake } from "../websocket/decide-handshake.ts";
import { AnswerWriter } from "./answer-writer.ts";
import { NOT_ANSWERED } from "./answer.ts";
import { waitedSince } from "./connection-context.ts";
import type { ConnectionContext } from "./connection-context.ts";
import { Http1Exchange } from "./exchange.ts";
import type { Carrier } from "./exchange.ts";
import { Lingering } from "./lingering.ts";
import { RequestBody } from "./request-body.ts";
import type { Flow } from "./request-body.ts";

/** What comes next. */
type Place =
  /** A request, or the rest of its head. */
  | "head"
  /** The body of the request under way. */
  | "body"
  /** What has to wait until the request under way is answered. */
  | "next request"
  /** What is thrown away until the client ends the connection, too: it may not have read its answer yet. */
  | "lingering"
  /** Nothing that matters. */
  | "over";

const NONE = Buffer.alloc(0);
const BROKEN_OFF = "a request that broke off";

/** So much may wait behind a request; then its client has to. */
const WAITING_BYTES = 16 * 1024;

export class Http1Connection implements Carrier, Flow {
  readonly socket: Socket;
  readonly encrypted: boolean;
  readonly #transport: Transport;
  readonly #context: ConnectionContext;
  readonly #writer: AnswerWriter;
  #place: Place = "head";
  readonly #heads: RequestHeadReader;
  #exchange: Http1Exchange | undefined;
  /** What came behind the request under way. */
  #waiting = NONE;
  /** The system has all of the answer under way. */
  #isFlushed = false;
  /** The request under way is the last one. */
  #isLast = false;
  /** The client has not said so, and may send more. */
  #mayGoOn = false;
  /** What comes behind it is a WebSocket's, if it becomes one. */
  #isHandshake = false;
  /** It has become one. */
  #isReleased = false;
  /** The client has said all that it will say. */
  #hasEnded = false;
  #isPaused = false;
  #isUsed = false;
  /** When what is waited for began, as the context tells the time. */
  #since: number;
  #lingering: Lingering | undefined;
  readonly #onEnd = (): void => this.#ended();
  readonly #onClose = (): void => this.#closed();

  constructor(transport: Transport, context: ConnectionContext) {
    const { socket } = transport;
    this.socket = socket;
    this.encrypted = (socket as Partial<TLSSocket>).encrypted === true;
    this.#transport = transport;
    this.#context = context;
    this.#writer = new AnswerWriter(socket, context, () => this.#flushed());
    this.#heads = new RequestHeadReader(context.scanner);
    this.#since = context.now;
    // Read once, it stays known after the connection has closed.
    void socket.remoteAddress;
    socket.on("error", ignore).on("end", this.#onEnd).on("close", this.#onClose);
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
          case "lingering":
            if (this.#lingering?.throwAway(until - at) === false) this.socket.destroy();
            return;
          case "over":
            // A WebSocket that began with what has just been read.
            if (this.#isReleased) this.#transport.take(buffer, at, until);
            return;
        }
      }
    } catch (error) {
      if (!(error instanceof UnreadableRequest)) throw error;
      this.#unreadable(error);
    }
  }

  #readHead(buffer: Buffer, at: number, until: number): number {
    const heads = this.#heads;
    const isNew = !heads.hasBegun;
    const head = heads.read(buffer, at, until);
    const { behind } = heads;
    if (isNew && (head !== undefined || heads.hasBegun)) this.#since = this.#context.now;
    if (head !== undefined) this.#begin(head);
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
    this.#mayGoOn = head.isKept || fields.asksUpgrade;
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
    if (this.socket.destroyed) {
      // What it is lent is given back as soon as the connection has closed.
      cancel(ready.body);
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
    if (exchange.isWhole) this.#finish();
    else if (this.#isLast) this.#linger();
  }

  /** The request is whole, and so is its answer. */
  #finish(): void {
    this.#exchange = undefined;
    if (this.#isLast) {
      if (this.#mayGoOn) this.#endOrLinger();
      else this.#end();
      return;
    }
    this.#place = "head";
    this.#since = this.#context.now;
    this.resume();
    const waiting = this.#waiting;
    this.#waiting = NONE;
    this.#take(waiting, 0, waiting.length, true);
    if (this.#hasEnded) this.#endedAgain();
    // Its answer had begun before the listener closed, and did not say that it is the last one.
    if (this.#context.isDraining && this.#place === "head") this.#endOrLinger();
  }

  /** Nothing more comes behind what has just been read. */
  #endedAgain(): void {
    if (this.#heads.hasBegun || this.#exchange?.isWhole === false) this.#unreadable(new UnreadableRequest(BROKEN_OFF));
    // Whoever has no more to say has nothing more to wait for.
    else if (this.#place === "head") this.#end();
  }

  #endOrLinger(): void {
    if (this.#hasEnded) this.#end();
    else this.#linger();
  }

  /**
   * Tells the client that no more is coming, and throws away what it still sends: a connection that is closed with bytes unread
   * is reset, and the answer may be lost with it (RFC 9112, section 9.6).
   */
  #linger(): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.body?.cut();
    this.#place = "lingering";
    this.#lingering = new Lingering(this.#context);
    this.#waiting = NONE;
    this.socket.end();
    this.resume();
  }

  #end(): void {
    this.#place = "over";
    this.#since = this.#context.now;
    this.socket.destroySoon();
  }

  /** Bytes that are no request, or too many of them, or too slow. */
  #unreadable({ message, status }: UnreadableRequest): void {
    const { log } = this.#context;
    log.debug("refused a request", { reason: message, remoteAddress: this.socket.remoteAddress });
    this.#heads.drop();
    const exchange = this.#exchange;
    if (exchange?.hasDeparted === true) {
      // An answer that has begun is not followed by another one, and one that is over is not taken back.
      if (this.#isFlushed) this.#endOrLinger();
      else this.cut();
      return;
    }
    this.#exchange = undefined;
    this.socket.write(refusal(status), "latin1");
    this.#endOrLinger();
    exchange?.body?.cut();
    exchange?.leave();
  }

  /** The client has no more to say. */
  #ended(): void {
    const exchange = this.#exchange;
    if (this.#place === "lingering") this.#end();
    else if (this.#place !== "over" && (this.#heads.hasBegun || exchange?.isWhole === false)) {
      this.#hasEnded = true;
      this.#unreadable(new UnreadableRequest(BROKEN_OFF));
    } else if (exchange !== undefined && exchange.isAnswered && !this.#writer.isStreaming) {
      // An answer that is there still goes out; nobody who leaves before is waited for.
      this.#hasEnded = true;
    } else this.socket.destroy();
  }

  #closed(): void {
    const exchange = this.#exchange;
    this.#place = "over";
    this.#exchange = undefined;
    this.#waiting = NONE;
    this.#heads.drop();
    this.#context.gone(this);
    if (exchange === undefined) return;
    exchange.over();
    exchange.body?.cut();
    if (!this.#isFlushed) exchange.leave();
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
    this.#isReleased = true;
    this.#exchange = undefined;
    this.#waiting = NONE;
    this.socket.off("end", this.#onEnd).off("close", this.#onClose);
    this.#context.gone(this);
    this.resume();
  }

  /** What is due by the time of the context. */
  check(): void {
    const { limits } = this.#context;
    const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs } = limits;
    if (this.#writer.isStalled()) this.socket.destroy();
    const waited = waitedSince(this.#since, this.#context);
    switch (this.#place) {
      case "head":
        if (this.#heads.hasBegun) {
          if (waited >= Math.min(headersTimeoutMs, requestTimeoutMs)) this.#unreadable(new UnreadableRequest("a head that took too long", 408));
        } else if (waited >= (this.#isUsed ? keepAliveTimeoutMs : headersTimeoutMs)) this.socket.destroy();
        break;
      case "body":
        if (waited < requestTimeoutMs) break;
        if (this.#isFlushed) this.socket.destroy();
        else this.#unreadable(new UnreadableRequest("a body that took too long", 408));
        break;
      case "lingering":
        if (this.#lingering?.isOver === true) this.socket.destroy();
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
    if (this.#place === "head") this.socket.destroy();
  }

  cut(): void {
    this.#place = "over";
    this.socket.destroy();
  }
}

/** An error is followed by the end of its connection. */
const ignore = (): void => undefined;
