// One request of a connection, from its head to the end of its answer.
import type { Socket } from "node:net";
import type { HttpResponse } from "../../../ports/http-server.ts";
import type { RequestHead } from "../../http1-syntax/index.ts";
import { atTurnsEnd, type Departure } from "../../turn/index.ts";
import { Exchange } from "../exchange.ts";
import type { RequestBody } from "./request-body.ts";

/** What carries an exchange. */
export interface Carrier {
  readonly socket: Socket;
  readonly encrypted: boolean;
  /** Writes an answer, or lets go of it when nobody waits for it any more. */
  write(exchange: Http1Exchange, ready: HttpResponse): void;
  sendContinue(): void;
}

export class Http1Exchange extends Exchange implements Departure {
  readonly method: string;
  readonly protocol: "HTTP/1.0" | "HTTP/1.1";
  readonly body: RequestBody | undefined;
  readonly #carrier: Carrier;
  #ready: HttpResponse | undefined;
  #hasDeparted = false;

  constructor({ method, protocol, fields, expectsContinue }: RequestHead, body: RequestBody | undefined, carrier: Carrier) {
    super(fields, expectsContinue);
    this.method = method;
    this.protocol = protocol;
    this.body = body;
    this.#carrier = carrier;
  }

  get encrypted(): boolean {
    return this.#carrier.encrypted;
  }

  /** Whether the request has arrived to its last byte. */
  get isWhole(): boolean {
    return this.body === undefined || this.body.isWhole;
  }

  /** Whether its client reads chunks; to one that does not, the end of the connection is the end of a streamed answer. */
  get readsChunks(): boolean {
    return this.protocol === "HTTP/1.1";
  }

  /** Whether there is an answer, perhaps not yet written. */
  get isAnswered(): boolean {
    return this.#ready !== undefined;
  }

  /** Whether its answer has begun to be written. */
  get hasDeparted(): boolean {
    return this.#hasDeparted;
  }

  protected get socket(): Socket {
    return this.#carrier.socket;
  }

  protected sendContinue(): void {
    // Behind the answer it would be taken for part of the next one.
    if (!this.isAnswered) this.#carrier.sendContinue();
  }

  protected collect(limit: number): Promise<Buffer> {
    return (this.body as RequestBody).collect(limit);
  }

  /** Sends its answer, at the end of the loop's turn. */
  answer(ready: HttpResponse): void {
    this.#ready = ready;
    atTurnsEnd(this, ready.body instanceof Uint8Array ? ready.body.length : 0);
  }

  depart(): void {
    this.#hasDeparted = true;
    this.#carrier.write(this, this.#ready as HttpResponse);
  }

  /**
   * Its answer is over: all of it is with the system, or its connection is closed, and nothing more of it will be read.
   * What has not departed is not given back: it would still be written.
   */
  over(): void {
    if (this.#hasDeparted) this.#ready?.loan?.giveBack();
  }
}
