// Which stage and route of an HTTP API a request is for
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html#http-api-develop-routes.evaluation).
import type { HttpStagePlan } from "../../../plan/http-api/index.ts";
import { DEFAULT_STAGE } from "../../../domain/http-api.ts";
import { HTTP_METHODS } from "../../../domain/http-method.ts";
import type { Step } from "../../pipeline.ts";
import type { PlanIndex } from "../../plan-index.ts";
import { preflightAnswer } from "../cors.ts";
import type { HttpExecution, HttpReceived, HttpRouted } from "../execution.ts";
import { HttpRejection } from "../rejection.ts";
import type { Preflight } from "../cors.ts";

/**
 * A preflight request to an API that answers those by itself needs no route; one that has a route has to pass its authorizer.
 * @throws {HttpRejection} RESOURCE_NOT_FOUND
 * @throws {Preflight}
 */
export function route(plans: PlanIndex<HttpStagePlan>): Step<HttpReceived, HttpRouted> {
  return (received) => {
    const execution = received as HttpExecution;
    const stage = findStage(plans, execution);
    if (stage === undefined || !isReachable(stage, received)) throw new HttpRejection("RESOURCE_NOT_FOUND");
    execution.stage = stage;
    const match = HTTP_METHODS.has(execution.httpMethod) ? stage.route(execution.stagePath, execution.httpMethod) : undefined;
    if (match === undefined) throw preflightAnswer(execution) ?? new HttpRejection("RESOURCE_NOT_FOUND");
    execution.route = match.route;
    execution.pathValues = match.pathValues;
    return execution as HttpRouted;
  };
}

export type { Preflight };

/** The stage that the path begins with, or `$default`, which has the whole path to itself. */
function findStage(plans: PlanIndex<HttpStagePlan>, execution: HttpExecution): HttpStagePlan | undefined {
  const { apiId, contextPath, isStageGiven, stageName } = execution.address;
  const named = stageName === DEFAULT_STAGE && !isStageGiven ? undefined : plans.find(apiId, stageName);
  if (named !== undefined) {
    // A path-style address spells `$default` where AWS spells nothing.
    if (stageName === DEFAULT_STAGE && execution.address.customDomain === undefined) execution.path = execution.stagePath;
    return named;
  }
  if (isStageGiven) return undefined;
  execution.stagePath = contextPath.startsWith("/") ? contextPath : "/";
  return plans.find(apiId, DEFAULT_STAGE);
}

/** Whether the API answers under the name that it was called by. */
function isReachable({ executeApiEndpoint, region }: HttpStagePlan, { address }: HttpReceived): boolean {
  if (!executeApiEndpoint && address.customDomain === undefined) return false;
  return address.region === undefined || address.region === region;
}
