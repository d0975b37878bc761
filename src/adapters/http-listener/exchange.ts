// A request under way, as the port shows it. What costs something (addresses, the abort signal) is made when asked for.
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { BodyAborted, BodyTooLarge } from "../../ports/http-server.ts";
import type { HeaderList, HttpRequest } from "../../ports/http-server.ts";
import type { LogFields } from "../../ports/log.ts";
import type { ListenerLimits } from "./limits.ts";

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
  /** Whether the request has arrived to its last byte. */
  abstract readonly isWhole: boolean;
  readonly #head: Head;
  readonly #limits: ListenerLimits;
  #expectsContinue: boolean;
  #bodyTaken = false;
  #collecting = false;
  #aborter: AbortController | undefined;
  /** The client left before its answer was complete. */
  isGone = false;
  /** Called once when the client leaves before its answer is complete. */
  onGone: (() => void) | undefined;

  constructor(head: Head, expectsContinue: boolean, limits: ListenerLimits) {
    this.#head = head;
    this.#expectsContinue = expectsContinue;
    this.#limits = limits;
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
  /** Where the body comes from. */
  protected abstract get incoming(): Readable;
  protected abstract sendContinue(): void;
  /** Ends what would go on sending a body that nobody takes. */
  protected abstract cutBody(): void;

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
    return this.#collect(limit);
  }

  #collect(limit: number): Promise<Buffer> {
    const { incoming } = this;
    this.#collecting = true;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const stop = (): void => {
        this.#collecting = false;
        incoming.off("data", take).off("end", end).off("close", cut);
      };
      const take = (chunk: Buffer): void => {
        size += chunk.length;
        if (size <= limit) {
          chunks.push(chunk);
          return;
        }
        stop();
        incoming.pause();
        reject(new BodyTooLarge(`The body has more than ${limit} bytes`));
      };
      const cut = (): void => {
        stop();
        reject(new BodyAborted("The client went away before its body was complete"));
      };
      const end = (): void => {
        if (!this.isWhole) return cut();
        stop();
        resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
      };
      if (incoming.destroyed) cut();
      else incoming.on("data", take).on("end", end).on("close", cut);
    });
  }

  /**
   * Takes what is left of the body and throws it away, so that a client which writes before it reads gets its answer;
   * past the limit it is cut off.
   */
  discardBody(): void {
    if (!this.hasBody || this.#collecting || this.isWhole) return;
    const { incoming } = this;
    if (incoming.destroyed) return;
    let left = this.#limits.discardBytes;
    incoming.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) this.cutBody();
    });
    incoming.resume();
  }
}

/** An IPv4 address of a socket that listens on both families is shown as one. */
const shownAddress = (address = ""): string => (address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address);
