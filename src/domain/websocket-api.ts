// A WebSocket API as its developers define it. The members are those of the V2 API's shapes of the same names
// (https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/api-reference.html); times are milliseconds since the epoch.
// What it shares with HTTP APIs is in http-api.ts.
import type { DataModel } from "./data-model.ts";
import type { HttpApi, HttpDeployment, HttpStage, RouteSettings } from "./http-api.ts";
import { type Key, recordKind, scoped } from "./record.ts";
import type { ContentHandling, IntegrationType, PassthroughBehavior, StringMap } from "./rest-api.ts";

export interface WebSocketApi extends Omit<HttpApi, "protocolType" | "corsConfiguration" | "importInfo" | "warnings"> {
  readonly protocolType: "WEBSOCKET";
  /** Evaluated over each message to the key of the route that takes it: `$request.body.action`. */
  readonly routeSelectionExpression: string;
  /** Where a client's API key is looked for. */
  readonly apiKeySelectionExpression: ApiKeySelectionExpression;
  /** Takes and deploys models without a look at them. */
  readonly disableSchemaValidation: boolean;
  /** A model has been put so: deployments look at all of them, once schema validation is enabled. */
  readonly hasUncheckedModels?: true;
}

/** Guide: apigateway-websocket-api-selection-expressions, API key selection expressions. */
export const API_KEY_SELECTION_EXPRESSIONS = ["$request.header.x-api-key", "$context.authorizer.usageIdentifierKey"] as const;
export type ApiKeySelectionExpression = (typeof API_KEY_SELECTION_EXPRESSIONS)[number];

/** A route with all that hangs on it, stored as one record. */
export interface WebSocketRoute {
  readonly routeId: string;
  /** One of {@link PREDEFINED_ROUTES}, or what the API's route selection expression comes to. */
  readonly routeKey: string;
  /** Checked when a client connects, and so of `$connect` alone; likewise the authorization type and the request parameters. */
  readonly apiKeyRequired: boolean;
  readonly authorizationType: "NONE" | "AWS_IAM" | "CUSTOM";
  readonly authorizerId?: string;
  /** Evaluated to the key of the model that a message is validated by; no validation where there is none. */
  readonly modelSelectionExpression?: string;
  /** Names of models, by what the model selection expression comes to; `$default` takes the rest. */
  readonly requestModels?: StringMap;
  /** `route.request.{header|querystring}.{name}` to whether it is required. */
  readonly requestParameters?: Readonly<Record<string, boolean>>;
  readonly operationName?: string;
  /** Makes the route a two-way one. */
  readonly routeResponseSelectionExpression?: "$default";
  /** `integrations/{integration id}` */
  readonly target?: string;
  readonly routeResponses: readonly RouteResponse[];
}

/** That clients are answered; AWS does not look at models and parameters here. */
export interface RouteResponse {
  readonly routeResponseId: string;
  readonly routeResponseKey: "$default";
  readonly modelSelectionExpression?: string;
  readonly responseModels?: StringMap;
  /** To whether it is required. */
  readonly responseParameters?: Readonly<Record<string, boolean>>;
}

/** An integration with its responses, stored as one record. */
export interface WebSocketIntegration {
  readonly integrationId: string;
  readonly integrationType: IntegrationType;
  /** Absent of `MOCK` alone. */
  readonly integrationUri?: string;
  /** The method used towards the backend. Absent of `MOCK` alone. */
  readonly integrationMethod?: string;
  readonly connectionType: "INTERNET" | "VPC_LINK";
  /** A VPC link of the V1 API, or a stage variable (`${stageVariables.name}`). */
  readonly connectionId?: string;
  readonly credentialsArn?: string;
  readonly description?: string;
  readonly passthroughBehavior: PassthroughBehavior;
  readonly contentHandlingStrategy?: ContentHandling;
  readonly payloadFormatVersion: "1.0";
  /** `integration.request.{header|querystring|path}.{name}` to a mapping expression: see the guide, websocket-api-data-mapping. */
  readonly requestParameters?: StringMap;
  /** Velocity templates, by what the template selection expression comes to; `$default` takes the rest. */
  readonly requestTemplates?: StringMap;
  readonly templateSelectionExpression?: string;
  readonly timeoutInMillis: number;
  readonly integrationResponses: readonly WebSocketIntegrationResponse[];
}

/** What becomes of a backend's answer; of integrations that are no proxies. */
export interface WebSocketIntegrationResponse {
  readonly integrationResponseId: string;
  /** `$default`, or a pattern between slashes that the {@link integrationResponseSelection} has to match: `/4\d\d/`. */
  readonly integrationResponseKey: string;
  readonly contentHandlingStrategy?: ContentHandling;
  readonly responseParameters?: StringMap;
  /** Velocity templates, by what the template selection expression comes to; `$default` takes the rest. */
  readonly responseTemplates?: StringMap;
  readonly templateSelectionExpression?: string;
}

/** A function that is asked about a client that connects. */
export interface WebSocketAuthorizer {
  readonly authorizerId: string;
  readonly name: string;
  readonly authorizerType: "REQUEST";
  /** `route.request.{header|querystring}.{name}`, `stageVariables.{name}` or `context.{name}`. */
  readonly identitySource: readonly string[];
  readonly authorizerUri: string;
  /** A role; absent where the function's policy lets API Gateway call it. */
  readonly authorizerCredentialsArn?: string;
}

