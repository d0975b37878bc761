// How a stage's requests are traced, and what the stage is called in their segments
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-understanding-xray-traces.html).
import { partitionOf } from "../domain/arn.ts";
import type { LogGroup } from "../domain/log-group.ts";
import type { RestApi, Stage } from "../domain/rest-api.ts";

export interface TracingPlan {
  /** Active tracing: requests are sampled here. Otherwise only those that their sender has sampled are recorded. */
  readonly active: boolean;
  /** `{api name}/{stage}` */
  readonly serviceName: string;
  /** The stage's ARN. */
  readonly resourceArn: string;
  /** Where segments go that are kept as logs. */
  readonly group: LogGroup;
}

export function compileTracing({ account, id, name, region }: RestApi, { stageName, tracingEnabled }: Stage): TracingPlan {
  return Object.freeze({
    active: tracingEnabled,
    serviceName: segmentName(`${name}/${stageName}`),
    resourceArn: `arn:${partitionOf(region)}:apigateway:${region}::/restapis/${id}/stages/${stageName}`,
    group: { account, region, name: `API-Gateway-Traces_${id}/${stageName}` },
  });
}

/** What a segment's name may not have (X-Ray developer guide, xray-api-segmentdocuments: `name`). */
const NOT_IN_NAMES = /[^\p{L}\p{N}\s_.:/%&#=+\\\-@]/gu;

/** In characters. */
const LONGEST_NAME = 200;

/** A text as the name of a segment: X-Ray refuses segments with other characters and longer names. */
export const segmentName = (text: string): string => text.replace(NOT_IN_NAMES, "").slice(0, LONGEST_NAME);
