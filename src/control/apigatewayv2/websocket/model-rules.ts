// What a model of a WebSocket API may be, and what refers to it
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-request-validation.html).
import { setImmediate } from "node:timers/promises";
import type { DataModel } from "../../../domain/data-model.ts";
import { badRequest, conflict, ServiceError } from "../../../domain/errors.ts";
import type { WebSocketApiDefinition, WebSocketRoute } from "../../../domain/websocket-api.ts";
import { parseSchema, referencedModels, schemaChecker, unknownModels } from "../../apigateway/index.ts";
import { checkLength } from "../context.ts";

/** The words of the first two: github.com/edx/api-manager/pull/259, and the V1 API's. @throws {ServiceError} BadRequestException, ConflictException */
export function checkModel(model: DataModel, definition: WebSocketApiDefinition): void {
  const { contentType, description = "", id, name, schema = "" } = model;
  if (!/^[A-Za-z0-9]+$/.test(name)) throw badRequest(`Model name must be alphanumeric: ${name}`);
  const others = definition.models.filter((each) => each.id !== id);
  if (others.some((each) => each.name === name)) throw conflict(`Another model of this API already has this name: ${name}`);
  checkLength("Name", name, 128);
  checkLength("Description", description, 1024);
  checkLength("ContentType", contentType, 256);
  checkLength("Schema", schema, 32_768);
  if (!definition.api.disableSchemaValidation) checkerOf([...others, model], definition.api.apiId)(model);
  const before = definition.models.find((each) => each.id === id);
  if (before !== undefined && before.name !== name) checkModelUnused(before, definition);
}

/**
 * Why an API's models keep it from being deployed (model: CreateApiRequest.disableSchemaValidation); undefined when they do
 * not. Others get their turn between one model and the next.
 */
export async function modelFailure({ api, models }: WebSocketApiDefinition): Promise<string | undefined> {
  if (api.disableSchemaValidation || !api.hasUncheckedModels) return undefined;
  const check = checkerOf(models, api.apiId);
  try {
    for (const model of await referredFirst(models, api.apiId)) {
      check(model);
      await setImmediate();
    }
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) return error.message;
    throw error;
  }
}

/** Models before those that refer to them, so that a look at one is not a look at all that it leads to. */
async function referredFirst(models: readonly DataModel[], apiId: string): Promise<readonly DataModel[]> {
  const byName = new Map<string, readonly [DataModel, readonly string[]]>();
  for (const model of models) {
    byName.set(model.name, [model, referencesOf(model, apiId)]);
    await setImmediate();
  }
  const ordered = new Set<DataModel>();
  const met = new Set<string>();
  const visit = (name: string): void => {
    const [model, references] = byName.get(name) ?? [];
    if (model === undefined || met.has(name)) return;
    met.add(name);
    references?.forEach(visit);
    ordered.add(model);
  };
  for (const { name } of models) visit(name);
  return [...ordered];
}

/** Throws BadRequestException when a schema cannot be compiled, or refers to a model that there is not. */
function checkerOf(models: readonly DataModel[], apiId: string): (model: DataModel) => void {
  const byName = new Map(models.map((each) => [each.name, each]));
  const check = schemaChecker(byName, apiId);
  return (model) => {
    const schema = parseSchema(model);
    if (schema === undefined) return;
    const unknown = referencedModels(schema, apiId).filter((name) => !byName.has(name));
    if (unknown.length > 0) throw unknownModels(unknown);
    check(model);
  };
}

/** In the words of the V1 API's refusals. @throws {ServiceError} ConflictException while a route or another model refers to the model */
export function checkModelUnused({ id, name }: DataModel, { api, models, routes }: WebSocketApiDefinition): void {
  const route = routes.find((each) => modelsOf(each).includes(name));
  if (route !== undefined) throw conflict(`Cannot delete model '${name}', is referenced in route: ${route.routeKey}`);
  const other = models.find((each) => each.id !== id && referencesOf(each, api.apiId).includes(name));
  if (other !== undefined) throw conflict(`Cannot delete model '${name}', is referenced in model: ${other.name}`);
}

/** The models of a route's requests and responses. */
const modelsOf = ({ requestModels, routeResponses }: WebSocketRoute): readonly string[] =>
  [requestModels, ...routeResponses.map(({ responseModels }) => responseModels)].flatMap((map) => Object.values(map ?? {}));

/** The names of models in a model's schema. One that is none, which only APIs without schema validation have, refers to nothing. */
function referencesOf(model: DataModel, apiId: string): readonly string[] {
  try {
    const schema = parseSchema(model);
    return schema === undefined ? [] : referencedModels(schema, apiId);
  } catch (error) {
    if (error instanceof ServiceError) return [];
    throw error;
  }
}

/** In the words of the V1 API. @throws {ServiceError} BadRequestException when there is no model of a name */
export function checkModelNames(names: Readonly<Record<string, string>> | undefined, { models }: WebSocketApiDefinition): void {
  const unknown = Object.values(names ?? {}).find((name) => !models.some((each) => each.name === name));
  if (unknown !== undefined) throw badRequest(`Invalid model identifier specified: ${unknown}`);
}
