// All that the developers of an API have defined, as it stood at one moment: what a deployment freezes, a clone copies,
// an export tells and an import makes.
import type { Authorizer } from "./authorizer.ts";
import type { DataModel } from "./data-model.ts";
import type { GatewayResponse } from "./gateway-response.ts";
import type { RequestValidator } from "./request-validator.ts";
import type { Method, Resource, RestApi } from "./rest-api.ts";

/** Its parts refer to each other by id (resources, validators, authorizers) or by name (models). */
export interface Definition {
  readonly api: RestApi;
  readonly resources: readonly Resource[];
  readonly methods: readonly Method[];
  readonly models: readonly DataModel[];
  readonly requestValidators: readonly RequestValidator[];
  readonly gatewayResponses: readonly GatewayResponse[];
  readonly authorizers: readonly Authorizer[];
}
