// The data plane. It is given plans, and never reads a store.
export type { Address } from "./address.ts";
export type { Gateway, GatewayOptions } from "./gateway.ts";
export { createGateway } from "./gateway.ts";
export type { GatewayLimits } from "./limits.ts";
export { DEFAULT_LIMITS } from "./limits.ts";
export type { LazyStagePlan } from "./plan-index.ts";
export { answerHere } from "./websocket/callback-delivery.ts";
export { MAX_HOLDER } from "./websocket/connection-id.ts";
