// UsagePlanKey: that an API key belongs to a usage plan. A key has one plan at most for each stage.
import type { ApiKey } from "../../domain/api-key.ts";
import { apiKeys } from "../../domain/api-key.ts";
import type { Call } from "../../domain/call.ts";
import { badRequest, notFound } from "../../domain/errors.ts";
import { type UsagePlanKey, usagePlanKeys, usagePlans } from "../../domain/usage-plan.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { check, put, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { type ApiGatewayContext, findApiKey, findUsagePlan, type UsagePlanInput } from "./context.ts";
import { publishKeys } from "./publish-keys.ts";
import { departure, entry, isNamed } from "./usage-plan-members.ts";

interface PlanKeyInput extends UsagePlanInput {
  readonly keyId: string;
}

interface Found {
  readonly key: Stored<ApiKey>;
  readonly planKey: Stored<UsagePlanKey>;
}

export function usagePlanKeyOperations(context: ApiGatewayContext) {
  const { store } = context;
  const find = async (input: PlanKeyInput, call: Call): Promise<Found> => {
    const key = await findApiKey(context, input.keyId, call);
    const plan = await findUsagePlan(context, input, call);
    const planKey = await store.get(usagePlanKeys, [...plan.key, input.keyId]);
    // The plan is named where the key is not in it, as github.com/hashicorp/terraform-provider-aws/pull/14958 quotes the message.
    if (planKey === undefined || planKey.value.former) throw notFound("Invalid Usage Plan ID specified");
    return { key, planKey };
  };
  return {
    create: verbs.writing(store, (input: Model.CreateUsagePlanKeyRequest, call) => creation(context, input, call)),
    read: verbs.reading(find, ({ key }) => show(key.value)),
    list: async (input: Model.GetUsagePlanKeysRequest, call: Call): Promise<Model.UsagePlanKeys> => {
      const plan = await findUsagePlan(context, input, call);
      const shown = async ({ value: { keyId, former } }: Stored<UsagePlanKey>) => {
        const key = former ? undefined : await store.get(apiKeys, [call.account, call.region, keyId]);
        return key !== undefined && isNamed(key.value, input.nameQuery) ? show(key.value) : undefined;
      };
      return verbs.selectedPage(store, usagePlanKeys, { prefix: plan.key, show: shown }, input);
    },
    remove: verbs.removing(store, find, async ({ planKey }) => {
      await context.publication.keepUsage();
      const changes = [await departure(context, planKey)];
      return { changes, afterwards: () => publishKeys(context, changes) };
    }),
  };
}

async function creation(context: ApiGatewayContext, input: Model.CreateUsagePlanKeyRequest, call: Call): Promise<verbs.Decision<Model.UsagePlanKey>> {
  if (input.keyType !== "API_KEY") throw badRequest(`Invalid key type '${input.keyType}' specified. Must be one of: [API_KEY]`);
  const key = await findApiKey(context, input.keyId, call);
  const plan = await findUsagePlan(context, input, call);
  const { planKey, others } = await entry(context, plan, key);
  const changes = [
    put(apiKeys, key.key, key.value, key.version),
    put(usagePlans, plan.key, plan.value, plan.version),
    ...others.map((each) => check(usagePlans, each.key, each.version)),
    planKey,
  ];
  return { changes, answer: show(key.value), afterwards: () => publishKeys(context, changes) };
}

const show = ({ id, value, name }: ApiKey): Model.UsagePlanKey => ({ id, type: "API_KEY", value, name });