export interface WebSocketStage extends Omit<HttpStage, "defaultRouteSettings" | "routeSettings" | "apiGatewayManaged"> {
  /** The certificate that backends know this stage by. */
  readonly clientCertificateId?: string;
  readonly defaultRouteSettings: WebSocketRouteSettings;
  /** By route key. Members that are absent are the stage's default ones. */
  readonly routeSettings: Readonly<Record<string, WebSocketRouteSettings>>;
}

export interface WebSocketRouteSettings extends RouteSettings {
  /** Whether execution logs tell payloads too. */
  readonly dataTraceEnabled?: boolean;
  /** Of execution logs. */
  readonly loggingLevel?: "OFF" | "ERROR" | "INFO";
}

/** All that the developers of a WebSocket API have defined, as it stood at one moment. */
export interface WebSocketApiDefinition {
  readonly api: WebSocketApi;
  readonly routes: readonly WebSocketRoute[];
  readonly integrations: readonly WebSocketIntegration[];
  readonly authorizers: readonly WebSocketAuthorizer[];
  readonly models: readonly DataModel[];
}

/** What a deployment froze. Content-addressed: equal definitions share one. Its parts are in the order of their ids. */
export interface WebSocketApiSnapshot extends Omit<WebSocketApiDefinition, "api"> {
  readonly apiId: string;
  readonly routeSelectionExpression: string;
  readonly apiKeySelectionExpression: ApiKeySelectionExpression;
  /** Takes effect with a deployment: developer guide, websocket-api-disable-default-endpoint. */
  readonly disableExecuteApiEndpoint: boolean;
}

/** Key: account, region, API id. Ids are unique in the whole installation, those of REST and HTTP APIs included. */
export const webSocketApis = recordKind<WebSocketApi>("websocket-api", {
  id: { unique: true, values: (api) => [api.apiId] },
});

/** Key: account, region, API id, route id. */
export const webSocketRoutes = recordKind<WebSocketRoute>("websocket-route", {
  routeKey: { unique: true, values: ({ routeKey }, key) => [scoped(key[2] as string, routeKey)] },
});

/** Key: account, region, API id, integration id. */
export const webSocketIntegrations = recordKind<WebSocketIntegration>("websocket-integration", {
  /** Of the V1 API. */
  vpcLink: { unique: false, values: (integration) => fixedVpcLinks([integration]) },
});

/** Key: account, region, API id, authorizer id. */
export const webSocketAuthorizers = recordKind<WebSocketAuthorizer>("websocket-authorizer", {
  name: { unique: true, values: ({ name }, key) => [scoped(key[2] as string, name)] },
});

/** Key: account, region, API id, model id. Schemas refer to each other as those of REST APIs do: see data-model.ts. */
export const webSocketModels = recordKind<DataModel>("websocket-model", {
  name: { unique: true, values: ({ name }, key) => [scoped(key[2] as string, name)] },
});

/** Key: account, region, API id, stage name. */
export const webSocketStages = recordKind<WebSocketStage>("websocket-stage", {
  clientCertificate: {
    unique: false,
    values: ({ clientCertificateId }, key) => (clientCertificateId === undefined ? [] : [scoped(key[0] as string, key[1] as string, clientCertificateId)]),
  },
});

/** Key: account, region, API id, deployment id. */
export const webSocketDeployments = recordKind<HttpDeployment>("websocket-deployment");

/** Key: account, region, API id, the snapshot's hash. */
export const webSocketSnapshots = recordKind<WebSocketApiSnapshot>("websocket-snapshot", {
  vpcLink: { unique: false, values: ({ integrations }) => fixedVpcLinks(integrations) },
});

/** The VPC links that integrations name by themselves, not through a stage variable. */
export const fixedVpcLinks = (integrations: readonly WebSocketIntegration[]): readonly string[] => [
  ...new Set(integrations.flatMap(({ connectionId }) => (connectionId === undefined || connectionId.includes("${") ? [] : [connectionId]))),
];

/** The routes that a connection's beginning and end go to, and the one that takes what no other takes. */
export const PREDEFINED_ROUTES: readonly string[] = ["$connect", "$disconnect", "$default"];

/** The key of route responses, integration responses, models and templates that stand for all the rest. */
export const DEFAULT_KEY = "$default";

/**
 * What the keys of an integration's responses are compared with; undefined for proxies, which have none
 * (guide: websocket-api-data-transformations, integration response selection expressions).
 */
export function integrationResponseSelection({ integrationType }: Pick<WebSocketIntegration, "integrationType">): string | undefined {
  if (integrationType === "AWS") return "${integration.response.body.errorMessage}";
  return integrationType === "HTTP" || integrationType === "MOCK" ? "${integration.response.statuscode}" : undefined;
}

const PATTERN_KEY = /^\/(.*)\/$/s;

/** The pattern of an integration response's key; undefined of `$default` and of any other text. */
export const responsePattern = (integrationResponseKey: string): string | undefined => PATTERN_KEY.exec(integrationResponseKey)?.[1];

/** The key of what belongs to an API. */
export const webSocketApiKey = ({ account, region }: Pick<WebSocketApi, "account" | "region">, apiId: string): Key => [account, region, apiId];
