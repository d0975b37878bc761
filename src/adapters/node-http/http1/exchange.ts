// One request of node:http.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { Exchange } from "../exchange.ts";
import type { Head } from "../exchange.ts";
import type { ListenerLimits } from "../limits.ts";

export class Http1Exchange extends Exchange {
  readonly response: ServerResponse;
  /** The exchanges under way on its connection, itself among them. */
  readonly siblings: Http1Exchange[];
  readonly #message: IncomingMessage;

  constructor(message: IncomingMessage, response: ServerResponse, head: Head, expectsContinue: boolean, siblings: Http1Exchange[], limits: ListenerLimits) {
    super(head, expectsContinue, limits);
    this.#message = message;
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

  /** The connection closed under this exchange. */
  clientGone(): void {
    if (!this.response.writableFinished) this.leave();
  }

  /** Whether what went wrong with the connection's bytes can only be this request's own body, its answer not begun. */
  isWaitingForItsBody(): boolean {
    return !this.isWhole && !this.response.headersSent;
  }
}
