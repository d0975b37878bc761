// RestApi: the API itself, and everything that goes with it when it is deleted.
import { authorizers } from "../../domain/authorizer.ts";
import type { Call } from "../../domain/call.ts";
import { models } from "../../domain/data-model.ts";
import { documentationParts, documentationVersions } from "../../domain/documentation.ts";
import { badRequest, limitExceeded } from "../../domain/errors.ts";
import { gatewayResponses } from "../../domain/gateway-response.ts";
import { MAX_COMPRESSION_SIZE } from "../../domain/limits.ts";
import type { Key } from "../../domain/record.ts";
import { requestValidators } from "../../domain/request-validator.ts";
import type { EndpointConfiguration, RestApi } from "../../domain/rest-api.ts";
import { deployments, methods, resources, resourceTrees, restApis, snapshots, stages } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import type { Ids } from "../../ports/ids.ts";
import { type Change, put, remove, removeAll, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { assertApiUnmapped, checkMappings } from "./base-path-mapping.ts";
import { copyDefinition, settingsOf } from "./clone.ts";
import { type ApiGatewayContext, apiKey, type ApiInput, findApi, publish, stageNames, unlessEmpty } from "./context.ts";
import { findDefinition } from "./definition.ts";
import { bornWith } from "./model.ts";
import { checkedPolicy, escapedPolicy } from "./policy-document.ts";
import { isEnhanced, SECURITY_POLICIES } from "./security-policies.ts";
import { checkedTags } from "./tag-rules.ts";
import { publishKeys } from "./publish-keys.ts";
import { releaseStages } from "./usage-plan-stages.ts";

type EndpointType = EndpointConfiguration["types"][number];

export function restApiOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = (input: ApiInput, call: Call) => findApi(context, input, call);
  return {
    create: verbs.writing(store, (input: Model.CreateRestApiRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, show),
    list: async (input: Model.GetRestApisRequest, call: Call): Promise<Model.RestApis> => {
      const page = await verbs.page(store, restApis, [call.account, call.region], input);
      return { ...page, items: page.items.map(show) };
    },
    patch: verbs.patching(store, {
      find: (input: Model.UpdateRestApiRequest, call) => find(input, call),
      of: (api) => api.value,
      rules,
      keep: async (api, next) => {
        if (next.endpointConfiguration !== api.value.endpointConfiguration) await checkMappings(context, next);
        return {
          changes: [put(restApis, api.key, checkedApi(next, context), api.version)],
          answer: show({ ...api, value: next }),
          afterwards: async () => publish(context, api.key, await stageNames(context, api.key)),
        };
      },
    }),
    remove: verbs.removing(store, find, async (api) => {
      await assertApiUnmapped(context, api.value.id);
      const names = await stageNames(context, api.key);
      const changes = await removal(context, api);
      const afterwards = async () => {
        await publish(context, api.key, names);
        await publishKeys(context, changes);
      };
      return { changes, afterwards };
    }),
  };
}

/** An API is born with its root resource and two models, or with all that another one has. */
async function creation(context: ApiGatewayContext, input: Model.CreateRestApiRequest, call: Call): Promise<verbs.Decision<Model.RestApi>> {
  const { cloneFrom, ...members } = input;
  const source = cloneFrom ? await findDefinition(context, { restApiId: cloneFrom }, call) : undefined;
  const api = checkedApi(newApi(context, source ? { ...settingsOf(source.definition.api), ...members } : members, call), context);
  checkedTags(api.tags, context.limits);
  await assertQuota(context, api, call);
  const key = apiKey(call, api.id);
  const parts = source ? copyDefinition(context.ids, source, api, key) : newParts(context.ids, api, key);
  return { changes: [put(restApis, key, api, "absent"), ...parts], answer: show({ value: api }) };
}

const newParts = (ids: Ids, { rootResourceId: id }: RestApi, key: Key): readonly Change[] => [
  put(resources, [...key, id], { id }, "absent"),
  put(resourceTrees, key, { size: 1 }, "absent"),
  ...bornWith(ids).map((model) => put(models, [...key, model.name], model, "absent")),
];

/** With AWS's defaults. */
export function newApi({ ids, clock }: Pick<ApiGatewayContext, "ids" | "clock">, input: Model.CreateRestApiRequest, call: Call): RestApi {
  const { name, binaryMediaTypes = [], apiKeySource = "HEADER", disableExecuteApiEndpoint = false, tags = {} } = input;
  const optional = { description: input.description || undefined, version: input.version || undefined, policy: input.policy || undefined };
  const given = {
    ...optional,
    minimumCompressionSize: input.minimumCompressionSize,
    securityPolicy: input.securityPolicy,
    endpointAccessMode: input.endpointAccessMode,
  };
  return {
    id: ids.alphanumeric(10),
    account: call.account,
    region: call.region,
    rootResourceId: ids.alphanumeric(10),
    createdDate: clock.now(),
    name,
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<RestApi>),
    binaryMediaTypes: [...new Set(binaryMediaTypes)],
    apiKeySource,
    endpointConfiguration: endpointConfiguration(input.endpointConfiguration),
    disableExecuteApiEndpoint,
    tags,
  };
}

