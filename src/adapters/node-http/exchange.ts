// One request of node:http as the port shows it. What costs something (addresses, the abort signal) is made when asked for.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TLSSocket } from "node:tls";
import { BodyAborted, BodyTooLarge } from "../../ports/http-server.ts";
import type { HeaderList, HttpRequest } from "../../ports/http-server.ts";
import type { LogFields } from "../../ports/log.ts";
import type { Head } from "./head.ts";
import type { ListenerLimits } from "./limits.ts";

const EMPTY = Buffer.alloc(0);

/** A request under way, from its head to the end of its answer. */
export class Exchange implements HttpRequest {
  readonly response: ServerResponse;
  readonly target: string;
  readonly headers: HeaderList;
  readonly hasBody: boolean;
  readonly #message: IncomingMessage;
  readonly #limits: ListenerLimits;
  #expectsContinue: boolean;
  #bodyTaken = false;
  #collecting = false;
  #aborter: AbortController | undefined;
  /** The client left before its answer was complete. */
  isGone = false;
  /** Called once when the client leaves before its answer is complete. */
  onGone: (() => void) | undefined;

  constructor(
    message: IncomingMessage,
    response: ServerResponse,
    head: Head,
    expectsContinue: boolean,
    limits: ListenerLimits,
  ) {
    this.#message = message;
    this.response = response;
    this.target = head.target;
    this.headers = head.headers;
    this.hasBody = head.hasBody;
    this.#expectsContinue = expectsContinue;
    this.#limits = limits;
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

  /** An IPv4 client of a socket that listens on both families is shown by its IPv4 address. */
  get remoteAddress(): string {
    const address = this.#message.socket.remoteAddress ?? "";
    return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
  }

  get remotePort(): number {
    return this.#message.socket.remotePort ?? 0;
  }

  get signal(): AbortSignal {
    if (this.#aborter === undefined) {
      this.#aborter = new AbortController();
      if (this.isGone) this.#aborter.abort();
    }
    return this.#aborter.signal;
  }

  /** Whether the request has arrived to its last byte. */
  get isWhole(): boolean {
    return this.#message.complete;
  }

  /** The connection closed under this exchange. */
  clientGone(): void {
    if (this.isGone || this.response.writableFinished) return;
    this.isGone = true;
    this.#aborter?.abort();
    this.onGone?.();
  }

  /** Names the request in the log, without its query: that may hold a secret. */
  logFields(): LogFields {
    const query = this.target.indexOf("?");
    return { method: this.method, path: query < 0 ? this.target : this.target.slice(0, query) };
  }

  readBody(limit: number): Promise<Buffer> {
    if (this.#bodyTaken) return Promise.reject(new Error("The body of a request may be read once"));
    this.#bodyTaken = true;
    if (!this.hasBody) return Promise.resolve(EMPTY);
    const announced = Number(this.#message.headers["content-length"] ?? 0);
    if (announced > limit) {
      return Promise.reject(new BodyTooLarge(`The body has ${announced} bytes, more than ${limit}`));
    }
    if (this.#expectsContinue) {
      this.#expectsContinue = false;
      this.response.writeContinue();
    }
    return this.#collect(limit);
  }

  #collect(limit: number): Promise<Buffer> {
    const message = this.#message;
    this.#collecting = true;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const stop = (): void => {
        this.#collecting = false;
        message.off("data", take).off("end", end).off("close", cut);
      };
      const take = (chunk: Buffer): void => {
        size += chunk.length;
        if (size <= limit) {
          chunks.push(chunk);
          return;
        }
        stop();
        message.pause();
        reject(new BodyTooLarge(`The body has more than ${limit} bytes`));
      };
      const end = (): void => {
        stop();
        resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
      };
      const cut = (): void => {
        stop();
        reject(new BodyAborted("The client went away before its body was complete"));
      };
      message.on("data", take).on("end", end).on("close", cut);
    });
  }

  /**
   * Takes what is left of the body and throws it away, so that a client which writes before it reads gets its answer;
   * past the limit the connection is cut.
   */
  discardBody(): void {
    const message = this.#message;
    if (!this.hasBody || this.#collecting || message.complete || message.destroyed) return;
    let left = this.#limits.discardBytes;
    message.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) message.socket.destroy();
    });
    message.resume();
  }
}

/** Whether what went wrong with the connection's bytes can only be this request's own body, its answer not begun. */
export function isWaitingForItsBody(exchange: Exchange): boolean {
  return !exchange.isWhole && !exchange.response.headersSent;
}
