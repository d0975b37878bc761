// A callback on its way to whoever holds the connection: this process, or another one.
import { isUtf8 } from "node:buffer";
import type { CallbackOutcome, ConnectionCallback, ConnectionHolders, Connections } from "../../ports/connections.ts";
import { holderOf } from "./connection-id.ts";

export interface CallbackDelivery {
  /** This process, as the ids of its connections name it. */
  readonly holder: number;
  readonly connections: Connections;
  /** The others; absent where this process is alone. */
  readonly holders?: ConnectionHolders | undefined;
}

const GONE: CallbackOutcome = { kind: "gone" };
const DONE: CallbackOutcome = { kind: "done" };

/** What a closed connection tells its client and `$disconnect` (github.com/boto/boto3/issues/3789). */
const CLOSED_NORMALLY = 1000;
const CLOSED_REASON = "Connection Closed Normally";

/**
 * Has a callback answered by whoever holds the connection.
 * @throws {HolderUnreachable}
 */
export function deliver({ holder: own, connections, holders }: CallbackDelivery, callback: ConnectionCallback, signal: AbortSignal): CallbackOutcome | Promise<CallbackOutcome> {
  const holder = holderOf(callback.connectionId);
  if (holder === undefined) return GONE;
  if (holder === own) return answerHere(connections, callback);
  return holders === undefined ? GONE : holders.ask(holder, callback, signal);
}

/** Answers a callback to a connection that this process holds, if it does. */
export function answerHere(connections: Connections, { operation, apiId, stageName, connectionId, data }: ConnectionCallback): CallbackOutcome {
  const connection = connections.find(connectionId);
  if (connection === undefined || connection.apiId !== apiId || connection.stageName !== stageName) return GONE;
  switch (operation) {
    case "GetConnection":
      return { kind: "done", info: connection.info() };
    case "DeleteConnection":
      connection.close(CLOSED_NORMALLY, CLOSED_REASON);
      return DONE;
    case "PostToConnection":
      return connection.send(messageOf(data)) ? DONE : GONE;
  }
}

/** API Gateway knows texts alone; what is none cannot travel as one (RFC 6455, section 5.6). */
function messageOf(data: Uint8Array): string | Uint8Array {
  return isUtf8(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString() : data;
}
