// AWS's whole table of patch operations, path by path (https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html):
// what is done on each, what is seen of it, and which values are refused how.
import type { Row } from "./patch-case.ts";
import { ACCOUNT_ROWS } from "./patch-table/account.ts";
import { DOMAIN_NAME_ROWS } from "./patch-table/domain-names.ts";
import { METHOD_ROWS } from "./patch-table/methods.ts";
import { REST_API_ROWS } from "./patch-table/rest-apis.ts";
import { STAGE_ROWS } from "./patch-table/stages.ts";
import { USAGE_PLAN_ROWS } from "./patch-table/usage-plans.ts";

/** Of each Update operation. */
export const PATCH_TABLE: Readonly<Record<string, readonly Row[]>> = {
  ...ACCOUNT_ROWS,
  ...DOMAIN_NAME_ROWS,
  ...METHOD_ROWS,
  ...REST_API_ROWS,
  ...STAGE_ROWS,
  ...USAGE_PLAN_ROWS,
};
