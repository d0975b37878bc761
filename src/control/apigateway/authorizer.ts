// Authorizer: who decides whether a caller may call a method, a function or user pools.
import { authorizationTypeOf, type Authorizer, authorizers, identitySources } from "../../domain/authorizer.ts";
import type { Call } from "../../domain/call.ts";
import { badRequest, conflict, limitExceeded, notFound, type ServiceError } from "../../domain/errors.ts";
import { MAX_AUTHORIZER_TTL_SECONDS } from "../../domain/limits.ts";
import { scoped } from "../../domain/record.ts";
import { byId, resourcePath } from "../../domain/resource-path.ts";
import type { RestApi } from "../../domain/rest-api.ts";
import { methods, resources, restApis } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import type { Ids } from "../../ports/ids.ts";
import { put, remove, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { checkedAuthorizer } from "./authorizer-rules.ts";
import { type ApiGatewayContext, type ApiInput, findApi } from "./context.ts";
import { assertUndiscovered, parseJwtConfiguration } from "./jwt-configuration.ts";
import { withKeySets } from "./jwt-issuers.ts";

export interface AuthorizerInput extends ApiInput {
  readonly authorizerId: string;
}

interface NewAuthorizer extends ApiInput {
  readonly authorizer: Authorizer;
}

export interface FoundAuthorizer {
  readonly api: Stored<RestApi>;
  readonly authorizer: Stored<Authorizer>;
}

/** @throws {ServiceError} NotFoundException, in the words quoted in github.com/aws/chalice/issues/304. */
export async function findAuthorizer(context: ApiGatewayContext, input: AuthorizerInput, call: Call): Promise<FoundAuthorizer> {
  const api = await findApi(context, input, call);
  const authorizer = await context.store.get(authorizers, [...api.key, input.authorizerId]);
  if (authorizer === undefined) throw notFound("Invalid Authorizer identifier specified");
  return { api, authorizer };
}

export function authorizerOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = (input: AuthorizerInput, call: Call) => findAuthorizer(context, input, call);
  const write = verbs.writing(store, (input: NewAuthorizer, call) => creation(context, input, call));
  return {
    create: async (input: Model.CreateAuthorizerRequest, call: Call): Promise<Model.Authorizer> => {
      await findApi(context, input, call);
      // Issuers are asked before and once: that takes a while, in which others make authorizers.
      const authorizer = await withKeySets(context, checkedAuthorizer(newAuthorizer(context.ids, input)));
      return write({ restApiId: input.restApiId, authorizer }, call);
    },
    read: verbs.reading(find, ({ authorizer }): Model.Authorizer => authorizer.value),
    list: async (input: Model.GetAuthorizersRequest, call: Call): Promise<Model.Authorizers> => {
      const api = await findApi(context, input, call);
      const page = await verbs.page(store, authorizers, api.key, input);
      return { ...page, items: page.items.map(({ value }) => value) };
    },
    patch: verbs.patching(store, {
      find: (input: Model.UpdateAuthorizerRequest, call) => find(input, call),
      of: ({ authorizer }) => authorizer.value,
      rules,
      keep: async ({ api, authorizer }, next): Promise<verbs.Decision<Model.Authorizer>> => {
        const before = authorizer.value;
        assertSameKind(before, next);
        if (next.name !== before.name) await assertNameFree(context, api, next);
        const checked = checkedAuthorizer(next);
        const kept = next.jwtConfiguration === before.jwtConfiguration ? checked : await withKeySets(context, checked);
        return { changes: [put(authorizers, authorizer.key, kept, authorizer.version)], answer: kept };
      },
    }),
    remove: verbs.removing(store, find, async ({ api, authorizer }) => {
      await assertUnused(context, api, authorizer.value);
      return { changes: [remove(authorizers, authorizer.key, authorizer.version)] };
    }),
  };
}

/** Writes the API's record as it is, so that authorizers are made one after the other and their quota is kept. */
async function creation(context: ApiGatewayContext, { restApiId, authorizer }: NewAuthorizer, call: Call): Promise<verbs.Decision<Model.Authorizer>> {
  const { store, limits } = context;
  const api = await findApi(context, { restApiId }, call);
  await assertNameFree(context, api, authorizer);
  if ((await store.count(authorizers, { prefix: api.key })) >= limits.authorizersPerApi) throw tooManyAuthorizers();
  const changes = [
    put(restApis, api.key, api.value, api.version),
    put(authorizers, [...api.key, authorizer.id], authorizer, "absent"),
  ];
  return { changes, answer: authorizer };
}

/** Quoted in github.com/anomalyco/sst/issues/4522, from the V2 API. */
export const tooManyAuthorizers = (): ServiceError =>
  limitExceeded("Maximum number of Authorizers for this API has been reached. Please contact AWS if you need additional Authorizers.");

