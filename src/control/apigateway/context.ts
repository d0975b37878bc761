// What every resource of the service works with, and how each finds what its request names.
import { type ApiKey, apiKeys } from "../../domain/api-key.ts";
import type { Call } from "../../domain/call.ts";
import { notFound } from "../../domain/errors.ts";
import type { AccountThrottle, RestApiLimits } from "../../domain/limits.ts";
import type { Key } from "../../domain/record.ts";
import type { Method, Resource, ResourceTree, RestApi, Stage } from "../../domain/rest-api.ts";
import { methods, resources, resourceTrees, restApis, stages } from "../../domain/rest-api.ts";
import { type UsagePlan, usagePlans } from "../../domain/usage-plan.ts";
import type { PrivateAddresses } from "../../domain/vpc-link.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { IssuerDiscovery } from "../../ports/issuer-discovery.ts";
import type { Publication } from "../../ports/publication.ts";
import { check, type Change, type Store, type Stored } from "../../ports/store.ts";
import type { DocumentReading } from "./document-reading.ts";

export interface ApiGatewayContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly publication: Publication;
  readonly issuers: IssuerDiscovery;
  readonly documents: DocumentReading;
  readonly limits: RestApiLimits;
  /** Where VPC links lead to. */
  readonly privateAddresses: PrivateAddresses;
  /** Names by which this program itself is called. */
  readonly ownHosts: readonly string[];
  readonly throttle: AccountThrottle;
}

export interface ApiInput {
  readonly restApiId: string;
}
export interface ResourceInput extends ApiInput {
  readonly resourceId: string;
}
export interface MethodInput extends ResourceInput {
  readonly httpMethod: string;
}
export interface StageInput extends ApiInput {
  readonly stageName: string;
}

export const apiKey = (call: Call, apiId: string): Key => [call.account, call.region, apiId];

/** @throws {ServiceError} NotFoundException, in the words that name the account and the id. */
export async function findApi({ store }: ApiGatewayContext, { restApiId }: ApiInput, call: Call): Promise<Stored<RestApi>> {
  const api = await store.get(restApis, apiKey(call, restApiId));
  if (api === undefined) throw notFound(`Invalid API identifier specified ${call.account}:${restApiId}`);
  return api;
}

export interface FoundResource {
  readonly api: Stored<RestApi>;
  readonly resource: Stored<Resource>;
}

/** @throws {ServiceError} NotFoundException */
export async function findResource(context: ApiGatewayContext, input: ResourceInput, call: Call): Promise<FoundResource> {
  const api = await findApi(context, input, call);
  const resource = await context.store.get(resources, [...api.key, input.resourceId]);
  if (resource === undefined) throw notFound("Invalid Resource identifier specified");
  return { api, resource };
}

export interface FoundMethod extends FoundResource {
  readonly method: Stored<Method>;
}

/** @throws {ServiceError} NotFoundException */
export async function findMethod(context: ApiGatewayContext, input: MethodInput, call: Call): Promise<FoundMethod> {
  const found = await findResource(context, input, call);
  const method = await context.store.get(methods, [...found.resource.key, input.httpMethod]);
  if (method === undefined) throw notFound("Invalid Method identifier specified");
  return { ...found, method };
}

export interface FoundTree {
  readonly api: Stored<RestApi>;
  readonly tree: Stored<ResourceTree>;
  readonly all: readonly Resource[];
}

/**
 * All resources of an API. Whoever also puts or checks the tree's record in its commit sees them as they are then.
 * @throws {ServiceError} NotFoundException
 */
export async function findTree(context: ApiGatewayContext, input: ApiInput, call: Call): Promise<FoundTree> {
  const api = await findApi(context, input, call);
  const tree = await context.store.get(resourceTrees, api.key);
  if (tree === undefined) throw notFound(`Invalid API identifier specified ${call.account}:${input.restApiId}`);
  const { items } = await context.store.list(resources, { prefix: api.key });
  return { api, tree, all: items.map(({ value }) => value) };
}

export interface FoundStage {
  readonly api: Stored<RestApi>;
  readonly stage: Stored<Stage>;
}

/** @throws {ServiceError} NotFoundException */
export async function findStage(context: ApiGatewayContext, input: StageInput, call: Call): Promise<FoundStage> {
  const api = await findApi(context, input, call);
  const stage = await context.store.get(stages, [...api.key, input.stageName]);
  if (stage === undefined) throw notFound("Invalid stage identifier specified");
  return { api, stage };
}

/** @throws {ServiceError} NotFoundException (github.com/Miserlou/Zappa/issues/1876) */
export async function findApiKey({ store }: ApiGatewayContext, id: string, call: Call): Promise<Stored<ApiKey>> {
  const key = await store.get(apiKeys, [call.account, call.region, id]);
  if (key === undefined) throw notFound("Invalid API Key identifier specified");
  return key;
}

export interface UsagePlanInput {
  readonly usagePlanId: string;
}

/** @throws {ServiceError} NotFoundException (github.com/hashicorp/terraform/pull/14958) */
export async function findUsagePlan({ store }: ApiGatewayContext, { usagePlanId }: UsagePlanInput, call: Call): Promise<Stored<UsagePlan>> {
  const plan = await store.get(usagePlans, [call.account, call.region, usagePlanId]);
  if (plan === undefined) throw notFound("Invalid Usage Plan ID specified");
  return plan;
}

/** A change that fails the commit when the API is no longer as it was found. */
export const unchanged = (api: Stored<RestApi>): Change => check(restApis, api.key, api.version);

/** Tells the gateways of stages of an API, and resolves when all serve them as they now are. */
export async function publish({ publication }: ApiGatewayContext, api: Key, stageNames: readonly string[]): Promise<void> {
  const [account, region, apiId] = api as [string, string, string];
  await Promise.all(stageNames.map((stageName) => publication.stageChanged({ account, region, apiId, stageName })));
}

/** The names of an API's stages. */
export async function stageNames({ store }: ApiGatewayContext, api: Key): Promise<readonly string[]> {
  const { items } = await store.list(stages, { prefix: api });
  return items.map(({ value }) => value.stageName);
}

/** The map, or nothing in place of an empty one: AWS leaves it out of its answers. */
export const unlessEmpty = <M extends object>(map: M | undefined): M | undefined =>
  map === undefined || Object.keys(map).length === 0 ? undefined : map;
