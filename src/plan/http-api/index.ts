// HTTP APIs, compiled: a deployment and a stage as a plan that the gateway serves.
export type { HttpAccessLogPlan, HttpErrorFacts, HttpIntegrationFacts, LoggedHttpFacts } from "./access-log.ts";
export type { ClosedAuthorizerPlan, HttpAuthorizerPlan } from "./authorizer.ts";
export type { CorsPlan } from "./cors.ts";
export type { EarlyHttpFacts, HttpAuthorizerFacts, HttpFacts, HttpResponseFacts } from "./facts.ts";
export type { HttpFunctionTarget } from "./function.ts";
export type { HttpJwtAuthorizerPlan } from "./jwt-authorizer.ts";
export type { HttpLambdaAuthorizerPlan } from "./lambda-authorizer.ts";
export type { HttpBackendAccess, HttpProxyTarget } from "./http-proxy.ts";
export type { BrokenHttpIntegration, HttpIntegrationPlan } from "./integration.ts";
export { mapHeaders, mappedHost, mappedPath, mappedStatus, mapQuery } from "./mapped-parameters.ts";
export type { RequestMapping, ResponseMapping } from "./parameter-mapping.ts";
export type { HttpServiceTarget, ServiceCall } from "./service-action.ts";
export type { HttpRoutePlan, HttpStagePlan, HttpStageSource } from "./stage-plan.ts";
export { compileHttpStage } from "./stage-plan.ts";
