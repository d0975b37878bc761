// UsagePlan: stages that keys may call, and how often.
import type { Call } from "../../domain/call.ts";
import { badRequest, notFound } from "../../domain/errors.ts";
import { scoped } from "../../domain/record.ts";
import { dailyUsages, type UsagePlan, usagePlanKeys, usagePlans } from "../../domain/usage-plan.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { type Change, check, put, remove, removeAll, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, findUsagePlan, unlessEmpty, type UsagePlanInput } from "./context.ts";
import { publishKeys } from "./publish-keys.ts";
import { checkedTags } from "./tag-rules.ts";
import { assertApart } from "./usage-plan-members.ts";
import { withinQuota } from "./usage-plan-quotas.ts";
import { completed, usagePlanRules } from "./usage-plan-rules.ts";
import { assertNoMethodsOfWebSocketApis, holdStages, sameStage, type StageReference } from "./usage-plan-stages.ts";

export function usagePlanOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = (input: UsagePlanInput, call: Call) => findUsagePlan(context, input, call);
  return {
    create: verbs.writing(store, (input: Model.CreateUsagePlanRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, ({ value }) => show(value)),
    list: (input: Model.GetUsagePlansRequest, call: Call): Promise<Model.UsagePlans> => {
      const prefix = [call.account, call.region];
      if (!input.keyId) return verbs.selectedPage(store, usagePlans, { prefix, show: ({ value }) => show(value) }, input);
      const index = { name: "key", value: scoped(...prefix, input.keyId) };
      const planOf = async (key: readonly string[]) => (await store.get(usagePlans, key.slice(0, -1)))?.value;
      const shown = async ({ key }: Stored<unknown>) => {
        const plan = await planOf(key);
        return plan === undefined ? undefined : show(plan);
      };
      return verbs.selectedPage(store, usagePlanKeys, { prefix, index, show: shown }, input);
    },
    patch: verbs.patching(store, {
      find: (input: Model.UpdateUsagePlanRequest, call) => find(input, call),
      of: ({ value }) => value,
      rules: usagePlanRules,
      keep: async (plan, draft, call): Promise<verbs.Decision<Model.UsagePlan>> => {
        const next = completed(draft, context);
        const added = next.apiStages.filter((stage) => !plan.value.apiStages.some((each) => sameStage(stage, each)));
        const others = await apart(context, plan, next, added);
        const held = await holdStages(context, added, call, stageNotFound);
        await assertNoMethodsOfWebSocketApis(context, next.apiStages, call);
        const changes = [put(usagePlans, plan.key, next, plan.version), ...others, ...held];
        return { changes, answer: show(next), afterwards: () => publishKeys(context, changes) };
      },
    }),
    remove: verbs.removing(store, find, ({ key, value: plan, version }) => {
      const [first] = plan.apiStages;
      if (first !== undefined) {
        // Quoted in github.com/aws/aws-sdk-js/issues/3841.
        throw badRequest(`Cannot delete Usage Plan ${plan.id} because there are API Stages associated with it, including ${first.apiId}:${first.stage}`);
      }
      const changes = [remove(usagePlans, key, version), removeAll(usagePlanKeys, key), removeAll(dailyUsages, key)];
      return { changes, afterwards: () => publishKeys(context, changes) };
    }),
  };
}

async function creation(context: ApiGatewayContext, input: Model.CreateUsagePlanRequest, call: Call): Promise<verbs.Decision<Model.UsagePlan>> {
  const { name, description, apiStages = [], throttle, quota, tags = {} } = input;
  if (name === "") throw badRequest("Usage Plan name must be non-empty");
  const draft = {
    id: context.ids.alphanumeric(6),
    name,
    ...(description ? { description } : {}),
    apiStages: apiStages.map(namedStage),
    ...(throttle ? { throttle } : {}),
    ...(quota ? { quota } : {}),
    tags: checkedTags(tags, context.limits),
  };
  const plan = completed(draft, context);
  const held = await holdStages(context, plan.apiStages, call, stageNotFound);
  await assertNoMethodsOfWebSocketApis(context, plan.apiStages, call);
  const leave = await withinQuota(context, "usagePlans", 1, call);
  const changes = [leave, put(usagePlans, [call.account, call.region, plan.id], plan, "absent"), ...held];
  return { changes, answer: show(plan), afterwards: () => publishKeys(context, changes) };
}

/** AWS's message has its placeholders still in it (github.com/aws/aws-cdk/issues/6169). @throws {ServiceError} BadRequestException */
function namedStage({ apiId, stage, throttle }: Model.ApiStage) {
  if (!apiId || !stage) throw badRequest("Invalid API Stage {api: %s, stage: %s} specified for usageplan %s");
  return { apiId, stage, ...(throttle ? { throttle } : {}) };
}

/** The words are quoted in github.com/serverless/serverless/issues/2831. */
const stageNotFound = ({ apiId, stage }: StageReference) => notFound(`API Stage not found: ${apiId}:${stage}`);

/**
 * Checks of the other plans that have one of the added stages, none of whose keys may be in this plan too.
 * @throws {ServiceError} ConflictException when one is
 */
async function apart({ store }: ApiGatewayContext, plan: Stored<UsagePlan>, next: UsagePlan, added: readonly StageReference[]): Promise<readonly Change[]> {
  const found = await Promise.all(added.map(({ apiId, stage }) => store.list(usagePlans, { index: { name: "stage", value: scoped(apiId, stage) } })));
  const others = new Map(found.flatMap(({ items }) => items.map((each) => [each.value.id, each] as const)));
  others.delete(plan.value.id);
  if (others.size === 0) return [];
  const mine = await keyIds(plan);
  for (const other of others.values()) {
    const shared = (await keyIds(other)).find((id) => mine.includes(id));
    if (shared !== undefined) assertApart(shared, next, other.value);
  }
  return [...others.values()].map(({ key, version }) => check(usagePlans, key, version));

  async function keyIds({ key }: Stored<UsagePlan>): Promise<readonly string[]> {
    const { items } = await store.list(usagePlanKeys, { prefix: key });
    return items.flatMap(({ value: { keyId, former } }) => (former ? [] : [keyId]));
  }
}

const show = ({ tags, ...plan }: UsagePlan): Model.UsagePlan => ({ ...plan, tags: unlessEmpty(tags) });
