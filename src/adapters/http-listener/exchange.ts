// A request under way, as the port shows it. What costs something (addresses, the abort signal) is made when asked for.
import type { Socket } from "node:net";
import { BodyTooLarge } from "../../ports/http-server.ts";
import type { HeaderList, HttpRequest } from "../../ports/http-server.ts";
import type { LogFields } from "../../ports/log.ts";

const EMPTY = Buffer.alloc(0);

/** The head of a request that passed its protocol's checks. */
export interface Head {
  /** Origin form. */
  readonly target: string;
  readonly headers: HeaderList;
  readonly hasBody: boolean;
  /** The body's length in bytes, when the head tells it. */
  readonly length: number | undefined;
}

/** From its head to the end of its answer. */
export abstract class Exchange implements HttpRequest {
  abstract readonly method: string;
  abstract readonly protocol: string;
  abstract readonly encrypted: boolean;
  readonly #head: Head;
  #expectsContinue: boolean;
  #bodyTaken = false;
  #aborter: AbortController | undefined;
  /** The client left before its answer was complete. */
  isGone = false;
  /** Called once when the client leaves before its answer is complete. */
  onGone: (() => void) | undefined;

  /** @param expectsContinue the client waits to be told to go on before it sends its body */
  constructor(head: Head, expectsContinue: boolean) {
    this.#head = head;
    this.#expectsContinue = expectsContinue;
  }

  /** Whether the client still waits to be told to go on. */
  get expectsContinue(): boolean {
    return this.#expectsContinue;
  }

  get target(): string {
    return this.#head.target;
  }

  get headers(): HeaderList {
    return this.#head.headers;
  }

  get hasBody(): boolean {
    return this.#head.hasBody;
  }

  protected abstract get socket(): Socket | undefined;
  protected abstract sendContinue(): void;
  /** The whole body, as {@link HttpRequest.readBody} gives it. Called once, when there is one. */
  protected abstract collect(limit: number): Promise<Buffer>;

  get remoteAddress(): string {
    return shownAddress(this.socket?.remoteAddress);
  }

  get localAddress(): string {
    return shownAddress(this.socket?.localAddress);
  }

  get remotePort(): number {
    return this.socket?.remotePort ?? 0;
  }

  get signal(): AbortSignal {
    if (this.#aborter === undefined) {
      this.#aborter = new AbortController();
      if (this.isGone) this.#aborter.abort();
    }
    return this.#aborter.signal;
  }

  /** The client left before it had its answer. */
  leave(): void {
    if (this.isGone) return;
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
    const { length = 0 } = this.#head;
    if (length > limit) return Promise.reject(new BodyTooLarge(`The body has ${length} bytes, more than ${limit}`));
    // A client that has left is not told to go on: its end is all that the reader below will see.
    if (this.#expectsContinue && !this.isGone) this.sendContinue();
    this.#expectsContinue = false;
    return this.collect(limit);
  }
}

/** An IPv4 address of a socket that listens on both families is shown as one. */
const shownAddress = (address = ""): string => (address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address);
