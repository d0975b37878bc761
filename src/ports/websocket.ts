// WebSockets as a listener hands them on (RFC 6455): a handshake to decide of, then messages in both directions. Frames,
// pings and the closing handshake are the listener's business, and so are the limits on what a client may send and hold up.
import type { HeaderList } from "../domain/header-list.ts";
import type { HttpRequest, HttpResponse } from "./http-server.ts";

export interface WebSocketHandler {
  /**
   * Whether a request for an upgrade is a handshake for a WebSocket API. One that is not is answered as the ordinary request
   * that it also is, by the listener's HTTP handler.
   */
  isFor(request: Pick<HttpRequest, "target" | "headers">): boolean;
  /**
   * Decides of a handshake, which is valid: of this protocol's version, with a key. A response refuses it, and is what the
   * client gets. The request has no body; its signal is aborted when the client leaves before it is decided.
   */
  connect(request: HttpRequest): HandshakeDecision | Promise<HandshakeDecision>;
}

export type HandshakeDecision = HttpResponse | AcceptedHandshake;

export interface AcceptedHandshake {
  /** Answered as `Sec-WebSocket-Protocol`; it should be one of those that the client offers. */
  readonly subprotocol?: string | undefined;
  /** Those of the handshake itself, of framing and of the connection are the listener's own. */
  readonly headers: HeaderList;
  /**
   * Called once for every handshake that is accepted, before anything is read. When the client has left in the meantime,
   * or the answer cannot be sent, the connection is closed already, and {@link WebSocketEvents.closed} follows at once.
   */
  opened(connection: WebSocketConnection): WebSocketEvents;
}

/** What comes of a connection. */
export interface WebSocketEvents {
  /**
   * A whole message: a text, or bytes. The next ones follow without waiting for it, up to the listener's limit on those that
   * are not done; past it the client is not read any further. Must not reject: that is a bug, and closes with 1011.
   */
  message(data: string | Buffer): void | Promise<void>;
  /**
   * The connection has ended; called once, and no message follows. Messages that are not done may still be. A listener that
   * closes waits for it, within its grace.
   */
  closed(closing: WebSocketClosing): void | Promise<void>;
}

export interface WebSocketClosing {
  /** Of the first close frame that was sent or received; 1005 for one without a code, 1006 when there was none. */
  readonly code: number;
  /** Of the same frame; empty when it gave none. */
  readonly reason: string;
  /** Who began: a client that leaves, breaks off or answers nothing, or this side, for whatever reason. */
  readonly by: "client" | "server";
}

/** An open connection. Times are in milliseconds since the epoch. */
export interface WebSocketConnection {
  readonly remoteAddress: string;
  readonly connectedAt: number;
  /** When the last message began to be sent or was received whole. Pings are none. */
  readonly lastActiveAt: number;
  /** False from the first close frame in either direction: nothing is sent any more. */
  readonly isOpen: boolean;
  /** What waits for the client to take it. Past half of the listener's limit the client is not read, past it it is cut off. */
  readonly queuedBytes: number;
  /** Sends a text or bytes. False when it goes nowhere: the connection is not open, or has just been cut off. */
  send(message: string | Uint8Array): boolean;
  /**
   * Begins the closing handshake, and cuts the connection when the client does not answer in time. Nothing happens when
   * it is not open.
   * @param code 1000 to 1014 without the reserved ones, or 3000 to 4999
   * @param reason up to 123 bytes in UTF-8; it is cut there
   * @throws {RangeError} for a code that no close frame may carry.
   */
  close(code: number, reason?: string): void;
  /** Cuts the connection without a word. */
  terminate(): void;
}
