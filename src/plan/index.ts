// Compiles a deployment and a stage into a plan that the gateway serves. Pure: no clock, no store, no network.
export type { LoggedFacts } from "./access-log.ts";
export type { IntegrationFacts } from "./log-format.ts";
export * from "./http-api/index.ts";
export * from "./websocket/index.ts";
export type { AuthorizerPlan, IamAuthorizerPlan, LambdaAuthorizerPlan, TestablePlan, TokenAuthorizerPlan } from "./authorizer.ts";
export { compileAuthorizer } from "./authorizer.ts";
export type { BackendAccess } from "./backend-access.ts";
export type { CachingPlan } from "./caching.ts";
export { integrationDocument, jsonValue, requestDocument } from "./body-mapping.ts";
export { checkSnapshot, checkStage } from "./check.ts";
export type { ContentCoding } from "./content-coding.ts";
export { requestCoding, responseCoding } from "./content-coding.ts";
export { commonLogTime, domainPrefix } from "./context-variables.ts";
export type { AuthorizerFacts, CallerIdentity, IamStepFacts, RequestFacts, ResponseFacts } from "./facts.ts";
export type { RejectedFacts, RejectionFacts } from "./gateway-response-template.ts";
export type { GatewayResponse, GatewayResponses, GatewayResponseType } from "./gateway-responses.ts";
export { DEFAULT_GATEWAY_RESPONSES } from "./gateway-responses.ts";
export { allHeaders, headerValue, isHeaderName, lastHeader, removeHeader } from "./headers.ts";
export type {
  HttpPlan,
  HttpProxyPlan,
  HttpProxyStreamPlan,
  IntegrationPlan,
  InvocationPlan,
  LambdaPlan,
  LambdaProxyPlan,
  LambdaProxyStreamPlan,
  MockPlan,
  RequestPayloadPlan,
  ResponsePlan,
  ResponseSelector,
  ServicePlan,
  UpstreamPlan,
} from "./integration-plan.ts";
export type { JsonDocument, MappingTemplate, Overrides } from "./mapping-template/index.ts";
export { jsonDocument } from "./mapping-template/index.ts";
export type { ClaimRule, JwtAuthorizerPlan } from "./jwt-authorizer.ts";
export { firstMediaTypeOf, mediaTypeOf } from "./media-types.ts";
export type { LoggingPlan } from "./observation.ts";
export type { ParameterMapping, RequestMappings } from "./parameter-mapping.ts";
export type { ResponseKind } from "./payload.ts";
export { convert, decodeBase64, requestConversion, responseConversion } from "./payload.ts";
export type { QueryList } from "./query.ts";
export { encodeQuery, formatQuery, isCanonicalQuery, queryOf } from "./query.ts";
export type { ServiceTarget } from "./service-target.ts";
export type { CanaryPlan } from "./release.ts";
export { missingParameters } from "./request-validation.ts";
export type { MethodPlan, RoutedMethod, StagePlan, StageSource } from "./stage-plan.ts";
export { cacheBytesOf, compileRestStage } from "./stage-plan.ts";
export { UNSUPPORTED } from "./templates.ts";
export { segmentName } from "./tracing.ts";
export type { UserPoolAuthorizerPlan } from "./user-pool-authorizer.ts";
