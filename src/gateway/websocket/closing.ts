// How a connection has ended, as `$disconnect` is told.
import type { DisconnectFacts } from "../../plan/websocket/index.ts";
import type { WebSocketClosing } from "../../ports/websocket.ts";

/** "If a binary frame is received, the connection is closed with code 1003" (guide: apigateway-websocket-api-routes-integrations). */
export const UNSUPPORTED_DATA = 1003;

/**
 * The reason of the close frame, or AWS's own where there is none: that of a client's frame without a code as its users quote it, that of
 * a deleted connection of github.com/boto/boto3/issues/3789.
 */
const REASONS: Readonly<Record<number, string>> = {
  1000: "Connection Closed Normally",
  1001: "Going away",
  1005: "Client-side close frame status not set",
  1006: "Connection Closed Abnormally",
};

export const disconnectFacts = ({ code, reason, by }: WebSocketClosing): DisconnectFacts => ({
  statusCode: code,
  reason: reason !== "" || (by === "client" && code < 1005) ? reason : (REASONS[code] ?? ""),
});
