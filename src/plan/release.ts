// The releases that a stage shows: its own, and a canary's when it has one
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html).
import type { CanarySettings, RestApiSnapshot, Stage, StringMap } from "../domain/rest-api.ts";
import type { StagePlan } from "./stage-plan.ts";

/** A share of a stage's traffic and what serves it. */
export interface CanaryPlan {
  /** 0 to 100. */
  readonly percentTraffic: number;
  readonly release: StagePlan;
}

/** What tells a stage's releases apart. */
export interface Release {
  readonly snapshot: RestApiSnapshot;
  readonly deploymentId: string;
  readonly stageVariables: StringMap;
  /** Whether it uses the stage's cache, when there is one. */
  readonly usesCache: boolean;
  /** `$context.isCanaryRequest`, which only a stage with a canary has. */
  readonly isCanaryRequest: boolean | undefined;
}

export function productionRelease(stage: Stage, snapshot: RestApiSnapshot): Release {
  const { deploymentId, variables, canarySettings } = stage;
  return {
    snapshot,
    deploymentId,
    stageVariables: { ...variables },
    usesCache: true,
    isCanaryRequest: canarySettings === undefined ? undefined : false,
  };
}

/** The canary's variables override the stage's own, and add to them. */
export function canaryRelease(canary: CanarySettings, stage: Stage, snapshot: RestApiSnapshot): Release {
  return {
    snapshot,
    deploymentId: canary.deploymentId,
    stageVariables: { ...stage.variables, ...canary.stageVariableOverrides },
    usesCache: canary.useStageCache,
    isCanaryRequest: true,
  };
}
