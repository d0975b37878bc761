// An HTTP API as its developers define it. The members are those of the V2 API's shapes of the same names
// (https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/api-reference.html); times are milliseconds since the epoch.
// WebSocket APIs are of kinds of their own: see websocket-api.ts.
import { partitionOf } from "./arn.ts";
import { type Key, recordKind, scoped } from "./record.ts";
import type { StringMap, Tags } from "./rest-api.ts";

export interface HttpApi {
  readonly apiId: string;
  readonly account: string;
  readonly region: string;
  readonly protocolType: "HTTP";
  readonly createdDate: number;
  readonly name: string;
  readonly description?: string;
  readonly version?: string;
  readonly corsConfiguration?: Cors;
  readonly disableExecuteApiEndpoint: boolean;
  readonly ipAddressType: "ipv4" | "dualstack";
  /** What the last import has left out, and what it has warned of. */
  readonly importInfo?: readonly string[];
  readonly warnings?: readonly string[];
  readonly tags: Tags;
}

export interface Cors {
  readonly allowCredentials?: boolean;
  readonly allowHeaders?: readonly string[];
  readonly allowMethods?: readonly string[];
  readonly allowOrigins?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  /** Seconds; -1 has browsers keep nothing. */
  readonly maxAge?: number;
}

export interface HttpRoute {
  readonly routeId: string;
  /** `{method} {path}` or `$default`: see route-key.ts. */
  readonly routeKey: string;
  readonly authorizationType: "NONE" | "AWS_IAM" | "CUSTOM" | "JWT";
  readonly authorizerId?: string;
  readonly authorizationScopes?: readonly string[];
  readonly operationName?: string;
  /** `integrations/{integration id}` */
  readonly target?: string;
  /** Made by quick create. */
  readonly apiGatewayManaged?: true;
}

export interface HttpIntegration {
  readonly integrationId: string;
  readonly integrationType: "HTTP_PROXY" | "AWS_PROXY";
  /** The service action of a first-class integration (`SQS-SendMessage`): see service-actions.ts. */
  readonly integrationSubtype?: string;
  /** Absent where there is an `integrationSubtype`. */
  readonly integrationUri?: string;
  readonly integrationMethod?: string;
  readonly connectionType: "INTERNET" | "VPC_LINK";
  readonly connectionId?: string;
  readonly credentialsArn?: string;
  readonly description?: string;
  readonly payloadFormatVersion: "1.0" | "2.0";
  /** Parameters of the service action, or mappings: see parameter-mapping.ts. */
  readonly requestParameters?: StringMap;
  /** By status code. */
  readonly responseParameters?: Readonly<Record<string, StringMap>>;
  readonly timeoutInMillis: number;
  readonly tlsConfig?: { readonly serverNameToVerify?: string };
  /** Made by quick create. */
  readonly apiGatewayManaged?: true;
}

export interface HttpAuthorizer {
  readonly authorizerId: string;
  readonly name: string;
  readonly authorizerType: "JWT" | "REQUEST";
  /** Selection expressions: `$request.header.Authorization`. */
  readonly identitySource: readonly string[];
  /** Of `JWT` alone. */
  readonly jwtConfiguration?: { readonly audience?: readonly string[]; readonly issuer?: string };
  /** This and what follows is of `REQUEST` alone. */
  readonly authorizerUri?: string;
  /** A role; absent where the function's policy lets API Gateway call it. */
  readonly authorizerCredentialsArn?: string;
  readonly authorizerPayloadFormatVersion?: "1.0" | "2.0";
  readonly authorizerResultTtlInSeconds?: number;
  readonly enableSimpleResponses?: boolean;
}

export interface HttpStage {
  /** `$default` is served without a path prefix. */
  readonly stageName: string;
  readonly description?: string;
  /** Absent until the first deployment. */
  readonly deploymentId?: string;
  readonly autoDeploy: boolean;
  readonly defaultRouteSettings: RouteSettings;
  /** By route key. */
  readonly routeSettings: Readonly<Record<string, RouteSettings>>;
  readonly stageVariables: StringMap;
  readonly accessLogSettings?: { readonly destinationArn?: string; readonly format?: string };
  /** How the last automatic deployment went. */
  readonly lastDeploymentStatusMessage?: string;
  readonly createdDate: number;
  readonly lastUpdatedDate: number;
  readonly tags: Tags;
  /** Made by quick create. */
  readonly apiGatewayManaged?: true;
}

