// Actions of AWS services that routes of HTTP APIs can call without a function in between.
import { APPCONFIG_ACTIONS } from "./appconfig.ts";
import type { ServiceActions } from "./action.ts";
import { EVENTBRIDGE_ACTIONS } from "./eventbridge.ts";
import { KINESIS_ACTIONS } from "./kinesis.ts";
import { SQS_ACTIONS } from "./sqs.ts";
import { STEP_FUNCTIONS_ACTIONS } from "./step-functions.ts";

export { InvalidParameterError } from "./action.ts";
export type { ActionParameters, ActionRequest, ServiceAction } from "./action.ts";

/** By `integrationSubtype`. */
export const ACTIONS: ServiceActions = {
  ...APPCONFIG_ACTIONS,
  ...EVENTBRIDGE_ACTIONS,
  ...KINESIS_ACTIONS,
  ...SQS_ACTIONS,
  ...STEP_FUNCTIONS_ACTIONS,
};
