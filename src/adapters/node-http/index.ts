// The listener on node:http.
export { listen, ListenError } from "./listen.ts";
export type { ListenOptions } from "./listen.ts";
export { DEFAULT_LIMITS } from "./limits.ts";
export type { ListenerLimits } from "./limits.ts";