/** Edge-optimized unless asked otherwise; private APIs answer on IPv4 and IPv6 alike (model: EndpointConfiguration). */
export function endpointConfiguration(input: Model.EndpointConfiguration = {}): EndpointConfiguration {
  const types: readonly EndpointType[] = input.types === undefined || input.types.length === 0 ? ["EDGE"] : input.types;
  const ipAddressType = input.ipAddressType ?? (types[0] === "PRIVATE" ? "dualstack" : "ipv4");
  return { types, ipAddressType, ...(input.vpcEndpointIds?.length ? { vpcEndpointIds: input.vpcEndpointIds } : {}) };
}

/** The API, when its members agree with each other. @throws {ServiceError} BadRequestException */
export function checkedApi(api: RestApi, { limits }: Pick<ApiGatewayContext, "limits">): RestApi {
  const { types, ipAddressType, vpcEndpointIds } = api.endpointConfiguration;
  if (api.name === "") throw badRequest("Name must be non-empty");
  if (types.length > 1) throw badRequest("Cannot create an api with multiple Endpoint Types.");
  if (vpcEndpointIds?.length && types[0] !== "PRIVATE") throw badRequest("VPCEndpoints can only be specified with PRIVATE apis.");
  if (types[0] === "PRIVATE" && ipAddressType === "ipv4") throw badRequest("Only the dualstack IP address type is supported for PRIVATE apis.");
  const { minimumCompressionSize: size = 0 } = api;
  if (!(size >= 0 && size <= MAX_COMPRESSION_SIZE)) {
    throw badRequest(`Invalid minimum compression size, must be between 0 and ${MAX_COMPRESSION_SIZE}`);
  }
  if (api.endpointAccessMode !== undefined && !isEnhanced(api.securityPolicy ?? "")) {
    throw badRequest("The endpoint access mode can only be specified with a security policy that starts with SecurityPolicy_");
  }
  if (api.policy !== undefined) checkedPolicy(api.policy, limits);
  return api;
}

/** The quota counts what is there; requests at the same moment can pass it together. */
export async function assertQuota({ store, limits }: ApiGatewayContext, api: RestApi, call: Call): Promise<void> {
  const type = api.endpointConfiguration.types[0] as EndpointType;
  const quota = { EDGE: limits.edgeApis, REGIONAL: limits.regionalApis, PRIVATE: limits.privateApis }[type];
  const prefix = [call.account, call.region];
  if ((await store.count(restApis, { prefix })) < quota) return;
  const { items } = await store.list(restApis, { prefix });
  if (items.filter(({ value }) => value.endpointConfiguration.types[0] === type).length >= quota) {
    throw limitExceeded("Maximum number of REST APIs for this account has been reached. Please contact AWS if you need additional REST APIs.");
  }
}

