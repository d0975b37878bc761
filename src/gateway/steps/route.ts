// Which stage, resource and method a request is for.
import { HTTP_METHODS } from "../../domain/http-method.ts";
import type { CanaryPlan, StagePlan } from "../../plan/index.ts";
import { createCanaryShare } from "../canary-share.ts";
import type { Execution, Received, Routed } from "../execution.ts";
import type { Step } from "../pipeline.ts";
import type { PlanIndex } from "../plan-index.ts";
import { forbidden, notServed, Rejection } from "../rejection.ts";
import type { BeginTrace } from "../tracing.ts";

/**
 * @throws {Refusal} 403 Forbidden when there is no such API or stage, or the API does not answer under this name; 501 when
 * the name is one that Gatehouse cannot serve.
 * @throws {Rejection} MISSING_AUTHENTICATION_TOKEN when the stage has no such resource or method.
 */
export function route(plans: PlanIndex, random: () => number, beginTrace: BeginTrace): Step<Received, Routed> {
  const releaseOf = chooseReleases(random);
  return (received) => {
    const { address, httpMethod } = received;
    const { customDomain } = address;
    if (customDomain?.refusal !== undefined) throw notServed(customDomain.refusal);
    const found = plans.find(address.apiId, address.stageName);
    const stage = found && releaseOf(found);
    if (stage === undefined || !(stage.executeApiEndpoint || customDomain)) throw forbidden();
    if (address.region !== undefined && address.region !== stage.region) throw forbidden();

    const execution = received as Execution;
    execution.stage = stage;
    beginTrace(execution, stage);
    const match = HTTP_METHODS.has(httpMethod) ? stage.route(address.path, httpMethod) : undefined;
    if (match === undefined) throw new Rejection("MISSING_AUTHENTICATION_TOKEN");
    execution.method = match.method;
    execution.pathValues = match.pathValues;
    return execution as Routed;
  };
}

/** What serves a request: the stage as it is, or its canary. */
function chooseReleases(random: () => number): (stage: StagePlan) => StagePlan {
  const shares = new WeakMap<CanaryPlan, () => boolean>();
  return (stage) => {
    const { canary } = stage;
    if (canary === undefined) return stage;
    let isForCanary = shares.get(canary);
    if (isForCanary === undefined) shares.set(canary, (isForCanary = createCanaryShare(canary.percentTraffic, random)));
    return isForCanary() ? canary.release : stage;
  };
}