export interface RouteSettings {
  readonly detailedMetricsEnabled?: boolean;
  readonly throttlingBurstLimit?: number;
  /** Requests per second. */
  readonly throttlingRateLimit?: number;
}

export interface HttpDeployment {
  readonly deploymentId: string;
  readonly createdDate: number;
  readonly description?: string;
  readonly autoDeployed: boolean;
  /** The key of its {@link HttpApiSnapshot}: the SHA-256 of its canonical JSON, in hexadecimal. */
  readonly snapshot: string;
}

/** All that the developers of an HTTP API have defined, as it stood at one moment. */
export interface HttpApiDefinition {
  readonly api: HttpApi;
  readonly routes: readonly HttpRoute[];
  readonly integrations: readonly HttpIntegration[];
  readonly authorizers: readonly HttpAuthorizer[];
}

/** What a deployment froze. Content-addressed: equal definitions share one. */
export interface HttpApiSnapshot extends Omit<HttpApiDefinition, "api"> {
  readonly apiId: string;
  readonly corsConfiguration?: Cors;
  /** Takes effect with a deployment: developer guide, http-api-disable-default-endpoint. */
  readonly disableExecuteApiEndpoint: boolean;
}

/** How private integrations of HTTP APIs reach load balancers and services of a VPC. */
export interface HttpVpcLink {
  readonly vpcLinkId: string;
  readonly name: string;
  readonly createdDate: number;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly tags: Tags;
}

/** Key: account, region, API id. Ids are unique in the whole installation, those of REST APIs included. */
export const httpApis = recordKind<HttpApi>("v2-api", {
  id: { unique: true, values: (api) => [api.apiId] },
});

/** Key: account, region, API id, route id. */
export const httpRoutes = recordKind<HttpRoute>("v2-route", {
  routeKey: { unique: true, values: ({ routeKey }, key) => [scoped(key[2] as string, routeKey)] },
});

/** Key: account, region, API id, integration id. */
export const httpIntegrations = recordKind<HttpIntegration>("v2-integration", {
  vpcLink: { unique: false, values: ({ connectionId }) => (connectionId === undefined ? [] : [connectionId]) },
});

/** Key: account, region, API id, authorizer id. */
export const httpAuthorizers = recordKind<HttpAuthorizer>("v2-authorizer", {
  name: { unique: true, values: ({ name }, key) => [scoped(key[2] as string, name)] },
});

/** Key: account, region, API id, stage name. */
export const httpStages = recordKind<HttpStage>("v2-stage");

/** Key: account, region, API id, deployment id. */
export const httpDeployments = recordKind<HttpDeployment>("v2-deployment");

/** Key: account, region, API id, the snapshot's hash. */
export const httpSnapshots = recordKind<HttpApiSnapshot>("v2-snapshot");

/** Key: account, region, VPC link id. */
export const httpVpcLinks = recordKind<HttpVpcLink>("v2-vpc-link");

/** The stage that is served without a path prefix. */
export const DEFAULT_STAGE = "$default";

const TARGET = /^integrations\/([A-Za-z0-9]+)$/;

/** The id of the integration that a route's target names; undefined for any other text. */
export const targetIntegration = (target: string | undefined): string | undefined => (target === undefined ? undefined : TARGET.exec(target)?.[1]);

/** `https://{api id}.execute-api.{region}.amazonaws.com` */
export function apiEndpoint({ apiId, region }: Pick<HttpApi, "apiId" | "region">): string {
  return `https://${apiId}.execute-api.${region}.${partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"}`;
}

/** The key of what belongs to an API. */
export const httpApiKey = ({ account, region }: Pick<HttpApi, "account" | "region">, apiId: string): Key => [account, region, apiId];
