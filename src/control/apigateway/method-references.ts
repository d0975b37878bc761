// What methods refer to by name: models, request validators and authorizers. None of it can be deleted while a method refers to it.
import { authorizationTypeOf, authorizers } from "../../domain/authorizer.ts";
import { models } from "../../domain/data-model.ts";
import { badRequest, type ServiceError } from "../../domain/errors.ts";
import { requestValidators } from "../../domain/request-validator.ts";
import type { Method, RestApi } from "../../domain/rest-api.ts";
import { type Change, put, type Stored } from "../../ports/store.ts";
import type { ApiGatewayContext } from "./context.ts";

/**
 * Changes that keep what a method newly refers to from being deleted meanwhile: each is written as it is, and whoever was
 * about to delete it looks again.
 * @throws {ServiceError} BadRequestException when it does not exist
 */
export async function holdReferences(context: ApiGatewayContext, api: Stored<RestApi>, next: Method, before?: Method): Promise<readonly Change[]> {
  const known = new Set(before && modelsOf(before));
  const names = [...new Set(modelsOf(next))].filter((name) => !known.has(name));
  const validator = next.requestValidatorId === before?.requestValidatorId ? undefined : next.requestValidatorId;
  const changes = await Promise.all([
    ...names.map((name) => holdModel(context, api, name)),
    ...(validator === undefined ? [] : [holdValidator(context, api, validator)]),
    ...(next.authorizerId === undefined || authorizesAlike(next, before) ? [] : [holdAuthorizer(context, api, next)]),
  ]);
  const unknown = names.find((_name, i) => changes[i] === undefined);
  if (unknown !== undefined) throw badRequest(`Invalid model identifier specified: ${unknown}`);
  return changes.filter((change) => change !== undefined);
}

/** The models of a method's requests and responses. */
const modelsOf = ({ requestModels, methodResponses }: Method): readonly string[] =>
  [requestModels, ...Object.values(methodResponses).map(({ responseModels }) => responseModels)].flatMap((map) => Object.values(map ?? {}));

/** Writes a model as it is; undefined when there is none of that name. */
export async function holdModel({ store }: ApiGatewayContext, api: Stored<RestApi>, name: string): Promise<Change | undefined> {
  const model = await store.get(models, [...api.key, name]);
  return model && put(models, model.key, model.value, model.version);
}

async function holdValidator({ store }: ApiGatewayContext, api: Stored<RestApi>, id: string): Promise<Change> {
  const validator = await store.get(requestValidators, [...api.key, id]);
  // Quoted in github.com/RafPe/serverless-reqvalidator-plugin/issues/13.
  if (validator === undefined) throw badRequest("Invalid Request Validator identifier specified");
  return put(requestValidators, validator.key, validator.value, validator.version);
}

const authorizesAlike = (next: Method, before?: Method): boolean =>
  next.authorizerId === before?.authorizerId && next.authorizationType === before?.authorizationType;

/** The words are quoted in github.com/hashicorp/terraform-provider-aws/issues/17497. */
export const noAuthorizer = (): ServiceError =>
  badRequest("Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.");

/** Methods are authorized by functions, user pools or tokens, as their authorization type says. */
async function holdAuthorizer({ store }: ApiGatewayContext, api: Stored<RestApi>, { authorizationType, authorizerId = "" }: Method): Promise<Change> {
  const authorizer = await store.get(authorizers, [...api.key, authorizerId]);
  if (authorizer === undefined) throw noAuthorizer();
  if (authorizationType !== "NONE" && authorizationType !== "AWS_IAM" && authorizationType !== authorizationTypeOf(authorizer.value)) throw noAuthorizer();
  return put(authorizers, authorizer.key, authorizer.value, authorizer.version);
}
