// Account: what all APIs of an account in a region share.
import type { Call } from "../../domain/call.ts";
import { badRequest } from "../../domain/errors.ts";
import { IAM_ROLE_ARN } from "../../domain/arn.ts";
import type { ApiGatewayAccount } from "../../domain/rest-api.ts";
import { accounts } from "../../domain/rest-api.ts";
import type * as Model from "../../model/apigateway.types.gen.ts";
import { type Change, put } from "../../ports/store.ts";
import * as verbs from "../verbs/index.ts";
import type { ApiGatewayContext } from "./context.ts";

const USAGE_PLANS = "UsagePlans";

export function accountOperations({ store, throttle }: ApiGatewayContext) {
  const find = async (_input: unknown, { account, region }: Call) => {
    const key = [account, region];
    return { key, stored: await store.get(accounts, key) };
  };
  const show = (account: ApiGatewayAccount): Model.Account => ({
    ...account,
    throttleSettings: throttle,
    features: [USAGE_PLANS],
    apiKeyVersion: "4",
  });
  return {
    read: verbs.reading(find, ({ stored }) => show(stored?.value ?? {})),
    patch: verbs.patching(store, {
      find: (input: Model.UpdateAccountRequest, call) => find(input, call),
      of: ({ stored }) => stored?.value ?? {},
      rules,
      keep: ({ key, stored }, next) => ({ changes: [put(accounts, key, next, stored?.version ?? "absent")], answer: show(next) }),
    }),
  };
}

/** A change that writes the account as it is, so that what it has a quota of is made one after the other. */
export async function holdAccount({ store }: ApiGatewayContext, { account, region }: Call): Promise<Change> {
  const key = [account, region];
  const stored = await store.get(accounts, key);
  return put(accounts, key, stored?.value ?? {}, stored?.version ?? "absent");
}

const rules: verbs.PatchRules<ApiGatewayAccount> = {
  "/cloudwatchRoleArn": { replace: verbs.set("cloudwatchRoleArn", verbs.optional(roleArn)) },
  // Every account has the one feature there is, and keeps it.
  "/features": {
    add: (account, operand) => (verbs.oneOf(USAGE_PLANS)(operand), account),
    remove: (_account, operand) => {
      throw badRequest(`The ${verbs.oneOf(USAGE_PLANS)(operand)} feature cannot be removed`);
    },
  },
};

/** AWS also tries the role; the words are quoted in github.com/tmobile/jazz-installer/pull/597. */
function roleArn({ value = "" }: verbs.Operand): string {
  if (IAM_ROLE_ARN.test(value)) return value;
  throw badRequest(
    "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.",
  );
}
