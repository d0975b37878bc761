// The quotas that shape a REST API's definition, with AWS's defaults
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html).

export interface RestApiLimits {
  /** Edge-optimized APIs of an account in a region. */
  readonly edgeApis: number;
  /** Regional APIs of an account in a region. */
  readonly regionalApis: number;
  /** Private APIs of an account in a region. */
  readonly privateApis: number;
  readonly resourcesPerApi: number;
  readonly stagesPerApi: number;
  readonly variablesPerStage: number;
  /** Characters. */
  readonly stageVariableName: number;
  /** Characters. */
  readonly stageVariableValue: number;
  /** Characters of a resource policy. */
  readonly resourcePolicy: number;
  readonly tagsPerResource: number;
  readonly authorizersPerApi: number;
  /** Quoted in github.com/serverless/serverless/issues/9291. */
  readonly requestValidatorsPerApi: number;
  readonly documentationPartsPerApi: number;
  /** Client certificates of an account in a region. */
  readonly clientCertificates: number;
  /** VPC links of an account in a region. */
  readonly vpcLinks: number;
  /** API keys of an account in a region. */
  readonly apiKeys: number;
  /** Usage plans of an account in a region. */
  readonly usagePlans: number;
  readonly usagePlansPerApiKey: number;
  readonly methodThrottlesPerPlanStage: number;
  /** Public domain names of an account in a region. */
  readonly publicDomainNames: number;
  /** Private domain names of an account in a region. */
  readonly privateDomainNames: number;
  /** Access associations of an account in a region. */
  readonly domainNameAccessAssociations: number;
  /** The longest integration timeout, in milliseconds; AWS raises it for regional and private APIs on request. */
  readonly integrationTimeoutMillis: number;
  /** The same for an integration whose response is streamed. */
  readonly streamingTimeoutMillis: number;
}

export const AWS_LIMITS: RestApiLimits = {
  edgeApis: 120,
  regionalApis: 600,
  privateApis: 600,
  resourcesPerApi: 300,
  stagesPerApi: 10,
  variablesPerStage: 100,
  stageVariableName: 64,
  stageVariableValue: 512,
  resourcePolicy: 8192,
  tagsPerResource: 50,
  authorizersPerApi: 10,
  requestValidatorsPerApi: 20,
  documentationPartsPerApi: 2_000,
  clientCertificates: 60,
  vpcLinks: 20,
  apiKeys: 10_000,
  usagePlans: 300,
  usagePlansPerApiKey: 10,
  methodThrottlesPerPlanStage: 20,
  publicDomainNames: 120,
  privateDomainNames: 50,
  domainNameAccessAssociations: 100,
  integrationTimeoutMillis: 29_000,
  streamingTimeoutMillis: 900_000,
};

/**
 * The quotas that shape an HTTP or a WebSocket API's definition, with AWS's defaults
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html; those of WebSocket APIs are the same).
 */
export interface HttpApiLimits {
  /** HTTP and WebSocket APIs of an account in a region. */
  readonly apis: number;
  readonly routesPerApi: number;
  readonly integrationsPerApi: number;
  readonly stagesPerApi: number;
  readonly authorizersPerApi: number;
  readonly audiencesPerAuthorizer: number;
  readonly scopesPerRoute: number;
  readonly variablesPerStage: number;
  /** Characters, as the two that follow. */
  readonly stageVariableName: number;
  readonly stageVariableValue: number;
  /** Bytes of the template of access logs. */
  readonly accessLogFormat: number;
  readonly tagsPerResource: number;
  /** VPC links of an account in a region. */
  readonly vpcLinks: number;
  readonly subnetsPerVpcLink: number;
  /** API mappings of a domain name. */
  readonly apiMappingsPerDomainName: number;
  /** Routing rules of a domain name. */
  readonly routingRulesPerDomainName: number;
  /** Automatic deployments that are kept although no stage points at them; AWS names no limit. */
  readonly unusedAutoDeployments: number;
}

export const AWS_HTTP_LIMITS: HttpApiLimits = {
  apis: 600,
  routesPerApi: 300,
  integrationsPerApi: 300,
  stagesPerApi: 10,
  authorizersPerApi: 10,
  audiencesPerAuthorizer: 50,
  scopesPerRoute: 10,
  variablesPerStage: 100,
  stageVariableName: 64,
  stageVariableValue: 512,
  accessLogFormat: 3_072,
  tagsPerResource: 50,
  vpcLinks: 10,
  subnetsPerVpcLink: 10,
  apiMappingsPerDomainName: 200,
  routingRulesPerDomainName: 50,
  unusedAutoDeployments: 10,
};

/** The longest timeout of an HTTP API's integration, and the one it has unless told, in milliseconds. */
export const MAX_HTTP_INTEGRATION_TIMEOUT_MILLIS = 30_000;

/** The longest timeout of a WebSocket API's integration, and the one it has unless told, in milliseconds. */
export const MAX_WEBSOCKET_INTEGRATION_TIMEOUT_MILLIS = 29_000;

/** The shortest integration timeout, in milliseconds. */
export const MIN_INTEGRATION_TIMEOUT_MILLIS = 50;
/** The largest schema of a model, in bytes (model: CreateModelRequest.schema). */
export const MAX_MODEL_SCHEMA_SIZE = 409_600;
/** The largest `minimumCompressionSize`, in bytes. */
export const MAX_COMPRESSION_SIZE = 10_485_760;
/** Seconds (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html). */
export const MAX_CACHE_TTL_SECONDS = 3600;

/** Seconds (model: Authorizer.authorizerResultTtlInSeconds). */
export const MAX_AUTHORIZER_TTL_SECONDS = 3600;

/** What an account may use in a region, all its APIs together. */
export interface AccountThrottle {
  /** Requests per second. */
  readonly rateLimit: number;
  /** Requests at once. */
  readonly burstLimit: number;
}

export const AWS_ACCOUNT_THROTTLE: AccountThrottle = { rateLimit: 10_000, burstLimit: 5_000 };

/** New connections per second of an account in a region, all its WebSocket APIs together (developer guide, limits). */
export const AWS_NEW_CONNECTIONS: AccountThrottle = { rateLimit: 500, burstLimit: 500 };
