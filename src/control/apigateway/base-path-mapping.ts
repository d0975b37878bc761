// BasePathMapping: which API, and which stage of it, the paths of a domain name stand for.
import type { Call } from "../../domain/call.ts";
import { type BasePathMapping, basePathMappings, type DomainName, domainNames, NO_BASE_PATH } from "../../domain/domain-name.ts";
import { badRequest, conflict, notFound, type ServiceError } from "../../domain/errors.ts";
import { scoped } from "../../domain/record.ts";
import { type RestApi, restApis, type Stage, stages } from "../../domain/rest-api.ts";
import { routingRules } from "../../domain/routing-rule.ts";
import { webSocketApis } from "../../domain/websocket-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { type Change, put, remove, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, apiKey } from "./context.ts";
import { type DomainNameInput, findDomainName } from "./domain-name.ts";
import { isPrivate, MUTUAL_TLS_REGIONAL } from "./domain-name-rules.ts";

interface Found {
  readonly domain: Stored<DomainName>;
  readonly mapping: Stored<BasePathMapping>;
}

export function basePathMappingOperations(context: ApiGatewayContext) {
  const { publication, store } = context;
  const find = async (input: DomainNameInput & { readonly basePath: string }, call: Call): Promise<Found> => {
    const domain = await findDomainName(context, input, call);
    const mapping = await store.get(basePathMappings, [...domain.key, input.basePath]);
    // Quoted in github.com/amplify-education/serverless-domain-manager/issues/613.
    if (mapping === undefined) throw notFound("Invalid base path mapping identifier specified");
    return { domain, mapping };
  };
  return {
    create: verbs.writing(store, (input: Model.CreateBasePathMappingRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, ({ mapping }): Model.BasePathMapping => mapping.value),
    list: async (input: Model.GetBasePathMappingsRequest, call: Call): Promise<Model.BasePathMappings> => {
      const domain = await findDomainName(context, input, call);
      const page = await verbs.page(store, basePathMappings, domain.key, input);
      return { ...page, items: page.items.map(({ value }) => value) };
    },
    patch: verbs.patching(store, {
      find: (input: Model.UpdateBasePathMappingRequest, call) => find(input, call),
      of: ({ mapping }) => mapping.value,
      rules,
      keep: async ({ domain, mapping }, next, call): Promise<verbs.Decision<Model.BasePathMapping>> => {
        const touched = await checkedMapping(context, domain, next, call);
        const moves = next.basePath !== mapping.value.basePath;
        if (moves) await assertFree(context, domain, next);
        const changes = moves
          ? [remove(basePathMappings, mapping.key, mapping.version), put(basePathMappings, [...domain.key, next.basePath], next, "absent")]
          : [put(basePathMappings, mapping.key, next, mapping.version)];
        return { changes: [...touched, ...changes], answer: next, afterwards: () => publication.domainChanged(domain.value) };
      },
    }),
    remove: verbs.removing(store, find, ({ domain, mapping }) => ({
      changes: [remove(basePathMappings, mapping.key, mapping.version)],
      afterwards: () => publication.domainChanged(domain.value),
    })),
  };
}

async function creation(
  context: ApiGatewayContext,
  input: Model.CreateBasePathMappingRequest,
  call: Call,
): Promise<verbs.Decision<Model.BasePathMapping>> {
  const domain = await findDomainName(context, input, call);
  assertTakesMappings(domain.value);
  const { restApiId } = input;
  const stage = given(input.stage);
  const mapping: BasePathMapping = { basePath: given(input.basePath) ?? NO_BASE_PATH, restApiId, ...(stage === undefined ? {} : { stage }) };
  const touched = await checkedMapping(context, domain, mapping, call);
  await assertFree(context, domain, mapping);
  const changes = [...touched, put(basePathMappings, [...domain.key, mapping.basePath], mapping, "absent")];
  return { changes, answer: mapping, afterwards: () => context.publication.domainChanged(domain.value) };
}

/** A base path or a stage that a request names: `(none)` stands for none, for the stage too (model: CreateBasePathMappingRequest). */
const given = (name: string | undefined): string | undefined => (name === "" || name === NO_BASE_PATH ? undefined : name);

/**
 * Checks a mapping. Gives changes that write what it needs as it is, so that neither the domain name, nor the API, nor the
 * stage is deleted at the same moment.
 * @throws {ServiceError} BadRequestException
 */
async function checkedMapping(
  context: ApiGatewayContext,
  domain: Stored<DomainName>,
  mapping: BasePathMapping,
  call: Call,
): Promise<readonly Change[]> {
  checkBasePath(mapping.basePath);
  const api = await context.store.get(restApis, apiKey(call, mapping.restApiId));
  if (api === undefined) throw badRequest(`Invalid API identifier specified ${call.account}:${mapping.restApiId}`);
  checkApi(domain.value, api.value);
  await assertNoWebSocketApi(context, domain);
  const stage = mapping.stage === undefined ? undefined : await mappedStage(context, api, mapping.stage);
  return [
    put(domainNames, domain.key, domain.value, domain.version),
    put(restApis, api.key, api.value, api.version),
    ...(stage === undefined ? [] : [put(stages, stage.key, stage.value, stage.version)]),
  ];
}

/** Guide: set-routing-mode. @throws {ServiceError} BadRequestException when routing rules alone count */
export function assertTakesMappings({ routingMode }: DomainName): void {
  if (routingMode === "ROUTING_RULE_ONLY") throw badRequest("API mappings cannot be created for a domain name with the routing mode ROUTING_RULE_ONLY");
}

/** Quoted in github.com/serverless/serverless/issues/7459. */
export const MIXED_PROTOCOLS =
  "Mixing of REST APIs and HTTP APIs on the same domain name can only be accomplished through API Gateway's V2 DomainName interface. Currently, WebSocket APIs can only be attached to a domain name with other WebSocket APIs. This must also occur through API Gateway's V2 DomainName interface.";

/** The V2 API maps those, and then no others (guide: websocket-api-mappings). */
async function assertNoWebSocketApi({ store }: ApiGatewayContext, domain: Stored<DomainName>): Promise<void> {
  const [account = "", region = ""] = domain.key;
  const { items } = await store.list(basePathMappings, { prefix: domain.key });
  const found = await store.getAll(webSocketApis, items.map(({ value }) => [account, region, value.restApiId]));
  if (found.some((each) => each !== undefined)) throw badRequest(MIXED_PROTOCOLS);
}

/** The words and the class are quoted in github.com/serverless-components/domain/issues/8. */
async function mappedStage({ store }: ApiGatewayContext, api: Stored<RestApi>, stageName: string): Promise<Stored<Stage>> {
  const stage = await store.get(stages, [...api.key, stageName]);
  if (stage === undefined) throw badRequest("Invalid stage identifier specified");
  return stage;
}

/** Guide: rest-api-mappings, restrictions. Of the slash: github.com/hashicorp/terraform-provider-aws/issues/21986. */
function checkBasePath(basePath: string): void {
  if (basePath === NO_BASE_PATH) return;
  if (basePath.includes("/")) {
    throw badRequest(
      "API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base path mapping, use API Gateway V2.",
    );
  }
  if (basePath.length > 300 || !/^[A-Za-z0-9$\-_.+!*'()]+$/.test(basePath)) {
    throw badRequest(`Invalid base path specified: ${basePath}. Base paths have up to 300 letters, numbers and the characters $-_.+!*'()`);
  }
}

/** Private APIs answer under private domain names alone, and others do not (guide: apigateway-private-custom-domains). */
export function checkApi(domain: DomainName, { endpointConfiguration: { types } }: RestApi): void {
  if (isPrivate(domain) && !types.includes("PRIVATE")) throw badRequest("A private custom domain name can only be mapped to a PRIVATE api.");
  if (!isPrivate(domain) && types.includes("PRIVATE")) throw badRequest("A PRIVATE api can only be mapped to a private custom domain name.");
  if (domain.mutualTlsAuthentication !== undefined && !types.includes("REGIONAL")) throw badRequest(MUTUAL_TLS_REGIONAL);
}

/** Quoted in github.com/aws/aws-cdk/issues/5794. @throws {ServiceError} ConflictException */
async function assertFree({ store }: ApiGatewayContext, domain: Stored<DomainName>, { basePath }: BasePathMapping): Promise<void> {
  const taken = await store.get(basePathMappings, [...domain.key, basePath]);
  if (taken !== undefined) throw conflict("Base path already exists for this domain name");
}

/** The page spells the first path in lower case, Terraform and the CLI's examples as here. */
const basePathRule: verbs.PatchRules<BasePathMapping>[string] = {
  replace: verbs.set<BasePathMapping, "basePath">("basePath", ({ value }) => given(value) ?? NO_BASE_PATH),
};
const rules: verbs.PatchRules<BasePathMapping> = {
  "/basePath": basePathRule,
  "/basepath": basePathRule,
  "/restapiId": { replace: verbs.set("restApiId", verbs.someText) },
  "/stage": { replace: verbs.set<BasePathMapping, "stage">("stage", ({ value }) => given(value)) },
};

/**
 * Whether an API may be as it would become, given the domain names that it is mapped to.
 * @throws {ServiceError} BadRequestException
 */
export async function checkMappings({ store }: ApiGatewayContext, api: RestApi): Promise<void> {
  const { items } = await store.list(basePathMappings, { index: { name: "api", value: api.id } });
  const domains = await Promise.all(items.map(({ key }) => store.get(domainNames, key.slice(0, -1))));
  for (const domain of domains) if (domain !== undefined) checkApi(domain.value, api);
}

/**
 * An API that is mapped is not deleted. The words are quoted in github.com/glomex/gcdt/issues/373.
 * @throws {ServiceError} BadRequestException
 */
export async function assertApiUnmapped(context: ApiGatewayContext, restApiId: string): Promise<void> {
  const names = await mappedNames(context, "api", restApiId);
  if (names.length > 0) throw stillMapped(`Deleting RestApi ${restApiId} failed.`, "RestApi", names);
  await assertNoRule(context, "api", restApiId, `Deleting RestApi ${restApiId} failed.`, "RestApi");
}

/** Nor is a stage; AWS's words begin as in github.com/hashicorp/terraform-provider-aws/issues/41651. @throws {ServiceError} BadRequestException */
export async function assertStageUnmapped(context: ApiGatewayContext, restApiId: string, stageName: string): Promise<void> {
  const names = await mappedNames(context, "stage", scoped(restApiId, stageName));
  if (names.length > 0) throw stillMapped(`Deleting stage ${stageName} failed.`, "stage", names);
  await assertNoRule(context, "stage", scoped(restApiId, stageName), `Deleting stage ${stageName} failed.`, "stage");
}

/** What a routing rule leads to is not deleted either. The words follow those of mappings. */
async function assertNoRule({ store }: ApiGatewayContext, index: "api" | "stage", value: string, failure: string, what: string): Promise<void> {
  const { items } = await store.list(routingRules, { index: { name: index, value } });
  const names = [...new Set(items.map(({ key }) => key[2] as string))];
  if (names.length > 0) throw badRequest(`${failure} Please remove all routing rules related to the ${what} in your domains: ${names.join(", ")}`);
}

async function mappedNames({ store }: ApiGatewayContext, index: "api" | "stage", value: string): Promise<readonly string[]> {
  const { items } = await store.list(basePathMappings, { index: { name: index, value } });
  return [...new Set(items.map(({ key }) => key[2] as string))];
}

const stillMapped = (failure: string, what: string, names: readonly string[]): ServiceError =>
  badRequest(`${failure} Please remove all base path mappings related to the ${what} in your domains: ${names.join(", ")}`);
