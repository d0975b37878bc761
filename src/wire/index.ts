// AWS's protocols on the wire, for any operation of any service from its table.
export { createControlPlane } from "./control-plane.ts";
export type { ControlPlane, ControlPlaneOptions } from "./control-plane.ts";
export { createGuard, LOOPBACK_DOMAINS } from "./guard.ts";
export type { Guard, GuardOptions } from "./guard.ts";
export { createService } from "./service.ts";
export type { Service, ServiceOptions } from "./service.ts";
export { apiGatewayDialect, apiGatewayV2Dialect, identityDialect, lambdaDialect } from "./dialects.ts";
