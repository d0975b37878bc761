// What a document defines of an HTTP API, by names: its definition before its parts have ids. Each part knows where it stands.
import type { Cors, HttpAuthorizer, HttpIntegration, HttpRoute } from "../../domain/http-api.ts";
import type { Sourced } from "../read/imported.ts";

export interface ImportedHttpApi {
  readonly settings: ImportedHttpSettings & Sourced;
  readonly authorizers: readonly ImportedHttpAuthorizer[];
  readonly integrations: readonly ImportedHttpIntegration[];
  readonly routes: readonly ImportedRoute[];
}

export interface ImportedHttpSettings {
  readonly name: string;
  readonly description?: string;
  readonly version?: string;
  readonly corsConfiguration?: Cors;
  readonly disableExecuteApiEndpoint?: boolean;
  readonly ipAddressType?: "ipv4" | "dualstack";
  readonly tags?: Readonly<Record<string, string>>;
}

/** Its members are checked where all authorizers are. */
export type ImportedHttpAuthorizer = Omit<HttpAuthorizer, "authorizerId" | "authorizerType"> & { readonly authorizerType: string } & Sourced;

/** The members that a document gives; the rest is as where an integration is made. Its pointer is its name. */
export type ImportedHttpIntegration = Partial<Omit<HttpIntegration, "integrationId" | "payloadFormatVersion">> & { readonly payloadFormatVersion?: string } & Sourced;

export interface ImportedRoute extends Pick<HttpRoute, "routeKey" | "authorizationType" | "authorizationScopes" | "operationName">, Sourced {
  /** By name. */
  readonly authorizer?: string;
  /** By its pointer. */
  readonly integration?: string;
}
