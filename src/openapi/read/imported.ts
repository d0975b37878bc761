// What a document defines, by names: an API's definition before its parts have ids. Each part knows where it stands.
import type { Authorizer } from "../../domain/authorizer.ts";
import type { DataModel } from "../../domain/data-model.ts";
import type { GatewayResponse } from "../../domain/gateway-response.ts";
import type { RequestValidator } from "../../domain/request-validator.ts";
import type { ContentHandling, IntegrationResponse, Method, MethodResponse, RestApi, StringMap } from "../../domain/rest-api.ts";
import type { ReadDocumentationPart } from "../read-documentation.ts";

/** Where a part stands in the document. */
export interface Sourced {
  readonly pointer: string;
}

export interface ImportedApi {
  readonly settings: ImportedSettings & Sourced;
  readonly models: readonly (Omit<DataModel, "id"> & Sourced)[];
  readonly requestValidators: readonly (Omit<RequestValidator, "id"> & { readonly name: string } & Sourced)[];
  readonly authorizers: readonly ImportedAuthorizer[];
  readonly gatewayResponses: readonly ImportedGatewayResponse[];
  /** In the order of the document; what leads to a path is not among them. */
  readonly resources: readonly ({ readonly path: string } & Sourced)[];
  readonly methods: readonly ImportedMethod[];
  readonly documentation: readonly ReadDocumentationPart[];
}

/** What the document says of the API itself. */
export interface ImportedSettings {
  readonly name: string;
  readonly description?: string;
  readonly version?: string;
  readonly binaryMediaTypes?: readonly string[];
  readonly minimumCompressionSize?: number;
  readonly apiKeySource?: RestApi["apiKeySource"];
  /** A JSON text. */
  readonly policy?: string;
  readonly disableExecuteApiEndpoint?: boolean;
  readonly vpcEndpointIds?: readonly string[];
  readonly ipAddressType?: NonNullable<RestApi["endpointConfiguration"]["ipAddressType"]>;
  readonly securityPolicy?: string;
  readonly endpointAccessMode?: NonNullable<RestApi["endpointAccessMode"]>;
}

/** Its members are checked where all authorizers are. */
export interface ImportedAuthorizer extends Omit<Authorizer, "id" | "type" | "authType" | "jwtConfiguration">, Sourced {
  readonly type: string;
  /** As the document has it, whatever it is. */
  readonly jwtConfiguration?: unknown;
  readonly authType?: string;
}

export type ImportedGatewayResponse = Omit<GatewayResponse, "responseType"> & { readonly responseType: string } & Sourced;

export interface ImportedMethod
  extends Pick<Method, "httpMethod" | "authorizationType" | "apiKeyRequired" | "operationName" | "requestParameters" | "requestModels">,
    Sourced {
  readonly path: string;
  /** By name. */
  readonly authorizer?: string;
  readonly authorizationScopes?: readonly string[];
  /** By name. */
  readonly requestValidator?: string;
  readonly responses: readonly (MethodResponse & Sourced)[];
  readonly integration?: ImportedIntegration;
}

/** The members that a document gives; the rest is as where an integration is put. */
export interface ImportedIntegration extends Sourced {
  readonly type: string;
  readonly httpMethod?: string;
  readonly uri?: string;
  readonly connectionType?: string;
  readonly connectionId?: string;
  readonly integrationTarget?: string;
  readonly credentials?: string;
  readonly requestParameters?: StringMap;
  readonly requestTemplates?: StringMap;
  readonly passthroughBehavior?: string;
  readonly contentHandling?: ContentHandling;
  readonly timeoutInMillis?: number;
  readonly cacheNamespace?: string;
  readonly cacheKeyParameters?: readonly string[];
  readonly responseTransferMode?: string;
  readonly tlsConfig?: { readonly insecureSkipVerification: boolean };
  readonly responses: readonly (IntegrationResponse & Sourced)[];
}
