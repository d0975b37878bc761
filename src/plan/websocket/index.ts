// WebSocket APIs, compiled: a deployment and a stage as a plan that the gateway serves.
export type { IntegrationFacts as WebSocketIntegrationFacts } from "../log-format.ts";
export type { LoggedWebSocketFacts, WebSocketAccessLogPlan } from "./access-log.ts";
export type { WebSocketAuthorizerPlan, WebSocketLambdaAuthorizerPlan } from "./authorizer.ts";
export type { BackendAnswer, DisconnectFacts, EarlyWebSocketFacts, WebSocketClient, WebSocketErrorFacts, WebSocketEventType, WebSocketFacts } from "./facts.ts";
export type {
  WebSocketFunctionPlan,
  WebSocketHttpPlan,
  WebSocketIntegrationPlan,
  WebSocketMockPlan,
  WebSocketPayloadPlan,
  WebSocketResponsePlan,
  WebSocketServicePlan,
  WebSocketUpstream,
} from "./integration.ts";
export { answerDocument, messageDocument } from "./selection.ts";
export type { WebSocketRoutePlan, WebSocketStagePlan, WebSocketStageSource } from "./stage-plan.ts";
export { compileWebSocketStage } from "./stage-plan.ts";
export type { WebSocketTemplate } from "./templates.ts";