const rules: verbs.PatchRules<RestApi> = {
  "/apiKeySource": { replace: verbs.set("apiKeySource", verbs.oneOf("HEADER", "AUTHORIZER")) },
  "/binaryMediaTypes": verbs.items<RestApi>("binaryMediaTypes"),
  "/binaryMediaTypes/{mediaType}": verbs.items<RestApi>("binaryMediaTypes"),
  "/description": {
    add: verbs.set("description", verbs.optionalText),
    replace: verbs.set("description", verbs.optionalText),
    remove: verbs.unset("description"),
  },
  "/disableExecuteApiEndpoint": { replace: verbs.set("disableExecuteApiEndpoint", verbs.boolean) },
  "/endpointConfiguration/types/{type}": { replace: replaceEndpointType },
  "/endpointConfiguration/vpcEndpointIds": inEndpointConfiguration(verbs.items<EndpointConfiguration>("vpcEndpointIds"), "add", "remove"),
  "/endpointConfiguration/vpcEndpointIds/{vpcEndpointId}": inEndpointConfiguration(
    verbs.items<EndpointConfiguration>("vpcEndpointIds"),
    "add",
    "remove",
  ),
  "/endpointConfiguration/ipAddressType": inEndpointConfiguration(
    { replace: verbs.set<EndpointConfiguration, "ipAddressType">("ipAddressType", verbs.oneOf("ipv4", "dualstack")) },
    "replace",
  ),
  "/endpointAccessMode": { replace: verbs.set("endpointAccessMode", verbs.optional(verbs.oneOf("BASIC", "STRICT"))) },
  "/minimumCompressionSize": {
    replace: verbs.set("minimumCompressionSize", verbs.optional(verbs.integer(0, MAX_COMPRESSION_SIZE))),
  },
  "/name": { replace: verbs.set("name", verbs.someText) },
  "/policy": { replace: verbs.set("policy", verbs.optionalText) },
  "/securityPolicy": { replace: verbs.set("securityPolicy", verbs.oneOf(...SECURITY_POLICIES)) },
};

function inEndpointConfiguration<Op extends "add" | "remove" | "replace">(
  steps: Readonly<Record<Op, verbs.Step<EndpointConfiguration>>>,
  ...ops: readonly Op[]
): Partial<Record<Op, verbs.Step<RestApi>>> {
  const lifted = ops.map((op) => [op, verbs.within<RestApi, "endpointConfiguration">("endpointConfiguration", (api) => api.endpointConfiguration, steps[op])]);
  return Object.fromEntries(lifted) as Partial<Record<Op, verbs.Step<RestApi>>>;
}

/**
 * Types can change in all ways but from private to edge-optimized (guide: apigateway-api-migration). The guide names the type
 * that there is; Terraform's provider names its place, `/endpointConfiguration/types/0`.
 */
function replaceEndpointType(api: RestApi, operand: verbs.Operand): RestApi {
  const type = verbs.oneOf("REGIONAL", "EDGE", "PRIVATE")(operand);
  const { types, vpcEndpointIds } = api.endpointConfiguration;
  const replaced = operand.names[0];
  if (replaced !== types[0] && replaced !== "0") throw badRequest(`Invalid endpoint type '${replaced}' specified. The endpoint type of the API is ${types[0]}`);
  if (types[0] === "PRIVATE" && type === "EDGE") throw badRequest("Cannot change a PRIVATE api into an EDGE api.");
  return { ...api, endpointConfiguration: endpointConfiguration({ types: [type], ...(type === "PRIVATE" && vpcEndpointIds ? { vpcEndpointIds } : {}) }) };
}

async function removal(context: ApiGatewayContext, api: Stored<RestApi>): Promise<readonly Change[]> {
  const { items } = await context.store.list(deployments, { prefix: api.key });
  const hashes = new Set(items.map(({ value }) => value.snapshot));
  return [
    remove(restApis, api.key, api.version),
    removeAll(resourceTrees, api.key),
    removeAll(resources, api.key),
    removeAll(methods, api.key),
    removeAll(models, api.key),
    removeAll(requestValidators, api.key),
    removeAll(authorizers, api.key),
    removeAll(gatewayResponses, api.key),
    removeAll(documentationParts, api.key),
    removeAll(documentationVersions, api.key),
    removeAll(deployments, api.key),
    removeAll(stages, api.key),
    ...[...hashes].map((hash) => remove(snapshots, [hash], "any")),
    ...(await releaseStages(context, api.value.id)),
  ];
}

/** An API as answers carry it. Empty collections and absent settings are left out. */
export function show({ value: api }: Pick<Stored<RestApi>, "value">): Model.RestApi {
  const { account: _account, region: _region, policy, binaryMediaTypes, tags, endpointConfiguration: endpoint, ...members } = api;
  const { vpcEndpointIds, ...where } = endpoint;
  return {
    ...members,
    binaryMediaTypes: unlessEmpty(binaryMediaTypes),
    endpointConfiguration: vpcEndpointIds?.length ? endpoint : where,
    ...(policy === undefined ? {} : { policy: escapedPolicy(policy) }),
    tags: unlessEmpty(tags),
    apiStatus: "AVAILABLE",
  };
}
