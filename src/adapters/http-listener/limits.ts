// What one client may take of the listener.

export interface ListenerLimits {
  /** Request line and headers together, in bytes; 431 past it. Above AWS's own limit, so that the gateway can answer as AWS does. */
  readonly headerBytes: number;
  /** For the request line and headers to arrive, in milliseconds; 408 past it. */
  readonly headersTimeoutMs: number;
  /** For a whole request to arrive, in milliseconds; 408 past it, or a cut connection when its answer has begun. */
  readonly requestTimeoutMs: number;
  /** How long a connection may stay open between requests, in milliseconds. */
  readonly keepAliveTimeoutMs: number;
  /** How long a client may take nothing of an answer that is ready, in milliseconds. */
  readonly stalledReaderMs: number;
  /** How much of a body that nobody reads is taken and thrown away, so that its sender sees the answer, in bytes. */
  readonly discardBytes: number;
  /** Connections at once; those past it are closed as they come. */
  readonly connections: number;
  /** Requests at once on a connection of HTTP/2; those past it are refused, and may be sent again. */
  readonly concurrentStreams: number;
}

export const DEFAULT_LIMITS: ListenerLimits = {
  headerBytes: 32 * 1024,
  headersTimeoutMs: 30_000,
  requestTimeoutMs: 300_000,
  keepAliveTimeoutMs: 60_000,
  stalledReaderMs: 60_000,
  discardBytes: 64 * 1024 * 1024,
  connections: 16_384,
  concurrentStreams: 128,
};
