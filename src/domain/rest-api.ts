// A REST API as its developers define it. The members are those of the V1 API's shapes of the same names
// (https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html); times are milliseconds since the epoch.
import type { Authorizer } from "./authorizer.ts";
import type { DataModel } from "./data-model.ts";
import type { GatewayResponse } from "./gateway-response.ts";
import { recordKind, scoped } from "./record.ts";
import type { RequestValidator } from "./request-validator.ts";
import { isVariable } from "./resource-path.ts";

export interface RestApi {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly rootResourceId: string;
  readonly createdDate: number;
  readonly name: string;
  readonly description?: string;
  readonly version?: string;
  readonly binaryMediaTypes: readonly string[];
  /** Bytes; absent when compression is off. */
  readonly minimumCompressionSize?: number;
  readonly apiKeySource: "HEADER" | "AUTHORIZER";
  readonly endpointConfiguration: EndpointConfiguration;
  /** The resource policy, as given. */
  readonly policy?: string;
  readonly disableExecuteApiEndpoint: boolean;
  readonly securityPolicy?: string;
  readonly endpointAccessMode?: "BASIC" | "STRICT";
  readonly tags: Tags;
}

export interface EndpointConfiguration {
  readonly types: readonly ("EDGE" | "REGIONAL" | "PRIVATE")[];
  readonly ipAddressType?: "ipv4" | "dualstack";
  readonly vpcEndpointIds?: readonly string[];
}

export type Tags = Readonly<Record<string, string>>;
export type StringMap = Readonly<Record<string, string>>;

export interface Resource {
  readonly id: string;
  /** Absent on the root alone. */
  readonly parentId?: string;
  /** Absent on the root alone. */
  readonly pathPart?: string;
}

/** What must hold for all resources of an API together. */
export interface ResourceTree {
  /** How many resources there are, the root included. */
  readonly size: number;
}

/** A method with all that hangs on it, stored as one record. */
export interface Method {
  readonly resourceId: string;
  /** `GET`, ..., or `ANY`. */
  readonly httpMethod: string;
  /** `NONE`, `AWS_IAM`, `CUSTOM`, `COGNITO_USER_POOLS` (or what newer models add). */
  readonly authorizationType: string;
  readonly authorizerId?: string;
  readonly authorizationScopes?: readonly string[];
  readonly apiKeyRequired: boolean;
  readonly requestValidatorId?: string;
  readonly operationName?: string;
  /** `method.request.{header|path|querystring}.{name}` to whether it is required. */
  readonly requestParameters?: Readonly<Record<string, boolean>>;
  /** Content type to model name. */
  readonly requestModels?: StringMap;
  /** By status code. */
  readonly methodResponses: Readonly<Record<string, MethodResponse>>;
  readonly methodIntegration?: Integration;
}

export interface MethodResponse {
  readonly statusCode: string;
  /** `method.response.header.{name}` to whether it is required. */
  readonly responseParameters?: Readonly<Record<string, boolean>>;
  readonly responseModels?: StringMap;
}

export type IntegrationType = "HTTP" | "HTTP_PROXY" | "AWS" | "AWS_PROXY" | "MOCK";
export type PassthroughBehavior = "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
export type ContentHandling = "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";

export interface Integration {
  readonly type: IntegrationType;
  /** The method used towards the backend; travels as `httpMethod`. */
  readonly httpMethod?: string;
  readonly uri?: string;
  readonly connectionType: "INTERNET" | "VPC_LINK";
  readonly connectionId?: string;
  readonly integrationTarget?: string;
  readonly credentials?: string;
  readonly requestParameters?: StringMap;
  /** Content type to template. */
  readonly requestTemplates?: StringMap;
  readonly passthroughBehavior: PassthroughBehavior;
  readonly contentHandling?: ContentHandling;
  readonly timeoutInMillis: number;
  readonly cacheNamespace: string;
  readonly cacheKeyParameters: readonly string[];
  readonly responseTransferMode?: "BUFFERED" | "STREAM";
  readonly tlsConfig?: { readonly insecureSkipVerification: boolean };
  /** By status code. */
  readonly integrationResponses: Readonly<Record<string, IntegrationResponse>>;
}

export interface IntegrationResponse {
  readonly statusCode: string;
  /** Absent or empty on the default response. */
  readonly selectionPattern?: string;
  readonly responseParameters?: StringMap;
  readonly responseTemplates?: Readonly<Record<string, string | null>>;
  readonly contentHandling?: ContentHandling;
}

export interface Deployment {
  readonly id: string;
  readonly createdDate: number;
  readonly description?: string;
  /** The key of its {@link RestApiSnapshot}: the SHA-256 of its canonical JSON, in hexadecimal. */
  readonly snapshot: string;
}

/**
 * What a deployment froze. Content-addressed: equal definitions share one.
 * Settings of the API that take effect without redeployment are read from {@link RestApi}, not from here.
 */
export interface RestApiSnapshot {
  readonly apiId: string;
  readonly binaryMediaTypes: readonly string[];
  readonly minimumCompressionSize?: number;
  readonly apiKeySource: "HEADER" | "AUTHORIZER";
  readonly policy?: string;
  /** Takes effect with a deployment: developer guide, rest-api-disable-default-endpoint. */
  readonly disableExecuteApiEndpoint: boolean;
  readonly resources: readonly Resource[];
  readonly methods: readonly Method[];
  /** Absent, like those that follow, in snapshots stored before there were any. */
  readonly models?: readonly DataModel[];
  readonly requestValidators?: readonly RequestValidator[];
  /** The customized ones. */
  readonly gatewayResponses?: readonly GatewayResponse[];
  readonly authorizers?: readonly Authorizer[];
}

