// The clients that are connected to WebSocket APIs, by connection id: what the callbacks of `@connections` need
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html).

export interface Connections {
  /**
   * The connection that this process holds; undefined of one that it does not hold, that has ended, or whose `$connect` has not
   * completed yet. Who it is that holds a connection, its id says: see gateway/websocket/connection-id.ts.
   */
  find(connectionId: string): ClientConnection | undefined;
}

/** A client, from the completion of its `$connect` to the end of its connection. */
export interface ClientConnection {
  readonly connectionId: string;
  readonly apiId: string;
  readonly stageName: string;
  /** As it stands. */
  info(): ConnectionInfo;
  /** Sends a text, or bytes in a binary frame. False when it goes nowhere: the client has just left, or takes nothing. */
  send(message: string | Uint8Array): boolean;
  /**
   * Begins the closing handshake; the connection is not found any more, and `$disconnect` follows.
   * @param code 1000 to 1014 without the reserved ones, or 3000 to 4999
   */
  close(code: number, reason?: string): void;
}

/** What GetConnection tells; times in milliseconds since the epoch. */
export interface ConnectionInfo {
  readonly connectedAt: number;
  readonly lastActiveAt: number;
  readonly identity: {
    readonly sourceIp: string;
    readonly userAgent: string | undefined;
  };
}

/** What is asked of a connection, by the operations of model/apigatewaymanagementapi.gen.ts. */
export interface ConnectionCallback {
  readonly operation: "PostToConnection" | "GetConnection" | "DeleteConnection";
  /** The stage that it was asked of: nobody reaches the clients of another. */
  readonly apiId: string;
  readonly stageName: string;
  readonly connectionId: string;
  /** What is to be sent; empty where nothing is. */
  readonly data: Uint8Array;
}

/** `gone`: the stage has no such connection, not yet or not any more. */
export type CallbackOutcome = { readonly kind: "done"; readonly info?: ConnectionInfo } | { readonly kind: "gone" };

/** The other processes that hold connections. */
export interface ConnectionHolders {
  /**
   * Has the holder of a connection answer. One that is gone has taken its connections along.
   * @param holder by its number
   * @throws {HolderUnreachable}
   */
  ask(holder: number, callback: ConnectionCallback, signal: AbortSignal): Promise<CallbackOutcome>;
}

/** Nobody can say what has become of a connection: it may be there. */
export class HolderUnreachable extends Error {
  override readonly name = "HolderUnreachable";
}
