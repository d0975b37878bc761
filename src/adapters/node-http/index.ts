// The listener: HTTP/1.1 on node:http, and HTTP/2 on node:http2 where there is TLS.
export { listen } from "./listen.ts";
export type { ListenOptions } from "./listen.ts";
export { ListenError } from "./listen-error.ts";
export { DEFAULT_LIMITS } from "./limits.ts";
export type { ListenerLimits } from "./limits.ts";