/** With the defaults that the examples of `aws apigateway create-authorizer` show. */
export function newAuthorizer(ids: Ids, input: Omit<Model.CreateAuthorizerRequest, "restApiId">): Authorizer {
  const { name, type, providerARNs, authorizerUri, authorizerCredentials, identitySource, identityValidationExpression } = input;
  if (name === "") throw badRequest("Authorizer name must not be empty");
  if (input.jwtConfiguration !== undefined) assertUndiscovered(input.jwtConfiguration);
  const byUserPools = type === "COGNITO_USER_POOLS";
  const byFunction = type === "TOKEN" || type === "REQUEST";
  const ttl = input.authorizerResultTtlInSeconds ?? (byFunction ? 300 : undefined);
  return {
    id: ids.alphanumeric(6),
    name,
    type,
    ...(providerARNs?.length ? { providerARNs: [...new Set(providerARNs)] } : {}),
    authType: input.authType || (byFunction ? "custom" : type.toLowerCase()),
    ...(authorizerUri ? { authorizerUri } : {}),
    // AWS only takes them from updates then (github.com/hashicorp/terraform-provider-aws/issues/16613).
    ...(authorizerCredentials && !byUserPools ? { authorizerCredentials } : {}),
    ...(identitySource ? { identitySource } : {}),
    ...(identityValidationExpression ? { identityValidationExpression } : {}),
    ...(ttl === undefined ? {} : { authorizerResultTtlInSeconds: ttl }),
    ...(input.jwtConfiguration ? { jwtConfiguration: input.jwtConfiguration } : {}),
  };
}

/** The words are quoted in github.com/aws/aws-cdk/issues/13711. @throws {ServiceError} BadRequestException */
async function assertNameFree({ store }: ApiGatewayContext, api: Stored<RestApi>, { name }: Authorizer): Promise<void> {
  const taken = await store.count(authorizers, { index: { name: "name", value: scoped(api.value.id, name) } });
  if (taken > 0) throw badRequest(`Authorizer name must be unique. Authorizer ${name} already exists in this RestApi.`);
}

/** The authorization types of the methods that use an authorizer say which kind it is. @throws {ServiceError} BadRequestException */
function assertSameKind(before: Authorizer, next: Authorizer): void {
  const kept = authorizationTypeOf(before) === authorizationTypeOf(next);
  if (!kept) throw badRequest(`An authorizer of type ${before.type} cannot become one of type ${next.type}`);
}

/**
 * The words are quoted in github.com/hashicorp/terraform/issues/25980.
 * @throws {ServiceError} ConflictException while a method uses the authorizer
 */
async function assertUnused({ store }: ApiGatewayContext, api: Stored<RestApi>, { id, name }: Authorizer): Promise<void> {
  const { items } = await store.list(methods, { prefix: api.key });
  const user = items.find(({ value }) => value.authorizerId === id)?.value;
  if (user === undefined) return;
  const all = await store.list(resources, { prefix: api.key });
  const path = resourcePath(byId(all.items.map(({ value }) => value)), user.resourceId);
  throw conflict(`Cannot delete authorizer '${name}', is referenced in method: ${user.httpMethod}/${path}`);
}

/** Changes the expressions that the identity source is made of; none are left as no identity source. */
function sources(change: (all: readonly string[], named: readonly string[]) => readonly string[]): verbs.Step<Authorizer> {
  return ({ identitySource, ...authorizer }, { value }) => {
    const changed = [...new Set(change(identitySources(identitySource), identitySources(value)))];
    return changed.length === 0 ? authorizer : { ...authorizer, identitySource: changed.join(",") };
  };
}

/** All of them go when none is named. */
function without(all: readonly string[], named: readonly string[]): readonly string[] {
  return named.length === 0 ? [] : all.filter((each) => !named.includes(each));
}

/** As the page has them (patch-operations, UpdateAuthorizer). */
const rules: verbs.PatchRules<Authorizer> = {
  "/authType": { replace: verbs.set("authType", verbs.someText) },
  "/authorizerCredentials": { replace: verbs.set("authorizerCredentials", verbs.optionalText) },
  "/authorizerResultTtlInSeconds": { replace: verbs.set("authorizerResultTtlInSeconds", verbs.integer(0, MAX_AUTHORIZER_TTL_SECONDS)) },
  "/authorizerUri": { replace: verbs.set("authorizerUri", verbs.optionalText) },
  "/identitySource": { add: sources((all, named) => [...all, ...named]), replace: verbs.set("identitySource", verbs.optionalText), remove: sources(without) },
  "/identityValidationExpression": { replace: verbs.set("identityValidationExpression", verbs.optionalText) },
  // The whole of it: "a single replace operation on the /jwtConfiguration path" (rest-api-jwt-authorizer-update).
  "/jwtConfiguration": { replace: verbs.set("jwtConfiguration", parseJwtConfiguration) },
  "/name": { replace: verbs.set("name", verbs.someText) },
  "/providerARNs": { add: verbs.items<Authorizer>("providerARNs").add, remove: verbs.items<Authorizer>("providerARNs").remove },
  "/type": { replace: verbs.set("type", verbs.oneOf("TOKEN", "REQUEST", "COGNITO_USER_POOLS", "JWT")) },
};
