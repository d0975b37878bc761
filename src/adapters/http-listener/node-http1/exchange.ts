// One request of node:http.
import { ServerResponse } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { HttpResponse } from "../../../ports/http-server.ts";
import { atTurnsEnd, type Departure } from "../../turn/index.ts";
import type { Head } from "../exchange.ts";
import type { ListenerLimits } from "../limits.ts";
import { StreamedExchange } from "../streamed-exchange.ts";

/** Knows its exchange, so that one function hears of the end of every answer, and none is made for each. */
export class Http1Response<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  exchange: Http1Exchange | undefined = undefined;
}

/** Writes an answer. */
export type Write = (exchange: Http1Exchange, ready: HttpResponse) => void;

export class Http1Exchange extends StreamedExchange implements Departure {
  readonly response: ServerResponse;
  /** The exchanges under way on its connection, itself among them. */
  readonly siblings: Http1Exchange[];
  readonly #message: IncomingMessage;
  readonly #write: Write;
  #ready: HttpResponse | undefined;
  #hasDeparted = false;

  constructor(
    message: IncomingMessage,
    response: ServerResponse,
    head: Head,
    expectsContinue: boolean,
    siblings: Http1Exchange[],
    limits: ListenerLimits,
    write: Write,
  ) {
    super(head, expectsContinue, limits);
    this.#message = message;
    this.#write = write;
    this.response = response;
    this.siblings = siblings;
  }

  get method(): string {
    return this.#message.method as string;
  }

  get protocol(): string {
    return `HTTP/${this.#message.httpVersion}`;
  }

  get encrypted(): boolean {
    return (this.#message.socket as Partial<TLSSocket>).encrypted === true;
  }

  get isWhole(): boolean {
    return this.#message.complete;
  }

  protected get socket(): Socket {
    return this.#message.socket;
  }

  protected get incoming(): IncomingMessage {
    return this.#message;
  }

  protected sendContinue(): void {
    this.response.writeContinue();
  }

  protected cutBody(): void {
    this.#message.socket.destroy();
  }

  /** Sends its answer, at the end of the loop's turn. */
  answer(ready: HttpResponse): void {
    this.#ready = ready;
    atTurnsEnd(this, ready.body instanceof Uint8Array ? ready.body.length : 0);
  }

  depart(): void {
    const ready = this.#ready as HttpResponse;
    this.#hasDeparted = true;
    // To a client that has left nothing is written.
    if (this.isGone) ready.loan?.giveBack();
    this.#write(this, ready);
  }

  /**
   * Its response is over: all of it is with the system, or its connection is closed, and nothing more of it will be read.
   * What has not departed is not given back: it would still be written.
   */
  over(): void {
    if (this.#hasDeparted) this.#ready?.loan?.giveBack();
  }

  /** The connection closed under this exchange. */
  clientGone(): void {
    if (!this.response.writableFinished) this.leave();
  }

  /** Whether what went wrong with the connection's bytes can only be this request's own body, its answer not begun. */
  isWaitingForItsBody(): boolean {
    return !this.isWhole && !this.response.headersSent;
  }
}
