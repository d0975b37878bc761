// What one WebSocket may take, with API Gateway's quotas where it has some
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html).

export interface WebSocketLimits {
  /** Payload of a message that is received, in bytes; past it the connection is closed with 1009. */
  readonly messageBytes: number;
  /** Payload of a frame, likewise; what is sent goes out in frames of at most this size. */
  readonly frameBytes: number;
  /** Without a message in either direction, in milliseconds; past it the connection is closed with 1001. */
  readonly idleMs: number;
  /** From the handshake, in milliseconds; past it the connection is closed with 1001. */
  readonly lifetimeMs: number;
  /** For the client to answer a close frame and to hang up, in milliseconds; past it the connection is cut. */
  readonly closeMs: number;
  /** Messages that the handler has not done with; past them the client is not read. */
  readonly messagesInFlight: number;
  /** Payload of those, in bytes, likewise. */
  readonly bytesInFlight: number;
  /** What may wait for the client to take it, in bytes; past half of it the client is not read, past it the connection is cut. */
  readonly queuedBytes: number;
  /** How long the client may take nothing of what waits for it, in milliseconds; past it the connection is cut. */
  readonly stalledReaderMs: number;
}

export const DEFAULT_WEBSOCKET_LIMITS: WebSocketLimits = {
  messageBytes: 128 * 1024,
  frameBytes: 32 * 1024,
  idleMs: 10 * 60_000,
  lifetimeMs: 2 * 60 * 60_000,
  closeMs: 10_000,
  messagesInFlight: 64,
  bytesInFlight: 1024 * 1024,
  queuedBytes: 1024 * 1024,
  stalledReaderMs: 60_000,
};
