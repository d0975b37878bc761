// MOCK: the rendered request template holds the status code that selects the integration response
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html).
import { jsonValue } from "../../plan/index.ts";
import type { MockPlan } from "../../plan/index.ts";
import { configurationError } from "../rejection.ts";
import type { Integration } from "./integration.ts";
import { mapResponse, requestPayload, selectResponse } from "./mapped-payload.ts";

const EMPTY = Buffer.alloc(0);

export const mock: Integration<MockPlan> = {
  mapRequest(execution, plan) {
    return { type: "MOCK", status: mockStatus(requestPayload(execution, plan.request).toString("utf8")) };
  },

  call({ integrationRequest }) {
    return { status: integrationRequest.type === "MOCK" ? integrationRequest.status : 0, headers: [], body: EMPTY };
  },

  mapResponse(execution, plan) {
    return mapResponse(execution, selectResponse(execution, plan.responses, String(execution.integrationStatus)));
  },
};

/**
 * The member `statusCode`, where it is not behind objects. AWS also takes names without quotes: `{ statusCode: 200 }` is what
 * its CDK writes for CORS.
 */
const STATUS_CODE = /^\s*\{(?:[^{}]*,)?\s*(["']?)statusCode\1\s*:\s*(["']?)(\d{3})\2\s*[,}]/;

/** @throws {Rejection} API_CONFIGURATION_ERROR for a payload without one */
export function mockStatus(payload: string): number {
  const digits = STATUS_CODE.exec(payload)?.[3] ?? memberOf(payload);
  if (digits === undefined) throw configurationError("The request template gives no integer statusCode");
  return Number(digits);
}

/** The same in any JSON object. */
function memberOf(payload: string): string | undefined {
  const value = jsonValue(payload, "$.statusCode");
  return value !== undefined && /^\d{3}$/.test(value) ? value : undefined;
}