export interface Stage {
  readonly stageName: string;
  readonly deploymentId: string;
  readonly description?: string;
  readonly clientCertificateId?: string;
  readonly cacheClusterEnabled: boolean;
  readonly cacheClusterSize?: string;
  /**
   * By `{resource path}/{method}`, `*` + `/*` for all, as the patch that set them wrote it: `~1pets~1{id}/GET`, with `~1`
   * for `/`, or `pets/{id}/GET`, as Terraform has it.
   */
  readonly methodSettings: Readonly<Record<string, MethodSetting>>;
  readonly variables?: StringMap;
  readonly documentationVersion?: string;
  readonly accessLogSettings?: { readonly format?: string; readonly destinationArn?: string };
  readonly canarySettings?: CanarySettings;
  readonly tracingEnabled: boolean;
  readonly webAclArn?: string;
  readonly tags: Tags;
  readonly createdDate: number;
  readonly lastUpdatedDate: number;
}

export interface MethodSetting {
  readonly metricsEnabled: boolean;
  readonly loggingLevel: "OFF" | "ERROR" | "INFO";
  readonly dataTraceEnabled: boolean;
  /** -1 for none; absent: the account's. */
  readonly throttlingBurstLimit?: number;
  /** -1 for none; absent: the account's. */
  readonly throttlingRateLimit?: number;
  readonly cachingEnabled: boolean;
  readonly cacheTtlInSeconds: number;
  readonly cacheDataEncrypted: boolean;
  readonly requireAuthorizationForCacheControl: boolean;
  readonly unauthorizedCacheControlHeaderStrategy:
    | "FAIL_WITH_403"
    | "SUCCEED_WITH_RESPONSE_HEADER"
    | "SUCCEED_WITHOUT_RESPONSE_HEADER";
}

export interface CanarySettings {
  readonly percentTraffic: number;
  readonly deploymentId: string;
  readonly stageVariableOverrides?: StringMap;
  readonly useStageCache: boolean;
}

/** Settings of an account in a region (GetAccount). */
export interface ApiGatewayAccount {
  readonly cloudwatchRoleArn?: string;
}

/** Key: account, region, API id. Ids are unique in the whole installation: path-style URLs carry no region. */
export const restApis = recordKind<RestApi>("restapi", {
  id: { unique: true, values: (api) => [api.id] },
});

/** Key: account, region, API id, resource id. */
export const resources = recordKind<Resource>("resource", {
  sibling: {
    unique: true,
    values: (resource, key) =>
      resource.parentId === undefined || resource.pathPart === undefined ? [] : [scoped(key[2] as string, resource.parentId, resource.pathPart)],
  },
  parent: {
    unique: false,
    values: (resource, key) => (resource.parentId === undefined ? [] : [scoped(key[2] as string, resource.parentId)]),
  },
  /** A parent has at most one child that matches any path part. */
  variable: {
    unique: true,
    values: ({ parentId, pathPart }, key) =>
      parentId === undefined || pathPart === undefined || !isVariable(pathPart) ? [] : [scoped(key[2] as string, parentId)],
  },
});

/**
 * One for each API, written with every change of its resources, so that such changes come one after the other.
 * Key: account, region, API id.
 */
export const resourceTrees = recordKind<ResourceTree>("resource-tree");

/** Key: account, region, API id, resource id, HTTP method. */
export const methods = recordKind<Method>("method", {
  vpcLink: { unique: false, values: (method) => fixedVpcLinks(method) },
  /** Of the V2 API. */
  targetVpcLink: { unique: false, values: ({ methodIntegration }) => targetVpcLinks(methodIntegration) },
});

/**
 * The VPC link of the V1 API that an integration names by itself, not through a stage variable. Integration targets belong
 * to VPC links of the V2 API.
 */
export function fixedVpcLink({ connectionType, connectionId, integrationTarget }: Integration): string | undefined {
  const named = connectionType === "VPC_LINK" && integrationTarget === undefined && !connectionId?.includes("${");
  return named ? connectionId : undefined;
}

const targetVpcLinks = ({ connectionType, connectionId, integrationTarget }: Partial<Integration> = {}): readonly string[] =>
  connectionType === "VPC_LINK" && integrationTarget !== undefined && connectionId !== undefined && !connectionId.includes("${") ? [connectionId] : [];

const fixedVpcLinks = ({ methodIntegration }: Method): readonly string[] => {
  const link = methodIntegration && fixedVpcLink(methodIntegration);
  return link === undefined ? [] : [link];
};

/** Key: account, region, API id, deployment id. */
export const deployments = recordKind<Deployment>("deployment", {
  snapshot: { unique: false, values: (deployment) => [deployment.snapshot] },
});

/** Key: the snapshot's hash. */
export const snapshots = recordKind<RestApiSnapshot>("snapshot", {
  vpcLink: { unique: false, values: (snapshot) => [...new Set(snapshot.methods.flatMap(fixedVpcLinks))] },
});

/** Key: account, region, API id, stage name. */
export const stages = recordKind<Stage>("stage", {
  deployment: {
    unique: false,
    values: (stage, key) => [
      scoped(key[2] as string, stage.deploymentId),
      ...(stage.canarySettings ? [scoped(key[2] as string, stage.canarySettings.deploymentId)] : []),
    ],
  },
  clientCertificate: {
    unique: false,
    values: ({ clientCertificateId }, key) =>
      clientCertificateId === undefined ? [] : [scoped(key[0] as string, key[1] as string, clientCertificateId)],
  },
});

/** Key: account, region. */
export const accounts = recordKind<ApiGatewayAccount>("account");
