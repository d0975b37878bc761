// All that the developers of an API have defined, as it stood at one moment: what a deployment freezes and a clone copies.
import type { Call } from "../../domain/call.ts";
import { type Authorizer, authorizers } from "../../domain/authorizer.ts";
import { type DataModel, models } from "../../domain/data-model.ts";
import { type GatewayResponse, gatewayResponses } from "../../domain/gateway-response.ts";
import { type RequestValidator, requestValidators } from "../../domain/request-validator.ts";
import type { Method, Resource, RestApi } from "../../domain/rest-api.ts";
import { methods, resourceTrees } from "../../domain/rest-api.ts";
import { check, type Change, type Stored } from "../../ports/store.ts";
import { type ApiGatewayContext, type ApiInput, findTree } from "./context.ts";

export interface Definition {
  readonly api: RestApi;
  readonly resources: readonly Resource[];
  readonly methods: readonly Method[];
  readonly models: readonly DataModel[];
  readonly requestValidators: readonly RequestValidator[];
  readonly gatewayResponses: readonly GatewayResponse[];
  readonly authorizers: readonly Authorizer[];
}

export interface FoundDefinition {
  readonly api: Stored<RestApi>;
  readonly definition: Definition;
  /** Fail the commit when the resources or methods are no longer as they were found. */
  readonly unchanged: readonly Change[];
}

/**
 * Whoever also checks `unchanged` and the API's record in the commit has everything that the methods refer to: they are
 * read first, and what a method refers to is only deleted after the method has changed.
 * @throws {ServiceError} NotFoundException
 */
export async function findDefinition(context: ApiGatewayContext, input: ApiInput, call: Call): Promise<FoundDefinition> {
  const { store } = context;
  const { api, tree, all } = await findTree(context, input, call);
  const { items: found } = await store.list(methods, { prefix: api.key });
  const [allModels, validators, responses, allAuthorizers] = await Promise.all([
    store.list(models, { prefix: api.key }),
    store.list(requestValidators, { prefix: api.key }),
    store.list(gatewayResponses, { prefix: api.key }),
    store.list(authorizers, { prefix: api.key }),
  ]);
  return {
    api,
    definition: {
      api: api.value,
      resources: all,
      methods: values(found),
      models: values(allModels.items),
      requestValidators: values(validators.items),
      gatewayResponses: values(responses.items),
      authorizers: values(allAuthorizers.items),
    },
    unchanged: [check(resourceTrees, tree.key, tree.version), ...found.map(({ key, version }) => check(methods, key, version))],
  };
}

const values = <T>(stored: readonly Stored<T>[]): readonly T[] => stored.map(({ value }) => value);
