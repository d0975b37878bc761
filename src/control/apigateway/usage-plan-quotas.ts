// How many API keys and usage plans an account may have in a region.
import { apiKeys } from "../../domain/api-key.ts";
import type { Call } from "../../domain/call.ts";
import { limitExceeded } from "../../domain/errors.ts";
import { accounts } from "../../domain/rest-api.ts";
import { usagePlans } from "../../domain/usage-plan.ts";
import { type Change, put } from "../../ports/store.ts";
import type { ApiGatewayContext } from "./context.ts";

const COUNTED = {
  apiKeys: { kind: apiKeys, name: "API Keys" },
  usagePlans: { kind: usagePlans, name: "Usage Plans" },
} as const;

/**
 * Leave to make so many more. The change writes the account's record as it is, so that what is counted is made one after
 * the other; the words are those of other quotas (github.com/hashicorp/terraform-provider-aws/issues/37605).
 * @throws {ServiceError} LimitExceededException
 */
export async function withinQuota(context: ApiGatewayContext, what: keyof typeof COUNTED, count: number, call: Call): Promise<Change> {
  const { kind, name } = COUNTED[what];
  const key = [call.account, call.region];
  const account = await context.store.get(accounts, key);
  if ((await context.store.count(kind, { prefix: key })) + count > context.limits[what]) {
    throw limitExceeded(`Maximum number of ${name} for this account has been reached.  Please contact AWS if you need additional ${name}.`);
  }
  return put(accounts, key, account?.value ?? {}, account?.version ?? "absent");
}
