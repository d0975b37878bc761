// ImportApiKeys: keys from a file, each made or overwritten, and put into the plans that it names.
import { type ApiKey, apiKeys } from "../../domain/api-key.ts";
import type { Call } from "../../domain/call.ts";
import { badRequest, ServiceError } from "../../domain/errors.ts";
import { scoped } from "../../domain/record.ts";
import { type UsagePlan, type UsagePlanKey, usagePlanKeys, usagePlans } from "../../domain/usage-plan.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { type Change, check, put, type Stored } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import { newKey } from "./api-key.ts";
import { type ApiKeyRow, readApiKeyFile, type RowWarning } from "./api-key-file.ts";
import type { ApiGatewayContext } from "./context.ts";
import { publishKeys } from "./publish-keys.ts";
import { assertMayEnter } from "./usage-plan-members.ts";
import { withinQuota } from "./usage-plan-quotas.ts";

/** A key as the file makes it, and the plans that it is in. */
interface Imported {
  readonly before: Stored<ApiKey> | undefined;
  key: ApiKey;
  /** By plan id: those it has left too. */
  readonly places: ReadonlyMap<string, Stored<UsagePlanKey>>;
  readonly planIds: Set<string>;
}

type Plans = ReadonlyMap<string, Stored<UsagePlan>>;

export function apiKeyImportOperations(context: ApiGatewayContext) {
  return { import: verbs.writing(context.store, (input: Model.ImportApiKeysRequest, call) => importation(context, input, call)) };
}

/** All keys of the file at once: nothing is imported when the operation fails, as it does with `failOnWarnings` for any warning. */
async function importation(context: ApiGatewayContext, input: Model.ImportApiKeysRequest, call: Call): Promise<verbs.Decision<Model.ApiKeyIds>> {
  const file = readApiKeyFile(input.body);
  const account = [call.account, call.region];
  const [keys, plans] = await Promise.all([context.store.list(apiKeys, { prefix: account }), context.store.list(usagePlans, { prefix: account })]);
  const byValue = new Map(keys.items.map((item) => [item.value.value, item]));
  const byId: Plans = new Map(plans.items.map((item) => [item.value.id, item]));
  const warnings = [...file.warnings];
  const imported = new Map<string, Imported>();
  const planIds = [...new Set(file.rows.flatMap(({ usagePlanIds }) => usagePlanIds))];
  for (const row of file.rows) {
    const one = imported.get(row.value) ?? (await begin(context, row, byValue.get(row.value), planIds));
    imported.set(row.value, one);
    one.key = overwritten(one.key, row);
    warnings.push(...enterPlans(context, one, row, byId));
  }
  const told = warnings.sort((one, other) => one.row - other.row).map(({ row, reason }) => `Row ${row}: ${reason}`);
  if (input.failOnWarnings && told.length > 0) throw badRequest(told.join("\n"));
  const all = [...imported.values()];
  const quota = await withinQuota(context, "apiKeys", all.filter(({ before }) => before === undefined).length, call);
  const changes = [quota, ...changesOf(all, byId, account)];
  return { changes, answer: { ids: all.map(({ key }) => key.id), warnings: told }, afterwards: () => publishKeys(context, changes) };
}

async function begin(context: ApiGatewayContext, row: ApiKeyRow, before: Stored<ApiKey> | undefined, planIds: readonly string[]): Promise<Imported> {
  const places = before === undefined ? [] : await placesOf(context, before, planIds);
  const current = places.filter(({ value }) => !value.former);
  return {
    before,
    key: before === undefined ? newKey(context, row.value) : { ...before.value, lastUpdatedDate: context.clock.now() },
    places: new Map(places.map((place) => [planIdOf(place), place])),
    planIds: new Set(current.map(planIdOf)),
  };
}

/** Which plans a key is in, and which of some others it was in. */
async function placesOf({ store }: ApiGatewayContext, { key: [account = "", region = "", id = ""] }: Stored<ApiKey>, planIds: readonly string[]) {
  const { items } = await store.list(usagePlanKeys, { index: { name: "key", value: scoped(account, region, id) } });
  const former = await Promise.all(planIds.map((planId) => store.get(usagePlanKeys, [account, region, planId, id])));
  return [...items, ...former.flatMap((place) => (place?.value.former ? [place] : []))];
}

const planIdOf = ({ key }: Stored<UsagePlanKey>): string => key[2] as string;

/** What the file says of a key takes the place of what it was; what the file cannot say stays. */
function overwritten({ name: _name, description: _description, ...key }: ApiKey, row: ApiKeyRow): ApiKey {
  return { ...key, ...(row.name ? { name: row.name } : {}), ...(row.description ? { description: row.description } : {}), enabled: row.enabled };
}

/** Puts the key into the plans of its row, and says which it cannot come into. */
function enterPlans(context: ApiGatewayContext, { key, planIds }: Imported, { row, usagePlanIds }: ApiKeyRow, plans: Plans): readonly RowWarning[] {
  return usagePlanIds.flatMap((id) => {
    const plan = plans.get(id)?.value;
    if (plan === undefined) return [{ row, reason: `Invalid Usage Plan ID specified: ${id}` }];
    if (planIds.has(id)) return [];
    const others = [...planIds].flatMap((each) => plans.get(each)?.value ?? []);
    try {
      assertMayEnter(context, key.id, plan, others);
    } catch (error) {
      // A refusal of CreateUsagePlanKey is a warning here.
      if (error instanceof ServiceError) return [{ row, reason: error.message }];
      throw error;
    }
    planIds.add(id);
    return [];
  });
}

/** Keys that come into plans write these as they are, as CreateUsagePlanKey does, and check the other plans that they are in. */
function changesOf(all: readonly Imported[], plans: Plans, account: readonly string[]): readonly Change[] {
  const entered = new Set<string>();
  const checked = new Set<string>();
  const changes = all.flatMap(({ before, key, places, planIds }) => {
    const added = [...planIds].filter((id) => places.get(id)?.value.former ?? !places.has(id));
    for (const id of added) entered.add(id);
    if (added.length > 0) for (const id of planIds) checked.add(id);
    return [
      put(apiKeys, [...account, key.id], key, before?.version ?? "absent"),
      ...added.map((id) => put(usagePlanKeys, [...account, id, key.id], { keyId: key.id, type: "API_KEY" }, places.get(id)?.version ?? "absent")),
    ];
  });
  const planChanges = [...checked].flatMap((id) => {
    const plan = plans.get(id);
    if (plan === undefined) return [];
    return entered.has(id) ? put(usagePlans, plan.key, plan.value, plan.version) : check(usagePlans, plan.key, plan.version);
  });
  return [...changes, ...planChanges];
}
