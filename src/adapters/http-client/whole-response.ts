// Collects a whole response.
import { UpstreamError } from "../../ports/http-client.ts";
import type { UpstreamResponse } from "../../ports/http-client.ts";
import type { HeaderList } from "../../ports/http-server.ts";
import type { Receiver } from "./exchange.ts";
import type { Lender, Lent } from "./lender.ts";

const EMPTY = Buffer.alloc(0);

/** So much is set aside at once for a body because its head says so; for what is larger, as it comes. */
const TRUSTED_BYTES = 1024 * 1024;

/** What ends the exchange that a response comes from. */
export interface Cancellable {
  cancel(error: UpstreamError): void;
}

export class WholeResponse implements Receiver {
  /** The largest body taken, in bytes. */
  readonly #limit: number;
  readonly #exchange: Cancellable;
  readonly #resolve: (response: UpstreamResponse) => void;
  readonly #reject: (error: UpstreamError) => void;
  #status = 0;
  #headers: HeaderList = [];
  #body = EMPTY;
  #size = 0;
  readonly #lender: Lender | undefined;
  #lent: Lent | undefined;

  /** @param lender where the body may be lent */
  constructor(
    limit: number,
    lender: Lender | undefined,
    exchange: Cancellable,
    resolve: (response: UpstreamResponse) => void,
    reject: (error: UpstreamError) => void,
  ) {
    this.#limit = limit;
    this.#lender = lender;
    this.#exchange = exchange;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(status: number, headers: HeaderList, length = 0): void {
    this.#status = status;
    this.#headers = headers;
    if (length > this.#limit) this.#tooLarge();
    else if (length > 0) this.#body = this.#allocate(Math.min(length, TRUSTED_BYTES));
  }

  #allocate(size: number): Buffer<ArrayBuffer> {
    this.#lent = this.#lender?.lend(size);
    return this.#lent?.bytes ?? Buffer.allocUnsafe(size);
  }

  data(buffer: Buffer, start: number, end: number): void {
    const size = this.#size + end - start;
    if (size > this.#limit) {
      this.#tooLarge();
      return;
    }
    if (size > this.#body.length) this.#grow(size);
    buffer.copy(this.#body, this.#size, start, end);
    this.#size = size;
  }

  end(): void {
    const body = this.#size === this.#body.length ? this.#body : this.#body.subarray(0, this.#size);
    this.#resolve({ status: this.#status, headers: this.#headers, body, loan: this.#lent });
  }

  failed(error: UpstreamError): void {
    this.#body = EMPTY;
    this.#lent = undefined;
    this.#reject(error);
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.min(this.#limit, Math.max(2 * this.#body.length, needed)));
    this.#body.copy(larger, 0, 0, this.#size);
    this.#body = larger;
    this.#lent?.giveBack();
    this.#lent = undefined;
  }

  #tooLarge(): void {
    this.#exchange.cancel(new UpstreamError("tooLarge", `The response has more than ${this.#limit} bytes`));
  }
}
