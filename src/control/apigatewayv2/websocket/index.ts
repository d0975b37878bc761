// The door of what operations mean for WebSocket APIs.
export { show as showWebSocketApi, webSocketApiOperations } from "./api.ts";
export { webSocketAuthorizerOperations } from "./authorizer.ts";
export { webSocketProtocol } from "./definition.ts";
export { httpOnlyOperations } from "./http-only.ts";
export { webSocketIntegrationOperations } from "./integration.ts";
export { integrationResponseOperations } from "./integration-response.ts";
export { webSocketModelOperations } from "./model.ts";
export { webSocketRouteOperations } from "./route.ts";
export { routeResponseOperations } from "./route-response.ts";
export { webSocketStageRules } from "./stage-rules.ts";
