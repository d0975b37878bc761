// The clients that are connected, as this process holds them.
import type { WebSocketClient } from "../../plan/websocket/index.ts";
import type { ClientConnection, Connections } from "../../ports/connections.ts";
import type { WebSocketConnection } from "../../ports/websocket.ts";

/** A client, the stage that it is connected to, and the socket in between. */
export interface LiveConnection {
  readonly client: WebSocketClient;
  readonly apiId: string;
  readonly stageName: string;
  readonly socket: WebSocketConnection;
}

export interface ConnectionRegistry extends Connections {
  add(live: LiveConnection): void;
  remove(connectionId: string): void;
  /** Closes those of a stage that is served no longer. */
  closeAll(apiId: string, stageName: string): void;
}

/** What clients of a stage that is gone are told (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001;

export function createConnectionRegistry(): ConnectionRegistry {
  const byId = new Map<string, LiveConnection>();
  return {
    add: (live) => void byId.set(live.client.connectionId, live),
    remove: (connectionId) => void byId.delete(connectionId),
    find(connectionId) {
      const live = byId.get(connectionId);
      return live?.socket.isOpen === true ? clientConnection(live) : undefined;
    },
    closeAll(apiId, stageName) {
      for (const live of byId.values()) {
        if (live.apiId === apiId && live.stageName === stageName) live.socket.close(GOING_AWAY, "Going away");
      }
    },
  };
}

function clientConnection({ apiId, client, socket, stageName }: LiveConnection): ClientConnection {
  return {
    connectionId: client.connectionId,
    apiId,
    stageName,
    info: () => ({
      connectedAt: client.connectedAt,
      lastActiveAt: socket.lastActiveAt,
      identity: { sourceIp: client.sourceIp, userAgent: client.userAgent },
    }),
    send: (message) => socket.send(message),
    close: (code, reason) => socket.close(code, reason),
  };
}
