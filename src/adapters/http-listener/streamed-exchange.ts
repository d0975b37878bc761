// A request under way whose body is a stream of Node's.
import type { Readable } from "node:stream";
import { BodyAborted, BodyTooLarge } from "../../ports/http-server.ts";
import { Exchange } from "./exchange.ts";
import type { Head } from "./exchange.ts";
import type { ListenerLimits } from "./limits.ts";

export abstract class StreamedExchange extends Exchange {
  /** Whether the request has arrived to its last byte. */
  abstract readonly isWhole: boolean;
  readonly #limits: ListenerLimits;
  #collecting = false;

  constructor(head: Head, expectsContinue: boolean, limits: ListenerLimits) {
    super(head, expectsContinue);
    this.#limits = limits;
  }

  /** Where the body comes from. */
  protected abstract get incoming(): Readable;
  /** Ends what would go on sending a body that nobody takes. */
  protected abstract cutBody(): void;

  protected collect(limit: number): Promise<Buffer> {
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
