// CreateRestApi's cloneFrom: what another API's developers have defined, under new identifiers. Deployments and stages stay behind.
import { authorizers } from "../../domain/authorizer.ts";
import { type DataModel, modelUrl, models, parseModelUrl } from "../../domain/data-model.ts";
import { gatewayResponses } from "../../domain/gateway-response.ts";
import type { Key } from "../../domain/record.ts";
import { requestValidators } from "../../domain/request-validator.ts";
import type { Integration, Method, RestApi } from "../../domain/rest-api.ts";
import { methods, resources, resourceTrees } from "../../domain/rest-api.ts";
import type { Ids } from "../../ports/ids.ts";
import { type Change, put } from "../../ports/store.ts";
import { unchanged } from "./context.ts";
import type { FoundDefinition } from "./definition.ts";
import { mapReferences, parseSchema, referencedModels } from "./model-schema.ts";

/** The settings that belong to an API's definition: a clone has those that its request does not choose. */
export function settingsOf({ binaryMediaTypes, minimumCompressionSize, apiKeySource, policy }: RestApi) {
  return {
    binaryMediaTypes,
    ...(minimumCompressionSize === undefined ? {} : { minimumCompressionSize }),
    apiKeySource,
    ...(policy === undefined ? {} : { policy }),
  };
}

/** Changes that give a new API all that another has, as long as that one is as it was found. */
export function copyDefinition(ids: Ids, source: FoundDefinition, api: RestApi, key: Key): readonly Change[] {
  const { definition } = source;
  const oldRoot = definition.api.rootResourceId;
  const resourceIds = new Map(definition.resources.map(({ id }) => [id, id === oldRoot ? api.rootResourceId : ids.alphanumeric(6)]));
  const validatorIds = new Map(definition.requestValidators.map(({ id }) => [id, ids.alphanumeric(6)]));
  const authorizerIds = new Map(definition.authorizers.map(({ id }) => [id, ids.alphanumeric(6)]));
  const resourceOf = (id: string) => resourceIds.get(id) as string;
  return [
    unchanged(source.api),
    ...source.unchanged,
    put(resourceTrees, key, { size: definition.resources.length }, "absent"),
    ...definition.resources.map(({ id, parentId, ...resource }) => {
      const copy = { ...resource, id: resourceOf(id), ...(parentId === undefined ? {} : { parentId: resourceOf(parentId) }) };
      return put(resources, [...key, copy.id], copy, "absent");
    }),
    ...definition.methods.map((method) => {
      const copy = copyMethod(method, resourceOf(method.resourceId), validatorIds, authorizerIds);
      return put(methods, [...key, copy.resourceId, copy.httpMethod], copy, "absent");
    }),
    ...definition.models.map((model) => put(models, [...key, model.name], copyModel(model, ids, definition.api.id, api.id), "absent")),
    ...definition.requestValidators.map((validator) => {
      const id = validatorIds.get(validator.id) as string;
      return put(requestValidators, [...key, id], { ...validator, id }, "absent");
    }),
    ...definition.authorizers.map((authorizer) => {
      const id = authorizerIds.get(authorizer.id) as string;
      return put(authorizers, [...key, id], { ...authorizer, id }, "absent");
    }),
    ...definition.gatewayResponses.map((response) => put(gatewayResponses, [...key, response.responseType], response, "absent")),
  ];
}

function copyMethod(
  method: Method,
  resourceId: string,
  validatorIds: ReadonlyMap<string, string>,
  authorizerIds: ReadonlyMap<string, string>,
): Method {
  const { authorizerId, requestValidatorId, methodIntegration: integration } = method;
  const validator = requestValidatorId === undefined ? undefined : validatorIds.get(requestValidatorId);
  const authorizer = authorizerId === undefined ? undefined : authorizerIds.get(authorizerId);
  return {
    ...method,
    resourceId,
    ...(authorizer === undefined ? {} : { authorizerId: authorizer }),
    ...(validator === undefined ? {} : { requestValidatorId: validator }),
    ...(integration === undefined ? {} : { methodIntegration: copyIntegration(integration, method.resourceId, resourceId) }),
  };
}

/** Where nothing else was chosen, the namespace of a method's cached answers is its resource's id. */
const copyIntegration = (integration: Integration, from: string, to: string): Integration =>
  integration.cacheNamespace === from ? { ...integration, cacheNamespace: to } : integration;

/** The model with references to models of the new API. Its schema keeps its layout unless it has some. */
function copyModel(model: DataModel, ids: Ids, from: string, to: string): DataModel {
  const copy = { ...model, id: ids.alphanumeric(6) };
  const schema = parseSchema(model);
  if (schema === undefined || referencedModels(schema, from).length === 0) return copy;
  const renamed = (url: string): string => {
    const name = parseModelUrl(url)?.name;
    return name === undefined ? url : modelUrl(to, name);
  };
  return { ...copy, schema: JSON.stringify(mapReferences(schema, renamed)) };
}
