// Tells the gateways of API keys and usage plans: of all that a commit has changed, whichever operation made it.
import { apiKeys } from "../../domain/api-key.ts";
import type { Key } from "../../domain/record.ts";
import { usagePlanKeys, usagePlans } from "../../domain/usage-plan.ts";
import type { RegionalName } from "../../ports/publication.ts";
import type { Change } from "../../ports/store.ts";
import type { ApiGatewayContext } from "./context.ts";

/** Resolves when all gateways know the keys and plans of these changes as they now are. */
export async function publishKeys({ publication }: Pick<ApiGatewayContext, "publication">, changes: readonly Change[]): Promise<void> {
  const keys = new Map<string, RegionalName>();
  const plans = new Map<string, RegionalName>();
  for (const change of changes) {
    if (change.op === "check" || change.op === "removeAll") continue;
    const { kind, key } = change;
    if (kind === apiKeys) add(keys, key, key[2]);
    else if (kind === usagePlans) add(plans, key, key[2]);
    // That the key belongs to a plan, or does no longer.
    else if (kind === usagePlanKeys) add(keys, key, key[3]);
  }
  await Promise.all([publication.usagePlansChanged([...plans.values()]), publication.keysChanged([...keys.values()])]);
}

function add(names: Map<string, RegionalName>, [account = "", region = ""]: Key, id = ""): void {
  names.set(`${account}/${region}/${id}`, { account, region, id });
}
