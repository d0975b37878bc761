// Which connection a request of the management API is about: `POST`, `GET` or `DELETE` on `/@connections/{connectionId}`
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html).
import type { ConnectionCallback } from "../../ports/connections.ts";
import { decoded } from "../path-segments.ts";

export interface CallbackTarget {
  readonly connectionId: string;
  /** Undefined for a method that no operation has. */
  readonly operation: ConnectionCallback["operation"] | undefined;
}

const OPERATIONS: Readonly<Record<string, ConnectionCallback["operation"]>> = {
  DELETE: "DeleteConnection",
  GET: "GetConnection",
  POST: "PostToConnection",
};

/** @param path within the stage, as it travelled; undefined for that of another request */
export function callbackTarget(path: string, method: string): CallbackTarget | undefined {
  const [root, first = "", second = "", ...more] = path.split("/", 4);
  if (root !== "" || decoded(first) !== "@connections" || second === "" || more.length > 0) return undefined;
  const operation = Object.hasOwn(OPERATIONS, method) ? OPERATIONS[method] : undefined;
  return { connectionId: decoded(second), operation };
}
