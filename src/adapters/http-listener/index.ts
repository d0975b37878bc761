// The listener: HTTP/1.1, HTTP/2 on node:http2 where there is TLS, and WebSockets.
export { listen } from "./listen.ts";
export type { ListenOptions } from "./listen.ts";
export { ListenError } from "./listen-error.ts";
export { DEFAULT_LIMITS } from "./limits.ts";
export type { ListenerLimits } from "./limits.ts";
export type { WebSocketLimits } from "./websocket/limits.ts";
export type { WebSocketOptions } from "./websocket/connections.ts";
