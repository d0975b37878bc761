// Reads an API's definition from the store, with what makes sure that it is still so when something is made of it.
import type { Call } from "../../domain/call.ts";
import { authorizers } from "../../domain/authorizer.ts";
import { models } from "../../domain/data-model.ts";
import type { Definition } from "../../domain/definition.ts";
import { gatewayResponses } from "../../domain/gateway-response.ts";
import { requestValidators } from "../../domain/request-validator.ts";
import { methods, type RestApi, resourceTrees } from "../../domain/rest-api.ts";
import { check, type Change, type Stored } from "../../ports/store.ts";
import { type ApiGatewayContext, type ApiInput, findTree } from "./context.ts";

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
