// Why bytes are not read as a request.

/** Bytes that are no request, too many of them, or too slow. */
export class UnreadableRequest extends Error {
  override readonly name = "UnreadableRequest";
  /** Of the answer. */
  readonly status: 400 | 405 | 408 | 413 | 417 | 431;

  constructor(reason: string, status: UnreadableRequest["status"] = 400) {
    super(reason);
    this.status = status;
  }
}
