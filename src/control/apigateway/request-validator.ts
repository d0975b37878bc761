// RequestValidator: whether the parameters and the body of a method's requests are validated.
import type { Call } from "../../domain/call.ts";
import { conflict, limitExceeded, notFound, type ServiceError } from "../../domain/errors.ts";
import { scoped } from "../../domain/record.ts";
import { type RequestValidator, requestValidators } from "../../domain/request-validator.ts";
import { byId, resourcePath } from "../../domain/resource-path.ts";
import type { RestApi } from "../../domain/rest-api.ts";
import { methods, resources, restApis } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { put, remove, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, type ApiInput, findApi } from "./context.ts";

interface Found {
  readonly api: Stored<RestApi>;
  readonly validator: Stored<RequestValidator>;
}

export function requestValidatorOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = async (input: ApiInput & { readonly requestValidatorId: string }, call: Call): Promise<Found> => {
    const api = await findApi(context, input, call);
    const validator = await store.get(requestValidators, [...api.key, input.requestValidatorId]);
    if (validator === undefined) throw notFound("Invalid Request Validator identifier specified");
    return { api, validator };
  };
  return {
    create: verbs.writing(store, (input: Model.CreateRequestValidatorRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, ({ validator }): Model.RequestValidator => validator.value),
    list: async (input: Model.GetRequestValidatorsRequest, call: Call): Promise<Model.RequestValidators> => {
      const api = await findApi(context, input, call);
      const page = await verbs.page(store, requestValidators, api.key, input);
      return { ...page, items: page.items.map(({ value }) => value) };
    },
    patch: verbs.patching(store, {
      find: (input: Model.UpdateRequestValidatorRequest, call) => find(input, call),
      of: ({ validator }) => validator.value,
      rules,
      keep: async ({ api, validator }, next): Promise<verbs.Decision<Model.RequestValidator>> => {
        if (next.name !== validator.value.name) await assertNameFree(context, api, next);
        return { changes: [put(requestValidators, validator.key, next, validator.version)], answer: next };
      },
    }),
    remove: verbs.removing(store, find, async ({ api, validator }) => {
      await assertUnused(context, api, validator.value);
      return { changes: [remove(requestValidators, validator.key, validator.version)] };
    }),
  };
}

/** Writes the API's record as it is, so that validators are made one after the other and their quota is kept. */
async function creation(
  context: ApiGatewayContext,
  input: Model.CreateRequestValidatorRequest,
  call: Call,
): Promise<verbs.Decision<Model.RequestValidator>> {
  const { store, ids, limits } = context;
  const api = await findApi(context, input, call);
  const { name, validateRequestBody = false, validateRequestParameters = false } = input;
  const validator: RequestValidator = { id: ids.alphanumeric(6), ...(name ? { name } : {}), validateRequestBody, validateRequestParameters };
  await assertNameFree(context, api, validator);
  if ((await store.count(requestValidators, { prefix: api.key })) >= limits.requestValidatorsPerApi) throw tooManyRequestValidators();
  const changes = [
    put(restApis, api.key, api.value, api.version),
    put(requestValidators, [...api.key, validator.id], validator, "absent"),
  ];
  return { changes, answer: validator };
}

export const tooManyRequestValidators = (): ServiceError =>
  limitExceeded("Maximum number of Request Validators for this API has been reached.  Please contact AWS if you need additional Request Validators.");

/** The words are the title of github.com/serverless/serverless/issues/10099. @throws {ServiceError} ConflictException */
async function assertNameFree({ store }: ApiGatewayContext, api: Stored<RestApi>, { name }: RequestValidator): Promise<void> {
  if (name === undefined) return;
  const taken = await store.count(requestValidators, { index: { name: "name", value: scoped(api.value.id, name) } });
  if (taken > 0) throw conflict("Request Validator name must be unique");
}

/**
 * In the words of the refusal to delete an authorizer, as quoted in github.com/hashicorp/terraform/issues/25980.
 * @throws {ServiceError} ConflictException while a method uses the validator
 */
async function assertUnused({ store }: ApiGatewayContext, api: Stored<RestApi>, { id, name = id }: RequestValidator): Promise<void> {
  const { items } = await store.list(methods, { prefix: api.key });
  const user = items.find(({ value }) => value.requestValidatorId === id)?.value;
  if (user === undefined) return;
  const all = await store.list(resources, { prefix: api.key });
  const path = resourcePath(byId(all.items.map(({ value }) => value)), user.resourceId);
  throw conflict(`Cannot delete Request Validator '${name}', is referenced in method: ${user.httpMethod}/${path}`);
}

const rules: verbs.PatchRules<RequestValidator> = {
  "/name": { replace: verbs.set("name", verbs.optionalText) },
  "/validateRequestBody": { replace: verbs.set("validateRequestBody", verbs.boolean) },
  "/validateRequestParameters": { replace: verbs.set("validateRequestParameters", verbs.boolean) },
};
