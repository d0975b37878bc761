// An invocation as it is sent.

/** A request that is ready to be sent. */
export interface SignedInvocation {
  /** `https://host:port` */
  readonly origin: string;
  readonly path: string;
  /** Names and values in turn, `Host` and the signature among them. */
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

/** A function may run for 15 minutes; the rest is for the way there and back. In milliseconds. */
export const INVOCATION_LIMIT_MS = 15 * 60_000 + 10_000;
