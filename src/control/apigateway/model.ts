// Model: the shape of payloads, by a JSON schema.
import type { Call } from "../../domain/call.ts";
import { type DataModel, models } from "../../domain/data-model.ts";
import { badRequest, conflict, notFound } from "../../domain/errors.ts";
import { byId, resourcePath } from "../../domain/resource-path.ts";
import type { RestApi } from "../../domain/rest-api.ts";
import { methods, resources } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import type { Ids } from "../../ports/ids.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, type ApiInput, findApi, unchanged } from "./context.ts";
import { holdModel } from "./method-references.ts";
import { checkSchema, flatten, type JsonSchema, parseSchema, referencedModels, unknownModels } from "./model-schema.ts";
import { sampleTemplate } from "./model-template.ts";

interface ModelInput extends ApiInput {
  readonly modelName: string;
}

interface Found {
  readonly api: Stored<RestApi>;
  readonly model: Stored<DataModel>;
}

export function modelOperations(context: ApiGatewayContext) {
  const { store, ids } = context;
  const find = async (input: ModelInput, call: Call): Promise<Found> => {
    const api = await findApi(context, input, call);
    const model = await store.get(models, [...api.key, input.modelName]);
    // Quoted in github.com/cloudquery/cq-provider-aws/issues/874.
    if (model === undefined) throw notFound(`Invalid model name specified: ${input.modelName}`);
    return { api, model };
  };
  return {
    create: verbs.writing(store, async (input: Model.CreateModelRequest, call): Promise<verbs.Decision<Model.Model>> => {
      const api = await findApi(context, input, call);
      const model = newModel(ids, input);
      const held = await checkedReferences(context, api, model);
      const key = [...api.key, model.name];
      if ((await store.get(models, key)) !== undefined) throw conflict(`Another model of this API already has this name: ${model.name}`);
      return { changes: [unchanged(api), put(models, key, model, "absent"), ...held], answer: model };
    }),
    read: async (input: Model.GetModelRequest, call: Call): Promise<Model.Model> => {
      const { api, model } = await find(input, call);
      if (!input.flatten || parseSchema(model.value) === undefined) return model.value;
      return { ...model.value, schema: JSON.stringify(await flattened(context, api, model.value)) };
    },
    list: async (input: Model.GetModelsRequest, call: Call): Promise<Model.Models> => {
      const api = await findApi(context, input, call);
      const page = await verbs.page(store, models, api.key, input);
      return { ...page, items: page.items.map(({ value }) => value) };
    },
    patch: verbs.patching(store, {
      find: (input: Model.UpdateModelRequest, call) => find(input, call),
      of: ({ model }) => model.value,
      rules,
      keep: async ({ api, model }, next): Promise<verbs.Decision<Model.Model>> => {
        const held = next.schema === model.value.schema ? [] : await checkedReferences(context, api, next);
        return { changes: [put(models, model.key, next, model.version), ...held], answer: next };
      },
    }),
    remove: verbs.removing(store, find, async ({ api, model }) => {
      await assertUnused(context, api, model.value);
      return { changes: [remove(models, model.key, model.version)] };
    }),
    template: async (input: Model.GetModelTemplateRequest, call: Call): Promise<Model.Template> => {
      const { api, model } = await find(input, call);
      if (parseSchema(model.value) === undefined) throw badRequest(`Model ${model.value.name} has no JSON schema to make a template of`);
      return { value: sampleTemplate(await flattened(context, api, model.value)) };
    },
  };
}

export function newModel(ids: Ids, { name, contentType, description, schema }: Omit<Model.CreateModelRequest, "restApiId">): DataModel {
  // Quoted in github.com/edx/api-manager/pull/259.
  if (!/^[A-Za-z0-9]+$/.test(name)) throw badRequest(`Model name must be alphanumeric: ${name}`);
  const optional = { ...(description ? { description } : {}), ...(schema ? { schema } : {}) };
  return { id: ids.alphanumeric(6), name, contentType, ...optional };
}

/** The models that every API is born with (https://docs.aws.amazon.com/apigateway/latest/api/API_GetModels.html). */
export const bornWith = (ids: Ids): readonly DataModel[] => [
  {
    id: ids.alphanumeric(6),
    name: "Empty",
    description: "This is a default empty schema model",
    contentType: "application/json",
    schema: '{\n  "$schema": "http://json-schema.org/draft-04/schema#",\n  "title" : "Empty Schema",\n  "type" : "object"\n}',
  },
  {
    id: ids.alphanumeric(6),
    name: "Error",
    description: "This is a default error schema model",
    contentType: "application/json",
    schema:
      '{\n  "$schema" : "http://json-schema.org/draft-04/schema#",\n  "title" : "Error Schema",\n  "type" : "object",\n' +
      '  "properties" : {\n    "message" : { "type" : "string" }\n  }\n}',
  },
];

/**
 * Changes that keep the models that this one refers to from being deleted meanwhile. It may refer to itself.
 * @throws {ServiceError} BadRequestException when its schema is none, cannot be compiled, or refers to what does not exist
 */
async function checkedReferences(context: ApiGatewayContext, api: Stored<RestApi>, model: DataModel): Promise<readonly Change[]> {
  const schema = parseSchema(model);
  const others = schema === undefined ? [] : referencedModels(schema, api.value.id).filter((name) => name !== model.name);
  const held = await Promise.all(others.map((name) => holdModel(context, api, name)));
  const unknown = others.filter((_name, i) => held[i] === undefined);
  if (unknown.length > 0) throw unknownModels(unknown);
  if (schema !== undefined) {
    const { items } = await context.store.list(models, { prefix: api.key });
    checkSchema(model, items.map(({ value }) => value), api.value.id);
  }
  return held.filter((change) => change !== undefined);
}

async function flattened({ store }: ApiGatewayContext, api: Stored<RestApi>, { name }: DataModel): Promise<JsonSchema> {
  const { items } = await store.list(models, { prefix: api.key });
  return flatten(name, new Map(items.map(({ value }) => [value.name, parseSchema(value) ?? {}])));
}

/**
 * The words as quoted in github.com/amazon-archives/aws-apigateway-importer/issues/89 (request) and /issues/113 (response).
 * @throws {ServiceError} ConflictException while a method or another model refers to the model
 */
async function assertUnused({ store }: ApiGatewayContext, api: Stored<RestApi>, { name }: DataModel): Promise<void> {
  const refuse = (where: string) => conflict(`Cannot delete model '${name}', is referenced in ${where}`);
  const [all, found, others] = await Promise.all([
    store.list(resources, { prefix: api.key }),
    store.list(methods, { prefix: api.key }),
    store.list(models, { prefix: api.key }),
  ]);
  const tree = byId(all.items.map(({ value }) => value));
  const names = (map: Readonly<Record<string, string>> = {}) => Object.values(map).includes(name);
  for (const { value: method } of found.items) {
    const path = () => `${resourcePath(tree, method.resourceId)}/${method.httpMethod}`;
    if (names(method.requestModels)) throw refuse(`method request: ${path()}`);
    if (Object.values(method.methodResponses).some(({ responseModels }) => names(responseModels))) throw refuse(`method response: ${path()}`);
  }
  for (const { value: other } of others.items) {
    const schema = other.name === name ? undefined : parseSchema(other);
    if (schema && referencedModels(schema, api.value.id).includes(name)) throw refuse(`model: ${other.name}`);
  }
}

const rules: verbs.PatchRules<DataModel> = {
  "/description": { replace: verbs.set("description", verbs.optionalText) },
  "/schema": { replace: verbs.set("schema", verbs.optionalText) },
};
