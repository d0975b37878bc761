// ApiKey: what a caller shows to be metered by a usage plan.
import { API_KEY_VALUE, type ApiKey, apiKeys, MAX_API_KEY_NAME } from "../../domain/api-key.ts";
import type { Call } from "../../domain/call.ts";
import { badRequest, conflict, notFound } from "../../domain/errors.ts";
import { scoped } from "../../domain/record.ts";
import { usagePlanKeys } from "../../domain/usage-plan.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { put, remove, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, findApiKey, unlessEmpty } from "./context.ts";
import { publishKeys } from "./publish-keys.ts";
import { checkedTags } from "./tag-rules.ts";
import { departure, isNamed } from "./usage-plan-members.ts";
import { withinQuota } from "./usage-plan-quotas.ts";
import { holdStages, type StageReference, stageReference } from "./usage-plan-stages.ts";

export function apiKeyOperations(context: ApiGatewayContext) {
  const { store, clock } = context;
  const find = ({ apiKey }: { readonly apiKey: string }, call: Call) => findApiKey(context, apiKey, call);
  return {
    create: verbs.writing(store, (input: Model.CreateApiKeyRequest, call) => creation(context, input, call)),
    read: async (input: Model.GetApiKeyRequest, call: Call): Promise<Model.ApiKey> => show((await find(input, call)).value, input.includeValue),
    list: (input: Model.GetApiKeysRequest, call: Call): Promise<Model.ApiKeys> => {
      const prefix = [call.account, call.region];
      const { customerId, nameQuery, includeValues } = input;
      const index = customerId ? { index: { name: "customer", value: scoped(...prefix, customerId) } } : {};
      const shown = ({ value }: Stored<ApiKey>) => (isNamed(value, nameQuery) ? show(value, includeValues) : undefined);
      return verbs.selectedPage(store, apiKeys, { prefix, ...index, show: shown }, input);
    },
    patch: verbs.patching(store, {
      find: (input: Model.UpdateApiKeyRequest, call) => find(input, call),
      of: ({ value }) => value,
      rules,
      keep: async ({ key, value, version }, patched, call): Promise<verbs.Decision<Model.ApiKey>> => {
        const next = checkedKey({ ...patched, lastUpdatedDate: clock.now() });
        const added = next.stageKeys.filter((each) => !value.stageKeys.includes(each));
        const held = await holdStages(context, added.map(stageReference), call, missingStage);
        const changes = [put(apiKeys, key, next, version), ...held];
        return { changes, answer: show(next), afterwards: () => publishKeys(context, changes) };
      },
    }),
    remove: verbs.removing(store, find, async ({ key, value, version }) => {
      await context.publication.keepUsage();
      const [account = "", region = ""] = key;
      const { items } = await store.list(usagePlanKeys, { index: { name: "key", value: scoped(account, region, value.id) } });
      const departures = await Promise.all(items.map((each) => departure(context, each)));
      const changes = [remove(apiKeys, key, version), ...departures];
      return { changes, afterwards: () => publishKeys(context, changes) };
    }),
  };
}

/** Ids are distinct from values whatever `generateDistinctId` says: it is of the time before usage plans (model: CreateApiKeyRequest). */
async function creation(context: ApiGatewayContext, input: Model.CreateApiKeyRequest, call: Call): Promise<verbs.Decision<Model.ApiKey>> {
  const { ids } = context;
  const { name, description, customerId, stageKeys = [], enabled = false, tags = {} } = input;
  const references = stageKeys.map(({ restApiId = "null", stageName = "" }): StageReference => ({ apiId: restApiId, stage: stageName }));
  const key = checkedKey({
    ...newKey(context, input.value || ids.alphanumeric(API_KEY_VALUE.generated)),
    ...(name ? { name } : {}),
    ...(description ? { description } : {}),
    ...(customerId ? { customerId } : {}),
    enabled,
    stageKeys: [...new Set(references.map(({ apiId, stage }) => `${apiId}/${stage}`))],
    tags: checkedTags(tags, context.limits),
  });
  const held = await holdStages(context, key.stageKeys.map(stageReference), call, missingStage);
  const quota = await withinQuota(context, "apiKeys", 1, call);
  await assertValueFree(context, key, call);
  const changes = [quota, put(apiKeys, [call.account, call.region, key.id], key, "absent"), ...held];
  return { changes, answer: show(key, true), afterwards: () => publishKeys(context, changes) };
}

/** A key as it is made, enabled and without a name. */
export function newKey({ ids, clock }: ApiGatewayContext, value: string): ApiKey {
  const now = clock.now();
  return { id: ids.alphanumeric(10), value, enabled: true, createdDate: now, lastUpdatedDate: now, stageKeys: [], tags: {} };
}

/**
 * The key, when its value and name may be what they are (github.com/hashicorp/terraform-provider-aws/pull/30894 quotes the words).
 * @throws {ServiceError} BadRequestException
 */
function checkedKey(key: ApiKey): ApiKey {
  const { min, max } = API_KEY_VALUE;
  if (key.value.length < min) throw badRequest(`API Key value should be at least ${min} characters`);
  if (key.value.length > max) throw badRequest(`API Key value exceeds maximum size of ${max} characters`);
  if ((key.name ?? "").length > MAX_API_KEY_NAME) throw badRequest(`API Key name exceeds maximum size of ${MAX_API_KEY_NAME} characters`);
  return key;
}

/** The words are the title of github.com/rrahul963/serverless-add-api-key/issues/27. @throws {ServiceError} ConflictException */
async function assertValueFree({ store }: ApiGatewayContext, { value }: ApiKey, call: Call): Promise<void> {
  const taken = await store.count(apiKeys, { index: { name: "value", value: scoped(call.account, call.region, value) } });
  if (taken > 0) throw conflict("API Key already exists");
}

const missingStage = ({ apiId, stage }: StageReference) => notFound(`API Stage not found: ${apiId}:${stage}`);

const labels = verbs.items<ApiKey>("labels");
const stageKeys = verbs.items<ApiKey>("stageKeys");

const rules: verbs.PatchRules<ApiKey> = {
  "/customerId": { replace: verbs.set("customerId", verbs.optionalText) },
  "/description": { replace: verbs.set("description", verbs.optionalText) },
  "/enabled": { replace: verbs.set("enabled", verbs.boolean) },
  "/labels": { add: labels.add, remove: labels.remove },
  "/name": { replace: verbs.set("name", verbs.optionalText) },
  "/stages": { add: withStageKey(stageKeys.add), remove: withStageKey(stageKeys.remove) },
};

/** Takes only values of the form `{apiId}/{stage}`. */
function withStageKey(step: verbs.Step<ApiKey>): verbs.Step<ApiKey> {
  return (key, operand) => {
    if (!/^[^/]+\/[^/]+$/.test(operand.value ?? "")) {
      throw badRequest(`Invalid patch value '${operand.value ?? ""}' specified for path '${operand.path}'. Must be an API id and a stage, {apiId}/{stage}`);
    }
    return step(key, operand);
  };
}

/** A key as answers carry it: with its value where that was asked for, and after it was made. */
function show({ labels: _labels, value, tags, ...key }: ApiKey, withValue = false): Model.ApiKey {
  return { ...key, ...(withValue ? { value } : {}), tags: unlessEmpty(tags) };
}

