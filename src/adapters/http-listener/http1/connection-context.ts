// What the connections of a listener have in common, and how they tell the time.
import type { HttpHandler } from "../../../ports/http-server.ts";
import type { HeadScanner } from "../../http1-syntax/index.ts";
import type { WebSockets } from "../websocket/connections.ts";
import type { WritingContext } from "./answer-writer.ts";
import type { Http1Connection } from "./connection.ts";

export interface ConnectionContext extends WritingContext {
  readonly handler: HttpHandler;
  readonly webSockets: WebSockets | undefined;
  /** Used by one connection at a time, never for longer than a call. */
  readonly scanner: HeadScanner;
  /** Every answer is its connection's last. */
  readonly isDraining: boolean;
  /** The connection is none of HTTP's any more. */
  gone(connection: Http1Connection): void;
}

/** How long ago something was, at the least: the time is read once for each look at all connections. In milliseconds. */
export function waitedSince(time: number, { now, lookEveryMs }: ConnectionContext): number {
  return now - time - lookEveryMs;
}
