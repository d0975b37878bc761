// API keys, usage plans and what has been used of them.
import type { Row } from "../patch-case.ts";
import { add, set } from "../updatable.ts";
import { ADD, ADD_REMOVE, ALL, BOOLEAN, CHANGE, integer, METHOD, MOST, NON_EMPTY, number, oneOf, REMOVE, REPLACE } from "./words.ts";

const THROTTLE = "/apiStages/{apidId:stageName}/throttle";
const PLAN_STAGE = "/apiStages/{restApiId}:prod/throttle";
const METHOD_THROTTLE = "/apiStages/0/throttle/~1pets~1GET";
const NO_METHOD_THROTTLE = { [`${METHOD_THROTTLE}/rateLimit`]: undefined, [`${METHOD_THROTTLE}/burstLimit`]: undefined };

export const USAGE_PLAN_ROWS: Readonly<Record<string, readonly Row[]>> = {
  UpdateApiKey: [
    { path: "/customerId", ops: REPLACE, value: "c" },
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/enabled", ops: REPLACE, value: "false", wrong: BOOLEAN },
    { path: "/labels", ops: ADD_REMOVE, value: "l", shows: {}, showsOf: { remove: {} } },
    { path: "/name", ops: REPLACE, value: "n", wrong: { ["n".repeat(1025)]: "API Key name exceeds maximum size of 1024 characters" } },
    {
      path: "/stages",
      ops: ADD,
      value: "{restApiId}/prod",
      shows: { "/stageKeys/0": "{restApiId}/prod" },
      wrong: { "~": "Must be an API id and a stage, {apiId}/{stage}", "none/prod": "404 NotFoundException: API Stage not found: none:prod" },
    },
    { path: "/stages", ops: REMOVE, value: "{restApiId}/prod", before: [add("/stages", "{restApiId}/prod")], showsOf: { remove: { "/stageKeys/0": undefined } } },
  ],
  UpdateUsage: [{ path: "/remaining", ops: REPLACE, value: "77", shows: { "/items/0/0/1": 77 }, wrong: integer(0, MOST) }],
  UpdateUsagePlan: [
    { path: `${THROTTLE}${METHOD}`, ops: REMOVE, at: `${PLAN_STAGE}/~1pets/GET`, showsOf: { remove: NO_METHOD_THROTTLE } },
    {
      path: `${THROTTLE}${METHOD}/rateLimit`,
      ops: CHANGE,
      at: `${PLAN_STAGE}/~1pets/GET/rateLimit`,
      value: "7.5",
      shows: { [`${METHOD_THROTTLE}/rateLimit`]: 7.5 },
      wrong: number(0, MOST),
    },
    {
      path: `${THROTTLE}${METHOD}/burstLimit`,
      ops: CHANGE,
      at: `${PLAN_STAGE}/~1pets/GET/burstLimit`,
      value: "7",
      shows: { [`${METHOD_THROTTLE}/burstLimit`]: 7 },
      wrong: integer(0, MOST),
    },
    {
      path: THROTTLE,
      ops: ALL,
      at: PLAN_STAGE,
      value: '{"/pets/GET":{"rateLimit":1.5,"burstLimit":7}}',
      shows: { [`${METHOD_THROTTLE}/rateLimit`]: 1.5, [`${METHOD_THROTTLE}/burstLimit`]: 7 },
      showsOf: { remove: NO_METHOD_THROTTLE },
      wrong: { "~": "Must be a JSON object of throttle settings" },
    },
    {
      path: "/apiStages",
      ops: ADD_REMOVE,
      value: "{restApiId}:beta",
      removes: "{restApiId}:prod",
      shows: { "/apiStages/1/apiId": "{restApiId}", "/apiStages/1/stage": "beta" },
      showsOf: { remove: { "/apiStages/0/apiId": undefined, "/apiStages/0/stage": undefined, ...NO_METHOD_THROTTLE } },
      wrong: { "~": "Invalid API Stage specified" },
    },
    { path: "/description", ops: REPLACE, value: "d" },
    { path: "/name", ops: REPLACE, value: "n", wrong: NON_EMPTY },
    { path: "/productCode", ops: ALL, value: "p", before: [set("/productCode", "before")] },
    { path: "/quota", ops: REMOVE, showsOf: { remove: { "/quota/limit": undefined, "/quota/offset": undefined, "/quota/period": undefined } } },
    { path: "/quota/limit", ops: CHANGE, value: "7", wrong: integer(0, MOST) },
    { path: "/quota/offset", ops: CHANGE, value: "2", wrong: { ...integer(0, MOST), 7: "Usage Plan quota offset must be between 0 and 6 inclusive in the WEEK period" } },
    { path: "/quota/period", ops: CHANGE, value: "MONTH", wrong: oneOf("DAY, WEEK, MONTH") },
    // Method throttles need the plan's own.
    { path: "/throttle", ops: REMOVE, given: "bare", showsOf: { remove: { "/throttle/rateLimit": undefined, "/throttle/burstLimit": undefined } } },
    { path: "/throttle/burstLimit", ops: CHANGE, value: "7", wrong: integer(0, MOST) },
    { path: "/throttle/rateLimit", ops: CHANGE, value: "7.5", wrong: number(0, MOST) },
  ],
};
